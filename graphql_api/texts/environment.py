"""How texts for people are made: Jinja2 templates, escaped, in the reader's language (D11)."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from graphql_api.models.actor import Locale

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent


@cache
def translations(locale: Locale) -> NullTranslations:
    """The texts of a language, all its files together. English is what the templates are written in."""
    if locale is Locale.EN:
        return NullTranslations()
    found = Translations()
    for path in sorted((FOLDER / "translations" / locale.value.lower()).glob("*.po")):
        found.merge(_translations_in(path))
    return found


def _translations_in(path: Path) -> Translations:
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)


@cache
def environment(locale: Locale) -> Environment:
    """Templates in one language. HTML is escaped; plain text is left as it is."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]
    return made


def render(template: str, locale: Locale, **values: Any) -> str:
    """The template's text, in that language."""
    return environment(locale).get_template(template).render(locale=locale.value.lower(), **values)


def translatable(text: str) -> str:
    """The text itself: marks words in code as in need of a translation, made where they are shown."""
    return text


def gettext(locale: Locale) -> Callable[[str], str]:
    """The translating function of a language, for words that code chooses."""
    return translations(locale).gettext
