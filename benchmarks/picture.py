"""Bar charts as SVG, by hand: groups of bars, each bar in one part or two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from statistics import median

WIDTH, LABELS, NUMBERS, MARGIN = 760, 130, 70, 12
LONGEST = 4
"""A bar is not drawn longer than so many times the median of its group."""
BAR, GAP, TITLE = 16, 6, 34
COLOURS = ("#2563a8", "#9cc3e6")
OURS_COLOURS = ("#c2410c", "#f3b58a")

Bars = Mapping[str, Sequence[float]]
"""By side, the parts of its bar."""


def drawn(groups: Mapping[str, Bars], title: str, parts: Sequence[str] = ()) -> str:
    """The picture. Each group has a scale of its own; `parts` names what the bars are made of."""
    lines, down = [f'<text x="0" y="18" font-size="16" font-weight="bold">{escape(title)}</text>'], TITLE
    lines += _legend(parts)
    for name, bars in groups.items():
        lines += _group(name, bars, down)
        down += TITLE + len(bars) * (BAR + GAP)
    return "\n".join([_opening(down + GAP), *lines, "</svg>\n"])


def _opening(height: int) -> str:
    wide, high = WIDTH + 2 * MARGIN, height + 2 * MARGIN
    box = f'width="{wide}" height="{high}" viewBox="{-MARGIN} {-MARGIN} {wide} {high}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12" fill="#1f2933">\n'
        f'<rect x="{-MARGIN}" y="{-MARGIN}" width="{wide}" height="{high}" fill="#ffffff"/>'
    )


def _legend(parts: Sequence[str]) -> Iterator[str]:
    for place, (part, colour) in enumerate(zip(parts, COLOURS, strict=False)):
        left = WIDTH - 190 + place * 90
        yield f'<rect x="{left}" y="8" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{left + 17}" y="18">{escape(part)}</text>'


def _group(name: str, bars: Bars, down: int) -> Iterator[str]:
    totals = [sum(parts) for parts in bars.values()]
    longest = min(max(totals), LONGEST * median(totals)) if totals else 0
    yield f'<text x="0" y="{down + 20}" font-weight="bold">{escape(name)}</text>'
    for place, (side, parts) in enumerate(sorted(bars.items(), key=lambda item: sum(item[1]))):
        yield from _bar(side, parts, longest or 1, down + TITLE - GAP + place * (BAR + GAP))


def _bar(side: str, parts: Sequence[float], longest: float, top: int) -> Iterator[str]:
    """One bar; what is longer than the longest is cut, and says so."""
    colours = OURS_COLOURS if side.startswith("ours") else COLOURS
    middle, left, total = top + BAR - 4, float(LABELS), sum(parts)
    scale = (WIDTH - LABELS - NUMBERS) / max(longest, total)
    yield f'<text x="{LABELS - 8}" y="{middle}" text-anchor="end">{escape(side)}</text>'
    for part, colour in zip(parts, colours, strict=False):
        width = max(part, 0) * scale
        yield f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>'
        left += width
    yield f'<text x="{left + 6:.1f}" y="{middle}">{total:.3g}{" (cut)" if total > longest else ""}</text>'
