"""Who owns the conversation about a client's renewal at a moment, and why (A2-A11, C6-C9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key


class RenewalOwner(StrEnum):
    """Who talks to the client about its renewal (A2)."""

    HUBSPOT = "HUBSPOT"
    PARTNER = "PARTNER"


class RenewalOwnershipSource(StrEnum):
    """Where an effective owner comes from."""

    PROGRAM_DEFAULT = "PROGRAM_DEFAULT"
    PARTNER_DEFAULT = "PARTNER_DEFAULT"
    CLIENT_OVERRIDE = "CLIENT_OVERRIDE"


class RenewalOwnership(Base):
    """One setting of a renewal owner, kept for ever: the newest holds.

    Without a client it is the partner's default, without an owner it clears a client's override (C7). Versions count
    all settings of the partner, so that a client's never repeat (D4).
    """

    __tablename__ = "renewal_ownerships"
    __table_args__ = (
        CheckConstraint(
            "owner IS NULL OR owner <> 'PARTNER' OR point_of_contact_id IS NOT NULL",
            name="partner_has_contact",
        ),
        CheckConstraint("owner IS NOT NULL OR client_id IS NOT NULL", name="only_overrides_are_cleared"),
        UniqueConstraint("partner_id", "version"),
        Index("ix_renewal_ownerships_client", "client_id", "version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    owner: Mapped[RenewalOwner | None] = mapped_column(one_of(RenewalOwner, "owner"))
    point_of_contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("actors.id"))
    version: Mapped[int]
    set_at: Mapped[datetime]
    set_by_id: Mapped[UUID] = mapped_column(ForeignKey("actors.id"))


@dataclass(frozen=True, slots=True)
class Ownership:
    """An effective owner, with the contact it names and where it comes from."""

    owner: RenewalOwner
    point_of_contact_id: UUID | None
    source: RenewalOwnershipSource
    version: int = 0
    updated_at: datetime | None = None
    updated_by_id: UUID | None = None
    own_contact_id: UUID | None = None
    """The contact that the override itself names."""
    fallback_id: UUID | None = None
    """The default's point of contact, for when an override's own is no longer active (C9)."""


def owner_at(
    moment: datetime, defaults: Sequence[RenewalOwnership], overrides: Sequence[RenewalOwnership]
) -> Ownership:
    """Who owned a client's renewals at a past moment (D9), by all that its partner and itself were ever set to."""
    then = (
        max((one for one in settings if one.set_at <= moment), key=lambda one: one.version, default=None)
        for settings in (defaults, overrides)
    )
    return owner_of(*then)


def owner_of(default: RenewalOwnership | None, override: RenewalOwnership | None = None) -> Ownership:
    """Who owns a client's renewals under the partner's newest default and the client's newest override (C6-C8).

    Its version and time are those of the last setting that had a say in it.
    """
    default_contact = default.point_of_contact_id if default else None
    if override is None or override.owner is None:
        return _defaulted(default, override, default_contact)
    inherits = override.owner is RenewalOwner.HUBSPOT and override.point_of_contact_id is None
    decisive = _last(override, default if inherits else None)
    contact = default_contact if inherits else override.point_of_contact_id
    source = RenewalOwnershipSource.CLIENT_OVERRIDE
    effective = _effective(override.owner, contact, source, decisive, default_contact)
    return replace(effective, own_contact_id=override.point_of_contact_id)


def _defaulted(
    default: RenewalOwnership | None, cleared: RenewalOwnership | None, contact: UUID | None
) -> Ownership:
    owner, source = RenewalOwner.HUBSPOT, RenewalOwnershipSource.PROGRAM_DEFAULT
    if default is not None and default.owner is not None:
        owner, source = default.owner, RenewalOwnershipSource.PARTNER_DEFAULT
    return _effective(owner, contact, source, _last(default, cleared), contact)


def _effective(
    owner: RenewalOwner,
    contact: UUID | None,
    source: RenewalOwnershipSource,
    decisive: RenewalOwnership | None,
    fallback: UUID | None,
) -> Ownership:
    found = Ownership(owner, contact, source, fallback_id=fallback)
    if decisive is None:
        return found
    return replace(
        found, version=decisive.version, updated_at=decisive.set_at, updated_by_id=decisive.set_by_id
    )


def _last(*settings: RenewalOwnership | None) -> RenewalOwnership | None:
    return max((one for one in settings if one), key=lambda one: one.version, default=None)
