"""What people do about renewal owners over the API, and what the vendor's systems bring in, in a line each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from graphql_api.models import rows
from graphql_api.models.actor import Locale, Role
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.models.renewal import RenewalStatus
from tests.api import Api
from tests.factories import Firm, World

TEST = By(None, "Test")
OWNERSHIP = "owner source version updatedAt updatedBy { name } pointOfContact { id name }"
RECIPIENTS = "to { name email roles } cc { name email roles } suppressed { name email roles }"
Payload = dict[str, Any]


def id_of(row: Any) -> str:
    """A row's global id; of nobody, none."""
    return str(row.node_id)


async def set_default(api: Api, who: str, owner: str, contact: Any = None, **more: Any) -> Payload:
    """Set the default of one's own partner, or of `partnerId`."""
    given = {"owner": owner, "pointOfContactId": contact and id_of(contact)} | more
    fields = f"cursor partner {{ id defaultRenewalOwnership {{ {OWNERSHIP} }} }}"
    return await api.change("setDefaultRenewalOwner", who, fields, **given)


async def set_override(
    api: Api, who: str, client: rows.Client, owner: str, contact: Any = None, **more: Any
) -> Payload:
    """Set the owner for one client."""
    given = {"clientId": id_of(client), "owner": owner, "pointOfContactId": contact and id_of(contact)} | more
    fields = f"cursor client {{ id renewalOwnership {{ {OWNERSHIP} }} }}"
    return await api.change("setClientRenewalOwner", who, fields, **given)


async def clear(api: Api, who: str, client: rows.Client, **more: Any) -> Payload:
    """Let one client follow the default again."""
    fields = f"cursor client {{ id renewalOwnership {{ {OWNERSHIP} }} }}"
    return await api.change("clearClientRenewalOwner", who, fields, clientId=id_of(client), **more)


async def ownership(api: Api, who: str, client: rows.Client) -> Payload:
    """Who owns a client's renewals now."""
    document = f"query($id: ID!) {{ client(id: $id) {{ renewalOwnership {{ {OWNERSHIP} }} }} }}"
    found: Payload = (await api.ask(document, who, id=id_of(client)))["client"]["renewalOwnership"]
    return found


async def default(api: Api, who: str, firm: Firm) -> Payload:
    """A partner's default."""
    document = f"query($id: ID!) {{ partner(id: $id) {{ defaultRenewalOwnership {{ {OWNERSHIP} }} }} }}"
    found: Payload = (await api.ask(document, who, id=id_of(firm.partner)))["partner"][
        "defaultRenewalOwnership"
    ]
    return found


def brief(found: Payload) -> tuple[str, str | None, str]:
    """Owner, point of contact and source."""
    contact = found["pointOfContact"]
    return found["owner"], contact and contact["name"], found["source"]


async def preview(api: Api, who: str, client: rows.Client, arguments: str = "") -> Payload:
    """Who would get the client's next notice."""
    fields = f"ownership {{ {OWNERSHIP} }} {RECIPIENTS} explanation nextDueOn"
    document = f"query($id: ID!) {{ client(id: $id) {{ renewalNoticePreview{arguments} {{ {fields} }} }} }}"
    found: Payload = (await api.ask(document, who, id=id_of(client)))["client"]["renewalNoticePreview"]
    return found


def reached(found: Payload) -> tuple[list[str], list[str], list[str]]:
    """To, Cc and who not, by address."""
    to, cc, suppressed = ([one["email"] for one in found[name]] for name in ("to", "cc", "suppressed"))
    return to, cc, suppressed


async def impact(api: Api, who: str, firm: Firm, owner: str, contact: Any = None) -> Payload:
    """Which clients a new default would touch."""
    document = """query($id: ID!, $owner: RenewalOwner!, $contact: ID) { partner(id: $id) {
      renewalOwnershipImpact(owner: $owner, pointOfContactId: $contact) {
        changedClients overriddenClients clients(first: 100) { totalCount nodes { id name } }
      } } }"""
    given = {"id": id_of(firm.partner), "owner": owner, "contact": contact and id_of(contact)}
    found: Payload = (await api.ask(document, who, **given))["partner"]["renewalOwnershipImpact"]
    return found


async def add(world: World, *new: Any) -> None:
    """Put rows into the database."""
    async with world.database.write(TEST) as writing:
        writing.session.add_all(new)


async def user_of(world: World, firm: Firm, name: str, role: Role = Role.MEMBER) -> rows.PartnerUser:
    """One more user of a partner."""
    user = rows.PartnerUser(
        id=new_key(),
        partner_id=firm.partner.id,
        name=name,
        role=role,
        created_at=world.database.clock(),
        email=f"{name.lower()}@{firm.partner.external_id}.example",
        locale=Locale.EN,
        is_active=True,
    )
    await add(world, user)
    return user


async def deactivate(world: World, *users: rows.PartnerUser) -> None:
    """They may no longer sign in."""
    async with world.database.write(TEST) as writing:
        for user in users:
            (await writing.session.get_one(rows.PartnerUser, user.id)).is_active = False


async def client_of(world: World, firm: Firm, name: str) -> rows.Client:
    """One more client of a partner."""
    client = rows.Client(
        id=new_key(),
        external_id=name,
        partner_id=firm.partner.id,
        name=name,
        created_at=world.database.clock(),
    )
    await add(world, client)
    return client


async def bring_in_contacts(api: Api, world: World, client: rows.Client, **roles_by_name: str) -> None:
    """The client's contacts are these: each with an address at the client, or the one that stands in the name."""
    listed = [
        {
            "email": name if "@" in name else f"{name.lower()}@{client.domain or 'client.example'}",
            "name": name,
            "roles": roles.split(),
        }
        for name, roles in roles_by_name.items()
    ]
    async with world.database.read() as session:
        partner = await session.get_one(rows.Partner, client.partner_id)
    row = {"externalId": client.external_id, "partnerExternalId": partner.external_id, "name": client.name}
    done = await api.change(
        "syncClients", world.tokens["crm_sync"], "updated", clients=[row | {"contacts": listed}]
    )
    assert done["userErrors"] == []


async def renewal_of(
    world: World, client: rows.Client, days: int, status: RenewalStatus = RenewalStatus.PENDING, **more: Any
) -> rows.Renewal:
    """A renewal so many days from today."""
    now = world.database.clock()
    renewal = rows.Renewal(
        id=new_key(),
        partner_id=client.partner_id,
        client_id=client.id,
        renews_on=(now + timedelta(days=days)).date(),
        status=status,
        created_at=now,
        **more,
    )
    await add(world, renewal)
    return renewal


async def everything(world: World, model: Any, *where: Any) -> list[Any]:
    """The rows of a table, as they are now."""
    async with world.database.read() as session:
        return list(await session.scalars(select(model).where(*where)))
