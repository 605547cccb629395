"""The documents that frontends send cost so many statements, however much there is to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.settings import Settings
from tests.api import Api
from tests.confirmation_links.steps import id_of
from tests.factories import World
from tests.frontends.crowd import Crowd, crowd
from tests.statements import counted, one_read_at_a_time

HERE = Path(__file__).parent
STATEMENTS = {
    "dashboard": 12,
    "link": 11,
    "deal": 8,
    "client": 17,
    "clients": 17,
    "home": 21,
    "bell": 9,
    "partners": 21,
    "audit": 4,
}
"""How many each document takes, the one that finds out who asks included."""
PLAIN = {
    **STATEMENTS,
    "dashboard": 16,
    "link": 16,
    "deal": 12,
    "client": 21,
    "home": 24,
    "partners": 25,
    "audit": 5,
}
"""How many it takes where nothing is compiled: resolvers are not told what is asked for below them."""
ASKED_BY = {"bell": "cam", "partners": "cam"}


def test_every_document_has_its_number() -> None:
    assert {path.stem for path in HERE.glob("*.graphql")} == set(STATEMENTS)


@pytest.mark.parametrize("size", [10, 100])
async def test_the_number_of_statements_does_not_grow_with_what_is_shown(
    api: Api, world: World, settings: Settings, size: int
) -> None:
    made = await crowd(world, size)
    taken = {}
    for name in STATEMENTS:
        # levels that ask for the same at the same time ask in one order or another, in some once more
        taken[name] = min([await asked(api, world, made, name) for _ in range(3)])
        assert longest(await ask(api, world, made, name)) >= size or name == "link", name
    assert taken == (STATEMENTS if settings.compiled else PLAIN)


async def asked(api: Api, world: World, made: Crowd, name: str) -> int:
    """How many statements the document takes."""
    await renamed(world)  # or the answer would be the one that is kept
    with one_read_at_a_time(world.database), counted(world.database) as statements:
        await ask(api, world, made, name)
    return len(statements)


async def renamed(world: World) -> None:
    """Something happens to our firm."""
    async with world.database.write(By(None, "Test")) as writing:
        writing.session.add(ours := await writing.session.merge(world.ours.shared[0], load=False))
        ours.name += "!"


async def ask(api: Api, world: World, made: Crowd, name: str) -> Any:
    """What the document answers, with every list as long as may be."""
    document = (HERE / f"{name}.graphql").read_text("utf-8")
    given: dict[str, Any] = {"first": 100} if "$first" in document else {}
    pointed: dict[str, rows.Base] = {
        "link": made.links[1],
        "deal": world.ours.shared[0],
        "client": world.ours.clients[0],
    }
    if name in pointed:
        given[name] = id_of(pointed[name])
    return await api.ask(document, world.tokens[ASKED_BY.get(name, "partner_admin")], **given)


def longest(answer: Any) -> int:
    """How long the longest list in the answer is."""
    inner = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    return max([len(answer) if isinstance(answer, list) else 0, *map(longest, inner)])
