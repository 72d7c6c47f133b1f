"""The instrument as frozen values: sections, questions, options, and their words.

It holds what was written, once, for every mode and language. It never holds an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from harken.method.errors import Finding, HarkenError, Place, closest
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.faults import UNKNOWN_QUESTION
from harken.method.questionnaire.path import Entry, Step, Stop, Stretch, step, stretches
from harken.method.questionnaire.values import Kind, NameType
from harken.method.terms import Arm, Language, Missing, Mode


class QuestionType(StrEnum):
    """What kind of answer a page takes."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    RANKING = "ranking"
    LOOKUP = "lookup"
    NUMBER = "number"
    CURRENCY = "currency"
    DURATION = "duration"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    ABOUT = "about"
    TIME = "time"
    LINE = "line"
    TEXT = "text"
    INFORMATION = "information"
    CONSENT = "consent"
    COMPUTED = "computed"


HOLDS = {
    QuestionType.SINGLE: Kind.CODE,
    QuestionType.CONSENT: Kind.CODE,
    QuestionType.LOOKUP: Kind.CODE,
    QuestionType.MULTIPLE: Kind.CODES,
    QuestionType.RANKING: Kind.CODES,
    QuestionType.NUMBER: Kind.NUMBER,
    QuestionType.CURRENCY: Kind.NUMBER,
    QuestionType.DURATION: Kind.NUMBER,
    QuestionType.DATE: Kind.DATE,
    QuestionType.MONTH: Kind.MONTH,
    QuestionType.YEAR: Kind.YEAR,
    QuestionType.ABOUT: Kind.ABOUT,
    QuestionType.TIME: Kind.TIME,
    QuestionType.LINE: Kind.TEXT,
    QuestionType.TEXT: Kind.TEXT,
    QuestionType.INFORMATION: Kind.NOTHING,
    QuestionType.COMPUTED: Kind.NOTHING,
}
"""The kind of value of each type; that of a computed value is worked out."""

UNITS = {
    "weeks": 604_800,
    "days": 86_400,
    "hours": 3_600,
    "minutes": 60,
    "seconds": 1,
}
CALENDAR = {"years": 12, "months": 1}
"""Units of a duration, in the smallest of each kind: a month has no fixed days."""


