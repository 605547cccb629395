"""What a partner does with its confirmation links: create, edit, clone, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql_api.actions.locks import lock_copies, lock_link
from graphql_api.actions.notify import News, tell
from graphql_api.actions.people import account_of
from graphql_api.actions.record import changes_between, record
from graphql_api.actions.statements import facts_of, statement_of
from graphql_api.mail.messages import link_created
from graphql_api.mail.outbox import enqueue
from graphql_api.models import rows
from graphql_api.models.keys import new_key
from graphql_api.models.notification import NotificationKind
from graphql_api.models.refusal import Refusal, refuse
from graphql_api.models.statement import Statement, stated
from graphql_api.models.stream import PartnerEventKind
from graphql_api.models.terms import PRODUCT_LIMIT, ChosenProduct, Terms, refusals_of_products
from graphql_api.models.text import NAME_LIMIT, line_of
from graphql_api.reading.by_key import records_by_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from graphql_api.access.sight import Sight
    from graphql_api.database import Writing
    from graphql_api.models.statement import StatedProduct
    from graphql_api.models.terms import OnboardingDuration

Choice = tuple["UUID", "str | None"]
"""A product's key, and the code of its onboarding type."""

COPY = " (copy)"


@dataclass(frozen=True, slots=True)
class Draft:
    """A link as its author asks for it."""

    name: str
    products: Sequence[Choice]
    provides_onboarding: bool
    onboarding_duration: OnboardingDuration | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change of a link; None stays as it is."""

    name: str | None = None
    products: Sequence[Choice] | None = None
    provides_onboarding: bool | None = None
    onboarding_duration: OnboardingDuration | None = None


async def checked(session: AsyncSession, draft: Draft, *, may_be_nameless: bool = False) -> tuple[str, Terms]:
    """The draft's name and terms, with nothing against them.

    Raises:
        Refused: with everything that is against them (B7, B8, B12, C14).

    """
    refusals: list[Refusal] = []
    name = _named(draft.name, refusals, may_be_blank=may_be_nameless)
    chosen = await _choose(session, draft.products)
    terms = Terms(chosen, draft.provides_onboarding, draft.onboarding_duration)
    refuse([*refusals, *terms.refusals()])
    return name, terms


async def create(writing: Writing, partner_id: UUID, draft: Draft) -> rows.ConfirmationLink:
    """Create a link; the partner's CAM and PDM are told (B3, B18).

    Raises:
        Refused: the draft breaks rules.

    """
    name, terms = await checked(writing.session, draft)
    link = _new_link(
        writing,
        draft.products,
        partner_id=partner_id,
        name=name,
        provides_onboarding=terms.provides_onboarding,
        onboarding_duration=terms.onboarding_duration,
    )
    return await _created(writing, link, stated((one, code) for one, code in terms.products if one))


async def edit(
    writing: Writing, sight: Sight, link_id: UUID, edit: Edit, expected_version: int | None = None
) -> rows.ConfirmationLink:
    """Change a pending link (B34). An edit that changes nothing is none.

    Raises:
        NotFound, NotPending, Conflict: there is no such pending link in that version.
        Refused: what it would become breaks rules.

    """
    link = await lock_link(writing, sight, link_id, "id")
    link.check_pending("id")
    link.check_version(expected_version, "expectedVersion")
    before = facts_of(await statement_of(writing.session, link))
    await _apply(writing, link, edit)
    changes = changes_between(before, facts_of(await statement_of(writing.session, link)))
    if changes:
        link.edited(writing.now)
        record(writing, PartnerEventKind.LINK_EDITED, link, changes)
    return link


async def clone(writing: Writing, sight: Sight, link_id: UUID, name: str | None) -> rows.ConfirmationLink:
    """Make a new pending link on the same terms (B35, C16).

    Raises:
        NotFound: there is no such link.
        Blank, TooLong: the name given.

    """
    original = await lock_link(writing, sight, link_id, "id")
    copy_name = (
        line_of(name, "name") if name is not None else original.name[: NAME_LIMIT - len(COPY)].rstrip() + COPY
    )
    link = _new_link(
        writing,
        [(listed.product_id, listed.onboarding_type_code) for listed in original.products],
        cloned_from_id=original.id,
        partner_id=original.partner_id,
        name=copy_name,
        provides_onboarding=original.provides_onboarding,
        onboarding_duration=original.onboarding_duration,
    )
    return await _created(writing, link, (await statement_of(writing.session, original)).products)


async def delete(
    writing: Writing, sight: Sight, link_id: UUID, expected_version: int | None
) -> rows.ConfirmationLink:
    """Delete a pending link for good; a deal that it was on loses it (B36, C17).

    Raises:
        NotFound, NotPending, Conflict: there is no such pending link in that version.

    """
    link = await lock_link(writing, sight, link_id, "id")
    link.check_pending("id")
    link.check_version(expected_version, "expectedVersion")
    was = facts_of(await statement_of(writing.session, link))
    await lock_copies(writing, link)
    await writing.session.delete(link)
    record(writing, PartnerEventKind.LINK_DELETED, link, changes_between(was, {}))
    return link


def _new_link(writing: Writing, products: Iterable[Choice], **values: Any) -> rows.ConfirmationLink:
    key, now = new_key(), writing.now
    listed = [
        rows.LinkProduct.new(link_id=key, position=place, product_id=product_id, onboarding_type_code=code)
        for place, (product_id, code) in enumerate(products)
    ]
    made = {"id": key, "created_by_id": writing.by.actor_id, "created_at": now, "updated_at": now}
    return rows.ConfirmationLink.new(**made, products=listed, **values)


async def _created(
    writing: Writing, link: rows.ConfirmationLink, products: tuple[StatedProduct, ...]
) -> rows.ConfirmationLink:
    writing.session.add_all([link, *link.products])
    partner, team = await account_of(writing.session, link.partner_id)
    terms = (products, link.provides_onboarding, link.onboarding_duration)
    statement = Statement(link.name, partner.name, None, *terms)
    record(writing, PartnerEventKind.LINK_CREATED, link, changes_between({}, facts_of(statement)))
    title = f"{partner.name} created “{link.name}”"
    body = f"{writing.by.name} made a confirmation link."
    tell(writing, team, News(NotificationKind.LINK_CREATED, link.partner_id, link.node_id, title, body))
    enqueue(writing, link_created(link, statement, team, writing.by.name, writing.now))
    return link


async def _apply(writing: Writing, link: rows.ConfirmationLink, edit: Edit) -> None:
    refusals: list[Refusal] = []
    name = link.name if edit.name is None else _named(edit.name, refusals)
    kept = [(chosen.product_id, chosen.onboarding_type_code) for chosen in link.products]
    chosen = await _choose(writing.session, kept if edit.products is None else edit.products)
    provides = link.provides_onboarding if edit.provides_onboarding is None else edit.provides_onboarding
    duration = edit.onboarding_duration or (link.onboarding_duration if provides else None)
    terms = Terms(chosen, provides, duration)
    against_products = () if edit.products is None else refusals_of_products(chosen)
    refuse([*refusals, *against_products, *terms.refusals_of_onboarding()])
    link.name = name
    if edit.products is not None and list(edit.products) != kept:
        link.products.clear()
        await writing.session.flush()
        link.set_products(chosen)
    link.provides_onboarding, link.onboarding_duration = provides, duration


def _named(name: str, refusals: list[Refusal], *, may_be_blank: bool = False) -> str:
    try:
        return line_of(name, "name", may_be_blank=may_be_blank)
    except Refusal as refusal:
        refusals.append(refusal)
        return ""


async def _choose(session: AsyncSession, choices: Sequence[Choice]) -> list[ChosenProduct]:
    keys = {key for key, _ in choices[:PRODUCT_LIMIT]}
    found = await records_by_key(session, rows.Product, keys)
    return [ChosenProduct(found.get(key), code) for key, code in choices]
