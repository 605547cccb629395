"""The files in npm/ anew, by the manifest beside them: `./dev graphiql`; `./dev graphiql NAME=VERSION` takes another.

It needs npm, which checks each package against its registry. Without arguments it changes nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "npm"
MANIFEST: Final = FOLDER / "manifest.json"
REGISTRY: Final = "https://registry.npmjs.org"

Package = dict[str, Any]


def read_manifest() -> list[Package]:
    """The packages, each with its version, source, integrity, and the files taken from it."""
    packages: list[Package] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return packages


def renew(versions: dict[str, str]) -> None:
    """Take every package anew, some in another version than before.

    Raises:
        ValueError: a package is not there, or is no longer what it was.

    """
    packages = read_manifest()
    if unknown := versions.keys() - {package["name"] for package in packages}:
        raise ValueError(f"not in the manifest: {', '.join(sorted(unknown))}")
    for package in packages:
        _take(package, versions.get(package["name"]) or package["version"])
    MANIFEST.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")


def _take(package: Package, version: str) -> None:
    with TemporaryDirectory() as folder:
        packed = _packed(f"{package['name']}@{version}", folder)
        if version == package["version"] and packed["integrity"] != package["integrity"]:
            raise ValueError(f"{package['name']} {version} is not what it was: {packed['integrity']}")
        package |= {"version": version, "source": _source(package["name"], version)}
        package["integrity"] = packed["integrity"]
        with tarfile.open(Path(folder) / packed["filename"]) as archive:
            for file in package["files"]:
                file["sha256"] = _unpack(archive, file["path"], FOLDER / file["name"])


def _packed(wanted: str, folder: str) -> dict[str, str]:
    """What npm says of the package that it has put into the folder."""
    command = ["npm", "pack", "--json", "--pack-destination", folder, wanted]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 - names and versions of our manifest
    [packed] = json.loads(done.stdout)
    return {name: packed[name] for name in ("filename", "integrity")}


def _source(name: str, version: str) -> str:
    return f"{REGISTRY}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"


def _unpack(archive: tarfile.TarFile, path: str, target: Path) -> str:
    """Write one file; its SHA-256."""
    member = archive.extractfile(f"package/{path}")
    if member is None:
        raise ValueError(f"{path} is no file")
    content = member.read()
    target.write_bytes(content)
    return sha256(content).hexdigest()


if __name__ == "__main__":
    renew(dict(argument.split("=", 1) for argument in sys.argv[1:]))
