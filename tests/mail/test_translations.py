from __future__ import annotations

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from graphql_api.texts.environment import FOLDER

SOURCES = [
    ("mails/**.html", "jinja2.ext:babel_extract"),
    ("mails/**.txt", "jinja2.ext:babel_extract"),
    ("words.py", "python"),
]
KEYWORDS = {"_": None, "gettext": None, "translatable": None}
SPANISH = FOLDER / "translations" / "es"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def written() -> set[str]:
    """The texts of the mails' templates and of the words they share with the page."""
    found = extract_from_dir(FOLDER, SOURCES, keywords=KEYWORDS, directory_filter=lambda _: True)
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def translated(name: str) -> dict[str, str]:
    with (SPANISH / name).open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


@pytest.mark.rule("D11")
def test_every_text_of_the_mails_is_in_spanish_and_none_is_left_over() -> None:
    assert len(written()) > 30
    assert set(translated("mails.po")) == written()
    assert [text for text, spanish in translated("mails.po").items() if not spanish.strip()] == []


@pytest.mark.rule("D11")
def test_a_mail_s_translation_names_what_the_text_names() -> None:
    for text, spanish in translated("mails.po").items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(spanish)), text


def test_a_text_of_both_the_mails_and_the_page_has_one_translation() -> None:
    mails, page = translated("mails.po"), translated("page.po")
    assert {text for text in mails.keys() & page.keys() if mails[text] != page[text]} == set()
