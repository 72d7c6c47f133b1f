"""Makes small workbooks in memory, and imports them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import openpyxl

from harken.method.questionnaire.exchange import Imported, import_file

Rows = Sequence[Mapping[str, object]]

YES_NO = [
    {"list_name": "yn", "name": "1", "label": "Yes"},
    {"list_name": "yn", "name": "0", "label": "No"},
]


def workbook(**sheets: Rows) -> bytes:
    """The bytes of a workbook with these sheets; headings come from the rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        sheet.append(heads)
        for row in rows:
            sheet.append([row.get(head) for head in heads])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def imported(
    *survey: Mapping[str, object],
    choices: Rows = YES_NO,
    settings: Rows = (),
    beside: Mapping[str, bytes] | None = None,
) -> Imported:
    """A form of these survey rows, imported."""
    sheets: dict[str, Rows] = {"survey": survey, "choices": choices}
    if settings:
        sheets["settings"] = settings
    return import_file(workbook(**sheets), "form.xlsx", beside=beside)


def codes(made: Imported) -> list[str]:
    """The codes of an import's findings, in order."""
    return [finding.fault.code for finding in made.findings]


def condition(made: Imported, name: str) -> str:
    """The condition of a question as written, or nothing."""
    own = made.questionnaire.question(name).own
    return own.text if own else ""
