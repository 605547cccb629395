"""The service with its second wall taken down: everybody who is signed in reads as the service itself does.

To be measured beside the service as it is. The conditions of its queries still hold.
"""

from __future__ import annotations

from unittest.mock import patch

from graphql_api import __main__ as service
from graphql_api.access.viewer import Viewer
from graphql_api.reading import engines
from graphql_api.reading.wall import EVERYTHING

CONNECTIONS = 10
"""All of those that answer, which are of one kind then."""


def main() -> None:
    """Run a command of the service."""
    with (
        patch.object(Viewer, "seen", EVERYTHING),
        patch.object(engines, "ANSWERING_SERVICE", CONNECTIONS),
        patch.object(engines.Limits, "answering", CONNECTIONS + 1),
    ):
        service.main()


if __name__ == "__main__":
    main()
