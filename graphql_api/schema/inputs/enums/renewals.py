"""Renewals: who owns them, and who hears, in the contract's words."""

from graphql_api.models.renewal import RenewalStatus
from graphql_api.models.renewal_notice import RenewalNoticeKind, RenewalNoticeStatus
from graphql_api.models.renewal_ownership import RenewalOwner, RenewalOwnershipSource
from graphql_api.models.renewal_routing import RecipientRole
from graphql_api.schema.inputs.enums.describing import described

__all__ = [
    "RecipientRole",
    "RenewalNoticeKind",
    "RenewalNoticeStatus",
    "RenewalOwner",
    "RenewalOwnershipSource",
    "RenewalStatus",
]

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
