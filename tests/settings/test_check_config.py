"""check-config says what the environment comes to, and keeps its secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphql_api.settings import PREFIX, read_settings
from tests.settings.conftest import SECRET, Run

SHIPPED = """\
PARTNER_API_DATABASE_URL=sqlite:///partner-api.db
PARTNER_API_SECRET_KEY=(set)
PARTNER_API_PUBLIC_URL=http://127.0.0.1:8000
PARTNER_API_MAIL_URL=folder://mail
PARTNER_API_MAIL_FROM=Partner API <no-reply@localhost>
PARTNER_API_CORS_ORIGINS=
PARTNER_API_NOTICE_DAYS=120
PARTNER_API_REMINDER_DAYS=90,60,50
PARTNER_API_EMBEDDED_WORKER=true
PARTNER_API_COMPILED=true
PARTNER_API_DATABASE_READ_URL=
PARTNER_API_DATABASE_POOL=20
PARTNER_API_STATEMENT_SECONDS=30
PARTNER_API_SHUTDOWN_SECONDS=10
PARTNER_API_KEEP_EVENTS_DAYS=90
PARTNER_API_KEEP_MAILS_DAYS=90
PARTNER_API_KEEP_KEYS_DAYS=7
PARTNER_API_KEEP_AUDIT_DAYS=0
PARTNER_API_LOG=by terminal
"""


def shown(run: Run, **settings: str) -> dict[str, str]:
    code, out, err = run("check-config", **settings)
    assert (code, err) == (0, "")
    assert SECRET not in out
    return {
        name.removeprefix(PREFIX): value
        for name, _, value in (line.partition("=") for line in out.splitlines())
    }


@pytest.mark.rule("C12")
def test_what_is_shipped_is_what_operations_says(run: Run) -> None:
    assert run("check-config") == (0, SHIPPED, "")


@pytest.mark.rule("C12")
def test_what_is_set_is_shown_as_it_is_understood(run: Run) -> None:
    found = shown(
        run, NOTICE_DAYS=" 200, 150", REMINDER_DAYS="7", PUBLIC_URL="https://partner.example/", LOG="json",
        CORS_ORIGINS="https://a.example/, http://b.example:3000", EMBEDDED_WORKER="no",
    )  # fmt: skip
    assert (found["NOTICE_DAYS"], found["REMINDER_DAYS"]) == ("200,150", "7")
    assert found["PUBLIC_URL"] == "https://partner.example"
    assert found["CORS_ORIGINS"] == "https://a.example,http://b.example:3000"
    assert (found["EMBEDDED_WORKER"], found["LOG"]) == ("false", "json")


def test_the_worker_is_a_process_of_its_own_on_postgresql(run: Run) -> None:
    assert shown(run, DATABASE_URL="postgresql://host/name")["EMBEDDED_WORKER"] == "false"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "postgresql://user:hunter2@host/name", "postgresql://user:***@host/name"),
        ("DATABASE_URL", "postgresql://user:hun#t/er2@host/name", "postgresql://user:***@host/name"),
        ("DATABASE_URL", "postgresql://user:hun@ter2@host/name", "postgresql://user:***@host/name"),
        ("DATABASE_URL", "postgresql://user@host/n?password=hunter2&port=1", "postgresql://user@host/n?password=***&port=1"),
        ("DATABASE_URL", "postgresql://user@/name?host=/run/pg", "postgresql://user@/name?host=/run/pg"),
        ("DATABASE_URL", "sqlite:////data/a@b.db", "sqlite:////data/a@b.db"),
        ("MAIL_URL", "smtps://user:hunter2@host:465", "smtps://user:***@host:465"),
        ("MAIL_URL", "smtp://host", "smtp://host"),
    ],
)  # fmt: skip
def test_passwords_are_not_shown(run: Run, name: str, value: str, says: str) -> None:
    assert shown(run, **{name: value})[name] == says


def test_settings_that_are_printed_by_mistake_keep_their_secrets() -> None:
    settings = read_settings(
        database_url="postgresql://user:hunter2@host/name",
        mail_url="smtp://user:hunter2@host",
        secret_key="hunter2 " * 9,
    )
    assert "hunter2" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("NOTICE_DAY", "PARTNER_API_NOTICE_DAY (PARTNER_API_NOTICE_DAYS?)"),
        ("DATABASEURL", "PARTNER_API_DATABASEURL (PARTNER_API_DATABASE_URL?)"),
        ("XYZZY", "PARTNER_API_XYZZY"),
        ("PORT", "PARTNER_API_PORT"),
    ],
)
def test_a_variable_that_is_no_setting_is_told_in_one_line(run: Run, name: str, told: str) -> None:
    says = f"partner-api: passed over, as there are no such settings: {told}\n"
    assert run("check-config", **{name: "3"}) == (0, SHIPPED, says)


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_those_that_stay_tell_of_it_too(run: Run, command: str, tmp_path: Path) -> None:
    """Without tables a worker ends at once; a server does on a port that cannot be used."""
    options = ["serve", "--host", "256.0.0.1"] if command == "serve" else [command]
    code, _, err = run(*options, DATABASE_URL=f"sqlite:///{tmp_path}/none.db", A_B="1", KEEP_KEY_DAYS="8")
    says = "PARTNER_API_A_B, PARTNER_API_KEEP_KEY_DAYS (PARTNER_API_KEEP_KEYS_DAYS?)\n"
    assert (code, says in err) == (1, True)


def test_what_kubernetes_sets_for_a_service_of_this_name_is_not_told(run: Run) -> None:
    address = "tcp://10.0.0.7:8000"
    ours = {"SERVICE_HOST": "10.0.0.7", "SERVICE_PORT": "8000", "SERVICE_PORT_HTTP": "8000", "PORT": address}
    more = {"PORT_8000_TCP": address, "PORT_8000_TCP_ADDR": "10.0.0.7", "DB_SERVICE_HOST": "10.0.0.8"}
    assert run("check-config", **ours, **more) == (0, SHIPPED, "")
