"""Fields with something of their own on the way are left to graphql-core, and answered the same."""

import dataclasses
from typing import Annotated, Any

import pytest
import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from graphql_api.execution.plans import Plans
from graphql_api.execution.requests import Request
from tests.differential.comparing import Answer, BothWays
from tests.execution.toy import Context, Seen


class Loud(StrawberryField):
    """A field that answers in its own way."""

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: Any) -> Any:
        return str(super().get_result(source, info, args, kwargs)).upper()


class Exclaim(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        return f"{next_(source, info, **kwargs)}!"


class Never(BasePermission):
    message = "never"

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:  # noqa: ARG002
        return False


@strawberry.type
class Inner:
    word: str = "word"
    loud: str = Loud(base_resolver=StrawberryResolver(lambda: "word"))  # type: ignore[assignment]
    exclaimed: str = strawberry.field(default="so", extensions=[Exclaim()])
    guarded: str | None = strawberry.field(default="secret", permission_classes=[Never])

    @strawberry.field(extensions=[Exclaim()])
    def said(self) -> str:
        return self.word

    @strawberry.field(permission_classes=[Never])
    async def told(self) -> str | None:
        return self.word


@strawberry.type
class Plain:
    word: str = "word"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class First(Named):
    number: int = 1


@strawberry.type
class Second(Named):
    text: str = "2"


@strawberry.interface
class Chosen:
    """An interface that says itself which type a value is."""

    name: str

    @classmethod
    def resolve_type(cls, value: Any, *_: Any) -> str:
        return "Odd" if len(value.name) % 2 else "Even"


@strawberry.type
class Odd(Chosen):
    @classmethod
    def is_type_of(cls, *_: Any) -> bool:
        return True


@strawberry.type
class Even(Chosen):
    @classmethod
    def is_type_of(cls, *_: Any) -> bool:
        return True


@dataclasses.dataclass
class Row:
    name: str


@strawberry.type
class Query:
    @strawberry.field
    def inner(self) -> Inner:
        return Inner()

    @strawberry.field
    def named(self) -> list[Named]:
        return [Second(name="second"), First(name="first")]

    @strawberry.field
    def either(self) -> list[Annotated[First | Second, strawberry.union("Either")]]:
        return [Second(name="second"), First(name="first")]

    @strawberry.field
    def chosen(self) -> list[Chosen]:
        return [Row("odd"), Row("even")]  # type: ignore[list-item]


SCHEMA = strawberry.Schema(Query, types=[First, Second, Odd, Even])


async def _context() -> Context:
    return Context(Seen(), "token")


async def _same(schema: strawberry.Schema, query: str) -> tuple[Answer, Plans]:
    both = BothWays(schema)
    told = await both.same(Request(query), _context)
    [plans] = both.plans(query)
    return told, plans


@pytest.mark.parametrize("field", ["exclaimed", "guarded", "said", "told"])
async def test_a_field_with_something_on_the_way_is_not_compiled(field: str) -> None:
    told, plans = await _same(SCHEMA, f"{{ inner {{ word {field} }} }}")
    assert list(told["data"]["inner"]) == ["word", field]
    assert plans._variants == {(): {"inner": None}}


async def test_fields_without_are_compiled() -> None:
    told, plans = await _same(SCHEMA, "{ inner { word } }")
    assert told == {"data": {"inner": {"word": "word"}}}
    assert plans._variants[()]["inner"] is not None


async def test_another_way_to_read_attributes_is_not_compiled() -> None:
    @strawberry.type
    class Asked:
        @strawberry.field
        def plain(self) -> Plain:
            return Plain()

    config = StrawberryConfig(default_resolver=lambda _, name: f"{name}, otherwise")
    told, plans = await _same(strawberry.Schema(Asked, config=config), "{ plain { word } }")
    assert told == {"data": {"plain": {"word": "word, otherwise"}}}
    assert plans._variants == {(): {"plain": None}}


async def test_a_class_of_fields_of_its_own_is_not_compiled() -> None:
    told, plans = await _same(SCHEMA, "{ inner { loud } }")
    assert told == {"data": {"inner": {"loud": "WORD"}}}
    assert plans._variants == {(): {"inner": None}}


@pytest.mark.parametrize("field", ["named", "either", "chosen"])
async def test_strawberrys_own_ways_to_tell_types_apart_hold(field: str) -> None:
    told, _ = await _same(SCHEMA, f"{{ {field} {{ __typename }} }}")
    names = {"chosen": ["Odd", "Even"]}.get(field, ["Second", "First"])
    assert [one["__typename"] for one in told["data"][field]] == names
