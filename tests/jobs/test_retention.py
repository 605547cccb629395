"""What is older than it is kept goes, in small steps, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from graphql_api.database import Database
from graphql_api.jobs import retention
from graphql_api.jobs.outbox import deliver_due
from graphql_api.jobs.retention import prune_audit_log, prune_events, prune_keys, prune_mails
from graphql_api.mail.outcome import Outcome
from graphql_api.mail.transports import transport_of
from graphql_api.models import rows
from graphql_api.models.idempotency_key import IdempotencyKey
from graphql_api.models.outbox_mail import MailStatus
from graphql_api.settings import Settings
from tests.api import Api
from tests.clock import Clock
from tests.factories import World
from tests.setting import set_rows

PRUNES = (prune_events, prune_mails, prune_keys, prune_audit_log)
ALERTS = "{ viewer { partner { summary { alerts { code message } } } } }"


class Refusing:
    """Takes no mail for anybody."""

    async def deliver(self, _message: object, _sender: str, recipients: list[str]) -> Outcome:
        return Outcome(refused=dict.fromkeys(recipients, "no such mailbox"))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"keep_audit_days": 30})


@pytest.fixture
def prune(database: Database, settings: Settings) -> Callable[..., Any]:
    async def run(*jobs: Any) -> list[int]:
        """How many rows each deleted."""
        return [await job(database, settings, asyncio.Event()) for job in jobs]

    return run


async def count(database: Database, model: Any, *where: Any) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(model).where(*where)) or 0


async def stream(world: World) -> rows.Stream:
    async with world.database.read() as session:
        return await session.get_one(rows.Stream, world.ours.partner.id)


async def some_links(world: World, number: int) -> None:
    for _ in range(number):
        await world.link()


async def positions(world: World) -> list[int]:
    event = rows.PartnerEvent
    kept = select(event.position).where(event.partner_id == world.ours.partner.id).order_by(event.position)
    async with world.database.read() as session:
        return list(await session.scalars(kept))


async def test_events_go_when_they_are_too_old_and_the_stream_goes_on(
    world: World, clock: Clock, prune: Any
) -> None:
    await some_links(world, 3)
    clock.advance(days=89)
    await some_links(world, 2)
    assert await prune(prune_events) == [0]
    before = await stream(world)
    clock.advance(days=2)
    assert await prune(prune_events) == [3]
    after = await stream(world)
    assert await positions(world) == [4, 5]
    assert (after.position, after.pruned_to, after.revision) == (5, 3, before.revision + 1)
    await some_links(world, 1)
    assert (await positions(world))[-1] == 6


async def test_no_gap_is_left_where_a_later_event_has_an_earlier_time(
    world: World, clock: Clock, prune: Any
) -> None:
    """The time is the transaction's beginning; the position comes later, in the order of locks."""
    await some_links(world, 4)
    third = rows.PartnerEvent.position == 3
    await set_rows(world.database, rows.PartnerEvent, third, occurred_at=clock() + timedelta(days=5))
    clock.advance(days=91)
    assert await prune(prune_events) == [2]
    assert await positions(world) == [3, 4]
    clock.advance(days=5)
    assert await prune(prune_events) == [2]


