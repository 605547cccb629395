"""When notices and reminders fall due, and that each is decided once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from graphql_api.models.renewal import RenewalStatus
from graphql_api.settings import read_settings
from tests.renewals.clock.clockwork import Clockwork


@pytest.mark.rule("C12", "A19")
async def test_a_notice_comes_120_days_before_and_reminders_90_60_and_50(clockwork: Clockwork) -> None:
    renewal = await clockwork.renewal(125)
    assert await clockwork.decide() == 0
    heard = await clockwork.pass_days(130)
    assert heard == {5: ["NOTICE 120"], 35: ["REMINDER 90"], 65: ["REMINDER 60"], 75: ["REMINDER 50"]}
    assert {notice.renewal_id for notice in await clockwork.notices()} == {renewal.id}


@pytest.mark.rule("C12")
@pytest.mark.parametrize(
    ("days", "latest"),
    [
        (121, []), (120, ["NOTICE 120"]), (91, ["NOTICE 120"]), (90, ["REMINDER 90"]), (61, ["REMINDER 90"]),
        (60, ["REMINDER 60"]), (51, ["REMINDER 60"]), (50, ["REMINDER 50"]), (1, ["REMINDER 50"]),
        (0, ["REMINDER 50"]), (-1, []),
    ],
)  # fmt: skip
async def test_a_renewal_that_comes_late_gets_only_the_latest_one_due(
    clockwork: Clockwork, days: int, latest: list[str]
) -> None:
    await clockwork.renewal(days)
    assert await clockwork.decide() == len(latest)
    assert await clockwork.decide() == 0
    assert await clockwork.milestones() == latest


@pytest.mark.rule("C12")
async def test_after_the_service_was_down_only_the_latest_one_is_sent(clockwork: Clockwork) -> None:
    await clockwork.renewal(120)
    await clockwork.decide()
    clockwork.clock.advance(days=65)  # 90 and 60 have been missed
    assert await clockwork.decide() == 1
    assert await clockwork.milestones() == ["NOTICE 120", "REMINDER 60"]
    assert await clockwork.pass_days(60) == {5: ["REMINDER 50"]}


@pytest.mark.rule("C12")
@pytest.mark.parametrize("status", RenewalStatus)
async def test_pending_and_confirmed_renewals_get_notices_and_no_others(
    clockwork: Clockwork, status: RenewalStatus
) -> None:
    await clockwork.renewal(120, status=status)
    awaited = status in {RenewalStatus.PENDING, RenewalStatus.CONFIRMED}
    assert await clockwork.decide() == int(awaited)


@pytest.mark.rule("C12")
async def test_a_renewal_that_is_renewed_on_the_way_gets_no_more(clockwork: Clockwork) -> None:
    renewal = await clockwork.renewal(121)
    assert await clockwork.pass_days(5) == {1: ["NOTICE 120"]}
    await clockwork.change(renewal, status=RenewalStatus.RENEWED)
    assert await clockwork.pass_days(120) == {}


@pytest.mark.rule("C12", "D6")
async def test_a_renewal_whose_date_moves_gets_notices_for_the_new_date(clockwork: Clockwork) -> None:
    renewal = await clockwork.renewal(120)
    await clockwork.decide()
    await clockwork.change(renewal, renews_on=renewal.renews_on + timedelta(days=10))
    assert await clockwork.pass_days(45) == {10: ["NOTICE 120"], 40: ["REMINDER 90"]}
    dates = [notice.renews_on for notice in await clockwork.notices(renewal)]
    assert dates == [renewal.renews_on, *[renewal.renews_on + timedelta(days=10)] * 2]


@pytest.mark.rule("C12", "D6")
async def test_a_date_that_moves_there_and_back_repeats_nothing(clockwork: Clockwork) -> None:
    renewal = await clockwork.renewal(120)
    await clockwork.decide()
    await clockwork.change(renewal, renews_on=renewal.renews_on + timedelta(days=10))
    await clockwork.decide()
    await clockwork.change(renewal, renews_on=renewal.renews_on)
    assert await clockwork.decide() == 0


@pytest.mark.rule("C12")
async def test_days_are_those_of_utc(clockwork: Clockwork) -> None:
    await clockwork.renewal(121)
    clockwork.clock.advance(hours=11, minutes=58)
    assert await clockwork.decide() == 0
    clockwork.clock.advance(minutes=4)
    assert await clockwork.decide() == 1


@pytest.mark.rule("C12")
async def test_milestones_are_settings(clockwork: Clockwork) -> None:
    days = {"notice_days": "30", "reminder_days": " 10,100"}
    clockwork.settings = read_settings(database_url="sqlite:///unused.db", **days)
    await clockwork.renewal(105)
    assert await clockwork.pass_days(110) == {5: ["REMINDER 100"], 75: ["NOTICE 30"], 95: ["REMINDER 10"]}


@pytest.mark.rule("D6")
async def test_renewals_of_one_client_are_decided_each_for_itself(clockwork: Clockwork) -> None:
    first, second = await clockwork.renewal(120), await clockwork.renewal(90)
    theirs = await clockwork.renewal(60, clockwork.world.theirs.clients[0])
    assert await clockwork.decide() == 3
    decided = [await clockwork.milestones(renewal) for renewal in (first, second, theirs)]
    assert decided == [["NOTICE 120"], ["REMINDER 90"], ["REMINDER 60"]]
