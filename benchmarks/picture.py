"""Bar charts as SVG, by hand: a group of bars for each operation, each bar in two parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

WIDTH, LABELS, NUMBERS = 760, 130, 70
BAR, GAP, TITLE = 16, 6, 34
COLOURS = ("#2563a8", "#9cc3e6")
OURS_COLOURS = ("#c2410c", "#f3b58a")
PARTS = ("server", "database")

Bars = Mapping[str, tuple[float, float]]
"""By side, the two parts of its bar."""


def drawn(groups: Mapping[str, Bars], title: str) -> str:
    """The picture. Each group has a scale of its own."""
    lines, down = [f'<text x="0" y="18" font-size="16" font-weight="bold">{escape(title)}</text>'], TITLE
    lines.append(_legend())
    for name, bars in groups.items():
        lines += _group(name, bars, down)
        down += TITLE + len(bars) * (BAR + GAP)
    return "\n".join([_opening(down + GAP), *lines, "</svg>\n"])


def _opening(height: int) -> str:
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12" fill="#1f2933">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    )


def _legend() -> str:
    return "".join(
        f'<rect x="{WIDTH - 190 + place * 90}" y="8" width="12" height="12" fill="{COLOURS[place]}"/>'
        f'<text x="{WIDTH - 173 + place * 90}" y="18">{part}</text>'
        for place, part in enumerate(PARTS)
    )


def _group(name: str, bars: Bars, down: int) -> Iterator[str]:
    longest = max((sum(parts) for parts in bars.values()), default=0) or 1
    scale = (WIDTH - LABELS - NUMBERS) / longest
    yield f'<text x="0" y="{down + 20}" font-weight="bold">{escape(name)}</text>'
    for place, (side, parts) in enumerate(sorted(bars.items(), key=lambda item: sum(item[1]))):
        yield _bar(side, parts, scale, down + TITLE - GAP + place * (BAR + GAP))


def _bar(side: str, parts: tuple[float, float], scale: float, top: int) -> str:
    colours = OURS_COLOURS if side.startswith("ours") else COLOURS
    middle, first, second = top + BAR - 4, parts[0] * scale, parts[1] * scale
    return (
        f'<text x="{LABELS - 8}" y="{middle}" text-anchor="end">{escape(side)}</text>'
        f'<rect x="{LABELS}" y="{top}" width="{first:.1f}" height="{BAR}" fill="{colours[0]}"/>'
        f'<rect x="{LABELS + first:.1f}" y="{top}" width="{second:.1f}" height="{BAR}" fill="{colours[1]}"/>'
        f'<text x="{LABELS + first + second + 6:.1f}" y="{middle}">{sum(parts):.2f}</text>'
    )
