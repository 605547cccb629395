"""How texts for people are made: Jinja2 templates, escaped, in the reader's language (D11)."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from graphql_api.models.actor import Locale

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent


@cache
def translations(locale: Locale) -> NullTranslations:
    """The texts of a language. English is what the templates themselves are written in."""
    if locale is Locale.EN:
        return NullTranslations()
    compiled = BytesIO()
    with (FOLDER / "translations" / locale.value.lower() / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)


@cache
def environment(locale: Locale) -> Environment:
    """Templates in one language. HTML is escaped; plain text is left as it is."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]
    return made


def render(template: str, locale: Locale, **values: Any) -> str:  # noqa: ANN401 - whatever the template names
    """The template's text, in that language."""
    return environment(locale).get_template(template).render(locale=locale.value.lower(), **values)


def gettext(locale: Locale) -> Callable[[str], str]:
    """The translating function of a language, for words that code chooses."""
    return translations(locale).gettext
