"""Draws the charts of a release as SVG: sorted rows, direct labels, intervals drawn.

Every chart has a title, a description in words and a table twin; a hidden figure is said
in words and has no mark. Colours keep 3:1 against white and never carry meaning alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from textwrap import wrap

WIDTH = 380
SCALE = 240
TEXT = "#1a1f24"
QUIET = "#505a63"
BAR = "#5b8db3"
MARK = "#10293b"
GRID = "#c3cad0"
FAMILY = "Noto Sans, Arial, Helvetica, sans-serif"
BOLD = ' font-weight="bold"'
SLANTED = ' font-style="italic"'
MIDDLE = ' text-anchor="middle"'
END = ' text-anchor="end"'
LINE = 18
CHARACTERS = 48
FOOT = 62


class Shape(StrEnum):
    """How a value is marked: a bar from zero, or a dot for rows not to be added up."""

    BAR = "bar"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a share of 0 to 100 with its interval and base, or nothing when hidden."""

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    base: int | None = None
    unsure: bool = False

    @property
    def words(self) -> str:
        """The row as a sentence, for those who do not see the chart."""
        if self.value is None:
            return f"{self.label}: not shown, too few people."
        limits = ""
        if self.low is not None and self.high is not None:
            limits = f", between {self.low:.0f}% and {self.high:.0f}%"
        base = f", {self.base:,} people" if self.base is not None else ""
        note = ", few people: read with care" if self.unsure else ""
        return f"{self.label}: {self.value:.0f}%{limits}{base}{note}."


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart before it is drawn; ``table`` is the id of the table twin.

    ``title`` states the finding, ``subtitle`` the measure, place and period.
    """

    id: str
    title: str
    subtitle: str
    source: str
    table: str
    bars: tuple[Bar, ...]
    shape: Shape = Shape.BAR
    interval: bool = True

    @property
    def alternative(self) -> str:
        """The whole chart in words; the drawing adds nothing to it."""
        return " ".join((self.subtitle, *(bar.words for bar in self.bars)))


def sort_bars(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Largest first; hidden rows last, in the order of their labels."""
    return tuple(
        sorted(bars, key=lambda b: (b.value is None, -(b.value or 0), b.label))
    )


def chart_svg(chart: Chart) -> str:
    """The chart as one SVG element that stands alone as a file or inside a page."""
    parts: list[str] = []
    y = _heading(chart, parts)
    for bar in chart.bars:
        y = _bar(chart, bar, y, parts)
    parts.append(_scale(y + 16))
    parts.append(_text(0, y + 38, chart.source, size=12, fill=QUIET))
    if chart.interval:
        key = "Line across each mark: 95% interval"
        parts.append(_text(0, y + 56, key, size=12, fill=QUIET))
    height = y + FOOT
    name = escape(chart.id)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{FAMILY}">\n'
        f'<title id="{name}-title">{escape(chart.title)}</title>\n'
        f'<desc id="{name}-desc">{escape(chart.alternative)}</desc>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _heading(chart: Chart, parts: list[str]) -> int:
    y = 0
    for line in wrap(chart.title, 42):
        y += 21
        parts.append(_text(0, y, line, size=16, extra=BOLD))
    for line in wrap(chart.subtitle, 56):
        y += LINE
        parts.append(_text(0, y, line, size=13, fill=QUIET))
    return y + 12


def _bar(chart: Chart, bar: Bar, y: int, parts: list[str]) -> int:
    for line in wrap(bar.label, CHARACTERS) or [""]:
        y += LINE
        parts.append(_text(0, y, line, size=14))
    middle = y + 17
    if bar.value is None:
        parts.append(
            _text(
                0,
                middle + 5,
                "Not shown: too few people",
                size=13,
                fill=QUIET,
                extra=SLANTED,
            )
        )
        return middle + 12
    end = _x(bar.value)
    parts.append(_rules(middle))
    if chart.shape is Shape.BAR:
        parts.append(
            f'<rect x="0" y="{middle - 8}" width="{end}" height="16" fill="{BAR}"/>'
        )
    if bar.low is not None and bar.high is not None:
        parts.append(_whisker(_x(bar.low), _x(bar.high), middle))
    if chart.shape is Shape.DOT:
        parts.append(f'<circle cx="{end}" cy="{middle}" r="6" fill="{BAR}"/>')
    label = f"{bar.value:.0f}%{' [u]' if bar.unsure else ''}"
    parts.append(_text(SCALE + 14, middle + 5, label, size=15, extra=BOLD))
    if bar.base is not None:
        base = f"of {bar.base:,}"
        parts.append(_text(WIDTH, middle + 5, base, size=13, fill=QUIET, extra=END))
    return middle + 12


def _whisker(low: str, high: str, y: int) -> str:
    """The interval as a line with end caps, seen on the bar and beside it."""
    path = f"M{low} {y}H{high}M{low} {y - 4}V{y + 4}M{high} {y - 4}V{y + 4}"
    return f'<path d="{path}" stroke="{MARK}" stroke-width="2" fill="none"/>'


def _rules(y: int) -> str:
    """The light lines of the scale, behind one row only, so that no label is crossed."""
    path = "".join(f"M{_x(share)} {y - 12}V{y + 12}" for share in (0, 25, 50, 75, 100))
    return f'<path d="{path}" stroke="{GRID}" stroke-width="1" fill="none"/>'


def _scale(y: int) -> str:
    parts = []
    for share in (0, 25, 50, 75, 100):
        anchor = {0: "", 100: END}.get(share, MIDDLE)
        label = f"{share}%"
        parts.append(
            _text(float(_x(share)), y, label, size=12, fill=QUIET, extra=anchor)
        )
    return "\n".join(parts)


def _x(share: float) -> str:
    return f"{min(max(share, 0.0), 100.0) / 100 * SCALE:.1f}"


def _text(
    x: float,
    y: float,
    content: str,
    *,
    size: int = 14,
    fill: str = TEXT,
    extra: str = "",
) -> str:
    """A line of text; ``extra`` holds further attributes, ready to write."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}"{extra}>'
        f"{escape(content)}</text>"
    )
