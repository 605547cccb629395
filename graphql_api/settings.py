"""The environment, read once, typed."""

from __future__ import annotations

import os
import re
from email.utils import parseaddr
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graphql_api.models.operator_error import OperatorError
from graphql_api.models.renewal_notice import Milestone, milestones
from graphql_api.models.text import is_clean
from graphql_api.reading.address import flaw_of
from graphql_api.reading.engines import Limits
from graphql_api.urls import is_database, is_web, masked, parts_of

PREFIX = "PARTNER_API_"
SECRET_BYTES = 32
LONGEST = 3_650
DAY = re.compile(r"\s*[0-9]{1,4}\s*")
KEPT = f"whole days from 1 to {LONGEST}, or 0 for ever"
TAKES = {
    "COMPILED": "true or false",
    "DATABASE_POOL": "from 6 to 1000 connections",
    "EMBEDDED_WORKER": "true or false",
    "KEEP_AUDIT_DAYS": KEPT,
    "KEEP_EVENTS_DAYS": KEPT,
    "KEEP_KEYS_DAYS": f"whole days from 7 to {LONGEST}",
    "KEEP_MAILS_DAYS": KEPT,
    "LOG": "console or json",
    "SHUTDOWN_SECONDS": "whole seconds from 1 to 3600",
    "STATEMENT_SECONDS": "whole seconds from 1 to 3600",
}
"""Of the variables that have no check of their own below."""

NOT_BUILT = {PREFIX + name for name in ("OIDC_AUDIENCE", "OIDC_ISSUER", "TRUSTED_DOCUMENTS")}
"""They let fewer in: to pass over one would leave open what somebody thinks is shut."""


class WrongSetting(OperatorError):  # noqa: N818 - named for what the operator did
    """One line that names the variable, what it got and what it takes."""


