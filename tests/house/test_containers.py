"""What the Dockerfile and compose.yaml promise. No engine is needed: they are read, and done by hand."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import typer.main

from graphql_api.__main__ import cli
from graphql_api.settings import PREFIX, Settings, read_settings
from tests.faults.stage import Process, until
from tests.house import containers
from tests.house.containers import ROOT, SECRETS, composing, instructions, ours, runtime, services, words

PINNED = re.compile(r"[\w./-]+:[\w.-]*\d[\w.-]*")
RESERVED = 3
"""Connections that PostgreSQL keeps for administrators."""


def test_the_dockerfile_has_nothing_that_its_linter_knows() -> None:
    done = subprocess.run(
        [containers.tool("hadolint"), "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_each_image_is_pinned() -> None:
    bases = [rest.split()[0] for verb, rest in instructions() if verb == "FROM"]
    images = {*bases, *(service["image"] for service in services().values())}
    assert [image for image in images if not PINNED.fullmatch(image)] == []


def test_the_image_is_named_for_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"VERSION={version}" in runtime("ARG")
    assert {service["image"] for service in ours().values()} == {f"partner-api:{version}"}


def test_nothing_gets_into_the_image_but_what_it_copies() -> None:
    copied = {rest.split()[0] for verb, rest in instructions() if verb == "COPY" and "--from" not in rest}
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] not in {"", "#"}]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied
    assert all((ROOT / path).exists() for path in copied)
    assert any(fnmatch("graphql_api/__pycache__", rule) for rule in rules[1:])


def test_nobody_is_root() -> None:
    [user] = runtime("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    for service in ours().values():
        assert "user" not in service
        assert (service["read_only"], service["cap_drop"], service["init"]) == (True, ["ALL"], True)
        assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_missing_is_named(name: str) -> None:
    done = composing({given: value for given, value in SECRETS.items() if given != name})
    assert done.returncode != 0
    assert name in done.stderr
    assert "set it in .env" in done.stderr


def test_the_example_names_every_secret() -> None:
    example = (ROOT / "deploy" / "example.env").read_text("utf-8")
    assert set(re.findall(r"^(\w+)=$", example, re.MULTILINE)) == set(SECRETS)


def test_every_variable_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for service in ours().values():
        given = {name: value for name, value in service["environment"].items() if name.startswith(PREFIX)}
        assert given.keys() <= known
        with monkeypatch.context() as patch:
            for name, value in given.items():
                patch.setenv(name, value)
            assert read_settings().secret


def test_every_command_is_one_of_ours() -> None:
    commands = typer.main.get_command(cli).commands  # type: ignore[attr-defined]
    for service in ours().values():
        name, *options = service["command"] or words("CMD")
        commands[name].make_context(name, options)


def test_who_is_stopped_has_more_time_than_it_takes() -> None:
    for service in ours().values():
        takes = int(service["environment"][PREFIX + "SHUTDOWN_SECONDS"])
        assert int(service["stop_grace_period"].removesuffix("s")) > takes


def test_there_are_connections_for_everybody() -> None:
    [given] = [part for part in services()["database"]["command"] if part.startswith("-cmax_connections=")]
    processes = [service for name, service in ours().items() if name != "migrate"]
    pools = [int(service["environment"][PREFIX + "DATABASE_POOL"]) + 2 for service in processes]
    assert len(pools) == 3
    assert sum(pools) + 1 + RESERVED <= int(given.rpartition("=")[2])


def test_nobody_comes_before_the_tables() -> None:
    for name, service in ours().items():
        waits = {after: how["condition"] for after, how in service["depends_on"].items()}
        first = {"database": "service_healthy"} if name == "migrate" else None
        assert waits == (first or {"migrate": "service_completed_successfully"})


def test_only_the_proxy_and_the_catchers_page_are_reached_and_from_this_machine() -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert set(published) == {"proxy", "mail"}
    assert {port["host_ip"] for ports in published.values() for port in ports} == {"127.0.0.1"}


def test_every_file_that_is_mounted_is_there() -> None:
    mounts = [mount for service in services().values() for mount in service.get("volumes", ())]
    files = [mount for mount in mounts if mount["type"] == "bind"]
    assert len(files) == 2
    assert all(Path(mount["source"]).is_file() and mount["read_only"] for mount in files)


async def test_the_image_serves_and_knows_whether_it_is_healthy(tmp_path: Path) -> None:
    """Laid out as the Dockerfile does, with this Python in place of the image's."""
    shutil.copytree(ROOT / "graphql_api", tmp_path / "app" / "graphql_api")
    before = everything(tmp_path / "app")
    (data := tmp_path / "data").mkdir()
    ours = containers.variables() | {"PYTHONPATH": str(tmp_path / "app"), "PATH": os.environ["PATH"]}
    environment = ours | {PREFIX + "SECRET_KEY": SECRETS["SECRET_KEY"]}
    port = free_port()
    assert_runs([*words("ENTRYPOINT"), "migrate"], data, environment)
    serving = InImage(data, environment, *words("ENTRYPOINT"), *words("CMD"), "--port", str(port))
    try:
        assert is_healthy(port) is False

        async def is_ready() -> bool:
            assert serving.is_running, serving.log.read_text("utf-8")
            return is_healthy(port)

        await until(is_ready)
        assert await serving.stop() == 0
    finally:
        serving.kill()
    assert is_healthy(port) is False
    assert everything(tmp_path / "app") == before
    assert sorted(path.name for path in data.iterdir() if path.suffix == ".db") == ["partner-api.db"]


class InImage(Process):
    """A process as the image starts it: in /data, which is all that it writes to."""

    def _started(self) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as log:
            return subprocess.Popen(
                by_this_python(self.command),
                cwd=self.log.parent,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def __init__(self, data: Path, environment: dict[str, str], *command: str) -> None:
        super().__init__(data / "log", environment, *command)


def by_this_python(command: list[str] | tuple[str, ...]) -> list[str]:
    assert command[0] == "python"
    return [sys.executable, *command[1:]]


def assert_runs(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(by_this_python(command), cwd=folder, env=environment, check=True)


def is_healthy(port: int) -> bool:
    """What the image's health check says of the process at this port."""
    command = [word.replace(":8000/", f":{port}/") for word in words("HEALTHCHECK")]
    done = subprocess.run(by_this_python(command), capture_output=True, check=False)
    assert done.returncode in {0, 1}
    return done.returncode == 0


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port
