"""GET /graphiql: the stock page for trying queries, pointed at our endpoint."""

from __future__ import annotations

from functools import cache

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from strawberry.http.ides import get_graphql_ide_html

_OWN_ADDRESS = 'window.location.href.split("?")[0]'
_ENDPOINT = 'new URL("graphql", window.location.href).href'
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # nobody else's page may lead a signed-in developer's hand
    "Referrer-Policy": "no-referrer",
}


def graphiql_routes() -> list[Route]:
    """The route of the page."""
    return [Route("/graphiql", _graphiql, name="graphiql")]


@cache
def graphiql_page() -> str:
    """Strawberry's page. It takes its own address for the endpoint's, HTTP and WebSocket; ours is beside it.

    Raises:
        ValueError: Strawberry's page has changed and must be looked at again.

    """
    stock = get_graphql_ide_html("graphiql")
    if stock.count(_OWN_ADDRESS) != 1:
        raise ValueError("Strawberry's GraphiQL no longer names its endpoint as it did")
    return stock.replace(_OWN_ADDRESS, _ENDPOINT)


async def _graphiql(_request: Request) -> HTMLResponse:
    return HTMLResponse(graphiql_page(), headers=HEADERS)
