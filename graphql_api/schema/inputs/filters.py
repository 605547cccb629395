"""How lists are narrowed and sorted. Null is as left out."""

from datetime import datetime

import strawberry

from graphql_api.schema.inputs.enums.links import ConfirmationLinkStatus
from graphql_api.schema.inputs.enums.orders import (
    ClientOrderField,
    ConfirmationLinkOrderField,
    OrderDirection,
    RenewalOrderField,
    SharedDealOrderField,
)
from graphql_api.schema.inputs.enums.renewals import RenewalOwner, RenewalStatus


@strawberry.input(description="Which partners.")
class PartnerFilter:
    """Which partners."""

    search: str | None = strawberry.field(default=None, description="Part of the name, in any case.")


@strawberry.input(description="Which clients.")
class ClientFilter:
    """Which clients."""

    search: str | None = strawberry.field(default=None, description="Part of the name, in any case.")
    renewal_owner: RenewalOwner | None = strawberry.field(
        default=None, description="Whose renewals this one owns, in effect."
    )
    has_override: bool | None = strawberry.field(
        default=None, description="With an owner of its own, or without."
    )


@strawberry.input(description="Which renewals.")
class RenewalFilter:
    """Which renewals."""

    to_act_on: bool | None = strawberry.field(
        default=None,
        description="PENDING, and renewing from today to 120 days ahead; or, if false, all others.",
    )
    within_days: int | None = strawberry.field(
        default=None, description="Renewing from today to so many days ahead."
    )
    status: list[RenewalStatus] | None = strawberry.field(
        default=None, description="In one of these statuses."
    )
    client_id: strawberry.ID | None = strawberry.field(default=None, description="Of this client.")


@strawberry.input(description="How renewals are sorted.")
class RenewalOrder:
    """How renewals are sorted."""

    field: RenewalOrderField = strawberry.field(default=RenewalOrderField.RENEWS_ON, description="By what.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description="Which way.")


@strawberry.input(description="How clients are sorted.")
class ClientOrder:
    """How clients are sorted."""

    field: ClientOrderField = strawberry.field(description="By what.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description="Which way.")


@strawberry.input(description="Which confirmation links.")
class ConfirmationLinkFilter:
    """Which confirmation links."""

    status: list[ConfirmationLinkStatus] | None = strawberry.field(
        default=None, description="In one of these statuses."
    )
    client_assigned: bool | None = strawberry.field(default=None, description="With a client, or without.")
    attached: bool | None = strawberry.field(default=None, description="On a deal, or on none.")
    client_id: strawberry.ID | None = strawberry.field(default=None, description="Of this client.")
    search: str | None = strawberry.field(
        default=None, description="Part of the link's name, or of its client's, in any case."
    )
    created_after: datetime | None = strawberry.field(
        default=None, description="Created after this moment, exclusive."
    )
    created_before: datetime | None = strawberry.field(
        default=None, description="Created before this moment, exclusive."
    )


@strawberry.input(description="How confirmation links are sorted.")
class ConfirmationLinkOrder:
    """How confirmation links are sorted."""

    field: ConfirmationLinkOrderField = strawberry.field(
        default=ConfirmationLinkOrderField.CREATED_AT, description="By what."
    )
    direction: OrderDirection = strawberry.field(default=OrderDirection.DESC, description="Which way.")


@strawberry.input(description="Which deals, of either kind.")
class DealFilter:
    """Which deals, of either kind."""

    search: str | None = strawberry.field(default=None, description="Part of the name, in any case.")
    partner_id: strawberry.ID | None = strawberry.field(default=None, description="Of this partner.")
    is_shared: bool | None = strawberry.field(default=None, description="Shared, or direct.")


@strawberry.input(description="Which shared deals.")
class SharedDealFilter:
    """Which shared deals."""

    search: str | None = strawberry.field(default=None, description="Part of the name, in any case.")
    has_proof_of_engagement: bool | None = strawberry.field(
        default=None, description="With a confirmation link, or without."
    )


@strawberry.input(description="How shared deals are sorted.")
class SharedDealOrder:
    """How shared deals are sorted."""

    field: SharedDealOrderField = strawberry.field(description="By what.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description="Which way.")
