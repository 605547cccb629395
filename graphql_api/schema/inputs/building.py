"""Input objects, each built by a function that is made once for its type.

Strawberry asks anew of each value of each field what it is to become: 113 ms for a sync of 500 clients with two
contacts each, during which nobody else is answered, and 4 ms so. Its hook `from_input` lets a type build its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from graphql import GraphQLDefaultInput, Undefined
from graphql.utilities import get_default_value_ast
from strawberry import UNSET
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryList, StrawberryOptional, has_object_definition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import GraphQLInputField
    from strawberry.schema.name_converter import NameConverter
    from strawberry.types.base import StrawberryObjectDefinition

    Conversion: TypeAlias = Callable[[Any], Any]


KEEPS: Final = {"keeps": True}
"""The metadata of a field that, left out, leaves what is there; its default is for what is new."""


def tell_left_out(field: GraphQLInputField) -> None:
    """Hand on UNSET where such a field is left out; the schema shows its default all the same."""
    if not field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].metadata.get("keeps"):
        return
    field.default = GraphQLDefaultInput(literal=get_default_value_ast(field))
    field.default_value = Undefined
    field._memoized_coerced_value = UNSET  # noqa: SLF001 - what graphql-core would make of the default


def build_own(definition: StrawberryObjectDefinition, names: NameConverter) -> None:
    """Let an input type build its objects, from values that graphql-core has checked."""
    build = _building(definition, names)
    definition.from_input = lambda _type, value, _context: build(value)


def _building(definition: StrawberryObjectDefinition, names: NameConverter) -> Conversion:
    """What builds objects of this type, whose fields have a default where they can be left out."""
    type_ = definition.origin
    fields = [
        (names.from_field(field), field.python_name, _conversion(field.resolve_type(), names))
        for field in definition.fields
    ]

    def build(value: Mapping[str, Any]) -> Any:
        given = {}
        for name, python_name, convert in fields:
            if name in value:
                one = value[name]
                given[python_name] = one if convert is None or one is None else convert(one)
        return type_(**given)

    return build


def _conversion(type_: Any, names: NameConverter) -> Conversion | None:
    """How values of this type are converted, but for nulls; None where they are taken as they are."""
    if isinstance(type_, StrawberryOptional):
        return _conversion(type_.of_type, names)
    if isinstance(type_, StrawberryList):
        return _listing(_conversion(type_.of_type, names))
    return _building(type_.__strawberry_definition__, names) if has_object_definition(type_) else None


def _listing(convert: Conversion | None) -> Conversion:
    if convert is None:
        return list
    return lambda values: [None if one is None else convert(one) for one in values]
