"""The client's answer against everything else."""

from __future__ import annotations

import pytest

from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.outbox_mail import MailKind
from tests.api import Api
from tests.factories import World
from tests.races.together import at_once, codes, everything
from tests.steps import check_out, confirm, delete, edit, reject

ROUNDS = 10


@pytest.mark.rule("C20", "B37")
async def test_twenty_clients_answer_one_link_at_once_and_one_wins(
    api: Api, other_api: Api, world: World
) -> None:
    """Delete `.with_for_update(key_share=True)` in writing/locked.py (PostgreSQL), "BEGIN IMMEDIATE" (SQLite)."""
    link = await world.link()
    answers = [
        (confirm if n % 4 < 2 else reject)([api, other_api][n % 2], link, name=f"Client {n}")
        for n in range(20)
    ]
    payloads = await at_once(*answers)
    assert sorted(codes(payload) for payload in payloads) == [[], *[["NOT_PENDING"]] * 19]
    [decision] = await everything(world, rows.Decision)
    assert {payload["invitation"]["status"] for payload in payloads} == {decision.status.value}
    kinds = [event.kind.value for event in await everything(world, rows.PartnerEvent)]
    assert sorted(kinds) == sorted(["LINK_CREATED", f"LINK_{decision.status}"])
    mails = [mail.kind for mail in await everything(world, rows.OutboxMail)]
    told = {"CONFIRMED": 3, "REJECTED": 1}[decision.status]
    assert mails.count(MailKind.LINK_CONFIRMED) + mails.count(MailKind.LINK_REJECTED) == told


@pytest.mark.rule("C18", "B34")
async def test_an_edit_and_an_answer_at_once_never_both_happen(
    api: Api, other_api: Api, world: World
) -> None:
    """Delete `.with_for_update(key_share=True)` in writing/locked.py: what was confirmed is edited after."""
    for number in range(ROUNDS):
        link = await world.link()
        edited, answered = await at_once(
            edit(api, world.tokens["partner_admin"], link, name=f"Edited {number}"), confirm(other_api, link)
        )
        now = await world.fresh(link)
        if codes(edited):
            assert (codes(edited), codes(answered), now.version) == (["NOT_PENDING"], [], 1)
        else:
            assert (codes(answered), now.status, now.version) == (["CONFLICT"], "PENDING", 2)
            assert answered["invitation"]["linkName"] == f"Edited {number}"


@pytest.mark.rule("C20", "B36")
async def test_a_deletion_and_an_answer_at_once_never_both_happen(
    api: Api, other_api: Api, world: World
) -> None:
    """Delete `.with_for_update(key_share=True)` in writing/locked.py: a decided link is to be deleted."""
    for _ in range(ROUNDS):
        link = await world.link()
        deleted, answered = await at_once(
            delete(api, world.tokens["partner_admin"], link), reject(other_api, link)
        )
        found = await world.fresh(link)
        if codes(deleted):
            assert (codes(deleted), codes(answered), found.status) == (["NOT_PENDING"], [], "REJECTED")
        else:
            assert (codes(answered), answered["invitation"], found) == (["NOT_FOUND"], None, None)
    decisions = {decision.link_id for decision in await everything(world, rows.Decision)}
    assert decisions == {link.id for link in await everything(world, rows.ConfirmationLink)}


@pytest.mark.rule("C23", "C18")
async def test_a_link_answered_during_a_checkout_is_sent_before_or_only_returned(
    api: Api, other_api: Api, world: World
) -> None:
    """Delete `.with_for_update(key_share=True)` in actions/checkouts.py: a link is sent after it was decided."""
    deal = world.ours.shared[0]
    for _ in range(ROUNDS):
        link = await world.link()
        async with world.database.write(By(None, "Test")) as writing:
            (await writing.session.get_one(rows.ConfirmationLink, link.id)).deal_id = deal.id
        sent, answered = await at_once(
            check_out(api, world.tokens["checkout"], deal), confirm(other_api, link)
        )
        assert (codes(sent), codes(answered)) == ([], [])
        mine = rows.PartnerEvent.subject_id == link.node_id
        events = sorted(await everything(world, rows.PartnerEvent, mine), key=lambda event: event.position)
        assert [event.kind for event in events if event.kind != "LINK_CREATED"] in (
            ["LINK_SENT", "LINK_CONFIRMED"],
            ["LINK_CONFIRMED"],
        )
