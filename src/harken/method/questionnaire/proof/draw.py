"""The routing as a picture: an SVG that one can read, print and put into a report.

Pages stand below each other in their sections. A rail leaves each question on which
others depend and enters every page or section that depends on it; what it takes stands
beside the page in words. No answer of anybody is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape

from harken.method.questionnaire.document import Questionnaire
from harken.method.questionnaire.printed import Form, Part, Row, printed_form
from harken.method.questionnaire.wording.markup import plain
from harken.method.terms import Language, Mode

LANE, BOX, WORDS = 14, 500, 430
LINE, HEAD, GAP = 30, 46, 18
LONGEST_TEXT, LONGEST_WHEN = 50, 150
_COLOURS = ("#1d5b8f", "#8a3ffc", "#00703c", "#b3540e", "#912b88", "#3d5a5b", "#a8324a")

_STYLE = """\
text{font-family:Arial,Helvetica,sans-serif;fill:#0b0c0c}
.title{font-size:20px;font-weight:bold}.section{font-size:15px;font-weight:bold}
.page{font-size:12px}.id{font-size:11px;fill:#505a5f;font-family:monospace}
.when{font-size:11px;fill:#383f43}.box{fill:#fff;stroke:#b1b4b6}
.asks{fill:#f3f2f1}.sensitive{fill:#fff7e6}.rail{fill:none;stroke-width:1.6}"""


@dataclass(slots=True)
class _Rail:
    """From one question to all that depend on it, in a lane of its own."""

    source: str
    start: float
    ends: list[float] = field(default_factory=list)
    lane: int = 0

    @property
    def last(self) -> float:
        return max(self.ends)


@dataclass(slots=True)
class _Drawing:
    """Lines of SVG while they gather, and where each page stands."""

    top: float = 64
    lines: list[str] = field(default_factory=list)
    at: dict[str, float] = field(default_factory=dict)
    depends: list[tuple[str, float]] = field(default_factory=list)


def draw(
    questionnaire: Questionnaire,
    *,
    title: str = "",
    mode: Mode = Mode.WEB,
    language: Language | None = None,
) -> str:
    """The routing of one instrument as SVG text; the same input gives the same text."""
    form = printed_form(questionnaire, mode=mode, language=language)
    drawing = _Drawing()
    for part, section in zip(form.parts, questionnaire.sections, strict=True):
        condition = section.condition
        _section(drawing, part, condition.names if condition else ())
        for row in part.rows:
            own = questionnaire.question(row.id).own
            _page(drawing, row, part.sensitive, own.names if own else ())
        drawing.top += GAP
    rails = _laned(_rails(drawing))
    lanes = 1 + max((rail.lane for rail in rails), default=0)
    return _svg(form, title or form.id, drawing, rails, lanes)


def _section(drawing: _Drawing, part: Part, names: Iterable[str]) -> None:
    y = drawing.top
    drawing.depends += [(name, y + 10) for name in names]
    drawing.lines.append(
        f'<text class="section" x="0" y="{y + 15:g}">{_cut(plain(part.title), 60)}</text>'
    )
    if part.when:
        drawing.lines += _words(part.when, y + 4)
    drawing.top += HEAD - 14


def _page(drawing: _Drawing, row: Row, sensitive: bool, names: Iterable[str]) -> None:
    y = drawing.top
    middle = y + LINE / 2 - 2
    drawing.at[row.id] = middle
    drawing.depends += [(name, middle) for name in names]
    looks = "box sensitive" if sensitive else "box asks" if row.options else "box"
    drawing.lines += [
        f"<g><title>{escape(plain(row.text))}</title>",
        f'<rect class="{looks}" x="0" y="{y:g}" width="{BOX}" height="{LINE - 4}" rx="3"/>',
        f'<text class="page" x="8" y="{y + 17:g}">{row.number}. '
        f"{_cut(plain(row.text), LONGEST_TEXT)}</text>",
        f'<text class="id" x="{BOX - 6}" y="{y + 17:g}" text-anchor="end">'
        f"{escape(row.id[:26])}</text></g>",
    ]
    if row.when:
        drawing.lines += _words(row.when, y + 4)
    drawing.top += LINE


def _words(text: str, y: float) -> list[str]:
    """A condition in words beside its page, on two lines at most."""
    cut = text if len(text) <= LONGEST_WHEN else f"{text[: LONGEST_WHEN - 1]}…"
    first, rest = cut, ""
    if len(cut) > 78:
        split = cut.rfind(" ", 0, 78)
        first, rest = cut[:split], cut[split + 1 :]
    lines = [
        f'<g><title>{escape(text)}</title><text class="when" x="{BOX + 12}" '
        f'y="{y + (7 if rest else 13):g}">{escape(first)}</text>'
    ]
    if rest:
        lines.append(
            f'<text class="when" x="{BOX + 12}" y="{y + 20:g}">{escape(rest)}</text>'
        )
    return [*lines, "</g>"]


def _rails(drawing: _Drawing) -> Iterator[_Rail]:
    """One rail a question that others depend on, in their order."""
    rails: dict[str, _Rail] = {}
    for name, y in drawing.depends:
        start = drawing.at.get(name)
        if start is not None:
            rails.setdefault(name, _Rail(name, start)).ends.append(y)
    yield from sorted(rails.values(), key=lambda rail: rail.start)


def _laned(rails: Iterable[_Rail]) -> list[_Rail]:
    """Rails side by side where they overlap, short ones next to the boxes."""
    placed: list[_Rail] = []
    for rail in sorted(rails, key=lambda one: one.last - one.start):
        taken = {
            other.lane
            for other in placed
            if other.start <= rail.last and rail.start <= other.last
        }
        rail.lane = next(lane for lane in range(len(placed) + 1) if lane not in taken)
        placed.append(rail)
    return placed


def _rail(rail: _Rail, number: int) -> str:
    x = -12 - LANE * rail.lane
    colour = _COLOURS[number % len(_COLOURS)]
    path = [f"M-2,{rail.start:g} H{x} V{rail.last:g}"]
    path += [f"M{x},{end:g} H-2 m-5,-4 l5,4 l-5,4" for end in sorted(set(rail.ends))]
    return (
        f'<path class="rail" stroke="{colour}" d="{" ".join(path)}">'
        f"<title>{escape(rail.source)}</title></path>"
    )


def _svg(
    form: Form, title: str, drawing: _Drawing, rails: Iterable[_Rail], lanes: int
) -> str:
    left = 24 + LANE * lanes
    width, height = left + BOX + WORDS + 24, drawing.top + 20
    edition = f"{form.id} {form.version}, {form.mode.value}, {form.language}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{form.language}" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(edition)}; {escape(form.digest)}</desc>",
        f"<style>{_STYLE}</style>",
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>',
        f'<g transform="translate({left:g},0)">',
        f'<text class="title" x="0" y="28">{escape(title)}</text>',
        f'<text class="id" x="0" y="46">{escape(edition)}</text>',
    ]
    ordered = sorted(rails, key=lambda rail: rail.start)
    lines += [_rail(rail, number) for number, rail in enumerate(ordered)]
    return "\n".join((*lines, *drawing.lines, "</g>", "</svg>")) + "\n"


def _cut(text: str, most: int) -> str:
    return escape(text if len(text) <= most else f"{text[: most - 1]}…")
