"""What a sync is given: records, every field checked, and what is wrong with them kept with its path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from graphql_api.models.refusal import Blank, Invalid, LimitExceeded, NotFound, Refusal, Refused

ROW_LIMIT = 500
"""Records of one call, and entries of one list inside a record."""

KEEP = object()


class Field(NamedTuple):
    """One field of a record, by its key; a field that a record leaves out stays as it was."""

    key: str
    check: Callable[..., Any] = str
    needed: bool = False
    """A new row cannot do without."""
    null: Any = KEEP
    """What null stands for; as left out, where nothing is said."""
    items: tuple[Field, ...] = ()
    """For a list of records: their fields."""


@dataclass(slots=True)
class Given:
    """One record as read: its place in the call, and the values that it gives and that can be used."""

    path: tuple[str, ...]
    refusals: list[Refusal]
    """Of the whole call."""
    values: dict[str, Any] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def refuse(self, why: type[Refusal], key: str, *inner: str, message: str | None = None) -> None:
        """Refuse the value of a key, or something inside it."""
        self.refused.add(key)
        self.refusals.append(why(*self.path, camel(key), *inner, message=message))

    def need(self, fields: Iterable[Field]) -> None:
        """Refuse to make a new row of it, where it leaves out what a row cannot do without."""
        for wanted in fields:
            if wanted.needed and wanted.key not in self.values and wanted.key not in self.refused:
                self.refuse(Blank, wanted.key)

    def resolve(self, key: str, into: str, known: Mapping[str, Any]) -> None:
        """Put the key of the row that a value names under `into`; null stays null."""
        if key not in self.values:
            return
        name = self.values[key]
        if name is None or name in known:
            self.values[into] = known[name].id if name is not None else None
        else:
            self.refuse(NotFound, key)

    def kept(self, key: str, row: object | None) -> UUID | None:
        """The key that the row will hold: as given, else as it was."""
        found: UUID | None = self.values.get(key, getattr(row, key, None))
        return found

    def take(self, wanted: Field, value: Any) -> None:
        """Check a value and keep it."""
        if value is None:
            if wanted.null is not KEEP:
                self.values[wanted.key] = wanted.null
        elif not isinstance(value, str | Mapping) and isinstance(value, Sequence) and len(value) > ROW_LIMIT:
            self.refuse(LimitExceeded, wanted.key)
        elif wanted.items:
            path = (*self.path, camel(wanted.key))
            self.values[wanted.key] = read_all(value, wanted.items, path, self.refusals)
        else:
            self._check(wanted, value)

    def _check(self, wanted: Field, value: Any) -> None:
        try:
            self.values[wanted.key] = wanted.check(value, *self.path, camel(wanted.key))
        except Refusal as refusal:
            self.refused.add(wanted.key)
            self.refusals.append(refusal)
        except Refused as several:
            self.refused.add(wanted.key)
            self.refusals.extend(refusal for refusal in several.exceptions if isinstance(refusal, Refusal))


def read_all(
    records: Sequence[Mapping[str, Any]],
    fields: Sequence[Field],
    path: tuple[str, ...],
    refusals: list[Refusal],
) -> list[Given]:
    """Read every record of a list; what is wrong goes to `refusals`."""
    return [
        _read(record, fields, Given((*path, str(index)), refusals)) for index, record in enumerate(records)
    ]


def refuse_doubles(givens: Iterable[Given], *keys: str) -> None:
    """Refuse every record that names what an earlier one names: who knows which should hold."""
    seen = set()
    for given in givens:
        mark = tuple(given.values.get(key) for key in keys)
        if None in mark:
            continue
        if mark in seen:
            given.refuse(Invalid, keys[-1], message="is listed twice")
        seen.add(mark)


def camel(key: str) -> str:
    """The contract's spelling of a key: externalId for external_id."""
    first, *others = key.split("_")
    return first + "".join(map(str.capitalize, others))


def _read(record: Mapping[str, Any], fields: Sequence[Field], given: Given) -> Given:
    for wanted in fields:
        if wanted.key in record:
            given.take(wanted, record[wanted.key])
    return given
