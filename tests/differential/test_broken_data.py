"""Random operations over broken data are answered the same, compiled and not: data, nulls and errors."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.execution.borrowed import core_schema
from graphql_api.execution.requests import Request
from tests.differential.arguments import Pool
from tests.differential.broken import Broken
from tests.differential.comparing import BothWays
from tests.differential.loading import Context
from tests.differential.selections import Made, documents
from tests.differential.toy import SCHEMA

POOL = Pool({"Int": (0, 1, 2, -1), "String": ("", "é")})

WHOLE: Final = """{ branches { ...Both children { ...Both children { id } } } maybeBranches { id } branch { ...Both } }
    fragment Both on Branch {
        id name bySelf repeated(times: 3, wish: { end: null }) leaf { ...All } maybeLeaf { ...All } leaves { ...All }
        maybeLeaves { ...All } grid { ...All } named { ...Some } maybeNamed { ...Some } nameds { ...Some }
        either { ...Some } atOnce { ...All } awaited { ...All } maybeAwaited { ...All } nowOrLater { ...All }
        loaded { ...All } loadedLeaf { ...All }
    }
    fragment Some on Named { __typename name twice ... on Other { number } ... on Leaf { ...All } }
    fragment All on Leaf {
        name identity count sure share isGreen color maybeColor colors at tags maybeTags ... on Named { twice }
    }"""


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


@pytest.mark.parametrize("seed", range(5))
async def test_whole_data_is_compiled_and_never_given_up(seed: int) -> None:
    async def context() -> Context:
        return Broken(seed, 0).context()

    both = BothWays(SCHEMA)
    assert "errors" not in await both.same(Request(WHOLE), context)
    [plans] = both.plans(WHOLE)
    assert None not in plans._variants[()].values()
    assert plans.given_up == 0
