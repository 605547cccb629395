"""Repeated mutations: the same key and input gives the same outcome, and the effect once (D3).

A key is claimed by inserting its row in the transaction of the change: a repeat that comes meanwhile waits for that
transaction, and then finds the outcome. Objects are recalled as they are now; a token's secret is never kept.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from graphql_api.actions.engagement import Invitation, read_invitation
from graphql_api.context import Context
from graphql_api.database import Writing
from graphql_api.models import rows
from graphql_api.models.by import By
from graphql_api.models.client_error import BadUserInput
from graphql_api.models.idempotency_key import FIELD_LIMIT, KEY_LIMIT
from graphql_api.models.node_id import NodeId
from graphql_api.models.refusal import IdempotencyKeyReused, RefusalCode
from graphql_api.resolvers.info import Info
from graphql_api.resolvers.refusals import Answer, UserError
from graphql_api.schema.inputs.sync import record_of

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Repeated(Exception):  # noqa: N818 - not an error
    """The change has been made before; here is what came of it."""

    def __init__(self, outcome: dict[str, Any]) -> None:
        """`outcome` is what was kept."""
        super().__init__()
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a key: by whom, for which of the request's mutations, with which input."""

    caller: str
    field: str
    key: str
    input_hash: str
    kept: timedelta
    """How long a use is remembered."""

    @property
    def place(self) -> dict[str, str]:
        """The key's row."""
        return {"caller": self.caller, "field": self.field, "key": self.key}


def use_of(info: Info, given: Any) -> Use | None:
    """The request's use of a key, if it carries one.

    Raises:
        BadUserInput: the key is blank or longer than 255 characters.

    """
    key = info.context.idempotency_key
    if key is None:
        return None
    if not 0 < len(key.strip()) <= KEY_LIMIT:
        raise BadUserInput(f"Idempotency-Key must have 1 to {KEY_LIMIT} characters")
    caller = _caller(info.context, given)
    if caller is None:
        return None
    asked = [info.field_name, record_of(given)]
    spelled = orjson.dumps(asked, default=str, option=orjson.OPT_SORT_KEYS)
    input_hash, kept = hashlib.sha256(spelled).hexdigest(), info.context.service.keys_kept
    return Use(caller, _place_in_request(info), key.strip(), input_hash, kept)


async def claim(writing: Writing, use: Use) -> None:
    """Take the key for this transaction's change.

    Raises:
        Repeated: the same change was made with it.
        IdempotencyKeyReused: another one was.

    """
    key = rows.IdempotencyKey
    fresh = {"input_hash": use.input_hash, "outcome": {}, "created_at": writing.now}
    insert = INSERTS[writing.session.get_bind().dialect.name](key).values({**use.place, **fresh})
    taken = insert.on_conflict_do_update(
        index_elements=list(use.place), set_=fresh, where=key.created_at < writing.now - use.kept
    )
    if await writing.session.scalar(taken.returning(key.key)) is not None:
        return
    kept = (await writing.session.scalars(select(key).filter_by(**use.place))).one()
    if kept.input_hash != use.input_hash:
        raise IdempotencyKeyReused
    raise Repeated(kept.outcome)


async def keep(writing: Writing, use: Use, said: Answer) -> None:
    """Keep what came of the change."""
    await _store(writing, use, {"said": _all_written(said, but="secret")})


async def keep_refusals(
    context: Context, by: By | None, use: Use | None, errors: list[UserError], shown: Answer
) -> None:
    """Keep that the change was refused, in a transaction of its own: the change's is gone.

    Raises:
        Repeated: a repeat came in between, and something else came of it.

    """
    if use is None or any(error.code is RefusalCode.IDEMPOTENCY_KEY_REUSED for error in errors):
        return
    written = [{"code": error.code, "message": error.message, "field": error.field} for error in errors]
    with suppress(IdempotencyKeyReused):
        async with context.write(by) as writing:
            await claim(writing, use)
            await _store(writing, use, {"errors": written, "said": _all_written(shown)})


async def recalled(context: Context, outcome: dict[str, Any]) -> tuple[list[UserError], Answer]:
    """What was kept, as a payload's refusals and fields."""
    errors = [
        UserError(RefusalCode(one["code"]), one["message"], one["field"]) for one in outcome.get("errors", [])
    ]
    said = outcome.get("said", {})
    return errors, {name: await _read(context, value) for name, value in said.items()}


def _place_in_request(info: Info) -> str:
    """The mutation's alias, or its name; a long one by its hash."""
    alias = str(info.path.key)
    return alias if len(alias) <= FIELD_LIMIT else hashlib.sha256(alias.encode()).hexdigest()


def _caller(context: Context, given: Any) -> str | None:
    """Whose key it is: the bearer's token, or for a client's answer the link's."""
    if hasattr(given, "token"):
        link_id = context.service.link_tokens.link_id(given.token)
        return link_id.hex if link_id else None
    return context.viewer.token.id.hex


async def _store(writing: Writing, use: Use, outcome: dict[str, Any]) -> None:
    kept = update(rows.IdempotencyKey).filter_by(**use.place).values(outcome=outcome)
    await writing.session.execute(kept, execution_options={"synchronize_session": False})


def _all_written(said: Answer, but: str | None = None) -> dict[str, Any]:
    return {name: _written(value) for name, value in said.items() if name != but}


def _written(value: Any) -> dict[str, Any]:
    if isinstance(value, Invitation):
        return {"invitation": str(value.link.node_id)}
    if isinstance(value, list):
        return {"nodes": [str(row.node_id) for row in value]}
    return {"node": str(value.node_id)} if hasattr(value, "node_id") else {"value": value}


async def _read(context: Context, written: dict[str, Any]) -> Any:
    [(kind, value)] = written.items()
    if kind == "value":
        return value
    if kind == "invitation":
        async with context.service.database.read() as session:
            return await read_invitation(session, _id(value).key)
    load = context.loaders.relation("node")
    if kind == "node":
        return await load.load(_id(value))
    return [row for row in await load.load_many([_id(one) for one in value]) if row]


def _id(text: str) -> NodeId:
    found = NodeId.parse(text)
    assert found is not None  # noqa: S101 - we wrote it
    return found