async def test_pruning_takes_small_steps_over_many_streams_and_wakes_no_follower(
    world: World, clock: Clock, prune: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    await some_links(world, 5)
    theirs = world.theirs.partner.id
    async with world.database.write(retention.CLOCK) as writing:
        event = {"partner_id": theirs, "kind": "LINK_CREATED", "occurred_at": clock()}
        subject = world.theirs.partner.node_id
        writing.session.add_all(rows.PartnerEvent.new(subject_id=subject, **event) for _ in range(2))
    stand = {world.ours.partner.id: 5, theirs: 2}
    moved: list[Mapping[UUID, int]] = []
    world.database.on_commit(lambda writing: moved.append(writing.moved))
    clock.advance(days=91)
    assert await prune(prune_events) == [7]
    assert len(moved) == 4
    assert all(stand[key] == position for one in moved for key, position in one.items())
    assert await count(world.database, rows.PartnerEvent) == 0


@pytest.mark.parametrize("job", PRUNES)
async def test_a_job_that_is_told_to_stop_ends_between_two_steps(
    world: World,
    database: Database,
    clock: Clock,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    job: Any,
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    await one_of_each(world, settings, 5)
    clock.advance(days=91)
    stop = asyncio.Event()
    database.on_commit(lambda _: stop.set())
    assert await job(database, settings, stop) in {0, 2}
    stop.clear()
    assert await job(database, settings, asyncio.Event()) >= 3


async def one_of_each(world: World, settings: Settings, number: int) -> None:
    """So many old rows of each kind, at least."""
    await some_links(world, number)
    transport = transport_of(settings.mail_url.get_secret_value())
    while await deliver_due(world.database, transport, settings):
        pass
    async with world.database.write(retention.CLOCK) as writing:
        key = {"field": "x", "input_hash": "", "outcome": {}, "created_at": writing.now}
        writing.session.add_all(IdempotencyKey(caller="x", key=str(n), **key) for n in range(number))


async def test_nothing_goes_that_is_kept_for_ever(
    world: World, clock: Clock, settings: Settings, database: Database
) -> None:
    await one_of_each(world, settings, 2)
    clock.advance(days=10_000)
    for_ever = settings.model_copy(
        update={"keep_events_days": 0, "keep_mails_days": 0, "keep_audit_days": 0, "keep_keys_days": 3_650}
    )
    assert [await job(database, for_ever, asyncio.Event()) for job in PRUNES] == [0, 0, 2, 0]


async def test_mails_go_when_they_are_settled_and_never_before(
    world: World, clock: Clock, prune: Any, settings: Settings
) -> None:
    await world.link()
    transport = transport_of(settings.mail_url.get_secret_value())
    await deliver_due(world.database, transport, settings)
    await world.link()
    clock.advance(days=89)
    assert await prune(prune_mails) == [0]
    clock.advance(days=2)
    assert await prune(prune_mails) == [2]
    assert await count(world.database, rows.OutboxMail, rows.OutboxMail.status == MailStatus.QUEUED) == 2
    assert await count(world.database, rows.OutboxMail) == 2


async def test_a_mail_stays_for_as_long_as_an_alert_names_it(
    world: World, api: Api, clock: Clock, prune: Any, settings: Settings
) -> None:
    await some_links(world, 30)
    while await deliver_due(world.database, Refusing(), settings):
        pass
    token = world.tokens["partner_admin"]
    before = await api.ask(ALERTS, token)
    assert len(before["viewer"]["partner"]["summary"]["alerts"]) == 50
    clock.advance(days=91)
    assert await prune(prune_mails) == [10]
    assert await api.ask(ALERTS, token) == before
    assert await prune(prune_mails) == [0]


async def test_entries_of_the_audit_log_go_and_the_partners_who_saw_them_can_tell(
    world: World, clock: Clock, prune: Any
) -> None:
    await some_links(world, 2)
    entries = await count(world.database, rows.AuditEntry)
    clock.advance(days=31)
    await some_links(world, 1)
    before = await stream(world)
    assert await prune(prune_audit_log) == [entries]
    after = await stream(world)
    assert (after.revision, after.position) == (before.revision + 1, before.position)
    assert await count(world.database, rows.AuditEntry) == 1


async def test_keys_are_kept_as_long_as_is_set(
    world: World, clock: Clock, prune: Any, settings: Settings
) -> None:
    await one_of_each(world, settings, 2)
    clock.advance(days=6, hours=23)
    assert await prune(prune_keys) == [0]
    clock.advance(hours=2)
    assert await prune(prune_keys) == [2]


@pytest.fixture
async def another(database_url: str, clock: Clock) -> AsyncIterator[Database]:
    """Another worker's."""
    made = Database(database_url, clock)
    yield made
    await made.close()


@pytest.mark.parametrize("job", PRUNES)
async def test_two_workers_share_the_work(
    world: World,
    another: Database,
    clock: Clock,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    job: Any,
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    monkeypatch.setattr(retention, "PAUSE", 0)
    await one_of_each(world, settings, 20)
    clock.advance(days=91)
    both = (job(database, settings, asyncio.Event()) for database in (world.database, another))
    assert sum(await asyncio.wait_for(asyncio.gather(*both), 30)) >= 20
    assert await job(another, settings, asyncio.Event()) == 0


@pytest.mark.parametrize(
    ("batch", "job"),
    [
        (retention._events, prune_events),
        (retention._mails, prune_mails),
        (retention._keys, prune_keys),
        (retention._entries, prune_audit_log),
    ],
)
async def test_a_worker_passes_over_what_another_is_deleting(
    postgresql_url: str,
    clock: Clock,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    batch: Any,
    job: Any,
) -> None:
    """It waits for nobody. (SQLite has one writer at a time.)"""
    monkeypatch.setattr(retention, "AT_ONCE", 4)
    first, second = Database(postgresql_url, clock), Database(postgresql_url, clock)
    world = await World.make(first)
    await one_of_each(world, settings, 10)
    clock.advance(days=91)
    async with first.write(retention.CLOCK) as writing:
        if job is prune_events:
            await retention._free(
                writing,
                rows.PartnerEvent,
                select(rows.PartnerEvent.position).where(rows.PartnerEvent.position == 1),
            )
        else:
            assert await batch(writing, clock() - timedelta(days=1)) == 4
        found = await asyncio.wait_for(job(second, settings, asyncio.Event()), 5)
    assert found >= (0 if job is prune_events else 6)
    for database in (first, second):
        await database.close()


async def test_a_notice_keeps_what_became_of_its_mail(
    world: World, clock: Clock, prune: Any, database: Database
) -> None:
    """Also where a worker of the version before settled the mail, or decided that there was nobody to write to."""
    sent = rows.OutboxMail(
        partner_id=world.ours.partner.id, kind="renewal_notice", subject_id=world.ours.partner.node_id,
        recipients=[], remaining=[], locale="EN", subject="", text="", html="", created_at=clock(),
        status="SENT", next_attempt_at=clock(), sent_at=clock(),
    )  # fmt: skip
    await add(database, sent)
    renewal = await a_renewal(world, clock)
    common = {
        "partner_id": world.ours.partner.id, "client_id": renewal.client_id, "renewal_id": renewal.id,
        "renews_on": renewal.renews_on, "kind": "NOTICE", "owner": "HUBSPOT", "to": [], "cc": [],
        "explanation": "", "created_at": clock(), "status": "QUEUED",
    }  # fmt: skip
    await add(
        database,
        rows.RenewalNotice(days_before=1, mail_id=sent.id, **common),
        rows.RenewalNotice(days_before=2, **common),
    )
    clock.advance(days=91)
    assert await prune(prune_mails) == [1]
    async with database.read() as session:
        found = await session.execute(
            select(rows.RenewalNotice.status, rows.RenewalNotice.sent_at).order_by(
                rows.RenewalNotice.days_before
            )
        )
    assert found.all() == [("SENT", sent.sent_at), ("NO_RECIPIENTS", None)]


async def add(database: Database, *made: Any) -> None:
    async with database.write(retention.CLOCK) as writing:
        writing.session.add_all(made)


async def a_renewal(world: World, clock: Clock) -> rows.Renewal:
    client = world.ours.clients[0]
    made = rows.Renewal(
        partner_id=client.partner_id, client_id=client.id, created_at=clock(), renews_on=clock().date()
    )
    await add(world.database, made)
    return made
