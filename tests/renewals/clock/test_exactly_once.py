"""Two workers in one process, and a clock that is told to stop or fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from graphql_api.actions.renewal_notices import decide
from graphql_api.database import Database
from graphql_api.jobs import clock as clocks
from graphql_api.jobs.clock import Job, run_clock
from graphql_api.jobs.notices import CLOCK, decide_due
from graphql_api.models import rows
from graphql_api.settings import Settings
from tests.races.together import at_once, everything
from tests.renewals.clock.clockwork import Clockwork


async def some_due(clockwork: Clockwork, count: int) -> None:
    """So many renewals of the clients of both firms, on all milestones."""
    clients = [*clockwork.world.ours.clients, *clockwork.world.theirs.clients]
    for number in range(count):
        await clockwork.renewal((120, 90, 60, 50)[number % 4], clients[number % len(clients)])


@pytest.mark.rule("D6")
async def test_two_clocks_at_once_decide_each_notice_once(clockwork: Clockwork, database_url: str) -> None:
    """No clock fails either: with nothing but uq_renewal_notices_once, all but one would."""
    await some_due(clockwork, 48)
    other = Database(database_url, clockwork.clock)
    decided = await at_once(clockwork.decide(), decide_due(other, clockwork.settings), clockwork.decide())
    await other.close()
    assert sum(decided) == 48
    notices = await clockwork.notices()
    assert len({notice.renewal_id for notice in notices}) == len(notices) == 48
    for partner in (clockwork.world.ours.partner, clockwork.world.theirs.partner):
        positions = [event.position for event in await clockwork.events(partner)]
        assert positions == list(range(1, 25))


@pytest.mark.rule("D6")
async def test_every_notice_has_its_one_mail(clockwork: Clockwork) -> None:
    await clockwork.default_owner("PARTNER", clockwork.world.ours.admin)
    for _ in range(5):
        await clockwork.renewal(120)
    await at_once(clockwork.decide(), clockwork.decide())
    mails = await everything(clockwork.world, rows.OutboxMail)
    assert len(mails) == 5
    assert {notice.mail_id for notice in await clockwork.notices()} == {mail.id for mail in mails}
    assert {mail.subject_id for mail in mails} == {notice.node_id for notice in await clockwork.notices()}


@pytest.mark.rule("D6")
async def test_what_was_decided_meanwhile_is_left_alone(clockwork: Clockwork) -> None:
    renewal = await clockwork.renewal(120)
    milestone = clockwork.settings.milestones[0]
    await clockwork.decide()
    async with clockwork.world.database.write(CLOCK) as writing:
        again = await decide(writing, [renewal.id], milestone, clockwork.today)
    assert again == []


@pytest.mark.rule("D6")
async def test_a_clock_that_fails_in_the_middle_goes_on_where_it_was(
    clockwork: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    await some_due(clockwork, 12)
    mailed = "graphql_api.actions.renewal_notices.renewal_mail"
    with monkeypatch.context() as broken:
        broken.setattr(mailed, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await clockwork.decide()
    assert await clockwork.notices() == []
    assert await clockwork.events(clockwork.world.ours.partner) == []
    assert await clockwork.decide() == 12


async def test_a_clock_that_is_told_to_stop_ends_between_two_batches(
    clockwork: Clockwork, settings: Settings
) -> None:
    await some_due(clockwork, 8)
    stop = asyncio.Event()
    clockwork.world.database.on_commit(lambda _: stop.set())
    assert 0 < await decide_due(clockwork.world.database, settings, stop) < 8


async def test_a_job_that_fails_is_tried_again(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = asyncio.Event()
    tries: list[int] = []

    async def fail(_database: Database, _settings: Settings, stop: asyncio.Event) -> None:
        tries.append(len(tries))
        if len(tries) == 3:
            stop.set()
        raise OSError("the database is away")

    monkeypatch.setattr(clocks, "JOBS", (Job("fail", 0.001, fail),))
    await within(run_clock(database, settings, stop))
    assert tries == [0, 1, 2]


async def within(work: Awaitable[None], seconds: float = 10) -> None:
    await asyncio.wait_for(work, seconds)
