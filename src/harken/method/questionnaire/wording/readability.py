"""How hard words are to read.

English: the grade of Kincaid, Fishburne, Rogers and Chissom (1975), 0.39 words a sentence
+ 11.8 syllables a word - 15.59, and five years. Polish: the formula of Pisarek (1969),
half the root of the squares of words a sentence and of the percentage of words of four
syllables or more, as years of school, and seven years. Other languages have no formula
here and are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harken.method.errors import Place
from harken.method.questionnaire.document import Questionnaire
from harken.method.terms import Language, Mode

FEWEST_WORDS = 12
"""Fewer words than this are too few for any formula."""
OPTIONS = 60
"""The words of longer lists are looked at no further."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_END = re.compile(r"[.!?:;]+(?:\s|$)|\n\s*\n|\n-\s")
_ENGLISH = re.compile(r"[aeiouy]+")
_POLISH = re.compile(r"i(?=[aąeęoóu])|([aąeęioóuy])")
_FILL = re.compile(r"\{[^{}]*\}")


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


def ages(
    questionnaire: Questionnaire, language: Language
) -> Iterator[tuple[str, Place | None, float]]:
    """The reading age of each page's words, with its name and place.

    Pisarek's formula was tested on passages of some 300 words, so Polish is judged as a
    whole.
    """
    if language.partition("-")[0] == "en":
        texts = _texts(questionnaire, language)
    else:
        texts = iter([(questionnaire.id, None, _whole(questionnaire, language))])
    for name, where, text in texts:
        age = reading_age(text, language)
        if age is not None:
            yield name, where, age


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
        keys += [
            (place, (f"{question.id}.{code}",)) for code in question.codes[:OPTIONS]
        ]
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
            yield ended(found.value)


def ended(text: str) -> str:
    """Words as a sentence: a formula counts sentences by their ends."""
    return text if text[-1:] in ".!?:" else f"{text}."
