"""What has happened to the demo's links so far.

So each link has the events, timelines, audit entries, notifications and evidence that it would have, with their times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from graphql_api.access.link_token import LinkTokens
from graphql_api.access.sight import Sight
from graphql_api.actions import attachment_requests, checkouts, confirmation_links, engagement
from graphql_api.actions.checkouts import Recipient
from graphql_api.actions.confirmation_links import Draft
from graphql_api.actions.proof_of_engagement import attach
from graphql_api.database import Writing
from graphql_api.demo.lives import Life, Plea
from graphql_api.demo.past import Step, act_as
from graphql_api.models import rows
from graphql_api.models.confirmation_link import LinkStatus

CREATED, ATTACHED, ASKED, CLOSED, SENT, VIEWED, ANSWERED = 8, 9, 10, 11, 12, 14, 15
"""The hour of the day (UTC) at which each thing happens, so that one day may see a link made, sent and answered."""
APART = timedelta(seconds=41)
"""Between two of a kind on one day: 80 links fit into the hour."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the story plays: whoever and whatever it names."""

    actors: dict[str, rows.Actor]
    """By e-mail."""
    managers: dict[UUID, rows.Actor]
    """Each partner's CAM, by the partner's key."""
    checkout: rows.Actor
    products: dict[str, UUID]
    """By code."""
    deals: dict[str, rows.Deal]
    """By external id."""
    buyers: dict[UUID, rows.ClientContact]
    """Each client's primary contact, by the client's key: who checks out, and answers."""


@dataclass(slots=True)
class Story:
    """One telling, in one transaction."""

    writing: Writing
    setting: Setting
    tokens: LinkTokens
    midnight: datetime
    """The start of today."""
    links: dict[tuple[str, str], UUID] = field(default_factory=dict)
    """The links made so far, by the firm's domain and their names."""
    requests: dict[Plea, UUID] = field(default_factory=dict)

    def steps(self, lives: Sequence[Life], pleas: Sequence[Plea]) -> Iterator[Step]:
        """Everything that happens."""
        yield from self._of_lives(lives)
        yield from self._of_checkouts(lives)
        yield from self._of_pleas(pleas)

    def _of_lives(self, lives: Sequence[Life]) -> Iterator[Step]:
        for index, life in enumerate(lives):
            yield self._at(life.created, CREATED, index), partial(self._create, life)
            if life.attached is not None:
                yield self._at(life.attached, ATTACHED, index), partial(self._attach, life)
            if life.viewed is not None:
                yield self._at(life.viewed, VIEWED, index), partial(self._view, life)
            if life.answered is not None:
                yield self._at(life.answered, ANSWERED, index), partial(self._answer, life)

    def _of_checkouts(self, lives: Sequence[Life]) -> Iterator[Step]:
        """One for all links that a deal sends on one day."""
        checkouts_of = dict.fromkeys((life.deal, life.sent) for life in lives if life.sent is not None)
        for index, (deal, day) in enumerate(checkouts_of):
            yield self._at(day, SENT, index), partial(self._check_out, deal)

    def _of_pleas(self, pleas: Sequence[Plea]) -> Iterator[Step]:
        for index, plea in enumerate(pleas):
            yield self._at(plea.asked, ASKED, index), partial(self._ask, plea)
            if plea.closed is not None:
                yield self._at(plea.closed, CLOSED, index), partial(self._close, plea)

    def _at(self, days_ago: int, hour: int, index: int) -> datetime:
        return self.midnight - timedelta(days=days_ago) + timedelta(hours=hour) + index * APART

    async def _create(self, life: Life) -> None:
        author = self.setting.actors[life.author]
        act_as(self.writing, author)
        products = [(self.setting.products[code], onboarding) for code, onboarding in life.products]
        draft = Draft(life.name, products, life.duration is not None, life.duration)
        if author.partner_id:
            link = await confirmation_links.create(self.writing, author.partner_id, draft)
            self.links[_key(life.author, life.name)] = link.id

    async def _attach(self, life: Life) -> None:
        sight = act_as(self.writing, self.setting.actors[life.author])
        await attach(self.writing, sight, self._link(life), self.setting.deals[life.deal].id)

    async def _check_out(self, deal_external_id: str) -> None:
        deal = self.setting.deals[deal_external_id]
        buyer = self._buyer(deal)
        recipient = Recipient(buyer.name, buyer.email, buyer.locale)
        sight = act_as(self.writing, self.setting.checkout)
        await checkouts.start(self.writing, sight, self.tokens, deal.id, recipient)

    async def _view(self, life: Life) -> None:
        self.writing.by = engagement.CLIENT
        await engagement.record_view(self.writing, self._link(life))

    async def _answer(self, life: Life) -> None:
        buyer = self._buyer(self.setting.deals[life.deal])
        self.writing.by = engagement.CLIENT
        await engagement.answer(
            self.writing,
            self._link(life),
            answer=LinkStatus.REJECTED if life.rejected_because else LinkStatus.CONFIRMED,
            name=buyer.name,
            email=buyer.email,
            reason=life.rejected_because,
            seen_version=1,
        )

    async def _ask(self, plea: Plea) -> None:
        sight = act_as(self.writing, self.setting.actors[plea.author])
        link_id = self.links[_key(plea.author, plea.link)]
        asked = await attachment_requests.request(self.writing, sight, link_id, plea.deal_name, plea.message)
        self.requests[plea] = asked.id

    async def _close(self, plea: Plea) -> None:
        partner_id = self.setting.actors[plea.author].partner_id
        sight = act_as(self.writing, self.setting.managers[partner_id]) if partner_id else Sight(None)
        if plea.declined_because:
            await attachment_requests.decline(self.writing, sight, self.requests[plea], plea.declined_because)
            return
        link_id, deal = self.links[_key(plea.author, plea.link)], self.setting.deals[plea.deal]
        await attach(self.writing, sight, link_id, deal.id, self.requests[plea])

    def _link(self, life: Life) -> UUID:
        return self.links[_key(life.author, life.name)]

    def _buyer(self, deal: rows.Deal) -> rows.ClientContact:
        if deal.client_id is None:
            raise ValueError(f"{deal.external_id} has no client to answer")
        return self.setting.buyers[deal.client_id]


def _key(author: str, name: str) -> tuple[str, str]:
    return author.partition("@")[2], name
