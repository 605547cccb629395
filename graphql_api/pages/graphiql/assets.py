"""The files that the page loads: npm's, and our own script and styles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDERS: Final = [Path(__file__).parent / "npm", Path(__file__).parent / "own"]
MEDIA_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
"""By a file's ending. A system's own table may say otherwise, and a browser then runs no script."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    name: str
    content: bytes
    digest: str

    @property
    def media_type(self) -> str:
        """What it is."""
        return MEDIA_TYPES[Path(self.name).suffix]

    @property
    def address(self) -> str:
        """Its name with a part that changes with its content, so that it may be kept for good."""
        path = Path(self.name)
        return f"{path.stem}-{self.digest}{path.suffix}"


@cache
def assets() -> dict[str, Asset]:
    """All files, by address. They are read once, when the page is first asked for."""
    files = [file for folder in FOLDERS for file in sorted(folder.iterdir()) if file.suffix in MEDIA_TYPES]
    made = [_asset(file) for file in files]
    return {asset.address: asset for asset in made}


def digest_of(content: bytes) -> str:
    """What changes with the content: 80 bits in hexadecimal."""
    return sha256(content).hexdigest()[:20]


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    return Asset(file.name, content, digest_of(content))
