"""Tags: who has the answer already is not sent it again."""

from __future__ import annotations

import orjson
import pytest

from graphql_api.execution.unchanged import is_named
from tests.api import Api
from tests.factories import World
from tests.unchanged.asking import GRAPHQL, LINKS, kept, post, posted

CODES = "{ products { code } }"


async def test_equal_answers_have_equal_tags(api: Api, world: World) -> None:
    ours, theirs = (world.tokens[who] for who in ("partner_admin", "other_partner_admin"))
    tags = [(await posted(api, 2, CODES, token)).headers["etag"] for token in (ours, theirs)]
    await world.link()
    tags.append((await posted(api, 2, CODES, ours)).headers["etag"])
    assert (len(set(tags)), kept(api)) == (1, 3)
    before = (await posted(api, 2, LINKS, ours)).headers["etag"]
    await world.link()
    assert len({before, tags[0], (await post(api, LINKS, ours)).headers["etag"]}) == 3


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', 'W/"other",W/{} , "more"', "*"])
async def test_who_has_the_answer_is_told_so_without_a_body(api: Api, world: World, form: str) -> None:
    token = world.tokens["partner_admin"]
    tag = (await posted(api, 2, LINKS, token)).headers["etag"]
    answer = await post(api, LINKS, token, {"If-None-Match": form.format(tag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "content-type" not in answer.headers


async def test_tags_may_come_on_several_lines(api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    tag = (await posted(api, 2, LINKS, token)).headers["etag"]
    lines = [("Authorization", f"Bearer {token}"), ("If-None-Match", '"other"'), ("If-None-Match", tag)]
    answer = await api.http.post("/graphql", json={"query": LINKS}, headers=lines)
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("form", ['"other"', "", "{}x", "nonsense"])
async def test_who_has_another_answer_is_sent_this_one(api: Api, world: World, form: str) -> None:
    token = world.tokens["partner_admin"]
    tag = (await posted(api, 2, LINKS, token)).headers["etag"]
    answer = await post(api, LINKS, token, {"If-None-Match": form.format(tag)})
    assert (answer.status_code, answer.headers["etag"]) == (200, tag)
    assert answer.json()["data"]


async def test_an_old_tag_is_sent_the_new_answer(api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    old = (await posted(api, 3, LINKS, token)).headers["etag"]
    await world.link(name="Brand new")
    answer = await post(api, LINKS, token, {"If-None-Match": old})
    assert (answer.status_code, b"Brand new" in answer.content) == (200, True)


async def test_what_is_made_anew_and_the_same_is_not_sent_either(api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    tag = (await posted(api, 3, CODES, token)).headers["etag"]
    await world.link()
    assert (await post(api, CODES, token, {"If-None-Match": tag})).status_code == 304


async def test_both_types_of_json_share_what_is_kept(api: Api, world: World) -> None:
    token, answers = world.tokens["partner_admin"], []
    for accept in ("application/json", "application/json", GRAPHQL):
        answers.append(await post(api, LINKS, token, {"Accept": accept}))
        assert answers[-1].headers["content-type"] == f"{accept}; charset=utf-8"
    assert answers[1].content == answers[2].content
    assert (answers[1].headers["etag"], kept(api)) == (answers[2].headers["etag"], 1)


async def test_a_stream_of_events_always_tells_the_whole_answer(api: Api, world: World) -> None:
    token = world.tokens["partner_admin"]
    plain = await posted(api, 2, LINKS, token)
    headers = {"Accept": "text/event-stream", "If-None-Match": plain.headers["etag"]}
    answer = await post(api, LINKS, token, headers)
    assert (answer.status_code, "etag" in answer.headers) == (200, False)
    told = next(line for line in answer.text.splitlines() if line.startswith("data: {"))
    assert orjson.loads(told.removeprefix("data: ")) == plain.json()


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ("", False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b" , "a"', True),
        ("*", True),
        ("a", False),
        (",", False),
    ],
)
def test_a_tag_is_compared_weakly(sent: str, named: bool) -> None:  # noqa: FBT001
    assert is_named('"a"', sent) is named
