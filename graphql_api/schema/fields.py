"""How fields are declared, so that the types read like the contract."""

import inspect
from collections.abc import AsyncIterable, Callable
from functools import partial, wraps
from operator import attrgetter
from typing import Any, get_origin

import strawberry

from graphql_api.context import Context
from graphql_api.dataloaders.ahead import Lead
from graphql_api.models.client_error import Forbidden
from graphql_api.reading.records import is_record_class

PASSING = "passing"
"""The mark, in a field's metadata, of one whose answer can change while nothing is written that all see who see it."""
TOGETHER = "together"
"""Where a field's metadata holds what answers it for a whole level in one call, or says what to await for that."""
LEAD = "lead"
"""Where it holds which relation the field is."""
BRINGS = "brings"
"""Where it holds which of the relations below it the resolver brings along, if it is told to (`info.ahead`)."""

Allowed = Callable[[Context], bool]
Resolver = Callable[..., Any]


def made_of(model: type, when: Callable[[Any], bool] | None = None) -> Any:
    """For a type's `is_type_of`: which rows, behind an interface, are of this type.

    It tells apart what the class of a row decides (`fits`) from the rest (`when`).
    """

    def is_type_of(_type: type, row: object, _info: object) -> bool:
        return is_record_class(type(row), model) and (when is None or when(row))

    is_type_of.fits = lambda kind: is_record_class(kind, model)  # type: ignore[attr-defined]
    is_type_of.when = when  # type: ignore[attr-defined]
    return classmethod(is_type_of)


def attribute(description: str) -> Any:
    """What the row itself holds under the field's name."""
    return strawberry.field(description=description)


def relation(name: str, key: str, description: str) -> Any:
    """What the row leads to: the relation of that name (dataloaders/relations.py), asked with the row's `key`.

    It is declared rather than coded, so that a whole level can be loaded by one call.
    """

    def resolve(root: Any, info: strawberry.Info[Context, None]) -> Any:
        value = getattr(root, key)
        return None if value is None else info.context.loaders.relation(name).load(value)

    get = attrgetter(key)

    def together(info: strawberry.Info[Context, None], roots: list[Any]) -> Any:
        loaders, keys = info.context.loaders, list(map(get, roots))
        return loaders.at_hand(name, keys) or partial(loaders.level, name, keys)

    return _field(resolve, description, metadata={TOGETHER: together, LEAD: Lead(name, key)})


def answered_by(resolver: Resolver, description: str, *, passing: bool = False) -> Any:
    """What a resolver answers; the field's own annotation says its type, the resolver's return type says the row.

    A `passing` answer can change while nothing is written that moves the revision of what the viewer sees.
    """
    return _field(resolver, description, metadata=_declared(resolver) | {PASSING: passing})


def done_by(resolver: Resolver, *, allowed: Allowed, description: str, passing: bool = False) -> Any:
    """An operation: who answers it and who may ask. Neither can be left out. `passing` as in answered_by."""
    if get_origin(inspect.signature(resolver).return_annotation) is AsyncIterable:
        return _field(_guarded_stream(resolver, allowed), description, subscription=True)
    metadata = _declared(resolver) | {PASSING: passing}
    return _field(_guarded(resolver, allowed), description, metadata=metadata)


def _declared(resolver: Resolver) -> dict[str, Any]:
    return {mark: getattr(resolver, mark) for mark in (TOGETHER, BRINGS) if hasattr(resolver, mark)}


def _guarded(resolver: Resolver, allowed: Allowed) -> Resolver:
    is_async = inspect.iscoroutinefunction(resolver)

    @wraps(resolver)
    async def guarded(*args: Any, **kwargs: Any) -> Any:
        if not allowed(kwargs["info"].context):
            raise Forbidden
        return await resolver(*args, **kwargs) if is_async else resolver(*args, **kwargs)

    return guarded


def _guarded_stream(resolver: Resolver, allowed: Allowed) -> Resolver:
    @wraps(resolver)
    async def guarded(*args: Any, **kwargs: Any) -> Any:
        kwargs["info"].context.keep_to(allowed)
        stream = resolver(*args, **kwargs)
        return await stream if inspect.isawaitable(stream) else stream

    return guarded


def _field(resolver: Resolver, description: str, *, subscription: bool = False, metadata: Any = None) -> Any:
    signature = inspect.signature(resolver).replace(return_annotation=inspect.Signature.empty)
    if not hasattr(resolver, "__wrapped__"):
        resolver = _copied(resolver)
    resolver.__signature__ = signature  # type: ignore[attr-defined]
    if subscription:
        return strawberry.subscription(resolver=resolver, description=description)
    return strawberry.field(resolver=resolver, description=description, metadata=metadata)


def _copied(resolver: Resolver) -> Resolver:
    """A stand-in to hang the changed signature on; the resolver itself stays as it was written."""
    if inspect.iscoroutinefunction(resolver):

        @wraps(resolver)
        async def answer(*args: Any, **kwargs: Any) -> Any:
            return await resolver(*args, **kwargs)
    else:

        @wraps(resolver)
        def answer(*args: Any, **kwargs: Any) -> Any:
            return resolver(*args, **kwargs)

    return answer
