"""Charts: drawn as text that can be read, tested and heard.

Proves SAF-53 (no mark for a hidden figure), SAF-51.
"""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from harken.method.publication import chart as room
from harken.method.publication.chart import Bar, Chart, Shape, chart_svg, sort_bars

SVG = "{http://www.w3.org/2000/svg}"


def make_chart(*bars: Bar, shape: Shape = Shape.BAR) -> Chart:
    """A chart of these rows."""
    return Chart(
        id="made",
        title="Told: from 12% to 31%",
        subtitle="Per cent of those asked",
        source="Source: an invented review.",
        table="indicators-sample",
        bars=bars or (Bar("Told", 31, 28, 34, 1204), Bar("Asked")),
        shape=shape,
    )


def drawn(chart: Chart) -> ElementTree.Element:
    """The drawing as XML."""
    return ElementTree.fromstring(chart_svg(chart))


def luminance(colour: str) -> float:
    """WCAG relative luminance of ``#rrggbb``."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_chart_is_an_image_with_a_title_and_a_description() -> None:
    svg = drawn(make_chart())
    assert svg.attrib["role"] == "img"
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    names = svg.attrib["aria-labelledby"].split()
    assert names == [title.attrib["id"], description.attrib["id"]]


def test_the_description_says_every_row_with_its_interval_and_base() -> None:
    words = make_chart().alternative
    assert "Told: 31%, between 28% and 34%, 1,204 people." in words
    assert "Asked: not shown, too few people." in words


def test_a_row_on_few_people_says_so_in_words_and_on_the_mark() -> None:
    chart = make_chart(Bar("Told", 31, 12, 50, 25, unsure=True))
    assert "few people: read with care" in chart.alternative
    assert "31% [u]" in "".join(drawn(chart).itertext())


def test_a_hidden_row_has_words_and_no_mark() -> None:
    svg = drawn(make_chart(Bar("Asked")))
    assert "Not shown: too few people" in "".join(svg.itertext())
    assert svg.findall(f"{SVG}circle") == []
    assert len(svg.findall(f"{SVG}rect")) == 1
    assert svg.findall(f"{SVG}path") == []


def test_the_interval_is_drawn_for_bars_and_for_dots() -> None:
    for shape in Shape:
        svg = drawn(make_chart(Bar("Told", 31, 28, 34, 1204), shape=shape))
        strokes = [path.attrib["stroke"] for path in svg.findall(f"{SVG}path")]
        assert room.MARK in strokes


def test_a_bar_starts_at_zero() -> None:
    bar = drawn(make_chart(Bar("Told", 50, 40, 60, 100))).findall(f"{SVG}rect")[1]
    assert (bar.attrib["x"], float(bar.attrib["width"])) == ("0", room.SCALE / 2)


def test_marks_have_three_to_one_and_words_four_and_a_half_to_one() -> None:
    assert contrast(room.BAR, "#ffffff") >= 3
    assert contrast(room.MARK, room.BAR) >= 3
    assert contrast(room.TEXT, "#ffffff") >= 4.5
    assert contrast(room.QUIET, "#ffffff") >= 4.5


def test_rows_are_sorted_largest_first_and_hidden_last() -> None:
    bars = (Bar("a", 10), Bar("hidden"), Bar("b", 30), Bar("c", 30))
    assert [bar.label for bar in sort_bars(bars)] == ["b", "c", "a", "hidden"]


@given(st.text(max_size=200), st.floats(0, 100))
def test_any_label_gives_sound_xml(label: str, value: float) -> None:
    printable = "".join(c for c in label if c.isprintable())
    drawn(make_chart(Bar(printable, value)))


def test_a_chart_without_intervals_does_not_explain_them() -> None:
    chart = replace(make_chart(Bar("Told", 31)), interval=False)
    assert "interval" not in "".join(drawn(chart).itertext())
