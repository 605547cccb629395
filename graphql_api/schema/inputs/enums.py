"""The contract's enums: the models' own, each value with its description."""

from enum import Enum, StrEnum

import strawberry

from graphql_api.models.actor import Locale, PartnerUserRole, StaffRole
from graphql_api.models.alert import AlertCode
from graphql_api.models.api_token import Scope
from graphql_api.models.attachment_request import AttachmentRequestStatus
from graphql_api.models.client import ContactRole
from graphql_api.models.confirmation_link import LinkStage as ConfirmationLinkStage
from graphql_api.models.confirmation_link import LinkStatus as ConfirmationLinkStatus
from graphql_api.models.deal import DealActivityKind
from graphql_api.models.notification import NotificationKind
from graphql_api.models.product import ProductEdition
from graphql_api.models.refusal import RefusalCode as UserErrorCode
from graphql_api.models.renewal import RenewalStatus
from graphql_api.models.renewal_notice import RenewalNoticeKind, RenewalNoticeStatus
from graphql_api.models.renewal_ownership import RenewalOwner, RenewalOwnershipSource
from graphql_api.models.renewal_routing import RecipientRole
from graphql_api.models.stream import PartnerEventKind
from graphql_api.models.terms import OnboardingDuration

__all__ = [
    "AlertCode",
    "AttachmentRequestStatus",
    "ClientOrderField",
    "ConfirmationLinkOrderField",
    "ConfirmationLinkStage",
    "ConfirmationLinkStatus",
    "ContactRole",
    "DealActivityKind",
    "Locale",
    "NotificationKind",
    "OnboardingDuration",
    "OrderDirection",
    "PartnerEventKind",
    "PartnerUserRole",
    "ProductEdition",
    "RecipientRole",
    "RenewalNoticeKind",
    "RenewalNoticeStatus",
    "RenewalOrderField",
    "RenewalOwner",
    "RenewalOwnershipSource",
    "RenewalStatus",
    "Scope",
    "SharedDealOrderField",
    "StaffRole",
    "UserErrorCode",
]


