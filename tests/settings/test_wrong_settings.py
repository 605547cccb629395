"""A wrong value stops the start with one line: the variable, what it got, what it takes."""

from __future__ import annotations

import os

import pytest

from graphql_api.settings import PREFIX
from tests.settings.conftest import Run

DAYS = "comma-separated days before the renewal, each once, from 1 to 3650, as in 90,60,50"
ORIGINS = "comma-separated origins, as in https://app.example.com,https://crm.example.com"
DATABASE = "sqlite:///FILE or postgresql://user:password@host/name"
MAIL = "folder://DIR, console:, smtp://user:password@host:port or smtps://…, percent-encoded"
FROM = "an address, as in Partner API <no-reply@example.com>"
WEB = "an http:// or https:// address"
REPLICA = "postgresql://user:password@host/name, a replica of the database"
NO_REPLICA = "nothing while PARTNER_API_DATABASE_URL is not postgresql://…"
KEPT = "whole days from 1 to 3650, or 0 for ever"
BYTE = os.fsdecode(b"\xff")
"""What is no text, as Python hands it on from the environment."""
HIDDEN = "hunter2"
"""A password that no line may show."""


def refused(run: Run, name: str, value: str, command: str = "check-config") -> str:
    """What is said after the variable's name, in the one line."""
    code, out, err = run(command, **{name: value})
    assert (code, out, err.count("\n")) == (1, "", 1)
    says = f"partner-api: {PREFIX}{name}: "
    assert err.startswith(says)
    return err.removeprefix(says).strip()


@pytest.mark.rule("C12")
@pytest.mark.parametrize("name", ["NOTICE_DAYS", "REMINDER_DAYS"])
@pytest.mark.parametrize(
    "value", ["", " ", "abc", "90,90", "0", "-5", "+5", "99999", "90,", ",", "9 0", "1.5", "²", "9" * 5_000]
)
def test_wrong_milestones_are_named(run: Run, name: str, value: str) -> None:
    assert refused(run, name, value) == f"got {value!r}; it takes {DAYS}"


@pytest.mark.rule("C12")
def test_a_day_is_a_notice_or_a_reminder_not_both(run: Run) -> None:
    assert (
        refused(run, "REMINDER_DAYS", "120,30")
        == f"got '120,30'; it takes other days than {PREFIX}NOTICE_DAYS"
    )


@pytest.mark.rule("C12")
def test_a_notice_on_the_day_of_a_default_reminder_is_refused_too(run: Run) -> None:
    code, _, err = run("check-config", NOTICE_DAYS="90")
    says = f"{PREFIX}REMINDER_DAYS: got the default 90,60,50; it takes other days than {PREFIX}NOTICE_DAYS"
    assert (code, err) == (1, f"partner-api: {says}\n")


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "check-config", "import"])
def test_every_command_stops(run: Run, command: str) -> None:
    given = [command, "nowhere"] if command == "import" else [command]
    code, out, err = run(*given, NOTICE_DAYS="soon")
    assert (code, out) == (1, "")
    assert err == f"partner-api: {PREFIX}NOTICE_DAYS: got 'soon'; it takes {DAYS}\n"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "", f"got something else; it takes {DATABASE}"),
        ("DATABASE_URL", "sqlite:///", f"got 'sqlite:///'; it takes {DATABASE}"),
        ("DATABASE_URL", "sqlite:///:memory:", f"got 'sqlite:///:memory:'; it takes {DATABASE}"),
        ("DATABASE_URL", "mysql://host/name", f"got 'mysql://host/name'; it takes {DATABASE}"),
        ("DATABASE_URL", "postgresql://host:many/name", f"got 'postgresql://host:many/name'; it takes {DATABASE}"),
        ("PUBLIC_URL", "partner.example", f"got something else; it takes {WEB}"),
        ("PUBLIC_URL", "ftp://partner.example", f"got 'ftp://partner.example'; it takes {WEB}"),
        ("PUBLIC_URL", "https://partner.example?x=1", f"got 'https://partner.example?x=1'; it takes {WEB}"),
        ("PUBLIC_URL", "http://[", f"got 'http://['; it takes {WEB}"),
        ("MAIL_URL", "folder://", f"got 'folder://'; it takes {MAIL}"),
        ("MAIL_URL", "smtp://", f"got 'smtp://'; it takes {MAIL}"),
        ("MAIL_URL", "smtp://host:99999", f"got 'smtp://host:99999'; it takes {MAIL}"),
        ("MAIL_URL", "mail", f"got something else; it takes {MAIL}"),
        ("MAIL_FROM", "nobody", f"got 'nobody'; it takes {FROM}"),
        ("MAIL_FROM", "a\rBcc: x@y.zz <a@b.cc>", f"got 'a\\rBcc:***@b.cc>'; it takes {FROM}"),
        ("MAIL_FROM", "a\x07 <a@b.cc>", f"got 'a\\x07 <a@b.cc>'; it takes {FROM}"),
        ("MAIL_FROM", f"{BYTE}@x.yz", f"got '\\udcff@x.yz'; it takes {FROM}"),
        ("PUBLIC_URL", "http://x y", f"got 'http://x y'; it takes {WEB}"),
        ("PUBLIC_URL", "http://x\ny", f"got 'http://x\\ny'; it takes {WEB}"),
        ("PUBLIC_URL", " http://x", f"got ' http://x'; it takes {WEB}"),
        ("PUBLIC_URL", f"http://x/{BYTE}", f"got 'http://x/\\udcff'; it takes {WEB}"),
        ("CORS_ORIGINS", "https://a b", f"got 'https://a b'; it takes {ORIGINS}"),
        ("CORS_ORIGINS", "https://a\x7f", f"got 'https://a\\x7f'; it takes {ORIGINS}"),
        ("CORS_ORIGINS", "*", f"got '*'; it takes {ORIGINS}"),
        ("CORS_ORIGINS", "https://", f"got 'https://'; it takes {ORIGINS}"),
        ("CORS_ORIGINS", "https://a.example/app", f"got 'https://a.example/app'; it takes {ORIGINS}"),
        ("CORS_ORIGINS", "https://a.example,b.example", f"got 'https://a.example,b.example'; it takes {ORIGINS}"),
        ("CORS_ORIGINS", "http://[", f"got 'http://['; it takes {ORIGINS}"),
        ("EMBEDDED_WORKER", "maybe", "got 'maybe'; it takes true or false"),
        ("DATABASE_READ_URL", "sqlite:///r.db", f"got 'sqlite:///r.db'; it takes {REPLICA}"),
        ("DATABASE_READ_URL", "postgresql://host/name", f"got 'postgresql://host/name'; it takes {NO_REPLICA}"),
        ("DATABASE_POOL", "1", "got '1'; it takes from 6 to 1000 connections"),
        ("STATEMENT_SECONDS", "0", "got '0'; it takes whole seconds from 1 to 3600"),
        ("SHUTDOWN_SECONDS", "soon", "got 'soon'; it takes whole seconds from 1 to 3600"),
        ("KEEP_EVENTS_DAYS", "-1", f"got '-1'; it takes {KEPT}"),
        ("KEEP_MAILS_DAYS", "9999", f"got '9999'; it takes {KEPT}"),
        ("KEEP_AUDIT_DAYS", "1.5", f"got '1.5'; it takes {KEPT}"),
        ("KEEP_KEYS_DAYS", "6", "got '6'; it takes whole days from 7 to 3650"),
        ("LOG", "xml", "got 'xml'; it takes console or json"),
        ("SECRET_KEY", "short", "got 5 bytes; it takes at least 32 bytes"),
        ("SECRET_KEY", "", "got 0 bytes; it takes at least 32 bytes"),
        ("SECRET_KEY", " " * 40, "got 0 bytes; it takes at least 32 bytes"),
        ("SECRET_KEY", f"\t{'s' * 31}\n", "got 31 bytes; it takes at least 32 bytes"),
    ],
)  # fmt: skip
def test_every_variable_says_what_it_takes(run: Run, name: str, value: str, says: str) -> None:
    assert refused(run, name, value) == says


