"""The command `demo`: the whole service on demo data, in one process."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from uvicorn import Config

from graphql_api.access.door import Door
from graphql_api.access.link_token import LinkTokens
from graphql_api.app import App
from graphql_api.database import Database
from graphql_api.demo.folder import DemoFolder
from graphql_api.demo.seed import is_seeded, seed
from graphql_api.demo.tokens import tokens_for
from graphql_api.demo.welcome import Welcome, open_page
from graphql_api.logs import configure_logs
from graphql_api.migrations.migrate import upgrade
from graphql_api.models.by import By
from graphql_api.server.serving import Server, config_of
from graphql_api.settings import Settings, WrongSetting, read_settings

HOST = "127.0.0.1"
DEMO = By(None, "Demo")


def run_demo(port: int, data: Path) -> None:
    """Serve the demo that is in the folder until Ctrl-C or SIGTERM; the first start makes it.

    Raises:
        WrongSetting: the port cannot be used; nothing has been made then.
        OSError: the folder cannot be made.

    """
    with suppress(KeyboardInterrupt), _bound(port) as bound:
        # What scripts start with `&` is born deaf to it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
        _serve(bound, DemoFolder.at(data))


def _serve(bound: socket.socket, folder: DemoFolder) -> None:
    port = bound.getsockname()[1]
    settings = _settings(folder, port)
    configure_logs(settings)
    logging.getLogger().setLevel(logging.WARNING)
    upgrade(settings.database_url)
    app = App(settings)
    config = config_of(app, HOST, port)
    # The loop is the server's: faster than asyncio's.
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        welcome = runner.run(_prepared(settings, folder))

    def greet() -> None:
        folder.tell(welcome.facts())
        _say(welcome.text())

    Greeter(config, app, greet).run(sockets=[bound])


def _settings(folder: DemoFolder, port: int) -> Settings:
    return read_settings(
        database_url=folder.database_url,
        secret_key=folder.secret(),
        public_url=f"http://{HOST}:{port}",
        mail_url=f"folder://{folder.mails}",
        embedded_worker=True,
    )


async def _prepared(settings: Settings, folder: DemoFolder) -> Welcome:
    """The demo's data and tokens, made or found."""
    database = Database(settings.database_url)
    links = LinkTokens(settings.secret, settings.public_url)
    try:
        async with database.write(DEMO) as writing:
            if not await is_seeded(writing):
                _say(f"Making the demo's data in {folder.path} …")
                await seed(writing, links, settings.milestones)
        door = Door(database, database.clock)
        async with database.write(DEMO) as writing:
            tokens = await tokens_for(writing, door, folder.known_tokens())
            page = await open_page(writing.session, links)
    finally:
        await database.close()
    return Welcome(settings.public_url, folder, tokens, page)


class Greeter(Server):
    """A server that says so once it listens: whoever waits for that may ask at once."""

    def __init__(self, config: Config, app: App, greet: Callable[[], None]) -> None:
        """`greet` is called once."""
        super().__init__(config, app)
        self._greet = greet

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and greet."""
        await super().startup(sockets)
        if self.started:
            self._greet()


def _bound(port: int) -> socket.socket:
    """The port, ours from here on."""
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error
        raise WrongSetting(
            f"--port: {HOST}:{port} cannot be used: {why}; --port 0 takes a free one"
        ) from None


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command talks to whoever started it