def described(values: type[Enum], name: str, description: str, **descriptions: str) -> None:
    """Give the enum its name in the contract, and describe each value; one without is a KeyError here."""
    made = strawberry.enum(values, name=name, description=description)
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = descriptions[value.name]


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
    READ="Read what the bearer can see.",
    LINKS_WRITE="Create, edit, clone and delete confirmation links.",
    RENEWALS_WRITE="Set renewal owners.",
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
described(
    RenewalStatus,
    "RenewalStatus",
    "How far a renewal has come.",
    PENDING="Nobody has said yet whether it will be renewed.",
    CONFIRMED="The client will renew.",
    RENEWED="It has been renewed.",
    CANCELLATION_REQUESTED="The client wants to leave.",
)
described(
    ProductEdition,
    "ProductEdition",
    "How large an edition of a product is.",
    STARTER="May go without onboarding.",
    PROFESSIONAL="Requires an onboarding type.",
    ENTERPRISE="Requires an onboarding type.",
)
described(
    OnboardingDuration,
    "OnboardingDuration",
    "How long an onboarding is estimated to take.",
    UNDER_ONE_MONTH="Less than one month.",
    ONE_TO_TWO_MONTHS="One to two months.",
    TWO_TO_THREE_MONTHS="Two to three months.",
    THREE_TO_SIX_MONTHS="Three to six months.",
    OVER_SIX_MONTHS="More than six months.",
)
described(
    ConfirmationLinkStatus,
    "ConfirmationLinkStatus",
    "What the client has said.",
    PENDING="No client has answered yet.",
    CONFIRMED="The client confirmed it; final.",
    REJECTED="The client rejected it, with a reason; final.",
)
described(
    ConfirmationLinkStage,
    "ConfirmationLinkStage",
    "How far a pending link has come.",
    UNASSIGNED="It has no client yet.",
    ASSIGNED="It has a client, and was not sent.",
    SENT="It was sent at a checkout.",
    VIEWED="Somebody opened the client's page.",
    DECIDED="The client has answered.",
)
described(
    DealActivityKind,
    "DealActivityKind",
    "What happened to a deal's proof of engagement.",
    LINK_ATTACHED="A link was attached.",
    LINK_DETACHED="A link was removed.",
    LINK_EDITED="A link on the deal was edited.",
    LINK_SENT="A link went to the client at checkout.",
    LINK_CONFIRMED="The client confirmed a link.",
    LINK_REJECTED="The client rejected a link.",
    LINK_DELETED="A link on the deal was deleted.",
)
described(
    AttachmentRequestStatus,
    "AttachmentRequestStatus",
    "What became of a request.",
    OPEN="Nobody has answered yet.",
    FULFILLED="The link was attached.",
    DECLINED="The CAM or PDM said no.",
)
described(
    NotificationKind,
    "NotificationKind",
    "What a notification is about.",
    LINK_CREATED="A partner created a link.",
    LINK_CONFIRMED="A client confirmed a link.",
    LINK_REJECTED="A client rejected a link.",
    ATTACHMENT_REQUESTED="A partner asks for a link on a direct deal.",
    ATTACHMENT_DECLINED="A request was declined.",
    RENEWAL_NOTICE="A renewal comes up.",
)
described(
    PartnerEventKind,
    "PartnerEventKind",
    "What happened, of what a partner can see.",
    LINK_CREATED="A link was created.",
    LINK_EDITED="A link was edited.",
    LINK_DELETED="A link was deleted.",
    LINK_ATTACHED="A link was attached to a deal.",
    LINK_DETACHED="A link was removed from a deal.",
    LINK_SENT="A link was sent to the client.",
    LINK_VIEWED="The client's page was opened for the first time.",
    LINK_CONFIRMED="The client confirmed a link.",
    LINK_REJECTED="The client rejected a link.",
    ATTACHMENT_REQUESTED="The partner asked for a link on a direct deal.",
    ATTACHMENT_DECLINED="The request was declined.",
    RENEWAL_OWNERSHIP_CHANGED="A renewal owner was set or cleared.",
    RENEWAL_NOTICE_QUEUED="A renewal notice was decided.",
)
described(
    UserErrorCode,
    "UserErrorCode",
    "Which rule refused the input.",
    BLANK="It must not be blank.",
    TOO_LONG="It is longer than its limit.",
    INVALID="It cannot be meant.",
    NOT_FOUND="Malformed, not there, or not visible.",
    NOT_ALLOWED="Visible, but not the viewer's to change.",
    NOT_PENDING="It has been decided already.",
    CONFLICT="It was changed since it was read.",
    DUPLICATE_PRODUCT="One product is listed twice.",
    NO_PRODUCTS="At least one product is needed.",
    ONBOARDING_REQUIRED="The product needs an onboarding type.",
    ONBOARDING_TYPE_INVALID="The product does not offer this onboarding type.",
    DURATION_REQUIRED="Who provides the onboarding says how long it takes.",
    DURATION_NOT_ALLOWED="A duration goes only with an onboarding by the partner.",
    POINT_OF_CONTACT_REQUIRED="The owner PARTNER needs a point of contact.",
    POINT_OF_CONTACT_INVALID="Not an active user of the partner.",
    REASON_REQUIRED="A rejection needs a reason.",
    ALREADY_ATTACHED="The link is on a deal already.",
    NOT_ATTACHED="The link is not on this deal.",
    DEAL_MISMATCH="The deal is another partner's, or another client's.",
    LINK_REJECTED="The client rejected the link.",
    NO_CONFIRMATION_LINKS="The deal has no links to send.",
    IDEMPOTENCY_KEY_REUSED="The idempotency key came with other input before.",
    LIMIT_EXCEEDED="More than is taken at once.",
)


