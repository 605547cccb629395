from __future__ import annotations

import shutil
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from graphql_api.__main__ import main
from graphql_api.access.door import Door
from graphql_api.database import Database
from graphql_api.demo.cast import MACHINES, PEOPLE
from graphql_api.demo.tokens import tokens_for
from graphql_api.models import rows
from graphql_api.models.by import By
from tests.demo.conftest import FirstStart
from tests.demo.process import Demo, surfaces_of
from tests.setting import set_rows

SEEDING = "Making the demo's data"
IN_BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""How a script's `&` starts a command."""
LINKS = "{ viewer { partner { confirmationLinks(first: 1) { totalCount } } } }"


def count(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "partner-api.db")) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def test_demo_json_names_everything_that_scripts_need(first_start: FirstStart) -> None:
    facts, url = first_start.facts, first_start.facts["graphql"].removesuffix("/graphql")
    assert list(facts) == ["graphql", "websocket", "graphiql", "mail_folder", "database", "tokens"]
    assert facts["websocket"] == f"ws://{url.removeprefix('http://')}/graphql"
    assert facts["graphiql"] == f"{url}/graphiql"
    assert facts["mail_folder"] == str(first_start.folder / "mail")
    assert facts["database"] == f"sqlite:///{first_start.folder / 'partner-api.db'}"
    assert set(facts["tokens"]) == {*PEOPLE, *MACHINES}


def test_only_its_owner_reads_the_secrets(first_start: FirstStart) -> None:
    for name in ("secret", "demo.json"):
        assert (first_start.folder / name).stat().st_mode & 0o777 == 0o600


def test_a_newcomer_is_told_what_to_open(first_start: FirstStart) -> None:
    url = first_start.facts["graphql"].removesuffix("/graphql")
    for told in (f"{url}/graphiql", f"{url}/c/", first_start.facts["tokens"]["partner_admin"]):
        assert told in first_start.said
    assert first_start.facts["mail_folder"] in first_start.said


def test_the_mail_folder_starts_empty(first_start: FirstStart) -> None:
    assert list(Path(first_start.facts["mail_folder"]).iterdir()) == []
    assert count(first_start.folder, "outbox_mails WHERE status <> 'SENT'") == 0


def test_ctrl_c_stops_it_without_a_word(first_start: FirstStart) -> None:
    assert (first_start.exit_code, first_start.complained) == (0, "")


async def test_a_second_start_goes_on_with_the_same_data_and_tokens(
    first_start: FirstStart, tmp_path: Path, start: Callable[..., Demo]
) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(first_start.folder, folder)
    demo = start(folder)
    facts = demo.wait_until_ready()
    assert facts["tokens"] == first_start.facts["tokens"]
    assert SEEDING not in demo.said()
    async with surfaces_of(facts) as surfaces:
        answer = await surfaces.ask(LINKS, "partner_admin")
    assert answer["viewer"]["partner"]["confirmationLinks"]["totalCount"] == 40
    assert (demo.stop(signal.SIGTERM), demo.complained()) == (0, "")
    assert count(folder, "partners") == 2


async def test_a_token_that_works_no_longer_is_made_anew(first_start: FirstStart, tmp_path: Path) -> None:
    shutil.copyfile(first_start.folder / "partner-api.db", tmp_path / "copy.db")
    old = first_start.facts["tokens"]
    database = Database(f"sqlite:///{tmp_path / 'copy.db'}")
    door = Door(database, database.clock)
    before = await door.viewer(old["checkout"])
    await set_rows(database, rows.ApiToken, rows.ApiToken.id == before.token.id, revoked_at=database.clock())
    async with database.write(By(None, "Test")) as writing:
        tokens = await tokens_for(writing, door, old)
    after = await door.viewer(tokens["checkout"])
    await database.close()
    assert after.actor.id == before.actor.id
    assert [name for name in tokens if tokens[name] != old[name]] == ["checkout"]


def test_a_start_that_is_stopped_or_killed_midway_leaves_nothing_half_made(
    tmp_path: Path, start: Callable[..., Demo]
) -> None:
    folder = tmp_path / "demo"
    stopped = start(folder, before=IN_BACKGROUND)
    stopped.wait_until_it_says(SEEDING)
    assert (stopped.stop(signal.SIGTERM), stopped.complained()) == (0, "")
    killed = start(folder)
    killed.wait_until_it_says(SEEDING)
    time.sleep(0.5)
    killed.stop(signal.SIGKILL)
    assert count(folder, "actors") == 0
    start(folder).wait_until_ready()
    assert count(folder, "confirmation_links") == 80


def test_a_port_in_use_is_one_line_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = ["partner-api", "demo", "--port", str(port), "--data", str(tmp_path / "demo")]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 1
    says = f"--port: 127.0.0.1:{port} cannot be used: Address already in use; --port 0 takes a free one"
    assert capsys.readouterr() == ("", f"partner-api: {says}\n")
    assert list(tmp_path.iterdir()) == []
