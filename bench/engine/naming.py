"""Which question here is which there: by the path of names, as the import gives its ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from harken.method.questionnaire.exchange import Carriage, Imported, carriage
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.names import Names as Ids
from harken.method.questionnaire.exchange.xlsform.elements import SHEET, tree
from harken.method.questionnaire.exchange.xlsform.lists import Beside
from harken.method.questionnaire.exchange.xlsform.naming import name_all
from harken.method.questionnaire.exchange.xlsform.workbook import read_workbook

_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
"""The format's own converter makes all quotes straight."""

_ITS_OWN_WAY = re.compile(
    r"format-date(-time)?\(\s*decimal-date-time|\bdate\(\s*concat"
)
"""The specification makes a date of a number of days, and nothing of a text that is none;
the engine makes nothing of the number, and writes 'Invalid Date' for the text."""

LINE = re.compile(r"\[([0-9]+)\]")


@dataclass(slots=True)
class Names:
    """Paths and names of a form to ids and codes here."""

    ids: dict[str, str] = field(default_factory=dict)
    own_codes: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    near: set[str] = field(default_factory=set)
    """What an import says to be approximated or lost, or the engine does in its own way."""

    departing: int = 0
    """So many values are worked out in the engine's own way."""

    @classmethod
    def of(
        cls, made: Imported, data: bytes, name: str, beside: Mapping[str, bytes]
    ) -> Names:
        """The names of one form."""
        found, ids, report = cls(), Ids(), Report(name)
        book = read_workbook(data, name)
        lists = Beside(book, beside, report).lists()
        by_row: dict[int, list[str]] = {}
        root = tree(book.sheets["survey"], lists, report)
        name_all(root, lists, ids, report)
        for element in root.walk():
            if element.parent is None:
                continue
            path = [element.name, *(one.name for one in element.above())]
            found.ids["/".join(reversed(path))] = element.id
            for block in (element, *element.above()):
                by_row.setdefault(block.row, []).append(element.id)
            if _ITS_OWN_WAY.search(element.cells.get("calculation")):
                found.near.add(element.id)
                found.departing += 1
            # An only option is a tick here, and its value its name, as it is there.
            options = element.options if len(element.options) > 1 else ()
            codes = {one.name.translate(_QUOTES): one.code for one in options}
            found.own_codes[element.id] = codes
            found.codes |= codes
        for one in made.findings:
            place = one.place
            if carriage(one) is Carriage.NOTE or one.fault.code == "EXC-202":
                continue
            if place is not None:
                if place.line and place.source.endswith(SHEET):
                    found.near.update(by_row.get(place.line, ()))
                found.near.add(str(one.detail.get("name", "")))
        return found

    def id(self, at: str) -> str:
        """The id that a question of the engine has here."""
        lines = LINE.findall(at)
        line = f"#{'.'.join(lines)}" if lines else ""
        path = LINE.sub("", at).removeprefix("/").partition("/")[2]
        return f"{self.ids.get(f'/{path}', path)}{line}"

    def code(self, name: str, question: str = "") -> str:
        """The code of an option; of one question's, when it is named."""
        own = self.own_codes.get(question)
        return (own or self.codes).get(name, name)
