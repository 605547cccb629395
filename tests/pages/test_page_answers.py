"""What HTTP says around the page, whatever was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from graphql_api.texts.engagement_page import STYLESHEET_HASH
from tests.pages.site import GOOD, Site

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def test_every_answer_keeps_the_page_to_its_reader(sqlite_site: Site) -> None:
    http, path = sqlite_site.http, sqlite_site.path
    answers = [
        await http.get(path),
        await http.get("/c/nothing"),
        await http.head(path),
        await http.post(path, data=GOOD | {"name": ""}),
        await http.post(path, json={}),
        await http.post(path, content=b"x" * 70_000, headers=FORM),
        await http.delete(path),
        await http.post(path, data=GOOD),
        await http.post(path, data=GOOD | {"name": "Bo"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 200, 422, 415, 413, 405, 303, 409]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["vary"] == "Accept-Language"


async def test_the_policy_allows_our_styles_and_nothing_else(sqlite_site: Site) -> None:
    policy = (await sqlite_site.get()).headers["content-security-policy"]
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src '{STYLESHEET_HASH}'",
        "img-src data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]


async def test_a_page_is_html_in_utf_8(sqlite_site: Site) -> None:
    response = await sqlite_site.get()
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-language"] == "en"


async def test_other_methods_are_told_which_there_are(sqlite_site: Site) -> None:
    response = await sqlite_site.http.put(sqlite_site.path)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""]
)
async def test_only_a_form_is_read(sqlite_site: Site, content_type: str) -> None:
    response = await sqlite_site.http.post(
        sqlite_site.path, content=b"decision=confirm", headers={"content-type": content_type}
    )
    assert response.status_code == 415


async def test_a_body_is_not_read_beyond_its_limit(sqlite_site: Site) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 16_384

    response = await sqlite_site.http.post(sqlite_site.path, content=endless(), headers=FORM)
    assert response.status_code == 413
    assert sent < 8


async def test_a_form_of_thousands_of_fields_is_not_ours(sqlite_site: Site) -> None:
    response = await sqlite_site.http.post(sqlite_site.path, content=b"a=1&" * 5_000, headers=FORM)
    assert response.status_code == 415


@pytest.mark.rule("C20")
async def test_two_decisions_in_one_form_are_none(sqlite_site: Site) -> None:
    body = b"decision=confirm&decision=reject&name=Ana&email=ana%40acme.example&reason=no&seenVersion=1"
    response = await sqlite_site.http.post(sqlite_site.path, content=body, headers=FORM)
    assert response.status_code == 422
    assert "Choose one of the two answers" in response.text


@pytest.mark.parametrize("body", [b"\xff\xfe=%ff&name=%zz", b"&&&==%", b"", b"name=%00%ED%A0%80"])
async def test_broken_bytes_are_a_wrong_form_not_a_failure(sqlite_site: Site, body: bytes) -> None:
    response = await sqlite_site.http.post(sqlite_site.path, content=body, headers=FORM)
    assert response.status_code == 422


async def test_control_characters_in_a_name_are_dropped(sqlite_site: Site) -> None:
    await sqlite_site.post(name="Ana\x00\x1b[31m Ruiz")
    decision = await sqlite_site.decision()
    assert decision
    assert decision.decided_by_name == "Ana[31m Ruiz"


async def test_our_own_failure_is_a_page_that_tells_no_secret(
    sqlite_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the database password is hunter2")

    monkeypatch.setattr("graphql_api.pages.engagement.read_invitation", broken)
    response = await sqlite_site.get()
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert "hunter2" not in response.text
    assert response.headers["cache-control"] == "no-store"
