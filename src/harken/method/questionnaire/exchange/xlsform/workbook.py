"""A workbook's bytes to rows, through the format's own reader; whatever the bytes are.

Only sheets, headings and cells come out. Two columns of one name are told apart here,
because the reader would refuse the whole file for them.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import xlrd
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import csv_to_dict, xls_to_dict, xlsx_to_dict

from harken.method.errors import Place, refuse
from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import MALFORMED

UNREADABLE = (
    *MALFORMED,
    AssertionError,
    EOFError,
    NotImplementedError,
    OSError,
    ParseError,
    PyXFormError,
    RuntimeError,
    struct.error,
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the readers of workbooks raise on bytes that are none, or are cut or changed."""

Row = Mapping[str, str]

LARGEST = 20_000_000
UNPACKED = 200_000_000
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


class _Nowhere(io.TextIOBase):
    """Where the reader of .xls files writes its warnings: not among a command's words."""

    def write(self, text: str, /) -> int:
        return len(text)


_first, _stdout, *_others = xlrd.open_workbook.__defaults__
xlrd.open_workbook.__defaults__ = (_first, _Nowhere(), *_others)


@dataclass(frozen=True, slots=True)
class Workbook:
    """Sheets by their lower-case name; row 0 of a list is row 2 of the sheet."""

    sheets: Mapping[str, Sequence[Row]]
    doubled: tuple[tuple[str, str], ...] = field(default=())
    """Sheet and heading of columns that stood twice."""


def read_workbook(data: bytes, name: str) -> Workbook:
    """The sheets of an .xlsx, .xls or .csv file.

    Raises HarkenError (EXC-001, EXC-004).
    """
    if len(data) > LARGEST:
        raise refuse(faults.TOO_LARGE, Place(name), size=len(data))
    if data.startswith(_ZIP):
        return _read(data, name, xlsx_to_dict, _plain_sheets)
    if data.startswith(_OLE):
        return _read(data, name, xls_to_dict, _old_sheets)
    text = _text(data, name)
    alone = _survey_alone(text)
    return (
        Workbook({"survey": alone}) if alone else _read(text, name, csv_to_dict, None)
    )


def _survey_alone(text: str) -> list[Row]:
    """The rows of a .csv that is the sheet *survey* and nothing else."""
    try:
        rows = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""))
        heads = {head.strip().lower() for head in rows.fieldnames or () if head}
        if not {"type", "name"} <= heads:
            return []
        return [_row(row) for row in rows]
    except csv.Error:
        return []


Reader = Callable[[Any], dict[str, Any]]
Sheets = Callable[[bytes], list[tuple[str, list[list[object]]]]]


def _read(
    data: bytes | str, name: str, reader: Reader, sheets: Sheets | None
) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if isinstance(data, str):
                return _workbook(reader(io.StringIO(data)))
            _refuse_bomb(data, name)
            try:
                return _workbook(reader(io.BytesIO(data)))
            except UNREADABLE as error:
                if sheets is not None and "Duplicate column" in str(error):
                    return _told_apart(sheets(data))
                if not data.startswith(_ZIP):
                    raise
                return _told_apart(_plain_sheets(bare(data)))
    except UNREADABLE as error:
        kind = type(error).__name__
        raise refuse(
            faults.NOT_READABLE, Place(name), format="a workbook", problem=kind
        ) from None


def bare(data: bytes) -> bytes:
    """An .xlsx with its cells alone: a reader refuses the whole for one odd look in it.

    Looks, names and properties go. Which cells are dates stays.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith(("docProps/", "customXml/", "xl/externalLinks/")):
                continue
            if name.endswith("styles.xml"):
                part = _numbers_alone(part.decode("utf-8", "replace")).encode()
            elif name.endswith("workbook.xml"):
                part = _BESIDE.sub(b"", part)
            new.writestr(name, part)
    return made.getvalue()


def _numbers_alone(styles: str) -> str:
    """A sheet of styles that says of each style how it writes numbers."""
    formats = "".join(f"<numFmt {one}/>" for one in _FORMAT.findall(styles))
    cells = _CELLS.search(styles)
    kinds = _KIND.findall(cells[0]) if cells else ["0"]
    lines = "".join(f'<xf numFmtId="{one}" xfId="0"/>' for one in kinds)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<styleSheet xmlns="{space}"><numFmts>{formats}</numFmts><cellStyleXfs><xf/>'
        f"</cellStyleXfs><cellXfs>{lines}</cellXfs></styleSheet>"
    )


_BESIDE = re.compile(
    rb"<((?:\w+:)?(?:definedNames|externalReferences|pivotCaches))\b.*?</\1>", re.DOTALL
)
_FORMAT = re.compile(r"<(?:\w+:)?numFmt ([^>]*?)/?>")
_CELLS = re.compile(r"<((?:\w+:)?cellXfs)\b.*?</\1>", re.DOTALL)
_KIND = re.compile(r"<(?:\w+:)?xf\b[^>]*?numFmtId=\"(\d+)\"")


def _workbook(sheets: Mapping[str, Any]) -> Workbook:
    found: dict[str, list[Row]] = {}
    for sheet, rows in sheets.items():
        if isinstance(rows, list) and not sheet.endswith("_header"):
            found[sheet] = [_row(row) for row in rows if isinstance(row, dict)]
    return Workbook(found)


def _row(row: Mapping[object, object]) -> Row:
    return {
        str(key): str(value)
        for key, value in row.items()
        if key is not None and value is not None
    }


def _text(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "utf-16"):
        if encoding == "utf-16" and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
            continue
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse(
        faults.NOT_READABLE, Place(name), format="a workbook", problem="not UTF-8"
    )


def _refuse_bomb(data: bytes, name: str) -> None:
    if data.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
        if size > UNPACKED:
            raise refuse(faults.TOO_LARGE, Place(name), size=size)


def _told_apart(sheets: list[tuple[str, list[list[object]]]]) -> Workbook:
    """Every sheet anew, each further column of one heading under a heading of its own."""
    book = openpyxl.Workbook(write_only=True)
    doubled: list[tuple[str, str]] = []
    for title, rows in sheets:
        sheet = book.create_sheet(title[:31])
        seen: dict[object, int] = {}
        for number, row in enumerate(rows):
            cells = list(row)
            if number == 0:
                for place, cell in enumerate(row):
                    if cell in (None, ""):
                        continue
                    seen[cell] = seen.get(cell, 0) + 1
                    if seen[cell] > 1:
                        cells[place] = f"{cell} {seen[cell]}"
                        doubled.append((title, str(cell)))
            sheet.append(cells)
    mended = io.BytesIO()
    book.save(mended)
    mended.seek(0)
    return Workbook(_workbook(xlsx_to_dict(mended)).sheets, tuple(doubled))


def _plain_sheets(data: bytes) -> list[tuple[str, list[list[object]]]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return [
        (sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)])
        for sheet in book.worksheets
    ]


def _old_sheets(data: bytes) -> list[tuple[str, list[list[object]]]]:
    book = xlrd.open_workbook(file_contents=data)
    return [
        (sheet.name, [list(sheet.row_values(row)) for row in range(sheet.nrows)])
        for sheet in book.sheets()
    ]
