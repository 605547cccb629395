"""What the vendor's systems bring in. An absent field stays as it was; null clears what may be empty."""

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import strawberry
from strawberry import UNSET

from graphql_api.models.actor import ACCOUNT_MANAGERS
from graphql_api.models.day import FIRST_DAY, LAST_DAY
from graphql_api.schema.inputs.building import KEEPS
from graphql_api.schema.inputs.enums.links import ProductEdition
from graphql_api.schema.inputs.enums.people import ContactRole, Locale, PartnerUserRole
from graphql_api.schema.inputs.enums.renewals import RenewalStatus

MANAGER = f"One of the vendor's staff, with the role {' or '.join(ACCOUNT_MANAGERS)}."
DAYS = f"from {FIRST_DAY} to {LAST_DAY}"


def record_of(row: Any) -> Any:
    """An input as plain data, without the fields that were left out."""
    if isinstance(row, list):
        return [record_of(item) for item in row]
    if not is_dataclass(row):
        return row
    values = ((field.name, getattr(row, field.name)) for field in fields(row))
    return {name: record_of(value) for name, value in values if value is not UNSET}


def _kept(default: Any, description: str) -> Any:
    """A field that, left out, stays as it was; what is new gets the default."""
    said = f"{description} Left out, it stays as it was; the default is for a new one."
    return strawberry.field(default=default, description=said, metadata=KEEPS)


@strawberry.input(description="A way of onboarding that a product offers.")
class OnboardingTypeInput:
    """A way of onboarding."""

    code: str = strawberry.field(description="Unique within the product.")
    name: str = strawberry.field(description="For people.")


@strawberry.input(description="A product of the vendor.")
class SyncProductInput:
    """A product."""

    code: str = strawberry.field(description="What it is known by.")
    name: str = strawberry.field(description="For people.")
    edition: ProductEdition = strawberry.field(description="How large.")
    onboarding_types: list[OnboardingTypeInput] = strawberry.field(
        description="All that it offers from now on."
    )


@strawberry.input(description="Products, at most 500.")
class SyncProductsInput:
    """Products."""

    products: list[SyncProductInput] = strawberry.field(description="All or nothing.")


@strawberry.input(description="A user of a partner, known by its e-mail address.")
class SyncPartnerUserInput:
    """A user of a partner."""

    email: str = strawberry.field(description="What the user is known by.")
    name: str = strawberry.field(description="For people.")
    role: PartnerUserRole = _kept(PartnerUserRole.MEMBER, "What the user may do.")
    is_active: bool = _kept(True, "A deactivated user's tokens end at once.")  # noqa: FBT003 - the default
    locale: Locale = _kept(Locale.EN, "The language of mails.")


@strawberry.input(description="A partner.")
class SyncPartnerInput:
    """A partner."""

    external_id: str = strawberry.field(description="The vendor's own id.")
    name: str = strawberry.field(description="For people.")
    channel_account_manager_email: str | None = strawberry.field(default=UNSET, description=MANAGER)
    partner_development_manager_email: str | None = strawberry.field(default=UNSET, description=MANAGER)
    users: list[SyncPartnerUserInput] | None = strawberry.field(
        default=UNSET, description="Added or updated by e-mail; never removed."
    )


@strawberry.input(description="Partners, at most 500.")
class SyncPartnersInput:
    """Partners."""

    partners: list[SyncPartnerInput] = strawberry.field(description="All or nothing.")


@strawberry.input(description="A person at a client, known by its e-mail address.")
class SyncClientContactInput:
    """A person at a client."""

    email: str = strawberry.field(description="What the contact is known by.")
    name: str = strawberry.field(description="For people.")
    roles: list[ContactRole] = strawberry.field(
        description="At most 1 primary, 3 billing, 1 decision maker a client."
    )
    locale: Locale = _kept(Locale.EN, "The language of mails.")


@strawberry.input(description="A client.")
class SyncClientInput:
    """A client."""

    external_id: str = strawberry.field(description="The vendor's own id.")
    partner_external_id: str = strawberry.field(description="Whose client it is; it stays so.")
    name: str = strawberry.field(description="For people.")
    domain: str | None = strawberry.field(default=UNSET, description="Its web domain.")
    contacts: list[SyncClientContactInput] | None = strawberry.field(
        default=UNSET, description="All its contacts: who is left out is removed."
    )


@strawberry.input(description="Clients, at most 500.")
class SyncClientsInput:
    """Clients."""

    clients: list[SyncClientInput] = strawberry.field(description="All or nothing.")


@strawberry.input(description="An amount of money.")
class MoneyInput:
    """An amount of money."""

    amount: str = strawberry.field(description="A decimal of at most four places.")
    currency: str = strawberry.field(description="ISO 4217, as in EUR.")


@strawberry.input(description="A renewal.")
class SyncRenewalInput:
    """A renewal."""

    external_id: str = strawberry.field(description="The vendor's own id.")
    client_external_id: str = strawberry.field(description="Whose renewal it is.")
    product_codes: list[str] = strawberry.field(description="What renews.")
    renews_on: date = strawberry.field(description=f"When: {DAYS}.")
    status: RenewalStatus = _kept(RenewalStatus.PENDING, "How far it has come.")
    current_mrr: MoneyInput | None = strawberry.field(default=UNSET, description="A month's revenue now.")
    renewal_mrr: MoneyInput | None = strawberry.field(
        default=UNSET, description="A month's revenue afterwards."
    )
    renewal_manager_email: str | None = strawberry.field(
        default=UNSET, description="One of the vendor's staff."
    )


@strawberry.input(description="Renewals, at most 500.")
class SyncRenewalsInput:
    """Renewals."""

    renewals: list[SyncRenewalInput] = strawberry.field(description="All or nothing.")


@strawberry.input(description="A deal.")
class SyncDealInput:
    """A deal."""

    external_id: str = strawberry.field(description="The vendor's own id.")
    name: str = strawberry.field(description="For people.")
    is_shared: bool = strawberry.field(description="Shared with its partner, or direct.")
    partner_external_id: str | None = strawberry.field(default=UNSET, description="The partner in the sale.")
    client_external_id: str | None = strawberry.field(default=UNSET, description="Who buys.")
    stage: str = strawberry.field(description="How far the sale has come, in the vendor's words.")
    amount: MoneyInput | None = strawberry.field(default=UNSET, description="What it is worth.")
    closes_on: date | None = strawberry.field(
        default=UNSET, description=f"When it is expected to close: {DAYS}."
    )


@strawberry.input(description="Deals, at most 500.")
class SyncDealsInput:
    """Deals."""

    deals: list[SyncDealInput] = strawberry.field(description="All or nothing.")
