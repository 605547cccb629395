"""The commands: what operators and scripts run. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

Each imports what it alone needs when it runs, so that none waits for the others' libraries.
"""

from __future__ import annotations

import gc

gc.disable()  # what is loaded stays: to look for garbage in it meanwhile takes a tenth of a start

import asyncio
import os
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer
from sqlalchemy.exc import DBAPIError

from graphql_api import collector
from graphql_api.actions import accounts
from graphql_api.database import Database
from graphql_api.logs import configure_logs
from graphql_api.models.actor import StaffRole
from graphql_api.models.api_token import Scope
from graphql_api.models.by import By
from graphql_api.models.operator_error import OperatorError
from graphql_api.models.refusal import Refusal
from graphql_api.models.text import is_clean
from graphql_api.reading.faults import in_a_line
from graphql_api.settings import Settings, read_settings
from graphql_api.strays import strays
from graphql_api.urls import masked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

OPERATOR = By(None, "Operator")

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="The Partner API.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
tokens = typer.Typer(no_args_is_help=True, help="Bearer tokens.")
integrations = typer.Typer(no_args_is_help=True, help="Machines.")
staff = typer.Typer(no_args_is_help=True, help="The vendor's staff.")
mails = typer.Typer(no_args_is_help=True, help="The mails that go out.")
cli.add_typer(tokens, name="token")
cli.add_typer(integrations, name="integration")
cli.add_typer(staff, name="staff")
cli.add_typer(mails, name="mails")


def _clean(value: str | None) -> str | None:
    if value is not None and not is_clean(value):
        raise typer.BadParameter(f"{value!r} has a control character, or a byte that is not UTF-8")
    return value


def _named_folder(value: str) -> Path:
    if not value:
        raise typer.BadParameter("is empty; a dot means the folder that you are in")
    return Path(value)


Scopes = Annotated[list[Scope], typer.Option("--scope", help="May be given several times.")]


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=1_000, help="How many processes.")] = 1,
) -> None:
    """Serve the API, GraphiQL and the client's page.

    Example: PARTNER_API_SECRET_KEY=$(openssl rand -hex 32) partner-api serve --port 8000
    """
    from graphql_api.server.command import run

    settings = _settings()
    _tell_of_strays()
    with _logged():
        run(settings, host, port, workers)


@cli.command()
def worker() -> None:
    """Decide renewal notices and deliver mails as they come due, until told to stop.

    Example: partner-api worker
    """
    from graphql_api.jobs.process import work_until_told

    settings = _settings()
    _tell_of_strays()
    with _logged():
        _on_database(settings, lambda database: work_until_told(database, settings))


@cli.command()
def migrate() -> None:
    """Bring the database to the newest tables, while others use it; several at once migrate once.

    Example: partner-api migrate
    """
    from graphql_api.migrations.migrate import upgrade
    from graphql_api.migrations.revisions import head

    if not upgrade(_settings().database_url, typer.echo):
        typer.echo(f"nothing to do: the database is at {head()}")


@cli.command(name="import")
def import_(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", parser=_named_folder, help="A folder of CSV files.")
    ],
    skip_bad_rows: Annotated[bool, typer.Option("--skip-bad-rows", help="Import the other rows.")] = False,  # noqa: FBT002
) -> None:
    """Bring in a vendor's CSV exports; a second run changes nothing.

    Example: partner-api import examples/crm
    """
    from graphql_api.importing.command import run_import

    raise typer.Exit(run_import(_settings(), folder, skip_bad_rows))


@tokens.command("create")
def create_token(
    email: Annotated[str, typer.Option(callback=_clean, help="Whose token.")],
    name: Annotated[str, typer.Option(callback=_clean, help="What it is for.")] = "command line",
    scope: Scopes = [],  # noqa: B006 - typer's own form
    expires_in: Annotated[
        int | None,
        typer.Option(min=1, max=accounts.LONGEST_DAYS, metavar="DAYS", help="Days until it ends."),
    ] = None,
    partner: Annotated[
        str | None,
        typer.Option(
            callback=_clean,
            metavar="EXTERNAL_ID",
            help="At which partner, where people at several have the address.",
        ),
    ] = None,
    staff: Annotated[  # noqa: FBT002 - typer's own form
        bool, typer.Option("--staff", help="The vendor's own, where a partner's user has the address too.")
    ] = False,
) -> None:
    """Make a token for a person, and print it; without scopes it has all that the role allows.

    Example: partner-api token create --email ana@example.com --scope READ --expires-in 30

    Example: partner-api token create --email ana@example.com --partner northwind
    """
    whose = accounts.Whose(email, partner, staff)
    made = _write(lambda writing: accounts.create_token(writing, whose, name, scope, expires_in))
    typer.echo(made.secret)


