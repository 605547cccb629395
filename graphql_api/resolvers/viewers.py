"""Answers about the viewer."""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter

from graphql_api.access.viewer import Viewer
from graphql_api.models import rows
from graphql_api.models.api_token import LIVE_LIMIT, Scope, valid_at
from graphql_api.resolvers.info import Info


def viewer(info: Info) -> Viewer:
    """Who is asking."""
    return info.context.viewer


def scopes(root: Viewer) -> list[Scope]:
    """What the token lets the viewer do, in the order of the contract."""
    return [scope for scope in Scope if scope in root.scopes]


async def api_tokens(root: Viewer, info: Info) -> Sequence[rows.ApiToken]:  # noqa: ARG001 - the sight knows the viewer
    """The viewer's own tokens, newest first; of more than 500 those that work before the others."""
    found: Sequence[rows.ApiToken] = await info.context.loaders.once("own tokens", partial(_own_tokens, info))
    return found


async def _own_tokens(info: Info) -> Sequence[rows.ApiToken]:
    token, works = rows.ApiToken, valid_at(info.context.now)
    own = info.context.sight.select(token)
    shown = own.order_by(works.desc(), token.created_at.desc(), token.id.desc()).limit(LIVE_LIMIT)
    async with info.context.database.read() as session:
        found = (await session.scalars(shown)).all()
    return sorted(found, key=attrgetter("created_at", "id"), reverse=True)
