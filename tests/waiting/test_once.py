"""What is made when it is first asked for is made once for each object."""

from __future__ import annotations

from itertools import count

from graphql_api.once import Once


class Numbered:
    numbers = count()

    @Once
    def number(self) -> int:
        return next(self.numbers)


def test_it_is_made_once_for_each_object() -> None:
    first, second = Numbered(), Numbered()
    assert (first.number, first.number, second.number) == (first.number, first.number, first.number + 1)


def test_what_was_deleted_is_made_anew() -> None:
    one = Numbered()
    before = one.number
    del one.number
    assert one.number == before + 1
