"""What a database knows of its rows, which decides how it looks for them."""

from __future__ import annotations

from sqlalchemy import text

from graphql_api.database import Database


async def look_over(database: Database) -> None:
    """Have all rows looked over: the tests' server has no autovacuum, which any other has.

    Raises:
        RuntimeError: the database did not do it.

    """
    if database.is_sqlite:
        async with database.connect() as connection:
            await connection.execute(text("ANALYZE"))
        return
    async with database.read() as session:
        await session.execute(text("SET ROLE NONE"))  # the service's roles own nothing
        await session.execute(text("VACUUM ANALYZE"))
        if await session.scalar(text("SELECT min(reltuples) < 0 FROM pg_class WHERE relname = 'partners'")):
            raise RuntimeError("PostgreSQL has not looked over its rows")
