"""Writes tables as one OpenDocument spreadsheet, from zip and XML alone.

Layout after the Analysis Function's *Releasing statistics in spreadsheets*: cover,
contents, notes, then one marked-up table a sheet from cell A1; no merged cell, no empty
cell in a table, no clock: the same tables give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from harken.method.publication.table import Cell, Kind, Marker, Table

_SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WIDTHS = {"wide": "18cm", "text": "6.5cm", "figure": "3.2cm"}
_FORMATS = {
    Kind.COUNT: "count",
    Kind.PERCENT: "count",
    Kind.FINE_PERCENT: "percent",
    Kind.NUMBER: "number",
}


@dataclass(frozen=True, slots=True)
class Cover:
    """What the cover sheet says: title, publisher, language, day and paragraphs."""

    title: str
    publisher: str
    language: str
    issued: str
    paragraphs: tuple[str, ...]


def tables_ods(cover: Cover, tables: Sequence[Table]) -> bytes:
    """The tables as an ODS file. Sheet names are ``Table_1`` and so on, in order."""
    country = "GB" if cover.language == "en" else "none"
    files = {
        "META-INF/manifest.xml": _manifest(),
        "content.xml": _content(cover, tables),
        "meta.xml": _meta(cover),
        "settings.xml": _settings(),
        "styles.xml": _styles(cover.language, country),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _store(archive, "mimetype", _MIME, zipfile.ZIP_STORED)
        for name in sorted(files):
            _store(archive, name, files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _store(archive: zipfile.ZipFile, name: str, text: str, method: int) -> None:
    entry = zipfile.ZipInfo(name, date_time=_EPOCH)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    archive.writestr(entry, text.encode(), compress_type=method)


def _content(cover: Cover, tables: Sequence[Table]) -> str:
    sheets = [_cover_sheet(cover), _contents_sheet(tables), _notes_sheet(tables)]
    ranges = [_range("Contents", 3, 2, len(tables)), _range("Notes", 3, 2, len(Marker))]
    for number, table in enumerate(tables, 1):
        sheets.append(_table_sheet(number, table))
        start = 4 + len(table.explanations)
        columns = len(table.columns)
        ranges.append(_range(f"Table_{number}", start, columns, len(table.rows)))
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}"/></style:style>'
        for name, width in _WIDTHS.items()
    ) + (
        '<style:style style:name="row" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
    )
    return (
        f'{_DECLARATION}<office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(sheets)}"
        f"<table:database-ranges>{''.join(ranges)}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )


def _range(sheet: str, first: int, columns: int, rows: int) -> str:
    """A named, marked-up table: what assistive software announces as one."""
    last = f"{_letters(columns)}{first + rows}"
    return (
        f'<table:database-range table:name="{sheet.lower()}" '
        f'table:target-range-address="{sheet}.A{first}:{sheet}.{last}" '
        'table:contains-header="true" table:display-filter-buttons="false"/>'
    )


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sheet(name: str, widths: Iterable[str], rows: Iterable[str]) -> str:
    columns = "".join(f'<table:table-column table:style-name="{w}"/>' for w in widths)
    return f'<table:table table:name="{name}">{columns}{"".join(rows)}</table:table>'


def _row(*cells: str) -> str:
    return f'<table:table-row table:style-name="row">{"".join(cells)}</table:table-row>'


def _text(value: str, style: str = "body", link: str = "") -> str:
    inner = escape(value)
    if link:
        inner = (
            f'<text:a xlink:type="simple" xlink:href={quoteattr(link)}>{inner}</text:a>'
        )
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{inner}</text:p></table:table-cell>"
    )


def _figure(item: Cell, kind: Kind) -> str:
    """A number stays a number, rounded as printed, so sums use what readers see."""
    if item.marker is not None or isinstance(item.value, str):
        return _text(item.shown(kind), "body" if kind is Kind.TEXT else "shorthand")
    return (
        f'<table:table-cell table:style-name="{_FORMATS.get(kind, "count")}" '
        f'office:value-type="float" office:value="{item.plain(kind)}">'
        f"<text:p>{escape(item.shown(kind))}</text:p></table:table-cell>"
    )


def _cover_sheet(cover: Cover) -> str:
    lines = [_row(_text(cover.title, "title"))]
    lines += [_row(_text(line)) for line in cover.paragraphs]
    return _sheet("Cover", ["wide"], lines)


def _contents_sheet(tables: Sequence[Table]) -> str:
    lines = [
        _row(_text("Contents", "title")),
        _row(_text("This worksheet contains one table. It links the others.", "line")),
        _row(_text("Worksheet", "head"), _text("Table", "head")),
    ]
    for number, table in enumerate(tables, 1):
        name = f"Table_{number}"
        link = _text(f"Table {number}", "body", f"#{name}.A1")
        lines.append(_row(link, _text(table.title)))
    return _sheet("Contents", ["figure", "wide"], lines)


def _notes_sheet(tables: Sequence[Table]) -> str:
    lines = [
        _row(_text("Notes", "title")),
        _row(_text("This worksheet contains one table, of the shorthand.", "line")),
        _row(_text("Shorthand", "head"), _text("Meaning", "head")),
    ]
    lines += [_row(_text(str(m)), _text(m.meaning)) for m in Marker]
    return _sheet("Notes", ["figure", "wide"], lines)


def _table_sheet(number: int, table: Table) -> str:
    lines = [
        _row(_text(f"Table {number}: {table.title}", "title")),
        _row(_text("This worksheet contains one table.", "line")),
        _row(_text(table.units, "line")),
    ]
    lines += [_row(_text(note, "line")) for note in table.explanations]
    lines.append(_row(*(_text(column.title, "head") for column in table.columns)))
    for cells in table.rows:
        pairs = zip(cells, table.columns, strict=True)
        lines.append(_row(*(_figure(item, column.kind) for item, column in pairs)))
    widths = ["text" if c.kind is Kind.TEXT else "figure" for c in table.columns]
    return _sheet(f"Table_{number}", widths, lines)


def _manifest() -> str:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (
            ("/", _MIME),
            ("content.xml", "text/xml"),
            ("meta.xml", "text/xml"),
            ("settings.xml", "text/xml"),
            ("styles.xml", "text/xml"),
        )
    )
    return (
        f'{_DECLARATION}<manifest:manifest xmlns:manifest="{space}" '
        f'manifest:version="1.3">{entries}</manifest:manifest>'
    )


def _meta(cover: Cover) -> str:
    return (
        f'{_DECLARATION}<office:document-meta {_SPACES} office:version="1.3"><office:meta>'
        f"<dc:title>{escape(cover.title)}</dc:title>"
        f"<dc:creator>{escape(cover.publisher)}</dc:creator>"
        f"<dc:language>{escape(cover.language)}</dc:language>"
        f"<dc:date>{escape(cover.issued)}T00:00:00</dc:date>"
        "</office:meta></office:document-meta>"
    )


def _settings() -> str:
    """The file opens on the cover."""
    return (
        f'{_DECLARATION}<office:document-settings {_SPACES} office:version="1.3">'
        '<office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views">'
        "<config:config-item-map-entry>"
        '<config:config-item config:name="ActiveTable" config:type="string">Cover'
        "</config:config-item></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set></office:settings>"
        "</office:document-settings>"
    )


def _styles(language: str, country: str) -> str:
    def number(name: str, decimals: int) -> str:
        return (
            f'<number:number-style style:name="n-{name}"><number:number '
            f'number:min-integer-digits="1" number:decimal-places="{decimals}" '
            f'number:min-decimal-places="{decimals}" number:grouping="true"/>'
            "</number:number-style>"
        )

    def cells(name: str, text: str, paragraph: str = "", data: str = "") -> str:
        wrap = "no-wrap" if name in ("line", "title") else "wrap"
        return (
            f'<style:style style:name="{name}" style:family="table-cell"'
            f"{f' style:data-style-name={quoteattr(data)}' if data else ''}>"
            f'<style:table-cell-properties fo:wrap-option="{wrap}" '
            f'style:vertical-align="top"/><style:paragraph-properties {paragraph}/>'
            f'<style:text-properties fo:font-family="Arial" fo:font-size="{text}"/>'
            "</style:style>"
        )

    bold = '12pt" fo:font-weight="bold'
    right = 'fo:text-align="end"'
    return (
        f'{_DECLARATION}<office:document-styles {_SPACES} office:version="1.3">'
        '<office:styles><style:default-style style:family="table-cell">'
        f'<style:text-properties fo:language="{escape(language)}" '
        f'fo:country="{country}"/></style:default-style>'
        f"{number('count', 0)}{number('percent', 1)}{number('number', 2)}"
        f"{cells('title', bold.replace('12pt', '15pt'))}{cells('head', bold)}"
        f"{cells('body', '12pt')}{cells('line', '12pt')}"
        f"{cells('shorthand', '12pt', right)}"
        f"{cells('count', '12pt', right, 'n-count')}"
        f"{cells('percent', '12pt', right, 'n-percent')}"
        f"{cells('number', '12pt', right, 'n-number')}"
        "</office:styles></office:document-styles>"
    )
