"""The instrument as frozen values: sections, questions, options, and their words.

It holds what was written, once, for every mode and language. It never holds an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from harken.method.errors import Finding, HarkenError, Place, closest
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.faults import UNKNOWN_QUESTION
from harken.method.questionnaire.values import Kind, NameType
from harken.method.terms import Arm, Language, Missing, Mode


class QuestionType(StrEnum):
    """What kind of answer a page takes."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    MONTH = "month"
    TEXT = "text"
    INFORMATION = "information"
    CONSENT = "consent"


class Purpose(StrEnum):
    """What a consent is given for."""

    TAKE_PART = "take_part"
    RECONTACT = "recontact"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; ``exclusive`` (multiple choice) excludes all others."""

    code: str
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Words to show, and the language they are really in."""

    value: str
    language: Language

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Question:
    """One page. ``condition`` joins the section's, the announcement's and its own.

    ``announces`` names the section when the page is a synthesized announcement
    (single choice: continue or skip). ``own`` is the condition as its author wrote it.
    """

    id: str
    type: QuestionType
    section: str
    options: tuple[Option, ...] = ()
    refusals: tuple[Missing, ...] = ()
    condition: Expression | None = None
    own: Expression | None = None
    required: bool = False
    purpose: Purpose | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str = ""
    max_length: int = 0
    identifying: bool = False
    sensitive: bool = False
    announces: str | None = None
    indicators: tuple[str, ...] = ()
    entitlements: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)

    @property
    def free_text(self) -> bool:
        """Whether the answer is in the person's own words; such never cross as they are."""
        return self.type is QuestionType.TEXT

    @property
    def answerable(self) -> bool:
        """Whether the page takes an answer at all."""
        return self.type is not QuestionType.INFORMATION

    @property
    def codes(self) -> tuple[str, ...]:
        """The option codes in the author's order."""
        return tuple(option.code for option in self.options)

    @property
    def name_type(self) -> NameType:
        """What a condition may do with this question's name."""
        match self.type:
            case QuestionType.SINGLE | QuestionType.CONSENT:
                return NameType(Kind.CODE, self.codes)
            case QuestionType.MULTIPLE:
                return NameType(Kind.CODES, self.codes)
            case QuestionType.NUMBER:
                return NameType(Kind.NUMBER)
            case QuestionType.MONTH:
                return NameType(Kind.MONTH)
            case QuestionType.TEXT:
                return NameType(Kind.TEXT)
            case QuestionType.INFORMATION:
                return NameType(Kind.NOTHING)
            case _:
                assert_never(self.type)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the interview: its questions' ids, announcement included."""

    id: str
    questions: tuple[str, ...]
    sensitive: bool = False
    condition: Expression | None = None
    place: Place | None = field(default=None, compare=False)


Words = Mapping[str, str]


@dataclass(frozen=True)
class Questionnaire:
    """A whole instrument, its names and types sound.

    ``texts`` holds the source language's words by key, ``translations`` those of the
    others; ``digest`` is the SHA-256 of every source text it was read from.
    """

    id: str
    version: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    source_language: Language
    texts: Words
    translations: Mapping[Language, Words]
    digest: str
    made_for: Mapping[Language, str] = field(default_factory=dict)
    """The version a translator worked from, where the file says so."""

    def question(self, id: str) -> Question:  # noqa: A002 - the contract's word
        """The question of this id. Raises HarkenError (QUE-045)."""
        found = self._by_id.get(id)
        if found is None:
            near = closest(id, sorted(self._by_id))
            raise HarkenError(Finding(UNKNOWN_QUESTION, None, {"id": id}, near))
        return found

    def section_of(self, id: str) -> Section:  # noqa: A002 - the contract's word
        """The section that holds a question. Raises HarkenError (QUE-045)."""
        return self._sections[self.question(id).section]

    @property
    def languages(self) -> tuple[Language, ...]:
        """The source language, then those with a file of texts."""
        return (self.source_language, *self.translations)

    @property
    def ids(self) -> frozenset[str]:
        """The id of every question."""
        return frozenset(self._by_id)

    def names(self, design: Iterable[str] = ()) -> dict[str, NameType]:
        """Every name a condition may use, with what it holds; ``design`` variables of
        the sample hold any code."""
        names = {name: NameType.code() for name in design}
        names |= {question.id: question.name_type for question in self.questions}
        return names | variables(self.languages)

    def text(
        self,
        key: str,
        *,
        mode: Mode = Mode.WEB,
        language: Language | None = None,
    ) -> Text:
        """The words for a key such as ``told_code.text``, ``told_code.hint``,
        ``told_code.yes`` or ``section.report.title``.

        Telephone wording comes before the written one, any wording of the wanted
        language before the source's. An absent text is empty and false.
        """
        wanted = language or self.source_language
        keys = _keys(key, mode, self._aliases)
        for tongue in dict.fromkeys((wanted, self.source_language)):
            words = self._words(tongue)
            for one in keys:
                if words.get(one):
                    return Text(words[one], tongue)
        return Text("", self.source_language)

    def _words(self, language: Language) -> Words:
        if language == self.source_language:
            return self.texts
        return self.translations.get(language, {})

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _aliases(self) -> dict[str, str]:
        """Keys that fall back on words given once: announcements, consents."""
        aliases: dict[str, str] = {}
        for question in self.questions:
            if question.announces:
                prefix = f"section.{question.announces}.announcement"
                aliases[f"{question.id}.text"] = prefix
                aliases[f"{question.id}.telephone"] = f"{prefix}_telephone"
            shared = "announcement" if question.announces else question.type.value
            for code in question.codes:
                aliases[f"{question.id}.{code}"] = f"{shared}.{code}"
        return aliases


def variables(languages: tuple[Language, ...]) -> dict[str, NameType]:
    """The names that every interview has: mode, arm, language, its first day."""
    return {
        "mode": NameType.code(mode.value for mode in Mode),
        "arm": NameType.code(arm.value for arm in Arm),
        "language": NameType.code(languages),
        "today": NameType(Kind.DATE),
    }


def _keys(key: str, mode: Mode, aliases: Mapping[str, str]) -> tuple[str, ...]:
    keys: list[str] = []
    if mode is Mode.TELEPHONE:
        if key.endswith(".text"):
            keys.append(f"{key.removesuffix('.text')}.telephone")
        elif key.endswith(".announcement"):
            keys.append(f"{key}_telephone")
    keys.append(key)
    return tuple(one for name in keys for one in (name, aliases.get(name)) if one)
