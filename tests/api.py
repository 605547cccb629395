"""The API as its clients use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2

if TYPE_CHECKING:
    from graphql_api.app import App


class Api:
    """Sends documents over HTTP, to the application itself."""

    def __init__(self, app: App) -> None:
        """`app` answers, without a server between."""
        self.app = app
        transport = httpx2.ASGITransport(app=app.asgi)
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://partner.test")

    async def send(self, document: str, token: str | None = None, /, **variables: Any) -> dict[str, Any]:
        """The whole answer, with its errors."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"query": document, "variables": variables}
        answer: dict[str, Any] = (await self.http.post("/graphql", json=body, headers=headers)).json()
        return answer

    async def ask(self, document: str, token: str | None = None, /, **variables: Any) -> dict[str, Any]:
        """The data; an error fails the test."""
        answer = await self.send(document, token, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def change(self, mutation: str, token: str | None, fields: str, /, **given: Any) -> dict[str, Any]:
        """One mutation's payload, with `userErrors { code field message }` beside the fields asked for."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        asked = f"{fields} userErrors {{ code field message }}"
        document = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {asked} }} }}"
        payload: dict[str, Any] = (await self.ask(document, token, input=given))[mutation]
        return payload

    async def code(self, document: str, token: str | None = None, /, **variables: Any) -> str:
        """The code of the one top-level error that the document must give."""
        answer = await self.send(document, token, **variables)
        [error] = answer["errors"]
        code: str = error["extensions"]["code"]
        return code


def refusals(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    """The codes of a payload's userErrors, each with its field."""
    return [(error["code"], error["field"]) for error in payload["userErrors"]]
