"""Work ends when nobody waits for it any longer, over real sockets."""

from __future__ import annotations

import asyncio

import httpx2
from structlog.testing import capture_logs

from graphql_api.execution.operations import finish_mutations
from tests.execution.toy import Seen

EVENTS = {"Accept": "text/event-stream"}


async def _ask_and_leave(seen: Seen, address: str, query: str, started: str) -> None:
    async with httpx2.AsyncClient() as client:
        asking = asyncio.create_task(client.post(f"http://{address}/graphql", json={"query": query}))
        await seen.until(started)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def test_a_query_ends_with_its_client(seen: Seen, address: str) -> None:
    await _ask_and_leave(seen, address, "{ slow(seconds: 60) }", "query started")
    await seen.until("query over")
    assert "query done" not in seen.marks


async def test_a_mutation_is_finished_though_its_client_has_left(seen: Seen, address: str) -> None:
    await _ask_and_leave(seen, address, "mutation { save(seconds: 0.3) }", "mutation started")
    await finish_mutations()
    assert "mutation done" in seen.marks


async def test_a_stream_is_closed_when_its_client_leaves(seen: Seen, address: str) -> None:
    query = {"query": "subscription { count(to: 0) }"}
    async with httpx2.AsyncClient() as client:
        async with client.stream("POST", f"http://{address}/graphql", json=query, headers=EVENTS) as response:
            assert response.status_code == 200
            await seen.until("stream started")
        await seen.until("stream over")


async def test_a_large_body_is_refused_over_a_real_socket(address: str) -> None:
    async with httpx2.AsyncClient() as client:
        body = b" " * 5_000_000
        headers = {"Content-Type": "application/json"}
        response = await client.post(f"http://{address}/graphql", content=body, headers=headers)
    assert response.status_code == 413


async def test_a_client_that_leaves_while_sending_is_nobodys_fault(address: str) -> None:
    host, port = address.split(":")
    with capture_logs() as logs:
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        writer.write(b"Content-Length: 99\r\n\r\n{")
        await writer.drain()
        writer.close()
        await asyncio.sleep(0.1)
    assert logs == []
