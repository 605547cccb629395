"""The fields of a level: each is one column, read and completed at once for all the level's objects."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from graphql_api.execution.borrowed import is_awaitable

if TYPE_CHECKING:
    from graphql_api.execution.calls import Call, Run
    from graphql_api.execution.columns import Column, Later, MaybeLater
    from graphql_api.execution.levels import Completion


class Field(Protocol):
    """One field of the objects of a level."""

    def column(self, run: Run, objects: Column, /) -> MaybeLater:
        """The field of each object, completed."""


@dataclass(slots=True)
class Typename:
    """__typename."""

    name: str

    def column(self, _run: Run, objects: Column) -> Column:
        """The same for all."""
        return [self.name] * len(objects)


@dataclass(slots=True)
class Attribute:
    """What the object itself holds."""

    get: Callable[[Any], Any]
    complete: Completion

    def column(self, run: Run, objects: Column) -> MaybeLater:
        """Completed."""
        return self.complete(run, list(map(self.get, objects)))


@dataclass(slots=True)
class Together:
    """What a resolver answers for a whole level in one call."""

    resolve: Callable[..., MaybeLater]
    call: Call
    complete: Completion
    lead: Hashable | None = None
    """Where it leads, if that may be brought along with the objects themselves."""

    def column(self, run: Run, objects: Column) -> MaybeLater:
        """Completed."""
        info, given = run.given_together(self.call)
        answers = self.resolve(info, objects, **given)
        return (
            self.complete(run, answers) if isinstance(answers, list) else partial(self._later, run, answers)
        )

    async def _later(self, run: Run, begin: Later) -> Column:
        return await settled(self.complete(run, await begin()))


@dataclass(slots=True)
class OneByOne:
    """What a resolver answers for each object."""

    call: Call
    complete: Completion

    def column(self, run: Run, objects: Column) -> Later:
        """Completed; later, since any resolver may have something to be waited for."""
        return partial(self._later, run, objects)

    async def _later(self, run: Run, objects: Column) -> Column:
        info, given = run.given(self.call)
        values = [self.call.resolve(one, info, given) for one in objects]
        awaited = [value for value in values if is_awaitable(value)]
        if awaited:
            answers = iter(await wait_for_all(awaited))
            values = [next(answers) if is_awaitable(value) else value for value in values]
        return await settled(self.complete(run, values))


def then(column: MaybeLater, go_on: Callable[[Column], Column]) -> MaybeLater:
    """What is made of the column: at once where that is there."""
    return go_on(column) if isinstance(column, list) else partial(_then, column, go_on)


async def _then(begin: Later, go_on: Callable[[Column], Column]) -> Column:
    return go_on(await begin())


async def settled(column: MaybeLater) -> Column:
    """The column, waited for where it is not there at once."""
    return column if isinstance(column, list) else await column()


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
