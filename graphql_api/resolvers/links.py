"""Answers about confirmation links."""

from dataclasses import dataclass
from functools import cached_property, partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.access.viewer import Viewer
from graphql_api.actions import confirmation_links as actions
from graphql_api.actions.engagement import Invitation, read_invitation
from graphql_api.context import Context
from graphql_api.models import rows
from graphql_api.models.actor import Locale
from graphql_api.models.api_token import Scope
from graphql_api.models.client_error import NotFound as NotFoundError
from graphql_api.models.node_id import NodeId, NodeKind
from graphql_api.models.refusal import Blank, NotAllowed, NotFound, Refusal, RefusalCode
from graphql_api.models.statement import Statement, stated
from graphql_api.reading.by_key import records_by_key
from graphql_api.resolvers.info import Info, together
from graphql_api.schema.inputs.arguments import Token
from graphql_api.schema.inputs.changes import ConfirmationLinkProductInput, CreateConfirmationLinkInput
from graphql_api.texts.engagement_page import engagement_page


def url(root: rows.ConfirmationLink, info: Info) -> str:
    """What 'copy' copies (B23)."""
    return info.context.service.link_tokens.url_of(root.id)


@dataclass(frozen=True)
class LinkPreview:
    """The page as the client would see it; nothing is stored (B11, B33). It is written once for all who read it."""

    statement: Statement
    products: list[rows.LinkProduct]
    decision: rows.Decision | None = None

    @cached_property
    def html(self) -> str:
        """The page."""
        return engagement_page(self.statement, Locale.EN, decision=self.decision, preview=True)


async def previews(info: Info, roots: list[rows.ConfirmationLink]) -> list[LinkPreview]:
    """Each link's page as the client sees it, whatever the link's status; no view is recorded (B33)."""
    loaders, keys = info.context.loaders, [root.id for root in roots]
    decisions = await loaders.level("decision", [None if root.is_pending else root.id for root in roots])
    pending = [None if of else key for key, of in zip(keys, decisions, strict=True)]
    stated = await loaders.level("statement", pending)
    products = await loaders.level("products of link", keys)
    return list(map(partial(_preview, info), keys, stated, products, decisions))


@together(previews)
async def preview(root: rows.ConfirmationLink, info: Info) -> LinkPreview:
    """The page as the client sees it, whatever the link's status; no view is recorded (B33)."""
    load = info.context.loaders.relation
    decision = None if root.is_pending else await load("decision").load(root.id)
    stated = None if decision else await load("statement").load(root.id)
    return _preview(info, root.id, stated, await load("products of link").load(root.id), decision)


def _preview(
    info: Info,
    key: UUID,
    stated: Statement | None,
    products: list[rows.LinkProduct],
    decision: rows.Decision | None,
) -> LinkPreview:
    statement = decision.statement if decision else stated
    if statement is None:
        raise NotFoundError
    made: LinkPreview = info.context.loaders.known("preview").setdefault(
        key, LinkPreview(statement, products, decision)
    )
    return made


async def preview_of_draft(info: Info, input: CreateConfirmationLinkInput) -> LinkPreview:
    """The page of a link that does not exist yet; its name may still be blank (B11)."""
    context = info.context
    async with context.database.read() as session:
        partner_id = await partner_of(context, session, input.partner_id)
        name, terms = await actions.checked(session, draft_of(input), may_be_nameless=True)
        partner = (await records_by_key(session, rows.Partner, {partner_id}))[partner_id]
    chosen = [(product, code) for product, code in terms.products if product]
    statement = Statement(
        name, partner.name, None, stated(chosen), terms.provides_onboarding, terms.onboarding_duration
    )
    listed = [rows.LinkProduct(product_id=product.id, onboarding_type_code=code) for product, code in chosen]
    return LinkPreview(statement, listed)


