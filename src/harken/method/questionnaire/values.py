"""What a name may hold: the kinds of value, and the values themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from harken.method.terms import Missing

Value = str | tuple[str, ...] | Decimal | Missing
"""An answer: a code, a text, or a date as ISO text; codes; a number; or why none."""

Values = Mapping[str, Value]

Result = Value | bool
"""What an expression gives; only a condition gives true or false."""


class Kind(StrEnum):
    """What a name holds, or an expression gives."""

    CODE = "one code"
    CODES = "several codes"
    NUMBER = "a number"
    DATE = "a date"
    MONTH = "a month"
    YEAR = "a year"
    ABOUT = "a date as far as it is known"
    TIME = "a time of day"
    TEXT = "free text"
    BOOLEAN = "true or false"
    NOTHING = "no answer"


DATED = frozenset({Kind.DATE, Kind.MONTH, Kind.YEAR, Kind.ABOUT})
"""Kinds that are compared with each other, at the coarser of their precisions."""


@dataclass(frozen=True, slots=True)
class NameType:
    """What a name in a condition may hold; ``codes`` None means any code."""

    kind: Kind
    codes: tuple[str, ...] | None = None

    @classmethod
    def code(cls, codes: Iterable[str] | None = None) -> NameType:
        """A name that holds one code, such as a design variable."""
        return cls(Kind.CODE, None if codes is None else tuple(codes))
