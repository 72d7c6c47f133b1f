"""What stands beside the questions of a workbook: lists, languages, settings, columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.names import code
from harken.method.questionnaire.exchange.wording import tags
from harken.method.questionnaire.exchange.xlsform.columns import Cells, cells, heading
from harken.method.questionnaire.exchange.xlsform.elements import SHEET, Option
from harken.method.questionnaire.exchange.xlsform.workbook import Workbook

_SETTINGS = {
    "title", "id", "version", "default_language", "style", "name", "public_key",
    "submission_url", "auto_send", "auto_delete", "instance_name",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """A workbook and the files beside it; findings go to ``report``."""

    book: Workbook
    beside: Mapping[str, bytes]
    report: Report

    def lists(self) -> dict[str, list[Option]]:
        """Every list of options by its name; files by name and by stem."""
        found: dict[str, list[Option]] = {}
        used: dict[str, set[str]] = {}
        by_list: dict[str, set[str]] = {}
        for sheet, prefix in (("choices", ""), ("external_choices", "external ")):
            for number, row in enumerate(self.book.sheets.get(sheet) or (), start=2):
                known = cells(row, number, choices=True)
                listed, name = known.get("list"), known.get("name")
                if listed and name:
                    into = found.setdefault(prefix + listed, [])
                    taken = used.setdefault(prefix + listed, set())
                    names = by_list.setdefault(prefix + listed, set())
                    self.option(into, (taken, names), known)
        for file, data in self.beside.items():
            if file.lower().endswith(".csv"):
                options = _from_csv(data)
                found.setdefault(file, options)
                found.setdefault(file.rsplit(".", 1)[0], options)
        return found

    def option(
        self, into: list[Option], known: tuple[set[str], set[str]], row: Cells
    ) -> None:
        """One row of a list, its name as a code; ``known``: codes and names it has."""
        used, names = known
        name = row.get("name")
        if name in names and row.rest:
            next(one for one in into if one.name == name).also.append(dict(row.rest))
            return
        if name in names:
            detail = {"column": "option", "name": row.get("list"), "expression": name}
            self.report.add(faults.TWICE, row.row, sheet="choices", **detail)
            return
        names.add(name)
        made = code(name, used)
        if made != name:
            self.report.add(
                faults.RENAMED, row.row, sheet="choices", name=name, new=made
            )
        words = row.words("label")
        into.append(Option(name, made, words, dict(row.rest)))

    def languages(self, default: str) -> dict[str, str]:
        """Headings that name a language, the default first, to tags."""
        found: dict[str, None] = {}
        for sheet in ("survey", "choices"):
            for row in self.book.sheets.get(sheet) or ():
                for head in row:
                    column, language = heading(head)
                    if column in {"label", "hint"}:
                        found.setdefault(language)
        named = [one for one in found if one]
        first = default if default in named else (named[0] if named else default)
        ordered = dict.fromkeys([*([first] if first else []), *named])
        made = tags(ordered) if ordered else {}
        for head, tag in made.items():
            if f"({tag})" not in head:
                self.report.add(faults.LANGUAGE, name=head, new=tag)
        if not made:
            return {"": "en"}
        return {**made, "": next(iter(made.values()))}

    def unused(self, given: Mapping[str, str]) -> None:
        """Settings, sheets and columns that stay behind, each once."""
        for key, value in given.items():
            if key not in _SETTINGS or key in {"style", "instance_name"}:
                self.report.add(
                    faults.UNUSED, 2, sheet="settings", column=key, expression=value
                )
        for sheet in ("entities", "osm"):
            if self.book.sheets.get(sheet):
                self.report.add(
                    faults.UNUSED,
                    sheet=sheet,
                    column=f"The sheet {sheet}",
                    expression="rows",
                )
        seen: set[str] = set()
        for number, row in enumerate(self.book.sheets["survey"], start=2):
            known = cells(row, number)
            rest = {**known.rest}
            for name in ("save_to",):
                if known.get(name):
                    rest[name] = known.get(name)
            if known.words("required_message"):
                rest["required_message"] = next(
                    iter(known.words("required_message").values())
                )
            for head, value in rest.items():
                if head not in seen:
                    seen.add(head)
                    detail = {"column": f"The column {head}", "expression": value}
                    self.report.add(faults.UNUSED, number, sheet=SHEET, **detail)


def _from_csv(data: bytes) -> list[Option]:
    text = data.decode("utf-8-sig", "replace").replace("\0", "")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    found: list[Option] = []
    used: set[str] = set()
    for row in rows:
        plain_row = {str(k): str(v) for k, v in row.items() if k and isinstance(v, str)}
        name = plain_row.get("name") or plain_row.get("name_key") or ""
        name = name or next(iter(plain_row.values()), "")
        if name and all(option.name != name for option in found[-1:]):
            label = plain_row.get("label") or name
            found.append(Option(name, code(name, used), {"": label}, plain_row))
    return found
