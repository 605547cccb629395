from __future__ import annotations

import re
from collections.abc import AsyncIterator
from hashlib import sha256

import httpx2
import pytest
from starlette.applications import Starlette

from graphql_api.pages.graphiql.assets import FOLDERS
from graphql_api.pages.graphiql.page import graphiql_routes
from graphql_api.pages.graphiql.renew import FOLDER
from tests.pages.browser import served


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a real server, which has the page below no prefix."""
    async with (
        served(Starlette(routes=graphiql_routes())) as base,
        httpx2.AsyncClient(base_url=base) as client,
    ):
        yield client


async def addresses(http: httpx2.AsyncClient) -> list[str]:
    """What the page loads."""
    return re.findall(r'(?:src|href)="([^":]+)"', (await http.get("/graphiql")).text)


async def test_the_page_lets_no_script_run_but_its_files(http: httpx2.AsyncClient) -> None:
    page = await http.get("/graphiql")
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == (
        "'none'",
        "'self'",
        "'self'",
    )
    assert re.findall(r"<script(?! defer src=)|<style|\bon\w+=|style=", page.text) == []
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-cache"


async def test_every_file_of_the_page_may_be_kept_for_good(http: httpx2.AsyncClient) -> None:
    named = await addresses(http)
    assert len(named) == len(set(named)) == 8
    for address in named:
        file = await http.get(f"/{address}")
        digest = sha256(file.content).hexdigest()
        assert re.fullmatch(rf"graphiql/[\w.-]+-{digest[:20]}\.(js|css)", address)
        kind = "javascript" if address.endswith(".js") else "css"
        assert file.headers["Content-Type"] == f"text/{kind}; charset=utf-8"
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_a_browser_has_kept_is_not_sent_again(http: httpx2.AsyncClient) -> None:
    for address in ["graphiql", *await addresses(http)]:
        tag = (await http.get(f"/{address}")).headers["ETag"]
        for known in (tag, f'"another", W/{tag}'):
            again = await http.get(f"/{address}", headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        other = await http.get(f"/{address}", headers={"If-None-Match": '"another"'})
        assert other.status_code == 200


async def test_head_answers_like_get_without_content(http: httpx2.AsyncClient) -> None:
    for address in ["graphiql", *await addresses(http)]:
        got, asked = await http.get(f"/{address}"), await http.head(f"/{address}")
        assert (asked.status_code, asked.content) == (200, b"")
        for name in ("Content-Length", "Content-Type", "Cache-Control", "ETag"):
            assert asked.headers[name] == got.headers[name]
        assert (await http.post(f"/{address}")).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "nothing.js",
        "page.js",
        "page.html",
        "manifest.json",
        "graphiql.LICENSE",
        "graphiql.min-00000000000000000000.js",
        "../page.py",
        "%2e%2e/page.py",
        "..%2fpage.py",
        "%2e%2e%2f%2e%2e%2fapp.py",
        "..%5cpage.py",
        "own/page.js",
        "%00",
        "/etc/passwd",
    ],
)
async def test_nothing_else_is_to_be_had(http: httpx2.AsyncClient, address: str) -> None:
    answer = await http.get(f"/graphiql/{address}")
    assert answer.status_code == 404
    assert "import" not in answer.text


async def test_a_slash_after_the_page_leads_back_to_it(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/graphiql/")
    assert answer.status_code == 307
    assert answer.headers["Location"].endswith("/graphiql")


def test_the_page_names_no_other_host() -> None:
    [own] = [folder for folder in FOLDERS if folder != FOLDER]
    assert [
        path.name for path in own.iterdir() if re.search("https?://|[\"'(]//", path.read_text("utf-8"))
    ] == []
