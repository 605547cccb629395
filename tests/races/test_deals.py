"""Proof of engagement, moved by several at once."""

from __future__ import annotations

import pytest

from graphql_api.models import rows
from graphql_api.models.outbox_mail import MailKind
from tests.api import Api
from tests.factories import World
from tests.races.together import at_once, codes, everything, lines_of
from tests.steps import ask_for, attach, check_out, decline, delete, detach

ROUNDS = 10


@pytest.mark.rule("C19")
async def test_a_link_put_on_two_deals_at_once_is_on_one(api: Api, other_api: Api, world: World) -> None:
    """Delete `.with_for_update(key_share=True)` in writing/locked.py: it is attached twice."""
    here, there = world.ours.shared[:2]
    for _ in range(ROUNDS):
        link = await world.link()
        payloads = await at_once(
            attach(api, world.tokens["partner_admin"], link, here),
            attach(other_api, world.tokens["cam"], link, there),
        )
        assert sorted(codes(payload) for payload in payloads) == [[], ["ALREADY_ATTACHED"]]
        deal = here if codes(payloads[0]) == [] else there
        now = await world.fresh(link)
        assert (now.deal_id, now.client_id) == (deal.id, deal.client_id)
    assert await lines_of(world, here) + await lines_of(world, there) == ["LINK_ATTACHED"] * ROUNDS


@pytest.mark.rule("C17", "B36")
async def test_a_link_deleted_while_it_is_attached_leaves_the_deal(
    api: Api, other_api: Api, world: World
) -> None:
    """Delete `.with_for_update(key_share=True)` in writing/locked.py: it is removed from no deal."""
    deal, ada = world.ours.shared[0], world.tokens["partner_admin"]
    for _ in range(ROUNDS):
        link = await world.link()
        attached, deleted = await at_once(attach(api, ada, link, deal), delete(other_api, ada, link))
        assert codes(deleted) == []
        assert codes(attached) in ([], ["NOT_FOUND"])
        assert await world.fresh(link) is None
    lines = await lines_of(world, deal)
    assert lines.count("LINK_ATTACHED") == lines.count("LINK_DELETED")


@pytest.mark.rule("C23")
async def test_two_checkouts_at_once_both_send_and_the_first_time_is_kept(
    api: Api, other_api: Api, world: World
) -> None:
    """Delete `.with_for_update(key_share=True)` in writing/locked.py and in actions/checkouts.py: other times."""
    deal, checkout = world.ours.shared[0], world.tokens["checkout"]
    for _ in range(3):
        await attach(api, world.tokens["partner_admin"], await world.link(), deal)
    payloads = await at_once(*(check_out(one, checkout, deal) for one in (api, other_api)))
    assert [codes(payload) for payload in payloads] == [[], []]
    assert len({payload["cursor"] for payload in payloads}) == 2
    checkouts = await everything(world, rows.Checkout)
    first = min(checkout.started_at for checkout in checkouts)
    assert {link.sent_at for link in await everything(world, rows.ConfirmationLink)} == {first}
    assert (await lines_of(world, deal)).count("LINK_SENT") == 6
    assert len(await everything(world, rows.OutboxMail, rows.OutboxMail.kind == MailKind.CHECKOUT)) == 2


@pytest.mark.rule("C19", "C23")
async def test_attaching_and_checking_out_in_either_order_never_lock_each_other_out(
    api: Api, other_api: Api, world: World
) -> None:
    """Lock the link before the deal in actions/proof_of_engagement.py `detach`: a deadlock."""
    deal, ada, checkout = world.ours.shared[0], world.tokens["partner_admin"], world.tokens["checkout"]
    link = await world.link(name="Comes and goes")
    await attach(api, ada, await world.link(name="Stays"), deal)
    for number in range(50):
        move = detach if number % 2 else attach
        doings = [move(api, ada, link, deal), check_out(other_api, checkout, deal)]
        payloads = await at_once(*(doings if number % 4 < 2 else reversed(doings)))
        assert [codes(payload) for payload in payloads] == [[], []]
    lines = await lines_of(world, deal)
    assert (lines.count("LINK_ATTACHED"), lines.count("LINK_DETACHED")) == (26, 25)


@pytest.mark.rule("B21")
async def test_a_request_fulfilled_and_declined_at_once_is_answered_once(
    api: Api, other_api: Api, world: World
) -> None:
    """Delete `.with_for_update(key_share=True)` in writing/locked.py: it is answered twice."""
    direct = world.ours.direct
    assert direct
    for _ in range(ROUNDS):
        link = await world.link()
        asked = (await ask_for(api, world.tokens["partner_admin"], link))["attachmentRequest"]["id"]
        attached, declined = await at_once(
            attach(api, world.tokens["cam"], link, direct, attachmentRequestId=asked),
            decline(other_api, world.tokens["pdm"], asked),
        )
        assert sorted([codes(attached), codes(declined)]) == [[], ["NOT_PENDING"]]
        on_deal = (await world.fresh(link)).deal_id == direct.id
        assert on_deal == (codes(attached) == [])


@pytest.mark.rule("C17", "B21")
async def test_deleting_a_link_and_declining_its_request_never_lock_each_other_out(
    api: Api, other_api: Api, world: World
) -> None:
    """Record the deletion before the link's row goes in actions/confirmation_links.py `delete`: a deadlock."""
    ada, cam = world.tokens["partner_admin"], world.tokens["cam"]
    for number in range(20):
        link = await world.link()
        asked = (await ask_for(api, ada, link))["attachmentRequest"]["id"]
        doings = [delete(api, ada, link), decline(other_api, cam, asked)]
        deleted, declined = await at_once(*doings)
        assert codes(deleted) == []
        assert codes(declined) in ([], ["NOT_FOUND"]), number
    assert await everything(world, rows.AttachmentRequest) == []
