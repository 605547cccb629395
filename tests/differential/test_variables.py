"""Variables are coerced as graphql-core would, or left to it."""

from __future__ import annotations

from typing import Any, Final

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_nullable_type,
    is_input_type,
    is_list_type,
    is_non_null_type,
    parse,
    parse_type,
    type_from_ast,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.execution.borrowed import get_variable_values
from graphql_api.execution.variables import Variables
from graphql_api.schema.root import SCHEMA

CORE: Final[GraphQLSchema] = SCHEMA._schema
TYPES: Final = sorted(
    name for name, type_ in CORE.type_map.items() if is_input_type(type_) and name[:2] != "__"
)
RIGHT: Final[dict[str, list[Any]]] = {
    "Boolean": [True, False],
    "Int": [0, -1, 7, 3.0, 2**31 - 1],
    "Float": [0, 1.5],
    "ID": ["x", "", 5],
    "String": ["", "text", "ñ \u2028"],
    "Date": ["2026-11-22"],
    "DateTime": ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00+02:00"],
    "Decimal": ["1.50", "0"],
}
WRONG: Final = st.sampled_from(
    [None, True, 2**31, 1.5, "none of ours", [], [None], {}, {"unknown": 1}, [["x"]]]
)


def operation(declared: str) -> OperationDefinitionNode:
    [node] = parse(f"query({declared}) {{ viewer {{ scopes }} }}").definitions
    assert isinstance(node, OperationDefinitionNode)
    return node


def sent(type_: Any) -> st.SearchStrategy[Any]:
    """What a client sends for the type: mostly right, now and then null, one in place of a list, or wrong."""
    right = sent_rightly(get_nullable_type(type_))
    often = right | right | right | right
    return often | WRONG if is_non_null_type(type_) else often | st.none() | WRONG


def sent_rightly(type_: Any) -> st.SearchStrategy[Any]:
    if is_list_type(type_):
        return st.lists(sent(type_.of_type), max_size=3) | sent(type_.of_type)
    if isinstance(type_, GraphQLEnumType):
        return st.sampled_from([*type_.values, "OTHER"])
    if not isinstance(type_, GraphQLInputObjectType):
        return st.sampled_from(RIGHT.get(type_.name, ["x"]))
    fields = {name: sent(field.type) for name, field in type_.fields.items()}
    required = {name for name, field in type_.fields.items() if is_non_null_type(field.type)}
    return st.fixed_dictionaries(
        {name: fields[name] for name in fields.keys() & required},
        optional={name: fields[name] for name in fields.keys() - required},
    )


def compare(node: OperationDefinitionNode, given_values: dict[str, Any]) -> bool:
    """Whether ours coerced them; then graphql-core does, too, and to the same."""
    ours = Variables(CORE, node).values(given_values)
    theirs = get_variable_values(CORE, node.variable_definitions or (), given_values)
    if ours is None:
        return False
    assert not isinstance(theirs, list)
    assert ours.coerced == theirs.coerced
    assert list(ours.coerced) == list(theirs.coerced)
    assert {name: one.value for name, one in ours.sources.items()} == {
        name: one.value for name, one in theirs.sources.items()
    }
    return True


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_variables_of_every_type_are_coerced_as_by_graphql_core(name: str, data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from(["{}", "{}!", "[{}]", "[{}!]!"]))
    declared = shape.format(name)
    type_ = type_from_ast(CORE, parse_type(declared))
    values = data.draw(st.fixed_dictionaries({}, optional={"v": sent(type_), "not declared": WRONG}))
    compare(operation(f"$v: {declared}"), values)


@pytest.mark.parametrize(
    ("declared", "values"),
    [
        ("$a: Int = 5, $b: String", {}),
        ("$a: Int = 5", {"a": None}),
        ("$a: [ConfirmationLinkStatus!] = [PENDING]", {}),
        ("$a: ConfirmationLinkFilter = {status: [REJECTED]}, $b: Boolean!", {"b": False}),
        ("$first: Int!, $more: Boolean! = true", {"first": 3, "other": object()}),
    ],
)
def test_what_is_left_out_is_as_the_operation_says(declared: str, values: dict[str, Any]) -> None:
    assert compare(operation(declared), values)


@pytest.mark.parametrize(
    ("declared", "values"),
    [
        ("$a: Int!", {}),
        ("$a: Int!", {"a": None}),
        ("$a: Int", {"a": "5"}),
        ("$a: Int! = 5", {"a": None}),
        ("$a: [Int]", {"a": 5}),  # right, but rare
        ("$a: ConfirmationLinkFilter", {"a": {"unknown": 1}}),
        ("$a: ConfirmationLinkFilter", {"a": []}),
        ("$a: CreateConfirmationLinkInput!", {"a": {"name": "x"}}),
    ],
)
def test_what_is_not_as_expected_is_left_to_graphql_core(declared: str, values: dict[str, Any]) -> None:
    assert not compare(operation(declared), values)
