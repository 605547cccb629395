"""Text as people type it, checked."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email

from graphql_api.models.refusal import Blank, Invalid, TooLong

NAME_LIMIT = 200
MESSAGE_LIMIT = 2_000
EMAIL_LIMIT = 254

TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows, beyond the text's own end: a name could disguise the sentence around it."""


def cleaned(value: str) -> str:
    """Text without control characters other than line breaks and tabs, and without TURNS; its ends trimmed."""
    if value.isprintable():  # as nearly all text is
        return value.strip()
    kept = (c for c in value if c in "\n\t" or not (c in TURNS or unicodedata.category(c) in {"Cc", "Cs"}))
    return "".join(kept).strip()


def line_of(value: str, *field: str, limit: int = NAME_LIMIT, may_be_blank: bool = False) -> str:
    """One line of text, such as a name, of at most `limit` characters.

    Raises:
        Blank: nothing but white space.
        TooLong: over the limit.

    """
    return _within(" ".join(cleaned(value).split()), field, limit, may_be_blank=may_be_blank)


def message_of(value: str, *field: str) -> str:
    """A text of several lines, such as a reason, of at most 2,000 characters.

    Raises:
        Blank: nothing but white space.
        TooLong: over the limit.

    """
    return _within(cleaned(value), field, MESSAGE_LIMIT, may_be_blank=False)


def email_of(value: str, *field: str) -> str:
    """An e-mail address in the one spelling we keep: lower case.

    Raises:
        Blank: nothing but white space.
        TooLong: over 254 characters.
        Invalid: not an address that mail could be sent to.

    """
    address = line_of(value, *field, limit=EMAIL_LIMIT)
    try:
        found = validate_email(
            address, check_deliverability=False, test_environment=True, allow_smtputf8=False
        )
    except EmailNotValidError as error:
        raise Invalid(*field, message="is not an e-mail address") from error
    return (found.ascii_email or found.normalized).lower()


def _within(text: str, field: tuple[str, ...], limit: int, *, may_be_blank: bool) -> str:
    if _is_invisible(text):
        if may_be_blank:
            return ""
        raise Blank(*field)
    if len(text) > limit:
        raise TooLong(*field, message=f"is longer than {limit} characters")
    return text


def _is_invisible(text: str) -> bool:
    return all(c.isspace() or unicodedata.category(c) == "Cf" for c in text)