async def onboarding_types(info: Info, roots: list[rows.LinkProduct]) -> list[rows.OnboardingType | None]:
    """How each product is introduced."""
    products = await info.context.loaders.level("product", [root.product_id for root in roots])
    known = {(one.product_id, one.code): one for product in products for one in product.all_onboarding_types}
    return [known.get((root.product_id, root.onboarding_type_code)) for root in roots]


@together(onboarding_types)
async def onboarding_type(root: rows.LinkProduct, info: Info) -> rows.OnboardingType | None:
    """How the product is introduced."""
    product: rows.Product = await info.context.loaders.relation("product").load(root.product_id)
    return product.onboarding_type(root.onboarding_type_code)


async def invitation(info: Info, token: Token) -> Invitation | None:
    """What the bearer of a link's token may see; no view is recorded."""
    service = info.context.service
    link_id = service.link_tokens.link_id(token)
    async with service.database.read() as session:
        return await read_invitation(session, link_id)


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether the viewer may do something now, and if not, why (D8)."""

    allowed: bool
    reason: str | None
    code: RefusalCode | None


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the viewer may do with a link now."""

    edit: Permission
    delete: Permission
    clone: Permission
    attach: Permission
    detach: Permission


async def viewers_can(info: Info, roots: list[rows.ConfirmationLink]) -> list[Permissions]:
    """What the viewer may do with each link now, and if not, why (D8)."""
    deals = await info.context.loaders.level("deal", [root.deal_id for root in roots])
    return [_permissions(info.context.viewer, root, deal) for root, deal in zip(roots, deals, strict=True)]


@together(viewers_can)
async def viewer_can(root: rows.ConfirmationLink, info: Info) -> Permissions:
    """What the viewer may do with the link now, and if not, why (D8)."""
    deal = await info.context.loaders.relation("deal").load(root.deal_id) if root.deal_id else None
    return _permissions(info.context.viewer, root, deal)


def _permissions(viewer: Viewer, link: rows.ConfirmationLink, deal: rows.Deal | None) -> Permissions:
    change = _may(viewer, Scope.LINKS_WRITE, link.why_not_change())
    return Permissions(
        edit=change,
        delete=change,
        clone=_may(viewer, Scope.LINKS_WRITE, None),
        attach=_may(viewer, Scope.DEALS_WRITE, link.why_not_attach()),
        detach=_may(viewer, Scope.DEALS_WRITE, link.why_not_detach() or _why_not_see(deal)),
    )


async def partner_of(context: Context, session: AsyncSession, given: str | None) -> UUID:
    """Whose link is made: the viewer's own partner's, or, for staff, that of the partner it names.

    Raises:
        Blank: staff named none.
        NotFound: none that the viewer can see.

    """
    if given is None:
        if context.viewer.partner_id is None:
            raise Blank("partnerId", message="say which partner")
        return context.viewer.partner_id
    key = NodeId.key_in(given, NodeKind.PARTNER)
    if await session.scalar(context.sight.select(rows.Partner).where(rows.Partner.id == key)) is None:
        raise NotFound("partnerId")
    return key


def draft_of(asked: CreateConfirmationLinkInput) -> actions.Draft:
    """The input as the action takes it."""
    return actions.Draft(
        asked.name, choices_of(asked.products), asked.provides_onboarding, asked.onboarding_duration
    )


def choices_of(products: list[ConfirmationLinkProductInput]) -> list[actions.Choice]:
    """The products asked for, by their keys."""
    return [(NodeId.key_in(p.product_id, NodeKind.PRODUCT), p.onboarding_type_code) for p in products]


def _may(viewer: Viewer, scope: Scope, against: Refusal | None) -> Permission:
    refusal = against if scope in viewer.scopes else NotAllowed()
    return Permission(False, refusal.message, refusal.code) if refusal else Permission(True, None, None)  # noqa: FBT003


def _why_not_see(deal: rows.Deal | None) -> Refusal | None:
    return None if deal else NotAllowed(message="only your CAM or PDM can remove it from its deal")
