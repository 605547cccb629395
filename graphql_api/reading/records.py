"""Records: rows as they are read, plain tuples with the names and the behaviour of their model.

Making a managed row of the ORM's costs many times as much as reading it, and questions change nothing.
"""

from __future__ import annotations

from collections import namedtuple
from functools import cache, partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import inspect

from graphql_api.models import rows
from graphql_api.models.named import Named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Children(NamedTuple):
    """Rows that each record holds, beside its own columns, as a list of that name."""

    name: str
    model: Any
    parent: Any
    """Their column that names the row whose they are."""
    order: Any


CHILDREN: dict[Any, Children] = {
    rows.Product: Children(
        "all_onboarding_types",
        rows.OnboardingType,
        rows.OnboardingType.product_id,
        rows.OnboardingType.position,
    ),
}


NOT_READ = {
    "name_key": Named,
    "recipients": rows.OutboxMail,
    "remaining": rows.OutboxMail,
    "text": rows.OutboxMail,
    "html": rows.OutboxMail,
}
"""Columns that no answer is made of: what the database sorts by, and the whole of a mail."""


@cache
def names_of(model: Any) -> tuple[str, ...]:
    """The names of the model's columns, in the order in which they are read."""
    names = [column.key for column in inspect(model).column_attrs]
    return tuple(name for name in names if not issubclass(model, NOT_READ.get(name, ())))


def columns_of(model: Any) -> list[Any]:
    """The model's columns, to select."""
    return [getattr(model, name) for name in names_of(model)]


@cache
def record_of(model: Any) -> type[tuple[Any, ...]]:
    """The class of the model's records."""
    behaviour = {
        name: value
        for base in reversed(model.__mro__)
        for name, value in vars(base).items()
        if isinstance(value, property | FunctionType) and not name.startswith("_")
    }
    own = behaviour | {"__slots__": (), "__doc__": model.__doc__}
    children = [CHILDREN[model].name] if model in CHILDREN else []
    base = namedtuple(f"{model.__name__}Record", (*names_of(model), *children))  # type: ignore[misc]  # noqa: PYI024
    return type(base.__name__, (base,), own)


@cache
def maker_of(model: Any) -> Callable[[Iterable[Any]], Any]:
    """Makes a record out of the model's columns, then its children; of a table of several models, of the one it is."""
    mapper = inspect(model)
    kinds = {one.polymorphic_identity: one.class_ for one in mapper.self_and_descendants}
    if len(kinds) == 1:
        return partial(tuple.__new__, record_of(model))
    place = names_of(model).index("kind")
    makers = {kind: partial(tuple.__new__, record_of(one)) for kind, one in kinds.items()}

    def make(values: Iterable[Any]) -> Any:
        kept = tuple(values)
        return makers[kept[place]](kept)

    return make


def is_record_class(kind: type, model: Any) -> bool:
    """Whether rows of this class are the model's, as the ORM has them or as records."""
    return kind is record_of(model) or issubclass(kind, model)
