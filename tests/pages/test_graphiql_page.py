from __future__ import annotations

import httpx2
from starlette.applications import Starlette

from graphql_api.pages.graphiql.page import graphiql_routes


async def test_graphiql_asks_the_endpoint_beside_it() -> None:
    transport = httpx2.ASGITransport(Starlette(routes=graphiql_routes()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://partner-api.test") as http:
        response = await http.get("/graphiql")
    assert response.status_code == 200
    assert 'const fetchURL = new URL("graphql", window.location.href).href;' in response.text
    assert "subscriptionUrl = httpUrlToWebSockeUrl(fetchURL)" in response.text
