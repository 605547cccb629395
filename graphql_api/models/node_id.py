"""Global ids: what a client holds in place of a key."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import b2a_base64
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable

NOWHERE = UUID(int=0)


class NodeKind(StrEnum):
    """The types that have a global id; the value is the two-letter tag inside it. Never change one."""

    PARTNER = "pa"
    PARTNER_USER = "us"
    STAFF_MEMBER = "st"
    INTEGRATION = "ig"
    CLIENT = "cl"
    CLIENT_CONTACT = "cc"
    PRODUCT = "pr"
    CONFIRMATION_LINK = "li"
    DEAL = "de"
    DEAL_ACTIVITY = "da"
    ATTACHMENT_REQUEST = "ar"
    CHECKOUT = "ck"
    NOTIFICATION = "no"
    AUDIT_ENTRY = "au"
    API_TOKEN = "to"  # noqa: S105 - a tag
    RENEWAL = "re"
    RENEWAL_NOTICE = "rn"


_WIDTH = 24
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class NodeId(NamedTuple):
    """A type-tagged key. As text it is 24 URL-safe characters, opaque to clients."""

    kind: NodeKind
    key: UUID

    def __str__(self) -> str:
        """The id as clients see it."""
        return urlsafe_b64encode(self.kind.value.encode() + self.key.bytes).decode()

    @classmethod
    def parse(cls, text: str) -> NodeId | None:
        """The id that the text spells, or None for anything that we would not have written ourselves."""
        if len(text) != _WIDTH or not text.isascii():
            return None
        try:
            raw = urlsafe_b64decode(text)
            found = cls(NodeKind(raw[:2].decode()), UUID(bytes=raw[2:]))
        except ValueError:
            return None
        return found if str(found) == text else None

    @classmethod
    def key_in(cls, text: str, kind: NodeKind) -> UUID:
        """The key of that kind that the text holds. For any other text a key that no row has: it names nothing."""
        found = cls.parse(text)
        return found.key if found and found.kind is kind else NOWHERE


def spelled(kind: NodeKind, keys: Iterable[UUID]) -> list[str]:
    """The ids as clients see them, all in one go: 18 bytes each, so none needs padding."""
    tag = kind.value.encode()
    text = (
        b2a_base64(b"".join([tag + key.bytes for key in keys]), newline=False).translate(_URL_SAFE).decode()
    )
    return [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
