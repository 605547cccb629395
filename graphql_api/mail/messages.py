"""The mails about links, requests and checkouts: one pure function each. Who hears is the caller's to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from graphql_api.mail.message import one_line
from graphql_api.mail.rendering import About, Recipient, rendered, to_each
from graphql_api.models import rows
from graphql_api.models.actor import Actor, Locale
from graphql_api.models.outbox_mail import MailKind
from graphql_api.models.statement import StatedProduct, Statement
from graphql_api.texts.words import date_in_words, duration_in_words, product_in_words


def link_created(
    link: rows.ConfirmationLink, statement: Statement, to: Iterable[Actor], by_name: str, now: datetime
) -> list[rows.OutboxMail]:
    """To CAM and PDM: the partner has a new link (B18)."""
    about = About(MailKind.LINK_CREATED, link.node_id, link.partner_id)
    by = one_line(by_name)
    return to_each(about, to, now, lambda locale: {"terms": _terms(statement, locale), "by_name": by})


def link_confirmed(
    link: rows.ConfirmationLink,
    statement: Statement,
    to: Iterable[Actor],
    decision: rows.Decision,
    now: datetime,
) -> list[rows.OutboxMail]:
    """To the partner, and its CAM and PDM: the client stands by what the link says (B24, B25)."""
    about = About(MailKind.LINK_CONFIRMED, link.node_id, link.partner_id)
    return to_each(about, to, now, lambda locale: _decided(statement, locale, decision))


def link_rejected(
    link: rows.ConfirmationLink,
    statement: Statement,
    to: Iterable[Actor],
    decision: rows.Decision,
    now: datetime,
) -> list[rows.OutboxMail]:
    """To the partner: the client rejects what the link says, and why (B24, B26)."""
    about = About(MailKind.LINK_REJECTED, link.node_id, link.partner_id)
    why = {"reason": decision.reason or ""}
    return to_each(about, to, now, lambda locale: _decided(statement, locale, decision) | why)


def attachment_requested(
    request: rows.AttachmentRequest,
    link_name: str,
    partner_name: str,
    to: Iterable[Actor],
    by_name: str,
    now: datetime,
) -> list[rows.OutboxMail]:
    """To CAM and PDM: the partner asks for its link on a deal that it cannot see (B21)."""
    about = About(MailKind.ATTACHMENT_REQUESTED, request.node_id, request.partner_id)
    asked = _asked(request, link_name, by_name) | {"partner_name": one_line(partner_name)}
    return to_each(about, to, now, lambda _locale: asked | {"message": request.message or ""})


def attachment_declined(
    request: rows.AttachmentRequest, link_name: str, to: Iterable[Actor], by_name: str, now: datetime
) -> list[rows.OutboxMail]:
    """To who asked: the CAM or PDM will not attach the link, and why."""
    about = About(MailKind.ATTACHMENT_DECLINED, request.node_id, request.partner_id)
    asked = _asked(request, link_name, by_name)
    return to_each(about, to, now, lambda _locale: asked | {"reason": request.declined_because or ""})


def checkout_mail(
    checkout: rows.Checkout, deal_partner_id: UUID, links: Sequence[tuple[Statement, str]], now: datetime
) -> rows.OutboxMail:
    """To the client: what the partner attests, and where to answer. There is at least one link (B4)."""
    about = About(MailKind.CHECKOUT, checkout.node_id, deal_partner_id)
    to = Recipient(checkout.recipient_name, checkout.recipient_email)
    listed = [_terms(statement, checkout.locale) | {"url": url} for statement, url in links]
    partner_name = listed[0]["partner_name"]
    return rendered(about, [to], checkout.locale, now, links=listed, partner_name=partner_name)


def _decided(statement: Statement, locale: Locale, decision: rows.Decision) -> dict[str, Any]:
    return {
        "terms": _terms(statement, locale),
        "decided_by": f"{one_line(decision.decided_by_name)} <{decision.decided_by_email}>",
        "decided_at": date_in_words(decision.decided_at, locale),
    }


def _asked(request: rows.AttachmentRequest, link_name: str, by_name: str) -> dict[str, str]:
    names = {"link_name": link_name, "deal_name": request.deal_name, "by_name": by_name}
    return {key: one_line(name) for key, name in names.items()}


def _terms(statement: Statement, locale: Locale) -> dict[str, Any]:
    duration = statement.onboarding_duration
    return {
        "link_name": one_line(statement.link_name),
        "partner_name": one_line(statement.partner_name),
        "client_name": one_line(statement.client_name or ""),
        "products": [_product(product, locale) for product in statement.products],
        "provides_onboarding": statement.provides_onboarding,
        "duration": duration and duration_in_words(duration, locale),
    }


def _product(product: StatedProduct, locale: Locale) -> dict[str, str]:
    name, onboarding = product_in_words(product, locale), product.onboarding_type_name
    return {"name": one_line(name), "onboarding": one_line(onboarding or "")}
