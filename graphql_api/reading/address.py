"""Where a database is, by its URL: what may stand there in libpq's words, and how the driver is told the same."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DRIVERS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
NAME: Final = "partner-api"
"""What connections are called in pg_stat_activity, unless the URL has a name for them."""
CONNECT_SECONDS: Final = 5
SYSTEM: Final = "system"
"""As sslrootcert: the authorities that the machine trusts, and the name of the host is checked."""
MODES: Final = "disable, allow, prefer, require, verify-ca or verify-full"
_MODE: Final = (re.compile("disable|allow|prefer|require|verify-ca|verify-full"), MODES)
_ANY: Final = (re.compile(".*", re.DOTALL), "")
_SESSIONS: Final = "any, primary, standby, read-write, read-only or prefer-standby"
PARAMETERS: Final = {
    "host": _ANY,
    "port": _ANY,
    "user": _ANY,
    "password": _ANY,
    "passfile": _ANY,
    "target_session_attrs": (re.compile(_SESSIONS.replace(", ", "|").replace(" or ", "|")), _SESSIONS),
    "sslmode": _MODE,
    "ssl": _MODE,
    "sslrootcert": _ANY,
    "connect_timeout": (re.compile("[1-9][0-9]{0,2}"), "whole seconds from 1 to 999"),
    "application_name": _ANY,
}
"""Of a PostgreSQL: what a value must match, and how that is said."""
_OURS: Final = ("sslmode", "ssl", "sslrootcert", "connect_timeout", "application_name")
"""What `connecting` tells the driver. SQLAlchemy hands on the others as they are."""
_SEVERAL: Final = ("host", "port")
LAST_PORT: Final = 65_535


def driven(text: str) -> URL:
    """The URL as SQLAlchemy takes it: without what `connecting` says."""
    url = make_url(text)
    return url.set(drivername=DRIVERS[url.get_backend_name()]).difference_update_query(_OURS)


def connecting(text: str, part: str = "", settings: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What else the driver of a PostgreSQL is told: `part` says in the connection's name what it is for."""
    query: Mapping[str, Any] = make_url(text).query
    name = f"{query.get('application_name', NAME)} {part}".rstrip()
    return {
        "timeout": int(query.get("connect_timeout", CONNECT_SECONDS)),
        "server_settings": {"application_name": name, **(settings or {})},
        **_encryption(query),
    }


def flaw_of(text: str) -> str | None:
    """What the URL of a PostgreSQL would have to say instead, where nobody could connect by it."""
    return next(_flaws(driven(text), make_url(text).query), None)


def _encryption(query: Mapping[str, Any]) -> dict[str, Any]:
    """The driver takes an authority's file only by a URL of its own, and the words of sslmode by the name of `ssl`."""
    mode, root = query.get("sslmode", query.get("ssl")), query.get("sslrootcert")
    if root == SYSTEM:
        return {"ssl": True}
    file = {"dsn": f"postgresql://?{urlencode({'sslrootcert': root})}"} if root else {}
    return file | ({"ssl": mode} if mode else {})


def _flaws(url: URL, query: Mapping[str, Any]) -> Iterator[str]:
    for name, value in query.items():
        if name not in PARAMETERS:
            yield f"no parameter {name}, only {', '.join(PARAMETERS)}"
        elif not isinstance(value, str) and name not in _SEVERAL:
            yield f"{name} once"
        elif isinstance(value, str) and not PARAMETERS[name][0].fullmatch(value):
            yield f"as {name} {PARAMETERS[name][1]}"
    if {"ssl", "sslmode"} <= query.keys():
        yield "sslmode or ssl, not both"
    if not _is_authority(query.get("sslrootcert", SYSTEM)):
        yield f"as sslrootcert a file of certificates, or {SYSTEM}"
    if not _has_ports(url):
        yield f"as port a number from 1 to {LAST_PORT}, one for each host"


def _is_authority(root: Any) -> bool:
    try:
        return root == SYSTEM or bool(ssl.create_default_context(cafile=root))
    except (OSError, ValueError):
        return False


def _has_ports(url: URL) -> bool:
    try:
        _, where = url.get_dialect()().create_connect_args(url)
    except (ArgumentError, ValueError):
        return False
    ports = where.get("port", 1)
    return all(0 < one <= LAST_PORT for one in (ports if isinstance(ports, list) else [ports]))
