"""The clients of the benchmarks read what servers send, in whatever pieces it comes."""

from __future__ import annotations

import pytest

from benchmarks.wire import PING, TEXT, frame, is_whole, message, take_frames, whole_length

OK = b"HTTP/1.1 200 OK\r\n"


def from_server(payload: bytes, kind: int = TEXT) -> bytes:
    """A frame as a server sends it: without a mask."""
    size = len(payload)
    if size < 126:
        return bytes([0x80 | kind, size]) + payload
    length = (
        bytes([126]) + size.to_bytes(2, "big") if size < 2**16 else bytes([127]) + size.to_bytes(8, "big")
    )
    return bytes([0x80 | kind]) + length + payload


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_frames_of_every_length_are_read(size: int) -> None:
    received = bytearray(from_server(b"x" * size) + from_server(b"p", PING))
    assert list(take_frames(received)) == [(TEXT, b"x" * size), (PING, b"p")]
    assert received == b""


@pytest.mark.parametrize("split", [1, 3, 50, 299])
def test_a_frame_that_has_not_come_whole_waits(split: int) -> None:
    whole = from_server(b"x" * 300)
    received = bytearray(whole[:split])
    assert list(take_frames(received)) == []
    received += whole[split:]
    assert list(take_frames(received)) == [(TEXT, b"x" * 300)]


def test_a_clients_frame_is_masked_by_nothing() -> None:
    assert frame(b"hello") == bytes([0x81, 0x85, 0, 0, 0, 0]) + b"hello"
    assert message(type="pong").endswith(b'{"type": "pong"}')


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        (OK + b"content-length: 2\r\n\r\n{}", True),
        (OK + b"Content-Length: 2\r\nX: y\r\n\r\n{", False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", True),
        (b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', True),
    ],
)
def test_an_answer_ends_where_it_says(answer: bytes, *, whole: bool) -> None:
    length = whole_length(bytearray(answer))
    assert length is not None
    assert is_whole(bytearray(answer), length) is whole


def test_an_answer_without_its_head_has_no_length_yet() -> None:
    assert whole_length(bytearray(OK)) is None
