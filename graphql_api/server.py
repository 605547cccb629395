"""Running the service: uvicorn, told to stop without waiting for streams that never end by themselves."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.supervisors import Multiprocess

from graphql_api.app import App
from graphql_api.execution.requests import MAX_BYTES
from graphql_api.logs import configure_logs
from graphql_api.settings import WrongSetting, read_settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from graphql_api.settings import Settings

GRACE_SECONDS = 10


class Server(uvicorn.Server):
    """A server that ends its streams when it stops."""

    def __init__(self, config: uvicorn.Config, app: App) -> None:
        """`app` is what the config runs."""
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: say goodbye on every stream first."""
        await self._app.going_away()
        await super().shutdown(sockets)


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve by the environment, in so many processes, until told to stop.

    Raises:
        WrongSetting: the secret is missing, or the address cannot be used.

    """
    settings.secret  # noqa: B018 - say at once that it is missing
    bound = _bound(host, port)
    if workers == 1:
        server_of(App(settings), host, port).run(sockets=[bound])
    else:
        config = _config("graphql_api.server:of_this_process", host, port, workers)
        Multiprocess(config, sockets=[bound]).run()


def of_this_process() -> Starlette:
    """The application by the environment, for one of several processes."""
    settings = read_settings()
    configure_logs(settings)
    return App(settings).asgi


def server_of(app: App, host: str, port: int) -> Server:
    """The server of one process."""
    return Server(_config(app.asgi, host, port), app)


def _config(app: Starlette | str, host: str, port: int, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        workers=workers,
        factory=isinstance(app, str),
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=MAX_BYTES + 1_024,
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family)
    except OSError as error:
        msg = f"--host, --port: {host}:{port} cannot be used: {error.strerror or error}"
        raise WrongSetting(msg) from None
    bound.set_inheritable(True)
    return bound
