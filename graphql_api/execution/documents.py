"""Documents: parsed, found small enough, valid, and kept for whoever sends them again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graphql_api.bounded import Bounded
from graphql_api.execution import limits
from graphql_api.execution.counting import Counter
from graphql_api.execution.errors import coded
from graphql_api.execution.introspected import asks_for_schema
from graphql_api.execution.lasting import is_lasting
from graphql_api.execution.outcomes import Failure
from graphql_api.execution.plans import Plans
from graphql_api.execution.reach import Reach
from graphql_api.models.client_error import ErrorCode, OperationUnresolved

MAX_ERRORS: Final = 50  # told of one document, or of one request's variables
# One tuple for all requests: graphql-core keeps what it made of these classes.
RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)

KEPT_DOCUMENTS: Final = 1_000
KEPT_CHARACTERS: Final = 500_000
"""Of their texts; what is made of a text takes some hundred times as much memory."""


@dataclass(slots=True)
class Document:
    """A valid document, and what was compiled of its operations."""

    node: DocumentNode
    schema: GraphQLSchema
    _lasting: bool | None = None
    _operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)
    _describe: dict[str | None, bool] = field(default_factory=dict)
    _plans: dict[str | None, Plans] = field(default_factory=dict)
    _reaches: dict[tuple[str | None, int], Reach] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one.

        Raises:
            OperationUnresolved: where it is not sure that there is exactly one.

        """
        if name not in self._operations:
            self._operations[name] = self._named(name)
        return self._operations[name]

    def _named(self, name: str | None) -> OperationDefinitionNode:
        operations = [d for d in self.node.definitions if isinstance(d, OperationDefinitionNode)]
        if not operations:
            raise OperationUnresolved("The document has no operation")
        if name is None and len(operations) > 1:
            raise OperationUnresolved("The document has several operations: say which with 'operationName'")
        if name is None:
            return operations[0]
        named = next((one for one in operations if one.name and one.name.value == name), None)
        if named is None:
            raise OperationUnresolved(f"Unknown operation named '{name}'")
        return named

    def lasts(self, name: str | None) -> bool:
        """Whether the operation's answer changes only with what is written; it depends on no other state."""
        if self._lasting is None:
            self._lasting = is_lasting(self.schema, self.node)
        return self._lasting and self.operation(name).operation is OperationType.QUERY

    def describes(self, name: str | None) -> bool:
        """Whether the operation asks for the schema's description alone."""
        if name not in self._describe:
            self._describe[name] = asks_for_schema(self.operation(name))
        return self._describe[name]

    def reach(self, operation: OperationDefinitionNode, unpaged: int = 1) -> Reach:
        """How many objects the operation may ask for, where a list without pages counts for so many (`unpaged`)."""
        key = operation.name.value if operation.name else None, unpaged
        if key not in self._reaches:
            self._reaches[key] = Counter(self.schema, self.node, unpaged).reach(operation)
        return self._reaches[key]

    def plans(self, operation: OperationDefinitionNode) -> Plans:
        """The operation's compiled completions. To compile takes less than to validate, and is done field by field."""
        name = operation.name.value if operation.name else None
        if name not in self._plans:
            fragments = [d for d in self.node.definitions if isinstance(d, FragmentDefinitionNode)]
            self._plans[name] = Plans(self.schema, operation, fragments)
        return self._plans[name]


class Documents:
    """The documents of one schema that were sent lately.

    What nobody known has sent is kept apart, so that it cannot push out what the frontends send.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        """Nothing is kept yet."""
        self._schema = schema
        self._known: Bounded[str, Document] = Bounded(KEPT_DOCUMENTS, KEPT_CHARACTERS)
        self._unknown: Bounded[str, Document] = Bounded(KEPT_DOCUMENTS // 10, KEPT_CHARACTERS // 10)

    def known(self, query: str) -> Document | None:
        """The document, if somebody signed in has sent it before."""
        return self._known.find(query)

    def kept(self, query: str) -> Document | None:
        """The document, if anybody has sent it before."""
        return self.known(query) or self._unknown.find(query)

    def read(self, query: str, *, known: bool) -> Document | Failure:
        """The document; `known` tells whether its sender is signed in.

        Raises:
            TooCostly, ValidationFailed: as read_document does.

        """
        kept = self.known(query) or self._of_unknown(query, known=known)
        if kept:
            return kept
        node = read_document(self._schema, query)
        if isinstance(node, Failure):
            return node
        return self._keep(query, Document(node, self._schema), known=known)

    def _of_unknown(self, query: str, *, known: bool) -> Document | None:
        """What strangers have sent; as soon as somebody signed in sends it too, it is theirs."""
        document = self._unknown.find(query)
        if document and known:
            self._unknown.forget(query)
            self._keep(query, document, known=True)
        return document

    def _keep(self, query: str, document: Document, *, known: bool) -> Document:
        (self._known if known else self._unknown).keep(query, document, len(query))
        return document


def read_document(schema: GraphQLSchema, query: str) -> DocumentNode | Failure:
    """The document, parsed, weighed and validated. It depends on the text alone, so it may be kept.

    Raises:
        TooCostly, ValidationFailed: as limits.Scale does.

    """
    try:
        document = _parse(query)
    except GraphQLSyntaxError as error:
        return Failure([_syntax_error(error)])
    limits.Scale(document).check()
    errors = validate(schema, document, RULES, max_errors=MAX_ERRORS)
    return Failure([coded(error, ErrorCode.VALIDATION_FAILED) for error in errors]) if errors else document


def _parse(query: str) -> DocumentNode:
    return parse(
        query,
        max_lexical_tokens=limits.MAX_TOKENS,
        max_comments=limits.MAX_COMMENTS,
        max_source_length=limits.MAX_LENGTH,
    )


def _syntax_error(error: GraphQLSyntaxError) -> GraphQLError:
    """Tell too much from wrong, which graphql-core does by its words alone."""
    too_much = error.message.endswith("Parsing aborted.")
    return coded(error, ErrorCode.TOO_COSTLY if too_much else ErrorCode.PARSE_FAILED)
