"""How every mutation is made: one transaction, its refusals as data, and a repeat answered like the first time (D3)."""

import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from uuid import UUID

from graphql_api.actions.record import position_after
from graphql_api.context import Context
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.refusal import Conflict, NotPending, Refusal, Refused
from graphql_api.reading.faults import once_more
from graphql_api.resolvers import repeats
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.refusals import Answer, Payload, all_of, told

Change = Callable[..., Awaitable[Answer]]
"""Called with info, input and the writing; answers with the payload's fields."""


def changing(
    current: Change | None = None, *, by: By | None = None, **empty: Any
) -> Callable[[Change], Callable[..., Awaitable[Payload]]]:
    """Make a change within one transaction, by the viewer unless said otherwise, and answer with a payload.

    After a CONFLICT or NOT_PENDING `current`, called with info and input, tells how the object stands now; `empty` are
    the fields that are not null without an outcome.
    """

    def decorate(change: Change) -> Callable[..., Awaitable[Payload]]:
        @wraps(change)
        async def changed(info: Info, input: Any) -> Payload:
            use = repeats.use_of(info, input)
            try:
                return await made_or_refused(info, input, use)
            except repeats.Repeated as repeated:
                return await _as_before(info.context, repeated.outcome, empty)

        async def made_or_refused(info: Info, input: Any, use: repeats.Use | None) -> Payload:
            try:
                return Payload([], **await once_more(lambda: _made(info, input, change, by, use)))
            except (Refusal, Refused) as refused:
                refusals = all_of(refused)
            moved_on = any(isinstance(one, Conflict | NotPending) for one in refusals)
            shown = await current(info, input) if current and moved_on else {}
            errors = told(refusals)
            await repeats.keep_refusals(info.context, by, use, errors, shown)
            return Payload(errors, **(empty | shown))

        signature = inspect.signature(change)
        kept = [parameter for name, parameter in signature.parameters.items() if name != "writing"]
        changed.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return changed

    return decorate


async def cursor_after(info: Info, writing: Writing, partner_id: UUID) -> str:
    """Where the partner's stream stands after the change (D2); to be asked last."""
    return info.context.cursor(partner_id, await position_after(writing, partner_id))


async def _made(info: Info, input: Any, change: Change, by: By | None, use: repeats.Use | None) -> Answer:
    async with info.context.write(by) as writing:
        if use:
            await repeats.claim(writing, use)
        said = await change(info, input, writing)
        if use:
            await repeats.keep(writing, use, said)
    _remember(info.context, said)
    return said


def _remember(context: Context, said: Answer) -> None:
    """What was written need not be read again for the answer."""
    for link in said.values():
        if isinstance(link, rows.ConfirmationLink) and "products" in vars(link):
            context.loaders.known("products of link")[link.id] = link.products


async def _as_before(context: Context, outcome: dict[str, Any], empty: Answer) -> Payload:
    errors, said = await repeats.recalled(context, outcome)
    return Payload(errors, **(empty | said))
