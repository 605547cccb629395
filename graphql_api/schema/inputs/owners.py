"""What the mutations of renewal owners take."""

import strawberry

from graphql_api.schema.inputs.enums.renewals import RenewalOwner

VERSION = "The version of the ownership that was read; another one is a CONFLICT."


@strawberry.input(description="The owner for every client without an override.")
class SetDefaultRenewalOwnerInput:
    """The owner for every client without an override."""

    partner_id: strawberry.ID | None = strawberry.field(
        default=None, description="For whose clients: for staff; otherwise the viewer's own partner."
    )
    owner: RenewalOwner = strawberry.field(description="Who talks to the clients.")
    point_of_contact_id: strawberry.ID | None = strawberry.field(
        default=None, description="The partner's user to notify; required for PARTNER."
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="The owner for one client.")
class SetClientRenewalOwnerInput:
    """The owner for one client."""

    client_id: strawberry.ID = strawberry.field(description="The client.")
    owner: RenewalOwner = strawberry.field(description="Who talks to the client.")
    point_of_contact_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The partner's user to notify: required for PARTNER; for HUBSPOT the default's is copied without.",
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A client that is to follow the default again.")
class ClearClientRenewalOwnerInput:
    """A client that is to follow the default again."""

    client_id: strawberry.ID = strawberry.field(description="The client.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
