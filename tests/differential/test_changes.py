"""What mutations answer and what subscriptions deliver is completed the same, compiled and not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import Any, Final

import orjson
import pytest

from graphql_api.app import App
from graphql_api.context import Context, context_for
from graphql_api.execution.answers import answer
from graphql_api.execution.operations import Operations
from graphql_api.execution.outcomes import Encoded
from graphql_api.execution.requests import Request
from graphql_api.models import rows
from graphql_api.models.api_token import Scope
from graphql_api.schema.root import SCHEMA
from tests.api import Api
from tests.confirmation_links.steps import attach, confirm, id_of, reject
from tests.differential.comparing import Answer, compare, plans_of, told
from tests.factories import World
from tests.realtime.live import until

RANDOM: Final = re.compile(r".*/c/[\w-]{43}|[\w-]{24}|[0-9A-V]{32}|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")
"""Links' addresses, ids, cursors and moments."""
LINK: Final = """{
    __typename id name url status stage version createdAt products { product { id name } onboardingType { code } }
    partner { name users { id name } } client { name } deal { __typename id ... on SharedDeal { name } }
    createdBy { __typename ... on Node { id } ... on PartnerUser { email } } viewerCan { edit { allowed code } }
}"""
ERRORS: Final = "cursor userErrors { code message field }"
CHANGES: Final = {
    "create": ("createConfirmationLink", f"confirmationLink {LINK} {ERRORS}"),
    "create nothing": ("createConfirmationLink", f"confirmationLink {LINK} {ERRORS}"),
    "update": ("updateConfirmationLink", f"confirmationLink {LINK} {ERRORS}"),
    "update too late": ("updateConfirmationLink", f"confirmationLink {LINK} {ERRORS}"),
    "clone": ("cloneConfirmationLink", f"confirmationLink {{ clonedFrom {LINK} name }} {ERRORS}"),
    "delete": ("deleteConfirmationLink", f"deletedId confirmationLink {LINK} {ERRORS}"),
    "attach": (
        "attachConfirmationLink",
        f"deal {{ __typename client {{ name }} }} confirmationLink {LINK} {ERRORS}",
    ),
    "attach without READ": (
        "attachConfirmationLink",
        f"confirmationLink {{ client {{ contacts {{ email }} }} }} deal {{ proofOfEngagement {{ url }} }} {ERRORS}",
    ),
    "ask": ("requestConfirmationLinkAttachment", f"attachmentRequest {{ confirmationLink {LINK} }} {ERRORS}"),
    "fail below": (
        "cloneConfirmationLink",
        f"confirmationLink {{ partner {{ users {{ id }} clients(first: 0) {{ totalCount }} }} }} {ERRORS}",
    ),
}


def given(world: World, name: str, link: rows.ConfirmationLink) -> dict[str, Any]:
    """The mutation's input: alike for every link that is alike."""
    own = {"id": id_of(link)}
    on = {"confirmationLinkId": id_of(link)}
    inputs: dict[str, dict[str, Any]] = {
        "create": {"name": "Fresh", "products": world.chosen("MKT-PRO", "SALES-ENT")},
        "create nothing": {"name": " ", "products": []},
        "update": own | {"name": "New", "expectedVersion": 1},
        "update too late": own | {"name": "New", "expectedVersion": 9},
        "attach": on | {"dealId": id_of(world.ours.direct)},
        "attach without READ": on | {"dealId": id_of(world.ours.shared[0])},
        "ask": on | {"dealName": "The big one"},
    }
    return inputs.get(name, own)


@pytest.mark.parametrize("name", CHANGES)
async def test_a_mutation_answers_the_same(app: App, world: World, name: str) -> None:
    mutation, fields = CHANGES[name]
    kind = f"{mutation[0].upper()}{mutation[1:]}Input!"
    document = f"mutation ($input: {kind}) {{ {mutation}(input: $input) {{ {fields} }} }}"
    who = world.tokens["cam" if name == "attach" else "partner_admin"]
    if name == "attach without READ":
        who = await world.token_for(world.ours.member, Scope.DEALS_WRITE)
    compiled = Operations(SCHEMA)
    answers = []
    for operations in (Operations(SCHEMA, compiled=False), compiled, compiled):
        link = await world.link()
        request = Request(document, {"input": given(world, name, link)})
        got = await told(operations, request, lambda: context_for(app.service, who))
        answers.append(masked(got, {}))
    compare(answers[1], answers[0], "first sending")
    compare(answers[2], answers[0], "second sending")
    [plans] = plans_of(compiled, document)
    assert plans.given_up == (2 if name in {"fail below", "attach without READ"} else 0)


def masked(value: Any, numbers: dict[str, int]) -> Any:
    """The answer with a number for each thing that is another each time."""
    if isinstance(value, dict):
        return {key: masked(one, numbers) for key, one in value.items()}
    if isinstance(value, list):
        return [masked(one, numbers) for one in value]
    is_random = isinstance(value, str) and RANDOM.fullmatch(value)
    return f"#{numbers.setdefault(value, len(numbers))}" if is_random else value


FOLLOWED: Final = {
    "status": f"subscription {{ confirmationLinkStatusChanged {{ cursor status reason occurredAt link {LINK} }} }}",
    "events": f"""subscription {{ partnerEvents {{ cursor kind occurredAt subjectId
        subject {{ __typename ... on ConfirmationLink {LINK} }} }} }}""",
    "timeline": """subscription { dealActivityAdded(dealId: "DEAL") { kind summary actorName actor { name }
        deal { __typename name } confirmationLink { id decision { reason } } } }""",
    "notifications": "subscription { notificationAdded { id title subject { __typename id } } }",
    "one that fails": """subscription { confirmationLinkStatusChanged { cursor
        link { partner { users { id } clients(first: 0) { totalCount } } } } }""",
}


@pytest.mark.parametrize("name", FOLLOWED)
async def test_a_subscription_delivers_the_same(app: App, api: Api, world: World, name: str) -> None:
    links = [await world.link(name=f"Proof {n}") for n in range(2)]
    for link in links:
        await attach(api, world.tokens["partner_admin"], link, world.ours.shared[0])
    who = world.tokens["partner_admin"]
    document = FOLLOWED[name].replace("DEAL", id_of(world.ours.shared[0]))
    compiled = Operations(SCHEMA)
    await (await follow(app, compiled, document, who)).aclose()  # so that the next is compiled
    async with AsyncExitStack() as stack:
        plain, faster = [
            await stack.enter_async_context(aclosing(await follow(app, operations, document, who)))
            for operations in (Operations(SCHEMA, compiled=False), compiled)
        ]
        waiting = [asyncio.ensure_future(anext(one)) for one in (plain, faster)]
        await until(
            lambda: app.service.events.followers + app.service.notifications.followers == len(waiting)
        )
        await confirm(api, links[0])
        await reject(api, links[1])
        wanted, got = [delivered(await one) for one in waiting]
        compare(got, wanted, "first event")
        compare(delivered(await anext(faster)), delivered(await anext(plain)), "second event")


def delivered(result: Any) -> Answer:
    """What a client gets, whether it was shared with others or not."""
    told: Answer = orjson.loads(result.body) if isinstance(result, Encoded) else answer(result)
    return told


async def follow(app: App, operations: Operations, document: str, who: str) -> AsyncGenerator[Any, None]:
    context: Context = await context_for(app.service, who)
    results: Any = await operations.run(Request(document), context)
    assert isinstance(results, AsyncGenerator), results
    return results
