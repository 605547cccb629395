"""The form on the client's page, as a browser sends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qs

from starlette.requests import Request

from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.decision import Decision
from graphql_api.models.refusal import Invalid, Refusal
from graphql_api.models.text import email_of, line_of, message_of
from graphql_api.texts.engagement_page import Form, Problem

MAX_BYTES = 64 * 1024
MAX_FIELDS = 100
MEDIA_TYPE = "application/x-www-form-urlencoded"
DECISIONS = {"confirm": LinkStatus.CONFIRMED, "reject": LinkStatus.REJECTED}
_VERSION_DIGITS = 9


class UnreadableError(Exception):
    """Not our form; `problem` says what is wrong with it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.value)


@dataclass(frozen=True, slots=True)
class SentForm:
    """What arrived. `answer` and what was seen are None where they are missing, said twice, or none of ours."""

    name: str
    email: str
    reason: str
    answer: LinkStatus | None
    seen_version: int | None
    seen_hash: str | None

    def refusals(self) -> Iterator[Refusal]:
        """What is wrong with what people do not type; the rest is for the action to judge."""
        if self.seen_version is None:
            yield Invalid("seenVersion")
        if self.answer is None:
            yield Invalid("decision")

    @property
    def why(self) -> str | None:
        """The reason as typed, which goes with a rejection only."""
        return self.reason if self.answer is LinkStatus.REJECTED else None

    def says_the_same_as(self, decision: Decision) -> bool:
        """Whether it is the standing decision once more, as a double click sends it."""
        try:
            signed = line_of(self.name), email_of(self.email), self.why and message_of(self.why)
        except Refusal:
            return False
        standing = decision.decided_by_name, decision.decided_by_email, decision.reason
        return self.answer is decision.status and signed == standing

    def again(self, *refusals: Refusal) -> Form:
        """The same to be shown once more, as it was typed."""
        return Form(self.name, self.email, self.reason, refusals)


async def sent_form(request: Request) -> SentForm:
    """Read the request's form.

    Raises:
        UnreadableError: over 64 KiB, or not a form at all.

    """
    if _media_type(request) != MEDIA_TYPE:
        raise UnreadableError(Problem.WRONG_TYPE)
    return _form_in(await _body(request))


async def _body(request: Request) -> bytes:
    """Read no more than we take, whatever the length that was announced."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            raise UnreadableError(Problem.TOO_LARGE)
    return bytes(body)


def _form_in(body: bytes) -> SentForm:
    try:
        # Latin-1 keeps every byte, so that only what is percent-encoded, as browsers do, is read as UTF-8.
        values = parse_qs(body.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise UnreadableError(Problem.WRONG_TYPE) from None
    name, email, reason = (_last(values, field) for field in ("name", "email", "reason"))
    decided = DECISIONS.get(_only(values, "decision"))
    seen = _version(_only(values, "seenVersion")), _only(values, "seenStatementHash") or None
    return SentForm(name, email, reason, decided, *seen)


def _last(values: dict[str, list[str]], field: str) -> str:
    return values.get(field, [""])[-1]


def _only(values: dict[str, list[str]], field: str) -> str:
    """The field's value unless it is said twice: nobody's decision is guessed at."""
    found = values.get(field, [])
    return found[0] if len(found) == 1 else ""


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _VERSION_DIGITS else None


def _media_type(request: Request) -> str:
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    return message.get_content_type()
