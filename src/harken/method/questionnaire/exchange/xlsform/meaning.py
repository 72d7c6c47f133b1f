"""What a name of the form stands for in the question language, seen from where it is used.

A computed value's kind follows from its expression, which is therefore read first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from harken.method.questionnaire.exchange.say import (
    EMPTY,
    CannotSay,
    Piece,
    decimal,
    words,
)
from harken.method.questionnaire.exchange.xlsform.elements import Element, Scope
from harken.method.questionnaire.values import Kind

_KINDS = {
    "integer": Kind.NUMBER,
    "percentage": Kind.NUMBER,
    "decimal": Kind.NUMBER,
    "range": Kind.NUMBER,
    "date": Kind.DATE,
    "datetime": Kind.DATE,
    "time": Kind.TIME,
    "text": Kind.TEXT,
}
TODAY = Piece("today", Kind.DATE, sure=True)


@dataclass(slots=True)
class Meanings:
    """Pieces by element; ``computed`` reads the expression of a calculation."""

    scope: Scope
    computed: Callable[[Element], Piece]
    dropped: set[int] = field(default_factory=set)
    """Elements (by identity) that are not asked here after all."""

    looped: set[int] = field(default_factory=set)
    """Elements (by identity) that are computed from themselves."""

    lines: dict[int, str] = field(default_factory=dict)
    """The name of the line's number, for repeats (by identity) that hold another."""

    _known: dict[int, Piece] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)

    def of(self, element: Element, here: Element) -> Piece:
        """What an element's value is, from ``here``. Raises CannotSay."""
        piece = self.plain(element)
        if piece.constant is not None or piece.text == "today":
            return piece
        mine = {id(block) for block in (*here.above(), here)}
        outside = any(id(block) not in mine for block in element.repeats)
        if not outside:
            return piece
        return Piece(piece.text, piece.kind, codes=piece.codes, many=True)

    def plain(self, element: Element) -> Piece:
        """What an element's value is, from a place on the same line."""
        if id(element) in self.dropped:
            return EMPTY
        known = self._known.get(id(element))
        if known is None:
            known = self._known[id(element)] = self._plain(element)
        return known

    def forget(self) -> None:
        """Look at every element anew, once options have been taken off."""
        self._known.clear()

    def _plain(self, element: Element) -> Piece:
        kind = element.kind
        if kind in _KINDS:
            return Piece(element.id, _KINDS[kind])
        if kind in {"single", "multiple", "ranking"}:
            return self._choice(element)
        if kind == "acknowledge":
            return Piece(element.id, Kind.CODE, codes=("yes", "no"))
        if kind in {"calculate", "hidden"}:
            return self._computed(element)
        if kind in {"now", "today"}:
            return TODAY
        return EMPTY

    def _choice(self, element: Element) -> Piece:
        if not element.options:
            return Piece(element.id, Kind.TEXT)
        codes = tuple(option.code for option in element.options)
        kind = Kind.CODE if element.kind == "single" else Kind.CODES
        return Piece(element.id, kind, codes=codes)

    def _computed(self, element: Element) -> Piece:
        if id(element) in self._open:
            self.looped.add(id(element))
            return EMPTY
        self._open.add(id(element))
        try:
            made = self.computed(element)
        except CannotSay:
            self.dropped.add(id(element))
            return EMPTY
        finally:
            self._open.discard(id(element))
        if made.empty:
            return EMPTY
        if made.kind is Kind.BOOLEAN:
            return Piece(element.id, Kind.CODE, codes=("true", "false"))
        codes = made.codes
        kind = made.kind
        if kind is Kind.TEXT and codes is None and isinstance(made.constant, str):
            codes = (made.constant,)
        if codes is not None and kind is Kind.TEXT:
            kind = Kind.CODE
        return Piece(element.id, kind, codes=codes)


def as_code(element: Element, value: Piece) -> Piece:
    """A written value as the code that the element's option of that name has here."""
    if element.kind == "acknowledge" and value.constant == "OK":
        return words("yes")
    written = value.constant
    for option in element.options:
        if isinstance(written, Decimal) and decimal(option.name) == written:
            return words(option.code)
        if value.kind is Kind.TEXT and option.name == written:
            return words(option.code)
    return value
