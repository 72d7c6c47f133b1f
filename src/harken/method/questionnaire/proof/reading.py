"""What the words ask of people: reading age, minutes, and what a listener would learn.

Minutes: 238 words a minute read silently and 183 read aloud (Brysbaert 2019), and for
the answer itself the seconds below, which are our own and not from a study.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harken.method.errors import Finding, Place
from harken.method.questionnaire.document import Question, Questionnaire, QuestionType
from harken.method.questionnaire.proof import faults
from harken.method.questionnaire.syntax import names_of
from harken.method.questionnaire.values import Kind
from harken.method.questionnaire.wording.fills import on_line
from harken.method.questionnaire.wording.readability import FORMULAS, ages, words_of
from harken.method.questionnaire.wording.shown import shown_fills
from harken.method.terms import Language, Mode

SILENT, ALOUD = 238.0, 183.0
_SECONDS: Mapping[Kind, float] = {
    Kind.CODE: 4.0,
    Kind.CODES: 8.0,
    Kind.NUMBER: 8.0,
    Kind.DATE: 12.0,
    Kind.MONTH: 10.0,
    Kind.YEAR: 8.0,
    Kind.ABOUT: 12.0,
    Kind.TIME: 10.0,
    Kind.TEXT: 40.0,
    Kind.NOTHING: 2.0,
}


def hard_to_read(
    questionnaire: Questionnaire, limit: float, languages: Sequence[Language]
) -> Iterator[Finding]:
    """Words that ask for more than the set reading age."""
    for language in languages:
        own = language == questionnaire.source_language
        file = "questionnaire.yaml" if own else f"translations/{language}.yaml"
        worst: dict[str, tuple[float, Place | None]] = {}
        for name, where, age in ages(questionnaire, language):
            if age > max(limit, worst.get(name, (0.0, None))[0]):
                worst[name] = (age, where if own and where else Place(file))
        for name, (age, where) in worst.items():
            detail: dict[str, object] = {"id": name, "age": round(age)}
            detail["limit"] = round(limit)
            detail["formula"] = FORMULAS[language.partition("-")[0]]
            yield Finding(faults.HARD_TO_READ, where, detail)


def seconds(questionnaire: Questionnaire, question: Question, mode: Mode) -> float:
    """How long one page takes: its words, and the answer."""
    spoken = mode is Mode.TELEPHONE
    keys = [f"{question.id}.text", f"{question.id}.hint"]
    if len(question.codes) <= 30:
        keys += [f"{question.id}.{code}" for code in question.codes]
    words = sum(len(words_of(questionnaire.text(key, mode=mode).value)) for key in keys)
    rate = ALOUD if spoken else SILENT
    answer = _SECONDS.get(question.name_type.kind, 8.0)
    if question.type is QuestionType.INFORMATION:
        answer = _SECONDS[Kind.NOTHING]
    return 60 * words / rate + answer


_ASKS_SIGN: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(number|letter|digit|figure)s?\b", re.IGNORECASE),
    "pl": re.compile(r"\b(numer|liter|cyfr|liczb)", re.IGNORECASE),
}
_PLAIN: Mapping[str, frozenset[str]] = {
    "en": frozenset({"yes", "no", "continue", "skip", "not sure", "maybe"}),
    "pl": frozenset({"tak", "nie"}),
}
_SAYS_NOTHING = re.compile(r"[\d\s.,:/%+-]*|[a-z]", re.IGNORECASE)


def _written(questionnaire: Questionnaire) -> Iterator[Question]:
    """Each question once, however many lines its roster has."""
    seen: set[str] = set()
    for question in questionnaire.questions:
        if question.source not in seen:
            seen.add(question.source)
            yield question


def gives_away(
    questionnaire: Questionnaire, languages: Sequence[Language]
) -> Iterator[Finding]:
    """Spoken answers from which somebody near the person would learn something."""
    for question in _written(questionnaire):
        if (
            question.announces
            or question.purpose is not None
            or not question.answerable
        ):
            continue
        keys = [f"{one}.telephone" for one in (question.source, *question.words)]
        if not any(key in questionnaire.texts for key in keys):
            continue
        for language in languages:
            option = _said_aloud(questionnaire, question, language)
            if option is not None:
                place = question.place
                if language != questionnaire.source_language:
                    place = Place(f"translations/{language}.yaml")
                detail = {"id": question.source, "option": option[:60]}
                yield Finding(faults.GIVES_AWAY, place, detail)
                break


def _said_aloud(
    questionnaire: Questionnaire, question: Question, language: Language
) -> str | None:
    """A telling option that the person would have to speak; None when there is none."""
    tongue = language.partition("-")[0]
    asks, plain = _ASKS_SIGN.get(tongue), _PLAIN.get(tongue)
    if asks is None or plain is None:
        return None
    shown = [
        questionnaire.text(
            f"{question.id}.{part}", mode=Mode.TELEPHONE, language=language
        )
        for part in ("text", "note")
    ]
    if any(asks.search(text.value) for text in shown):
        return None
    if question.name_type.kind is Kind.TEXT:
        return None
    for code in question.codes:
        label = questionnaire.text(f"{question.id}.{code}", language=language).value
        bare = label.strip().rstrip(".!").lower()
        if bare not in plain and not _SAYS_NOTHING.fullmatch(bare):
            return label
    return None


def same_words(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Two options of one question that nobody can tell apart."""
    for question in _written(questionnaire):
        seen: dict[str, str] = {}
        for code in question.codes:
            text = questionnaire.text(f"{question.id}.{code}").value
            folded = " ".join(text.casefold().split()).rstrip(".!, ")
            other = seen.setdefault(folded, code)
            if folded and other != code:
                detail = {"id": question.source, "code": other, "other": code}
                yield Finding(faults.SAME_WORDS, question.place, detail)


def sensitive_fills(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Words that show again what somebody said under a promise of care."""
    careful = _careful(questionnaire)
    for question in questionnaire.questions:
        told: dict[str, Place | None] = {}
        for shown in shown_fills(questionnaire, question):
            tree = on_line(shown.fill.tree, question.line, questionnaire.ids)
            for name in names_of(tree):
                if name in careful and name != question.id:
                    told.setdefault(name, shown.place)
        for name, place in sorted(told.items()):
            detail = {"id": question.source or question.id, "name": name}
            yield Finding(faults.FILL_SENSITIVE, place, detail)


def _careful(questionnaire: Questionnaire) -> set[str]:
    """The names whose answers are not to be shown again: sensitive or identifying ones,
    and what is computed from them."""
    found: set[str] = set()
    for question in questionnaire.questions:
        careful = question.sensitive and question.announces is None
        drawn = question.value is not None and set(question.value.names) & found
        if (careful and not question.computed) or question.identifying or drawn:
            found.add(question.id)
    return found
