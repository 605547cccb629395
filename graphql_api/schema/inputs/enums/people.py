"""People, machines and what they may do, in the contract's words."""

from graphql_api.models.actor import Locale, PartnerUserRole, StaffRole
from graphql_api.models.api_token import Scope
from graphql_api.models.client import ContactRole
from graphql_api.schema.inputs.enums.describing import described

__all__ = [
    "ContactRole",
    "Locale",
    "PartnerUserRole",
    "Scope",
    "StaffRole",
]

described(
    Locale,
    "Locale",
    "The languages of mails and of the client's page.",
    EN="English.",
    ES="Spanish.",
)
described(
    PartnerUserRole,
    "PartnerUserRole",
    "What a user may do at its partner.",
    ADMIN="Also changes the partner's own settings.",
    MEMBER="Works with links, deals and clients.",
)
described(
    StaffRole,
    "StaffRole",
    "What a member of the vendor's staff does.",
    CHANNEL_ACCOUNT_MANAGER="Looks after the sales of the partners assigned to them.",
    PARTNER_DEVELOPMENT_MANAGER="Looks after the growth of the partners assigned to them.",
    RENEWAL_MANAGER="Looks after renewals; sees those that they manage, and their clients.",
    ADMIN="Reads everything.",
)
described(
    Scope,
    "Scope",
    "What the bearer of a token may do, where their role allows it too.",
    READ="Read what the bearer can see; lists below what another scope wrote, too.",
    LINKS_WRITE="Create, edit, clone and delete confirmation links.",
    RENEWALS_WRITE="Set renewal owners, and read them below what was set.",
    DEALS_WRITE="Attach and remove links; ask for an attachment, or decline to make one.",
    CHECKOUT_WRITE="Start checkouts.",
    SYNC_WRITE="Bring in products, partners, clients, renewals and deals.",
    ADMIN="Change settings that only admins may.",
)
described(
    ContactRole,
    "ContactRole",
    "What a contact is to its client's renewals.",
    PRIMARY="The primary contact; at most one.",
    BILLING="A billing contact; at most three.",
    DECISION_MAKER="Who decides; at most one.",
)
