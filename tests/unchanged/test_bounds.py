"""What is kept is bounded, in answers and in bytes, and what is used stays."""

from __future__ import annotations

from graphql_api.execution.documents import Documents
from graphql_api.execution.unchanged import KEPT_ANSWERS, KEPT_BYTES, Unchanged
from graphql_api.schema.root import SCHEMA
from tests.api import Api
from tests.factories import World
from tests.unchanged.asking import LINKS, is_answered_without_running, kept, post, posted


def _empty() -> Unchanged:
    return Unchanged(Documents(SCHEMA._schema))


def _version(number: int) -> bytes:
    return number.to_bytes(16)


def test_only_so_many_answers_are_kept() -> None:
    unchanged = _empty()
    for number in range(KEPT_ANSWERS + 50):
        unchanged.keep(_version(number), b"{}")
        unchanged.find(_version(0))
    assert len(unchanged._kept) == KEPT_ANSWERS
    assert unchanged.find(_version(0))
    assert unchanged.find(_version(1)) is None


def test_only_so_many_bytes_are_kept() -> None:
    unchanged, body = _empty(), b" " * 2**20
    for number in range(50):
        unchanged.keep(_version(number), body)
    assert unchanged._kept.size == KEPT_BYTES
    assert len(unchanged._kept) == KEPT_BYTES // len(body)


def test_one_very_long_answer_pushes_nothing_out() -> None:
    unchanged = _empty()
    unchanged.keep(_version(0), b"{}")
    given = unchanged.keep(_version(1), b" " * (KEPT_BYTES // 8 + 1))
    assert given.tag
    assert (len(unchanged._kept), unchanged.find(_version(1))) == (1, None)


async def test_noise_of_strangers_pushes_nothing_out(api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    await posted(api, 2, LINKS, token)
    for number in range(120):
        await post(api, f"{{ a{number}: products {{ code }} }}", None)
    assert kept(api) == 1
    assert await is_answered_without_running(api, LINKS, token)


async def test_a_document_that_a_stranger_sent_first_has_kept_answers_too(api: Api, world: World) -> None:
    await posted(api, 3, LINKS, None)
    await posted(api, 2, LINKS, world.tokens["partner_admin"])
    assert kept(api) == 1


async def test_variables_nested_beyond_reason_are_told_and_not_kept(api: Api, world: World) -> None:
    deep: list[object] = []
    for _ in range(900):
        deep = [deep]
    token = world.tokens["partner_admin"]
    for _ in range(3):
        answer = await post(api, LINKS, token, variables={"first": deep})
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert kept(api) == 0
