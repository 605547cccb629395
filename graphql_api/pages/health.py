"""What operators' tools ask: alive, ready, and numbers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphql_api.migrations.standing import NotMigrated, check_migrated
from graphql_api.reading.faults import in_a_line

if TYPE_CHECKING:
    from starlette.requests import Request

    from graphql_api.database import Database
    from graphql_api.realtime.listening import Listener

PATIENCE: Final = 2.0
"""Seconds. Who asks is a balancer with a limit of its own, and a database that hangs says nothing."""
GOOD: Final = {"database": "ok", "migrations": "ok"}
READ_ONLY: Final = {"database": "read-only", "migrations": "ok"}
LEAVING: Final = {"process": "stopping"}

log = structlog.get_logger(__name__)


def health_routes(readiness: Readiness) -> list[Route]:
    """/healthz: the process answers. /readyz: it can do its work. /metrics: Prometheus."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_request: Request) -> Response:
        checks = await readiness.checks()
        if checks == GOOD:
            return JSONResponse({**checks, "stream": readiness.stream})
        return JSONResponse(checks, status_code=503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]


class Readiness:
    """Whether the service can do its work. What changes is logged, once."""

    def __init__(self, database: Database, listener: Listener | None = None) -> None:
        """Until it is asked, all is well."""
        self._database = database
        self._listener = listener
        self.is_leaving = False
        """Whether the process is about to end."""
        self._told = GOOD
        self._going_on: set[asyncio.Task[bool]] = set()

    async def checks(self) -> dict[str, str]:
        """What was checked, each with "ok" or what is wrong; within two seconds."""
        found, error = (LEAVING, None) if self.is_leaving else await self._found()
        if found != self._told:
            self._told = found
            say = log.info if found == GOOD else log.warning
            say("ready" if found == GOOD else "not ready", **found, error=error)
        return found

    @property
    def stream(self) -> str:
        """Whether followers hear at once of what other processes do, "ok", or within a second, "slow"."""
        return "ok" if self._listener is None or self._listener.is_listening else "slow"

    async def finish(self) -> None:
        """Leave no asking behind: the database is about to be closed."""
        self.is_leaving = True
        for asking in self._going_on:
            asking.cancel()
        if self._going_on:
            await asyncio.wait(self._going_on, timeout=PATIENCE)

    async def _found(self) -> tuple[dict[str, str], str | None]:
        try:
            return (GOOD if await self._asked() else READ_ONLY), None
        except NotMigrated as error:
            return {"database": "ok", "migrations": str(error)}, None
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no work without a database
            return {"database": "away"}, in_a_line(error)

    async def _asked(self) -> bool:
        """Ask, and leave alone whom the answer does not come to: giving up may hang as well."""
        asking = asyncio.create_task(self._ask())
        self._going_on.add(asking)
        asking.add_done_callback(self._ended)
        await asyncio.wait({asking}, timeout=PATIENCE)
        if not asking.done():
            asking.cancel()
            raise TimeoutError(f"no answer in {PATIENCE:g} seconds")
        return asking.result()

    async def _ask(self) -> bool:
        await check_migrated(self._database)
        return await self._database.takes_changes()

    def _ended(self, asking: asyncio.Task[bool]) -> None:
        self._going_on.discard(asking)
        if not asking.cancelled():
            asking.exception()
