"""Between a stored answer and the boxes of a page: which boxes a type has, what stands
in them for an answer, and the answer in words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from unicodedata import combining, normalize

from django.utils import translation
from django.utils.formats import date_format

from harken.method.questionnaire import Question, QuestionType, Value
from harken.method.terms import Language, Missing

Form = Mapping[str, Sequence[str]]

DAY, MONTH, YEAR = ("day", "day", 2), ("month", "month", 2), ("year", "year", 4)
DATES = {
    QuestionType.DATE: (DAY, MONTH, YEAR),
    QuestionType.ABOUT: (DAY, MONTH, YEAR),
    QuestionType.MONTH: (MONTH, YEAR),
    QuestionType.TIME: (("hour", "hour", 2), ("minute", "minute", 2)),
}


def boxed(question: Question) -> tuple[tuple[str, str, int], ...]:
    """The boxes of a question: the form's field, the word of its label, its width."""
    if question.type is QuestionType.DURATION:
        return tuple((f"part_{unit}", unit, 4) for unit in question.units)
    return DATES.get(question.type, ())


def form_of(question: Question, value: Value | None) -> dict[str, Sequence[str]]:
    """The form that would give this value."""
    if value is None or value is Missing.NO_ANSWER:
        return {}
    if isinstance(value, Missing):
        return {"value": [value.word]}
    if isinstance(value, tuple):
        if question.type is QuestionType.RANKING:
            return {f"rank_{code}": [str(n)] for n, code in enumerate(value, start=1)}
        return {"value": list(value)}
    if isinstance(value, Decimal):
        if question.type is QuestionType.DURATION:
            return {f"part_{unit}": [n] for unit, n in _parts(question, value)}
        return {"value": [_plain(question, value)]}
    if question.type in DATES:
        return _date_boxes(question.type, value)
    return {"value": [value]}


def _plain(question: Question, value: Decimal) -> str:
    return f"{value:.2f}" if question.type is QuestionType.CURRENCY else f"{value:f}"


def _parts(question: Question, value: Decimal) -> Iterator[tuple[str, str]]:
    """A duration in its units, the largest first; units of none are left out."""
    rest = value
    for unit, factor in sorted(question.factors.items(), key=lambda one: -one[1]):
        whole = rest // factor if factor > 1 else rest
        rest -= whole * factor
        if whole:
            yield unit, f"{whole:f}"


def _date_boxes(kind: QuestionType, value: str) -> dict[str, Sequence[str]]:
    if kind is QuestionType.TIME:
        hour, _, minute = value.partition(":")
        return {"hour": [hour], "minute": [minute]}
    names = ("year", "month", "day")
    return {
        name: [part if name == "year" else part.lstrip("0")]
        for name, part in zip(names, value.split("-"), strict=False)
    }


def found_in(
    names: Iterable[tuple[str, str]],
    search: str,
    chosen: Collection[str],
    *,
    most: int,
) -> list[str]:
    """The codes whose words hold every word typed, those that begin with it first.

    Accents and capitals do not matter. Without a search only what is chosen is shown.
    """
    wanted = _folded(search).split()
    known = [(code, _folded(name)) for code, name in names]
    if not wanted:
        return [code for code, _ in known if code in chosen]
    hits = [
        (not name.startswith(wanted[0]), code)
        for code, name in known
        if all(word in name for word in wanted)
    ]
    hits.sort(key=lambda hit: hit[0])
    return [code for _, code in hits[:most]]


def _folded(text: str) -> str:
    """Lower case without accents."""
    plain = normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not combining(letter))


def in_words(
    question: Question,
    value: Value | None,
    word: Callable[[str], str],
    language: Language,
) -> str:
    """A stored answer as a person would say it."""
    if isinstance(value, Missing):
        return word(f"refusal.{value.word}") if value in question.refusals else ""
    if value is None:
        return ""
    if isinstance(value, tuple):
        names = [word(f"{question.id}.{code}") or code for code in value]
        if question.type is QuestionType.RANKING:
            names = [f"{place}. {name}" for place, name in enumerate(names, start=1)]
        return "\n".join(names)
    if isinstance(value, Decimal):
        return _amount(question, value, word)
    if question.codes and value in question.by_code:
        return word(f"{question.id}.{value}") or value
    if question.type in {QuestionType.DATE, QuestionType.MONTH, QuestionType.ABOUT}:
        return _date(value, language)
    return value


def _amount(question: Question, value: Decimal, word: Callable[[str], str]) -> str:
    if question.type is QuestionType.DURATION:
        parts = _parts(question, value)
        return ", ".join(f"{count} {word(f'unit.{unit}')}" for unit, count in parts)
    unit = question.currency or word(f"{question.id}.unit")
    return f"{_plain(question, value)} {unit}".strip()


def _date(value: str, language: Language) -> str:
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return value
    day = dt.date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1)
    with translation.override(language):
        return date_format(day, "j E Y" if len(parts) == 3 else "F Y")
