"""Counting the objects that a document asks for: pages within pages multiply.

An object brings what it holds once. A value asked again under another name counts like one more object, and a long text
like many: else a document of a few lines could ask for gigabytes. The schema's own description is counted by how large
the schema is: who has no token asks for that too.
"""

from __future__ import annotations

from collections import Counter as Counts
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
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
from graphql_api.execution.borrowed import field_of
from graphql_api.execution.introspected import is_introspection, usual_size
from graphql_api.execution.reach import Many, Reach, Variables
from graphql_api.schema.fields import WEIGHS

RECURRING: Final = 100
"""What a list without pages counts for below one of the same things; elsewhere it counts for one."""
UTMOST: Final = 500
"""What it may really have; few have so many, and hardly any that stand on a page of a hundred."""

_Sets: TypeAlias = Iterable[tuple[SelectionSetNode, GraphQLNamedType]]


class _Place(NamedTuple):
    """Where selections stand: on a page of so many, and below lists of these things.

    In the schema's description, below these fields, lists or not.
    """

    page: int | Many | None = None
    lists: frozenset[str] = frozenset()


class _Asked(NamedTuple):
    """A field, with what is asked of its objects where it answers with such."""

    node: FieldNode
    definition: GraphQLField
    type: GraphQLNamedType
    inner: SelectionSetNode | None


class Counter:
    """Counts one document; `visits` counts the selections looked at, each fragment's where it is spread.

    So many is what the document was weighed as (limits.py), which is bounded.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, unpaged: int = 1) -> None:
        """It was found valid. A list without pages counts for so many (`unpaged`)."""
        self.visits = 0
        self._schema = schema
        self._unpaged = unpaged
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }

    def reach(self, operation: OperationDefinitionNode) -> Reach:
        """The operation's."""
        root = self._schema.get_root_type(operation.operation)
        assert root is not None  # noqa: S101 - the document is valid
        together = self._together([(operation.selection_set, root)])
        found = self._counted([same for same in together if not is_introspection(same[0].type)], _Place())
        of_schema = self._counted([same for same in together if is_introspection(same[0].type)], _Place())
        found.introspected = of_schema.sure
        return found

    def _reach(self, sets: _Sets, place: _Place) -> Reach:
        return self._counted(self._together(sets), place)

    def _together(self, sets: _Sets) -> Collection[list[_Asked]]:
        """The fields, those that are one in the answer together."""
        together = defaultdict[str, list[_Asked]](list)
        spread: set[str] = set()
        for selections, type_ in sets:
            for name, asked in self._flat(selections, type_, spread):
                together[name].append(asked)
        return together.values()

    def _counted(self, together: Collection[list[_Asked]], place: _Place) -> Reach:
        found = Reach()
        for same in together:
            if same[0].inner:
                self._count(found, same, place)
        found.sure += _leaves([same[0] for same in together if not same[0].inner])
        return found

    def _flat(
        self, selections: SelectionSetNode, type_: GraphQLNamedType, spread: set[str]
    ) -> Iterator[tuple[str, _Asked]]:
        """The fields, by the name they answer under, with fragments put in their places."""
        for selection in selections.selections:
            self.visits += 1
            if isinstance(selection, FieldNode):
                definition = self._schema.get_field(type_, selection.name.value)  # type: ignore[arg-type]
                if definition:
                    of = get_named_type(definition.type)
                    asked = _Asked(selection, definition, of, selection.selection_set)
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
        first, sets = same[0], [(one.inner, one.type) for one in same if one.inner]
        if (page := _page_of(same)) is not None:
            found.add(1, self._reach(sets, _Place(page, place.lists)))
            return
        many: int | Many = 1
        lists = place.lists
        if is_list_type(get_nullable_type(first.definition.type)):
            many = self._items(first, place)
            lists = lists if place.page is not None else lists | {_things_of(first)}
        elif is_introspection(first.type):
            lists |= {_things_of(first)}
        below = self._reach(sets, _Place(None, lists))
        below.sure += 1
        found.add(many, below)

    def _items(self, asked: _Asked, place: _Place) -> int | Many:
        """How many items a list has: those of the page that it is of, those that are named, or what is usual."""
        if place.page is not None:
            return place.page
        named = _keys_of(asked)
        if named is not None:
            return named
        usual = self._unpaged
        if is_introspection(asked.type):
            usual = usual_size(self._schema, asked.node.name.value, place.lists)
        return max(RECURRING, usual) if _things_of(asked) in place.lists else usual


def _things_of(asked: _Asked) -> str:
    """What a list is of; of the schema's description, which field it is: nearly all are of types."""
    return asked.node.name.value if is_introspection(asked.type) else asked.type.name


def _leaves(asked: list[_Asked]) -> int:
    """How many more objects these values are like: the long ones, and those asked again under another name."""
    names = Counts(one.node.name.value for one in asked)
    weights = {one.node.name.value: _weight(one.definition) for one in asked}
    return sum(weights[name] * many or many - 1 for name, many in names.items())


def _weight(definition: GraphQLField) -> int:
    field = field_of(definition)
    return field.metadata.get(WEIGHS, 0) if field else 0


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
