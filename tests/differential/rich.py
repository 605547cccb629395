"""A world in which there is some of everything, made once a session and only read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from graphql_api.access.viewer import scopes_of
from graphql_api.actions.renewal_notices import decide
from graphql_api.app import App
from graphql_api.context import context_for
from graphql_api.execution.requests import Request
from graphql_api.models import rows
from graphql_api.models.api_token import Scope
from graphql_api.models.by import By
from graphql_api.models.client import ContactRole
from graphql_api.schema.root import SCHEMA
from tests.api import Api
from tests.confirmation_links.steps import attach, check_out, confirm, id_of, reject, token_of
from tests.differential.arguments import Pool
from tests.differential.comparing import Answer, BothWays
from tests.factories import World
from tests.frontends.crowd import Crowd, crowd
from tests.renewals.steps import set_default, set_override

SIZE = 8
TEST = By(None, "Test")
PAGES = """{
  confirmationLinks(first: 2) { edges { cursor } } clients(first: 2) { edges { cursor } }
  renewals(first: 2) { edges { cursor } } viewer { notifications(first: 1) { edges { cursor } } }
}"""


@dataclass
class Rich:
    """The service on that world, and what it answers either way."""

    runner: asyncio.Runner
    app: App
    world: World
    tokens: dict[str, str | None]
    """Of everybody who may ask, and None for who is nobody."""
    pool: Pool
    both: BothWays
    link: rows.ConfirmationLink
    """One of ours, on a deal, with a client."""

    @classmethod
    async def make(cls, runner: asyncio.Runner, app: App) -> Rich:
        """Everything, on a migrated and empty database."""
        world = await World.make(app.service.database)
        api = Api(app)
        made = await crowd(world, SIZE)
        await _make_room(world)
        await _give_roles(world)
        await _live(api, world)
        await _notices(world, app)
        tokens = {**world.tokens, "nobody": None, "reader": await _reader(world)}
        pool = Pool(await _values(api, world, made))
        await app.token_use.finish()
        return cls(runner, app, world, tokens, pool, BothWays(SCHEMA), made.links[1])

    def same(self, query: str, who: str, /, **variables: Any) -> Answer:
        """What both ways answer."""
        return self.runner.run(self.asked(query, who, **variables))

    async def asked(self, query: str, who: str, /, **variables: Any) -> Answer:
        """The same, for who waits already."""
        return await self.both.same(Request(query, variables), lambda: self.context(who))

    async def context(self, who: str) -> Any:
        """A context for one operation of theirs."""
        return await context_for(self.app.service, self.tokens[who])


async def _make_room(world: World) -> None:
    """What the crowd was told already stands in the CAM's own stream."""
    async with world.database.write(TEST) as writing:
        await writing.session.merge(rows.Stream(id=world.ours.cam.id, position=SIZE))


async def _give_roles(world: World) -> None:
    """One of the contacts of each client is its primary one."""
    async with world.database.write(TEST) as writing:
        contacts = {
            contact.client_id: contact
            for contact in await writing.session.scalars(select(rows.ClientContact))
        }
        for contact in contacts.values():
            contact.held = [rows.HeldRole(role=ContactRole.PRIMARY, client_id=contact.client_id, slot=1)]


async def _live(api: Api, world: World) -> None:
    """What people do: links in every stage, on deals of both kinds, with owners set and requests made."""
    ours, admin, cam = world.ours, world.tokens["partner_admin"], world.tokens["cam"]
    links = [await world.link(name=f"Proof {n}") for n in range(7)]
    foreign = await world.link(world.theirs, "Their proof")
    for link in links[:4]:
        await attach(api, admin, link, ours.shared[1])
    await check_out(api, world, ours.shared[1])
    await confirm(api, links[0])
    await reject(api, links[1])
    await api.change("cloneConfirmationLink", admin, "cursor", id=id_of(links[0]))
    asked = [await _request(api, world, link) for link in links[4:]]
    await api.change("declineAttachmentRequest", cam, "cursor", id=asked[0], reason="Not yours")
    assert ours.direct
    given = {"confirmationLinkId": id_of(links[5]), "dealId": id_of(ours.direct)}
    await api.change("attachConfirmationLink", cam, "cursor", **given, attachmentRequestId=asked[1])
    await set_default(api, admin, "PARTNER", ours.member)
    await set_override(api, admin, ours.clients[1], "HUBSPOT")
    await attach(api, world.tokens["other_partner_admin"], foreign, world.theirs.shared[0])


