"""What an expression is to the solver: a term of SMT-LIB text with its missingness.

``there`` is the text that says when a value is there at all; the other parts hold the
value by kind. A value with few possibilities is a table of cases, each with its text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from harken.method.questionnaire.days import is_dated, is_day
from harken.method.questionnaire.values import Kind

TRUE, FALSE = "true", "false"
REST = "~rest"
"""The case of a code or text that no condition names."""

FIRST_DAY = dt.date(1900, 1, 1)
LAST_DAY = dt.date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Term:
    """A value as the solver sees it.

    ``number`` serves numbers and times of day (minutes); ``year``, ``month`` (months
    since year 0) and ``day`` (ordinal) serve dates as far as they are known, with
    ``has_month`` and ``has_day`` saying when. ``cases`` serves codes and texts, and
    ``chosen`` multiple choices.
    """

    kind: Kind
    there: str = TRUE
    number: str = ""
    year: str = ""
    month: str = "0"
    day: str = "0"
    has_month: str = FALSE
    has_day: str = FALSE
    cases: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)


def conj(parts: Iterable[str]) -> str:
    """All of them."""
    given = [part for part in parts if part != TRUE]
    if FALSE in given:
        return FALSE
    if len(given) < 2:
        return given[0] if given else TRUE
    return f"(and {' '.join(given)})"


def disj(parts: Iterable[str]) -> str:
    """At least one of them."""
    given = [part for part in parts if part != FALSE]
    if TRUE in given:
        return TRUE
    if len(given) < 2:
        return given[0] if given else FALSE
    return f"(or {' '.join(given)})"


def negate(part: str) -> str:
    """The opposite."""
    if part in {TRUE, FALSE}:
        return FALSE if part == TRUE else TRUE
    return f"(not {part})"


def ite(condition: str, one: str, other: str) -> str:
    """One when the condition holds, else the other."""
    if one == other or condition == TRUE:
        return one
    return other if condition == FALSE else f"(ite {condition} {one} {other})"


def real(number: Decimal | int) -> str:
    """A number as a literal of sort Real."""
    exact = Decimal(number)
    top, bottom = abs(exact).as_integer_ratio()
    text = f"{top}.0" if bottom == 1 else f"(/ {top}.0 {bottom}.0)"
    return f"(- {text})" if exact < 0 else text


def whole(number: int) -> str:
    """A number as a literal of sort Int."""
    return f"(- {-number})" if number < 0 else str(number)


def symbol(name: str, case: str) -> str:
    """The constant of one case of a name; any text becomes a plain symbol."""
    return f"|{name}={plain(case)}|"


def plain(text: str) -> str:
    """A text fit for a symbol: other signs become their numbers."""
    return "".join(
        sign
        if sign.isascii() and sign.isprintable() and sign not in "|\\"
        else f"^{ord(sign)}"
        for sign in text
    )


def month_of(day: str, month: str) -> str:
    """What binds a month (counted from year 0) to a day, within the lengths of months.

    A month begins near day 30.436875 * month - 365.5; four days are allowed each way.
    """
    start = f"(- (* 30436875 {month}) 365500000)"
    low, high = f"(- {start} 4000000)", f"(+ {start} 35000000)"
    return f"(and (<= {low} (* 1000000 {day})) (<= (* 1000000 {day}) {high}))"


_MARCH = 12 * 1900 + 2
"""March 1900 as a month counted from year 0: with years that begin in March, the lengths
of months follow one rule, and the leap day stands last."""


def day_of(day: str, month: str, number: str) -> str:
    """What binds a day, its month and its number in the month, from 1900 to 2100."""
    start, after = _first_of(month), _first_of(f"(+ {month} 1)")
    known = f"(<= {FIRST_DAY.toordinal()} {day} {LAST_DAY.toordinal()})"
    inside = f"(and (<= {start} {day}) (< {day} {after}))"
    return f"(=> {known} (and {inside} (= {number} (to_real (+ 1 (- {day} {start}))))))"


def _first_of(month: str) -> str:
    """The ordinal of the first day of a month counted from year 0, from 1900 to 2100."""
    since = f"(- {month} {_MARCH})"
    year, place = f"(div {since} 12)", f"(mod {since} 12)"
    start = dt.date(1900, 3, 1).toordinal()
    before = f"(div (+ (* 153 {place}) 2) 5)"
    odd = f"(ite (>= {year} 200) (- 1) (ite (< {year} 0) 1 0))"
    return f"(+ {start} (* 365 {year}) (div {year} 4) {before} {odd})"


def weekdays_to(day: str) -> str:
    """How many days from Monday to Friday there were up to and with a day."""
    over = f"(mod {day} 7)"
    return f"(+ (* 5 (div {day} 7)) (ite (< {over} 5) {over} 5))"


def minutes(text: str) -> int | None:
    """A time of day in minutes."""
    hour, _, minute = text.partition(":")
    if not (hour.isdigit() and minute.isdigit()):
        return None
    return 60 * int(hour) + int(minute)


def dated(text: str) -> Term | None:
    """A year, month or day as written; None when it is none."""
    if not is_dated(text):
        return None
    year = int(text[:4])
    if len(text) == 4:
        return Term(Kind.YEAR, year=whole(year))
    month = 12 * year + int(text[5:7]) - 1
    if len(text) == 7:
        return Term(Kind.MONTH, year=whole(year), month=whole(month), has_month=TRUE)
    if not is_day(text):
        return None
    return Term(
        Kind.DATE,
        year=whole(year),
        month=whole(month),
        day=whole(dt.date.fromisoformat(text).toordinal()),
        has_month=TRUE,
        has_day=TRUE,
    )


def chooses(condition: str, one: Term, other: Term) -> Term:
    """``one`` when the condition holds, else ``other``; both are of like kind."""

    def pick(part: str) -> str:
        first, second = getattr(one, part), getattr(other, part)
        return ite(condition, first, second) if first and second else ""

    def table(part: str) -> dict[str, str]:
        first, second = getattr(one, part), getattr(other, part)
        return {
            key: ite(condition, first.get(key, FALSE), second.get(key, FALSE))
            for key in (*first, *(key for key in second if key not in first))
        }

    return Term(
        one.kind if one.kind is other.kind else Kind.ABOUT,
        pick("there"),
        pick("number"),
        pick("year"),
        pick("month"),
        pick("day"),
        pick("has_month"),
        pick("has_day"),
        table("cases"),
        table("chosen"),
    )
