"""The client's page as text: HTML made of data, in the reader's language, without request or database."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup

from graphql_api.models.actor import Locale
from graphql_api.models.confirmation_link import LinkStatus
from graphql_api.models.decision import Decision
from graphql_api.models.refusal import Refusal, RefusalCode
from graphql_api.models.statement import Statement
from graphql_api.texts.environment import gettext, render, translatable
from graphql_api.texts.words import date_in_words, duration_in_words, product_in_words

STYLESHEET = (Path(__file__).parent / "pages" / "page.css").read_text(encoding="utf-8")
STYLESHEET_HASH = "sha256-" + b64encode(sha256(STYLESHEET.encode()).digest()).decode()
"""What a Content-Security-Policy names to let these styles, and no others, work."""

LANGUAGES = {Locale.EN: "English", Locale.ES: "Español"}


class Notice(StrEnum):
    """Why an answer was not taken although nothing in it was wrong."""

    CHANGED = "CHANGED"
    """The statement is another one than when it was opened (C18)."""
    ANSWERED = "ANSWERED"
    """Somebody had answered before (C20)."""


class Problem(StrEnum):
    """Why there is no statement to show."""

    NOT_FOUND = "NOT_FOUND"
    TOO_LARGE = "TOO_LARGE"
    WRONG_TYPE = "WRONG_TYPE"
    WRONG_METHOD = "WRONG_METHOD"
    FAILED = "FAILED"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody typed, kept as it was, and what the rules have against it."""

    name: str = ""
    email: str = ""
    reason: str = ""
    refusals: Sequence[Refusal] = ()

    def complaints(self, locale: Locale) -> dict[str, str]:
        """A sentence for each field that needs another look, in the order of the page."""
        found = {refusal.field[-1]: _complaint(refusal, locale) for refusal in reversed(self.refusals)}
        return {field: found[field] for field in FIELDS if field in found}


FIELDS = ("seenVersion", "name", "email", "decision", "reason")
COMPLAINTS = {
    ("name", RefusalCode.BLANK): translatable("Enter your name."),
    ("name", RefusalCode.TOO_LONG): translatable("The name is too long. It may have up to 200 characters."),
    ("email", RefusalCode.BLANK): translatable("Enter your e-mail address."),
    ("email", RefusalCode.TOO_LONG): translatable("The e-mail address is too long."),
    ("email", RefusalCode.INVALID): translatable("Enter a full e-mail address, such as ana@example.com."),
    ("reason", RefusalCode.BLANK): translatable("To reject, say what is not correct."),
    ("reason", RefusalCode.REASON_REQUIRED): translatable("To reject, say what is not correct."),
    ("reason", RefusalCode.TOO_LONG): translatable(
        "The reason is too long. It may have up to 2,000 characters."
    ),
    ("decision", RefusalCode.INVALID): translatable("Choose one of the two answers: confirm or reject."),
    ("seenVersion", RefusalCode.INVALID): translatable(
        "The form did not arrive complete. Please send it again."
    ),
}
ANYTHING_ELSE = translatable("Please check what you entered here.")

TITLES = {
    Problem.NOT_FOUND: translatable("There is nothing at this address"),
    Problem.TOO_LARGE: translatable("That was too much text"),
    Problem.WRONG_TYPE: translatable("The form could not be read"),
    Problem.WRONG_METHOD: translatable("This page cannot do that"),
    Problem.FAILED: translatable("Something went wrong on our side"),
    Problem.UNAVAILABLE: translatable("The page is not available at the moment"),
}
ADVICE = {
    Problem.NOT_FOUND: translatable(
        "The link may have been copied incompletely, or it may no longer exist. Please open it again from the"
        " message that you received, or ask your partner for a new one."
    ),
    Problem.TOO_LARGE: translatable("Nothing was recorded. Please go back and shorten what you wrote."),
    Problem.WRONG_TYPE: translatable(
        "Nothing was recorded. Please open the link again and answer on the page."
    ),
    Problem.WRONG_METHOD: translatable(
        "Nothing was recorded. Please open the link again and answer on the page."
    ),
    Problem.FAILED: translatable(
        "Please open the link again in a few minutes: the page will show whether your answer has arrived."
    ),
    Problem.UNAVAILABLE: translatable(
        "This should be over soon. Please open the link again in a minute. If you have sent an answer, the page will"
        " show whether it has arrived."
    ),
}


def engagement_page(
    statement: Statement,
    locale: Locale,
    *,
    version: int = 1,
    form: Form | None = None,
    notice: Notice | None = None,
    decision: Decision | None = None,
    preview: bool = False,
) -> str:
    """The page at a link's URL.

    Pending links have a form that sends back what was seen (C18): `version`, and the statement's hash. Decided ones
    show the answer.
    A preview looks the same, marked as one, and nothing on it can be pressed (B11, B33).
    """
    form = form or Form()
    return render(
        "pages/engagement.html",
        locale,
        **_frame(preview=preview),
        **_stated(statement, locale),
        **_answered(decision, locale),
        version=version,
        form=form,
        complaints=form.complaints(locale),
        notice=notice,
    )


def problem_page(problem: Problem, locale: Locale, *, reference: str | None = None) -> str:
    """A page that says what is wrong and what to do now; `reference` finds the same event in our log."""
    say = gettext(locale)
    title, advice = say(TITLES[problem]), say(ADVICE[problem])
    return render("pages/problem.html", locale, **_frame(), title=title, advice=advice, reference=reference)


def _frame(*, preview: bool = False) -> dict[str, Any]:
    languages = {known.value.lower(): name for known, name in LANGUAGES.items()}
    return {
        "stylesheet": Markup(STYLESHEET),  # noqa: S704 - our own file
        "languages": languages,
        "preview": preview,
    }


def _stated(statement: Statement, locale: Locale) -> dict[str, Any]:
    duration = statement.onboarding_duration
    return {
        "statement": statement,
        "partner": _isolated(statement.partner_name),
        "client": _isolated(statement.client_name) if statement.client_name else None,
        "products": [
            (_isolated(product_in_words(product, locale)), product.onboarding_type_name)
            for product in statement.products
        ],
        "duration": duration and duration_in_words(duration, locale),
    }


def _answered(decision: Decision | None, locale: Locale) -> dict[str, Any]:
    return {
        "decision": decision,
        "confirmed": decision is not None and decision.status is LinkStatus.CONFIRMED,
        "decided_at": decision and date_in_words(decision.decided_at, locale),
    }


def _isolated(text: str) -> Markup:
    """Somebody else's words within our sentence: letters that run the other way turn nothing around them."""
    return Markup("<bdi>{}</bdi>").format(text)


def _complaint(refusal: Refusal, locale: Locale) -> str:
    return gettext(locale)(COMPLAINTS.get((refusal.field[-1], refusal.code), ANYTHING_ELSE))
