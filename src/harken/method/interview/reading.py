"""Turns what a form sent into a value of the question's type, or into findings.

One reader a type. A form field is a sequence of texts, as HTML sends it; the kinds of
no answer travel in the same field as the answer, so a box and a choice can both be
filled: then the person is asked which one holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from unicodedata import category, normalize

from harken.method.errors import Fault, refuse
from harken.method.interview.faults import (
    EXCLUSIVE,
    NO_SUCH_OPTION,
    NOT_A_MONTH,
    NOT_A_NUMBER,
    ONE_ONLY,
    OUT_OF_RANGE,
    REQUIRED,
    TOO_LONG,
)
from harken.method.questionnaire import Question, QuestionType, Value
from harken.method.terms import REFUSALS, Missing

Form = Mapping[str, Sequence[str]]

WORDS = {kind.word: kind for kind in REFUSALS}
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?", re.ASCII)
THOUSANDS = re.compile(r"-?[0-9]{1,3}([, ][0-9]{3})+", re.ASCII)
YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})", re.ASCII)
MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/. ]+([0-9]{4})", re.ASCII)


def read_value(question: Question, form: Form) -> Value:
    """The value a form gives to a question.

    An empty form is Missing.NO_ANSWER, unless the question is required. Raises
    HarkenError with findings placed at the question (INT-003 to INT-010).
    """
    sent = _sent(question, form)
    if not sent:
        if question.required:
            raise _wrong(question, REQUIRED)
        return Missing.NO_ANSWER
    refusals, rest = _part(question, sent)
    if refusals and rest:
        raise _wrong(question, EXCLUSIVE)
    if len(set(refusals)) > 1:
        raise _wrong(question, ONE_ONLY)
    if refusals:
        return refusals[0]
    return READERS[question.type](question, rest)


def _wrong(question: Question, fault: Fault, **detail: object) -> Exception:
    return refuse(fault, question=question.id, **detail)


def _sent(question: Question, form: Form) -> list[str]:
    """The filled parts of the form; the two boxes of a month become one text."""
    sent = [text.strip() for text in form.get("value", ())]
    if question.type is QuestionType.MONTH:
        boxes = [" ".join(form.get(name, ())).strip() for name in ("month", "year")]
        if any(boxes):
            sent.append(" ".join(boxes).strip())
    return [text for text in sent if text]


def _part(question: Question, sent: list[str]) -> tuple[list[Missing], list[str]]:
    """Part the kinds of no answer that the question offers from the rest."""
    codes = {option.code for option in question.options}
    refusals: list[Missing] = []
    rest: list[str] = []
    for text in sent:
        kind = None if text in codes else WORDS.get(text)
        if kind in question.refusals and kind is not None:
            refusals.append(kind)
        else:
            rest.append(text)
    return refusals, rest


def _single(question: Question, sent: list[str]) -> Value:
    if len(set(sent)) > 1:
        raise _wrong(question, ONE_ONLY)
    if sent[0] not in {option.code for option in question.options}:
        raise _wrong(question, NO_SUCH_OPTION)
    return sent[0]


def _multiple(question: Question, sent: list[str]) -> Value:
    chosen = set(sent)
    options = {option.code: option for option in question.options}
    if not chosen <= options.keys():
        raise _wrong(question, NO_SUCH_OPTION)
    if len(chosen) > 1 and any(options[code].exclusive for code in chosen):
        raise _wrong(question, EXCLUSIVE)
    return tuple(sorted(chosen))


def _number(question: Question, sent: list[str]) -> Value:
    if len(sent) > 1:
        raise _wrong(question, ONE_ONLY)
    text = normalize("NFKC", sent[0]).replace("\N{MINUS SIGN}", "-")
    if THOUSANDS.fullmatch(text):
        text = re.sub("[, ]", "", text)
    text = text.replace(",", ".")
    if not NUMBER.fullmatch(text):
        raise _wrong(question, NOT_A_NUMBER)
    number = Decimal(text)
    low, high = question.minimum, question.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise _wrong(question, OUT_OF_RANGE, minimum=low, maximum=high)
    return number


def _month(question: Question, sent: list[str]) -> Value:
    if len(sent) > 1:
        raise _wrong(question, ONE_ONLY)
    text = normalize("NFKC", sent[0])
    if match := YEAR_FIRST.fullmatch(text):
        year, month = int(match[1]), int(match[2])
    elif match := MONTH_FIRST.fullmatch(text):
        month, year = int(match[1]), int(match[2])
    else:
        raise _wrong(question, NOT_A_MONTH)
    if not (1 <= month <= 12 and 1900 <= year <= 2100):
        raise _wrong(question, NOT_A_MONTH)
    return f"{year:04}-{month:02}"


def _text(question: Question, sent: list[str]) -> Value:
    """Free text: line ends made alike, control characters dropped, nothing else."""
    text = normalize("NFC", "\n".join(sent)).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or category(c) not in {"Cc", "Cs"})
    if question.max_length and len(text) > question.max_length:
        raise _wrong(question, TOO_LONG, limit=question.max_length)
    return text if text.strip() else Missing.NO_ANSWER


def _information(question: Question, sent: list[str]) -> Value:
    """A page without a question: whatever was sent, there is nothing to keep."""
    return Missing.NO_ANSWER


READERS: Mapping[QuestionType, Callable[[Question, list[str]], Value]] = {
    QuestionType.SINGLE: _single,
    QuestionType.CONSENT: _single,
    QuestionType.MULTIPLE: _multiple,
    QuestionType.NUMBER: _number,
    QuestionType.MONTH: _month,
    QuestionType.TEXT: _text,
    QuestionType.INFORMATION: _information,
}
