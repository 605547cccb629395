"""Who is measured: this service in several ways, and its peers, each as its own community would write it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.operations import DOCUMENTS
from benchmarks.wire import HOST
from graphql_api.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PEERS = Path(__file__).parent / "peers"
SECRET = "a secret of the benchmarks, long enough"  # noqa: S105 - it guards made-up rows
OURS = [sys.executable, "-m", "graphql_api", "serve", "--port", "{port}"]

UNWALLED = [sys.executable, "-m", "benchmarks.unwalled", "serve", "--port", "{port}"]


@dataclass(frozen=True)
class Side:
    """One of those who are measured. `{port}` in its command is where it listens."""

    name: str
    says: str
    command: Sequence[str] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    """Of PARTNER_API_*, for the service itself."""
    project: Path | None = None
    """Of a Node side, its folder; the command follows from it."""
    on_sqlite: bool = False
    leaves_out: frozenset[str] = frozenset()
    """The operations that it has not got."""

    def document(self, name: str) -> str:
        """The document of that name: its own where it has one."""
        own = (self.project or PEERS) / "documents" / f"{name}.graphql"
        return (own if own.exists() else DOCUMENTS / own.name).read_text()

    def url(self, databases: Databases) -> str:
        """Its database."""
        return databases.sqlite if self.on_sqlite else databases.postgresql

    def environment(self, databases: Databases, port: int, mails: Path) -> dict[str, str]:
        """What it is told: peers where the database is, the service its own settings."""
        told = {
            "DATABASE_URL": self.url(databases),
            "HOST": HOST,
            "PORT": str(port),
            "NODE_ENV": "production",
        }
        own = {
            "DATABASE_URL": self.url(databases),
            "SECRET_KEY": SECRET,
            "MAIL_URL": f"folder://{mails}",
            "EMBEDDED_WORKER": "false",
            "LOG": "json",
            **self.settings,
        }
        passed = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return passed | told | {PREFIX + name: value for name, value in own.items()}

    def why_not(self) -> str | None:
        """Why it cannot be measured here, if so."""
        unknown = [name for name in self.settings if name.lower() not in Settings.model_fields]
        if unknown:
            return f"this version has no {PREFIX}{unknown[0]}"
        if self.project and not (self.project / "package.json").exists():
            return f"there is no {self.project.relative_to(ROOT)}"
        if self.project and not (shutil.which("node") and shutil.which("npm")):
            return "needs node and npm"
        return None


def _python_peer(name: str) -> list[str]:
    return [sys.executable, "-m", f"benchmarks.peers.{name}"]


SIDES = {
    side.name: side
    for side in (
        Side("ours", "this service on PostgreSQL", OURS),
        Side("ours-sqlite", "this service on SQLite", OURS, on_sqlite=True),
        Side("ours-unwalled", "this service without row-level security", UNWALLED),
        Side("ours-plain", "this service without compiling", OURS, {"COMPILED": "false"}),
        Side(
            "floor",
            "bare ASGI and asyncpg: one statement makes the JSON",
            _python_peer("floor"),
            leaves_out=frozenset({"create"}),
        ),
        Side("strawberry", "Strawberry as documented: ORM, aiodataloader", _python_peer("plain")),
        Side("mercurius", "Mercurius with JIT and its own loaders", project=PEERS / "mercurius"),
        Side("mercurius-sql", "Mercurius, dataloader, hand-written SQL", project=PEERS / "mercurius_sql"),
        Side("postgraphile", "PostGraphile 5", project=PEERS / "postgraphile"),
    )
}
