from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from graphql_api.texts.environment import FOLDER

SOURCES = [("pages/**.html", "jinja2.ext:babel_extract"), ("engagement_page.py", "python")]
PAGE_PO = FOLDER / "translations" / "es" / "page.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def written() -> set[str]:
    keywords = {"_": None, "gettext": None, "translatable": None}
    found = extract_from_dir(FOLDER, SOURCES, keywords=keywords, directory_filter=lambda _: True)
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def translated() -> dict[str, str]:
    with PAGE_PO.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


@pytest.mark.rule("D11")
def test_every_text_of_the_page_is_in_spanish_and_none_is_left_over() -> None:
    assert set(translated()) == written()
    assert [text for text, spanish in translated().items() if not spanish.strip()] == []


@pytest.mark.rule("D11")
def test_a_translation_names_what_the_text_names() -> None:
    for text, spanish in translated().items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(spanish)), text


def test_the_stylesheet_ends_lines_as_its_hash_was_taken() -> None:
    assert b"\r" not in (Path(FOLDER) / "pages" / "page.css").read_bytes()