@integrations.command("create")
def create_integration(
    name: Annotated[str, typer.Option(callback=_clean, help="What it is called.")],
    scope: Scopes,
    partner: Annotated[
        str | None,
        typer.Option(callback=_clean, metavar="EXTERNAL_ID", help="Whose it is; else the vendor's."),
    ] = None,
) -> None:
    """Make a machine with a token, and print the token.

    Example: partner-api integration create --name Checkout --scope READ --scope CHECKOUT_WRITE
    """
    typer.echo(_write(lambda writing: accounts.create_integration(writing, name, scope, partner)).secret)


@staff.command("create")
def create_staff(
    email: Annotated[str, typer.Option(callback=_clean, help="The address.")],
    name: Annotated[str, typer.Option(callback=_clean, help="The name.")],
    role: Annotated[StaffRole, typer.Option(help="The role.")],
) -> None:
    """Add one of the vendor's staff.

    Example: partner-api staff create --email sam@example.com --name "Sam Lee" --role ADMIN
    """
    person = _write(lambda writing: accounts.create_staff(writing, email, name, role))
    typer.echo(f"{person.node_id} {person.email}")


@mails.command("retry")
def retry_mails(
    since: Annotated[
        int, typer.Option(min=1, max=87_600, metavar="HOURS", help="Mails made in the last hours.")
    ] = 72,
) -> None:
    """Send mails that were refused or given up once more, to those alone who have not got them.

    Example: partner-api mails retry --since 24
    """
    from graphql_api.mail.outbox import retry

    count = _write(lambda writing: retry(writing, writing.now - timedelta(hours=since)))
    typer.echo("1 mail goes again" if count == 1 else f"{count} mails go again")


@cli.command()
def schema() -> None:
    """Print the schema, sorted, as it is kept in schema.graphql.

    Example: partner-api schema > schema.graphql
    """
    from graphql import lexicographic_sort_schema, print_schema

    from graphql_api.schema.root import SCHEMA

    typer.echo(print_schema(lexicographic_sort_schema(SCHEMA._schema)))  # noqa: SLF001 - Strawberry has no public name


@cli.command("check-config")
def check_config() -> None:
    """Read the environment as `serve` does, and say what it comes to.

    Example: partner-api check-config
    """
    settings = _settings()
    settings.secret  # noqa: B018 - say that it is missing
    _tell_of_strays()
    for name, value in settings.shown().items():
        typer.echo(f"{name}={value}")


@cli.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
    data: Annotated[Path, typer.Option(help="Where its database and mails are.")] = Path(".demo"),
) -> None:
    """Run the whole service on demo data; Ctrl-C stops it, a second start goes on where it stopped.

    Example: partner-api demo --port 8000 --data .demo
    """
    from graphql_api.demo.run import run_demo

    run_demo(port, data)


def main() -> None:
    """Run the command that was asked for."""
    try:
        cli()
    except OperatorError as wrong:
        _fail(str(wrong))
    except Refusal as refusal:
        _fail(f"{' '.join(refusal.field)}: {refusal.message}")
    except DBAPIError as error:
        _fail(f"{_told(error)}; is the database there, and migrated?")
    except OSError as error:
        _fail(str(error))
    except Exception as error:  # noqa: BLE001 - a traceback would tell an operator less, and everybody secrets
        _fail(_told(error))


@contextmanager
def _logged() -> Iterator[None]:
    """What ends a service that should have gone on stands in its log with where it came from, and no values."""
    try:
        yield
    except (OperatorError, DBAPIError, OSError):
        raise
    except Exception:
        structlog.get_logger(__name__).exception("ended by a fault")
        raise


def _told(error: Exception) -> str:
    line = in_a_line(error)
    return masked(line) if "://" in line else line


def _fail(says: str) -> None:
    typer.echo(f"partner-api: {says}", err=True)
    sys.exit(1)


def _settings() -> Settings:
    """The environment's; a command asks for them when it has loaded what it needs."""
    collector.tune()
    settings = read_settings()
    configure_logs(settings)
    return settings


def _tell_of_strays() -> None:
    """Say in one line what is set in vain."""
    if told := strays(os.environ):
        typer.echo(f"partner-api: passed over, as there are no such settings: {', '.join(told)}", err=True)


def _write(work: Callable[[Any], Awaitable[Any]]) -> Any:
    async def write(database: Database) -> Any:
        async with database.write(OPERATOR) as writing:
            return await work(writing)

    return _on_database(_settings(), write)


def _on_database(settings: Settings, work: Callable[[Database], Awaitable[Any]]) -> Any:
    async def on_database() -> Any:
        database = Database(settings.database_url, limits=settings.limits)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(on_database())


if __name__ == "__main__":
    main()
