"""Random operations over broken data are answered the same, compiled and not: data, nulls and errors."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.execution.borrowed import core_schema
from graphql_api.execution.requests import Request
from tests.differential.arguments import Pool
from tests.differential.broken import Broken
from tests.differential.comparing import BothWays
from tests.differential.selections import Made, documents
from tests.differential.toy import SCHEMA, Context

POOL = Pool({"Int": (0, 1, 2, -1), "String": ("", "é")})


# graphql-core leaves awaitables alone below what is null already.
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.mark.parametrize("share", [0, 0.02, 0.1, 0.4])
@settings(settings.get_profile("differential"))
@given(made=documents(core_schema(SCHEMA), POOL), seed=st.integers(0, 2**32))
def test_any_operation_over_broken_data_is_answered_the_same(share: float, made: Made, seed: int) -> None:
    async def context() -> Context:
        return Broken(seed, share).context()

    asyncio.run(BothWays(SCHEMA).same(Request(made.query, made.variables), context))
