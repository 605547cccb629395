"""Answers about clients and their people."""

from typing import Any

from graphql_api.models import rows
from graphql_api.models.client import ContactRole
from graphql_api.resolvers.info import Info, together


async def roles_of(info: Info, roots: list[rows.ClientContact]) -> list[list[ContactRole]]:
    """The roles that each contact holds, in the order in which they are defined."""
    found = await info.context.loaders.level("roles of contact", [root.id for root in roots])
    return [_in_order({held.role for held in of_one}) for of_one in found]


@together(roles_of)
async def roles(root: rows.ClientContact, info: Info) -> list[ContactRole]:
    """The roles that the contact holds, in the order in which they are defined."""
    found: list[Any] = await info.context.loaders.relation("roles of contact").load(root.id)
    return _in_order({held.role for held in found})


def _in_order(held: set[ContactRole]) -> list[ContactRole]:
    return [role for role in ContactRole if role in held]
