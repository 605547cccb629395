"""What the tests of links do again and again: answer as the client does, attach, and count what is stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from graphql_api.database import Database
from graphql_api.models import rows
from tests.api import Api
from tests.factories import World

LINK = """
    id name url status stage providesOnboarding onboardingDuration version createdAt updatedAt sentAt viewedAt
    products { product { code } onboardingType { code } } partner { name } client { name } deal { id name }
    createdBy { name } clonedFrom { id } decision { status reason decidedByName }
"""


async def link_of(api: Api, token: str, link: rows.ConfirmationLink | str) -> Any:
    """The link as the bearer of the token reads it."""
    found = await api.ask(
        f"query($id: ID!) {{ confirmationLink(id: $id) {{ {LINK} }} }}", token, id=id_of(link)
    )
    return found["confirmationLink"]


def id_of(thing: Any) -> str:
    """The global id of a row, or of what is one already."""
    return thing if isinstance(thing, str) else str(thing.node_id)


async def confirm(api: Api, link: rows.ConfirmationLink, version: int = 1) -> dict[str, Any]:
    """The client says yes."""
    return await api.change(
        "confirmEngagement", None, "invitation { status version }", token=token_of(api, link),
        name="Clara Client", email="clara@acme.example", seenVersion=version,
    )  # fmt: skip


async def reject(api: Api, link: rows.ConfirmationLink, version: int = 1) -> dict[str, Any]:
    """The client says no."""
    return await api.change(
        "rejectEngagement", None, "invitation { status version }", token=token_of(api, link),
        name="Clara Client", email="clara@acme.example", reason="We buy from somebody else", seenVersion=version,
    )  # fmt: skip


def token_of(api: Api, link: rows.ConfirmationLink) -> str:
    """What is in the link's URL."""
    return api.app.service.link_tokens.token_of(link.id)


async def attach(api: Api, token: str, link: rows.ConfirmationLink, deal: rows.Deal) -> dict[str, Any]:
    """Put the link on the deal."""
    return await api.change(
        "attachConfirmationLink", token, "confirmationLink { id } deal { id } cursor",
        confirmationLinkId=id_of(link), dealId=id_of(deal),
    )  # fmt: skip


async def check_out(api: Api, world: World, deal: rows.Deal) -> dict[str, Any]:
    """The client buys: the deal's links go out."""
    return await api.change(
        "startCheckout", world.tokens["checkout"], "checkout { id confirmationLinks { url } } cursor",
        dealId=id_of(deal), recipientName="Clara Client", recipientEmail="clara@acme.example",
    )  # fmt: skip


async def stored(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    async with database.read() as session:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table)) or 0
            for table in rows.Base.metadata.sorted_tables
        }


async def all_of(database: Database, model: Any, *conditions: Any) -> list[Any]:
    """The rows of a table, oldest first."""
    async with database.read() as session:
        return list(await session.scalars(select(model).where(*conditions).order_by(model.id)))


async def subjects_to(database: Database) -> dict[str, list[str]]:
    """The subjects of all mails, by the address that each goes to."""
    found: dict[str, list[str]] = {}
    for mail in await all_of(database, rows.OutboxMail):
        for address in (recipient["email"] for recipient in mail.recipients):
            found.setdefault(address, []).append(mail.subject)
    return found
