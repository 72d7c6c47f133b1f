"""The table of functions: what each takes, what it gives, how it is worked out.

A strict function with a missing argument is missing, or false where it gives true or
false. The few lazy ones look at missingness itself; ``evaluate`` and ``reference``
know them by name. The page of the reference manual is made from this table.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import re2

from harken.method.questionnaire import days
from harken.method.questionnaire.values import Kind

Takes = tuple[frozenset[Kind], ...]

_SET = frozenset({Kind.CODES})
_CODE = frozenset({Kind.CODE})
_NUMBER = frozenset({Kind.NUMBER})
_TEXT = frozenset({Kind.TEXT, Kind.CODE})
_DAY = frozenset({Kind.DATE, Kind.ABOUT})
_MONTH = _DAY | {Kind.MONTH}
_YEAR = _MONTH | {Kind.YEAR}
_TRUTH = frozenset({Kind.BOOLEAN})
_SAYABLE = frozenset({Kind.TEXT, Kind.CODE, Kind.NUMBER, Kind.TIME}) | _YEAR
_ANY = frozenset(Kind) - {Kind.NOTHING, Kind.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Function:
    """One function. The last of ``takes`` repeats up to ``most`` arguments.

    ``gives`` None: the kind of what is passed on. ``apply`` None: lazy.
    ``literal``: the place of an argument that must be written out, or None.
    """

    name: str
    takes: Takes
    gives: Kind | None
    says: str
    apply: Callable[..., Any] | None = None
    least: int = 1
    most: int = 1
    literal: int | None = None

    def at(self, index: int) -> frozenset[Kind]:
        """The kinds that an argument may have."""
        return self.takes[min(index, len(self.takes) - 1)]


def _whole(number: Decimal) -> int | None:
    """A number as an integer when it is one of a size that dates can use."""
    if number != number.to_integral_value() or abs(number) > days.FARTHEST:
        return None
    return int(number)


def _counted(find: Callable[[str, str], int | None]) -> Callable[..., Decimal | None]:
    def between(one: str, other: str) -> Decimal | None:
        found = find(one, other)
        return None if found is None else Decimal(found)

    return between


def _moved(move: Callable[[str, int], str | None]) -> Callable[..., str | None]:
    def later(one: str, count: Decimal) -> str | None:
        whole = _whole(count)
        return None if whole is None else move(one, whole)

    return later


def _part(start: int, end: int) -> Callable[[str], Decimal | None]:
    return lambda text: Decimal(text[start:end]) if len(text) >= end else None


def _weekday(text: str) -> Decimal | None:
    found = days.weekday(text)
    return None if found is None else Decimal(found)


def _date(*parts: Decimal) -> str | None:
    whole = [_whole(part) for part in parts]
    if any(part is None for part in whole):
        return None
    return days.date_of(*(part for part in whole if part is not None))


def _round(number: Decimal, places: Decimal = Decimal(0)) -> Decimal | None:
    digits = _whole(places)
    if digits is None or abs(digits) > 12:
        return None
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _modulo(one: Decimal, other: Decimal) -> Decimal | None:
    if not other:
        return None
    left = one % other
    return left + other if left and (left < 0) != (other < 0) else left


def _ln(number: Decimal) -> Decimal | None:
    return number.ln() if number > 0 else None


def _turning(work: Callable[[float], float]) -> Callable[[Decimal], Decimal]:
    """A function of angles, to twelve places so that every machine says the same."""
    return lambda number: Decimal(f"{work(float(number)):.12f}") + 0


def _number(text: str | Decimal) -> Decimal | None:
    if isinstance(text, Decimal):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 15 else None


def said(value: str | Decimal) -> str:
    """A value as plain text: a number without idle zeros, anything else as it is."""
    if not isinstance(value, Decimal):
        return value
    if value == value.to_integral_value():
        return f"{value.to_integral_value():f}"
    return f"{value.normalize():f}"


@lru_cache(maxsize=512)
def pattern(text: str) -> Any:
    """A compiled pattern, or None when it is none.

    RE2 takes time in proportion to the text whatever the pattern, so no author can make
    a page wait. It knows no looking ahead or back and no reference to a group.
    """
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error:
        return None


def _matches(text: str, wanted: str) -> bool:
    found = pattern(wanted)
    return found is not None and found.fullmatch(text) is not None


def _cut(text: str, place: Decimal, many: Decimal | None = None) -> str | None:
    start = _whole(place)
    length = len(text) if many is None else _whole(many)
    if start is None or length is None or start < 1 or length < 0:
        return None
    return text[start - 1 : start - 1 + length] or None


def _around(text: str, mark: str, side: int) -> str | None:
    return text.partition(mark)[side] or None if mark and mark in text else None


def _chosen(codes: Sequence[str], place: Decimal) -> str | None:
    number = _whole(place)
    return codes[number - 1] if number and 1 <= number <= len(codes) else None


def ballot(seed: Decimal, name: str, ways: Decimal) -> Decimal:
    """A number from 1 to ``ways``, fixed by an interview's seed and a name."""
    digest = hashlib.sha256(f"{seed:f}:{name}".encode()).digest()
    return Decimal(1 + int.from_bytes(digest[:8]) % max(1, int(ways)))


