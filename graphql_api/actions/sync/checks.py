"""Checks of single values: each gives the value in the one spelling we keep, or refuses it at its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar

from graphql_api.models.client import ContactRole
from graphql_api.models.refusal import Invalid
from graphql_api.models.text import line_of

Member = TypeVar("Member", bound=StrEnum)

CODE_LIMIT = 100
DOMAIN_LIMIT = 253
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def code_of(value: str, *field: str) -> str:
    """A code of the catalogue, of at most 100 characters.

    Raises:
        Blank, TooLong: as for any line of text.

    """
    return line_of(value, *field, limit=CODE_LIMIT)


def domain_of(value: str, *field: str) -> str:
    """A host name of at least two labels, in lower case and ASCII.

    Raises:
        Blank, TooLong: as for any line of text.
        Invalid: not a name that a site could have; an address such as https://… is none either.

    """
    text = line_of(value, *field, limit=DOMAIN_LIMIT).lower().removesuffix(".")
    labels = _in_ascii(text).split(".")
    if len(labels) == 1 or not all(map(LABEL.fullmatch, labels)) or labels[-1].isdigit():
        raise Invalid(*field, message="is not a domain, as in acme.example")
    return ".".join(labels)


def flag_of(value: object, *field: str) -> bool:
    """Yes or no.

    Raises:
        Invalid: anything else.

    """
    if not isinstance(value, bool):
        raise Invalid(*field, message="is neither true nor false")
    return value


def one_of(members: type[Member], kept_as: Callable[[str], StrEnum] | None = None) -> Callable[..., StrEnum]:
    """The check that a value is one of the members; `kept_as` is the column's type, where that is wider."""
    spelled = ", ".join(members)

    def check(value: str, *field: str) -> StrEnum:
        if value not in set(members):
            raise Invalid(*field, message=f"is none of {spelled}")
        return (kept_as or members)(value)

    return check


def roles_of(value: Iterable[str], *field: str) -> tuple[ContactRole, ...]:
    """The roles of a contact, each once, in the order in which they are defined.

    Raises:
        Invalid: something else is among them.

    """
    check = one_of(ContactRole)
    named = {check(role, *field) for role in value}
    return tuple(role for role in ContactRole if role in named)


def codes_of(value: Iterable[str], *_field: str) -> tuple[str, ...]:
    """Codes of products as they are kept; whether there are such products is asked later."""
    return tuple(" ".join(code.split()) for code in value)


def _in_ascii(text: str) -> str:
    try:
        return text.encode("idna").decode()
    except UnicodeError:
        return ""
