"""Global ids: what a client holds in place of a key."""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from asyncpg.pgproto import pgproto

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
_SPELLING = re.compile(f"[0-9A-Za-z_-]{{{_WIDTH}}}")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_NOT_URL_SAFE = str.maketrans("-_", "+/")
_TAGS = {kind: kind.value.encode() for kind in NodeKind}
_KINDS = {tag: kind for kind, tag in _TAGS.items()}


class NodeId(NamedTuple):
    """A type-tagged key. As text it is 24 URL-safe characters, opaque to clients."""

    kind: NodeKind
    key: UUID

    def __str__(self) -> str:
        """The id as clients see it."""
        return spelled(self.kind, [self.key])[0]

    @classmethod
    def parse(cls, text: str) -> NodeId | None:
        """The id that the text spells, or None for anything that we would not have written ourselves.

        Its key is of the driver's kind, as those of rows are: made eight times as quickly as the standard library's.
        """
        if not _SPELLING.fullmatch(text):
            return None
        raw = a2b_base64(text.translate(_NOT_URL_SAFE))
        kind = _KINDS.get(raw[:2])
        return cls(kind, pgproto.UUID(raw[2:])) if kind else None

    @classmethod
    def key_in(cls, text: str, kind: NodeKind) -> UUID:
        """The key of that kind that the text holds. For any other text a key that no row has: it names nothing."""
        found = cls.parse(text)
        return found.key if found and found.kind is kind else NOWHERE


def spelled(kind: NodeKind, keys: Iterable[UUID]) -> list[str]:
    """The ids as clients see them, all in one go: 18 bytes each, so none needs padding."""
    tag = _TAGS[kind]
    text = (
        b2a_base64(b"".join([tag + key.bytes for key in keys]), newline=False).translate(_URL_SAFE).decode()
    )
    return [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
