"""The clock in a small world: renewals in so many days, days that pass, and what the clock decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from graphql_api.jobs.notices import decide_due
from graphql_api.models import rows
from graphql_api.models.actor import Locale, Role
from graphql_api.models.by import By
from graphql_api.models.client import ContactRole, HeldRole
from graphql_api.models.keys import new_key
from graphql_api.models.renewal import RenewalProduct
from graphql_api.models.renewal_notice import RenewalNotice
from graphql_api.settings import Settings
from tests.api import Api
from tests.clock import Clock
from tests.factories import World

PRIMARY, BILLING, DECISION_MAKER = ContactRole


@dataclass
class Clockwork:
    """What the tests turn and read. Our firm's first client is Acme, the second Globex."""

    world: World
    api: Api
    clock: Clock
    settings: Settings

    @property
    def today(self) -> date:
        return self.clock().date()

    @property
    def acme(self) -> rows.Client:
        return self.world.ours.clients[0]

    async def add(self, *made: Any) -> None:
        async with self.world.database.write(By(None, "Test")) as writing:
            writing.session.add_all(made)

    async def change(self, row: Any, **values: Any) -> None:
        """Set columns of a row, as a sync would."""
        async with self.world.database.write(By(None, "Test")) as writing:
            found = await writing.session.get_one(type(row), row.id)
            for name, value in values.items():
                setattr(found, name, value)

    async def renewal(self, days: int, client: rows.Client | None = None, **values: Any) -> rows.Renewal:
        """A renewal of the client (Acme) in so many days, of one product."""
        client = client or self.acme
        made = rows.Renewal(
            id=new_key(), partner_id=client.partner_id, client_id=client.id, created_at=self.clock(),
            renews_on=self.today + timedelta(days=days), **values,
        )  # fmt: skip
        made.products = [RenewalProduct(product_id=self.world.products["MKT-PRO"].id, position=0)]
        await self.add(made)
        return made

    async def contact(
        self, name: str, *roles: ContactRole, client: rows.Client | None = None, locale: Locale = Locale.EN
    ) -> rows.ClientContact:
        """Somebody at the client (Acme): Ana is ana@acme.example."""
        client = client or self.acme
        made = rows.ClientContact(
            id=new_key(), client_id=client.id, name=name, email=f"{name.lower()}@acme.example", locale=locale
        )
        made.held = [HeldRole(role=role, client_id=client.id, slot=1) for role in roles]
        await self.add(made)
        return made

    async def deactivate(self, user: rows.PartnerUser) -> None:
        await self.change(user, is_active=False)

    async def default_owner(self, owner: str, user: rows.Actor | None = None) -> None:
        """What our admin sets for all clients."""
        await self._set("setDefaultRenewalOwner", owner=owner, pointOfContactId=user and str(user.node_id))

    async def own_owner(self, owner: str, user: rows.Actor | None = None) -> None:
        """What our admin sets for Acme."""
        contact = user and str(user.node_id)
        await self._set(
            "setClientRenewalOwner", clientId=str(self.acme.node_id), owner=owner, pointOfContactId=contact
        )

    async def follow_default(self) -> None:
        """Acme's own is cleared."""
        await self._set("clearClientRenewalOwner", clientId=str(self.acme.node_id))

    async def decide(self) -> int:
        """What the clock does when it comes by; how many notices."""
        return await decide_due(self.world.database, self.settings)

    async def pass_days(self, days: int) -> dict[int, list[str]]:
        """Days go by, the clock coming by on each: what it decided, by the day."""
        heard = {}
        for day in range(1, days + 1):
            before = await self.milestones()
            self.clock.advance(days=1)
            await self.decide()
            heard[day] = (await self.milestones())[len(before) :]
        return {day: new for day, new in heard.items() if new}

    async def notices(self, renewal: rows.Renewal | None = None) -> Sequence[RenewalNotice]:
        """Of one renewal, or all, oldest first."""
        found = select(RenewalNotice).order_by(RenewalNotice.created_at, RenewalNotice.id)
        if renewal:
            found = found.where(RenewalNotice.renewal_id == renewal.id)
        async with self.world.database.read() as session:
            return (await session.scalars(found)).all()

    async def notice(self) -> RenewalNotice:
        """The newest."""
        return (await self.notices())[-1]

    async def milestones(self, renewal: rows.Renewal | None = None) -> list[str]:
        """What was decided, as "NOTICE 120"."""
        return [f"{notice.kind} {notice.days_before}" for notice in await self.notices(renewal)]

    async def events(self, partner: rows.Partner) -> Sequence[rows.PartnerEvent]:
        """The partner's stream, in order."""
        events = select(rows.PartnerEvent).where(rows.PartnerEvent.partner_id == partner.id)
        async with self.world.database.read() as session:
            return (await session.scalars(events.order_by(rows.PartnerEvent.position))).all()

    async def manager(self) -> rows.StaffMember:
        """The vendor's renewal manager."""
        manager = select(rows.StaffMember).where(rows.StaffMember.role == Role.RENEWAL_MANAGER)
        async with self.world.database.read() as session:
            return (await session.scalars(manager)).one()

    async def _set(self, mutation: str, **given: Any) -> None:
        payload = await self.api.change(mutation, self.world.tokens["partner_admin"], "cursor", **given)
        assert payload["userErrors"] == []


def emails(recipients: Sequence[dict[str, Any]]) -> list[str]:
    """The addresses of a notice's record."""
    return [one["email"] for one in recipients]
