"""What each row of an XLSForm is called here, which options it has, and its kind."""

from __future__ import annotations

from collections.abc import Mapping

from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.names import Names, code
from harken.method.questionnaire.exchange.xlsform.columns import Typed
from harken.method.questionnaire.exchange.xlsform.elements import (
    SHEET,
    Element,
    Option,
)

_COMPUTABLE = frozenset(
    {
        "text",
        "integer",
        "decimal",
        "date",
        "time",
        "datetime",
        "range",
        "percentage",
        "single",
    }
)


def name_all(
    root: Element, lists: Mapping[str, list[Option]], ids: Names, report: Report
) -> None:
    """An id for every element; its options; kinds that depend on other columns."""
    with_other = {one.type.list for one in root.walk() if one.type.other}
    for element in root.walk():
        if element is root:
            continue
        name = element.name or element.cells.get("type")
        element.id = ids.id(name, "group" if element.children else "q")
        if element.name and element.id != element.name:
            report.add(
                faults.RENAMED, element.row, sheet=SHEET, name=name, new=element.id
            )
        kind = element.type
        if kind.list:
            stem = kind.list.rsplit(".", 1)[0]
            element.options = list(lists.get(kind.list) or lists.get(stem) or ())
        if kind.list in with_other and element.options:
            _add_other(element, report)
        if kind.kind in {"single", "multiple"} and len(element.options) == 1:
            only = element.options[0]
            element.options = [Option(only.name, "yes", only.words, only.facts)]
            element.type = Typed("acknowledge")
        computed = element.cells.get("calculation") and kind.kind in _COMPUTABLE
        if computed:
            element.type = Typed("calculate")
            detail = {
                "type": element.cells.get("type"),
                "as_type": "a computed value",
            }
            report.add(
                faults.OTHER_TYPE,
                element.row,
                sheet=SHEET,
                name=name,
                why="",
                **detail,
            )


def _add_other(element: Element, report: Report) -> None:
    """The option *other*: where one question adds it, every question of the list has it."""
    if any(option.name == "other" for option in element.options):
        return
    codes = {option.code for option in element.options}
    added = Option("other", code("other", codes), {"": "Other"}, {})
    element.options.append(added)
    if not element.type.other:
        report.add(faults.ALSO_OTHER, element.row, sheet=SHEET, name=element.name)
