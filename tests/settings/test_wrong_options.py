"""An option that cannot be meant is told in a line or two, without a traceback."""

from __future__ import annotations

import os

import pytest

from tests.settings.conftest import Run

BYTES = os.fsdecode(b"\xff")
"""What is no text, as Python hands it on from the command line."""


@pytest.mark.parametrize(
    ("command", "option", "value", "says"),
    [
        ("token create --email a@b.example", "--expires-in", "99999999", "less than or equal to 36500"),
        ("token create --email a@b.example", "--expires-in", "0", "greater than or equal to 1"),
        ("token create --email a@b.example", "--expires-in", "soon", "valid integer"),
        ("serve", "--workers", "99999999", "less than or equal to 1000"),
        ("serve", "--port", "-1", "greater than or equal to 0"),
    ],
)
def test_a_number_out_of_range_is_wrong_usage(
    run: Run, command: str, option: str, value: str, says: str
) -> None:
    code, out, err = run(*command.split(), option, value)
    assert (code, out) == (2, "")
    assert f"Invalid value for '{option}'" in err
    assert says in err


@pytest.mark.parametrize("host", ["", " ", BYTES, "a..b", "h" * 10_000], ids=ascii)
def test_a_host_that_there_cannot_be_is_told(run: Run, host: str) -> None:
    code, out, err = run("serve", "--port", "0", "--host", host)
    says = "partner-api: --host: is no address; 127.0.0.1 listens to this machine, 0.0.0.0 to all\n"
    assert (code, out, err) == (1, "", says)


@pytest.mark.parametrize("value", [f"Zo{BYTES}", "Zo\x07", "Zo\n", "\u202ezo"], ids=ascii)
@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("staff create --email a@b.example --role ADMIN", "--name"),
        ("staff create --name Zo --role ADMIN", "--email"),
        ("token create --email a@b.example", "--name"),
        ("token create", "--email"),
        ("token create --email a@b.example", "--partner"),
        ("integration create --scope READ", "--name"),
        ("integration create --scope READ --name Zo", "--partner"),
    ],
)
def test_characters_that_would_be_dropped_are_wrong_usage(
    run: Run, command: str, option: str, value: str
) -> None:
    code, out, err = run(*command.split(), option, value)
    assert (code, out) == (2, "")
    assert f"Invalid value for '{option}': {value!r} has a control character, or a byte that is not" in err


def test_an_import_of_nothing_is_wrong_usage(run: Run) -> None:
    code, out, err = run("import", "")
    assert (code, out) == (2, "")
    assert "Invalid value for 'DIR': is empty" in err
