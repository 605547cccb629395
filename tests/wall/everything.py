"""Documents that ask for everything there is: every field of Query, each with every field below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
    is_required_argument,
)

from graphql_api.execution.borrowed import core_schema
from graphql_api.schema.root import SCHEMA
from tests.differential.arguments import Bare, literal

Ids = Mapping[str, list[str]]
"""Global ids, by the name of their type."""

BY_SECRET: Final = {"confirmationInvitation"}
"""Fields that show what a link's secret opens, to whoever has it."""
LOST: Final = {"preview"}
"""Fields that fail in the rich world, since the evidence of some links is lost there. They have no ids."""
MOST: Final = 250
"""Selections in a document: fewer than a request may have."""
EXTERNAL: Final = ("northwind-northwind direct deal", "contoso-contoso direct deal")
"""What the vendor's CRM calls a deal of either partner."""
NAMED: Final = {
    "partnerId": "Partner",
    "clientId": "Client",
    "confirmationLinkId": "ConfirmationLink",
    "dealId": "SharedDeal",
    "pointOfContactId": "PartnerUser",
    "productId": "Product",
}
"""The type of what arguments of these names point at."""
REQUIRED: Final = {
    "at": "2030-01-01T00:00:00Z",
    "owner": Bare("HUBSPOT"),
    "name": "Proof",
    "products": [],
}


@dataclass(frozen=True)
class Asking:
    """A document that asks one field of Query, and which."""

    root: str
    query: str


def documents(ids: Ids) -> Iterator[Asking]:
    """Every field of Query with all that is below it, and with these ids wherever one can be given."""
    schema = core_schema(SCHEMA)
    assert schema.query_type
    for name, field in schema.query_type.fields.items():
        if name not in BY_SECRET:
            for fitting, body in bodies(schema, get_named_type(field.type), ids):
                for arguments in ways(field, fitting):
                    yield Asking(name, f"{{ {name}{written(arguments)} {body} }}")


def bodies(schema: GraphQLSchema, type_: GraphQLNamedType, ids: Ids) -> Iterator[tuple[Ids, str]]:
    """What is asked of an object, as deep as there is room for; of an interface, of each type behind it.

    With the ids that fit to it.
    """
    if is_abstract_type(type_):
        for one in schema.get_possible_types(type_):
            fitting = {one.name: ids[one.name]}
            yield fitting, f"{{ __typename ... on {one.name} {deepest(one)} }}"
    else:
        yield ids, deepest(type_)


def deepest(type_: GraphQLNamedType) -> str:
    """The selection that goes as deep as there is room for."""
    found = selection(type_, 1)
    for depth in range(2, 7):
        deeper = selection(type_, depth)
        if len(deeper.split()) > MOST:
            break
        found = deeper
    return found


def selection(type_: GraphQLNamedType, depth: int) -> str:
    """All fields, and so many levels of those below."""
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType), type_
    fields: Mapping[str, GraphQLField] = type_.fields
    asked = ["__typename"]
    for name, field in fields.items():
        inner = get_named_type(field.type)
        given = written(nested(field))
        if name in LOST:
            continue
        if is_leaf_type(inner):
            asked.append(f"{name}{given}")
        elif depth:
            # A page is no level of its own: its nodes are.
            deeper = depth if is_object_type(inner) and _is_page(inner) else depth - 1
            asked.append(f"{name}{given} {selection(inner, deeper)}")
    return f"{{ {' '.join(asked)} }}"


def _is_page(type_: GraphQLNamedType) -> bool:
    return type_.name.endswith("Connection")


def ways(field: GraphQLField, ids: Ids) -> Iterator[dict[str, Any]]:
    """Every way in which the arguments of a field of Query can point at something."""
    required = [name for name, one in field.args.items() if is_required_argument(one)]
    if "externalId" in field.args:
        yield from ({"externalId": one} for one in EXTERNAL)
    elif not required:
        yield {"first": 100} if "first" in field.args else {}
    for name, one in field.args.items():
        if name == "id":
            yield from ({"id": id_} for some in ids.values() for id_ in some[:1])
        elif is_list_type(getattr(one.type, "of_type", None)):
            yield {name: [one for some in ids.values() for one in some][:100]}
        elif isinstance(get_named_type(one.type), GraphQLInputObjectType):
            yield from ({name: given} for given in _inputs(one, ids))


def _inputs(argument: GraphQLArgument, ids: Ids) -> Iterator[dict[str, Any]]:
    """The input with each of its ids given, one after the other, and what it cannot do without."""
    input_ = get_named_type(argument.type)
    assert isinstance(input_, GraphQLInputObjectType)
    fields: dict[str, GraphQLInputField] = input_.fields
    required = {
        name: REQUIRED[name] for name in fields if name in REQUIRED and str(fields[name].type)[-1] == "!"
    }
    for name in fields.keys() & NAMED.keys():
        yield from ({**required, name: id_} for id_ in ids[NAMED[name]][:2])


def nested(field: GraphQLField) -> dict[str, Any]:
    """What a field cannot do without, further down."""
    return {name: REQUIRED[name] for name, one in field.args.items() if is_required_argument(one)}


def written(arguments: Mapping[str, Any]) -> str:
    """In parentheses, if there are any."""
    given = ", ".join(f"{name}: {literal(value)}" for name, value in arguments.items())
    return f"({given})" if given else ""
