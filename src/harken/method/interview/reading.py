"""Turns what a form sent into a value of the question's type, or into findings.

One reader a type. A form field is a sequence of texts, as HTML sends it; the kinds of
no answer travel in the same field as the answer, so a box and a choice can both be
filled: then the person is asked which one holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from unicodedata import category, normalize

from harken.method.errors import Fault, refuse
from harken.method.interview import dates, numbers
from harken.method.interview.faults import (
    EXCLUSIVE,
    NO_SUCH_OPTION,
    NOT_RANKED,
    ONE_ONLY,
    REQUIRED,
    TOO_LONG,
)
from harken.method.questionnaire import Question, QuestionType, Value
from harken.method.terms import REFUSALS, Missing

Form = Mapping[str, Sequence[str]]

LONGEST_REASON = 500
WORDS = {kind.word: kind for kind in REFUSALS}


def read_value(
    question: Question, form: Form, offered: frozenset[str] | None = None
) -> Value:
    """The value a form gives to a question.

    ``offered`` are the codes of the options this person was shown, by default all. An
    empty form is Missing.NO_ANSWER, unless the question is required. Raises HarkenError
    with findings placed at the question (INT-003 to INT-010, INT-040 to INT-044).
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
    value = READERS[question.type](question, rest)
    if offered is not None and not _is_offered(value, offered):
        raise _wrong(question, NO_SUCH_OPTION)
    return value


def reason(form: Form) -> str:
    """Why a person keeps an answer that a soft check warned of, in their own words."""
    return _clean("\n".join(form.get("reason", ()))).strip()[:LONGEST_REASON]


def _is_offered(value: Value, offered: frozenset[str]) -> bool:
    if isinstance(value, str):
        return value in offered
    return not isinstance(value, tuple) or set(value) <= offered


def _wrong(question: Question, fault: Fault, **detail: object) -> Exception:
    return refuse(fault, question=question.id, **detail)


def _sent(question: Question, form: Form) -> list[str]:
    """The filled parts of the form; boxes that belong together become one text."""
    sent = [text.strip() for text in form.get("value", ())]
    match question.type:
        case QuestionType.RANKING:
            sent += _ranked(question, form)
        case QuestionType.DURATION:
            sent.append(numbers.boxes(question, form))
        case kind if kind in dates.BOXES:
            sent.append(dates.boxes(kind, form))
        case _:
            pass
    return [text for text in sent if text]


def _ranked(question: Question, form: Form) -> list[str]:
    """The codes that were given a rank, in the order of their ranks."""
    places: dict[int, str] = {}
    for code in question.codes:
        text = "".join(form.get(f"rank_{code}", ())).strip()
        if not text:
            continue
        place = int(text) if text.isascii() and text.isdigit() else 0
        if not 1 <= place <= len(question.codes) or place in places:
            raise _wrong(question, NOT_RANKED, most=len(question.codes))
        places[place] = code
    return [places[place] for place in sorted(places)]


def _part(question: Question, sent: list[str]) -> tuple[list[Missing], list[str]]:
    """Part the kinds of no answer that the question offers from the rest."""
    refusals: list[Missing] = []
    rest: list[str] = []
    for text in sent:
        kind = None if text in question.by_code else WORDS.get(text)
        if kind in question.refusals and kind is not None:
            refusals.append(kind)
        else:
            rest.append(text)
    return refusals, rest


def _single(question: Question, sent: list[str]) -> Value:
    if len(set(sent)) > 1:
        raise _wrong(question, ONE_ONLY)
    if sent[0] not in question.by_code:
        raise _wrong(question, NO_SUCH_OPTION)
    return sent[0]


def _multiple(question: Question, sent: list[str]) -> Value:
    chosen = set(sent)
    options = question.by_code
    if not chosen <= options.keys():
        raise _wrong(question, NO_SUCH_OPTION)
    if len(chosen) > 1 and any(options[code].exclusive for code in chosen):
        raise _wrong(question, EXCLUSIVE)
    return tuple(sorted(chosen))


def _ranking(question: Question, sent: list[str]) -> Value:
    order = tuple(dict.fromkeys(sent))
    if not set(order) <= question.by_code.keys():
        raise _wrong(question, NO_SUCH_OPTION)
    if len(order) < len(sent):
        raise _wrong(question, NOT_RANKED, most=len(question.codes))
    return order


def _clean(text: str) -> str:
    """Line ends made alike, control characters dropped, nothing else."""
    text = normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or category(c) not in {"Cc", "Cs"})


def _text(question: Question, sent: list[str]) -> Value:
    """Free text as it was written."""
    text = _clean("\n".join(sent))
    if question.type is QuestionType.LINE:
        text = " ".join(text.split())
    if question.max_length and len(text) > question.max_length:
        raise _wrong(question, TOO_LONG, limit=question.max_length)
    return text if text.strip() else Missing.NO_ANSWER


def _nothing(question: Question, sent: list[str]) -> Value:
    """A page without a question: whatever was sent, there is nothing to keep."""
    return Missing.NO_ANSWER


READERS: Mapping[QuestionType, Callable[[Question, list[str]], Value]] = {
    QuestionType.SINGLE: _single,
    QuestionType.CONSENT: _single,
    QuestionType.LOOKUP: _single,
    QuestionType.MULTIPLE: _multiple,
    QuestionType.RANKING: _ranking,
    QuestionType.NUMBER: numbers.number,
    QuestionType.CURRENCY: numbers.currency,
    QuestionType.DURATION: numbers.number,
    QuestionType.DATE: dates.date,
    QuestionType.MONTH: dates.month,
    QuestionType.YEAR: dates.year,
    QuestionType.ABOUT: dates.about,
    QuestionType.TIME: dates.time,
    QuestionType.LINE: _text,
    QuestionType.TEXT: _text,
    QuestionType.INFORMATION: _nothing,
    QuestionType.COMPUTED: _nothing,
}
