from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page
from starlette.applications import Starlette

from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.pages.engagement import engagement_routes
from tests.pages.browser import CHROMIUM, DESKTOP, PHONE, browsing, served
from tests.pages.site import TOKENS, Site

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on the PATH"
)


@pytest.fixture
async def address(sqlite_site: Site) -> AsyncIterator[str]:
    """Where a browser finds the page of the site's link."""
    app = Starlette(routes=engagement_routes(sqlite_site.database, TOKENS))
    async with served(app) as base:
        yield base + sqlite_site.path


async def focused(page: Page) -> str:
    """What the keyboard is on. Playwright's own script runs, though the page's may not."""
    return str(
        await page.evaluate(
            "(e => e.id || e.value || e.getAttribute('href') || e.tagName)(document.activeElement)"
        )
    )


@pytest.mark.rule("B37")
async def test_a_client_confirms_by_keyboard_alone(sqlite_site: Site, address: str) -> None:
    async with browsing(DESKTOP) as page:
        await page.goto(address)
        stops = []
        for typed in ["", "Ana Ruiz", "ana@acme.example", ""]:
            await page.keyboard.press("Tab")
            stops.append(await focused(page))
            await page.keyboard.type(typed)
        assert stops == ["?lang=es", "name", "email", "confirm"]
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="The statement is confirmed").wait_for()
    assert (await sqlite_site.link()).status is LinkStatus.CONFIRMED


@pytest.mark.rule("B37")
async def test_enter_in_a_text_field_sends_nothing(sqlite_site: Site, address: str) -> None:
    async with browsing(DESKTOP) as page:
        await page.goto(address)
        await page.get_by_label("Your full name").fill("Ana Ruiz")
        await page.get_by_label("Your work e-mail address").fill("ana@acme.example")
        await page.keyboard.press("Enter")
        await page.wait_for_timeout(300)
        assert await page.get_by_role("button", name="Confirm").is_visible()
    assert (await sqlite_site.link()).status is LinkStatus.PENDING


@pytest.mark.rule("B32", "B37")
async def test_rejecting_without_a_reason_is_told_on_a_phone_and_keeps_what_was_typed(
    sqlite_site: Site, address: str
) -> None:
    async with browsing(PHONE) as page:
        await page.goto(address)
        await page.get_by_label("Your full name").fill('Ana "Nita" <Ruiz>')
        await page.get_by_label("Your work e-mail address").fill("ana@acme.example")
        await page.get_by_role("button", name="Reject").click()
        await (
            page.get_by_role("alert").get_by_role("link", name="To reject, say what is not correct.").click()
        )
        assert await focused(page) == "reason"
        assert await page.get_by_label("Your full name").input_value() == 'Ana "Nita" <Ruiz>'
        await page.keyboard.type("Wrong edition\nand duration")
        await page.get_by_role("button", name="Reject").click()
        await page.get_by_role("heading", name="The statement is rejected").wait_for()
    decision = await sqlite_site.decision()
    assert decision
    assert decision.reason == "Wrong edition\nand duration"


async def test_the_summary_of_what_is_wrong_has_the_focus(address: str) -> None:
    async with browsing(DESKTOP) as page:
        await page.goto(address)
        await page.get_by_role("button", name="Confirm").click()
        await page.locator(".notice:focus").wait_for()
        assert (await page.title()).startswith("Please check your answer")


async def test_every_control_has_a_name_for_those_who_cannot_see(address: str) -> None:
    async with browsing(DESKTOP) as page:
        await page.goto(address)
        tree = await page.locator("body").aria_snapshot()
    assert tree.count('textbox "') == 3
    for named in [
        'textbox "Your full name"',
        'textbox "Your work e-mail address"',
        'textbox "What is not correct?"',
        'button "Confirm"',
        'button "Reject"',
        'group "This is correct"',
        'group "This is not correct"',
        'navigation "Language"',
        'heading "Northwind Digital asks for your confirmation" [level=1]',
    ]:
        assert named in tree


@pytest.mark.parametrize("language", ["en", "es"])
async def test_nothing_on_a_phone_needs_scrolling_sideways(
    sqlite_site: Site, address: str, language: str
) -> None:
    await sqlite_site.edit("Rollout" * 28)
    async with browsing(PHONE) as page:
        await page.goto(f"{address}?lang={language}")
        await page.locator("button.reject").click()
        await page.get_by_role("alert").wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        sizes = [
            await target.bounding_box() for target in await page.locator("input, textarea, button").all()
        ]
    assert all(size["height"] >= 44 for size in sizes if size)


@pytest.mark.rule("C18")
async def test_an_edited_statement_is_read_again_before_it_is_confirmed(
    sqlite_site: Site, address: str
) -> None:
    async with browsing(DESKTOP) as page:
        await page.goto(address)
        await sqlite_site.edit("Now with Content Hub")
        await page.get_by_label("Your full name").fill("Ana Ruiz")
        await page.get_by_label("Your work e-mail address").fill("ana@acme.example")
        await page.get_by_role("button", name="Confirm").click()
        await page.get_by_role("heading", name="The statement has changed").wait_for()
        assert await page.get_by_text("Now with Content Hub").is_visible()
        await page.get_by_role("button", name="Confirm").click()
        await page.get_by_role("heading", name="The statement is confirmed").wait_for()


@pytest.mark.rule("D11")
async def test_the_switch_changes_the_language_and_the_answer_keeps_it(address: str) -> None:
    async with browsing(PHONE) as page:
        await page.goto(address)
        await page.get_by_role("link", name="Español").click()
        await page.get_by_label("Su nombre y apellidos").fill("Ana Ruiz")
        await page.get_by_label("Su correo electrónico de trabajo").fill("ana@acme.example")
        await page.get_by_role("button", name="Confirmar").click()
        await page.get_by_role("heading", name="La declaración está confirmada").wait_for()
        assert await page.locator("html").get_attribute("lang") == "es"


async def test_the_styles_are_let_through_by_the_policy(address: str) -> None:
    async with browsing(DESKTOP, javascript=True) as page:
        await page.goto(address)
        button = page.get_by_role("button", name="Confirm")
        assert await button.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(11, 90, 82)"
