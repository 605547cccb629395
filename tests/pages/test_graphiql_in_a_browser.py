"""GraphiQL in a browser that reaches this machine alone, on the whole service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page
from starlette.applications import Starlette
from starlette.routing import Mount

from graphql_api.app import App
from tests import steps
from tests.api import Api
from tests.factories import World
from tests.pages.browser import CHROMIUM, DESKTOP, browsing
from tests.pages.browser import served as mounted
from tests.realtime.live import Live, served, until

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on the PATH"
)

VIEWER = "query Tried { viewer { actor { name } } }"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """On SQLite only: the database has no part in it."""
    return sqlite_url


@pytest.fixture
async def live(app: App) -> AsyncIterator[Live]:
    """The service, served until the test ends."""
    async with served(app) as live:
        yield live


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A browser's page. It must load nothing from elsewhere, nor say anything on its console: no policy is broken."""
    async with browsing(DESKTOP, javascript=True) as page:
        loaded: list[str] = []
        page.on("request", lambda request: loaded.append(request.url))
        page.on("websocket", lambda socket: loaded.append(socket.url))
        yield page
    assert {urlsplit(url).hostname for url in loaded if not url.startswith("data:")} == {"127.0.0.1"}


async def write(page: Page, region: str, text: str) -> None:
    """Replace what an editor holds."""
    await page.get_by_role("region", name=region).locator(".CodeMirror").locator("visible=true").click()
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.insert_text(text)


async def run(page: Page, document: str, token: str) -> Locator:
    """Run an operation called Tried with a token in the headers; where its answer appears."""
    await write(page, "Headers", f'{{"Authorization": "Bearer {token}"}}')
    await write(page, "Query Editor", document)
    await page.get_by_role(
        "tab", name="Tried"
    ).wait_for()  # until GraphiQL has parsed it, it takes all for queries
    await page.get_by_role("button", name="Execute query").click()
    return page.get_by_role("region", name="Result Window")


async def test_a_query_runs_with_the_token_in_the_headers(live: Live, page: Page, world: World) -> None:
    await page.goto(f"http://{live.address}/graphiql")
    answer = await run(page, VIEWER, world.tokens["partner_admin"])
    await answer.get_by_text(world.ours.admin.name).wait_for()


async def test_a_mutation_runs_and_its_refusal_is_shown(live: Live, page: Page, world: World) -> None:
    link = await world.link()
    deletion = f'deleteConfirmationLink(input: {{ id: "{link.node_id}" }})'
    await page.goto(f"http://{live.address}/graphiql")
    document = f"mutation Tried {{ {deletion} {{ userErrors {{ code }} }} }}"
    answer = await run(page, document, world.tokens["partner_admin"])
    await answer.get_by_text('"userErrors": []').wait_for()
    assert await world.fresh(link) is None


async def test_a_subscription_shows_what_happens_until_it_is_stopped(
    live: Live, api: Api, page: Page, world: World
) -> None:
    await page.goto(f"http://{live.address}/graphiql")
    answer = await run(page, "subscription Tried { partnerEvents { kind } }", world.tokens["partner_admin"])
    await until(lambda: live.followers == 1)
    link = await world.link()
    await answer.get_by_text("LINK_CREATED").wait_for()
    await steps.confirm(api, link)
    await answer.get_by_text("LINK_CONFIRMED").wait_for()
    await page.get_by_role("button", name="Stop query").click()
    await until(lambda: live.followers == 0)


async def test_what_is_shared_by_its_address_is_there_with_the_schema(live: Live, page: Page) -> None:
    await page.goto(f"http://{live.address}/graphiql?q=%7B+viewer+%7B+scopes+%7D+%7D")
    editor = page.get_by_role("region", name="Query Editor")
    await editor.get_by_text("scopes").wait_for()
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    await page.get_by_role("link", name="Subscription").click()
    await page.get_by_role("link", name="partnerEvents").wait_for()
    await page.get_by_role("button", name="Show GraphiQL Explorer").click()
    await page.get_by_text("attachmentRequests").wait_for()


async def test_what_it_writes_into_the_page_may_have_styles(live: Live, page: Page) -> None:
    """Without 'unsafe-inline' among the policy's styles the console would tell."""
    await page.goto(f"http://{live.address}/graphiql")
    await write(page, "Query Editor", VIEWER)
    await page.keyboard.press("Alt+G")
    await page.get_by_text("Jump to line").wait_for()


async def test_it_works_below_any_path_of_a_proxy(app: App, page: Page, world: World) -> None:
    async with mounted(Starlette(routes=[Mount("/partners/api", app.asgi)])) as base:
        await page.goto(f"{base}/partners/api/graphiql")
        answer = await run(page, VIEWER, world.tokens["partner_admin"])
        await answer.get_by_text(world.ours.admin.name).wait_for()
