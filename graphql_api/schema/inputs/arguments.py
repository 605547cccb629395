"""The arguments of fields, each declared once; mutations take one input each (changes.py, owners.py, sync.py)."""

from datetime import datetime
from typing import Annotated

import strawberry

from graphql_api.schema.inputs.enums.deals import AttachmentRequestStatus
from graphql_api.schema.inputs.enums.news import PartnerEventKind
from graphql_api.schema.inputs.enums.renewals import RenewalOwner
from graphql_api.schema.inputs.filters import (
    ClientFilter,
    ClientOrder,
    ConfirmationLinkFilter,
    ConfirmationLinkOrder,
    DealFilter,
    PartnerFilter,
    RenewalFilter,
    RenewalOrder,
    SharedDealFilter,
    SharedDealOrder,
)
from graphql_api.schema.inputs.scalars import Cursor

First = Annotated[
    int | None, strawberry.argument(description="So many from the start, 1 to 100; 20 when neither is given.")
]
After = Annotated[str | None, strawberry.argument(description="Only what follows this page cursor.")]
Last = Annotated[int | None, strawberry.argument(description="So many from the end, 1 to 100.")]
Before = Annotated[str | None, strawberry.argument(description="Only what precedes this page cursor.")]
UnreadOnly = Annotated[bool | None, strawberry.argument(description="Only those not marked as read.")]
ActiveOnly = Annotated[bool | None, strawberry.argument(description="Only those who may still sign in.")]
Id = Annotated[strawberry.ID, strawberry.argument(description="The global id.")]
OptionalId = Annotated[strawberry.ID | None, strawberry.argument(description="The global id.")]
ExternalId = Annotated[str | None, strawberry.argument(description="The vendor's own id.")]
Ids = Annotated[list[strawberry.ID], strawberry.argument(description="Global ids.")]
Token = Annotated[str, strawberry.argument(description="From the link's URL.")]
RequestStatus = Annotated[AttachmentRequestStatus | None, strawberry.argument(description="In this status.")]
PartnerId = Annotated[
    strawberry.ID | None, strawberry.argument(description="The partner; without it the viewer's own.")
]
LinkId = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only this link, and so its partner.")
]
EventKinds = Annotated[
    list[PartnerEventKind] | None, strawberry.argument(description="Only these kinds; all by default.")
]
EventCount = Annotated[int | None, strawberry.argument(description="So many, 1 to 100.")]
AfterEvent = Annotated[
    Cursor | None,
    strawberry.argument(description="Replay what was committed since this cursor, in order, then go on."),
]
SinceEvent = Annotated[
    Cursor | None,
    strawberry.argument(description="Only what was committed since this cursor; else all that is kept."),
]
PartnerFilterArgument = Annotated[PartnerFilter | None, strawberry.argument(description="Which ones.")]
ClientFilterArgument = Annotated[ClientFilter | None, strawberry.argument(description="Which ones.")]
ClientOrderArgument = Annotated[ClientOrder | None, strawberry.argument(description="In which order.")]
LinkFilterArgument = Annotated[ConfirmationLinkFilter | None, strawberry.argument(description="Which ones.")]
LinkOrderArgument = Annotated[
    ConfirmationLinkOrder | None, strawberry.argument(description="In which order.")
]
DealFilterArgument = Annotated[DealFilter | None, strawberry.argument(description="Which ones.")]
SharedDealFilterArgument = Annotated[SharedDealFilter | None, strawberry.argument(description="Which ones.")]
SharedDealOrderArgument = Annotated[
    SharedDealOrder | None, strawberry.argument(description="In which order.")
]
RenewalFilterArgument = Annotated[RenewalFilter | None, strawberry.argument(description="Which ones.")]
RenewalOrderArgument = Annotated[RenewalOrder | None, strawberry.argument(description="In which order.")]
Owner = Annotated[RenewalOwner, strawberry.argument(description="Under this owner.")]
OptionalOwner = Annotated[
    RenewalOwner | None, strawberry.argument(description="Under this owner; else today's.")
]
ContactId = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="With this point of contact, one of the partner's users."),
]
Moment = Annotated[datetime, strawberry.argument(description="As of this moment.")]
