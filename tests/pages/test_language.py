from __future__ import annotations

import pytest

from graphql_api.models.actor import Locale
from graphql_api.pages.language import accepted_locale


@pytest.mark.rule("D11")
@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", Locale.EN),
        ("es", Locale.ES),
        ("es-MX,es;q=0.9,en;q=0.8", Locale.ES),
        ("en-GB,en;q=0.9,es;q=0.8", Locale.EN),
        ("pt-BR, es;q=0.5, en;q=0.4", Locale.ES),
        ("fr, de", Locale.EN),
        ("en;q=0, es;q=0.1", Locale.ES),
        ("fr, *;q=0.5, es;q=0.4", Locale.EN),
        ("es;q=nan, en", Locale.EN),
        ("es;q=7, en;q=0.1", Locale.EN),
        (",;;q=,=", Locale.EN),
    ],
)
def test_a_page_comes_in_the_language_asked_for_first(header: str, locale: Locale) -> None:
    assert accepted_locale(header) is locale


def test_of_a_long_header_only_the_beginning_is_read() -> None:
    assert accepted_locale("fr," * 20_000 + "es") is Locale.EN
    assert accepted_locale("es" + ",en" * 20_000) is Locale.ES
