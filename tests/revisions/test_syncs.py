"""No sync and no import changes what partners see without moving their revisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphql_api.models import rows
from tests.api import Api
from tests.factories import World
from tests.importing.folders import imported, written
from tests.revisions.watching import ALL, OURS, THEIRS, Watch
from tests.setting import set_rows

NORTHWIND = {"externalId": "northwind", "name": "Northwind Digital"}
CLIENT = {"externalId": "northwind-client-0", "partnerExternalId": "northwind", "name": "Acme 0"}
ANA = {"email": "ana@acme.example", "name": "Ana", "roles": ["PRIMARY"]}
MAX = {"email": "max@northwind.example", "name": "Max Northwind", "isActive": False}
DEAL = {"externalId": "northwind-Acme 0 renewal", "name": "Acme 0 renewal", "isShared": True}
PRO = {"code": "MKT-PRO", "name": "Marketing Hub Professional", "edition": "PROFESSIONAL"}
GUIDED = [{"code": "GUIDED", "name": "Guided onboarding"}]
RENEWAL = {
    "externalId": "a-renewal",
    "clientExternalId": "northwind-client-0",
    "productCodes": ["MKT-PRO"],
    "renewsOn": "2031-01-31",
}
CHANGES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("partners", NORTHWIND | {"name": "Northwind"}, {OURS}),
    ("partners", NORTHWIND | {"channelAccountManagerEmail": "cam.contoso@vendor.example"}, {OURS}),
    ("partners", NORTHWIND | {"partnerDevelopmentManagerEmail": None}, {OURS}),
    ("partners", NORTHWIND | {"users": [MAX]}, {OURS}),
    ("products", PRO | {"name": "Marketing Hub Pro", "onboardingTypes": GUIDED}, {OURS, THEIRS}),
    ("clients", CLIENT | {"domain": "acme.example"}, {OURS}),
    ("clients", CLIENT | {"contacts": [ANA | {"roles": ["PRIMARY", "BILLING"]}]}, {OURS}),
    ("clients", CLIENT | {"contacts": [ANA | {"roles": ["BILLING"]}]}, {OURS}),
    ("clients", CLIENT | {"contacts": []}, {OURS}),
    ("renewals", RENEWAL, {OURS}),
    ("renewals", RENEWAL | {"productCodes": ["SALES-ENT", "MKT-PRO"]}, {OURS}),
    ("renewals", RENEWAL | {"productCodes": ["MKT-PRO"], "status": "CONFIRMED"}, {OURS}),
    ("deals", DEAL | {"stage": "Won"}, {OURS}),
    ("deals", DEAL | {"stage": "Won", "clientExternalId": "northwind-client-1"}, {OURS}),
    ("deals", DEAL | {"stage": "Won", "isShared": False}, {OURS}),
    ("deals", DEAL | {"stage": "Won", "isShared": True}, {OURS}),
    (
        "deals",
        DEAL | {"stage": "Won", "partnerExternalId": "contoso", "clientExternalId": None},
        {OURS, THEIRS},
    ),
    ("deals", DEAL | {"stage": "Won", "partnerExternalId": None}, {THEIRS}),
]
"""What each brings in, and who sees that it did."""

FILES = {
    "products": "code,name,edition,onboarding_types\nMKT-PRO,Imported,PROFESSIONAL,GUIDED:Guided\n",
    "staff": "email,name,role,locale\ncam.northwind@vendor.example,Kim,CHANNEL_ACCOUNT_MANAGER,EN\n",
    "partners": "external_id,name,cam_email,pdm_email\nnorthwind,Northwind,,\n",
    "users": (
        "partner_external_id,email,name,role,active,locale\nnorthwind,new@northwind.example,New,member,yes,es\n"
    ),
    "clients": "external_id,partner_external_id,name,domain\nC1,northwind,New,\n",
    "contacts": (
        "client_external_id,email,name,roles,locale\nnorthwind-client-1,bo@globex.example,Bo,PRIMARY,EN\n"
    ),
    "renewals": (
        "external_id,client_external_id,product_codes,renews_on,status,current_mrr,renewal_mrr,currency,"
        "renewal_manager_email\nR1,northwind-client-1,MKT-PRO,2031-01-31,PENDING,,,,\n"
    ),
    "deals": (
        "external_id,name,shared,partner_external_id,client_external_id,stage,amount,currency,closes_on\n"
        "D1,Sale,true,northwind,northwind-client-1,Won,12,EUR,2031-12-01\n"
    ),
}
SEEN_BY_ALL = {"products", "staff"}


async def sync(api: Api, world: World, kind: str, record: dict[str, Any]) -> None:
    name = f"sync{kind.title()}"
    payload = await api.change(name, world.tokens["crm_sync"], "updated", **{kind: [record]})
    assert payload["userErrors"] == [], (kind, record)


async def test_whoever_sees_a_sync_can_tell_by_the_revision(watch: Watch, api: Api, world: World) -> None:
    await set_rows(world.database, rows.Deal, rows.Deal.external_id == DEAL["externalId"], stage="Open")
    before = await watch.look()
    for kind, record, seers in CHANGES:
        await sync(api, world, kind, record)
        after = await watch.look(before)
        noticed, before = before.till(after), after
        assert noticed.seen == seers, (kind, record)
        assert noticed.moved == ({ALL} if kind == "products" else seers), (kind, record)
    before.till(await watch.look())


async def test_a_sync_of_what_is_so_already_moves_nothing(watch: Watch, api: Api, world: World) -> None:
    for kind, record, _ in CHANGES[:-2]:
        await sync(api, world, kind, record)
        stood = await watch.revisions()
        await sync(api, world, kind, record)
        assert await watch.revisions() == stood, (kind, record)


async def test_whoever_sees_an_import_can_tell_by_the_revision(
    watch: Watch, world: World, tmp_path: Path
) -> None:
    before = await watch.look()
    for name, content in FILES.items():
        folder = tmp_path / name
        folder.mkdir()
        report = await imported(world.database, written(folder, **{name: content}))
        after = await watch.look(before)
        noticed, before = before.till(after), after
        assert report.imported, report.messages
        assert noticed.seen >= {OURS}, name
        assert noticed.moved == ({ALL} if name in SEEN_BY_ALL else {OURS}), name
