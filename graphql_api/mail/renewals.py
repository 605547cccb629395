"""The mails about renewals, notice and reminder alike: who hears is decided, here it is put into words (A19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from graphql_api.mail.message import one_line
from graphql_api.mail.rendering import About, Recipient, rendered
from graphql_api.models import rows
from graphql_api.models.actor import Locale
from graphql_api.models.money import Money
from graphql_api.models.outbox_mail import MailKind
from graphql_api.models.renewal_facts import RenewalFacts
from graphql_api.models.renewal_notice import RenewalNoticeKind
from graphql_api.models.renewal_ownership import RenewalOwner
from graphql_api.models.renewal_routing import Recipient as Routed
from graphql_api.models.renewal_routing import RecipientRole, Routing
from graphql_api.texts.words import (
    change_in_words,
    day_in_words,
    days_ahead_in_words,
    money_in_words,
    roles_in_words,
)

KINDS = {
    RenewalNoticeKind.NOTICE: MailKind.RENEWAL_NOTICE,
    RenewalNoticeKind.REMINDER: MailKind.RENEWAL_REMINDER,
}


def renewal_mail(
    notice: rows.RenewalNotice, routing: Routing, facts: RenewalFacts, now: datetime
) -> rows.OutboxMail:
    """One mail to all who are addressed and copied, in the language of the first addressee.

    The client's people read that their subscription renews (A7, A13), the partner's that they are to act (A10, A16).
    Somebody is addressed: without, there is no mail (C10).
    """
    about = About(KINDS[notice.kind], notice.node_id, notice.partner_id)
    recipients = [Recipient(one.name, one.email) for one in routing.to]
    recipients += [Recipient(one.name, one.email, "cc") for one in routing.cc]
    locale = routing.to[0].locale
    values = _readers(routing, locale) | _renewal(facts, locale) | _amounts(facts, locale)
    return rendered(about, recipients, locale, now, owned=notice.owner is RenewalOwner.PARTNER, **values)


def _readers(routing: Routing, locale: Locale) -> dict[str, Any]:
    return {
        "greeted": ", ".join(one_line(one.name) for one in routing.to),
        "roles": _roles(routing.to, locale),
        "copied": [_named(one) for one in _points_of_contact(routing.cc)],
        "partner_side": [one_line(one.name) for one in _points_of_contact([*routing.to, *routing.cc])],
    }


def _roles(to: Sequence[Routed], locale: Locale) -> str:
    """All the roles of the only addressee; of several, each holds one or more of those named."""
    held = {role for one in to for role in one.roles}
    return roles_in_words([role for role in RecipientRole if role in held], locale, is_all=len(to) == 1)


def _points_of_contact(recipients: Sequence[Routed]) -> list[Routed]:
    return [one for one in recipients if RecipientRole.POINT_OF_CONTACT in one.roles]


def _named(one: Routed) -> str:
    return f"{one_line(one.name)} <{one.email}>"


def _renewal(facts: RenewalFacts, locale: Locale) -> dict[str, Any]:
    days = facts.days_to_renewal
    to_decide = facts.decision_deadline - (facts.renews_on - timedelta(days=days))
    return {
        "client": one_line(facts.client_name),
        "partner": one_line(facts.partner_name),
        "products": [one_line(name) for name in facts.product_names],
        "date": day_in_words(facts.renews_on, locale),
        "days": days_ahead_in_words(days, locale),
        "deadline": day_in_words(facts.decision_deadline, locale),
        "days_to_decide": days_ahead_in_words(to_decide.days, locale),
        "has_passed": to_decide.days < 0,
    }


def _amounts(facts: RenewalFacts, locale: Locale) -> dict[str, str | None]:
    current, renewal = facts.current_mrr, facts.renewal_mrr
    change = Money(renewal.amount - current.amount, renewal.currency) if current and renewal else None
    return {
        "current": current and money_in_words(current, locale),
        "renewal": renewal and money_in_words(renewal, locale),
        "change": change and change_in_words(change, locale),
    }
