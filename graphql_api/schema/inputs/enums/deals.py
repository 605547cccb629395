"""What happens on a deal, in the contract's words."""

from graphql_api.models.attachment_request import AttachmentRequestStatus
from graphql_api.models.deal import DealActivityKind
from graphql_api.schema.inputs.enums.describing import described

__all__ = [
    "AttachmentRequestStatus",
    "DealActivityKind",
]

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
