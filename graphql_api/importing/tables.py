"""The files of an import."""

from __future__ import annotations

from graphql_api.actions.sync.clients import sync_clients, sync_contacts
from graphql_api.actions.sync.deals import sync_deals
from graphql_api.actions.sync.partners import sync_partners
from graphql_api.actions.sync.products import sync_products
from graphql_api.actions.sync.renewals import sync_renewals
from graphql_api.actions.sync.staff import sync_staff
from graphql_api.actions.sync.users import sync_users
from graphql_api.importing.cells import day, flag, listed, member, members, onboarding_types
from graphql_api.importing.table import Column, Table, clearable, needed, optional

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
