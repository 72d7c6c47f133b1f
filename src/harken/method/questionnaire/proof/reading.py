"""What the words ask of people: reading age, minutes, and what a listener would learn.

Reading age, English: the grade of Kincaid, Fishburne, Rogers and Chissom (1975), 0.39
words a sentence + 11.8 syllables a word - 15.59, and five years. Polish: the formula of
Pisarek (1969), half the root of the squares of words a sentence and of the percentage of
words of four syllables or more, as years of school, and seven years. Other languages
have no formula here and are not judged.

Minutes: 238 words a minute read silently and 183 read aloud (Brysbaert 2019), and for
the answer itself the seconds below, which are our own and not from a study.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harken.method.errors import Finding, Place
from harken.method.questionnaire.document import Question, Questionnaire, QuestionType
from harken.method.questionnaire.proof import faults
from harken.method.questionnaire.proof.plan import shown_fills
from harken.method.questionnaire.syntax import names_of
from harken.method.questionnaire.values import Kind
from harken.method.questionnaire.wording.fills import on_line
from harken.method.terms import Language, Mode

FEWEST_WORDS = 12
"""Fewer words than this are too few for any formula."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_END = re.compile(r"[.!?:;]+(?:\s|$)|\n\s*\n|\n-\s")
_ENGLISH = re.compile(r"[aeiouy]+")
_POLISH = re.compile(r"i(?=[aąeęoóu])|([aąeęioóuy])")
_FILL = re.compile(r"\{[^{}]*\}")

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


def words_of(text: str) -> list[str]:
    """The words of a text, fills counted as one word each."""
    return _WORD.findall(_FILL.sub("x", text).replace("**", ""))


def sentences_of(text: str) -> int:
    """How many sentences a text has; at least one."""
    ends = len(_END.findall(text.strip() + " "))
    unfinished = text.strip()[-1:] not in {".", "!", "?", ":", ";"}
    return max(1, ends + (1 if unfinished else 0))


def syllables(word: str, language: str) -> int:
    """Syllables by the groups of vowels; a silent e at the end does not count."""
    low = word.lower()
    if language == "pl":
        return max(1, sum(1 for found in _POLISH.finditer(low) if found[1]))
    count = len(_ENGLISH.findall(low))
    if low.endswith("e") and not low.endswith(("le", "ee", "ie")) and count > 1:
        count -= 1
    if low.endswith("ed") and not low.endswith(("ted", "ded")) and count > 1:
        count -= 1
    if low.endswith("es") and not re.search(r"(s|z|x|ch|sh|g|c)es$", low):
        count -= 1 if count > 1 else 0
    return max(1, count)


def reading_age(text: str, language: str) -> float | None:
    """The age at which a text can be read; None where no formula serves."""
    words = words_of(text)
    tongue = language.partition("-")[0]
    if len(words) < FEWEST_WORDS or tongue not in FORMULAS:
        return None
    length = len(words) / sentences_of(text)
    counts = [syllables(word, tongue) for word in words]
    if tongue == "pl":
        hard = 100 * sum(count >= 4 for count in counts) / len(words)
        years = float((length**2 + hard**2) ** 0.5) / 2
        return 7 + years
    grade = 0.39 * length + 11.8 * sum(counts) / len(words) - 15.59
    return 5 + grade


FORMULAS = {"en": "Flesch-Kincaid 1975", "pl": "Pisarek 1969"}


def hard_to_read(
    questionnaire: Questionnaire, limit: float, languages: Sequence[Language]
) -> Iterator[Finding]:
    """Words that ask for more than the set reading age.

    English is judged page by page. Pisarek's formula was tested on passages of some 300
    words, so Polish is judged as a whole.
    """
    for language in languages:
        tongue = language.partition("-")[0]
        place = Place(f"translations/{language}.yaml")
        if language == questionnaire.source_language:
            place = Place("questionnaire.yaml")
        shown = {q: _shown(questionnaire, q, language) for q in questionnaire.questions}
        pages = {q.id: (q.place or place, text) for q, text in shown.items()}
        if tongue != "en":
            pages = {questionnaire.id: (place, "\n\n".join(shown.values()))}
        for name, (where, text) in pages.items():
            age = reading_age(text, language)
            if age is not None and age > limit:
                detail: dict[str, object] = {"id": name, "age": round(age)}
                detail["limit"] = round(limit)
                detail["formula"] = FORMULAS[tongue]
                yield Finding(faults.HARD_TO_READ, where, detail)


def _shown(questionnaire: Questionnaire, question: Question, language: Language) -> str:
    """The question and its hint in one language, when that language has them."""
    parts = []
    for part in ("text", "hint"):
        found = questionnaire.text(f"{question.id}.{part}", language=language)
        if found and found.language == language:
            text = found.value
            parts.append(text if text[-1:] in ".!?:" else f"{text}.")
    return " ".join(parts)


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


def gives_away(
    questionnaire: Questionnaire, languages: Sequence[Language]
) -> Iterator[Finding]:
    """Spoken answers from which somebody near the person would learn something."""
    for question in questionnaire.questions:
        if (
            question.announces
            or question.purpose is not None
            or not question.answerable
        ):
            continue
        key = f"{question.id}.telephone"
        if key not in questionnaire.texts:
            continue
        for language in languages:
            option = _said_aloud(questionnaire, question, language)
            if option is not None:
                place = question.place
                if language != questionnaire.source_language:
                    place = Place(f"translations/{language}.yaml")
                detail = {"id": question.id, "option": option[:60]}
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
    for question in questionnaire.questions:
        seen: dict[str, str] = {}
        for code in question.codes:
            text = questionnaire.text(f"{question.id}.{code}").value
            folded = " ".join(text.casefold().split())
            other = seen.setdefault(folded, code)
            if folded and other != code:
                detail = {"id": question.id, "code": other, "other": code}
                yield Finding(faults.SAME_WORDS, question.place, detail)


def sensitive_fills(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Words that show again what somebody said under a promise of care."""
    for question in questionnaire.questions:
        told = {
            name
            for fill in shown_fills(questionnaire, question)
            for name in names_of(on_line(fill.tree, question.line, questionnaire.ids))
            if name in questionnaire.ids
        }
        for name in sorted(told):
            source = questionnaire.question(name)
            careful = source.sensitive and source.announces is None
            if careful or source.identifying:
                detail = {"id": question.source or question.id, "name": name}
                yield Finding(faults.FILL_SENSITIVE, question.place, detail)
