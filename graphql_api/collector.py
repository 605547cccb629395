"""Python's garbage collector, told what a server's memory is like."""

from __future__ import annotations

import gc

YOUNG = 20_000
"""Objects made before the young are looked at; an answer makes thousands, and leaves no cycles."""
OLDER, OLDEST = 20, 50


def tune() -> None:
    """What is there at the start stays: never look at it again, and look at the rest less often.

    A process that has just loaded everything, with the collector off, has no garbage worth a look either.
    """
    if gc.isenabled():
        gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDEST)
    gc.enable()
