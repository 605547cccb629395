"""Random documents over the whole schema are answered the same, compiled and not, whoever asks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.execution.borrowed import core_schema
from graphql_api.schema.root import SCHEMA
from tests.differential.rich import Rich
from tests.differential.selections import documents

WHO = (
    "partner_admin", "partner_member", "cam", "renewal_manager", "staff_admin", "reader", "other_partner_admin",
    "crm_sync", "nobody",
)  # fmt: skip


@settings(settings.get_profile("differential"))
@given(data=st.data())
def test_any_document_is_answered_the_same_compiled_and_not(rich: Rich, data: st.DataObject) -> None:
    who = data.draw(st.sampled_from(WHO))
    made = data.draw(documents(core_schema(SCHEMA), rich.pool))
    rich.same(made.query, who, **made.variables)
