"""Tables: a value or a marker in each cell, and the same figure in every rendering.

Proves SAF-53 (a hidden cell has no value), QA-05 (the base is printed).
"""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.publication.table import (
    HIDDEN,
    Cell,
    Column,
    Kind,
    Marker,
    Table,
    cell,
    table_csv,
    table_html,
    table_metadata,
)


def make_table(*rows: tuple[Cell, ...], notes: tuple[str, ...] = ()) -> Table:
    """Two columns: a name and a percentage."""
    return Table(
        id="shares",
        title="Shares",
        units="Per cent",
        columns=(Column("name", "Name"), Column("share", "Share", Kind.PERCENT)),
        rows=rows or ((Cell("Told"), Cell(31.25)), (Cell("Kept"), HIDDEN)),
        notes=notes,
    )


class Structure(HTMLParser):
    """The tags of a page, to ask about them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_cell_holds_a_value_or_a_marker_never_both_and_never_neither() -> None:
    with pytest.raises(ValueError, match="either"):
        Cell(3, Marker.CONFIDENTIAL)
    with pytest.raises(ValueError, match="either"):
        Cell()


def test_nothing_is_not_available() -> None:
    assert cell(None).shown(Kind.COUNT) == "[x]"
    assert cell("").shown(Kind.TEXT) == "[x]"
    assert cell(0).shown(Kind.COUNT) == "0"


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(HarkenError, match="PUB-001"):
        make_table((Cell("Told"),))


def test_two_columns_of_one_title_are_refused() -> None:
    twice = (Column("a", "Same"), Column("b", "Same"))
    with pytest.raises(HarkenError, match="PUB-001"):
        Table(id="t", title="T", units="U", columns=twice, rows=())


def test_every_column_and_row_has_a_scoped_heading() -> None:
    page = Structure(table_html(make_table()))
    scopes = [heading.get("scope") for heading in page.named("th")]
    assert scopes == ["col", "col", "row", "row"]
    assert len(page.named("caption")) == 1


def test_a_wide_table_scrolls_in_a_named_region_reached_by_keyboard() -> None:
    region = Structure(table_html(make_table())).named("div")[0]
    assert (region["role"], region["tabindex"]) == ("region", "0")
    assert region["aria-label"] == "Shares"


def test_shorthand_is_explained_below_the_table_that_uses_it() -> None:
    assert "[c] confidential" in table_html(make_table())
    assert "[c]" not in table_html(make_table((Cell("Told"), Cell(1))))


def test_text_of_a_study_is_escaped() -> None:
    assert "<script>" not in table_html(make_table((Cell("<script>"), Cell(1))))


def test_csv_has_one_header_row_and_plain_numbers() -> None:
    counts = (Column("name", "Name"), Column("n", "People", Kind.COUNT))
    rows = ((Cell("All"), Cell(12345)), (Cell("Few"), HIDDEN))
    table = Table(id="t", title="T", units="People", columns=counts, rows=rows)
    assert table_csv(table) == b"Name,People\r\nAll,12345\r\nFew,[c]\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "@cell", "-cmd", "\tx"])
def test_no_text_becomes_a_formula(text: str) -> None:
    line = table_csv(make_table((Cell(text), Cell(1)))).decode().splitlines()[1]
    assert line.startswith(("'", "\"'"))


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), min_size=1), min_size=1))
def test_any_text_reads_back_from_the_csv(names: list[str]) -> None:
    table = make_table(*((Cell(name), Cell(1)) for name in names))
    text = io.StringIO(table_csv(table).decode(), newline="")
    read = [row[0] for row in csv.reader(text)][1:]
    assert [name.removeprefix("'") for name in read] == [
        name.removeprefix("'") for name in names
    ]


def test_the_metadata_describe_the_columns_for_programs() -> None:
    raw = table_metadata(
        make_table(notes=("A note.",)),
        language="en",
        publisher="The Office",
        issued="2026-07-15",
    )
    document = json.loads(raw)
    assert document["url"] == "shares.csv"
    assert document["dc:issued"] == "2026-07-15"
    name, share = document["tableSchema"]["columns"]
    assert (name["datatype"], share["datatype"]) == ("string", "decimal")
    assert "[c]" in share["null"]
    assert "A note." in document["dc:description"]
