"""Frames are those of the library that reads everything else of the protocol."""

from __future__ import annotations

import pytest
from websockets.frames import Frame, Opcode

from graphql_api.server.frames import text_frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_text_is_framed_as_the_library_frames_it(size: int) -> None:
    text = ("é" * (size // 2) + "x" * (size % 2)).encode()
    assert text_frame(text) == Frame(Opcode.TEXT, text).serialize(mask=False)
