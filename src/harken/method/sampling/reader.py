"""Reads a sample file strictly, a chunk at a time, from bytes to rows.

It never guesses a separator or an encoding and never repeats what a field holds: even
an unknown column is named by its number, since a missing header would be a person.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harken.method.errors import Finding, HarkenError, Place, closest, refuse
from harken.method.sampling import faults
from harken.method.sampling.columns import COLUMNS, Codes, FieldReader, Row, read_row

SOURCE = "sample file"
LINE_LIMIT = 20_000
ROW_LIMIT = 500_000
OTHER_MARKS = {";": "semicolons", "\t": "tabs", "|": "upright bars"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One record read: its line, the row when usable, and what was found."""

    line: int
    row: Row | None
    findings: tuple[Finding, ...]


def read_sample(
    chunks: Iterable[bytes],
    *,
    codes: Codes,
    today: dt.date,
    row_limit: int = ROW_LIMIT,
) -> Iterator[Reading]:
    """Read the rows of a sample file given as chunks of bytes (UTF-8, BOM or not).

    Yields one Reading a record, in order. Raises HarkenError (SAM-001 to SAM-010,
    SAM-022) when the file as a whole cannot be read; rows yielded before then must
    be thrown away by the caller.
    """
    records = _records(_lines(chunks))
    first = next(records, None)
    if first is None:
        raise refuse(faults.EMPTY, Place(SOURCE))
    positions = _header(first[1])
    count = 0
    for line, values in records:
        count += 1
        if count > row_limit:
            raise refuse(faults.TOO_MANY, Place(SOURCE, line), limit=row_limit)
        yield _reading(line, values, positions, codes, today)
    if not count:
        raise refuse(faults.NO_ROWS, Place(SOURCE, 1))


def _reading(
    line: int,
    values: list[str],
    positions: dict[str, int],
    codes: Codes,
    today: dt.date,
) -> Reading:
    if len(values) != len(positions):
        detail = {"found": len(values), "wanted": len(positions)}
        finding = Finding(faults.RAGGED, Place(SOURCE, line), detail)
        return Reading(line, None, (finding,))
    named = {name: values[position - 1] for name, position in positions.items()}
    fields = FieldReader(named, positions, SOURCE, line)
    row = read_row(fields, codes, today=today)
    return Reading(line, row, tuple(fields.findings))


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Decode and cut into lines, refusing a wrong encoding and an endless line."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest, number = "", 0
    for chunk in _checked(chunks):
        try:
            rest += decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise _wrong_encoding(number + rest.count("\n"), error) from None
        *whole, rest = rest.split("\n")
        for text in whole:
            number += 1
            yield _bounded(text, number) + "\n"
        _bounded(rest, number + 1)
    try:
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(number, error) from None
    if rest:
        yield _bounded(rest, number + 1)


def _bounded(text: str, number: int) -> str:
    if len(text) > LINE_LIMIT:
        raise refuse(faults.TOO_LONG, Place(SOURCE, number), limit=LINE_LIMIT)
    return text


def _checked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Refuse UTF-16 by its first bytes or by its zeros."""
    for index, chunk in enumerate(chunks):
        marked = index == 0 and chunk[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
        if marked or b"\0" in chunk:
            looks = " but UTF-16" if marked else "; it holds zero bytes"
            raise refuse(faults.NOT_UTF8, Place(SOURCE), looks=looks)
        yield chunk


def _wrong_encoding(lines_before: int, error: UnicodeDecodeError) -> HarkenError:
    before = error.object[: error.start].count(b"\n")
    line = lines_before + before + 1
    looks = "; it looks like a Windows or Latin encoding"
    return refuse(faults.NOT_UTF8, Place(SOURCE, line), looks=looks)


def _records(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """CSV records that are not blank, each with the line it starts on."""
    reader = csv.reader(lines, strict=True)
    start = 1
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise refuse(faults.NOT_CSV, Place(SOURCE, start)) from None
        if any(value.strip() for value in values):
            yield start, values
        start = reader.line_num + 1


def _header(names: list[str]) -> dict[str, int]:
    """The position of each column from 1; all findings of the header at once."""
    if len(names) == 1:
        for mark, word in OTHER_MARKS.items():
            if mark in names[0]:
                raise refuse(faults.NOT_COMMAS, Place(SOURCE, 1), mark=word)
    findings: list[Finding] = []
    positions: dict[str, int] = {}
    for number, raw in enumerate(names, start=1):
        name, place = raw.strip(), Place(SOURCE, 1, number)
        if name not in COLUMNS:
            near = closest(name.lower().replace(" ", "_"), COLUMNS)
            finding = Finding(faults.UNKNOWN_COLUMN, place, {"number": number}, near)
            findings.append(finding)
        elif name in positions:
            findings.append(Finding(faults.COLUMN_TWICE, place, {"name": name}))
        else:
            positions[name] = number
    findings += [
        Finding(faults.MISSING_COLUMN, Place(SOURCE, 1), {"name": name})
        for name in COLUMNS
        if name not in positions
    ]
    if findings:
        raise HarkenError(*findings)
    return positions
