"""Tables and pictures."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from benchmarks.figures import Figures, medians
from benchmarks.picture import drawn
from benchmarks.results import table

SVG = "{http://www.w3.org/2000/svg}"


def test_a_table_is_markdown_with_numbers_to_the_right() -> None:
    lines = [*table(("side", "CPU ms"), iter([["ours", "1.5"], ["floor", "10.25"]]))]
    assert lines == [
        "| side  | CPU ms |",
        "| ----- | -----: |",
        "| ours  |    1.5 |",
        "| floor |  10.25 |",
    ]


def test_each_figure_has_its_own_median() -> None:
    rounds = [Figures(1, 9, 1, 1, 1, 1), Figures(2, 7, 1, 1, 1, 1), Figures(3, 8, 1, 1, 1, 1)]
    assert medians(rounds) == Figures(2, 8, 1, 1, 1, 1)


def test_cpu_is_the_servers_and_the_databases() -> None:
    assert Figures(1.5, 0.5, 0, 0, 0, 0).cpu == 2


def test_a_picture_has_a_bar_of_two_parts_for_each_side() -> None:
    root = ET.fromstring(drawn({"a < b": {"ours": (1.0, 0.5), "other": (4.0, 0.0)}}, "CPU"))  # noqa: S314 - our own
    widths = [float(bar.get("width", 0)) for bar in root.iter(f"{SVG}rect")][-4:]
    assert [round(width / widths[2], 3) for width in widths] == [0.25, 0.125, 1.0, 0.0]
    assert "a < b" in [text.text for text in root.iter(f"{SVG}text")]


def test_a_bar_that_would_dwarf_the_others_is_cut() -> None:
    picture = drawn({"dashboard": {"ours": (1.0,), "other": (2.0,), "slow": (40.0,)}}, "CPU")
    assert "40 (cut)" in picture
    assert picture.count("(cut)") == 1
