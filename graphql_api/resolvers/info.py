"""What every resolver is handed, typed."""

import strawberry

from graphql_api.context import Context

Info = strawberry.Info[Context, None]
