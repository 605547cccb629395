"""Who owns the demo's renewals, and the notices that went out so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from graphql_api.actions.renewal_notices import decide, due_places
from graphql_api.actions.renewal_owners import set_default, set_override
from graphql_api.database import Writing
from graphql_api.demo.cast import PEOPLE
from graphql_api.demo.past import Step, act_as
from graphql_api.jobs.notices import CLOCK
from graphql_api.models import rows
from graphql_api.models.renewal_notice import Milestone
from graphql_api.models.renewal_ownership import RenewalOwner

OVERRIDDEN = "crm-client-103"
"""The client whose renewals our partner looks after itself, all others' being the vendor's."""
NOTICES_BEGAN = 21
"""Days ago: on its first day the clock caught up, in one go, on what was due before."""
MOST = 1_000


async def set_owners(writing: Writing) -> None:
    """Our partner's point of contact hears of its clients' answers too, beside the links' authors (C21).

    The other partner has never set an owner.
    """
    admin, member = [await _user(writing, name) for name in ("partner_admin", "partner_member")]
    client = await writing.session.scalar(select(rows.Client).where(rows.Client.external_id == OVERRIDDEN))
    sight = act_as(writing, admin)
    if admin.partner_id and client:
        await set_default(writing, sight, admin.partner_id, RenewalOwner.HUBSPOT, member.id, None)
        await set_override(writing, sight, client.id, RenewalOwner.PARTNER, admin.id, None)


def notices(writing: Writing, milestones: Sequence[Milestone], midnight: datetime) -> Iterator[Step]:
    """What the clock has decided so far, today's too: the worker starts with nothing to catch up on."""
    for day in range(NOTICES_BEGAN, -1, -1):
        at = midnight - timedelta(days=day)
        yield at, partial(_decide, writing, milestones, at)


async def _decide(writing: Writing, milestones: Sequence[Milestone], at: datetime) -> None:
    writing.by = CLOCK
    for milestone in milestones:
        places = await due_places(writing.session, milestone, at.date(), None, MOST)
        await decide(writing, [place.renewal_id for place in places], milestone, at.date())


async def _user(writing: Writing, name: str) -> rows.PartnerUser:
    found = await writing.session.scalars(
        select(rows.PartnerUser).where(rows.PartnerUser.email == PEOPLE[name])
    )
    return found.one()
