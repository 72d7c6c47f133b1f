"""The spreadsheet, read back with nothing but the standard library.

Proves QA-05, QA-07: layout of the Analysis Function, the same bytes for the same tables.
"""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from harken.method.publication import Cover
from harken.method.publication.spreadsheet import tables_ods
from harken.method.publication.table import Table
from tests.make.publication import make_figures_of

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
COVER = Cover("A review", "The Office", "en", "2026-07-15", ("First.", "Second."))


def make_tables() -> tuple[Table, ...]:
    """The tables of a small run."""
    return tuple(make_figures_of().tables.values())


def part(name: str) -> ElementTree.Element:
    """One part of the written file."""
    with zipfile.ZipFile(io.BytesIO(tables_ods(COVER, make_tables()))) as archive:
        return ElementTree.fromstring(archive.read(name))


def sheets() -> dict[str, list[list[str]]]:
    """The text of every cell, by sheet."""
    found = {}
    for sheet in part("content.xml").iter(f"{TABLE}table"):
        rows = [
            ["".join(cell.itertext()) for cell in row.iter(f"{TABLE}table-cell")]
            for row in sheet.iter(f"{TABLE}table-row")
        ]
        found[sheet.attrib[f"{TABLE}name"]] = rows
    return found


def test_the_kind_of_file_comes_first_and_unpacked() -> None:
    with zipfile.ZipFile(io.BytesIO(tables_ods(COVER, make_tables()))) as archive:
        first = archive.infolist()[0]
        assert first.filename == "mimetype"
        assert first.compress_type == zipfile.ZIP_STORED
        assert archive.testzip() is None


def test_cover_contents_and_notes_stand_before_the_tables() -> None:
    names = list(sheets())
    assert names[:4] == ["Cover", "Contents", "Notes", "Table_1"]
    assert len(names) == 3 + len(make_tables())


def test_each_sheet_has_its_title_in_a1_and_one_table() -> None:
    found = sheets()
    for number, table in enumerate(make_tables(), 1):
        rows = found[f"Table_{number}"]
        assert rows[0] == [f"Table {number}: {table.title}"]
        assert rows[1] == ["This worksheet contains one table."]
        assert rows[2] == [table.units]
        body = rows[3 + len(table.explanations) :]
        assert body[0] == [column.title for column in table.columns]
        assert len(body) == 1 + len(table.rows)


def test_no_cell_of_a_table_is_empty_and_none_is_merged() -> None:
    content = part("content.xml")
    assert all("".join(c.itertext()) for c in content.iter(f"{TABLE}table-cell"))
    spans = [c for c in content.iter() if f"{TABLE}number-columns-spanned" in c.attrib]
    assert spans == []


def test_a_number_is_a_number_and_a_hidden_one_is_only_shorthand() -> None:
    content = part("content.xml")
    kinds = {
        "".join(cell.itertext()): cell.attrib[f"{OFFICE}value-type"]
        for cell in content.iter(f"{TABLE}table-cell")
    }
    assert kinds["1,204"] == "float"
    assert kinds["[c]"] == "string"
    hidden = [
        c for c in content.iter(f"{TABLE}table-cell") if "".join(c.itertext()) == "[c]"
    ]
    assert all(f"{OFFICE}value" not in cell.attrib for cell in hidden)


def test_every_table_is_marked_up_as_one_with_a_header() -> None:
    ranges = list(part("content.xml").iter(f"{TABLE}database-range"))
    assert len(ranges) == 2 + len(make_tables())
    assert all(r.attrib[f"{TABLE}contains-header"] == "true" for r in ranges)
    first = make_tables()[0]
    start = 4 + len(first.explanations)
    address = ranges[2].attrib[f"{TABLE}target-range-address"]
    assert address.startswith(f"Table_1.A{start}:Table_1.")
    assert address.endswith(str(start + len(first.rows)))


def test_the_contents_link_to_every_sheet() -> None:
    href = "{http://www.w3.org/1999/xlink}href"
    links = [a.attrib[href] for a in part("content.xml").iter(f"{TEXT}a")]
    assert links == [f"#Table_{n}.A1" for n in range(1, len(make_tables()) + 1)]


def test_the_document_has_a_title_and_a_language() -> None:
    meta = part("meta.xml")
    assert [found.text for found in meta.iter(f"{DC}title")] == ["A review"]
    assert [found.text for found in meta.iter(f"{DC}language")] == ["en"]


def test_the_same_tables_give_the_same_bytes() -> None:
    assert tables_ods(COVER, make_tables()) == tables_ods(COVER, make_tables())
