"""Names that are searched and sorted alike on every database."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from graphql_api.models.text import NAME_LIMIT

if TYPE_CHECKING:
    from sqlalchemy.sql.type_api import TypeEngine

FOLDED: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")


def folded(text: str) -> str:
    """The text without case or accents, for finding and sorting. SQLite's own lower() knows only ASCII."""
    plain = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "".join(plain)


class Named:
    """A row with a name."""

    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    name_key: Mapped[str] = mapped_column(FOLDED)

    @classmethod
    def new(cls, **values: Any) -> Self:
        """As any row is made; its name says how it is found."""
        row: Self = super().new(**values, name_key=folded(values["name"]))  # type: ignore[misc] # of Base
        return row

    @validates("name")
    def _keep_key(self, _attribute: str, name: str) -> str:
        self.name_key = folded(name)
        return name
