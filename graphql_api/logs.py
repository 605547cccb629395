"""The log: for people on a terminal, JSON lines elsewhere."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from typing import TYPE_CHECKING, Any, Final

import structlog

from graphql_api.reading.faults import without_values

if TYPE_CHECKING:
    from structlog.typing import EventDict

    from graphql_api.settings import Settings

_PASSWORD: Final = re.compile(r"(://[^\s:/@]*:)[^\s@]+@")
"""In a URL that an error names."""


def configure_logs(settings: Settings) -> None:
    """Send our log and the libraries' to stderr, in one form."""
    kind = settings.log or ("console" if sys.stderr.isatty() else "json")
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Plain tracebacks: rich ones print the values of variables, which may be secrets, and take half a second each.
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    rendering = [console] if kind == "console" else [_with_pid, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _without_values,
                *rendering,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").addFilter(_is_no_cut)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of every look at a database


def _with_pid(_logger: object, _level: str, event: EventDict) -> EventDict:
    """Several processes may write to one log."""
    return {**event, "pid": os.getpid()}


def _without_values(_logger: object, _level: str, event: EventDict) -> EventDict:
    if "exception" in event:
        event["exception"] = _PASSWORD.sub(r"\1***@", without_values(event["exception"]))
    return event


def _is_no_cut(record: logging.LogRecord) -> bool:
    """The server says itself what a stop has cut; uvicorn takes each request of it for a failure."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
