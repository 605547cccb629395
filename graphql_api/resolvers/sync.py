"""What the vendor's systems bring in: upserts by external id, all or nothing."""

from typing import Any

from graphql_api.actions.sync.clients import sync_clients
from graphql_api.actions.sync.deals import sync_deals
from graphql_api.actions.sync.partners import sync_partners
from graphql_api.actions.sync.products import sync_products
from graphql_api.actions.sync.renewals import sync_renewals
from graphql_api.database import Writing
from graphql_api.resolvers.changing import changing
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.refusals import Answer
from graphql_api.schema.inputs import sync as inputs
from graphql_api.schema.inputs.sync import record_of

NOTHING: dict[str, Any] = {"created": 0, "updated": 0, "unchanged": 0}


@changing(**NOTHING)
async def products(info: Info, input: inputs.SyncProductsInput, writing: Writing) -> Answer:
    """Bring in products."""
    return await _brought_in(info, writing, sync_products, input.products)


@changing(**NOTHING)
async def partners(info: Info, input: inputs.SyncPartnersInput, writing: Writing) -> Answer:
    """Bring in partners and their users."""
    return await _brought_in(info, writing, sync_partners, input.partners)


@changing(**NOTHING)
async def clients(info: Info, input: inputs.SyncClientsInput, writing: Writing) -> Answer:
    """Bring in clients and their contacts."""
    return await _brought_in(info, writing, sync_clients, input.clients)


@changing(**NOTHING)
async def renewals(info: Info, input: inputs.SyncRenewalsInput, writing: Writing) -> Answer:
    """Bring in renewals."""
    return await _brought_in(info, writing, sync_renewals, input.renewals)


@changing(**NOTHING)
async def deals(info: Info, input: inputs.SyncDealsInput, writing: Writing) -> Answer:
    """Bring in deals."""
    return await _brought_in(info, writing, sync_deals, input.deals)


async def _brought_in(_info: Info, writing: Writing, sync: Any, given: list[Any]) -> Answer:
    counts = await sync(writing, record_of(given))
    return {"created": counts.created, "updated": counts.updated, "unchanged": counts.unchanged}
