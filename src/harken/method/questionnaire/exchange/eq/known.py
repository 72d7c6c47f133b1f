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

    marks: dict[str, str] = field(default_factory=dict)
    """Block to an answerable question in it, to ask whether it was asked."""

    where: str = ""
    home: str = ""
    """The block and the roster that are being read."""

    def find(self, fault: Fault, /, **detail: str) -> None:
        """A finding at the block that is being read."""
        named = {"name": self.where} | detail
        self.report.add(fault, sheet=self.where, **named)

    def answer(self, identifier: str) -> Piece:
        """An answer's value, seen from here; empty where it is not asked here."""
        piece = self.pieces.get(identifier)
        if piece is None:
            return say.EMPTY
        home = self.homes.get(identifier, "")
        if home and home != self.home:
            return Piece(piece.text, piece.kind, codes=piece.codes, many=True)
        return piece


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
