"""Pieces of Harken expressions: values, joined conditions, and what is not so.

Constants are folded, so that ``true and a`` is written ``a``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from harken.method.questionnaire import functions
from harken.method.questionnaire.values import Kind

OR, AND, NOT, COMPARED, SUM, PRODUCT, UNIT = range(7)
"""How tightly a piece holds together; a looser one is put in brackets."""


class CannotSay(ValueError):
    """The language has no words for this; the message says for what."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an expression.

    ``constant`` is set for written values; ``codes`` are those a choice can have.
    ``sure``: it cannot be missing. ``plain``: turning its comparison round is safe
    because, where it stands, it is answered.
    """

    text: str
    kind: Kind
    level: int = UNIT
    constant: str | Decimal | bool | None = None
    codes: tuple[str, ...] | None = None
    sure: bool = False
    many: bool = False
    guard: Piece | None = None
    """When the piece has a value at all; None: whenever its parts have."""

    @property
    def empty(self) -> bool:
        """Whether it is the empty text, which stands for no answer elsewhere."""
        return self.constant == "" and self.kind is Kind.TEXT

    def inside(self, level: int) -> str:
        """The text, in brackets where ``level`` holds tighter."""
        return self.text if self.level >= level else f"({self.text})"


def truth(value: bool) -> Piece:
    """``true`` or ``false``."""
    return Piece("true" if value else "false", Kind.BOOLEAN, constant=value, sure=True)


def number(value: Decimal | int) -> Piece:
    """A written number."""
    exact = Decimal(value)
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".") or "0"
    level = UNIT if exact >= 0 else PRODUCT
    return Piece(text, Kind.NUMBER, level, constant=exact, sure=True)


def words(value: str) -> Piece:
    """A written text."""
    return Piece(quoted(value), Kind.TEXT, constant=value, sure=True)


EMPTY = Piece("''", Kind.TEXT, constant="")
NO_NUMBER = Piece("number('')", Kind.NUMBER)
NO_DATE = Piece("date(0, 0, 0)", Kind.DATE)


def quoted(value: str) -> str:
    """A text in the quotes that it does not hold itself."""
    flat = re.sub(r"\s*[\r\n]+\s*", " ", value)
    if "'" not in flat:
        return f"'{flat}'"
    if '"' not in flat:
        return f'"{flat}"'
    return '"' + flat.replace('"', "\u201d") + '"'


def call(name: str, *parts: Piece, kind: Kind) -> Piece:
    """A function of the language."""
    return Piece(f"{name}({', '.join(part.text for part in parts)})", kind)


def both(*parts: Piece) -> Piece:
    """Every part holds."""
    return _joined(parts, "and", AND, absorbing=False)


def either(*parts: Piece) -> Piece:
    """At least one part holds."""
    return _joined(parts, "or", OR, absorbing=True)


def _joined(parts: Sequence[Piece], word: str, level: int, absorbing: bool) -> Piece:
    kept: dict[str, Piece] = {}
    for part in parts:
        if part.constant is absorbing:
            return truth(absorbing)
        if part.constant is not (not absorbing):
            kept.setdefault(part.text, part)
    if not kept:
        return truth(not absorbing)
    if len(kept) == 1:
        return next(iter(kept.values()))
    text = f" {word} ".join(part.inside(level) for part in kept.values())
    return Piece(text, Kind.BOOLEAN, level)


def turned(part: Piece) -> Piece:
    """It does not hold."""
    if isinstance(part.constant, bool):
        return truth(not part.constant)
    if part.text.startswith("not ") and part.level == NOT:
        inner = part.text.removeprefix("not ")
        if inner.startswith("("):
            return Piece(inner[1:-1], Kind.BOOLEAN, OR)
        return Piece(inner, Kind.BOOLEAN, COMPARED)
    return Piece(f"not {part.inside(COMPARED)}", Kind.BOOLEAN, NOT)


def compiled(pattern: str) -> Any:
    """A pattern ready for use. Raises CannotSay for one that the language does not have."""
    found = functions.pattern(pattern)
    if found is None:
        raise CannotSay("a pattern of another dialect")
    return found
