"""Every test here compares what the service kept with what is so: that it did keep it, and that they would notice."""

from __future__ import annotations

import pytest

from graphql_api.writing.revisions import Touched
from tests.api import Api
from tests.factories import World
from tests.revisions.snapshot import DOCUMENTS, TOLD_OUTSIDE, snapshot
from tests.revisions.watching import ADMINS, OURS, Noticed, Watch
from tests.statements import counted

CLIENTS = {"externalId": "northwind-client-0", "partnerExternalId": "northwind", "name": "Renamed"}


@pytest.mark.parametrize("field", TOLD_OUTSIDE)
def test_what_is_left_out_of_things_within_things_is_still_looked_at(field: str) -> None:
    assert any(f" {field} " in document or f" {field}(" in document for document in DOCUMENTS)


async def test_what_is_compared_was_kept(watch: Watch, api: Api, world: World) -> None:
    await watch.look()
    with counted(world.database) as statements:
        await snapshot(api, world.tokens[ADMINS[OURS]])
    assert len(statements) == len(DOCUMENTS)
    assert ["FROM api_tokens" in one for one in statements] == [True] * len(DOCUMENTS)


async def test_a_stale_answer_is_found_by_these_tests(
    watch: Watch, api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Touched, "add", lambda *_: None)
    monkeypatch.setattr(Noticed, "check", lambda _: None)
    with pytest.raises(AssertionError, match=r"a kept answer is no longer so: \{'ours'\}"):
        async with watch.over():
            await api.change("syncClients", world.tokens["crm_sync"], "updated", clients=[CLIENTS])
