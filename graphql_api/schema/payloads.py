"""What mutations answer: the change, or the refusals of the rules that stood against it."""

import strawberry

from graphql_api.schema.clients import Client
from graphql_api.schema.deals import AttachmentRequest, Checkout, Deal
from graphql_api.schema.fields import attribute
from graphql_api.schema.inputs.enums.refusals import UserErrorCode
from graphql_api.schema.inputs.scalars import Cursor
from graphql_api.schema.links import ConfirmationInvitation, ConfirmationLink, ConfirmationLinkPreview
from graphql_api.schema.notices import Notification
from graphql_api.schema.partners import Partner
from graphql_api.schema.people import ApiToken

REFUSALS = "Why nothing was changed; empty when it was."
POSITION = "The position of the change in the partner's event stream, for reading one's own writes."


@strawberry.type(description="One rule's no.")
class UserError:
    """One rule's no."""

    code: UserErrorCode = attribute("Which rule.")
    message: str = attribute("For people.")
    field: list[str] | None = attribute("The path below the input, list indexes as strings.")


@strawberry.type(description="A default owner that was set.")
class SetDefaultRenewalOwnerPayload:
    """A default owner that was set."""

    partner: Partner | None = attribute("The partner; after a CONFLICT as it stands.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="An owner that was set for one client.")
class SetClientRenewalOwnerPayload:
    """An owner that was set for one client."""

    client: Client | None = attribute("The client; after a CONFLICT as it stands.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="An override that was cleared.")
class ClearClientRenewalOwnerPayload:
    """An override that was cleared."""

    client: Client | None = attribute("The client; after a CONFLICT as it stands.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="A link that was created.")
class CreateConfirmationLinkPayload:
    """A link that was created."""

    confirmation_link: ConfirmationLink | None = attribute("The link.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="A link that does not exist yet, as its client would see it.")
class PreviewConfirmationLinkPayload:
    """A link that does not exist yet."""

    preview: ConfirmationLinkPreview | None = attribute("The page.")
    user_errors: list[UserError] = attribute("Why there is none; empty when there is.")


@strawberry.type(description="A link that was edited.")
class UpdateConfirmationLinkPayload:
    """A link that was edited."""

    confirmation_link: ConfirmationLink | None = attribute(
        "The link; after a CONFLICT or NOT_PENDING as it stands."
    )
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="A copy of a link.")
class CloneConfirmationLinkPayload:
    """A copy of a link."""

    confirmation_link: ConfirmationLink | None = attribute("The copy.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="A link that was deleted.")
class DeleteConfirmationLinkPayload:
    """A link that was deleted."""

    deleted_id: strawberry.ID | None = attribute("The id that it had.")
    confirmation_link: ConfirmationLink | None = attribute(
        "After a CONFLICT or NOT_PENDING the link as it stands."
    )
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="A link that was put on a deal.")
class AttachConfirmationLinkPayload:
    """A link that was put on a deal."""

    deal: Deal | None = attribute("The deal.")
    confirmation_link: ConfirmationLink | None = attribute("The link.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="A link that was taken off a deal.")
class DetachConfirmationLinkPayload:
    """A link that was taken off a deal."""

    deal: Deal | None = attribute("The deal.")
    confirmation_link: ConfirmationLink | None = attribute("The link.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="A request that was made.")
class RequestConfirmationLinkAttachmentPayload:
    """A request that was made."""

    attachment_request: AttachmentRequest | None = attribute("The request.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="A request that was declined.")
class DeclineAttachmentRequestPayload:
    """A request that was declined."""

    attachment_request: AttachmentRequest | None = attribute("The request; after a NOT_PENDING as it stands.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="A checkout that was started.")
class StartCheckoutPayload:
    """A checkout that was started."""

    checkout: Checkout | None = attribute("The checkout.")
    user_errors: list[UserError] = attribute(REFUSALS)
    cursor: Cursor | None = attribute(POSITION)


@strawberry.type(description="The client's yes.")
class ConfirmEngagementPayload:
    """The client's yes."""

    invitation: ConfirmationInvitation | None = attribute(
        "The link; after a CONFLICT or NOT_PENDING as it stands."
    )
    user_errors: list[UserError] = attribute(REFUSALS)


@strawberry.type(description="The client's no.")
class RejectEngagementPayload:
    """The client's no."""

    invitation: ConfirmationInvitation | None = attribute(
        "The link; after a CONFLICT or NOT_PENDING as it stands."
    )
    user_errors: list[UserError] = attribute(REFUSALS)


@strawberry.type(description="Notifications that were marked as read.")
class MarkNotificationsReadPayload:
    """Notifications that were marked as read."""

    notifications: list[Notification] = attribute("They, in the order given.")
    user_errors: list[UserError] = attribute(REFUSALS)


@strawberry.type(description="A token that was made.")
class CreateApiTokenPayload:
    """A token that was made."""

    api_token: ApiToken | None = attribute("The token.")
    secret: str | None = attribute(
        "What to send as Bearer; shown this once, and null in the answer to a repeated call."
    )
    user_errors: list[UserError] = attribute(REFUSALS)


@strawberry.type(description="A token that was stopped.")
class RevokeApiTokenPayload:
    """A token that was stopped."""

    api_token: ApiToken | None = attribute("The token.")
    user_errors: list[UserError] = attribute(REFUSALS)


@strawberry.type(description="What was brought in.")
class SyncPayload:
    """What was brought in."""

    created: int = attribute("Rows that are new.")
    updated: int = attribute("Rows that changed.")
    unchanged: int = attribute("Rows that were so already.")
    user_errors: list[UserError] = attribute("Why nothing was brought in; fields as in clients, 3, domain.")