class Settings(BaseSettings):
    """What an operator can set; README, Running it for real, has the table."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    database_url: str = Field(default="sqlite:///partner-api.db", repr=False)
    secret_key: SecretStr | None = None
    public_url: str = "http://127.0.0.1:8000"
    mail_url: SecretStr = SecretStr("folder://mail")
    mail_from: str = "Partner API <no-reply@localhost>"
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    notice_days: Annotated[tuple[int, ...], NoDecode] = (120,)
    reminder_days: Annotated[tuple[int, ...], NoDecode] = (90, 60, 50)
    embedded_worker: bool | None = Field(
        default=None, description="default: true on SQLite, false on PostgreSQL"
    )
    compiled: bool = True
    database_read_url: str | None = Field(default=None, repr=False)
    database_pool: int = Field(default=20, ge=6, le=1_000)
    statement_seconds: int = Field(default=30, ge=1, le=3_600)
    shutdown_seconds: int = Field(default=10, ge=1, le=3_600)
    keep_events_days: int = Field(default=90, ge=0, le=LONGEST)
    keep_mails_days: int = Field(default=90, ge=0, le=LONGEST)
    keep_keys_days: int = Field(default=7, ge=7, le=LONGEST)
    keep_audit_days: int = Field(default=0, ge=0, le=LONGEST)
    log: Literal["console", "json"] | None = None

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not is_database(value):
            msg = "sqlite:///FILE or postgresql://user:password@host/name"
            raise ValueError(msg)
        return _reachable(value)

    @field_validator("database_read_url")
    @classmethod
    def _replica(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and not (value.startswith("postgresql://") and is_database(value)):
            msg = "postgresql://user:password@host/name, a replica of the database"
            raise ValueError(msg)
        if value and not info.data.get("database_url", "postgresql:").startswith("postgresql:"):
            msg = f"nothing while {PREFIX}DATABASE_URL is not postgresql://…"
            raise ValueError(msg)
        return _reachable(value) if value else None

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(_raw(value.get_secret_value().strip())) < SECRET_BYTES:
            msg = f"at least {SECRET_BYTES} bytes"
            raise ValueError(msg)
        return value

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        parts = parts_of(value)
        if not is_web(parts) or parts.query or parts.fragment or not _is_one_word(value):
            msg = "an http:// or https:// address"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _mail(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        parts = parts_of(url)
        beside = parts.path.strip("/") or parts.query or parts.fragment
        is_server = parts.scheme in {"smtp", "smtps"} and parts.hostname and not beside
        if not (is_server or url.startswith("console:") or url.removeprefix("folder://") not in {"", url}):
            msg = "folder://DIR, console:, smtp://user:password@host:port or smtps://…, percent-encoded"
            raise ValueError(msg)
        return value

    @field_validator("mail_from")
    @classmethod
    def _from(cls, value: str) -> str:
        if "@" not in parseaddr(value)[1] or not is_clean(value):
            msg = "an address, as in Partner API <no-reply@example.com>"
            raise ValueError(msg)
        return value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _origins(cls, value: str | tuple[str, ...]) -> tuple[str, ...]:
        origins = (
            tuple(o.strip().rstrip("/") for o in value.split(",") if o.strip())
            if isinstance(value, str)
            else value
        )
        if not all(map(_is_origin, origins)):
            msg = "comma-separated origins, as in https://app.example.com,https://crm.example.com"
            raise ValueError(msg)
        return origins

    @field_validator("notice_days", "reminder_days", mode="before")
    @classmethod
    def _days(cls, value: str | tuple[int, ...]) -> tuple[int, ...]:
        written = value.split(",") if isinstance(value, str) else value
        days = [int(day) for day in written if DAY.fullmatch(str(day))]
        if (
            len(days) != len(written)
            or len(set(days)) != len(days)
            or not all(0 < day <= LONGEST for day in days)
        ):
            msg = f"comma-separated days before the renewal, each once, from 1 to {LONGEST}, as in 90,60,50"
            raise ValueError(msg)
        return tuple(days)

    @field_validator("reminder_days")
    @classmethod
    def _apart(cls, value: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        if set(value) & set(info.data.get("notice_days", ())):
            msg = f"other days than {PREFIX}NOTICE_DAYS"
            raise ValueError(msg)
        return value

    @property
    def milestones(self) -> list[Milestone]:
        """When notices and reminders are due, earliest first (C12)."""
        return milestones(self.notice_days, self.reminder_days)

    @property
    def secret(self) -> bytes:
        """The service's secret.

        Raises:
            WrongSetting: none is set.

        """
        if self.secret_key is None:
            msg = f"{PREFIX}SECRET_KEY: is not set; it takes at least {SECRET_BYTES} bytes"
            raise WrongSetting(msg)
        return _raw(self.secret_key.get_secret_value())

    def shown(self) -> dict[str, str]:
        """Each variable and what it comes to, without passwords and secrets."""
        values = {PREFIX + name.upper(): str(value) for name, value in self.model_dump().items()}
        hidden = {
            PREFIX + "DATABASE_URL": masked(self.database_url),
            PREFIX + "DATABASE_READ_URL": masked(self.database_read_url or ""),
            PREFIX + "SECRET_KEY": "(set)",
        }
        mail = masked(self.mail_url.get_secret_value())
        lists = {
            PREFIX + name.upper(): ",".join(map(str, getattr(self, name)))
            for name in ("cors_origins", "notice_days", "reminder_days")
        }
        switches = {
            PREFIX + "EMBEDDED_WORKER": str(self.runs_worker).lower(),
            PREFIX + "COMPILED": str(self.compiled).lower(),
        }
        return (
            values
            | hidden
            | lists
            | switches
            | {PREFIX + "MAIL_URL": mail, PREFIX + "LOG": self.log or "by terminal"}
        )

    @property
    def limits(self) -> Limits:
        """What the service's connections keep to, on PostgreSQL."""
        return Limits(self.database_pool, self.statement_seconds)

    @property
    def is_sqlite(self) -> bool:
        """On the embedded database."""
        return self.database_url.startswith("sqlite")

    @property
    def runs_worker(self) -> bool:
        """Whether `serve` runs the worker inside it."""
        return self.is_sqlite if self.embedded_worker is None else self.embedded_worker


def read_settings(**values: Any) -> Settings:
    """Read the environment; `values` win over it.

    Raises:
        WrongSetting: a value is not what its variable takes, or this version cannot do what it asks for.

    """
    for name, value in sorted(os.environ.items()):
        if name.upper() in NOT_BUILT and value.strip():
            raise WrongSetting(
                f"{name}: is set, and this version does not have it; unset it to start without it"
            )
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        takes = TAKES.get(name, first["msg"].removeprefix("Value error, "))
        raise WrongSetting(f"{PREFIX}{name}: got {_got(name, first['input'])}; it takes {takes}") from None


def _is_origin(value: str) -> bool:
    return is_web(parts_of(value)) and value.count("/") == len("//") and _is_one_word(value)


def _is_one_word(value: str) -> bool:
    """Python takes URLs apart as browsers do: it passes over line breaks, and over white space at the ends."""
    return value.split() == [value] and is_clean(value)


def _got(name: str, value: object) -> str:
    if name.endswith("SECRET_KEY"):
        return f"{len(_raw(str(value).strip()))} bytes"
    if isinstance(value, tuple):  # a default that does not go with what was set
        return f"the default {','.join(map(str, value))}"
    if name.endswith("_URL") and "://" not in str(value):
        return "something else"  # perhaps a secret in the wrong place
    return repr(masked(str(value)))


def _reachable(url: str) -> str:
    if url.startswith("postgresql:") and (flaw := flaw_of(url)):
        raise ValueError(flaw)
    return url


def _raw(value: str) -> bytes:
    """The bytes as they stood in the environment, text or not."""
    return value.encode(errors="surrogateescape")
