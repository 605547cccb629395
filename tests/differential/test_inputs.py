"""Input objects that build themselves are those that Strawberry would have built."""

from __future__ import annotations

from typing import Any, Final

import pytest
from graphql import (
    GraphQLInputObjectType,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_argument

from graphql_api.schema.root import SCHEMA

TYPES: Final = [one for one in SCHEMA._schema.type_map.values() if is_input_object_type(one)]
DEFINITIONS: Final = [one.extensions[GraphQLCoreConverter.DEFINITION_BACKREF] for one in TYPES]


def values_of(type_: Any) -> st.SearchStrategy[Any]:
    """What graphql-core hands on for the type; of leaves any, since nobody looks into them any more."""
    if not is_non_null_type(type_):
        return st.none() | values_of_nullable(type_)
    return values_of_nullable(get_nullable_type(type_))


def values_of_nullable(type_: Any) -> st.SearchStrategy[Any]:
    if is_list_type(type_):
        return st.lists(values_of(type_.of_type), max_size=3)
    if not isinstance(type_, GraphQLInputObjectType):
        return st.sampled_from(["text", 0, True])
    fields = {name: values_of(field.type) for name, field in type_.fields.items()}
    required = {name for name, field in type_.fields.items() if is_non_null_type(field.type)}
    return st.fixed_dictionaries(
        {name: fields[name] for name in fields.keys() & required},
        optional={name: fields[name] for name in fields.keys() - required},
    )


def converted(type_: GraphQLInputObjectType, value: Any) -> Any:
    converter = SCHEMA.schema_converter
    origin = type_.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].origin
    return convert_argument(value, origin, converter.scalar_registry, converter.config)


def converted_by_strawberry(type_: GraphQLInputObjectType, value: Any) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for definition in DEFINITIONS:
            patch.setattr(definition, "from_input", None)
        return converted(type_, value)


def test_every_input_type_builds_its_own() -> None:
    assert len(DEFINITIONS) > 30
    assert all(definition.from_input for definition in DEFINITIONS)


@pytest.mark.parametrize("type_", TYPES, ids=str)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_built_is_what_strawberry_builds(type_: GraphQLInputObjectType, data: st.DataObject) -> None:
    value = data.draw(values_of_nullable(type_))
    assert converted(type_, value) == converted_by_strawberry(type_, value)


def test_a_list_is_a_copy_so_that_a_default_cannot_be_changed() -> None:
    listed = ["a"]
    made = converted(SCHEMA._schema.type_map["ConfirmationLinkFilter"], {"status": listed})  # type: ignore[arg-type]
    assert made.status == listed
    assert made.status is not listed
