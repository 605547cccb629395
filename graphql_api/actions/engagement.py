"""The client's side of a link: what it sees, and its one answer (B37, C18, C20, C22)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import Uuid, bindparam, select, true

from graphql_api.actions.notify import News, tell
from graphql_api.actions.people import account_of, partner_audience
from graphql_api.actions.record import Change, record
from graphql_api.actions.statements import stated_by
from graphql_api.mail.messages import link_confirmed, link_rejected
from graphql_api.mail.outbox import enqueue
from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.notification import NotificationKind
from graphql_api.models.refusal import Blank, Conflict, NotFound, ReasonRequired, Refusal, refuse
from graphql_api.models.stream import PartnerEventKind
from graphql_api.models.text import email_of, line_of, message_of
from graphql_api.reading.prepared import Prepared
from graphql_api.reading.records import columns_of, maker_of
from graphql_api.writing.locked import Locked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from graphql_api.database import Writing
    from graphql_api.models.statement import Statement

CLIENT = By(None, "The client")


LINK = Locked(rows.ConfirmationLink, true())


class Invitation(NamedTuple):
    """What the bearer of a link's token may see; to be read only."""

    link: rows.ConfirmationLink
    statement: Statement
    products: Sequence[rows.LinkProduct]
    decision: rows.Decision | None


def _invited() -> Select[Any]:
    link, decision = rows.ConfirmationLink, rows.Decision
    both = select(*columns_of(link), *columns_of(decision)).outerjoin(decision, decision.link_id == link.id)
    return both.where(link.id == bindparam("link", None, Uuid()))


INVITED = Prepared(_invited())


async def read_invitation(session: AsyncSession, link_id: UUID | None) -> Invitation | None:
    """The link that a token names, or None; once decided, as it was decided. Reading it records nothing."""
    width = len(columns_of(rows.ConfirmationLink))
    for found in await INVITED(session, link=link_id):
        link = maker_of(rows.ConfirmationLink)(found[:width])
        statement, products = await stated_by(session, link)
        if found[width] is None:
            return Invitation(link, statement, products, None)
        decision = maker_of(rows.Decision)(found[width:])
        return Invitation(link, decision.statement, products, decision)
    return None


async def record_view(writing: Writing, link_id: UUID) -> None:
    """The client opened the page of a pending link: the first time is kept (C22)."""
    link = await LINK.row(writing.session, link_id)
    if link and link.is_pending and link.viewed_at is None:
        link.viewed_at = writing.now
        record(writing, PartnerEventKind.LINK_VIEWED, link)


async def answer(
    writing: Writing,
    link_id: UUID | None,
    *,
    answer: LinkStatus,
    name: str,
    email: str,
    reason: str | None,
    seen_version: int,
    seen_hash: str | None = None,
) -> Invitation:
    """Take the client's answer: the first one wins, and is final (B31, B32, C20).

    `seen_hash` is that of the statement which the client saw. Edits move the version; but names of the catalogue, the
    partner and the client can change without one, and nobody shall have confirmed what was not shown (D7).

    Raises:
        NotFound: no such link.
        NotPending: it has been answered already, whatever the version.
        Refused: the name, the address or the reason.
        Conflict: the link was edited since the client saw it, or states something else.

    """
    link = await LINK.row(writing.session, link_id)
    if link is None:
        raise NotFound("token")
    link.check_pending("token")
    signed = _signed(answer, name, email, reason)
    link.check_version(seen_version, "seenVersion")
    statement, products = await stated_by(writing.session, link)
    if seen_hash is not None and seen_hash != statement.hash:
        raise Conflict("seenStatementHash")
    writing.by = By(None, signed[0])
    link.decide(answer, writing.now)
    decision = _decision(writing, link, statement, signed)
    writing.session.add(decision)
    changes = [Change("status", "PENDING", answer.value), Change("reason", None, decision.reason)]
    record(writing, PartnerEventKind[f"LINK_{answer}"], link, [c for c in changes if c.after])
    await _tell(writing, link, statement, decision)
    return Invitation(link, statement, products, decision)


def _signed(answer: LinkStatus, name: str, email: str, reason: str | None) -> tuple[str, str, str | None]:
    """Who answers, and why: checked together, so that the client hears of everything at once."""
    refusals: list[Refusal] = []

    def tried(check: Callable[..., str], value: str, field: str) -> str:
        try:
            return check(value, field)
        except Refusal as refusal:
            refusals.append(
                ReasonRequired(field) if isinstance(refusal, Blank) and field == "reason" else refusal
            )
            return ""

    who, address = tried(line_of, name, "name"), tried(email_of, email, "email")
    why = tried(message_of, reason or "", "reason") if answer is LinkStatus.REJECTED else None
    refuse(refusals)
    return who, address, why


def _decision(
    writing: Writing, link: rows.ConfirmationLink, statement: Statement, signed: tuple[str, str, str | None]
) -> rows.Decision:
    name, email, reason = signed
    answered: dict[str, Any] = {
        "status": link.status,
        "name": name,
        "email": email,
        "reason": reason,
        "at": writing.now.isoformat(),
    }
    seen: dict[str, Any] = {
        "confirmationLink": str(link.node_id),
        "version": link.version,
        "statement": statement.as_data(),
    }
    # as RFC 8785 has it: our keys are ASCII and our numbers whole, and all else is spelled alike
    evidence = orjson.dumps({"seen": seen, "answered": answered}, option=orjson.OPT_SORT_KEYS)
    return rows.Decision.new(
        link_id=link.id,
        status=link.status,
        decided_at=writing.now,
        decided_by_name=name,
        decided_by_email=email,
        reason=reason,
        evidence=evidence.decode(),
        evidence_hash=hashlib.sha256(evidence).hexdigest(),
    )


async def _tell(
    writing: Writing, link: rows.ConfirmationLink, statement: Statement, decision: rows.Decision
) -> None:
    """The partner hears of any answer, its CAM and PDM of a yes."""
    session, partner_id = writing.session, link.partner_id
    people = await partner_audience(session, partner_id, link.created_by_id, or_contact=True)
    if decision.status is LinkStatus.CONFIRMED:
        people = [*people, *(await account_of(session, partner_id)).team]
    tell(writing, people, _news(link, decision))
    write = link_confirmed if decision.status is LinkStatus.CONFIRMED else link_rejected
    enqueue(writing, write(link, statement, people, decision, writing.now))


def _news(link: rows.ConfirmationLink, decision: rows.Decision) -> News:
    confirmed = decision.status is LinkStatus.CONFIRMED
    kind = NotificationKind.LINK_CONFIRMED if confirmed else NotificationKind.LINK_REJECTED
    title = f"{decision.decided_by_name} {'confirmed' if confirmed else 'rejected'} “{link.name}”"
    return News(
        kind, link.partner_id, link.node_id, title, decision.reason or "The client confirmed the engagement."
    )