async def _request(api: Api, world: World, link: rows.ConfirmationLink) -> str:
    fields = "attachmentRequest { id }"
    given = {"confirmationLinkId": id_of(link), "dealName": "The big one", "message": "Please"}
    made = await api.change(
        "requestConfirmationLinkAttachment", world.tokens["partner_member"], fields, **given
    )
    request: str = made["attachmentRequest"]["id"]
    return request


async def _notices(world: World, app: App) -> None:
    """Half of the renewals are near enough, and their notices are decided."""
    today = datetime.now(UTC).date()
    async with world.database.write(TEST) as writing:
        renewals = (await writing.session.scalars(select(rows.Renewal))).all()
        for renewal in renewals[::2]:
            renewal.renews_on = today + timedelta(days=40)
        await writing.session.flush()
        for milestone in app.settings.milestones:
            await decide(writing, [renewal.id for renewal in renewals], milestone, today)


async def _reader(world: World) -> str:
    """A partner's own integration, whose token only reads."""
    async with world.database.write(TEST) as writing:
        machine = rows.Integration(partner_id=world.ours.partner.id, name="Reports", created_at=writing.now)
        writing.session.add(machine)
    assert Scope.LINKS_WRITE in scopes_of(machine)
    return await world.token_for(machine, Scope.READ)


async def _values(api: Api, world: World, made: Crowd) -> dict[str, tuple[Any, ...]]:
    """What to ask with: what there is, and what there is not."""
    ids = ("", "nothing", *await _ids(world))
    ours, cursors = world.ours, api.app.service.cursors
    moments = ("2026-11-01T00:00:02Z", "2030-01-01T00:00:00+02:00", "1999-12-31T23:59:59.5Z", "yesterday")
    shown = await api.ask(PAGES, world.tokens["cam"])
    pages = [shown[name] for name in ("confirmationLinks", "clients", "renewals")]
    pages.append(shown["viewer"]["notifications"])
    edges = [edge["cursor"] for page in pages for edge in page["edges"]]
    streams = [cursors.at(firm.partner.id, 2) for firm in (ours, world.theirs)]
    proofs = tuple(token_of(api, link) for link in made.links[:3])
    return {
        "ID": ids, "Int": (0, 1, 3, 30, 120, -1), "Boolean": (True, False), "DateTime": moments,
        "Date": ("2027-01-01", "never"), "String": ("", "proof", "ACME", "%", "_", "é", "\u0000", "x" * 300),
        "Cursor": (*streams, "nothing"), "Float": (0.5,), "after": (*edges, "nothing"), "before": (*edges, ""),
        "first": (1, 2, 3, 3, 5, 7, 0, -1, 101, 2**31 - 1), "last": (1, 2, 3, 101), "token": (*proofs, "", "é"),
        "externalId": ("northwind-Acme 0 renewal", "northwind-northwind direct deal", "nothing"),
        "onboardingTypeCode": ("GUIDED", "TECHNICAL", "NONE"), "productId": (*_products(world), "nothing"),
    }  # fmt: skip


def _products(world: World) -> list[str]:
    return [world.product(code) for code in world.products]


async def _ids(world: World) -> list[str]:
    """Three of each kind."""
    models = [mapper.class_ for mapper in rows.Base.registry.mappers if hasattr(mapper.class_, "node_id")]
    async with world.database.read() as session:
        return [
            str(row.node_id)
            for model in sorted(models, key=lambda model: model.__name__)
            for row in await session.scalars(select(model).order_by(model.id).limit(3))
        ]
