"""Workbooks made ready for the format's converter of today."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl

from harken.method.questionnaire.exchange.xlsform.columns import typed
from harken.method.questionnaire.exchange.xlsform.workbook import read_workbook


def mended(data: bytes, name: str) -> dict[str, Any]:
    """A workbook's sheets with what the converter of today refuses taken out.

    What a device, a vendor or a database gives is a text that nobody answers, a group may
    not be called meta, and names of options may stand twice.
    """
    sheets = read_workbook(data, name).sheets
    wanted = ("survey", "choices", "settings", "external_choices")
    made = {key: [dict(row) for row in sheets.get(key, ())] for key in wanted}
    made = {key: rows for key, rows in made.items() if rows}
    for row in made.get("survey", []):
        cell = row.get("type", "")
        if typed(cell).kind in {"text", "calculate"}:
            row["type"] = typed(cell).kind
        elif cell.startswith("db:") or (cell and typed(cell).kind in _NOBODYS):
            held = {"type": "hidden", "name": row.get("name") or cell.replace(" ", "_")}
            row.clear()
            row |= held
        if row.get("name") == "meta":
            row["name"] = "meta_"
        for head in list(row):
            if head.startswith("instance::") or head == "save_to":
                del row[head]
    settings = made.get("settings") or [{}]
    settings[0]["allow_choice_duplicates"] = "yes"
    made["settings"] = settings[:1]
    heads = {
        f"{key}_header": [dict.fromkeys(head for row in rows for head in row)]
        for key, rows in made.items()
    }
    return {**made, **heads}


_NOBODYS = {"device", "unknown"}


def without(sheets: dict[str, Any], function: str) -> int:
    """Empty every cell that calls a function which the engine does not know; how many."""
    called = re.compile(rf"\b{re.escape(function)}\s*\(")
    count = 0
    for row in sheets["survey"]:
        for head in [one for one, cell in row.items() if called.search(cell)]:
            del row[head]
            count += 1
        if row.get("type") == "calculate" and not row.get("calculation"):
            row["calculation"] = "''"
    return count


def workbook(sheets: dict[str, Any]) -> bytes:
    """The sheets as a workbook, for the import to take in what the engine took in."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        if title.endswith("_header"):
            continue
        sheet = book.create_sheet(title)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        sheet.append(heads)
        for row in rows:
            sheet.append([row.get(head) for head in heads])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