@pytest.mark.parametrize("command", ["serve", "check-config"])
def test_a_service_without_a_secret_does_not_start(
    run: Run, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(f"{PREFIX}SECRET_KEY")
    says = f"partner-api: {PREFIX}SECRET_KEY: is not set; it takes at least 32 bytes\n"
    assert run(command) == (1, "", says)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", HIDDEN),
        ("DATABASE_URL", f"postgres://user:{HIDDEN}@host/name"),
        ("DATABASE_URL", f"postgresql://user:{HIDDEN}@host:many/name"),
        ("DATABASE_URL", f"user:{HIDDEN}@host/name"),
        ("DATABASE_URL", f"mysql://host/name?password={HIDDEN}"),
        ("MAIL_URL", f"smtp:user:{HIDDEN}@host"),
        ("MAIL_URL", f"smtp://user:a@{HIDDEN}/b#c@host:many"),
        ("MAIL_URL", f"smtp://user:a@{HIDDEN}/b#c@host"),
        ("MAIL_URL", HIDDEN),
        ("PUBLIC_URL", f"https://user:{HIDDEN}@partner.example"),
        ("CORS_ORIGINS", f"https://user:{HIDDEN}@a.example"),
    ],
)
def test_no_password_is_in_the_line(run: Run, name: str, value: str) -> None:
    assert HIDDEN not in refused(run, name, value)


@pytest.mark.parametrize("command", ["serve", "worker", "check-config"])
@pytest.mark.parametrize("name", ["TRUSTED_DOCUMENTS", "OIDC_ISSUER", "OIDC_AUDIENCE"])
def test_what_would_shut_something_and_is_not_built_stops_the_start(
    run: Run, command: str, name: str
) -> None:
    says = "is set, and this version does not have it; unset it to start without it"
    assert refused(run, name, "https://sign-in.example", command) == says


def test_what_is_set_to_nothing_or_is_not_ours_is_passed_over(run: Run) -> None:
    assert run("check-config", OIDC_ISSUER="", PORT_8000_TCP_ADDR="10.0.0.7")[0] == 0


def test_a_secret_of_bytes_that_are_no_text_is_taken(run: Run) -> None:
    assert run("check-config", SECRET_KEY=BYTE * 32)[0] == 0
    assert "got 31 bytes" in run("check-config", SECRET_KEY=BYTE * 31)[2]