class Purpose(StrEnum):
    """What a consent is given for."""

    TAKE_PART = "take_part"
    RECONTACT = "recontact"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; ``exclusive`` (multiple choice) excludes all others.

    It is offered only when its ``condition`` holds.
    """

    code: str
    exclusive: bool = False
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Something an answer is tested for: wrong when the condition holds.

    A hard check refuses the answer; a soft one warns, and the answer stands once the
    person confirms it. ``key`` is that of the words that say what is wrong.
    """

    condition: Expression
    key: str
    soft: bool = False
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """What ``{name}`` stands for in the words of one line: a number or other words."""

    name: str
    number: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words to show, and the language they are really in."""

    value: str
    language: Language

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Question:
    """One page, or one computed value. ``condition`` joins the line's, the section's,
    the announcement's and its own; ``own`` is the last of these alone.

    ``announces`` names the section when the page is a synthesized announcement
    (single choice: continue or skip). ``written`` is the type as written, where reading
    made a simpler one of it: yes_no, scale, matrix.

    ``source`` is the id as written; it differs where a roster, a matrix or an option
    unrolled, and ``line`` tells which line this is. ``words`` are the prefixes of texts
    to look under after the question's own id.
    """

    id: str
    type: QuestionType
    section: str
    options: tuple[Option, ...] = ()
    refusals: tuple[Missing, ...] = ()
    parted: tuple[tuple[Mode, tuple[Missing, ...]], ...] = ()
    """The refusals of each mode, where the author tells the modes apart."""
    condition: Expression | None = None
    own: Expression | None = None
    gate: Expression | None = None
    """The section's condition, as it is on this line."""
    value: Expression | None = None
    checks: tuple[Check, ...] = ()
    required: bool = False
    purpose: Purpose | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    unit: str = ""
    units: tuple[str, ...] = ()
    currency: str = ""
    max_length: int = 0
    identifying: bool = False
    sensitive: bool = False
    announces: str | None = None
    shuffled: bool = False
    indicators: tuple[str, ...] = ()
    entitlements: tuple[str, ...] = ()
    concept: str = ""
    taken_from: str = ""
    written: str = ""
    source: str = ""
    line: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    holds: NameType | None = None
    """What a computed value was found to hold."""
    place: Place | None = field(default=None, compare=False)

    @property
    def free_text(self) -> bool:
        """Whether the answer is in the person's own words; such never cross as they are."""
        return self.name_type.kind is Kind.TEXT

    def refusals_in(self, mode: Mode) -> tuple[Missing, ...]:
        """The refusals that one mode offers."""
        return dict(self.parted).get(mode, self.refusals)

    @property
    def answerable(self) -> bool:
        """Whether the page takes an answer at all."""
        return self.type not in {QuestionType.INFORMATION, QuestionType.COMPUTED}

    @property
    def computed(self) -> bool:
        """Whether it is worked out and never shown."""
        return self.type is QuestionType.COMPUTED

    @property
    def valued(self) -> bool:
        """Whether it ever has a value: asked for or worked out."""
        return self.type is not QuestionType.INFORMATION

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The option codes in the author's order."""
        return tuple(option.code for option in self.options)

    @cached_property
    def by_code(self) -> Mapping[str, Option]:
        """The options by their codes."""
        return {option.code: option for option in self.options}

    @cached_property
    def factors(self) -> Mapping[str, int]:
        """The units of a duration, each in the smallest of them."""
        known = CALENDAR if set(self.units) <= CALENDAR.keys() else UNITS
        smallest = min((known[unit] for unit in self.units), default=1)
        return {unit: known[unit] // smallest for unit in self.units}

    @cached_property
    def name_type(self) -> NameType:
        """What a condition may do with this question's name."""
        if self.holds is not None:
            return self.holds
        kind = HOLDS[self.type]
        coded = kind in {Kind.CODE, Kind.CODES}
        return NameType(kind, self.codes if coded else None)


@dataclass(frozen=True, slots=True)
class Roster:
    """How often a section is asked: once for each line.

    One of ``over`` (a multiple choice: a line for each chosen code), ``count`` (a
    number question), ``fixed``, or ``more`` (another line as long as the answer to that
    question is yes). ``within`` is the roster that this one stands in.
    """

    maximum: int
    over: str = ""
    count: str = ""
    fixed: bool = False
    more: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the interview: its questions' ids, announcement and lines included."""

    id: str
    questions: tuple[str, ...]
    sensitive: bool = False
    condition: Expression | None = None
    roster: Roster | None = None
    ways: int = 0
    """How many ballots the section's split has; 0 without one."""
    shuffled: bool = False
    """Whether the order of its questions is drawn for each interview."""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Promise:
    """What an instrument promises of itself: the minutes that an interview takes at most,
    and the reading age that its words ask for at most. None: nothing was promised."""

    minutes: float | None = None
    reading_age: float | None = None
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
    stale: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    """Keys whose source words have changed since they were translated."""
    untranslated: frozenset[str] = frozenset()
    """Keys whose words are the same in every language: names of places, figures."""
    promise: Promise = field(default_factory=Promise)

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

    @cached_property
    def ids(self) -> frozenset[str]:
        """The id of every question."""
        return frozenset(self._by_id)

    @cached_property
    def unconditional(self) -> frozenset[str]:
        """The id of every question that stands under no condition."""
        return frozenset(one.id for one in self.questions if one.condition is None)

    @cached_property
    def filled(self) -> frozenset[str]:
        """Whose words hold a fill in some language: the first parts of their keys."""
        return frozenset(
            key.partition(".")[0]
            for words in (self.texts, *self.translations.values())
            for key, text in words.items()
            if "{" in text
        )

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
        paper: bool = False,
    ) -> Text:
        """The words for a key such as ``told_code.text``, ``told_code.hint``,
        ``told_code.yes`` or ``section.report.title``.

        Telephone wording (on ``paper``, that for print) comes before the written one,
        any wording of the wanted language before the source's. An absent text is empty
        and false.
        """
        wanted = language or self.source_language
        keys = self._keys(key, mode, paper)
        for tongue in dict.fromkeys((wanted, self.source_language)):
            words = self._words(tongue)
            for one in keys:
                if words.get(one):
                    return Text(words[one], tongue)
        return Text("", self.source_language)

    def _keys(self, key: str, mode: Mode, paper: bool) -> tuple[str, ...]:
        """The keys under which words for a key may stand, the best first."""
        found = self._found.get((key, mode, paper))
        if found is None:
            if len(self._found) > 50_000:
                self._found.clear()
            found = tuple(self._spelled(key, mode, paper))
            self._found[key, mode, paper] = found
        return found

    def _spelled(self, key: str, mode: Mode, paper: bool) -> Iterator[str]:
        match = _OWNED.fullmatch(key)
        question = self._by_id.get(match[1]) if match else None
        if match is None or question is None:
            if mode is Mode.TELEPHONE and key.endswith(".announcement"):
                yield f"{key}_telephone"
            yield key
            return
        part, prefixes = match[2], (question.id, *question.words)
        announced = f"section.{question.announces}.announcement"
        if paper and part == "text":
            yield from (f"{prefix}.print" for prefix in prefixes)
        if mode is Mode.TELEPHONE and part == "text":
            yield from (f"{prefix}.telephone" for prefix in prefixes)
            if question.announces:
                yield f"{announced}_telephone"
        yield from (f"{prefix}.{part}" for prefix in prefixes)
        if question.announces and part in {"text", "telephone"}:
            yield announced if part == "text" else f"{announced}_telephone"

    def _words(self, language: Language) -> Words:
        if language == self.source_language:
            return self.texts
        return self.translations.get(language, {})

    @cached_property
    def stretches(self) -> tuple[Stretch[Question], ...]:
        """The questions in order, made ready for the route."""
        return stretches(self._entry(question) for question in self.questions)

    @cached_property
    def steps(self) -> Mapping[str, Step[Question]]:
        """Each question made ready for the route by itself, for a drawn order."""
        return {one.id: step(self._entry(one)) for one in self.questions}

    @cached_property
    def orders(self) -> dict[int, tuple[Stretch[Question], ...]]:
        """The orders that were drawn of late, by seed; only the route fills it."""
        return {}

    def _entry(self, question: Question) -> Entry[Question]:
        stop = Stop.COMPUTED if question.computed else None
        if question.purpose is Purpose.TAKE_PART:
            stop = Stop.CONSENT
        return (question.id, question.condition, stop, question)

    @cached_property
    def drawn(self) -> frozenset[str]:
        """The sections whose order of questions is drawn for each interview."""
        return frozenset(one.id for one in self.sections if one.shuffled)

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _found(self) -> dict[tuple[str, Mode, bool], tuple[str, ...]]:
        return {}


_OWNED = re.compile(r"([a-z][a-z0-9_]*(?:#[0-9]+(?:\.[0-9]+)?)?)\.(.+)")


def variables(languages: tuple[Language, ...]) -> dict[str, NameType]:
    """The names that every interview has: mode, arm, language, its first day."""
    return {
        "mode": NameType.code(mode.value for mode in Mode),
        "arm": NameType.code(arm.value for arm in Arm),
        "language": NameType.code(languages),
        "today": NameType(Kind.DATE),
        "seed": NameType(Kind.NUMBER),
    }
