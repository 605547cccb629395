"""Links' tokens: derived from the link's key, so that a URL can be shown again and nothing secret is stored."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

TOKEN_LENGTH = 43
_KEY_BYTES = 16


class LinkTokens:
    """Makes and reads the tokens in links' URLs. Whoever holds one may answer for the client (C20)."""

    def __init__(self, secret: bytes, public_url: str) -> None:
        """`secret` is the service's own; `public_url` is how clients reach it."""
        self._secret = hmac.digest(secret, b"partner-api link token", "sha256")
        self._public_url = public_url.rstrip("/")

    def token_of(self, link_id: UUID) -> str:
        """43 URL-safe characters: the key and 128 bits that only we can make."""
        return urlsafe_b64encode(link_id.bytes + self._proof(link_id.bytes)).decode().rstrip("=")

    def url_of(self, link_id: UUID) -> str:
        """What 'copy' copies (B23)."""
        return f"{self._public_url}/c/{self.token_of(link_id)}"

    def link_id(self, token: str) -> UUID | None:
        """The key of the link, or None for a token that we did not make."""
        if len(token) != TOKEN_LENGTH or not token.isascii():
            return None
        try:
            key = UUID(bytes=urlsafe_b64decode(token + "=")[:_KEY_BYTES])
        except ValueError:
            return None
        return key if hmac.compare_digest(self.token_of(key), token) else None

    def _proof(self, key: bytes) -> bytes:
        return hmac.digest(self._secret, key, "sha256")[:16]
