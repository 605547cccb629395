"""What links state, and how far they have come, in the contract's words."""

from graphql_api.models.confirmation_link import LinkStage as ConfirmationLinkStage
from graphql_api.models.confirmation_link import LinkStatus as ConfirmationLinkStatus
from graphql_api.models.product import ProductEdition
from graphql_api.models.terms import OnboardingDuration
from graphql_api.schema.inputs.enums.describing import described

__all__ = [
    "ConfirmationLinkStage",
    "ConfirmationLinkStatus",
    "OnboardingDuration",
    "ProductEdition",
]

described(
    ProductEdition,
    "ProductEdition",
    "How large an edition of a product is.",
    STARTER="May go without onboarding.",
    PROFESSIONAL="Requires an onboarding type.",
    ENTERPRISE="Requires an onboarding type.",
)
described(
    OnboardingDuration,
    "OnboardingDuration",
    "How long an onboarding is estimated to take.",
    UNDER_ONE_MONTH="Less than one month.",
    ONE_TO_TWO_MONTHS="One to two months.",
    TWO_TO_THREE_MONTHS="Two to three months.",
    THREE_TO_SIX_MONTHS="Three to six months.",
    OVER_SIX_MONTHS="More than six months.",
)
described(
    ConfirmationLinkStatus,
    "ConfirmationLinkStatus",
    "What the client has said.",
    PENDING="No client has answered yet.",
    CONFIRMED="The client confirmed it; final.",
    REJECTED="The client rejected it, with a reason; final.",
)
described(
    ConfirmationLinkStage,
    "ConfirmationLinkStage",
    "How far a pending link has come.",
    UNASSIGNED="It has no client yet.",
    ASSIGNED="It has a client, and was not sent.",
    SENT="It was sent at a checkout.",
    VIEWED="Somebody opened the client's page.",
    DECIDED="The client has answered.",
)
