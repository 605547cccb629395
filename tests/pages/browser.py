"""A real browser on a real server, for what only they can show."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from playwright.async_api import Page, ViewportSize, async_playwright
from starlette.applications import Starlette

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # as without the Internet, wherever it runs
]
DESKTOP = ViewportSize(width=1200, height=900)
PHONE = ViewportSize(width=360, height=740)


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """The app behind uvicorn on a free port of this machine; its base address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_level="error"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving


@asynccontextmanager
async def browsing(viewport: ViewportSize, *, javascript: bool = False) -> AsyncIterator[Page]:
    """A fresh browser's page, without JavaScript unless asked for. Its console must have said nothing."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(viewport=viewport, java_script_enabled=javascript, locale="en-GB")
        page = await context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        yield page
        await browser.close()
    assert [text for text in said if "status of 4" not in text] == []
