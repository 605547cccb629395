"""Unchanged answers: kept under the version of what they were made of, and not sent to who has them.

What the answer to a lasting query depends on is all in its version: who asks and what they may do, the revisions of
what they see as the database tells them at this request, the day, the document and its variables. So an answer found
under the version of a request is the answer that would be made for it. Nothing is ever invalidated: with what it
shows, a query's version changes.

The schema's description is the same for everybody as long as the process runs. Strangers may ask for it, so it is kept
apart.

The tag that clients see is of the answer itself: it tells nobody that something changed which the answer does not show.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import orjson

from graphql_api.bounded import Bounded
from graphql_api.execution.outcomes import Encoded
from graphql_api.models.client_error import OperationUnresolved

if TYPE_CHECKING:
    from collections.abc import Hashable

    from graphql_api.execution.documents import Document, Documents
    from graphql_api.execution.requests import Asker, Request

KEPT_ANSWERS: Final = 4_000
KEPT_BYTES: Final = 32 * 2**20
DESCRIPTIONS: Final = 50
DESCRIBED_BYTES: Final = 8 * 2**20
OF_SCHEMA: Final = b"schema "
"""How the versions of its description begin."""


class Unchanged:
    """The answers that were given lately, in JSON. Noise pushes nothing out but other strangers'."""

    def __init__(self, documents: Documents) -> None:
        """Nothing is kept yet."""
        self._documents = documents
        self._kept: Bounded[bytes, Encoded] = Bounded(KEPT_ANSWERS, KEPT_BYTES)
        self._described: Bounded[bytes, Encoded] = Bounded(DESCRIPTIONS, DESCRIBED_BYTES)

    def version(self, request: Request, context: Asker) -> bytes | None:
        """The version of the request's answer; None where it may change while nothing is written."""
        document = self._documents.kept(request.query)
        if document is None or not _lasts(document, request.operation_name):
            return None
        if document.describes(request.operation_name):
            digest = _digest(request, None)
            return OF_SCHEMA + digest if digest else None
        seen_by = context.seen_by
        return None if seen_by is None else _digest(request, (context.asker, seen_by))

    def find(self, version: bytes) -> Encoded | None:
        """The answer of that version."""
        return self._among(version).find(version)

    def keep(self, version: bytes, body: bytes) -> Encoded:
        """Keep an answer without errors."""
        answer = Encoded(body, f'"{blake2b(body, digest_size=16).hexdigest()}"')
        self._among(version).keep(version, answer, len(body))
        return answer

    def _among(self, version: bytes) -> Bounded[bytes, Encoded]:
        return self._described if version.startswith(OF_SCHEMA) else self._kept


def _lasts(document: Document, operation_name: str | None) -> bool:
    """Which operation is meant may be unclear; whoever runs it tells that."""
    try:
        return document.lasts(operation_name)
    except OperationUnresolved:
        return False


def _digest(request: Request, by: Hashable) -> bytes | None:
    asked = [repr(by), request.query, request.operation_name, request.variables]
    try:
        spelled = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return None
    return blake2b(spelled, digest_size=16).digest()


def is_named(tag: str, if_none_match: str) -> bool:
    """Whether a request's If-None-Match, all its lines together, names the tag."""
    return any(one.strip().removeprefix("W/") in {tag, "*"} for one in if_none_match.split(","))
