"""Attributes that are made when they are first asked for, and kept.

functools' own take a lock until Python 3.12, which costs as much as what most of them make; a request has eight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Once(Generic[T]):
    """Decorates the method that makes it; what it made is in the object's own attributes from then on."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        """`make` is called at most once for each object, unless the attribute is deleted."""
        self.make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        """The class says under which name it has it."""
        self._name = name

    def __get__(self, owner: Any, _kind: type | None = None) -> T:
        """What is made now; from the next time on, this is not asked."""
        made = owner.__dict__[self._name] = self.make(owner)
        return made
