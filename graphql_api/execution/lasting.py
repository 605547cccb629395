"""Whether a document's answers last: they change only when something is written that the asker can see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import FieldNode, TypeInfo, TypeInfoVisitor, Visitor, visit

from graphql_api.execution.borrowed import field_of
from graphql_api.schema.fields import PASSING

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLSchema


class _Passing(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.found = False

    def enter_field(self, _node: FieldNode, *_: Any) -> None:
        definition = self._types.get_field_def()
        field = field_of(definition) if definition else None
        self.found = self.found or bool(field and field.metadata.get(PASSING))


def is_lasting(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """Whether no field of the document is passing."""
    types = TypeInfo(schema)
    passing = _Passing(types)
    visit(document, TypeInfoVisitor(types, passing))
    return not passing.found
