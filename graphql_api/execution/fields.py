"""The fields of a level: each is one column, read and completed at once for all the level's objects."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from graphql_api.execution.borrowed import is_awaitable

if TYPE_CHECKING:
    from graphql_api.execution.calls import Call, Run
    from graphql_api.execution.columns import Column, MaybeAwaited
    from graphql_api.execution.levels import Completion


class Field(Protocol):
    """One field of the objects of a level."""

    @property
    def asks(self) -> bool:
        """Whether it asks somebody else, such as the database."""

    def column(self, run: Run, objects: Column, /) -> MaybeAwaited:
        """The field of each object, completed."""


@dataclass(slots=True)
class Typename:
    """__typename."""

    name: str
    asks: bool = field(default=False, init=False)

    def column(self, _run: Run, objects: Column) -> Column:
        """The same for all."""
        return [self.name] * len(objects)


@dataclass(slots=True)
class Attribute:
    """What the object itself holds."""

    get: Callable[[Any], Any]
    complete: Completion
    asks: bool = field(default=False, init=False)

    def column(self, run: Run, objects: Column) -> MaybeAwaited:
        """Completed."""
        return self.complete(run, list(map(self.get, objects)))


@dataclass(slots=True)
class Together:
    """What a resolver answers for a whole level in one call."""

    resolve: Callable[..., Any]
    call: Call
    complete: Completion
    is_async: bool
    lead: Hashable | None = None
    """Where it leads, if that may be brought along with the objects themselves."""
    is_brought: bool = False

    @property
    def asks(self) -> bool:
        """Whether it asks somebody else."""
        return self.is_async and not self.is_brought

    def column(self, run: Run, objects: Column) -> MaybeAwaited:
        """Completed."""
        if self.is_async:
            return self._asked(run, objects)
        info, given = run.given_together(self.call)
        return self.complete(run, self.resolve(info, objects, **given))

    async def _asked(self, run: Run, objects: Column) -> Column:
        info, given = run.given_together(self.call)
        column = self.complete(run, await self.resolve(info, objects, **given))
        return column if isinstance(column, list) else await column


@dataclass(slots=True)
class OneByOne:
    """What a resolver answers for each object."""

    call: Call
    complete: Completion
    asks: bool

    async def column(self, run: Run, objects: Column) -> Column:
        """Completed."""
        info, given = run.given(self.call)
        values = [self.call.resolve(one, info, given) for one in objects]
        awaited = [value for value in values if is_awaitable(value)]
        if awaited:
            answers = iter(await wait_for_all(awaited))
            values = [next(answers) if is_awaitable(value) else value for value in values]
        column = self.complete(run, values)
        return column if isinstance(column, list) else await column


async def settled(column: MaybeAwaited) -> Column:
    """The column, waited for where it is not there at once."""
    return column if isinstance(column, list) else await column


async def wait_for_all(awaitables: Sequence[Awaitable[Any]]) -> Column:
    """Wait for all at once, so that what they load is loaded together.

    Where one raises, the others are not cut short: a load on which others wait would stay cancelled for them too.
    """
    if len(awaitables) == 1:
        return [await awaitables[0]]
    answers = await asyncio.gather(*awaitables, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
