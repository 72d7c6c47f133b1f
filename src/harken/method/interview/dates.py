"""Reads dates, as far as they are known, and times from what a form sent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from unicodedata import normalize

from harken.method.errors import Fault, refuse
from harken.method.interview.faults import (
    NOT_A_DATE,
    NOT_A_MONTH,
    NOT_A_TIME,
    NOT_A_YEAR,
    ONE_ONLY,
)
from harken.method.questionnaire import Question, QuestionType, Value

Form = Mapping[str, Sequence[str]]

BOXES: Mapping[QuestionType, tuple[str, ...]] = {
    QuestionType.DATE: ("day", "month", "year"),
    QuestionType.ABOUT: ("day", "month", "year"),
    QuestionType.MONTH: ("month", "year"),
    QuestionType.YEAR: ("year",),
    QuestionType.TIME: ("hour", "minute"),
}
EARLIEST, LATEST = 1900, 2100

_PARTS = re.compile(r"[-/.: ]+")
_TIME = re.compile(r"([0-9]{1,2})(?:[:. ]([0-9]{1,2}))? ?(am|pm)?", re.ASCII | re.I)


def boxes(kind: QuestionType, form: Form) -> str:
    """The boxes of a date or a time as one text; an empty box is a question mark."""
    given = ["".join(form.get(name, ())).strip() for name in BOXES[kind]]
    if not any(given):
        return ""
    return "/".join(text or "?" for text in given)


def date(question: Question, sent: list[str]) -> Value:
    """A day of the calendar: 2025-03-31 or 31/3/2025."""
    numbers = _numbers(_one(question, sent))
    if numbers is None or len(numbers) != 3:
        raise _wrong(question, NOT_A_DATE)
    return _day(question, numbers)


def about(question: Question, sent: list[str]) -> Value:
    """As much of a date as is known: the year, the month, or the day."""
    text = _one(question, sent)
    while text.startswith("?/"):
        text = text[2:]
    numbers = _numbers(text)
    if numbers is None or not 1 <= len(numbers) <= 3:
        raise _wrong(question, NOT_A_DATE)
    if len(numbers) == 3:
        return _day(question, numbers)
    return _month(question, numbers) if len(numbers) == 2 else _year(question, numbers)


def month(question: Question, sent: list[str]) -> Value:
    """A month of a year: 2025-03 or 3/2025."""
    numbers = _numbers(_one(question, sent))
    if numbers is None or len(numbers) != 2:
        raise _wrong(question, NOT_A_MONTH)
    return _month(question, numbers)


def year(question: Question, sent: list[str]) -> Value:
    """A year of four figures."""
    numbers = _numbers(_one(question, sent))
    if numbers is None or len(numbers) != 1:
        raise _wrong(question, NOT_A_YEAR)
    return _year(question, numbers)


def time(question: Question, sent: list[str]) -> Value:
    """A time of day: 14:30, 2.30 pm, or the hour alone."""
    text = _one(question, sent).removesuffix("/?").replace("/", ":")
    match = _TIME.fullmatch(text)
    if match is None:
        raise _wrong(question, NOT_A_TIME)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            raise _wrong(question, NOT_A_TIME)
        hour = hour % 12 + (12 if match[3].lower() == "pm" else 0)
    if hour > 23 or minute > 59:
        raise _wrong(question, NOT_A_TIME)
    return f"{hour:02}:{minute:02}"


def _one(question: Question, sent: list[str]) -> str:
    if len(set(sent)) > 1:
        raise _wrong(question, ONE_ONLY)
    return normalize("NFKC", sent[0])


def _numbers(text: str) -> list[int] | None:
    """The numbers of a date, the year last; None when something else is in it."""
    parts = _PARTS.split(text)
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    if len(parts[0]) == 4:
        parts.reverse()
    return [int(part) for part in parts] if len(parts[-1]) == 4 else None


def _day(question: Question, numbers: list[int]) -> str:
    day, month, year = numbers
    try:
        found = dt.date(year, month, day)
    except ValueError:
        raise _wrong(question, NOT_A_DATE) from None
    if not EARLIEST <= year <= LATEST:
        raise _wrong(question, NOT_A_DATE)
    return found.isoformat()


def _month(question: Question, numbers: list[int]) -> str:
    month, year = numbers
    if not (1 <= month <= 12 and EARLIEST <= year <= LATEST):
        raise _wrong(question, NOT_A_MONTH)
    return f"{year:04}-{month:02}"


def _year(question: Question, numbers: list[int]) -> str:
    if not EARLIEST <= numbers[0] <= LATEST:
        raise _wrong(question, NOT_A_YEAR)
    return f"{numbers[0]:04}"


def _wrong(question: Question, fault: Fault, **detail: object) -> Exception:
    return refuse(fault, question=question.id, **detail)
