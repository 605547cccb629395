"""The rules' no, in the contract's words."""

from graphql_api.models.refusal import RefusalCode as UserErrorCode
from graphql_api.schema.inputs.enums.describing import described

__all__ = [
    "UserErrorCode",
]

described(
    UserErrorCode,
    "UserErrorCode",
    "Which rule refused the input.",
    BLANK="It must not be blank.",
    TOO_LONG="It is longer than its limit.",
    INVALID="It cannot be meant.",
    NOT_FOUND="Malformed, not there, or not visible.",
    NOT_ALLOWED="Visible, but not the viewer's to change.",
    NOT_PENDING="It has been decided already.",
    CONFLICT="It was changed since it was read.",
    DUPLICATE_PRODUCT="One product is listed twice.",
    NO_PRODUCTS="At least one product is needed.",
    ONBOARDING_REQUIRED="The product needs an onboarding type.",
    ONBOARDING_TYPE_INVALID="The product does not offer this onboarding type.",
    DURATION_REQUIRED="Who provides the onboarding says how long it takes.",
    DURATION_NOT_ALLOWED="A duration goes only with an onboarding by the partner.",
    POINT_OF_CONTACT_REQUIRED="The owner PARTNER needs a point of contact.",
    POINT_OF_CONTACT_INVALID="Not an active user of the partner.",
    REASON_REQUIRED="A rejection needs a reason.",
    ALREADY_ATTACHED="The link is on a deal already.",
    NOT_ATTACHED="The link is not on this deal.",
    DEAL_MISMATCH="The deal is another partner's, or another client's.",
    LINK_REJECTED="The client rejected the link.",
    NO_CONFIRMATION_LINKS="The deal has no links to send.",
    IDEMPOTENCY_KEY_REUSED="The idempotency key came with other input before.",
    LIMIT_EXCEEDED="More than is taken at once.",
)
