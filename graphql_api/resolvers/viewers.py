"""Answers about the viewer."""

from collections.abc import Sequence
from functools import partial

from graphql_api.access.viewer import Viewer
from graphql_api.models import rows
from graphql_api.models.api_token import Scope
from graphql_api.resolvers.info import Info


def viewer(info: Info) -> Viewer:
    """Who is asking."""
    return info.context.viewer


def scopes(root: Viewer) -> list[Scope]:
    """What the token lets the viewer do, in the order of the contract."""
    return [scope for scope in Scope if scope in root.scopes]


async def api_tokens(root: Viewer, info: Info) -> Sequence[rows.ApiToken]:  # noqa: ARG001 - the sight knows the viewer
    """The viewer's own tokens, newest first."""
    found: Sequence[rows.ApiToken] = await info.context.loaders.once("own tokens", partial(_own_tokens, info))
    return found


async def _own_tokens(info: Info) -> Sequence[rows.ApiToken]:
    own = info.context.sight.select(rows.ApiToken).order_by(
        rows.ApiToken.created_at.desc(), rows.ApiToken.id.desc()
    )
    async with info.context.database.read() as session:
        return (await session.scalars(own.limit(500))).all()
