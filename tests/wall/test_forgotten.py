"""A condition that was forgotten: PostgreSQL keeps others' rows back all the same."""

from __future__ import annotations

import pytest

from tests.differential.rich import Rich
from tests.wall.forgetting import forgotten
from tests.wall.strangers import Stranger

WHO = ("other_partner_admin", "other_cam", "reader")
on_postgresql = pytest.mark.parametrize("rich", ["postgresql"], indirect=True, scope="session")
on_sqlite = pytest.mark.parametrize("rich", ["sqlite"], indirect=True, scope="session")

LISTS = {"partners", "clients", "confirmationLinks", "sharedDeals", "nodes", "node"}


async def shown(rich: Rich, who: str) -> dict[str, set[str]]:
    """What of others is in their answers."""
    return await (await Stranger.make(rich, who)).shown()


@pytest.mark.rule("D12", "B1")
def test_no_field_of_query_shows_anything_of_others(rich: Rich) -> None:
    assert rich.runner.run(shown(rich, WHO[0])) == {}


@on_postgresql
@pytest.mark.rule("D12", "B1")
@pytest.mark.parametrize("who", WHO)
def test_nor_does_any_where_every_condition_was_forgotten(rich: Rich, who: str) -> None:
    with forgotten():
        assert rich.runner.run(shown(rich, who)) == {}


@on_sqlite
def test_what_was_forgotten_would_show_without_a_wall(rich: Rich) -> None:
    with forgotten():
        found = rich.runner.run(shown(rich, WHO[0]))
    assert found.keys() >= LISTS
