"""What may stand behind a database's URL: libpq's words; nothing is left for the first connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphql_api.reading.address import MODES, PARAMETERS
from graphql_api.settings import PREFIX
from tests.settings.conftest import Run

WHERE = "postgresql://user:hunter2@host/name"
SHOWN = "postgresql://user:***@host/name"
AUTHORITY = Path(__file__).with_name("authority.pem")
ONLY = ", ".join(PARAMETERS)
PORTS = "as port a number from 1 to 65535, one for each host"
CERTIFICATES = "as sslrootcert a file of certificates, or system"
SECONDS = "as connect_timeout whole seconds from 1 to 999"
BOTH = pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_READ_URL"])


def settings(name: str, url: str) -> dict[str, str]:
    return {"DATABASE_URL": WHERE} | {name: url}


@BOTH
@pytest.mark.parametrize(
    ("given", "takes"),
    [
        ("options=-c%20x=1", f"no parameter options, only {ONLY}"),
        ("sslcert=client.pem", f"no parameter sslcert, only {ONLY}"),
        ("channel_binding=require", f"no parameter channel_binding, only {ONLY}"),
        ("command_timeout=5", f"no parameter command_timeout, only {ONLY}"),
        ("sslmode=yes", f"as sslmode {MODES}"),
        ("ssl=true", f"as ssl {MODES}"),
        ("sslmode=require&sslmode=disable", "sslmode once"),
        ("ssl=require&sslmode=disable", "sslmode or ssl, not both"),
        ("sslmode=verify-full&sslrootcert=/nowhere", CERTIFICATES),
        (f"sslmode=verify-full&sslrootcert={Path(__file__)}", CERTIFICATES),
        ("connect_timeout=soon", SECONDS),
        ("connect_timeout=0", SECONDS),
        ("port=abc", PORTS),
        ("port=0", PORTS),
        ("port=70000", PORTS),
        ("host=a,b,c&port=1,2", PORTS),
        ("host=a:1&host=b:x", PORTS),
    ],
)
def test_what_is_no_parameter_is_refused_at_the_start(run: Run, name: str, given: str, takes: str) -> None:
    code, out, err = run("check-config", **settings(name, f"{WHERE}?{given}"))
    said = f"partner-api: {PREFIX}{name}: got '{SHOWN}?{given}'; it takes {takes}\n"
    assert (code, out, err) == (1, "", said)


@BOTH
@pytest.mark.parametrize(
    "given",
    [
        "sslmode=require",
        "ssl=prefer",
        "sslmode=verify-full&sslrootcert=system",
        f"sslmode=verify-ca&sslrootcert={AUTHORITY}",
        "connect_timeout=10&application_name=billing",
        "host=a,b&port=1,2&target_session_attrs=read-write",
        "host=a:1&host=b:2",
    ],
)
def test_what_libpq_takes_is_taken(run: Run, name: str, given: str) -> None:
    code, out, err = run("check-config", **settings(name, f"{WHERE}?{given}"))
    assert (code, err) == (0, "")
    assert f"{PREFIX}{name}={SHOWN}?{given}\n" in out


def test_a_file_has_no_parameters(run: Run) -> None:
    code, _, err = run("check-config", DATABASE_URL="sqlite:///partner.db?sslmode=require")
    assert code == 1
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "command", ["migrate", "worker", "serve", "import .", "token create --email a@b.example"]
)
def test_every_command_says_so_in_a_line(run: Run, command: str) -> None:
    code, out, err = run(*command.split(), DATABASE_URL=f"{WHERE}?sslmode=yes")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "hunter2" not in err
