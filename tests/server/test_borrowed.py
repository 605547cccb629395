"""What the server relies on in uvicorn, beyond what uvicorn promises, is still what it was when it was read."""

from __future__ import annotations

import hashlib
import inspect
from importlib.metadata import version
from typing import Final

from graphql_api.server.arriving import RELIED_ON

READ_IN: Final = "0.54.0"
FINGERPRINTS: Final = {
    "HttpToolsProtocol.connection_lost": "c91a4c9bf2e29c55",
    "HttpToolsProtocol.data_received": "010a7ae59a5d3b1a",
    "HttpToolsProtocol.handle_websocket_upgrade": "179c4f769386ab89",
    "HttpToolsProtocol.on_body": "dba9c32aeba35b6a",
    "HttpToolsProtocol.on_headers_complete": "1ea8589acfad92d8",
    "HttpToolsProtocol.on_message_complete": "1fbad42dc31fc01f",
    "HttpToolsProtocol.on_response_complete": "64e254f28e389e76",
    "HttpToolsProtocol.send_400_response": "ae5a4a3782b646fd",
    "RequestResponseCycle.receive": "8124ae006be71184",
    "WebSocketsSansIOProtocol.data_received": "c89d394077d8841d",
    "WebSocketsSansIOProtocol.handle_connect": "fc648c2161ff8e13",
}


def test_the_sources_relied_on_are_those_that_were_read() -> None:
    found = {
        one.__qualname__: hashlib.sha256(inspect.getsource(one).encode()).hexdigest()[:16]
        for one in RELIED_ON
    }
    assert found == FINGERPRINTS, (
        f"uvicorn changed between {READ_IN} and {version('uvicorn')}. Read what changed, and follow it in "
        f"graphql_api/server/arriving.py; only then write down here: READ_IN = {version('uvicorn')}, "
        f"FINGERPRINTS = {found}"
    )
