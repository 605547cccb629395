"""A link's page is written once for an answer, however often it stands there."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_api.resolvers import links
from graphql_api.texts.engagement_page import engagement_page
from tests.api import Api
from tests.factories import World


@pytest.mark.rule("B33")
async def test_a_links_page_is_written_once_for_an_answer(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world.tokens["partner_admin"]
    for _ in range(3):
        await world.link()
    written: list[Any] = []

    def page(*given: Any, **more: Any) -> str:
        written.append(given)
        return engagement_page(*given, **more)

    monkeypatch.setattr(links, "engagement_page", page)
    aliases = " ".join(f"a{n}: preview {{ name html products {{ product {{ code }} }} }}" for n in range(10))
    for turn in (1, 2):
        found = await api.ask(f"{{ confirmationLinks {{ nodes {{ {aliases} }} }} }}", token, turn=turn)
        nodes = found["confirmationLinks"]["nodes"]
        assert len(nodes) == len(written) / turn == 3
        assert all(len({node[f"a{n}"]["html"] for n in range(10)}) == 1 for node in nodes)
