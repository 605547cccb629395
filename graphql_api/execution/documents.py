"""Documents: parsed, found small enough, and valid."""

from __future__ import annotations

from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graphql_api.execution import limits
from graphql_api.execution.errors import coded
from graphql_api.execution.outcomes import Failure
from graphql_api.models.client_error import ErrorCode, OperationUnresolved

MAX_ERRORS: Final = 50  # told of one document, or of one request's variables
# One tuple for all requests: graphql-core keeps what it made of these classes.
RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


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


def choose(document: DocumentNode, name: str | None) -> str | None:
    """The name of the operation to run, once it is sure that there is exactly one.

    Raises:
        OperationUnresolved: where it is not.

    """
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if not operations:
        raise OperationUnresolved("The document has no operation")
    if name is None and len(operations) > 1:
        raise OperationUnresolved("The document has several operations: say which with 'operationName'")
    if name is not None and not any(d.name and d.name.value == name for d in operations):
        raise OperationUnresolved(f"Unknown operation named '{name}'")
    return name
