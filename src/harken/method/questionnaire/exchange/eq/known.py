"""What is known of a schema while it is read: answers, lists, totals, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harken.method.errors import Fault
from harken.method.questionnaire.exchange import say
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.names import Names
from harken.method.questionnaire.exchange.say import Piece
from harken.method.questionnaire.exchange.tree import Item
from harken.method.questionnaire.values import Kind

Json = Mapping[str, Any]


@dataclass(slots=True)
class Known:
    """Answers by id: what each is in an expression, and its options' codes."""

    report: Report
    language: str
    ids: Names = field(default_factory=Names)
    pieces: dict[str, Piece] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Answer to the code of each of its values."""

    homes: dict[str, str] = field(default_factory=dict)
    """Answer to the roster it stands in."""

    lists: dict[str, str] = field(default_factory=dict)
    """List to the name of the computed number of its lines."""

    totals: dict[str, Piece] = field(default_factory=dict)
    """Calculated summary to the computed value of its total."""

    marks: dict[tuple[str, str], str] = field(default_factory=dict)
    """Roster and block to an answerable question in it, to ask whether it was asked."""

    rosters: dict[str, str] = field(default_factory=dict)
    """Roster to the list that it has a line for each item of."""

    filled: set[str] = field(default_factory=set)
    """Lists that have a line for everybody."""

    partly: set[str] = field(default_factory=set)
    """Questions that only some are asked."""

    denying: bool = False
    """Whether a rule that keeps out is being read: there it matters who was asked."""

    helpers: list[Item] = field(default_factory=list)
    """Computed values that the words of the next question show."""

    where: str = ""
    home: str = ""
    part: str = ""
    pair: str = ""
    """The block, the roster and the section that are being read; the name of the outer
    line in a question about a pair of lines."""

    _shown: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, fault: Fault, /, **detail: str) -> None:
        """A finding at the block that is being read."""
        named = {"name": self.where} | detail
        self.report.add(fault, sheet=self.where, **named)

    def answer(self, identifier: str, item: str = "") -> Piece:
        """An answer's value, seen from here; empty where it is not asked here.

        ``item`` says whose answer is meant where a question is about a pair.
        """
        piece = self.pieces.get(identifier)
        if piece is None:
            return say.EMPTY
        home = self.homes.get(identifier, "")
        if not home or home == self.home:
            return piece
        listed = self.rosters.get(home)
        if listed and listed == self.rosters.get(self.home):
            later = self.pair and item == "to_list_item_id"
            same = f"on_line({piece.text}, {self.pair if later else 'line'})"
            return Piece(same, piece.kind, codes=piece.codes)
        return Piece(piece.text, piece.kind, codes=piece.codes, many=True)

    def shown(self, piece: Piece) -> Piece:
        """A value that words can show: under a name of its own, unless it has one."""
        if not set(piece.text) & set("( "):
            return piece
        key = (self.part, piece.text)
        name = self._shown.get(key)
        if name is None:
            name = self._shown[key] = self.ids.id("shown")
            self.helpers.append(Item(name, "computed", value=piece.text))
        return Piece(name, piece.kind, codes=piece.codes)


def texts(value: object) -> str:
    """A text, or nothing."""
    return value if isinstance(value, str) else ""


def several(value: object) -> list[Any]:
    """A list, or nothing."""
    return value if isinstance(value, list) else []


def mapping(value: object) -> Json:
    """A mapping, or nothing."""
    return value if isinstance(value, dict) else {}


NUMBERS = {
    "Number": Kind.NUMBER,
    "Currency": Kind.NUMBER,
    "Percentage": Kind.NUMBER,
    "Unit": Kind.NUMBER,
    "Duration": Kind.NUMBER,
}
KINDS = NUMBERS | {
    "TextField": Kind.TEXT,
    "TextArea": Kind.TEXT,
    "MobileNumber": Kind.TEXT,
    "Date": Kind.DATE,
    "MonthYearDate": Kind.MONTH,
    "YearDate": Kind.YEAR,
}
