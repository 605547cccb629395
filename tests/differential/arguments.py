"""Random arguments: literals, variables and defaults, right and wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_nullable_type,
    is_non_null_type,
)
from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
SIZES: Final = (1, 2, 3, 3, 5, 7, None, None, 0, -1, 101, 2**31)
PAGING: Final = frozenset({"first", "last", "after", "before"})


@dataclass(frozen=True)
class Pool:
    """Values that mean something in the world that is asked about, by the names of scalars and of arguments."""

    values: Mapping[str, tuple[Any, ...]]

    def of(self, name: str, scalar: str) -> tuple[Any, ...]:
        return self.values.get(name) or self.values[scalar]


class Bare(str):
    """The name of an enum's value: a literal without quotes."""

    __slots__ = ()


@dataclass
class Arguments:
    """Those of one document, and the variables that it declares for them."""

    pool: Pool
    _declared: list[str] = field(default_factory=list)
    _sent: dict[str, Any] = field(default_factory=dict)

    def of(self, definition: GraphQLField, draw: Draw) -> str:
        """The field's arguments, in parentheses; those that can be left out often are."""
        written = [
            f"{name}: {self._value(name, argument, draw)}"
            for name, argument in definition.args.items()
            if self._is_given(name, argument, draw)
        ]
        return f"({', '.join(written)})" if written else ""

    def switch(self, draw: Draw) -> str:
        """Mostly nothing, else @skip or @include, or both."""
        if draw(st.integers(0, 5)):
            return ""
        directives = draw(st.sampled_from([("skip",), ("include",), ("skip", "include")]))
        return "".join(f" @{name}(if: {self._condition(draw)})" for name in directives)

    def declared(self) -> str:
        """The declarations of the variables."""
        return f"({', '.join(self._declared)})" if self._declared else ""

    def sent(self) -> dict[str, Any]:
        """The values of the variables."""
        return self._sent

    def _condition(self, draw: Draw) -> str:
        if draw(st.booleans()):
            return str(draw(st.sampled_from(["true", "false"])))
        if draw(st.integers(0, 5)):
            return self._variable("Boolean!", draw(st.booleans()))
        # It has a default, so that it may be null: not where it is used.
        return self._variable("Boolean = true", draw(st.sampled_from([None, True, False])))

    def _is_given(self, name: str, argument: GraphQLArgument, draw: Draw) -> bool:
        if is_non_null_type(argument.type) and argument.default_value is not None:
            return True
        likely = 2 if name == "first" else 0 if name in PAGING else 1
        return int(draw(st.integers(0, 3))) <= likely

    def _value(self, name: str, argument: GraphQLArgument, draw: Draw) -> str:
        value = self._made(name, argument.type, draw)
        if draw(st.booleans()):
            return literal(value)
        how = draw(st.integers(0, 3))
        if how == 0 and value is not None:
            return self._variable(f"{argument.type} = {literal(value)}")
        if how == 1 and not is_non_null_type(argument.type):
            return self._variable(str(argument.type))
        return self._variable(str(argument.type), value)

    def _variable(self, declared: str, *value: Any) -> str:
        name = f"v{len(self._declared)}"
        self._declared.append(f"${name}: {declared}")
        if value:
            self._sent[name] = value[0]
        return f"${name}"

    def _made(self, name: str, type_: Any, draw: Draw) -> Any:
        if not is_non_null_type(type_) and draw(st.integers(0, 9)) == 0:
            return None
        inner = get_nullable_type(type_)
        if isinstance(inner, GraphQLList):
            return [self._made(name, inner.of_type, draw) for _ in range(draw(st.integers(0, 3)))]
        if isinstance(inner, GraphQLEnumType):
            return Bare(draw(st.sampled_from(sorted(inner.values))))
        if isinstance(inner, GraphQLInputObjectType):
            return {
                key: self._made(key, one.type, draw)
                for key, one in inner.fields.items()
                if _is_required(one) or draw(st.integers(0, 3)) == 0
            }
        return draw(st.sampled_from(self.pool.of(name, inner.name)))


def _is_required(one: GraphQLInputField) -> bool:
    return isinstance(one.type, GraphQLNonNull) and "Undefined" in repr(one.default_value)


def literal(value: Any) -> str:
    """The value as a document writes it."""
    if isinstance(value, Bare):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return json.dumps(value, ensure_ascii=False)
