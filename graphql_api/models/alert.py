"""Alerts: what needs somebody's attention at a partner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphql_api.models.node_id import NodeId


class AlertCode(StrEnum):
    """What is wrong."""

    NO_RENEWAL_RECIPIENTS = "NO_RENEWAL_RECIPIENTS"
    POINT_OF_CONTACT_INACTIVE = "POINT_OF_CONTACT_INACTIVE"
    NO_ACCOUNT_MANAGER = "NO_ACCOUNT_MANAGER"
    EMAIL_UNDELIVERABLE = "EMAIL_UNDELIVERABLE"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look after, and what it is about."""

    code: AlertCode
    message: str
    subject_id: NodeId | None = None
