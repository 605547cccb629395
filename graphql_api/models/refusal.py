"""Refusals: a rule's "no", as data. Each is named for the rule that it keeps."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class RefusalCode(StrEnum):
    """The codes of schema.graphql's UserErrorCode."""

    BLANK = "BLANK"
    TOO_LONG = "TOO_LONG"
    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    NOT_ALLOWED = "NOT_ALLOWED"
    NOT_PENDING = "NOT_PENDING"
    CONFLICT = "CONFLICT"
    DUPLICATE_PRODUCT = "DUPLICATE_PRODUCT"
    NO_PRODUCTS = "NO_PRODUCTS"
    ONBOARDING_REQUIRED = "ONBOARDING_REQUIRED"
    ONBOARDING_TYPE_INVALID = "ONBOARDING_TYPE_INVALID"
    DURATION_REQUIRED = "DURATION_REQUIRED"
    DURATION_NOT_ALLOWED = "DURATION_NOT_ALLOWED"
    POINT_OF_CONTACT_REQUIRED = "POINT_OF_CONTACT_REQUIRED"
    POINT_OF_CONTACT_INVALID = "POINT_OF_CONTACT_INVALID"
    REASON_REQUIRED = "REASON_REQUIRED"
    ALREADY_ATTACHED = "ALREADY_ATTACHED"
    NOT_ATTACHED = "NOT_ATTACHED"
    DEAL_MISMATCH = "DEAL_MISMATCH"
    LINK_REJECTED = "LINK_REJECTED"
    NO_CONFIRMATION_LINKS = "NO_CONFIRMATION_LINKS"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """One rule says no. `field` is the path below the mutation's input; list indexes are text."""

    code: ClassVar[RefusalCode]
    says: ClassVar[str] = ""

    def __init__(self, *field: str, message: str | None = None) -> None:
        """Refuse the value at `field`, in the class's own words unless others are given."""
        self.message = message or self.says
        self.field = field
        super().__init__(self.message)

    def below(self, *path: str) -> Refusal:
        """The same refusal, its field seen from further out."""
        return type(self)(*path, *self.field, message=self.message)


class Refused(ExceptionGroup[Refusal]):
    """Several rules say no to one input."""


def refuse(refusals: list[Refusal]) -> None:
    """Raise them together, if there are any.

    Raises:
        Refused: with every refusal, in the order given.

    """
    if refusals:
        raise Refused("refused", refusals)


class Blank(Refusal):
    """Text that must say something says nothing."""

    code, says = RefusalCode.BLANK, "must not be blank"


class TooLong(Refusal):
    """Text over its limit."""

    code, says = RefusalCode.TOO_LONG, "is too long"


class Invalid(Refusal):
    """A value that cannot be meant."""

    code, says = RefusalCode.INVALID, "is not valid"


class NotFound(Refusal):
    """It does not exist, or the asker may not see it: the same words for both (D12)."""

    code, says = RefusalCode.NOT_FOUND, "not found"


class NotAllowed(Refusal):
    """Visible, but not the asker's to change."""

    code, says = RefusalCode.NOT_ALLOWED, "you may not do this"


class NotPending(Refusal):
    """Only pending links change (B34, B36, B37)."""

    code, says = RefusalCode.NOT_PENDING, "the link has been decided already"


class Conflict(Refusal):
    """It was edited since the asker read it (C18, D4)."""

    code, says = RefusalCode.CONFLICT, "it has been changed since you read it"


class DuplicateProduct(Refusal):
    """One product listed twice."""

    code, says = RefusalCode.DUPLICATE_PRODUCT, "the product is listed twice"


class NoProducts(Refusal):
    """A link has at least one product (B7)."""

    code, says = RefusalCode.NO_PRODUCTS, "at least one product is needed"


class OnboardingRequired(Refusal):
    """Professional and Enterprise products need an onboarding type (B8)."""

    code, says = RefusalCode.ONBOARDING_REQUIRED, "this product needs an onboarding type"


class OnboardingTypeInvalid(Refusal):
    """The product does not offer this onboarding type (B7)."""

    code, says = RefusalCode.ONBOARDING_TYPE_INVALID, "the product does not offer this onboarding type"


class DurationRequired(Refusal):
    """Who provides the onboarding says how long it takes (C14)."""

    code, says = RefusalCode.DURATION_REQUIRED, "say how long the onboarding takes"


class DurationNotAllowed(Refusal):
    """A duration without an onboarding (C14)."""

    code, says = RefusalCode.DURATION_NOT_ALLOWED, "only when the partner provides the onboarding"


class PointOfContactRequired(Refusal):
    """Who owns renewals names whom to notify (C9)."""

    code, says = RefusalCode.POINT_OF_CONTACT_REQUIRED, "the owner PARTNER needs a point of contact"


class PointOfContactInvalid(Refusal):
    """A point of contact is an active user of the partner (C9)."""

    code, says = RefusalCode.POINT_OF_CONTACT_INVALID, "is not an active user of the partner"


class ReasonRequired(Refusal):
    """A rejection has a reason (B37)."""

    code, says = RefusalCode.REASON_REQUIRED, "say why"


class AlreadyAttached(Refusal):
    """A link is on at most one deal (C19)."""

    code, says = RefusalCode.ALREADY_ATTACHED, "the link is on a deal already"


class NotAttached(Refusal):
    """The link is not on this deal."""

    code, says = RefusalCode.NOT_ATTACHED, "the link is not on this deal"


class DealMismatch(Refusal):
    """The deal is another partner's, or another client's (C2, C19)."""

    code, says = RefusalCode.DEAL_MISMATCH, "the link does not fit this deal"


class LinkRejected(Refusal):
    """A rejected link goes on no deal (C19)."""

    code, says = RefusalCode.LINK_REJECTED, "the client rejected this link"


class NoConfirmationLinks(Refusal):
    """Nothing to send at this checkout (C23)."""

    code, says = RefusalCode.NO_CONFIRMATION_LINKS, "the deal has no confirmation links"


class IdempotencyKeyReused(Refusal):
    """One key, two different inputs (D3)."""

    code, says = RefusalCode.IDEMPOTENCY_KEY_REUSED, "this idempotency key came with other input before"


class LimitExceeded(Refusal):
    """More than one call takes."""

    code, says = RefusalCode.LIMIT_EXCEEDED, "too many at once"
