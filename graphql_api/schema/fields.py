"""How fields are declared, so that the types read like the contract."""

import inspect
from collections.abc import AsyncIterable, Callable
from functools import partial, wraps
from operator import attrgetter
from typing import Any, get_origin

import strawberry

from graphql_api.access.guards import anybody
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
WEIGHS = "weighs"
"""Where it holds like how many objects a long text counts (execution/counting.py)."""
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


def attribute(description: str, *, weighs: int = 0) -> Any:
    """What the row itself holds under the field's name. A long text `weighs` like so many objects."""
    return strawberry.field(description=description, metadata={WEIGHS: weighs})


def relation(name: str, key: str, description: str, *, allowed: Allowed = anybody) -> Any:
    """What the row leads to: the relation of that name (dataloaders/relations.py), asked with the row's `key`.

    It is declared rather than coded, so that a whole level can be loaded by one call. `allowed` as in answered_by.
    """

    def resolve(root: Any, info: strawberry.Info[Context, None]) -> Any:
        _check(allowed, info)
        value = getattr(root, key)
        return None if value is None else info.context.loaders.relation(name).load(value)

    get = attrgetter(key)

    def together(info: strawberry.Info[Context, None], roots: list[Any]) -> Any:
        _check(allowed, info)
        loaders, keys = info.context.loaders, list(map(get, roots))
        return loaders.at_hand(name, keys) or partial(loaders.level, name, keys)

    return _field(resolve, description, metadata={TOGETHER: together, LEAD: Lead(name, key)})


def answered_by(
    resolver: Resolver, description: str, *, allowed: Allowed = anybody, passing: bool = False
) -> Any:
    """What a resolver answers; the field's own annotation says its type, the resolver's return type says the row.

    Whoever sees the object may ask, if `allowed`; others get FORBIDDEN. A `passing` answer can change while nothing is
    written that moves the revision of what the viewer sees.
    """
    metadata = _declared(resolver) | {PASSING: passing}
    if allowed is anybody:
        return _field(resolver, description, metadata=metadata)
    if TOGETHER in metadata:
        metadata[TOGETHER] = _guarded_level(metadata[TOGETHER], allowed)
    return _field(_guarded(resolver, allowed), description, metadata=metadata)


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
        _check(allowed, kwargs["info"])
        return await resolver(*args, **kwargs) if is_async else resolver(*args, **kwargs)

    return guarded


def _guarded_level(together: Resolver, allowed: Allowed) -> Resolver:
    @wraps(together)
    async def guarded(info: strawberry.Info[Context, None], roots: list[Any], **given: Any) -> Any:
        _check(allowed, info)
        return await together(info, roots, **given)

    return guarded


def _guarded_stream(resolver: Resolver, allowed: Allowed) -> Resolver:
    @wraps(resolver)
    async def guarded(*args: Any, **kwargs: Any) -> Any:
        kwargs["info"].context.keep_to(allowed)
        stream = resolver(*args, **kwargs)
        return await stream if inspect.isawaitable(stream) else stream

    return guarded


def _check(allowed: Allowed, info: strawberry.Info[Context, None]) -> None:
    if not allowed(info.context):
        raise Forbidden


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
