"""The catalogue: products, which everybody sees and which hardly ever change, kept until they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from graphql_api.access.sight import Sight
    from graphql_api.database import Database, View

    Batch = Callable[[View, Sight, Sequence[UUID]], Awaitable[list[Any]]]


def kept(batch: Batch) -> Batch:
    """What the batch answers, remembered for as long as the revision of what everybody sees is the same.

    That revision is read with who asks, so at every request; a request that has written something remembers nothing.
    """
    remembered: WeakKeyDictionary[Database, tuple[int, dict[UUID, Any]]] = WeakKeyDictionary()

    async def answer(database: View, sight: Sight, keys: Sequence[UUID]) -> list[Any]:
        revision = sight.common_revision
        if revision is None:
            return await batch(database, sight, keys)
        at, known = remembered.get(database.whole, (None, {}))
        if at != revision:
            remembered[database.whole] = revision, (known := {})
        missing = [key for key in keys if key not in known]
        if missing:
            found = zip(missing, await batch(database, sight, missing), strict=True)
            known.update((key, row) for key, row in found if row is not None)
        return [known.get(key) for key in keys]

    return answer
