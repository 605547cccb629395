"""How texts for people are made: Jinja2 templates, escaped, in the reader's language (D11)."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes, select_autoescape
from jinja2.ext import InternationalizationExtension

from graphql_api.models.actor import Locale

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.parser import Parser

FOLDER = Path(__file__).parent
NAMED = re.compile(r"%\((\w+)\)s")
"""What stands in a text for what is put there."""


class Translating(InternationalizationExtension):
    """Translates {% trans %} when a template is compiled, since each environment has one language."""

    def parse(self, parser: Parser) -> nodes.Output:
        """The text in the environment's language, as if the template were written in it."""
        output: Any = super().parse(parser)
        [call], translate = output.nodes, cast("Callable[[str], str]", self.environment.globals["_"])
        [text], put = call.args, {given.key: given.value for given in call.kwargs}
        output.nodes = [
            put[part] if place % 2 else nodes.TemplateData(part.replace("%%", "%"))
            for place, part in enumerate(NAMED.split(translate(text.value)))
        ]
        return cast("nodes.Output", output)


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
        extensions=[Translating],
    )
    made.newstyle_gettext = True  # type: ignore[attr-defined] # what is put into a text is named with it
    made.globals = {"_": gettext(locale)}  # all that a template calls: each rendering copies them
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
