"""Confirmation links, and what their client sees of them."""

from datetime import datetime
from typing import Annotated

import strawberry

from graphql_api.models import rows
from graphql_api.resolvers import links
from graphql_api.schema.fields import answered_by, attribute, made_of, relation
from graphql_api.schema.inputs.enums.links import (
    ConfirmationLinkStage,
    ConfirmationLinkStatus,
    OnboardingDuration,
)
from graphql_api.schema.inputs.enums.refusals import UserErrorCode
from graphql_api.schema.inputs.scalars import URL
from graphql_api.schema.node import Actor, Node
from graphql_api.schema.products import OnboardingType, Product

PAGE_WEIGHS = 50  # it has some 13 KB
LazyPartner = Annotated["Partner", strawberry.lazy("graphql_api.schema.partners")]  # type: ignore[name-defined]  # noqa: F821
LazyClient = Annotated["Client", strawberry.lazy("graphql_api.schema.clients")]  # type: ignore[name-defined]  # noqa: F821
LazyDeal = Annotated["Deal", strawberry.lazy("graphql_api.schema.deals")]  # type: ignore[name-defined]  # noqa: F821
LazyLink = Annotated["ConfirmationLink", strawberry.lazy("graphql_api.schema.links")]


@strawberry.type(description="A product of a link, with the onboarding that goes with it.")
class ConfirmationLinkProduct:
    """A product of a link."""

    product: Product = relation("product", "product_id", "The product.")
    onboarding_type: OnboardingType | None = answered_by(
        links.onboarding_type, "How it is introduced at the client."
    )


@strawberry.type(description="The client's answer to a link; final.")
class Decision:
    """The client's answer."""

    status: ConfirmationLinkStatus = attribute("CONFIRMED or REJECTED.")
    decided_at: datetime = attribute("When.")
    decided_by_name: str = attribute("Who, as they wrote it.")
    decided_by_email: str = attribute("Their address, in small letters.")
    reason: str | None = attribute("Why; always there on a rejection.")
    evidence: str = attribute("What the client saw and answered, as JSON (RFC 8785), frozen.")
    evidence_hash: str = attribute("SHA-256 of the evidence in UTF-8, in hex.")


@strawberry.type(description="Whether something may be done now.")
class Permission:
    """Whether something may be done now."""

    allowed: bool = attribute("Whether the viewer may.")
    reason: str | None = attribute("If not, why, for people.")
    code: UserErrorCode | None = attribute("If not, the code of the refusal to expect.")


@strawberry.type(description="What the viewer may do with a link now.")
class ConfirmationLinkPermissions:
    """What the viewer may do with a link now."""

    edit: Permission = attribute("Change it.")
    delete: Permission = attribute("Delete it for good.")
    clone: Permission = attribute("Copy it.")
    attach: Permission = attribute("Put it on a deal.")
    detach: Permission = attribute("Take it off its deal.")


@strawberry.type(description="The client's page as it would look.")
class ConfirmationLinkPreview:
    """The client's page as it would look."""

    name: str = answered_by(
        lambda root: root.statement.link_name, "The link's name; may be blank before creation."
    )
    partner_name: str = answered_by(lambda root: root.statement.partner_name, "Who attests.")
    products: list[ConfirmationLinkProduct] = attribute("For which products.")
    provides_onboarding: bool = answered_by(
        lambda root: root.statement.provides_onboarding, "Whether the partner does the onboarding."
    )
    onboarding_duration: OnboardingDuration | None = answered_by(
        lambda root: root.statement.onboarding_duration, "How long that takes."
    )
    html: str = attribute("The page itself.", weighs=PAGE_WEIGHS)


@strawberry.type(description="A partner's statement about a sale, for its client to confirm or reject.")
class ConfirmationLink(Node):
    """A partner's statement about a sale."""

    name: str = attribute("What the partner calls it.")
    url: URL = answered_by(links.url, "What 'copy' copies: the client's page.")
    preview: ConfirmationLinkPreview = answered_by(
        links.preview, "The page as the client sees it; looking at it here records no view."
    )
    status: ConfirmationLinkStatus = attribute("What the client has said.")
    stage: ConfirmationLinkStage = attribute("How far it has come.")
    products: list[ConfirmationLinkProduct] = relation("products of link", "id", "For which products.")
    provides_onboarding: bool = attribute("Whether the partner does the onboarding.")
    onboarding_duration: OnboardingDuration | None = attribute(
        "How long that takes; only with an onboarding."
    )
    partner: LazyPartner = relation("partner", "partner_id", "Who attests.")
    client: LazyClient | None = relation("client", "client_id", "To whom, once assigned.")
    deal: LazyDeal | None = relation("deal", "deal_id", "The deal that it is on, if the viewer can see it.")
    created_by: Actor = relation("actor", "created_by_id", "Who made it.")
    cloned_from: LazyLink | None = relation("link", "cloned_from_id", "The link that it is a copy of.")
    created_at: datetime = attribute("When it was made.")
    updated_at: datetime = attribute("When it last changed.")
    sent_at: datetime | None = attribute("When it was first sent at a checkout.")
    viewed_at: datetime | None = attribute("When its page was first opened.")
    decision: Decision | None = relation("decision", "id", "The client's answer.")
    version: int = attribute("Counts its edits, and only those.")
    viewer_can: ConfirmationLinkPermissions = answered_by(
        links.viewer_can, "What the viewer may do with it now, and if not, why."
    )

    is_type_of = made_of(rows.ConfirmationLink)


@strawberry.type(description="What the bearer of a link's token may see.")
class ConfirmationInvitation:
    """What the bearer of a link's token may see."""

    link_name: str = answered_by(lambda root: root.statement.link_name, "What the partner calls it.")
    partner_name: str = answered_by(lambda root: root.statement.partner_name, "Who attests.")
    client_name: str | None = answered_by(lambda root: root.statement.client_name, "To whom, once assigned.")
    products: list[ConfirmationLinkProduct] = attribute("For which products.")
    provides_onboarding: bool = answered_by(
        lambda root: root.statement.provides_onboarding, "Whether the partner does the onboarding."
    )
    onboarding_duration: OnboardingDuration | None = answered_by(
        lambda root: root.statement.onboarding_duration, "How long that takes."
    )
    status: ConfirmationLinkStatus = answered_by(lambda root: root.link.status, "What the client has said.")
    decided_at: datetime | None = answered_by(
        lambda root: root.decision and root.decision.decided_at, "When it was decided."
    )
    version: int = answered_by(lambda root: root.link.version, "To name in the answer.")
    statement_hash: str = answered_by(
        lambda root: root.statement.hash,
        "To name in the answer too: it changes with every word that the client sees.",
    )
