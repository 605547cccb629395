"""What the vendor's systems bring in: upserts by external id, all or nothing."""

from typing import Any

from graphql_api.actions.sync.clients import sync_clients
from graphql_api.actions.sync.deals import sync_deals
from graphql_api.actions.sync.partners import sync_partners
from graphql_api.actions.sync.products import sync_products
from graphql_api.actions.sync.renewals import sync_renewals
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.refusals import Answer, answering
from graphql_api.schema.inputs import sync as inputs
from graphql_api.schema.inputs.sync import record_of

NOTHING: dict[str, Any] = {"created": 0, "updated": 0, "unchanged": 0}


@answering(**NOTHING)
async def products(info: Info, input: inputs.SyncProductsInput) -> Answer:
    """Bring in products."""
    return await _brought_in(info, sync_products, input.products)


@answering(**NOTHING)
async def partners(info: Info, input: inputs.SyncPartnersInput) -> Answer:
    """Bring in partners and their users."""
    return await _brought_in(info, sync_partners, input.partners)


@answering(**NOTHING)
async def clients(info: Info, input: inputs.SyncClientsInput) -> Answer:
    """Bring in clients and their contacts."""
    return await _brought_in(info, sync_clients, input.clients)


@answering(**NOTHING)
async def renewals(info: Info, input: inputs.SyncRenewalsInput) -> Answer:
    """Bring in renewals."""
    return await _brought_in(info, sync_renewals, input.renewals)


@answering(**NOTHING)
async def deals(info: Info, input: inputs.SyncDealsInput) -> Answer:
    """Bring in deals."""
    return await _brought_in(info, sync_deals, input.deals)


async def _brought_in(info: Info, sync: Any, given: list[Any]) -> Answer:
    async with info.context.write() as writing:
        counts = await sync(writing, record_of(given))
        return {"created": counts.created, "updated": counts.updated, "unchanged": counts.unchanged}
