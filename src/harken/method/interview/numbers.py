"""Reads numbers, sums of money and durations from what a form sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from unicodedata import normalize

from harken.method.errors import Fault, refuse
from harken.method.interview.faults import (
    NOT_A_NUMBER,
    ONE_ONLY,
    OUT_OF_RANGE,
    TOO_FINE,
)
from harken.method.questionnaire import Question, Value

Form = Mapping[str, Sequence[str]]

NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
THOUSANDS = re.compile(r"-?[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]{1,6})?", re.ASCII)
FINEST = 4
"""Places after the point where the question does not say how many."""


def number(question: Question, sent: list[str]) -> Value:
    """A number in the question's limits, as fine as it takes."""
    if len(set(sent)) > 1:
        raise _wrong(question, ONE_ONLY)
    found = _read(sent[0])
    if found is None:
        raise _wrong(question, NOT_A_NUMBER)
    return _within(question, found)


def currency(question: Question, sent: list[str]) -> Value:
    """A sum of money; a sign in front or behind is taken off."""
    return number(question, [text.strip("£$€ ") for text in sent])


def boxes(question: Question, form: Form) -> str:
    """The boxes of a duration as one number of its smallest unit."""
    given = {
        unit: "".join(form.get(f"part_{unit}", ())).strip() for unit in question.units
    }
    if not any(given.values()):
        return ""
    total = Decimal(0)
    for unit, text in given.items():
        found = _read(text or "0")
        if found is None or found < 0:
            raise _wrong(question, NOT_A_NUMBER)
        total += found * question.factors[unit]
    return f"{total:f}"


def _read(text: str) -> Decimal | None:
    text = normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()
    if THOUSANDS.fullmatch(text):
        text = re.sub("[, ]", "", text)
    text = text.replace(",", ".")
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _within(question: Question, found: Decimal) -> Decimal:
    low, high = question.minimum, question.maximum
    if (low is not None and found < low) or (high is not None and found > high):
        raise _wrong(question, OUT_OF_RANGE, minimum=low, maximum=high)
    places = FINEST if question.decimals is None else question.decimals
    exponent = found.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise _wrong(question, TOO_FINE, places=places)
    return found


def _wrong(question: Question, fault: Fault, **detail: object) -> Exception:
    return refuse(fault, question=question.id, **detail)
