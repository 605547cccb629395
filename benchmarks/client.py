"""One request at a time: for looking whether a side answers rightly before it is measured."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from benchmarks.operations import values_of
from benchmarks.wire import HOST


@dataclass(frozen=True)
class Answer:
    """Of one request."""

    status: int
    tag: str | None
    """Its ETag: the name by which a client can say that it has this answer."""
    body: bytes


def request_of(document: str, secret: str, variables: Any, tag: str | None = None) -> bytes:
    """The whole request, as it goes over the wire; without a secret, nobody's."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    head = [
        "POST /graphql HTTP/1.1",
        f"Host: {HOST}",
        *([f"Authorization: Bearer {secret}"] if secret else []),
        "Content-Type: application/json",
        "Accept: application/json",
        f"Content-Length: {len(body)}",
        *([f"If-None-Match: {tag}"] if tag else []),
    ]
    return "\r\n".join([*head, "\r\n"]).encode() + body


def send(port: int, request: bytes) -> Answer:
    """The answer to a whole request."""
    head, _, body = request.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    with closing(HTTPConnection(HOST, port, timeout=30)) as connection:
        connection.request("POST", "/graphql", body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader("ETag"), answer.read())


def wrongs(answer: Answer, expected: Sequence[str | None]) -> Iterator[str]:
    """What is wrong with an answer; nothing, if it is right."""
    if answer.status != 200:  # noqa: PLR2004 - HTTP's own
        yield f"status {answer.status}: {answer.body[:300]!r}"
        return
    message = json.loads(answer.body)
    if message.get("errors"):
        yield f"errors: {message['errors']}"
        return
    found = list(values_of(message["data"]))
    if len(found) != len(expected):
        yield f"{len(found)} values for {len(expected)}"
        return
    differ = [
        place
        for place, (wanted, got) in enumerate(zip(expected, found, strict=True))
        if wanted not in {None, got}
    ]
    if differ:
        shown = slice(differ[0], differ[0] + 3)
        yield f"{len(differ)} of {len(expected)} values differ, first {found[shown]} for {expected[shown]}"
