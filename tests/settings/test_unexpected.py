"""Whatever goes wrong in a command, an operator reads one line, and nobody a secret."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.settings.conftest import SECRET, Run

URL = "postgresql://user:hunter2@host/name"
COMMANDS = {
    "migrate": "graphql_api.migrations.migrate.upgrade",
    "worker": "graphql_api.jobs.process.work_until_told",
    "serve": "graphql_api.server.command.run",
    "import .": "graphql_api.importing.command.run_import",
    "token create --email a@b.example": "graphql_api.actions.accounts.create_token",
}
TOLD = [
    (TypeError("got an unexpected keyword"), "TypeError: got an unexpected keyword"),
    (ValueError(f"no such place: {URL}\nnor another"), "ValueError: no such place: postgresql://user:***@host/name"),
    (
        DBAPIError("SELECT $1", ("hunter2",), ValueError("broken\nDETAIL:  Key (key)=(hunter2)")),
        "ValueError: broken; is the database there, and migrated?",
    ),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("error", "says"), TOLD, ids=["plain", "with a URL", "the database's"])
def test_what_nobody_expected_is_told_in_a_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, error: Exception, says: str
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(COMMANDS[command], fail)
    monkeypatch.setattr("graphql_api.database.Database.write", fail)
    code, out, err = run(*command.split(), DATABASE_URL=URL)
    assert (code, out, err) == (1, "", f"partner-api: {says}\n")
    assert SECRET not in err
