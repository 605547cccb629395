"""The command `serve`."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import structlog

from graphql_api.app import App
from graphql_api.server.processes import Processes
from graphql_api.server.serving import serve, server_of
from graphql_api.settings import WrongSetting

if TYPE_CHECKING:
    from graphql_api.settings import Settings

log = structlog.get_logger(__name__)


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve by the environment, in so many processes, until told to stop.

    Raises:
        WrongSetting: the secret is missing, or the address cannot be used.

    """
    settings.secret  # noqa: B018 - say at once that it is missing
    bound = _bound(host, port)
    log.info("serving", host=host, port=bound.getsockname()[1], processes=workers)
    if workers == 1:
        serve(server_of(App(settings), host, port), bound)
    else:
        Processes(bound, workers, settings.shutdown_seconds).run()


def _bound(host: str, port: int) -> socket.socket:
    if not _is_host(host):
        raise WrongSetting("--host: is no address; 127.0.0.1 listens to this machine, 0.0.0.0 to all")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=2_048)
    except OSError as error:
        msg = f"--host, --port: {host}:{port} cannot be used: {error.strerror or error}"
        raise WrongSetting(msg) from None
    bound.set_inheritable(True)
    return bound


def _is_host(host: str) -> bool:
    try:
        return bool(host.strip() and host.encode("idna"))
    except UnicodeError:
        return False
