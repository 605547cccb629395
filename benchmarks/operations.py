"""What is asked of every side, and what the right answer is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.dashboards import Dashboards, Firm, Row, node_id
from benchmarks.traces import CREATED
from graphql_api.models.node_id import NodeKind

DOCUMENTS = Path(__file__).parent / "documents"
SEED = 5
LINKS_SHOWN = 50
CLIENTS_SHOWN = 10
LINKS_A_CLIENT = 5
TURNS = 20
"""How many different requests there are for each partner, where there can be more than one."""
COMPARED = {"id", "name", "status", "code", "email"}


@dataclass(frozen=True)
class Asked:
    """One request: whose, its variables, and every compared value of its answer in the document's order.

    None stands for a value that nobody can know beforehand.
    """

    secret: str
    variables: dict[str, Any]
    expected: Sequence[str | None]


@dataclass(frozen=True)
class Operation:
    """A document and the requests for it, partner by partner in turn."""

    name: str
    says: str
    document: str
    requests: Callable[[Dashboards], Iterator[Asked]]
    moves: bool = False
    """Between two requests of a partner something is written that it can see."""
    conditional: bool = False
    """The client says which answer it has already."""
    writes: Mapping[str, int] = field(default_factory=dict)
    """By table, the rows that one request adds."""


def values_of(answer: Any) -> Iterator[str]:
    """The compared values of an answer, as its document lists them."""
    if isinstance(answer, list):
        for one in answer:
            yield from values_of(one)
    elif isinstance(answer, dict):
        for name, value in answer.items():
            if name in COMPARED and isinstance(value, str):
                yield value
            else:
                yield from values_of(value)


def _dashboard(made: Dashboards) -> Iterator[Asked]:
    for firm in made.firms:
        newest = firm.links[: -LINKS_SHOWN - 1 : -1]
        expected = [value for link in newest for value in _shown(made, firm, link)]
        yield Asked(firm.secret, {"first": LINKS_SHOWN}, expected)


def _shown(made: Dashboards, firm: Firm, link: Row) -> Iterator[str]:
    yield from (*_named(NodeKind.CONFIRMATION_LINK, link), link["status"])
    for chosen in made.products_of[link["id"]]:
        code = chosen["onboarding_type_code"]
        yield from (
            *_named(NodeKind.PRODUCT, _product(made, chosen)),
            code,
            f"{code.capitalize()} onboarding",
        )
    yield from _places(firm, link)


def _point(made: Dashboards) -> Iterator[Asked]:
    random = Random(SEED)  # noqa: S311 - the same links each time
    for _ in range(TURNS):
        for firm in made.firms:
            link = random.choice(firm.links)
            expected = [*_named(NodeKind.CONFIRMATION_LINK, link), link["status"], *_places(firm, link)]
            yield Asked(firm.secret, {"id": node_id(NodeKind.CONFIRMATION_LINK, link)}, expected)


def _deep(made: Dashboards) -> Iterator[Asked]:
    for firm in made.firms:
        expected = [*_named(NodeKind.PARTNER, firm.partner)]
        for client in firm.clients[:CLIENTS_SHOWN]:
            expected += _named(NodeKind.CLIENT, client)
            for contact in firm.contacts[client["id"]]:
                expected += [*_named(NodeKind.CLIENT_CONTACT, contact), contact["email"]]
            own = [link for link in reversed(firm.links) if link["client_id"] == client["id"]]
            for link in own[:LINKS_A_CLIENT]:
                expected += _listed(made, firm, link)
        yield Asked(firm.secret, {"clients": CLIENTS_SHOWN, "links": LINKS_A_CLIENT}, expected)


def _listed(made: Dashboards, firm: Firm, link: Row) -> Iterator[str]:
    yield from (*_named(NodeKind.CONFIRMATION_LINK, link), link["status"], *_deal(firm, link))
    for chosen in made.products_of[link["id"]]:
        yield from _named(NodeKind.PRODUCT, _product(made, chosen))


def _create(made: Dashboards) -> Iterator[Asked]:
    for turn in range(TURNS):
        for firm in made.firms:
            product = made.products[turn % len(made.products)]
            chosen = {"productId": node_id(NodeKind.PRODUCT, product), "onboardingTypeCode": "GUIDED"}
            name = f"Portal, part {turn}"
            variables = {"input": {"name": name, "products": [chosen], "providesOnboarding": False}}
            yield Asked(firm.secret, variables, [None, name, "PENDING", *_named(NodeKind.PRODUCT, product)])


def _places(firm: Firm, link: Row) -> Iterator[str]:
    client = next(client for client in firm.clients if client["id"] == link["client_id"])
    yield from (*_named(NodeKind.CLIENT, client), *_deal(firm, link))


def _deal(firm: Firm, link: Row) -> tuple[str, str]:
    return _named(NodeKind.DEAL, next(deal for deal in firm.deals if deal["id"] == link["deal_id"]))


def _product(made: Dashboards, chosen: Row) -> Row:
    return next(product for product in made.products if product["id"] == chosen["product_id"])


def _named(kind: NodeKind, row: Row) -> tuple[str, str]:
    return node_id(kind, row), row["name"]


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation(
            "dashboard", "50 links with products, client and deal", "dashboard", _dashboard, moves=True
        ),
        Operation("point", "one link with client and deal", "point", _point, moves=True),
        Operation("deep", "10 clients, each with contacts and 5 links", "deep", _deep, moves=True),
        Operation("unchanged", "the dashboard, nothing written since", "dashboard", _dashboard),
        Operation(
            "not-modified",
            "the same, by a client that still has it",
            "dashboard",
            _dashboard,
            conditional=True,
        ),
        Operation("create", "a new link, with all that it causes", "create", _create, writes=CREATED),
    )
}
"""In the order in which they are measured: what writes links comes last."""
