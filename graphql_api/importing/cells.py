"""What the cells of an import's files say."""

from __future__ import annotations

from datetime import date
from typing import Any

LIST_MARK = "|"
FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def text(cell: str) -> Any:
    """The cell as it stands."""
    return cell


def member(cell: str) -> Any:
    """A member of an enum, in any case."""
    return cell.upper()


def flag(cell: str) -> Any:
    """Yes or no; anything else stays text, for the sync to refuse."""
    return FLAGS.get(cell.lower(), cell)


def day(cell: str) -> Any:
    """A date of ISO 8601; anything else stays text, for the sync to refuse."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return cell


def listed(cell: str) -> list[str]:
    """The entries of a cell, separated by |."""
    return [entry.strip() for entry in cell.split(LIST_MARK)]


def members(cell: str) -> Any:
    """Several members of an enum."""
    return listed(cell.upper())


def onboarding_types(cell: str) -> Any:
    """Onboarding types, each as code:name."""
    halves = (entry.partition(":") for entry in listed(cell))
    return [{"code": code, "name": name} for code, _, name in halves]