def _table(*functions: Function) -> dict[str, Function]:
    return {function.name: function for function in functions}


FUNCTIONS = _table(
    Function("answered", (_ANY,), Kind.BOOLEAN, "there is an answer"),
    Function(
        "refused",
        (_ANY,),
        Kind.BOOLEAN,
        "prefer not to say, don't know or can't remember was chosen",
    ),
    Function("asked", (_ANY,), Kind.BOOLEAN, "it was asked, whatever was said"),
    Function(
        "missing",
        (_ANY, _TEXT),
        Kind.BOOLEAN,
        "there is no answer; with a kind such as 'dont_know', of that kind",
        most=2,
        literal=1,
    ),
    Function(
        "if",
        (_TRUTH, _ANY | _TRUTH),
        None,
        "the second when the first is true, else the third",
        least=3,
        most=3,
    ),
    Function("coalesce", (_ANY,), None, "the first that is not missing", most=60),
    Function("sum", (_NUMBER,), Kind.NUMBER, "the sum of those answered", most=200),
    Function("count_answered", (_ANY,), Kind.NUMBER, "how many are answered", most=200),
    Function(
        "has",
        (_SET, _CODE),
        Kind.BOOLEAN,
        "a multiple choice includes the code",
        lambda chosen, code: code in chosen,
        least=2,
        most=2,
        literal=1,
    ),
    Function(
        "any_in",
        (_SET, _CODE),
        Kind.BOOLEAN,
        "it includes at least one of the codes",
        lambda chosen, *codes: any(code in chosen for code in codes),
        least=2,
        most=60,
        literal=1,
    ),
    Function(
        "all_in",
        (_SET, _CODE),
        Kind.BOOLEAN,
        "it includes all of the codes",
        lambda chosen, *codes: all(code in chosen for code in codes),
        least=2,
        most=60,
        literal=1,
    ),
    Function(
        "count",
        (_SET,),
        Kind.NUMBER,
        "how many codes were chosen",
        lambda chosen: Decimal(len(chosen)),
    ),
    Function(
        "length",
        (_TEXT,),
        Kind.NUMBER,
        "how many characters a text has",
        lambda text: Decimal(len(text)),
    ),
    Function(
        "matches",
        (_TEXT, _TEXT),
        Kind.BOOLEAN,
        "the whole text fits the pattern",
        _matches,
        least=2,
        most=2,
        literal=1,
    ),
    Function(
        "contains",
        (_TEXT, _TEXT),
        Kind.BOOLEAN,
        "the first text holds the second",
        lambda text, part: part in text,
        least=2,
        most=2,
    ),
    Function(
        "starts_with",
        (_TEXT, _TEXT),
        Kind.BOOLEAN,
        "the first text begins with the second",
        lambda text, part: text.startswith(part),
        least=2,
        most=2,
    ),
    Function(
        "part",
        (_TEXT, _NUMBER),
        Kind.TEXT,
        "a text from a place on, the first being 1; at most so many characters",
        _cut,
        least=2,
        most=3,
    ),
    Function(
        "before",
        (_TEXT, _TEXT),
        Kind.TEXT,
        "what of a text stands before another text; missing when it does not hold it",
        lambda text, mark: _around(text, mark, 0),
        least=2,
        most=2,
    ),
    Function(
        "after",
        (_TEXT, _TEXT),
        Kind.TEXT,
        "what of a text stands after another text; missing when it does not hold it",
        lambda text, mark: _around(text, mark, 2),
        least=2,
        most=2,
    ),
    Function(
        "word",
        (_TEXT, _NUMBER),
        Kind.TEXT,
        "the word in that place of a text, words standing between blanks",
        lambda text, place: _chosen(text.split(), place),
        least=2,
        most=2,
    ),
    Function(
        "words",
        (_TEXT,),
        Kind.NUMBER,
        "how many words a text has",
        lambda text: Decimal(len(text.split())),
    ),
    Function("lower", (_TEXT,), Kind.TEXT, "a text in small letters", str.lower),
    Function("upper", (_TEXT,), Kind.TEXT, "a text in capitals", str.upper),
    Function(
        "chosen",
        (_SET, _NUMBER),
        Kind.CODE,
        "the code in that place among those chosen",
        _chosen,
        least=2,
        most=2,
    ),
    Function(
        "concat",
        (_SAYABLE,),
        Kind.TEXT,
        "the texts one after the other",
        lambda *parts: "".join(said(part) for part in parts),
        most=60,
    ),
    Function("text", (_SAYABLE,), Kind.TEXT, "a number or code as text", said),
    Function(
        "number",
        (_TEXT | _NUMBER,),
        Kind.NUMBER,
        "the number a text or code stands for",
        _number,
    ),
    Function("min", (_NUMBER,), Kind.NUMBER, "the smallest", min, least=2, most=60),
    Function("max", (_NUMBER,), Kind.NUMBER, "the largest", max, least=2, most=60),
    Function(
        "round",
        (_NUMBER,),
        Kind.NUMBER,
        "to whole numbers, or to so many places; half goes up",
        _round,
        most=2,
    ),
    Function(
        "floor",
        (_NUMBER,),
        Kind.NUMBER,
        "the whole number below",
        lambda number: number.to_integral_value(ROUND_FLOOR),
    ),
    Function("abs", (_NUMBER,), Kind.NUMBER, "without its sign", abs),
    Function("sqrt", (_NUMBER,), Kind.NUMBER, "the square root", Decimal.sqrt),
    Function("exp", (_NUMBER,), Kind.NUMBER, "e to that power", Decimal.exp),
    Function("ln", (_NUMBER,), Kind.NUMBER, "the natural logarithm", _ln),
    Function(
        "sin", (_NUMBER,), Kind.NUMBER, "of an angle in radians", _turning(math.sin)
    ),
    Function(
        "cos", (_NUMBER,), Kind.NUMBER, "of an angle in radians", _turning(math.cos)
    ),
    Function(
        "atan", (_NUMBER,), Kind.NUMBER, "the angle of a slope", _turning(math.atan)
    ),
    Function(
        "mod",
        (_NUMBER,),
        Kind.NUMBER,
        "what is left of a division; it has the divisor's sign",
        _modulo,
        least=2,
        most=2,
    ),
    Function(
        "days",
        (_DAY,),
        Kind.NUMBER,
        "days from the first date to the second",
        _counted(days.days_between),
        least=2,
        most=2,
    ),
    Function(
        "months",
        (_MONTH,),
        Kind.NUMBER,
        "whole months from the first date to the second",
        _counted(days.months_between),
        least=2,
        most=2,
    ),
    Function(
        "years",
        (_YEAR,),
        Kind.NUMBER,
        "whole years from the first date to the second",
        _counted(days.years_between),
        least=2,
        most=2,
    ),
    Function(
        "working_days",
        (_DAY,),
        Kind.NUMBER,
        "working days of England and Wales after the first date, up to the second",
        _counted(days.working_days_between),
        least=2,
        most=2,
    ),
    Function(
        "add_days",
        (_DAY, _NUMBER),
        Kind.DATE,
        "the date so many days later",
        _moved(days.add_days),
        least=2,
        most=2,
    ),
    Function(
        "add_months",
        (_MONTH, _NUMBER),
        None,
        "the date or month so many months later",
        _moved(days.add_months),
        least=2,
        most=2,
    ),
    Function(
        "add_working_days",
        (_DAY, _NUMBER),
        Kind.DATE,
        "the working day so many working days later",
        _moved(days.add_working_days),
        least=2,
        most=2,
    ),
    Function("year", (_YEAR,), Kind.NUMBER, "the year of a date", _part(0, 4)),
    Function("month", (_MONTH,), Kind.NUMBER, "the month, 1 to 12", _part(5, 7)),
    Function("day", (_DAY,), Kind.NUMBER, "the day of the month", _part(8, 10)),
    Function("weekday", (_DAY,), Kind.NUMBER, "1 for Monday to 7 for Sunday", _weekday),
    Function(
        "date",
        (_NUMBER,),
        Kind.DATE,
        "the date of a year, a month and a day",
        _date,
        least=3,
        most=3,
    ),
    Function(
        "ballot",
        (_NUMBER, _TEXT, _NUMBER),
        Kind.NUMBER,
        "a number from 1 to the third, drawn from the seed for the name",
        ballot,
        least=3,
        most=3,
        literal=1,
    ),
)

LAZY = frozenset(name for name, one in FUNCTIONS.items() if one.apply is None)
