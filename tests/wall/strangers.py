"""What somebody must not come upon, and whether an answer has some of it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from sqlalchemy import inspect, select

from graphql_api.execution.operations import Operations
from graphql_api.execution.requests import Request
from graphql_api.models import rows
from graphql_api.schema.root import SCHEMA
from tests.differential.comparing import told
from tests.differential.rich import Rich
from tests.wall.everything import Asking, documents
from tests.wall.tables import owners_of

FRONTENDS: Final = Path(__file__).parents[1] / "frontends"
POINTED: Final = {"deal": "SharedDeal", "client": "Client", "link": "ConfirmationLink"}
"""The types of what the frontends' variables point at."""


@dataclass(frozen=True)
class Stranger:
    """Somebody signed in, with the global ids of all that is others'."""

    rich: Rich
    who: str
    ids: dict[str, list[str]]
    """By the name of the type."""

    @classmethod
    async def make(cls, rich: Rich, who: str) -> Stranger:
        """Of the rows that belong neither to their partner nor to themselves, those of another partner first."""
        context = await rich.context(who)
        firm = rich.world.theirs if who.startswith("other") else rich.world.ours
        other = rich.world.ours if firm is rich.world.theirs else rich.world.theirs
        found: defaultdict[str, list[tuple[bool, str]]] = defaultdict(list)
        for mapper in rows.Base.registry.mappers:
            if not hasattr(mapper.class_, "node_id") or mapper.class_ is rows.Actor:
                continue
            name = str(inspect(mapper.class_).local_table.name)
            owners = await owners_of(rich.world.database, name) if name != "products" else {}
            own = {None, firm.partner.id, context.viewer.actor.id}
            async with rich.world.database.read() as session:
                for row in await session.scalars(select(mapper.class_).order_by(mapper.class_.id)):
                    owner = owners.get((row.id,))
                    if owner not in own:
                        found[type_of(row)].append((owner != other.partner.id, str(row.node_id)))
        ids = {kind: [id_ for _, id_ in sorted(some, key=itemgetter(0))] for kind, some in found.items()}
        return cls(rich, who, defaultdict(list, ids))

    @cached_property
    def secret(self) -> frozenset[str]:
        """All of them."""
        return frozenset(id_ for some in self.ids.values() for id_ in some)

    async def shown(self) -> dict[str, set[str]]:
        """Which of them are in any answer, by the field of Query or the frontend's document that was asked."""
        operations, found = Operations(SCHEMA), defaultdict[str, set[str]](set)
        for asking in (*documents(self.ids), *self._frontends()):
            request = Request(asking.query, self._variables(asking.query))
            answer = await told(operations, request, lambda: self.rich.context(self.who))
            told_them = json.dumps(answer.get("data"))
            found[asking.root] |= {id_ for id_ in self.secret if id_ in told_them}
            assert only_kept_back(answer), (answer["errors"], asking)
        return {root: some for root, some in found.items() if some}

    def _frontends(self) -> list[Asking]:
        return [Asking(path.stem, path.read_text("utf-8")) for path in sorted(FRONTENDS.glob("*.graphql"))]

    def _variables(self, query: str) -> dict[str, Any]:
        return {name: self.ids[kind][:2][-1] for name, kind in POINTED.items() if f"${name}: ID" in query}


def type_of(row: Any) -> str:
    """The name of its GraphQL type."""
    return (
        ("SharedDeal" if row.is_shared else "DirectDeal")
        if isinstance(row, rows.Deal)
        else type(row).__name__
    )


def only_kept_back(answer: dict[str, Any]) -> bool:
    """No document was too large, or wrong: then nothing would have been asked."""
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    return codes <= {"FORBIDDEN", "NOT_FOUND"}
