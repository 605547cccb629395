"""A world in which every list grows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from graphql_api.access.link_token import LinkTokens
from graphql_api.access.tokens import new_token
from graphql_api.access.viewer import scopes_of
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.keys import new_key
from graphql_api.models.notification import NotificationKind
from graphql_api.models.partner import Position
from graphql_api.models.renewal_ownership import RenewalOwner
from graphql_api.models.stream import PartnerEventKind
from tests.factories import World
from tests.reads.askings import Asking
from tests.reads.stories import NOW, Story


class Growing:
    """Partners with a story each, and our own with more: a new one, and one that goes on with the first, each time.

    The CAM of ours sees all of it.
    """

    def __init__(self, world: World) -> None:
        """Nothing has grown yet."""
        self.world = world
        self.nodes: defaultdict[str, list[Any]] = defaultdict(list, Partner=[world.ours.partner])
        """What has a global id, by the names of GraphQL's types: first that below which lists grow."""
        self.stories: list[Story] = []
        self._places: defaultdict[Any, Iterator[int]] = defaultdict(lambda: count(1))
        """The next place in each stream, and the next version of each partner's owners."""

    def ids(self) -> dict[str, str]:
        """Those below which lists grow, by the names of GraphQL's types."""
        ids = {kind: str(found[0].node_id) for kind, found in self.nodes.items()}
        return ids | {"Deal": ids["SharedDeal"], "Node": ids["Partner"]}

    def variables(self, asking: Asking, links: LinkTokens) -> dict[str, Any]:
        """What the document is sent with: as much of everything as there is."""
        of_kind = [self.nodes[asking.kind]] if asking.kind else [found[:5] for found in self.nodes.values()]
        products = [
            {"productId": str(product.node_id), "onboardingTypeCode": "GUIDED"}
            for product in self.nodes["Product"]
        ]
        draft = {"name": "", "providesOnboarding": False, "products": products}
        every = {
            "ids": [str(row.node_id) for found in of_kind for row in found],
            "token": links.token_of(self.nodes["ConfirmationLink"][0].id),
            "input": draft | {"partnerId": self.ids()["Partner"]},
        }
        return {name: every[name] for name in asking.variables}

    async def grow(self, partners: int) -> None:
        """Go on until there are so many partners."""
        for number in range(len(self.nodes["Partner"]) - 1, partners):
            async with self.world.database.write(By(None, "Test")) as writing:
                await self._add(writing, number)

    async def _add(self, writing: Writing, number: int) -> None:
        ours = self.world.ours.partner
        partner = rows.Partner(
            id=new_key(), external_id=f"more-{number}", name=f"More {number}", created_at=NOW
        )
        await self._put(writing, [partner])
        for is_shared in [True] if self.stories else [True, False]:
            await self._tell(writing, Story(len(self.stories), ours, is_shared=is_shared))
        await self._tell(writing, Story(len(self.stories), partner, is_shared=number % 2 > 0))
        await self._put(writing, self._assigned(partner, number))
        await self._tell(writing, Story(len(self.stories), ours, about=self.stories[number % 2]))
        await self._put(writing, self._more(writing, number))

    async def _tell(self, writing: Writing, story: Story) -> None:
        if self.stories:
            story.link.cloned_from_id = self.stories[-1].link.id
        self.stories.append(story)
        for level in story.levels():
            await self._put(writing, level)
        await self._put(writing, [*self._owners(story), *self._news(story)])
        for stream in (story.partner, self.world.ours.cam):
            await writing.session.merge(rows.Stream(id=stream.id, position=1_000))

    async def _put(self, writing: Writing, new: Iterable[Any]) -> None:
        for row in new:
            writing.session.add(row)
            if hasattr(row, "node_id"):
                self.nodes[_kind(row)].append(row)
        await writing.session.flush()

    def _owners(self, story: Story) -> Iterator[Any]:
        """A default of the partner's, and for some clients one of their own; with a further story comes a deal."""
        if story.hub is not story:
            yield story.new_deal()
            return
        settings = [(None, RenewalOwner.HUBSPOT), (story.client.id, RenewalOwner.PARTNER)]
        for client_id, owner in settings if story.is_decided else settings[:1]:
            yield rows.RenewalOwnership(
                partner_id=story.partner.id, client_id=client_id, owner=owner, point_of_contact_id=story.user.id,
                version=next(self._places["owner", story.partner.id]), set_at=NOW, set_by_id=story.staff.id,
            )  # fmt: skip

    def _news(self, story: Story) -> Iterator[Any]:
        """What is heard of it: by who follows the partner, and by its CAM."""
        for row in (story.link, story.client, story.request, story.notice):
            yield rows.PartnerEvent(
                partner_id=story.partner.id, position=next(self._places[story.partner.id]), subject_id=row.node_id,
                kind=PartnerEventKind.LINK_EDITED, occurred_at=NOW,
            )  # fmt: skip
        cam = self.world.ours.cam
        yield rows.Notification(
            id=new_key(), recipient_id=cam.id, position=next(self._places[cam.id]), title="Told", body="",
            partner_id=story.partner.id, kind=NotificationKind.LINK_CREATED, subject_id=story.link.node_id,
            created_at=NOW,
        )  # fmt: skip

    def _assigned(self, partner: rows.Partner, number: int) -> Iterator[Any]:
        """The CAM of ours looks after every partner, as its CAM or as its PDM; the other is somebody new."""
        people = self.stories[-1].staff, self.world.ours.cam
        for position, person in zip(Position, people if number % 2 else reversed(people), strict=True):
            yield rows.Assignment(partner_id=partner.id, position=position, staff_member_id=person.id)

    def _more(self, writing: Writing, number: int) -> Iterator[Any]:
        """What is nobody's story: tokens, and ways to introduce the first product."""
        cam = self.world.ours.cam
        yield new_token(cam, f"Token {number}", scopes_of(cam), writing.now).row
        yield rows.OnboardingType(
            product_id=self.nodes["Product"][0].id, code=f"{number}", name="Guided", position=number + 1
        )  # fmt: skip


def _kind(row: Any) -> str:
    """The name of its type in GraphQL."""
    name = type(row).__name__
    return name if name != "Deal" else "SharedDeal" if row.is_shared else "DirectDeal"
