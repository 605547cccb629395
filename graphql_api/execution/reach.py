"""How many objects an operation may ask for at most: pages within pages multiply.

What the document says is counted once. What its variables say (the sizes of pages) is put in at each request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_list_type,
)
from graphql.type import get_nullable_type

from graphql_api.dataloaders.window import DEFAULT_SIZE, LARGEST_SIZE
from graphql_api.models.client_error import TooCostly

MAX_OBJECTS: Final = 200_000
"""Enough for a page of 100 below each of 100, with nineteen objects around each of those 10,000."""
RECURRING: Final = 100
"""What a list without pages counts for below one of the same things; elsewhere it counts for one."""

Variables: TypeAlias = Mapping[str, Any]
Many: TypeAlias = Callable[[Variables], int]
_Sets: TypeAlias = Iterable[tuple[SelectionSetNode, GraphQLNamedType]]


@dataclass(slots=True)
class Reach:
    """So many objects, and as many more as the variables say."""

    sure: int = 0
    asked: list[tuple[Many, Reach]] = field(default_factory=list)

    def objects(self, variables: Variables) -> int:
        """How many they are at most."""
        return self.sure + sum(many(variables) * one.objects(variables) for many, one in self.asked)

    def check(self, variables: Variables) -> int:
        """How many they are at most.

        Raises:
            TooCostly: more than anybody is given at once.

        """
        objects = self.objects(variables)
        if objects > MAX_OBJECTS:
            raise TooCostly(
                f"The document asks for up to {objects:,} objects, and {MAX_OBJECTS:,} are the limit: "
                "pages within pages multiply"
            )
        return objects

    def add(self, many: int | Many, one: Reach) -> None:
        """So many times the same."""
        if callable(many):
            self.asked.append((many, one))
            return
        self.sure += many * one.sure
        self.asked += [
            (many_of, of) if many == 1 else (_times(many, many_of), of) for many_of, of in one.asked
        ]


class _Place(NamedTuple):
    """Where selections stand: on a page of so many, and below lists of these things."""

    page: int | Many | None = None
    lists: frozenset[str] = frozenset()


class _Asked(NamedTuple):
    """A field that answers with objects."""

    node: FieldNode
    definition: GraphQLField
    type: GraphQLNamedType
    inner: SelectionSetNode


class Counter:
    """Counts one document; `visits` counts the selections looked at, each fragment's where it is spread.

    So many is what the document was weighed as (limits.py), which is bounded.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        """It was found valid."""
        self.visits = 0
        self._schema = schema
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }

    def reach(self, operation: OperationDefinitionNode) -> Reach:
        """The operation's."""
        root = self._schema.get_root_type(operation.operation)
        assert root is not None  # noqa: S101 - the document is valid
        return self._reach([(operation.selection_set, root)], _Place())

    def _reach(self, sets: _Sets, place: _Place) -> Reach:
        found, together = Reach(), defaultdict[str, list[_Asked]](list)
        spread: set[str] = set()
        for selections, type_ in sets:
            for name, asked in self._flat(selections, type_, spread):
                together[name].append(asked)
        for same in together.values():
            self._count(found, same, place)
        return found

    def _flat(
        self, selections: SelectionSetNode, type_: GraphQLNamedType, spread: set[str]
    ) -> Iterator[tuple[str, _Asked]]:
        """The fields with objects, by the name they answer under, with fragments put in their places."""
        for selection in selections.selections:
            self.visits += 1
            if isinstance(selection, FieldNode):
                definition = self._schema.get_field(type_, selection.name.value)  # type: ignore[arg-type]
                if selection.selection_set and definition:
                    asked = _Asked(
                        selection, definition, get_named_type(definition.type), selection.selection_set
                    )
                    yield (selection.alias or selection.name).value, asked
                continue
            if fragment := self._fragment(selection, spread):
                condition = fragment.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else type_
                yield from self._flat(fragment.selection_set, inner or type_, spread)

    def _fragment(
        self, selection: Any, spread: set[str]
    ) -> FragmentDefinitionNode | InlineFragmentNode | None:
        """What is spread; a fragment that was spread in the same place adds nothing."""
        if isinstance(selection, InlineFragmentNode):
            return selection
        assert isinstance(selection, FragmentSpreadNode)  # noqa: S101 - there is no other selection
        name = selection.name.value
        if name in spread:
            return None
        spread.add(name)
        return self._fragments.get(name)

    def _count(self, found: Reach, same: list[_Asked], place: _Place) -> None:
        """Add the objects that the field is answered with, and all below them; a page itself is none."""
        first, sets = same[0], [(one.inner, one.type) for one in same]
        if (page := _page_of(same)) is not None:
            found.add(1, self._reach(sets, _Place(page, place.lists)))
            return
        many: int | Many = 1
        lists = place.lists
        if is_list_type(get_nullable_type(first.definition.type)):
            many = self._items(first, place)
            lists = lists if place.page is not None else lists | {first.type.name}
        below = self._reach(sets, _Place(None, lists))
        below.sure += 1
        found.add(many, below)

    @staticmethod
    def _items(asked: _Asked, place: _Place) -> int | Many:
        """How many items a list has: those of the page that it is of, those that are named, or one."""
        if place.page is not None:
            return place.page
        named = _keys_of(asked)
        if named is not None:
            return named
        return RECURRING if asked.type.name in place.lists else 1


def _page_of(same: list[_Asked]) -> int | Many | None:
    """How large the field's page is, where it has pages: of several that are one in the answer, the largest."""
    sizes = [size for one in same if (size := _size_of(one)) is not None]
    if len(sizes) < 2:  # noqa: PLR2004
        return sizes[0] if sizes else None
    return partial(_largest, sizes)


def _size_of(asked: _Asked) -> int | Many | None:
    first = asked.definition.args.get("first")
    if first is None:
        return None
    default = first.default_value if isinstance(first.default_value, int) else DEFAULT_SIZE
    given = [one.value for one in asked.node.arguments or () if one.name.value in {"first", "last"}]
    size = partial(_size, given, default)
    return size if any(isinstance(one, VariableNode) for one in given) else size({})


def _size(given: list[ValueNode], default: int, variables: Variables) -> int:
    values = [_number(one, variables) for one in given]
    size = max((value for value in values if value is not None), default=default)
    return min(max(size, 0), LARGEST_SIZE)  # any other is refused by whoever reads the page


def _number(value: ValueNode, variables: Variables) -> int | None:
    if isinstance(value, VariableNode):
        found = variables.get(value.name.value)
        return found if isinstance(found, int) else None
    return int(value.value) if isinstance(value, IntValueNode) else None


def _largest(sizes: list[int | Many], variables: Variables) -> int:
    return max(size(variables) if callable(size) else size for size in sizes)


def _times(many: int, of: Many) -> Many:
    return lambda variables: many * of(variables)


def _keys_of(asked: _Asked) -> int | Many | None:
    """How many things are named, where the list is of those."""
    given = [one.value for one in asked.node.arguments or () if one.name.value == "ids"]
    if not given:
        return None
    if isinstance(given[0], VariableNode):
        return partial(_length, given[0].name.value)
    return len(given[0].values) if isinstance(given[0], ListValueNode) else 1


def _length(name: str, variables: Variables) -> int:
    found = variables.get(name)
    return len(found) if isinstance(found, list) else 1
