"""The README, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One block of shell, and what it is said to print; None where nothing is said of that."""

    shell: str
    prints: str | None


def steps() -> list[Step]:
    """The README's blocks of shell in their order; the block that follows one directly is what it prints."""
    text = README.read_text("utf-8")
    blocks = list(FENCED.finditer(text))
    following = {before.start(): after for before, after in pairwise(blocks)}
    found = []
    for block in blocks:
        if block[1] == "sh":
            after = following.get(block.start())
            is_near = after is not None and after.start() == block.end() + 1 and after[1] in {"json", "text"}
            found.append(Step(block[2], after[2] if after and is_near else None))
    return found


def table_of(header: str) -> list[str]:
    """The first column of the table that starts with this header, without backticks."""
    lines = README.read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {header} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(line.split("|")[1].strip().replace("`", ""))
    return rows
