"""Whatever goes wrong in a command, an operator reads one line, and nobody a secret.

What should have gone on for ever says in its log where it ended.
"""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from sqlalchemy.exc import DBAPIError

from tests.settings.conftest import SECRET, Run

URL = "postgresql://user:hunter2@host/name"
SERVICES = {"worker", "serve"}
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
    *logged, line = err.splitlines()
    assert (code, out, line) == (1, "", f"partner-api: {says}")
    assert SECRET not in err
    assert "hunter2" not in err
    if command in SERVICES and not isinstance(error, DBAPIError):
        told = orjson.loads(logged.pop())
        assert (told["event"], told["level"]) == ("ended by a fault", "error")
        assert f"{type(error).__name__}: {str(error)[:13]}" in told["exception"]
        assert ", in fail" in told["exception"]
    assert logged == []
