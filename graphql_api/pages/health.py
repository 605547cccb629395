"""What operators' tools ask: alive, ready, and numbers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphql_api.migrations.standing import NotMigrated, check_migrated

if TYPE_CHECKING:
    from starlette.requests import Request

    from graphql_api.database import Database

PATIENCE: Final = 2.0
"""Seconds. Who asks is a balancer with a limit of its own, and a database that hangs says nothing."""
GOOD: Final = {"database": "ok", "migrations": "ok"}
LEAVING: Final = {"process": "stopping"}

log = structlog.get_logger(__name__)


def health_routes(readiness: Readiness) -> list[Route]:
    """/healthz: the process answers. /readyz: it can do its work. /metrics: Prometheus."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_request: Request) -> Response:
        checks = await readiness.checks()
        return JSONResponse(checks, status_code=200 if checks == GOOD else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]


class Readiness:
    """Whether the service can do its work. What changes is logged, once."""

    def __init__(self, database: Database) -> None:
        """Until it is asked, all is well."""
        self._database = database
        self.is_leaving = False
        """Whether the process is about to end."""
        self._told = GOOD
        self._going_on: set[asyncio.Task[None]] = set()

    async def checks(self) -> dict[str, str]:
        """What was checked, each with "ok" or what is wrong; within two seconds."""
        found, error = (LEAVING, None) if self.is_leaving else await self._found()
        if found != self._told:
            self._told = found
            say = log.info if found == GOOD else log.warning
            say("ready" if found == GOOD else "not ready", **found, error=error)
        return found

    async def finish(self) -> None:
        """Leave no asking behind: the database is about to be closed."""
        self.is_leaving = True
        for asking in self._going_on:
            asking.cancel()
        if self._going_on:
            await asyncio.wait(self._going_on, timeout=PATIENCE)

    async def _found(self) -> tuple[dict[str, str], str | None]:
        try:
            await self._asked()
        except NotMigrated as error:
            return {"database": "ok", "migrations": str(error)}, None
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no work without a database
            return {"database": "away"}, repr(error).partition("\n")[0]
        return GOOD, None

    async def _asked(self) -> None:
        """Ask, and leave alone whom the answer does not come to: giving up may hang as well."""
        asking = asyncio.create_task(check_migrated(self._database))
        self._going_on.add(asking)
        asking.add_done_callback(self._ended)
        await asyncio.wait({asking}, timeout=PATIENCE)
        if not asking.done():
            asking.cancel()
            raise TimeoutError(f"no answer in {PATIENCE:g} seconds")
        asking.result()

    def _ended(self, asking: asyncio.Task[None]) -> None:
        self._going_on.discard(asking)
        if not asking.cancelled():
            asking.exception()
