"""Made-up values of the schema's types, as documents have them."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLNonNull, is_required_argument

SCALARS = {"Int": "1", "Boolean": "true", "Date": '"2026-01-01"', "DateTime": '"2026-01-01T00:00:00Z"'}


def arguments_of(field: Any) -> str:
    """The field's required arguments, with made-up values; empty where there are none."""
    given = [
        f"{name}: {_example(argument.type)}"
        for name, argument in field.args.items()
        if is_required_argument(argument)
    ]
    return f"({', '.join(given)})" if given else ""


def _example(type_: Any) -> str:
    if isinstance(type_, GraphQLNonNull):
        return _example(type_.of_type)
    if hasattr(type_, "of_type"):
        return "[]"
    if hasattr(type_, "fields"):
        required = {name: f for name, f in type_.fields.items() if isinstance(f.type, GraphQLNonNull)}
        return "{" + ", ".join(f"{name}: {_example(f.type)}" for name, f in required.items()) + "}"
    values = getattr(type_, "values", None)
    return str(next(iter(values))) if values else SCALARS.get(type_.name, '"?"')
