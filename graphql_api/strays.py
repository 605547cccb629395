"""Variables that look like settings and are none: perhaps they are misspelt."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from graphql_api.settings import NOT_BUILT, PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_KUBERNETES: Final = re.compile(r"\w+_(SERVICE_(HOST|PORT)|PORT_\d|PORT=tcp:)")
"""What it sets in every container for a service that is called partner-api."""


def strays(environment: Mapping[str, str]) -> list[str]:
    """Those that are set in vain, each with the setting whose name is nearest."""
    given = {name.upper(): value for name, value in environment.items() if value.strip()}
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NOT_BUILT
    found = sorted(name for name in given.keys() - known if name.startswith(PREFIX))
    return [_with_nearest(name) for name in found if not OF_KUBERNETES.match(f"{name}={given[name]}")]


def _with_nearest(stray: str) -> str:
    names = [name.upper() for name in Settings.model_fields]
    nearest = get_close_matches(stray.removeprefix(PREFIX), names, 1)
    return f"{stray} ({PREFIX}{nearest[0]}?)" if nearest else stray
