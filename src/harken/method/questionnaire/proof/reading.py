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
from harken.method.questionnaire.syntax import names_of
from harken.method.questionnaire.values import Kind
from harken.method.questionnaire.wording.fills import on_line
from harken.method.questionnaire.wording.shown import shown_fills
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
        own = language == questionnaire.source_language
        file = "questionnaire.yaml" if own else f"translations/{language}.yaml"
        if tongue == "en":
            texts = list(_texts(questionnaire, language))
        else:
            texts = [(questionnaire.id, None, _whole(questionnaire, language))]
        worst: dict[str, tuple[float, Place | None]] = {}
        for name, where, text in texts:
            age = reading_age(text, language)
            if age is not None and age > max(limit, worst.get(name, (0.0, None))[0]):
                worst[name] = (age, where if own and where else Place(file))
        for name, (age, where) in worst.items():
            detail: dict[str, object] = {"id": name, "age": round(age)}
            detail["limit"] = round(limit)
            detail["formula"] = FORMULAS[tongue]
            yield Finding(faults.HARD_TO_READ, where, detail)


def _whole(questionnaire: Questionnaire, language: Language) -> str:
    """Every question with its hint, one after the other."""
    pages = (
        _said(questionnaire, (f"{one.id}.text", f"{one.id}.hint"), Mode.WEB, language)
        for one in questionnaire.questions
    )
    return "\n\n".join(" ".join(page) for page in pages)


def _texts(
    questionnaire: Questionnaire, language: Language
) -> Iterator[tuple[str, Place | None, str]]:
    """The words of each page in one language, as they are read in one go: the question
    with its hint, on the screen and on the telephone; each option; what checks say; and
    the title of a section."""
    seen: set[str] = set()
    for question in questionnaire.questions:
        name, place = question.source, question.place
        keys: list[tuple[Place | None, tuple[str, ...]]]
        keys = [(place, (f"{question.id}.text", f"{question.id}.hint"))]
        keys += [(place, (f"{question.id}.{code}",)) for code in question.codes[:60]]
        keys += [(check.place, (check.key,)) for check in question.checks]
        section = questionnaire.section_of(question.id)
        if section.questions[0] == question.id:
            keys.append((section.place, (f"section.{section.id}.title",)))
        for where, parts in keys:
            for mode in Mode:
                text = " ".join(_said(questionnaire, parts, mode, language))
                if text and text not in seen:
                    seen.add(text)
                    yield name, where, text


def _said(
    questionnaire: Questionnaire,
    keys: Sequence[str],
    mode: Mode,
    language: Language,
) -> Iterator[str]:
    """Words that a language really has, each ended as a sentence."""
    for key in keys:
        found = questionnaire.text(key, mode=mode, language=language)
        if found and found.language == language:
            text = found.value
            yield text if text[-1:] in ".!?:" else f"{text}."


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
