"""Keys of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    from uuid import UUID


def new_key() -> UUID:
    """A fresh UUID of version 7: keys made later sort later, so indexes grow at one end."""
    return uuid7()
