"""The demo's folder: its database, its mails, its secret, and demo.json."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import orjson

from graphql_api.settings import SECRET_BYTES


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """Where one demo keeps everything, so that a second start goes on where it stopped."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> DemoFolder:
        """The folder, made where there is none.

        Raises:
            OSError: it cannot be made.

        """
        folder = cls(path.expanduser().absolute())
        folder.mails.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def database_url(self) -> str:
        """Its SQLite."""
        return f"sqlite:///{self.path / 'partner-api.db'}"

    @property
    def mails(self) -> Path:
        """Where the mails go."""
        return self.path / "mail"

    @property
    def json(self) -> Path:
        """What scripts read."""
        return self.path / "demo.json"

    def secret(self) -> str:
        """The secret that links' URLs derive from, made at the first start."""
        file = self.path / "secret"
        if not file.exists():
            _write(file, token_hex(SECRET_BYTES).encode())
        return file.read_text("utf-8")

    def known_tokens(self) -> dict[str, str]:
        """The tokens that demo.json holds from an earlier start; none where it is not there, or not whole."""
        try:
            tokens = orjson.loads(self.json.read_bytes())["tokens"]
        except (OSError, ValueError, LookupError, TypeError):
            return {}
        found = tokens.items() if isinstance(tokens, dict) else ()
        return {name: token for name, token in found if isinstance(token, str)}

    def tell(self, facts: dict[str, Any]) -> None:
        """Write demo.json anew, whole or not at all: it holds tokens, so only its owner may read it."""
        _write(self.json, orjson.dumps(facts, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _write(file: Path, content: bytes) -> None:
    partial = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(content)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
