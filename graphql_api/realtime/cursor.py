"""Cursors: positions in a stream, as clients hold them (D1, D2)."""

from __future__ import annotations

import hmac
from base64 import b32hexdecode, b32hexencode
from typing import TYPE_CHECKING

from graphql_api.models.client_error import BadCursor

if TYPE_CHECKING:
    from uuid import UUID

CURSOR_LENGTH = 32
_POSITION_BYTES = 8


class Cursors:
    """Writes and reads cursors. One is bound to its stream, so it fits no other.

    Of two, the later sorts later as text: base32hex keeps the order of the bytes, and the position comes first.
    """

    def __init__(self, secret: bytes) -> None:
        """`secret` is the service's own."""
        self._secret = hmac.digest(secret, b"partner-api cursor", "sha256")

    def at(self, stream_id: UUID, position: int) -> str:
        """The cursor of a position: 32 characters."""
        raw = position.to_bytes(_POSITION_BYTES, "big")
        return b32hexencode(raw + self._proof(stream_id, raw)).decode()

    def position(self, stream_id: UUID, cursor: str) -> int:
        """Where in the stream it stands.

        Raises:
            BadCursor: malformed, or of another stream.

        """
        if len(cursor) != CURSOR_LENGTH or not cursor.isascii():
            raise BadCursor
        try:
            raw = b32hexdecode(cursor)
        except ValueError:
            raise BadCursor from None
        position, proof = raw[:_POSITION_BYTES], raw[_POSITION_BYTES:]
        if not hmac.compare_digest(proof, self._proof(stream_id, position)):
            raise BadCursor
        return int.from_bytes(position, "big")

    def _proof(self, stream_id: UUID, position: bytes) -> bytes:
        return hmac.digest(self._secret, stream_id.bytes + position, "sha256")[:12]
