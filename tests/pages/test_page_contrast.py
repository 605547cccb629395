from __future__ import annotations

import re

import pytest

from graphql_api.texts.engagement_page import STYLESHEET

WORDS = [
    ("ink", "ground"),
    ("ink", "paper"),
    ("ink", "sea-wash"),
    ("ink", "amber-wash"),
    ("ink", "brick-wash"),
    ("soft", "ground"),
    ("soft", "paper"),
    ("sea", "ground"),
    ("sea-deep", "ground"),
    ("on-sea", "sea"),
    ("on-sea", "sea-deep"),
    ("brick", "paper"),
    ("brick", "brick-wash"),
    ("amber", "amber-wash"),
]
SHAPES = [
    ("edge", "paper"),
    ("brick", "paper"),
    ("focus", "paper"),
    ("focus", "ground"),
    ("focus", "sea-wash"),
]


def palette(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", STYLESHEET, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return colours | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else colours


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_shapes_stand_out_by_day_and_by_night(scheme: str) -> None:
    colours = palette(scheme)
    weak = [pair for pair in WORDS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    weak += [pair for pair in SHAPES if contrast(colours[pair[0]], colours[pair[1]]) < 3]
    assert weak == []
