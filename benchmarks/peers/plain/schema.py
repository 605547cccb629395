"""The operations."""

from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from sqlalchemy import Select, select

from benchmarks.peers.plain import writes
from benchmarks.peers.plain.types import (
    Client,
    ConfirmationLink,
    Connection,
    Info,
    global_id,
    page_of,
)
from graphql_api.models import rows
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.terms import OnboardingDuration

strawberry.enum(OnboardingDuration)


@strawberry.type
class Partner:
    """A firm that sells the vendor's software."""

    id: strawberry.ID = strawberry.field(resolver=global_id)
    name: str

    @strawberry.field
    async def clients(self: rows.Partner, info: Info, first: int) -> Connection[Client]:
        """Its clients by name."""
        client = rows.Client
        wanted = select(client).where(client.partner_id == self.id).order_by(client.name_key, client.id)
        return page_of(await _all(info, wanted.limit(first + 1)), first, "name_key")


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def partner(self, info: Info) -> Partner | None:
        """The viewer's own."""
        found = await _all(info, select(rows.Partner).where(rows.Partner.id == info.context.partner_id))
        return found[0] if found else None

    @strawberry.field
    async def confirmation_link(self, info: Info, id: strawberry.ID) -> ConfirmationLink | None:
        """One link."""
        key = NodeId.key_in(id, NodeKind.CONFIRMATION_LINK)
        found = await _all(info, _links(info).where(rows.ConfirmationLink.id == key))
        return found[0] if found else None

    @strawberry.field
    async def confirmation_links(self, info: Info, first: int) -> Connection[ConfirmationLink]:
        """The viewer's links, newest first."""
        link = rows.ConfirmationLink
        newest = _links(info).order_by(link.created_at.desc(), link.id.desc())
        return page_of(await _all(info, newest.limit(first + 1)), first, "created_at")


@strawberry.input
class ConfirmationLinkProductInput:
    """A product of a new link."""

    product_id: strawberry.ID
    onboarding_type_code: str | None = None


@strawberry.input
class CreateConfirmationLinkInput:
    """A new link."""

    name: str
    products: list[ConfirmationLinkProductInput]
    provides_onboarding: bool = False
    onboarding_duration: OnboardingDuration | None = None


@strawberry.input
class ConfirmEngagementInput:
    """A client's yes."""

    token: str
    name: str
    email: str
    seen_version: int


@strawberry.type
class UserError:
    """Why nothing was changed."""

    code: str
    message: str


@strawberry.type
class CreateConfirmationLinkPayload:
    """A link that was created."""

    confirmation_link: ConfirmationLink | None
    user_errors: list[UserError]
    cursor: str | None


@strawberry.type
class ConfirmEngagementPayload:
    """What came of a client's yes."""

    user_errors: list[UserError]


@strawberry.type
class Mutation:
    """What can be changed."""

    @strawberry.mutation
    async def create_confirmation_link(
        self, info: Info, input: CreateConfirmationLinkInput
    ) -> CreateConfirmationLinkPayload:
        """A new link, with all that it causes."""
        async with info.context.sessions.begin() as session:
            link, refusals, position = await writes.create(session, info.context.viewer, input)
        return CreateConfirmationLinkPayload(
            confirmation_link=link, user_errors=_told(refusals), cursor=f"{position:016x}" if link else None
        )

    @strawberry.mutation
    async def confirm_engagement(self, info: Info, input: ConfirmEngagementInput) -> ConfirmEngagementPayload:
        """The client confirms."""
        async with info.context.sessions.begin() as session:
            link, refusals, position = await writes.confirm(session, input)
        if link:
            info.context.wakes.tell(link.partner_id, (position, link))
        return ConfirmEngagementPayload(user_errors=_told(refusals))


@strawberry.type
class StatusChange:
    """A client confirmed or rejected."""

    cursor: str
    status: LinkStatus
    link: ConfirmationLink


@strawberry.type
class Subscription:
    """What can be followed."""

    @strawberry.subscription
    async def confirmation_link_status_changed(self, info: Info) -> AsyncGenerator[StatusChange, None]:
        """Each time a client confirms or rejects."""
        async for position, link in info.context.wakes.listen(info.context.partner_id):
            yield StatusChange(cursor=f"{position:016x}", status=link.status, link=link)


def _links(info: Info) -> Select[Any]:
    link = rows.ConfirmationLink
    return select(link).where(link.partner_id == info.context.partner_id)


async def _all(info: Info, statement: Select[Any]) -> list[Any]:
    async with info.context.sessions() as session:
        return list(await session.scalars(statement))


def _told(refusals: list[writes.Refusal]) -> list[UserError]:
    return [UserError(code=refusal.code, message=refusal.message) for refusal in refusals]


schema = strawberry.Schema(Query, Mutation, Subscription)
