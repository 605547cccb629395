"""What a newcomer is told: where everything is, and with which token it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.access.link_token import LinkTokens
from graphql_api.demo.cast import OUR_EXTERNAL_ID
from graphql_api.demo.folder import DemoFolder
from graphql_api.models import rows
from graphql_api.models.confirmation_link import LinkStatus

TEXT = """\
The Partner API runs on {url}
Ctrl-C stops it; started again, it goes on where it stopped.

  GraphiQL       {url}/graphiql
                 its headers, to be Northwind Digital's admin:
                 {{"Authorization": "Bearer {token}"}}
  Client's page  {page}
  Mails          {mails}
  Other tokens   {json}
"""
NO_PAGE = "(no link waits for its client's answer: create one, attach it, check out)"


@dataclass(frozen=True, slots=True)
class Welcome:
    """The addresses and tokens of one start."""

    url: str
    folder: DemoFolder
    tokens: dict[str, str]
    page: str | None
    """The client's page of a link that waits for an answer."""

    def facts(self) -> dict[str, Any]:
        """What demo.json holds, for scripts."""
        return {
            "graphql": f"{self.url}/graphql",
            "websocket": f"ws{self.url.removeprefix('http')}/graphql",
            "graphiql": f"{self.url}/graphiql",
            "mail_folder": str(self.folder.mails),
            "database": self.folder.database_url,
            "tokens": self.tokens,
        }

    def text(self) -> str:
        """What is printed, for people."""
        return TEXT.format(
            url=self.url,
            token=self.tokens["partner_admin"],
            page=self.page or NO_PAGE,
            mails=self.folder.mails,
            json=self.folder.json,
        )


async def open_page(session: AsyncSession, tokens: LinkTokens) -> str | None:
    """The page of our partner's newest link that was sent and not answered yet, best one not opened either."""
    ours = select(rows.Partner.id).where(rows.Partner.external_id == OUR_EXTERNAL_ID).scalar_subquery()
    link = rows.ConfirmationLink
    waiting = select(link.id).where(
        link.partner_id == ours, link.status == LinkStatus.PENDING, link.sent_at.is_not(None)
    )
    newest = waiting.order_by(link.viewed_at.is_not(None), link.sent_at.desc(), link.id).limit(1)
    found = await session.scalar(newest)
    return tokens.url_of(found) if found else None
