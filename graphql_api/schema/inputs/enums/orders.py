"""What lists can be sorted by."""

from enum import StrEnum

from graphql_api.schema.inputs.enums.describing import described


class OrderDirection(StrEnum):
    """Which way a list is sorted."""

    ASC = "ASC"
    DESC = "DESC"


described(OrderDirection, ASC="Smallest first.", DESC="Largest first.")


class ClientOrderField(StrEnum):
    """What clients can be sorted by."""

    NAME = "NAME"
    CREATED_AT = "CREATED_AT"


described(
    ClientOrderField,
    NAME="Their names, case and accents aside.",
    CREATED_AT="When they came in.",
)


class RenewalOrderField(StrEnum):
    """What renewals can be sorted by."""

    RENEWS_ON = "RENEWS_ON"
    DECISION_DEADLINE = "DECISION_DEADLINE"
    MRR_CHANGE = "MRR_CHANGE"


described(
    RenewalOrderField,
    RENEWS_ON="When they renew.",
    DECISION_DEADLINE="When the client must have decided.",
    MRR_CHANGE="Renewal less current monthly revenue, numerically; unknown last.",
)


class ConfirmationLinkOrderField(StrEnum):
    """What links can be sorted by."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    NAME = "NAME"


described(
    ConfirmationLinkOrderField,
    CREATED_AT="When they were created.",
    UPDATED_AT="When they last changed.",
    NAME="Their names, case and accents aside.",
)


class SharedDealOrderField(StrEnum):
    """What shared deals can be sorted by."""

    NAME = "NAME"
    CLOSES_ON = "CLOSES_ON"
    CREATED_AT = "CREATED_AT"


described(
    SharedDealOrderField,
    NAME="Their names, case and accents aside.",
    CLOSES_ON="When they are expected to close; unknown last.",
    CREATED_AT="When they came in.",
)
