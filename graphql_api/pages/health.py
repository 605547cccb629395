"""What operators' tools ask: alive, ready, and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphql_api.migrations.migrate import head, revision_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from graphql_api.database import Database

log = structlog.get_logger(__name__)


def health_routes(database: Database) -> list[Route]:
    """/healthz: the process answers. /readyz: it can do its work. /metrics: Prometheus."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_request: Request) -> Response:
        checks = await _checks(database)
        good = all(check == "ok" for check in checks.values())
        return JSONResponse(checks, status_code=200 if good else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]


async def _checks(database: Database) -> dict[str, str]:
    try:
        async with database.read() as session:
            revision = await (await session.connection()).run_sync(revision_of)
    except Exception:
        log.exception("not ready")
        return {"database": "away"}
    return {"database": "ok", "migrations": "ok" if revision == head() else f"at {revision}, not at {head()}"}
