"""Arguments that several benchmarks take."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable


def names_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    """For an argument that takes some of the names, with commas between."""

    def names(text: str) -> list[str]:
        asked = text.split(",")
        if unknown := set(asked) - set(known):
            msg = f"{', '.join(sorted(unknown))} is none of {', '.join(known)}"
            raise argparse.ArgumentTypeError(msg)
        return asked

    return names
