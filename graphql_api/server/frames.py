"""WebSocket frames, as RFC 6455 has them: those that thousands are sent at once."""

from __future__ import annotations

from typing import Final

WHOLE_TEXT: Final = b"\x81"
SHORT: Final = 125
"""Bytes whose number the second byte of the frame holds."""
MEDIUM: Final = 2**16 - 1


def text_frame(held: bytes) -> bytes:
    """A server's frame that holds a whole message, a text in UTF-8."""
    size = len(held)
    if size <= SHORT:
        return b"%b%c%b" % (WHOLE_TEXT, size, held)
    if size <= MEDIUM:
        return b"%b\x7e%b%b" % (WHOLE_TEXT, size.to_bytes(2), held)
    return b"%b\x7f%b%b" % (WHOLE_TEXT, size.to_bytes(8), held)
