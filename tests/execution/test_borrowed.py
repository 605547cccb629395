"""What is borrowed of libraries beyond their public names is still what it was when it was read."""

from __future__ import annotations

import hashlib
import inspect
from importlib.metadata import version
from typing import Any, Final

from graphql_api.execution import borrowed
from graphql_api.execution.borrowed import RELIED_ON, StrawberryExecutor, core_schema, field_of
from tests.execution.toy import SCHEMA

READ_IN: Final = {"graphql-core": "3.3.2", "strawberry-graphql": "0.341.2"}
"""The versions whose sources were read."""

FINGERPRINTS: Final = {
    "strawberry.schema.schema_converter.CustomGraphQLEnumType.coerce_output_value": "e4a086ff6db85ddb",
    "graphql.execution.executor.Executor.build": "faf76cb9d6140315",
    "graphql.execution.executor.Executor.build_resolve_info": "9cc3900ddc833a2f",
    "graphql.execution.executor.Executor.complete_awaitable_value": "9a67e9f91f0aac5c",
    "graphql.execution.executor.Executor.complete_list_value": "3ee91ce2f0fa9b62",
    "graphql.execution.executor.Executor.complete_value": "06c34f7681a13120",
    "graphql.execution.executor.Executor.execute_field": "5281dc836ecc24a0",
    "graphql.execution.executor.Executor.execute_operation": "030f6fe38d237369",
    "graphql.execution.executor.Executor.handle_field_error": "d33a6ee408cd1695",
    "strawberry.schema.schema_converter.GraphQLCoreConverter.from_interface": "63a306d57d96fd22",
    "strawberry.schema.schema_converter.GraphQLCoreConverter.from_resolver": "bcac1354fecdee79",
    "strawberry.schema.schema.StrawberryGraphQLCoreExecutionContext.build_resolve_info": "d600ee8361192a18",
    "strawberry.types.field.StrawberryField.get_result": "1881f471e7299ddb",
    "strawberry.types.fields.resolver.StrawberryResolver.__call__": "e86ac9383353bada",
    "graphql.utilities.coerce_input_value.coerce_default_value": "b7496350793916e2",
    "graphql.utilities.coerce_input_value.coerce_input_value": "b48fbfc965a86e87",
    "graphql.execution.collect_fields.collect_subfields": "1657a3c68d283391",
    "strawberry.types.arguments.convert_arguments": "c1f343b7611e0f78",
    "graphql.execution.values.get_argument_values": "9bb6b1486b9feff1",
    "graphql.execution.get_variable_signature.get_variable_signature": "12756e033317ad4a",
    "graphql.execution.values.get_variable_values": "4c1b2880140b2346",
    "strawberry.execution.is_awaitable.optimized_is_awaitable": "573992bc92ad1c50",
}


def fingerprint(one: Any) -> str:
    return hashlib.sha256(inspect.getsource(one).encode()).hexdigest()[:16]


def test_the_sources_relied_on_are_those_that_were_read() -> None:
    found = {f"{one.__module__}.{one.__qualname__}": fingerprint(one) for one in RELIED_ON}
    moved = {name: now for name, now in found.items() if FINGERPRINTS.get(name) != now}
    installed = {name: version(name) for name in READ_IN}
    assert not moved, (
        f"{', '.join(moved)} changed between {READ_IN} and {installed}. Read what changed, and follow it in "
        f"graphql_api/execution; run tests/differential with DIFFERENTIAL_EXAMPLES=2000; only then write down here: "
        f"READ_IN = {installed}, FINGERPRINTS = {found}"
    )
    assert set(found) == set(FINGERPRINTS)


def test_all_that_is_borrowed_is_there() -> None:
    assert [name for name in borrowed.__all__ if not hasattr(borrowed, name)] == []
    assert StrawberryExecutor.complete_value is borrowed.Executor.complete_value


def test_a_field_of_strawberrys_is_found_behind_graphql_cores() -> None:
    definition = core_schema(SCHEMA).query_type
    assert definition
    found = field_of(definition.fields["nextDay"])
    assert found
    assert found.python_name == "next_day"
