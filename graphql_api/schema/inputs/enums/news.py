"""What somebody is told, in the contract's words."""

from graphql_api.models.alert import AlertCode
from graphql_api.models.notification import NotificationKind
from graphql_api.models.stream import PartnerEventKind
from graphql_api.schema.inputs.enums.describing import described

__all__ = [
    "AlertCode",
    "NotificationKind",
    "PartnerEventKind",
]

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
    AlertCode,
    "AlertCode",
    "What needs somebody's attention.",
    NO_RENEWAL_RECIPIENTS="A renewal notice had nobody to go to.",
    POINT_OF_CONTACT_INACTIVE="A point of contact has been deactivated.",
    NO_ACCOUNT_MANAGER="The partner has neither CAM nor PDM, so nobody there is told of anything.",
    EMAIL_UNDELIVERABLE="A mail could not be delivered to somebody.",
)
