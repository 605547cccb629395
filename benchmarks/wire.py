"""Bytes on the wire: where an HTTP answer ends, and the frames of a WebSocket. As little as measuring needs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

HOST = "127.0.0.1"
END_OF_HEAD = b"\r\n\r\n"
END_OF_LINE = b"\r\n"
END_OF_CHUNKS = b"0\r\n\r\n"
LENGTH = b"content-length:"
NOT_MODIFIED = b"HTTP/1.1 304"

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
FINAL, MASKED = 0x80, 0x80
SHORT = 126
"""A length from which on it stands for another, in the two bytes that follow, or eight for what is larger still."""
NO_MASK = bytes(4)
"""A client must mask what it sends; by zeros it costs nothing."""


def whole_length(answer: bytearray) -> int | None:
    """How long an answer is with its head: 0 if it comes in chunks, None if its head has not come yet."""
    end = answer.find(END_OF_HEAD)
    if end < 0:
        return None
    head = answer[:end].lower()
    body = head.find(LENGTH)
    if body >= 0:
        return end + len(END_OF_HEAD) + int(head[body + len(LENGTH) :].split(END_OF_LINE, 1)[0])
    return end + len(END_OF_HEAD) if answer.startswith(NOT_MODIFIED) else 0


def is_whole(answer: bytearray, length: int) -> bool:
    """Whether all of the answer has come; `length` as above."""
    return len(answer) >= length if length else answer.endswith(END_OF_CHUNKS)


def upgrade(host: str, protocol: str) -> bytes:
    """What asks for a WebSocket."""
    key = base64.b64encode(bytes(16)).decode()
    lines = [
        "GET /graphql HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
        f"Sec-WebSocket-Protocol: {protocol}",
    ]
    return "\r\n".join([*lines, "\r\n"]).encode()


def frame(payload: bytes, kind: int = TEXT) -> bytes:
    """A client's frame of at most 65535 bytes."""
    size = len(payload)
    length = bytes([MASKED | size]) if size < SHORT else bytes([MASKED | SHORT]) + size.to_bytes(2, "big")
    return bytes([FINAL | kind]) + length + NO_MASK + payload


def message(**parts: Any) -> bytes:
    """A client's frame that holds a message of the protocol."""
    return frame(json.dumps(parts).encode())


def take_frames(received: bytearray) -> Iterator[tuple[int, bytes]]:
    """The server's whole frames, each as its kind and what it holds; they are taken out of what was received."""
    start = 0
    while len(received) >= start + 2:
        size, begin = received[start + 1], start + 2
        if size >= SHORT:
            further = 2 if size == SHORT else 8
            size, begin = int.from_bytes(received[begin : begin + further]), begin + further
        if len(received) < begin + size:
            break
        yield received[start] & 0x0F, bytes(received[begin : begin + size])
        start = begin + size
    del received[:start]
