"""The client's page at /c/{token}: GET shows what a partner states, POST answers it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from graphql_api.access.link_token import LinkTokens
from graphql_api.actions.engagement import CLIENT, Invitation, answer, read_invitation, record_view
from graphql_api.database import Database, Writing
from graphql_api.models.actor import Locale
from graphql_api.models.refusal import Conflict, NotFound, NotPending, Refusal, Refused
from graphql_api.pages.answers import page, problem, see
from graphql_api.pages.form import SentForm, UnreadableError, sent_form
from graphql_api.pages.language import PARAMETER, chosen_locale, locale_of
from graphql_api.reading.faults import in_a_line, is_unavailable, once_more, took_too_long
from graphql_api.texts.engagement_page import Notice, Problem, engagement_page

METHODS = "GET, HEAD, POST"

log: structlog.stdlib.BoundLogger = structlog.get_logger("graphql_api.pages")


def engagement_routes(database: Database, link_tokens: LinkTokens) -> list[Route]:
    """The routes of the page."""
    return [Route("/c/{token}", EngagementPage(database, link_tokens), name="engagement")]


class EngagementPage:
    """The page, as an ASGI application behind its route: whatever is asked of it, it answers with a page."""

    def __init__(self, database: Database, link_tokens: LinkTokens) -> None:
        self._database = database
        self._link_tokens = link_tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response = await self._answered(request)
        await response(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        locale = locale_of(request)
        try:
            return await self._by_method(request, locale)
        except NotFound:
            return problem(Problem.NOT_FOUND, locale)
        except UnreadableError as error:
            return problem(error.problem, locale)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception as error:  # noqa: BLE001 - whatever it is, its reader gets a page
            return _failed(error, locale)

    async def _by_method(self, request: Request, locale: Locale) -> Response:
        if request.method in {"GET", "HEAD"}:
            return await self._show(request, locale)
        if request.method == "POST":
            return await self._take(request, locale)
        refused = problem(Problem.WRONG_METHOD, locale)
        refused.headers["Allow"] = METHODS
        return refused

    async def _show(self, request: Request, locale: Locale) -> Response:
        invitation = await self._invitation(self._link_id(request))
        link = invitation.link
        if request.method == "GET" and link.is_pending and link.viewed_at is None:
            await once_more(lambda: self._record(record_view, link.id))
        return _page(invitation, locale)

    async def _take(self, request: Request, locale: Locale) -> Response:
        link_id = self._link_id(request)
        sent = await sent_form(request)
        refusals = await self._answer(link_id, sent)
        if not refusals:
            return self._back(link_id, request)
        invitation = await self._invitation(link_id)
        decision = invitation.decision
        if decision and sent.says_the_same_as(decision):
            return self._back(link_id, request)
        return _refused(invitation, locale, sent, refusals)

    async def _record(self, verb: Callable[[Writing, UUID], Awaitable[object]], link_id: UUID) -> None:
        async with self._database.write(CLIENT) as writing:
            await verb(writing, link_id)

    async def _answer(self, link_id: UUID, sent: SentForm) -> Sequence[Refusal]:
        """Give the client's answer; what the rules have against it."""
        if sent.answer is None or sent.seen_version is None:
            return list(sent.refusals())
        given = partial(
            answer,
            answer=sent.answer,
            name=sent.name,
            email=sent.email,
            reason=sent.why,
            seen_version=sent.seen_version,
            seen_hash=sent.seen_hash,
        )
        try:
            await once_more(lambda: self._record(given, link_id))
        except Refused as refused:
            return [refusal for refusal in refused.exceptions if isinstance(refusal, Refusal)]
        except (NotPending, Conflict) as refusal:
            return [refusal]
        return []

    async def _invitation(self, link_id: UUID) -> Invitation:
        async with self._database.read() as session:
            invitation = await read_invitation(session, link_id)
        if invitation is None:
            raise NotFound
        return invitation

    def _link_id(self, request: Request) -> UUID:
        link_id = self._link_tokens.link_id(request.path_params["token"])
        if link_id is None:
            raise NotFound
        return link_id

    def _back(self, link_id: UUID, request: Request) -> Response:
        """To the same page, by its public path and in the language that was chosen."""
        chosen = chosen_locale(request)
        query = f"?{PARAMETER}={chosen.value.lower()}" if chosen else ""
        return see(urlsplit(self._link_tokens.url_of(link_id)).path + query)


def _failed(error: Exception, locale: Locale) -> Response:
    """That the database is away, or slow, is no fault to be looked for here, and over when the reader comes back."""
    if is_unavailable(error) or took_too_long(error):
        log.warning("the client's page is unavailable", error=in_a_line(error))
        return problem(Problem.UNAVAILABLE, locale)
    reference = secrets.token_hex(5)
    log.error("the client's page failed", error_id=reference, exc_info=error)
    return problem(Problem.FAILED, locale, reference=reference)


def _page(invitation: Invitation, locale: Locale) -> Response:
    html = engagement_page(
        invitation.statement, locale, version=invitation.link.version, decision=invitation.decision
    )
    return page(html, locale)


def _refused(invitation: Invitation, locale: Locale, sent: SentForm, refusals: Sequence[Refusal]) -> Response:
    """The page once more: what stands, or what is wrong, with everything that was typed."""
    changed = any(isinstance(refusal, Conflict) for refusal in refusals)
    notice = Notice.ANSWERED if invitation.decision else Notice.CHANGED if changed else None
    html = engagement_page(
        invitation.statement,
        locale,
        version=invitation.link.version,
        form=sent.again() if notice else sent.again(*refusals),
        notice=notice,
        decision=invitation.decision,
    )
    return page(html, locale, HTTPStatus.CONFLICT if notice else HTTPStatus.UNPROCESSABLE_ENTITY)
