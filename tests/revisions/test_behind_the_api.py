"""Nothing that happens behind the API changes what partners see without moving their revisions."""

from __future__ import annotations

import pytest

from graphql_api.actions import accounts
from graphql_api.jobs.outbox import deliver_due
from graphql_api.mail.outbox import claim, release
from graphql_api.mail.outcome import Outcome
from graphql_api.mail.transports import transport_of
from graphql_api.models import rows
from graphql_api.models.actor import StaffRole
from graphql_api.models.api_token import Scope
from graphql_api.models.by import By
from tests.api import Api
from tests.factories import World
from tests.mailbox import Mailbox
from tests.pages.site import GOOD
from tests.renewals.clock.clockwork import Clockwork
from tests.revisions.watching import ALL, OURS, THEIRS, Watch
from tests.setting import set_rows
from tests.steps import token_of

TEST = By(None, "Test")


class Refusing:
    """Takes no mail for anybody."""

    async def deliver(self, _message: object, _sender: str, recipients: list[str]) -> Outcome:
        return Outcome(refused=dict.fromkeys(recipients, "no such mailbox"))


async def test_a_notice_that_the_clock_decides_moves_its_partners(
    watch: Watch, clockwork: Clockwork, mailbox: Mailbox
) -> None:
    async with watch.over() as noticed:
        assert await clockwork.decide() == 1
    assert (noticed.seen, noticed.moved) == ({OURS}, {OURS})
    async with watch.over() as noticed:
        assert [letter.kind for letter in await mailbox.new()] == ["renewal_notice"]
    assert (noticed.seen, noticed.moved) == ({OURS}, {OURS})


async def test_a_mail_that_is_refused_moves_its_partners(watch: Watch, world: World) -> None:
    await world.link()
    settings = watch.api.app.settings
    async with watch.over() as noticed:
        assert await deliver_due(world.database, Refusing(), settings) == 2
    assert (noticed.seen, noticed.moved) == ({OURS}, {OURS})


async def test_claiming_mails_and_delivering_what_shows_nowhere_moves_nothing(
    watch: Watch, world: World
) -> None:
    await world.link()
    settings = watch.api.app.settings
    async with watch.over() as noticed:
        async with world.database.write(TEST) as writing:
            mails = await claim(writing, 10)
        async with world.database.write(TEST) as writing:
            await release(writing, mails)
        transport = transport_of(settings.mail_url.get_secret_value())
        assert await deliver_due(world.database, transport, settings) == len(mails) == 2
    assert (noticed.seen, noticed.moved) == (set(), set())


@pytest.mark.parametrize("answer", [{}, {"decision": "reject", "reason": "We never met."}])
async def test_what_a_client_does_on_its_page_moves_the_links_partners(
    watch: Watch, api: Api, world: World, answer: dict[str, str]
) -> None:
    page = f"/c/{token_of(api, await world.link())}"
    async with watch.over() as noticed:
        assert (await api.http.get(page)).status_code == 200
    assert (noticed.seen, noticed.moved) == ({OURS}, {OURS})
    async with watch.over() as noticed:
        assert (await api.http.post(page, data=GOOD | answer)).status_code == 303
    assert (noticed.seen, noticed.moved) == ({OURS}, {OURS})
    async with watch.over() as noticed:
        assert (await api.http.get(page)).status_code == 200
        assert (await api.http.post(page, data=GOOD | {"name": "Another"})).status_code == 409
    assert (noticed.seen, noticed.moved) == (set(), set())


async def test_what_operators_make_moves_its_partners(watch: Watch, world: World) -> None:
    async with watch.over() as noticed, world.database.write(TEST) as writing:
        await accounts.create_integration(writing, "Our own", [Scope.READ], "northwind")
    assert (noticed.seen, noticed.moved) == ({OURS}, {OURS})
    async with watch.over() as noticed, world.database.write(TEST) as writing:
        await accounts.create_staff(writing, "new@vendor.example", "New", StaffRole.ADMIN)
        await accounts.create_integration(writing, "The vendor's", [Scope.READ], None)
    assert (noticed.seen, noticed.moved) == (set(), {ALL})


async def test_the_names_of_staff_and_machines_are_seen_by_all(watch: Watch, world: World) -> None:
    for row in (world.ours.cam, world.theirs.pdm):
        async with watch.over() as noticed:
            await set_rows(world.database, rows.Actor, rows.Actor.id == row.id, name="Another name")
        assert noticed.moved == {ALL}
        assert noticed.seen <= {OURS, THEIRS}
        assert noticed.seen
