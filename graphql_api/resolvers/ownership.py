"""Answers about who owns renewals: now, then, and under an owner that is not set yet (D5, D9).

Who works with the partner, or reads everything, sees them; for anybody else they do not exist (A1).
"""

from typing import Any, TypeVar
from uuid import UUID

from graphql_api.context import Context
from graphql_api.dataloaders.notice_previews import (
    NoticePreview,
    Supposed,
    Unanswerable,
    previews,
)
from graphql_api.models import rows
from graphql_api.models.client_error import NotFound
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.renewal_ownership import (
    Ownership,
    RenewalOwner,
    owner_at,
)
from graphql_api.resolvers.info import Info, together
from graphql_api.schema.inputs.arguments import (
    ContactId,
    Moment,
    OptionalOwner,
)

T = TypeVar("T")


async def of_clients(info: Info, roots: list[rows.Client]) -> list[Ownership]:
    """The effective owner of each client's renewals (A12)."""
    found = await info.context.loaders.level("ownership", [(root.id, root.partner_id) for root in roots])
    return list(map(_shown, found))


@together(of_clients)
async def of_client(root: rows.Client, info: Info) -> Ownership:
    """The effective owner of a client's renewals (A12)."""
    found: Ownership = await info.context.loaders.relation("ownership").load((root.id, root.partner_id))
    return _shown(found)


async def of_clients_at(info: Info, roots: list[rows.Client], at: Moment) -> list[Ownership]:
    """The owner of each client's renewals that was in effect at a moment (D9)."""
    level = info.context.loaders.level
    keys, partners = [root.id for root in roots], [root.partner_id for root in roots]
    for partner in await level("partner worked with", partners):
        _shown(partner)
    defaults = await level("settings of partner", partners)
    overrides = await level("settings of client", keys)
    return [owner_at(at, *settings) for settings in zip(defaults, overrides, strict=True)]


@together(of_clients_at)
async def of_client_at(root: rows.Client, info: Info, at: Moment) -> Ownership:
    """The owner that was in effect at a moment (D9)."""
    relation = info.context.loaders.relation
    _shown(await relation("partner worked with").load(root.partner_id))
    defaults = await relation("settings of partner").load(root.partner_id)
    return owner_at(at, defaults, await relation("settings of client").load(root.id))


async def defaults_of_partners(info: Info, roots: list[rows.Partner]) -> list[Ownership]:
    """The owner of every client without an override, of each partner (A4)."""
    found = await info.context.loaders.level("default ownership", [root.id for root in roots])
    return list(map(_shown, found))


@together(defaults_of_partners)
async def default_of(root: rows.Partner, info: Info) -> Ownership:
    """The owner of every client without an override (A4)."""
    found: Ownership = await info.context.loaders.relation("default ownership").load(root.id)
    return _shown(found)


async def notice_previews(
    info: Info, roots: list[rows.Client], owner: OptionalOwner = None, point_of_contact_id: ContactId = None
) -> list[NoticePreview]:
    """Who would get each client's next notice, today or under another owner (D5)."""
    name, batch = _previews(info.context, owner, point_of_contact_id)
    found = await info.context.loaders.every(name, batch, [(root.id, root.partner_id) for root in roots])
    return list(map(_answered, found))


@together(notice_previews)
async def notice_preview(
    root: rows.Client, info: Info, owner: OptionalOwner = None, point_of_contact_id: ContactId = None
) -> NoticePreview:
    """Who would get the client's next notice, today or under another owner (D5)."""
    loader = info.context.loaders.loader(*_previews(info.context, owner, point_of_contact_id))
    return _answered(await loader.load((root.id, root.partner_id)))


def _previews(context: Context, owner: RenewalOwner | None, contact: str | None) -> tuple[Any, Any]:
    """The batch that answers, with the name that all who suppose the same share."""
    supposed = Supposed(owner, _key_of(contact))
    return ("preview", supposed), previews(
        context.loaders, context.today, context.service.milestones, supposed
    )


def _answered(found: NoticePreview | Unanswerable) -> NoticePreview:
    if isinstance(found, Unanswerable):
        raise found.error
    return found


def _shown(found: T | None) -> T:
    if found is None:
        raise NotFound
    return found


def _key_of(contact: str | None) -> UUID | None:
    return None if contact is None else NodeId.key_in(contact, NodeKind.PARTNER_USER)
