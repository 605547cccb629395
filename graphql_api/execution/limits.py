"""How large a document may be, found out before graphql-core's validators see it: some are quadratic.

Everything here is linear in the document: a fragment is weighed once, however often it is spread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from graphql_api.models.client_error import TooCostly, ValidationFailed

MAX_LENGTH: Final = 100_000  # characters
MAX_TOKENS: Final = 4_000
MAX_COMMENTS: Final = 1_000
MAX_DEPTH: Final = 16  # fields within fields; GraphiQL's introspection needs 15
MAX_NESTING: Final = 64  # selection sets within each other, fragments included: bounds our own recursion
# Fields, inline fragments and spreads, each fragment counted where it is spread.
MAX_SELECTIONS: Final = 2_000
MAX_OVERLAPS: Final = 5_000  # pairs of selections that the validators compare with each other

_Named: TypeAlias = tuple[str, SelectionSetNode | None]


@dataclass(frozen=True, slots=True)
class Weight:
    """What a selection set comes to with its fragments put in their places."""

    selections: int = 0
    depth: int = 0
    nesting: int = 0

    def beside(self, other: Weight) -> Weight:
        """Both, in one selection set."""
        return Weight(
            self.selections + other.selections,
            max(self.depth, other.depth),
            max(self.nesting, other.nesting),
        )

    def within(self, *, field: bool) -> Weight:
        """This, one selection further out."""
        return Weight(self.selections + 1, self.depth + field, self.nesting + 1)


class Scale:
    """Weighs one document; `visits` counts the selections looked at."""

    def __init__(self, document: DocumentNode) -> None:
        self.visits = 0
        self._operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        self._fragments = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._weights: dict[str, Weight] = {}
        self._open: set[str] = set()

    def check(self) -> None:
        """Refuse a document that is too large, deep or repetitive.

        Raises:
            TooCostly: saying which limit.
            ValidationFailed: for a fragment within itself, which would have no end.

        """
        roots = self._roots()
        if sum(weight.selections for _, weight in roots) > MAX_SELECTIONS:
            raise TooCostly(f"The document has more than {MAX_SELECTIONS} selections, fragments included")
        if max((weight.depth for _, weight in roots), default=0) > MAX_DEPTH:
            raise TooCostly(f"The document is more than {MAX_DEPTH} fields deep")
        if sum(self._overlaps([selections]) for selections, _ in roots) > MAX_OVERLAPS:
            raise TooCostly(
                "The document selects the same fields, or spreads fragments, too often in one place"
            )

    def _roots(self) -> list[tuple[SelectionSetNode, Weight]]:
        """The operations, and the fragments that none of them reaches: together they hold everything."""
        sets = [operation.selection_set for operation in self._operations]
        roots = [(selections, self.weight(selections)) for selections in sets]
        unused = [f.selection_set for name, f in self._fragments.items() if name not in self._weights]
        return roots + [(selections, self.weight(selections)) for selections in unused]

    def weight(self, selections: SelectionSetNode | None, level: int = 0) -> Weight:
        """The weight of a selection set that is `level` selection sets deep in the document."""
        total = Weight()
        for selection in selections.selections if selections else ():
            self.visits += 1
            total = total.beside(self._one(selection, level + 1))
        return total

    def _one(self, selection: SelectionNode, level: int) -> Weight:
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value, level).within(field=False)
        inner = self.weight(_inner(selection), self._deeper(level))
        return inner.within(field=isinstance(selection, FieldNode))

    def _fragment(self, name: str, level: int) -> Weight:
        """A fragment's weight, found once; an unknown one is left to the validators to name."""
        if name in self._open:
            raise ValidationFailed(f"Cannot spread fragment '{name}' within itself.")
        if name not in self._fragments:
            return Weight()
        if name not in self._weights:
            self._open.add(name)
            self._weights[name] = self.weight(self._fragments[name].selection_set, self._deeper(level))
            self._open.discard(name)
        self._deeper(level + self._weights[name].nesting)
        return self._weights[name]

    @staticmethod
    def _deeper(level: int) -> int:
        if level > MAX_NESTING:
            raise TooCostly(f"The document nests more than {MAX_NESTING} selections")
        return level

    def _overlaps(self, sets: list[SelectionSetNode]) -> int:
        """How many pairs share a name in these sets taken as one, and further in. Bounded by the weight."""
        together: defaultdict[str, list[SelectionSetNode | None]] = defaultdict(list)
        for selections in sets:
            for name, inner in self._flat(selections):
                together[name].append(inner)
        return sum(
            len(inners) * (len(inners) - 1) // 2 + self._overlaps([inner for inner in inners if inner])
            for inners in together.values()
        )

    def _flat(self, selections: SelectionSetNode) -> Iterator[_Named]:
        """The fields, by the name they answer under, with fragments put in their places."""
        for selection in selections.selections:
            self.visits += 1
            if isinstance(selection, FieldNode):
                yield (selection.alias or selection.name).value, selection.selection_set
                continue
            yield "...", None
            spread = self._spread(selection)
            if spread:
                yield from self._flat(spread)

    def _spread(self, selection: SelectionNode) -> SelectionSetNode | None:
        if isinstance(selection, FragmentSpreadNode):
            fragment = self._fragments.get(selection.name.value)
            return fragment.selection_set if fragment else None
        return _inner(selection)


def _inner(selection: SelectionNode) -> SelectionSetNode | None:
    return selection.selection_set if isinstance(selection, FieldNode | InlineFragmentNode) else None
