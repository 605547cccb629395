"""Finding a row that the viewer can see, and locking it until commit.

Deals are locked before links, and links in the order of their keys, so that nobody waits in a circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from graphql_api.models import rows
from graphql_api.models.refusal import NotFound
from graphql_api.writing.locked import Locked

if TYPE_CHECKING:
    from uuid import UUID

    from graphql_api.access.sight import Sight
    from graphql_api.database import Writing

Model = TypeVar("Model", bound=rows.Base)

LOCKED: dict[tuple[type[rows.Base], tuple[bool, ...]], Locked[Any]] = {}
"""What each kind of viewer sees of a model."""


async def lock(writing: Writing, sight: Sight, model: type[Model], key: UUID, *field: str) -> Model:
    """The row, locked.

    Raises:
        NotFound: no such row, or none that the viewer can see: the words are the same (D12).

    """
    place = model, sight.kind
    if place not in LOCKED:
        LOCKED[place] = Locked(model, sight.of(model))
    found: Model | None = await LOCKED[place].row(writing.session, key, **sight.values)
    if found is None:
        raise NotFound(*field)
    return found


async def lock_link(writing: Writing, sight: Sight, key: UUID, *field: str) -> rows.ConfirmationLink:
    """The link with its products, locked.

    Raises:
        NotFound: as above.

    """
    link = await lock(writing, sight, rows.ConfirmationLink, key, *field)
    await load_products(writing, link)
    return link


async def lock_copies(writing: Writing, link: rows.ConfirmationLink) -> None:
    """Lock the copies of a link that is about to go, before it goes: an edit of a copy may ask for its original."""
    copies = select(rows.ConfirmationLink.id).where(rows.ConfirmationLink.cloned_from_id == link.id)
    await writing.session.execute(copies.order_by(rows.ConfirmationLink.id).with_for_update(key_share=True))


async def load_products(writing: Writing, link: rows.ConfirmationLink) -> None:
    """Read the products of a link already at hand."""
    await writing.session.refresh(link, ["products"])
