"""Renewals of clients' subscriptions, as the vendor's subscription system knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from graphql_api.actions.sync.checks import codes_of, one_of
from graphql_api.actions.sync.given import Field, Given
from graphql_api.actions.sync.upsert import (
    Noun,
    SyncCounts,
    assign,
    begin,
    counts_of,
    find,
    put,
    staff_by_email,
)
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.day import day_of
from graphql_api.models.keys import new_key
from graphql_api.models.money import money, money_of
from graphql_api.models.refusal import DuplicateProduct, Invalid, NotFound, refuse
from graphql_api.models.renewal import RenewalStatus
from graphql_api.models.text import email_of, line_of

FIELDS = (
    Field("external_id", line_of, needed=True),
    Field("client_external_id", line_of, needed=True),
    Field("product_codes", codes_of, needed=True),
    Field("renews_on", day_of, needed=True),
    Field("status", one_of(RenewalStatus)),
    Field("current_mrr", money_of, null=None),
    Field("renewal_mrr", money_of, null=None),
    Field("renewal_manager_email", email_of, null=None),
)
AMOUNTS = ("current_mrr", "renewal_mrr")


class Renewals(Noun[rows.Renewal]):
    """Renewals, by their external id, each with its products in their order."""

    action = "renewal.sync"

    def __init__(self, catalogue: Mapping[str, UUID], emails: Mapping[UUID, str]) -> None:
        """`catalogue`: the products' keys by code; `emails`: of every renewal manager, before or after."""
        self.keys, self.codes = catalogue, {key: code for code, key in catalogue.items()}
        self.emails = emails

    def make(self, given: Given, writing: Writing) -> rows.Renewal:
        """Pending unless told."""
        return rows.Renewal(
            id=new_key(),
            external_id=given.values["external_id"],
            status=RenewalStatus.PENDING,
            products=[],
            created_at=writing.now,
        )

    def fill(self, row: rows.Renewal, given: Given) -> None:
        """One currency stands for both amounts."""
        assign(row, given.values, "partner_id", "client_id", "renews_on", "status", "renewal_manager_id")
        monies = {key: _money(given, row, key) for key in AMOUNTS}
        amounts = {key: found and found.amount for key, found in monies.items()}
        currency = next((found.currency for found in monies.values() if found), None)
        assign(row, {**amounts, "currency": currency}, *AMOUNTS, "currency")
        if "product_codes" in given.values:
            self._list_products(row, given.values["product_codes"])

    def facts(self, row: rows.Renewal) -> dict[str, object]:
        """By the contract's names; products by code, the renewal manager by e-mail."""
        listed = sorted(row.products, key=lambda product: product.position)
        return {
            "externalId": row.external_id,
            "clientId": row.client_id,
            "products": ", ".join(self.codes[product.product_id] for product in listed),
            "renewsOn": row.renews_on,
            "status": row.status,
            "currentMrr": money(row.current_mrr, row.currency),
            "renewalMrr": money(row.renewal_mrr, row.currency),
            "renewalManager": row.renewal_manager_id and self.emails[row.renewal_manager_id],
        }

    def partner_id(self, row: rows.Renewal) -> UUID:
        """Its partner's log."""
        return row.partner_id

    def _list_products(self, row: rows.Renewal, codes: Sequence[str]) -> None:
        known = {product.product_id: product for product in row.products}
        keys = [self.keys[code] for code in codes]
        if [product.product_id for product in row.products] != keys:
            row.products = [known.get(key) or rows.RenewalProduct(product_id=key) for key in keys]
        for position, product in enumerate(row.products):
            product.position = position


async def sync_renewals(writing: Writing, records: Sequence[Mapping[str, Any]]) -> SyncCounts:
    """Create or update renewals by external id.

    Raises:
        Refused: with everything that is wrong with any of them; nothing is changed then.
        LimitExceeded: more than 500.

    """
    session = writing.session
    batch = await begin(writing, "renewals", records, FIELDS, "external_id")
    clients = await find(session, rows.Client.external_id, batch.named("client_external_id"))
    catalogue = await _catalogue(session)
    managers = await staff_by_email(session, batch.named("renewal_manager_email"))
    known = await find(session, rows.Renewal.external_id, batch.named("external_id"), lock=True)
    pairs = [(given, known.get(given.values.get("external_id"))) for given in batch.givens]
    for given, renewal in pairs:
        given.resolve("client_external_id", "client_id", clients)
        given.resolve("renewal_manager_email", "renewal_manager_id", managers)
        _check(given, renewal, clients, catalogue)
    refuse(batch.refusals)
    emails = await _emails(session, known, managers)
    return counts_of(await put(writing, Renewals(catalogue, emails), pairs))


def _check(
    given: Given,
    renewal: rows.Renewal | None,
    clients: Mapping[str, rows.Client],
    catalogue: Mapping[str, UUID],
) -> None:
    if renewal is None:
        given.need(FIELDS)
    _check_client(given, renewal, clients)
    _check_products(given, catalogue)
    _check_currency(given, renewal)


def _check_client(given: Given, renewal: rows.Renewal | None, clients: Mapping[str, rows.Client]) -> None:
    client = clients.get(given.values.get("client_external_id", ""))
    if client is None:
        return
    given.values["partner_id"] = client.partner_id
    if renewal and renewal.partner_id != client.partner_id:
        given.refuse(Invalid, "client_external_id", message="a renewal stays with its partner")


def _check_products(given: Given, catalogue: Mapping[str, UUID]) -> None:
    codes = given.values.get("product_codes", ())
    for index, code in enumerate(codes):
        if code not in catalogue:
            given.refuse(NotFound, "product_codes", str(index))
        elif code in codes[:index]:
            given.refuse(DuplicateProduct, "product_codes", str(index))


def _check_currency(given: Given, renewal: rows.Renewal | None) -> None:
    currencies = {found.currency for key in AMOUNTS if (found := _money(given, renewal, key))}
    if len(currencies) > 1:
        key = "renewal_mrr" if "renewal_mrr" in given.values else "current_mrr"
        given.refuse(Invalid, key, "currency", message="both amounts are in one currency")


def _money(given: Given, row: rows.Renewal | None, key: str) -> Any:
    if key in given.values:
        return given.values[key]
    return row and money(getattr(row, key), row.currency)


async def _catalogue(session: AsyncSession) -> dict[str, UUID]:
    found = await session.execute(select(rows.Product.code, rows.Product.id))
    return dict(found.all())


async def _emails(
    session: AsyncSession, known: Mapping[str, rows.Renewal], managers: Mapping[str, rows.StaffMember]
) -> dict[UUID, str]:
    before = {renewal.renewal_manager_id for renewal in known.values() if renewal.renewal_manager_id}
    found = await find(session, rows.Actor.id, before | {manager.id for manager in managers.values()})
    return {key: actor.email for key, actor in found.items()}
