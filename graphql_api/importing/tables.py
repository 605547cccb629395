"""The files of an import: their columns, and the records that their rows stand for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from graphql_api.actions.sync.clients import sync_clients, sync_contacts
from graphql_api.actions.sync.deals import sync_deals
from graphql_api.actions.sync.given import camel
from graphql_api.actions.sync.partners import sync_partners
from graphql_api.actions.sync.products import sync_products
from graphql_api.actions.sync.renewals import sync_renewals
from graphql_api.actions.sync.staff import sync_staff
from graphql_api.actions.sync.upsert import SyncCounts
from graphql_api.actions.sync.users import sync_users
from graphql_api.database import Writing

Record = dict[str, Any]

ABSENT = object()
LIST_MARK = "|"
FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def text(cell: str) -> Any:
    """The cell as it stands."""
    return cell


def member(cell: str) -> Any:
    """A member of an enum, in any case."""
    return cell.upper()


def flag(cell: str) -> Any:
    """Yes or no; anything else stays text, for the sync to refuse."""
    return FLAGS.get(cell.lower(), cell)


def day(cell: str) -> Any:
    """A date of ISO 8601; anything else stays text, for the sync to refuse."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return cell


def listed(cell: str) -> list[str]:
    """The entries of a cell, separated by |."""
    return [entry.strip() for entry in cell.split(LIST_MARK)]


def members(cell: str) -> Any:
    """Several members of an enum."""
    return listed(cell.upper())


def onboarding_types(cell: str) -> Any:
    """Onboarding types, each as code:name."""
    halves = (entry.partition(":") for entry in listed(cell))
    return [{"code": code, "name": name} for code, _, name in halves]


class Column(NamedTuple):
    """One column of a file."""

    name: str
    read: Callable[[str], Any] = text
    needed: bool = False
    """The file cannot do without it."""
    empty: Any = ""
    """What an empty cell stands for."""
    key: str = ""
    """Its name in the record, where that is another."""
    names: str = ""
    """The file whose rows it names."""

    @property
    def record_key(self) -> str:
        """Its name in the record."""
        return self.key or self.name


def needed(name: str, read: Callable[[str], Any] = text, **more: Any) -> Column:
    """A column that the file cannot do without."""
    return Column(name, read, needed=True, **more)


def clearable(name: str, read: Callable[[str], Any] = text, **more: Any) -> Column:
    """A column whose empty cell clears what was there."""
    return Column(name, read, empty=None, **more)


def optional(name: str, read: Callable[[str], Any] = text, **more: Any) -> Column:
    """A column whose empty cell leaves what was there, or the default of a new row."""
    return Column(name, read, empty=ABSENT, **more)


class Table(NamedTuple):
    """One file of an import."""

    name: str
    verb: Callable[[Writing, Sequence[Mapping[str, Any]]], Awaitable[SyncCounts]]
    key: tuple[str, ...]
    """The columns that no two rows have alike."""
    columns: tuple[Column, ...]
    amounts: tuple[str, ...] = ()
    """The columns of money, beside the column `currency`."""
    list_of: str = ""
    """The column by which rows are lists of one record each, as the contacts of a client are."""

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.csv"

    def record(self, cells: Mapping[str, str]) -> Record:
        """What a row stands for."""
        record = {}
        for column in self.columns:
            value = _value(column, cells.get(column.name))
            if value is not ABSENT:
                record[column.record_key] = value
        return self._with_money(record) if self.amounts else record

    def list_record(self, rows: Sequence[Mapping[str, str]]) -> Record:
        """What the rows of one list stand for: all the contacts of a client."""
        return {self.list_of: rows[0][self.list_of], self.name: [self.record(cells) for cells in rows]}

    def column_of(self, field: Sequence[str]) -> Column:
        """The column behind the field of a refusal."""
        known = {camel(column.record_key): column for column in self.columns}
        return known.get("currency" if field[-1] == "currency" else field[0], self.columns[0])

    def _with_money(self, record: Record) -> Record:
        currency = record.pop("currency", None)
        given = [key for key in self.amounts if record.get(key)]
        for key in [key for key in self.amounts if key in record]:
            record[key] = {"amount": record[key], "currency": currency} if key in given else None
        if currency and not given:
            record[self.amounts[0]] = {"amount": "", "currency": currency}
        return record


PRODUCTS = Table(
    "products",
    sync_products,
    ("code",),
    (
        needed("code"),
        needed("name"),
        needed("edition", member),
        Column("onboarding_types", onboarding_types, empty=()),
    ),
)
STAFF = Table(
    "staff",
    sync_staff,
    ("email",),
    (needed("email"), needed("name"), needed("role", member), optional("locale", member)),
)
PARTNERS = Table(
    "partners",
    sync_partners,
    ("external_id",),
    (
        needed("external_id"),
        needed("name"),
        clearable("cam_email", key="channel_account_manager_email", names="staff"),
        clearable("pdm_email", key="partner_development_manager_email", names="staff"),
    ),
)
USERS = Table(
    "users",
    sync_users,
    ("partner_external_id", "email"),
    (
        needed("partner_external_id", names="partners"),
        needed("email"),
        needed("name"),
        optional("role", member),
        optional("active", flag, key="is_active"),
        optional("locale", member),
    ),
)
CLIENTS = Table(
    "clients",
    sync_clients,
    ("external_id",),
    (
        needed("external_id"),
        needed("partner_external_id", names="partners"),
        needed("name"),
        clearable("domain"),
    ),
)
CONTACTS = Table(
    "contacts",
    sync_contacts,
    ("client_external_id", "email"),
    (
        needed("client_external_id", names="clients"),
        needed("email"),
        needed("name"),
        Column("roles", members, empty=()),
        optional("locale", member),
    ),
    list_of="client_external_id",
)
RENEWALS = Table(
    "renewals",
    sync_renewals,
    ("external_id",),
    (
        needed("external_id"),
        needed("client_external_id", names="clients"),
        needed("product_codes", listed, empty=(), names="products"),
        needed("renews_on", day),
        optional("status", member),
        clearable("current_mrr"),
        clearable("renewal_mrr"),
        clearable("currency"),
        clearable("renewal_manager_email", names="staff"),
    ),
    amounts=("current_mrr", "renewal_mrr"),
)
DEALS = Table(
    "deals",
    sync_deals,
    ("external_id",),
    (
        needed("external_id"),
        needed("name"),
        needed("shared", flag, key="is_shared"),
        clearable("partner_external_id", names="partners"),
        clearable("client_external_id", names="clients"),
        needed("stage"),
        clearable("amount"),
        clearable("currency"),
        clearable("closes_on", day),
    ),
    amounts=("amount",),
)

TABLES = (PRODUCTS, STAFF, PARTNERS, USERS, CLIENTS, CONTACTS, RENEWALS, DEALS)
"""All files, each after those whose rows it names."""


def _value(column: Column, cell: str | None) -> Any:
    if cell is None:
        return ABSENT
    return column.read(cell) if cell else column.empty
