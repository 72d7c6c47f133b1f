"""The one table model of a release and its plain renderings: HTML, CSV and CSVW metadata.

A cell is a value or a marker, never both, so a hidden figure has no place to hide in.
Layout and shorthand: Analysis Function, *Releasing statistics in spreadsheets*.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from harken.method.errors import refuse
from harken.method.publication.faults import TABLE_SHAPE


class Marker(StrEnum):
    """Shorthand that stands in place of a value, printed in square brackets."""

    CONFIDENTIAL = "c"
    LOW_RELIABILITY = "u"
    NOT_AVAILABLE = "x"
    NOT_APPLICABLE = "z"

    @property
    def meaning(self) -> str:
        """What the shorthand says, in words."""
        return MEANINGS[self]

    def __str__(self) -> str:
        return f"[{self.value}]"


MEANINGS = {
    Marker.CONFIDENTIAL: "confidential: not shown, to protect the people behind it",
    Marker.LOW_RELIABILITY: "low reliability: stands on few people",
    Marker.NOT_AVAILABLE: "not available",
    Marker.NOT_APPLICABLE: "not applicable",
}


class Kind(StrEnum):
    """What a column holds; it decides alignment, decimals and the CSVW type."""

    TEXT = "text"
    COUNT = "count"
    PERCENT = "percent"
    FINE_PERCENT = "fine_percent"
    NUMBER = "number"


DECIMALS = {Kind.COUNT: 0, Kind.PERCENT: 0, Kind.FINE_PERCENT: 1, Kind.NUMBER: 2}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a key for machines, a title for people, unique in its table."""

    key: str
    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Cell:
    """A value or a marker. A percentage is given as 0 to 100."""

    value: str | float | None = None
    marker: Marker | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.marker is None):
            raise ValueError("a cell holds either a value or a marker")

    def shown(self, kind: Kind) -> str:
        """The cell as a person reads it."""
        if self.marker is not None:
            return str(self.marker)
        if isinstance(self.value, str):
            return self.value
        return f"{self.value:,.{DECIMALS.get(kind, 0)}f}"

    def plain(self, kind: Kind) -> str:
        """The cell as a program reads it: no thousands separators."""
        shown = self.shown(kind)
        number = isinstance(self.value, int | float)
        return shown.replace(",", "") if number else shown


def cell(value: str | float | None, missing: Marker = Marker.NOT_AVAILABLE) -> Cell:
    """A cell of a value, or of the marker when there is none."""
    return Cell(marker=missing) if value is None or value == "" else Cell(value)


HIDDEN = Cell(marker=Marker.CONFIDENTIAL)


@dataclass(frozen=True, slots=True)
class Table:
    """A title, units, notes, columns and rows; the first ``heads`` columns name the row.

    Raises HarkenError PUB-001 when columns repeat or a row has another length.
    """

    id: str
    title: str
    units: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    heads: int = 1

    def __post_init__(self) -> None:
        for names in ([c.key for c in self.columns], [c.title for c in self.columns]):
            if len(set(names)) != len(names):
                raise refuse(TABLE_SHAPE, table=self.id, problem="a column repeats")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise refuse(TABLE_SHAPE, table=self.id, problem="a row has another length")

    @property
    def markers(self) -> tuple[Marker, ...]:
        """The shorthand used in this table, in a fixed order."""
        used = {c.marker for row in self.rows for c in row if c.marker}
        return tuple(marker for marker in Marker if marker in used)

    @property
    def explanations(self) -> tuple[str, ...]:
        """The notes and, after them, the meaning of each shorthand used."""
        return self.notes + tuple(f"{m} {m.meaning}." for m in self.markers)


def table_html(table: Table, *, level: int = 2, caption: str = "") -> str:
    """The table as accessible HTML in a region that can be scrolled by keyboard.

    The caption is the title unless another is given; ``level`` 0 hides it from sight
    but keeps it for a screen reader.
    """
    head = "".join(
        f'<th scope="col"{_number_class(c.kind)}>{escape(c.title)}</th>'
        for c in table.columns
    )
    body = "\n".join(_row_html(table, row) for row in table.rows)
    hidden = ' class="unseen"' if level == 0 else ""
    title = escape(caption or table.title)
    notes = "".join(f"<li>{escape(note)}</li>" for note in table.explanations)
    foot = f'<ul class="notes">{notes}</ul>\n' if notes else ""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{title}">\n'
        f'<table id="{escape(table.id)}"><caption><span{hidden}>{title}</span>'
        f'<span class="units">{escape(table.units)}</span></caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>\n{foot}"
    )


def _row_html(table: Table, row: Sequence[Cell]) -> str:
    parts = []
    for index, (column, item) in enumerate(zip(table.columns, row, strict=True)):
        text = escape(item.shown(column.kind))
        if item.marker is not None:
            text = f'<abbr title="{escape(item.marker.meaning)}">{text}</abbr>'
        if index < table.heads:
            parts.append(f'<th scope="row">{text}</th>')
        else:
            parts.append(f"<td{_number_class(column.kind)}>{text}</td>")
    return f"<tr>{''.join(parts)}</tr>"


def _number_class(kind: Kind) -> str:
    return "" if kind is Kind.TEXT else ' class="number"'


def table_csv(table: Table) -> bytes:
    """The table as CSV: UTF-8, one header row of column titles, RFC 4180 line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_harmless(c.title) for c in table.columns)
    for row in table.rows:
        pairs = zip(table.columns, row, strict=True)
        writer.writerow(_harmless(item.plain(column.kind)) for column, item in pairs)
    return out.getvalue().encode()


def _harmless(text: str) -> str:
    """Text that a spreadsheet will not run as a formula; a number stays a number."""
    if text[:1] in ("=", "+", "@", "\t") or (
        text[:1] == "-" and not text[1:2].isdigit()
    ):
        return "'" + text
    return text


def table_metadata(
    table: Table, *, language: str, publisher: str, issued: str
) -> bytes:
    """The CSV's description as CSV on the Web JSON (W3C, *Tabular metadata*)."""
    kinds = dict.fromkeys(DECIMALS, "decimal") | {Kind.COUNT: "integer"}
    columns = [
        {
            "name": column.key,
            "titles": column.title,
            "datatype": kinds.get(column.kind, "string"),
        }
        | ({} if column.kind is Kind.TEXT else {"null": [str(m) for m in Marker]})
        for column in table.columns
    ]
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
        "url": f"{table.id}.csv",
        "dc:title": table.title,
        "dc:description": " ".join((table.units, *table.explanations)),
        "dc:publisher": publisher,
        "dc:issued": issued,
        "dc:language": language,
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": columns},
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
