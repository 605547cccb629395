"""All the rows under one name, for who sees both worlds: `rows.Client` is the row, `Client` the GraphQL type."""

from __future__ import annotations

from graphql_api.models.actor import Actor, Integration, PartnerUser, StaffMember
from graphql_api.models.api_token import ApiToken
from graphql_api.models.attachment_request import AttachmentRequest
from graphql_api.models.audit_entry import AuditEntry
from graphql_api.models.base import Base
from graphql_api.models.checkout import Checkout, CheckoutLink
from graphql_api.models.client import Client, ClientContact, HeldRole
from graphql_api.models.confirmation_link import ConfirmationLink, LinkProduct
from graphql_api.models.deal import Deal, DealActivity
from graphql_api.models.decision import Decision
from graphql_api.models.idempotency_key import IdempotencyKey
from graphql_api.models.notification import Notification
from graphql_api.models.outbox_mail import OutboxMail
from graphql_api.models.partner import Assignment, Partner
from graphql_api.models.product import OnboardingType, Product
from graphql_api.models.renewal import Renewal, RenewalProduct
from graphql_api.models.renewal_notice import RenewalNotice
from graphql_api.models.renewal_ownership import RenewalOwnership
from graphql_api.models.stream import PartnerEvent, Stream

__all__ = [
    "Actor",
    "ApiToken",
    "Assignment",
    "AttachmentRequest",
    "AuditEntry",
    "Base",
    "Checkout",
    "CheckoutLink",
    "Client",
    "ClientContact",
    "ConfirmationLink",
    "Deal",
    "DealActivity",
    "Decision",
    "HeldRole",
    "IdempotencyKey",
    "Integration",
    "LinkProduct",
    "Notification",
    "OnboardingType",
    "OutboxMail",
    "Partner",
    "PartnerEvent",
    "PartnerUser",
    "Product",
    "Renewal",
    "RenewalNotice",
    "RenewalOwnership",
    "RenewalProduct",
    "StaffMember",
    "Stream",
]
