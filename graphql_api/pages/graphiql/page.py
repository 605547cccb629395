"""GET /graphiql: the page for trying queries, and below it the files that it is made of. All are our own."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.pages.graphiql.assets import assets, digest_of

DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    # GraphiQL writes styles as it goes: its dialogs keep the page from scrolling, its "jump to line" has sizes.
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "data:",  # GraphiQL's stylesheet carries its fonts
    "img-src": "data:",  # and its images; so does the page its icon
    "connect-src": "'self'",  # the endpoint beside the page, over HTTP and WebSocket
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGE_HEADERS = HEADERS | {
    "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in DIRECTIVES.items()),
    "Cache-Control": "no-cache",  # kept, and asked for again: it names the files of this version
    "X-Frame-Options": "DENY",  # nobody else's page may lead a signed-in developer's hand
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
ASSET_HEADERS = HEADERS | {
    "Cache-Control": "public, max-age=31536000, immutable",  # what an address holds never changes
}
_PAGE: Final = Path(__file__).parent / "own" / "page.html"


def graphiql_routes() -> list[Route]:
    """The routes of the page and of its files."""
    return [
        Route("/graphiql", _graphiql, name="graphiql"),
        Route("/graphiql/{address}", _asset, name="graphiql_asset"),
    ]


@cache
def graphiql_page() -> bytes:
    """The page. It names its files relative to itself, so it works below any path of a proxy."""
    html = _PAGE.read_text(encoding="utf-8")
    for asset in assets().values():
        html = html.replace(f'"{asset.name}"', f'"graphiql/{asset.address}"')
    return html.encode()


async def _graphiql(request: Request) -> Response:
    page = graphiql_page()
    return _unless_kept(request, page, digest_of(page), "text/html", PAGE_HEADERS)


async def _asset(request: Request) -> Response:
    asset = assets().get(request.path_params["address"])
    if asset is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return _unless_kept(request, asset.content, asset.digest, asset.media_type, ASSET_HEADERS)


def _unless_kept(
    request: Request, content: bytes, digest: str, media_type: str, headers: dict[str, str]
) -> Response:
    """The content, or only that what the browser has kept of it still holds."""
    tag = f'"{digest}"'
    headers = {**headers, "ETag": tag}
    if tag in request.headers.get("If-None-Match", ""):  # a proxy that compresses makes it W/"…"
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
