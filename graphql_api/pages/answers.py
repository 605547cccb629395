"""Answers to browsers: HTML, and the headers that keep a client's page to itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.responses import HTMLResponse, Response

from graphql_api.models.actor import Locale
from graphql_api.texts.engagement_page import STYLESHEET_HASH, Problem, problem_page

POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src '{STYLESHEET_HASH}'",
        "img-src data:",  # the icon of the browser's tab, written into the page
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Vary": "Accept-Language",
}
STATUSES = {
    Problem.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Problem.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Problem.WRONG_TYPE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Problem.WRONG_METHOD: HTTPStatus.METHOD_NOT_ALLOWED,
    Problem.FAILED: HTTPStatus.INTERNAL_SERVER_ERROR,
    Problem.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
RETRY_SECONDS: Final = 5
"""When to come back to what is away, as clients of the API are told."""


def page(html: str, locale: Locale, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """A page that nobody but its reader keeps, frames, indexes or hears of."""
    return HTMLResponse(html, status, {**HEADERS, "Content-Language": locale.value.lower()})


def problem(kind: Problem, locale: Locale, *, reference: str | None = None) -> Response:
    """The page for a request that has no statement to show, with the status that fits."""
    response = page(problem_page(kind, locale, reference=reference), locale, STATUSES[kind])
    if kind is Problem.UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def see(address: str) -> Response:
    """Send the browser on to read: reloading what it then shows sends no form again."""
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={**HEADERS, "Location": address})