class OrderDirection(StrEnum):
    """Which way a list is sorted."""

    ASC = "ASC"
    DESC = "DESC"


class ClientOrderField(StrEnum):
    """What clients can be sorted by."""

    NAME = "NAME"
    CREATED_AT = "CREATED_AT"


class RenewalOrderField(StrEnum):
    """What renewals can be sorted by."""

    RENEWS_ON = "RENEWS_ON"
    DECISION_DEADLINE = "DECISION_DEADLINE"
    MRR_CHANGE = "MRR_CHANGE"


described(
    RenewalOrderField,
    "RenewalOrderField",
    "What renewals can be sorted by.",
    RENEWS_ON="When they renew.",
    DECISION_DEADLINE="When the client must have decided.",
    MRR_CHANGE="Renewal less current monthly revenue, numerically; unknown last.",
)
described(
    RenewalOwner,
    "RenewalOwner",
    "Who talks to a client about its renewal.",
    HUBSPOT="Notices go to the client's contacts; the partner's point of contact is copied.",
    PARTNER="Notices go only to the partner's point of contact.",
)
described(
    RenewalOwnershipSource,
    "RenewalOwnershipSource",
    "Where an effective owner comes from.",
    PROGRAM_DEFAULT="Nobody ever chose: HUBSPOT, nobody copied.",
    PARTNER_DEFAULT="The partner's default for all its clients.",
    CLIENT_OVERRIDE="Set for this client.",
)
described(
    RenewalNoticeKind,
    "RenewalNoticeKind",
    "Which of the two.",
    NOTICE="The first word about a renewal.",
    REMINDER="A later one.",
)
described(
    RenewalNoticeStatus,
    "RenewalNoticeStatus",
    "What became of a notice.",
    QUEUED="Its mail is on its way.",
    SENT="Its mail was taken by at least one recipient's server.",
    FAILED="Its mail could not be delivered to anybody.",
    NO_RECIPIENTS="There was nobody to send it to.",
)
described(
    RecipientRole,
    "RecipientRole",
    "As what somebody receives a notice.",
    PRIMARY="The client's primary contact.",
    BILLING="A billing contact of the client.",
    DECISION_MAKER="The client's decision maker.",
    POINT_OF_CONTACT="The partner's point of contact.",
)


class ConfirmationLinkOrderField(StrEnum):
    """What links can be sorted by."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    NAME = "NAME"


class SharedDealOrderField(StrEnum):
    """What shared deals can be sorted by."""

    NAME = "NAME"
    CLOSES_ON = "CLOSES_ON"
    CREATED_AT = "CREATED_AT"


described(
    AlertCode,
    "AlertCode",
    "What needs somebody's attention.",
    NO_RENEWAL_RECIPIENTS="A renewal notice had nobody to go to.",
    POINT_OF_CONTACT_INACTIVE="A point of contact has been deactivated.",
    NO_ACCOUNT_MANAGER="The partner has neither CAM nor PDM, so nobody there is told of anything.",
    EMAIL_UNDELIVERABLE="A mail could not be delivered to somebody.",
)
described(
    OrderDirection,
    "OrderDirection",
    "Which way a list is sorted.",
    ASC="Smallest first.",
    DESC="Largest first.",
)
described(
    ClientOrderField,
    "ClientOrderField",
    "What clients can be sorted by.",
    NAME="Their names, case and accents aside.",
    CREATED_AT="When they came in.",
)
described(
    ConfirmationLinkOrderField,
    "ConfirmationLinkOrderField",
    "What links can be sorted by.",
    CREATED_AT="When they were created.",
    UPDATED_AT="When they last changed.",
    NAME="Their names, case and accents aside.",
)
described(
    SharedDealOrderField,
    "SharedDealOrderField",
    "What shared deals can be sorted by.",
    NAME="Their names, case and accents aside.",
    CLOSES_ON="When they are expected to close; unknown last.",
    CREATED_AT="When they came in.",
)
