"""What is only ever added goes past the ORM's unit of work, and nobody can tell."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from graphql_api.models import rows
from graphql_api.models.actor import Locale
from graphql_api.models.by import By
from graphql_api.models.outbox_mail import MailKind, MailStatus
from graphql_api.models.stream import PartnerEventKind
from tests.factories import World
from tests.statements import counted

TEST = By(None, "Test")


def _entry(world: World, action: str = "test") -> rows.AuditEntry:
    partner, now = world.ours.partner, world.database.clock()
    return rows.AuditEntry.new(
        partner_id=partner.id,
        action=action,
        actor_name="Test",
        subject_id=partner.node_id,
        changes=[],
        occurred_at=now,
    )


def _mail(world: World) -> rows.OutboxMail:
    now = world.database.clock()
    return rows.OutboxMail.new(
        kind=MailKind.CHECKOUT, subject_id=world.ours.partner.node_id, recipients=[{"name": "Ümit"}], remaining=["ü"],
        locale=Locale.ES, subject="s", text="t", html="h", created_at=now, next_attempt_at=now,
    )  # fmt: skip


def _event(world: World, partner: rows.Partner) -> rows.PartnerEvent:
    return rows.PartnerEvent.new(
        partner_id=partner.id, kind=PartnerEventKind.LINK_VIEWED, subject_id=partner.node_id,
        occurred_at=world.database.clock(),
    )  # fmt: skip


async def _revision(world: World) -> int:
    async with world.database.read() as session:
        revision = select(rows.Stream.revision).where(rows.Stream.id == world.ours.partner.id)
        return await session.scalar(revision) or 0


async def test_what_a_row_leaves_out_is_filled_as_the_orm_would(world: World) -> None:
    made: list[Any] = [_mail(world), _entry(world)]
    async with world.database.write(TEST) as writing:
        writing.session.add_all(made)
    async with world.database.read() as session:
        for row in made:
            stored: Any = await session.get_one(type(row), row.id)
            assert {name: getattr(stored, name) for name in vars(row) if name[0] != "_"} == {
                name: value for name, value in vars(row).items() if name[0] != "_"
            }
        mail = await session.get_one(rows.OutboxMail, made[0].id)
    assert (mail.refused, mail.has_refusals, mail.status, mail.attempts) == ([], False, MailStatus.QUEUED, 0)
    assert (mail.sent_at, mail.partner_id, mail.recipients) == (None, None, [{"name": "Ümit"}])


async def test_the_orm_does_not_hear_of_them_and_the_revision_moves(world: World) -> None:
    stood = await _revision(world)
    async with world.database.write(TEST) as writing:
        writing.session.add(_entry(world))
        assert list(writing.session.new) == []
    assert await _revision(world) == stood + 1


async def test_all_of_a_table_are_one_message(world: World) -> None:
    with counted(world.database) as statements:
        async with world.database.write(TEST) as writing:
            writing.session.add_all([_entry(world), _mail(world), _entry(world), _mail(world)])
    assert Counter(re.findall(r"INSERT INTO (\w+)", " ".join(statements))) == {
        "audit_entries": 1,
        "outbox_mails": 1,
        "streams": 1,
    }


async def test_a_question_within_the_transaction_finds_them(world: World) -> None:
    async with world.database.write(TEST) as writing:
        writing.session.add(_entry(world, "test.found"))
        found = select(func.count()).where(rows.AuditEntry.action == "test.found")
        assert await writing.session.scalar(found) == 1


async def test_one_that_cannot_be_written_takes_the_others_with_it(world: World) -> None:
    link = await world.link()
    stood = await _revision(world)

    async def write() -> None:
        async with world.database.write(TEST) as writing:
            (await writing.session.get_one(rows.ConfirmationLink, link.id)).name = "Renamed"
            broken = rows.OutboxMail.new(**vars(_mail(world)) | {"subject": None})
            writing.session.add_all([_entry(world), _event(world, world.ours.partner), broken])

    with pytest.raises(DBAPIError):
        await write()
    assert (await world.fresh(link)).name == link.name
    assert await _revision(world) == stood


async def test_events_take_their_places_at_the_end_and_streams_move_in_one_statement(world: World) -> None:
    ours, theirs = world.ours.partner, world.theirs.partner
    with counted(world.database) as statements:
        async with world.database.write(TEST) as writing:
            made = [_event(world, partner) for partner in (theirs, ours, theirs)]
            writing.session.add_all(made)
            await writing.session.flush()
            assert not any("streams" in one for one in statements)
            assert writing.moved == {}
    assert [event.position for event in made] == [1, 1, 2]
    assert writing.moved == {ours.id: 1, theirs.id: 2}
    assert sum("INTO streams" in one for one in statements) == 1


async def test_what_follows_the_end_takes_further_places(world: World) -> None:
    partner, stood = world.ours.partner, await _revision(world)
    async with world.database.write(TEST) as writing:
        writing.session.add(_event(world, partner))
        await writing.finish()
        await writing.finish()
        writing.session.add(_event(world, partner))
        (await writing.session.get_one(rows.Partner, world.theirs.partner.id)).name = "Renamed"
    assert writing.moved == {partner.id: 2, world.theirs.partner.id: 0}
    assert await _revision(world) == stood + 2


def test_a_new_row_is_complete_and_stays_as_it_is() -> None:
    mail, link = rows.OutboxMail.new(subject="s"), rows.ConfirmationLink.new(name="Ümit")
    assert (mail.subject, mail.status, mail.refused, mail.sent_at) == ("s", MailStatus.QUEUED, [], None)
    assert mail.refused is not rows.OutboxMail.new().refused
    assert (link.name_key, link.is_pending, link.version) == ("umit", True, 1)
    with pytest.raises(AttributeError):
        mail.subject = "t"
    with pytest.raises(TypeError, match="subjects"):
        rows.OutboxMail.new(subjects="s")
