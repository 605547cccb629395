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

INVISIBLE = frozenset(
    map(
        chr,
        [
            0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2065, 0x2800, 0x3164,
            *range(0xFE00, 0xFE10), 0xFFA0, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000),
        ],
    )
)  # fmt: skip
"""What shows nothing though it is neither white space nor a format character: Unicode's default ignorables, and the
empty Braille pattern."""


def cleaned(value: str) -> str:
    """Text without control characters other than line breaks and tabs, and without TURNS; its ends trimmed."""
    if value.isprintable():  # as nearly all text is
        return value.strip()
    return "".join(c for c in value if c in "\n\t" or not _is_dropped(c)).strip()


def is_clean(value: str) -> bool:
    """Whether a line of text has nothing that `cleaned` drops, nor line breaks and tabs."""
    return value.isprintable() or not any(map(_is_dropped, value))


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


def _is_dropped(character: str) -> bool:
    return character in TURNS or unicodedata.category(character) in {"Cc", "Cs"}


def _is_invisible(text: str) -> bool:
    return all(c.isspace() or c in INVISIBLE or unicodedata.category(c) == "Cf" for c in text)
