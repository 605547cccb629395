"""URLs as operators write them: what they are, and how they are shown."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SECRET_IN_QUERY = re.compile(r"([?&][^=&]*(?:pass|secret|key|token)[^=&]*=)[^&]*", re.IGNORECASE)


def parts_of(url: str) -> SplitResult:
    """The parts of a URL; of one that is none, no parts."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it is read only here
    except ValueError:
        return urlsplit("")
    return parts


def is_web(parts: SplitResult) -> bool:
    """Whether they are those of a page, with nobody signed in."""
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def is_database(url: str) -> bool:
    """Whether the service can keep its data there."""
    try:
        made = make_url(url)
    except (ArgumentError, ValueError):
        return False
    is_file = made.database and made.database != ":memory:"  # each connection would have one of its own
    return url.startswith("postgresql://") or bool(
        url.startswith("sqlite:///") and is_file and not made.query
    )


def masked(url: str) -> str:
    """The URL without passwords, however badly it is written: not even a part of one may be printed."""
    before, at, after = SECRET_IN_QUERY.sub(r"\1***", url).rpartition("@")
    scheme, slashes, signed_in = before.partition("://") if "://" in before else ("", "", before)
    user, colon, _ = signed_in.partition(":")
    return f"{scheme}{slashes}{user}{colon}{'***' if colon else ''}{at}{after}"
