"""The vendor's products, and the onboarding each offers. Data, not enums (C15)."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from graphql_api.models.base import Base, one_of
from graphql_api.models.keys import new_key
from graphql_api.models.node_id import NodeId, NodeKind


class ProductEdition(StrEnum):
    """How large an edition of a product is."""

    STARTER = "STARTER"
    PROFESSIONAL = "PROFESSIONAL"
    ENTERPRISE = "ENTERPRISE"


class OnboardingType(Base):
    """A way of introducing a product at a client. One that is withdrawn stays for the links that name it."""

    __tablename__ = "onboarding_types"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    is_offered: Mapped[bool] = mapped_column(default=True)


class Product(Base):
    """Something that the vendor sells, in one edition."""

    __tablename__ = "products"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_key)
    code: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    edition: Mapped[ProductEdition] = mapped_column(one_of(ProductEdition, "edition"))
    all_onboarding_types: Mapped[list[OnboardingType]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=OnboardingType.position
    )

    @property
    def node_id(self) -> NodeId:
        """Its global id."""
        return NodeId(NodeKind.PRODUCT, self.id)

    @property
    def requires_onboarding(self) -> bool:
        """Every Professional and Enterprise product does (B8)."""
        return self.edition is not ProductEdition.STARTER

    @property
    def onboarding_types(self) -> list[OnboardingType]:
        """Those that can be chosen today."""
        return [known for known in self.all_onboarding_types if known.is_offered]

    def onboarding_type(self, code: str | None) -> OnboardingType | None:
        """The type of that code, offered today or once."""
        return next((known for known in self.all_onboarding_types if known.code == code), None)
