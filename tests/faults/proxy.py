"""The proxy of compose.yaml, with its own file, in front of the processes of a test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2

from tests.faults.stage import ROOT, until

PROXY = shutil.which("caddy")


def free_address() -> str:
    """Where nobody listens yet."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return f"127.0.0.1:{bound.getsockname()[1]}"


class Proxy:
    """One process of it. It logs whom it was asked by, and for what."""

    def __init__(self, process: subprocess.Popen[bytes], address: str, log: Path) -> None:
        self.process, self.address, self.log = process, address, log

    async def ready(self) -> None:
        """Wait until it lets requests through."""

        async def passes() -> bool:
            assert self.process.poll() is None, self.log.read_text("utf-8")
            with suppress(httpx2.TransportError):
                async with httpx2.AsyncClient() as client:
                    return (await client.get(f"http://{self.address}/readyz")).status_code == 200
            return False

        await until(passes)


@contextmanager
def proxy_to(addresses: Sequence[str], at: str, folder: Path) -> Iterator[Proxy]:
    """It listens `at` an address of this machine, for as long as the caller needs it."""
    assert PROXY
    file = ROOT / "deploy" / "Caddyfile"
    command = [PROXY, "run", "--adapter", "caddyfile", "--config", str(file)]
    given = {"SITE": f"http://{at}", "UPSTREAMS": " ".join(addresses), "HOME": str(folder)}
    log = folder / "proxy.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=os.environ | given, stdout=out, stderr=out)
    try:
        yield Proxy(process, at, log)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()
