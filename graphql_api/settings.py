"""The environment, read once, typed."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graphql_api.models.renewal_notice import Milestone, milestones

PREFIX = "PARTNER_API_"
SECRET_BYTES = 32
LONGEST = 3_650


class WrongSetting(Exception):  # noqa: N818 - named for what the operator did
    """One line that names the variable, what it got and what it takes."""


class Settings(BaseSettings):
    """What an operator can set; operations.md has the table."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    database_url: str = "sqlite:///partner-api.db"
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
    log: Literal["console", "json"] | None = None

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            msg = "sqlite:///FILE or postgresql://user:password@host/name"
            raise ValueError(msg)
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < SECRET_BYTES:
            msg = f"at least {SECRET_BYTES} bytes"
            raise ValueError(msg)
        return value

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
            msg = "an http:// or https:// address"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _mail(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        parts = urlsplit(url)
        if not (
            url.startswith(("folder://", "console:"))
            or (parts.scheme in {"smtp", "smtps"} and parts.hostname)
        ):
            msg = "folder://DIR, console:, smtp://user:password@host:port or smtps://…"
            raise ValueError(msg)
        return value

    @field_validator("mail_from")
    @classmethod
    def _from(cls, value: str) -> str:
        if "@" not in parseaddr(value)[1] or "\n" in value:
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
        if any(
            urlsplit(origin).scheme not in {"http", "https"} or urlsplit(origin).path for origin in origins
        ):
            msg = "comma-separated origins, as in https://app.example.com,https://crm.example.com"
            raise ValueError(msg)
        return origins

    @field_validator("notice_days", "reminder_days", mode="before")
    @classmethod
    def _days(cls, value: str | tuple[int, ...]) -> tuple[int, ...]:
        written = value.split(",") if isinstance(value, str) else value
        days = [int(day) for day in written if str(day).strip().isascii() and str(day).strip().isdigit()]
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
        return self.secret_key.get_secret_value().encode()

    def shown(self) -> dict[str, str]:
        """Each variable and what it comes to, without passwords and secrets."""
        values = {PREFIX + name.upper(): str(value) for name, value in self.model_dump().items()}
        hidden = {
            PREFIX + "DATABASE_URL": _without_password(self.database_url),
            PREFIX + "SECRET_KEY": "(set)",
        }
        mail = _without_password(self.mail_url.get_secret_value())
        lists = {
            PREFIX + name.upper(): ",".join(map(str, getattr(self, name)))
            for name in ("cors_origins", "notice_days", "reminder_days")
        }
        worker = {PREFIX + "EMBEDDED_WORKER": str(self.runs_worker).lower()}
        return (
            values
            | hidden
            | lists
            | worker
            | {PREFIX + "MAIL_URL": mail, PREFIX + "LOG": self.log or "by terminal"}
        )

    @property
    def is_sqlite(self) -> bool:
        """On the embedded database."""
        return self.database_url.startswith("sqlite")

    @property
    def runs_worker(self) -> bool:
        """Whether `serve` runs the worker inside it."""
        return self.is_sqlite if self.embedded_worker is None else self.embedded_worker


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@") if password else url


def read_settings(**values: Any) -> Settings:
    """Read the environment; `values` win over it.

    Raises:
        WrongSetting: a value is not what its variable takes.

    """
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        hidden = name.endswith(("SECRET_KEY", "_URL"))
        got = "a value" if hidden else repr(first["input"])
        takes = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        msg = f"{name}: got {got}; it takes {takes}"
        raise WrongSetting(msg) from None
