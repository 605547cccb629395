"""What mutations take. Null is as left out, unless said otherwise."""

from datetime import datetime

import strawberry

from graphql_api.schema.inputs.enums.links import OnboardingDuration
from graphql_api.schema.inputs.enums.people import Locale, Scope


@strawberry.input(description="A product of a link, and the onboarding that goes with it.")
class ConfirmationLinkProductInput:
    """A product of a link."""

    product_id: strawberry.ID = strawberry.field(description="The product.")
    onboarding_type_code: str | None = strawberry.field(
        default=None, description="One of the product's; required for Professional and Enterprise."
    )


@strawberry.input(description="A confirmation link to create, or to preview.")
class CreateConfirmationLinkInput:
    """A link to create."""

    partner_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose link it is: for staff only; otherwise the viewer's own partner."
    )
    name: str = strawberry.field(description="At most 200 characters.")
    products: list[ConfirmationLinkProductInput] = strawberry.field(description="At least one.")
    provides_onboarding: bool = strawberry.field(
        default=False, description="Whether the partner does the onboarding."
    )
    onboarding_duration: OnboardingDuration | None = strawberry.field(
        default=None, description="Required with, and only with, an onboarding by the partner."
    )


@strawberry.input(description="A change of a pending link: what is left out stays as it is.")
class UpdateConfirmationLinkInput:
    """A change of a pending link."""

    id: strawberry.ID = strawberry.field(description="The link.")
    name: str | None = strawberry.field(default=None, description="At most 200 characters.")
    products: list[ConfirmationLinkProductInput] | None = strawberry.field(
        default=None, description="All its products from now on; at least one."
    )
    provides_onboarding: bool | None = strawberry.field(
        default=None, description="False clears the duration."
    )
    onboarding_duration: OnboardingDuration | None = strawberry.field(
        default=None, description="Only with an onboarding by the partner."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The version that was read; another one is a CONFLICT."
    )


@strawberry.input(description="A link to copy.")
class CloneConfirmationLinkInput:
    """A link to copy."""

    id: strawberry.ID = strawberry.field(description="The link, in whatever status.")
    name: str | None = strawberry.field(
        default=None, description="The copy's name; else the old one with “(copy)”."
    )


@strawberry.input(description="A pending link to delete for good.")
class DeleteConfirmationLinkInput:
    """A pending link to delete."""

    id: strawberry.ID = strawberry.field(description="The link.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version that was read; another one is a CONFLICT."
    )


@strawberry.input(description="A link to put on a deal.")
class AttachConfirmationLinkInput:
    """A link to put on a deal."""

    confirmation_link_id: strawberry.ID = strawberry.field(description="The link.")
    deal_id: strawberry.ID = strawberry.field(description="The deal.")
    attachment_request_id: strawberry.ID | None = strawberry.field(
        default=None, description="The partner's request that this fulfils."
    )


@strawberry.input(description="A link to take off a deal.")
class DetachConfirmationLinkInput:
    """A link to take off a deal."""

    confirmation_link_id: strawberry.ID = strawberry.field(description="The link.")
    deal_id: strawberry.ID = strawberry.field(description="The deal that it is on.")


@strawberry.input(description="A wish to have a link on a deal that the partner cannot see.")
class RequestConfirmationLinkAttachmentInput:
    """A wish to have a link on a direct deal."""

    confirmation_link_id: strawberry.ID = strawberry.field(description="The link.")
    deal_name: str = strawberry.field(
        description="The deal, as the partner calls it; at most 200 characters."
    )
    message: str | None = strawberry.field(default=None, description="At most 2,000 characters.")


@strawberry.input(description="A request to decline.")
class DeclineAttachmentRequestInput:
    """A request to decline."""

    id: strawberry.ID = strawberry.field(description="The request.")
    reason: str = strawberry.field(description="Why; the requester reads it. At most 2,000 characters.")


@strawberry.input(description="A client confirming its purchase.")
class StartCheckoutInput:
    """A client confirming its purchase."""

    deal_id: strawberry.ID = strawberry.field(description="The deal, of either kind.")
    recipient_name: str = strawberry.field(description="Who is buying.")
    recipient_email: str = strawberry.field(description="Where the links go.")
    locale: Locale = strawberry.field(default=Locale.EN, description="The language of the mail.")


@strawberry.input(description="The client says yes.")
class ConfirmEngagementInput:
    """The client says yes."""

    token: str = strawberry.field(description="From the link's URL.")
    name: str = strawberry.field(description="Who answers.")
    email: str = strawberry.field(description="Their address.")
    seen_version: int = strawberry.field(description="The version that the client saw.")
    seen_statement_hash: str | None = strawberry.field(
        default=None,
        description="The invitation's statementHash, so that no changed name is confirmed unseen.",
    )


@strawberry.input(description="The client says no.")
class RejectEngagementInput:
    """The client says no."""

    token: str = strawberry.field(description="From the link's URL.")
    name: str = strawberry.field(description="Who answers.")
    email: str = strawberry.field(description="Their address.")
    reason: str = strawberry.field(description="Why; at most 2,000 characters.")
    seen_version: int = strawberry.field(description="The version that the client saw.")
    seen_statement_hash: str | None = strawberry.field(
        default=None,
        description="The invitation's statementHash, so that no changed name is confirmed unseen.",
    )


@strawberry.input(description="Notifications that were read.")
class MarkNotificationsReadInput:
    """Notifications that were read."""

    ids: list[strawberry.ID] = strawberry.field(description="The viewer's own; at most 500.")


@strawberry.input(description="A token to make for oneself.")
class CreateApiTokenInput:
    """A token to make for oneself."""

    name: str = strawberry.field(description="What it is for.")
    scopes: list[Scope] = strawberry.field(description="At most those of the token that asks.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends; at the latest when the token that asks does."
    )


@strawberry.input(description="A token to stop.")
class RevokeApiTokenInput:
    """A token to stop."""

    id: strawberry.ID = strawberry.field(description="One of the viewer's own.")
