"""The vendor's products."""

import strawberry

from graphql_api.models import rows
from graphql_api.schema.fields import attribute, made_of
from graphql_api.schema.inputs.enums.links import ProductEdition
from graphql_api.schema.node import Node


@strawberry.type(description="A way of introducing a product at a client.")
class OnboardingType:
    """A way of introducing a product."""

    code: str = attribute("Unique within the product.")
    name: str = attribute("For people.")


@strawberry.type(description="Something that the vendor sells, in one edition.")
class Product(Node):
    """Something that the vendor sells."""

    code: str = attribute("What it is known by.")
    name: str = attribute("For people.")
    edition: ProductEdition = attribute("How large.")
    requires_onboarding: bool = attribute("True for every Professional and Enterprise product.")
    onboarding_types: list[OnboardingType] = attribute("Those that a link can choose today.")

    is_type_of = made_of(rows.Product)
