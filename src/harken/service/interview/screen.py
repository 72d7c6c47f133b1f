"""One question made ready to be shown: its words in one mode and language, what is
filled in, and what is wrong. The web page and the interviewer's screen share it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from harken.method.errors import Finding
from harken.method.questionnaire import Question, QuestionType, Value
from harken.method.terms import Language, Missing
from harken.service.interview.queries import Sitting
from harken.service.interview.words import sentence

Form = Mapping[str, Sequence[str]]

SHORTCUTS = {"dont_know": "F4", "prefer_not_to_say": "F6"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: ``key`` is the number an interviewer presses."""

    code: str
    text: str
    lang: str
    ticked: bool
    exclusive: bool
    key: str
    id: str

    @property
    def shortcut(self) -> str:
        """The key an interviewer presses: a function key for the kinds of no answer."""
        return SHORTCUTS.get(self.code, self.key) if self.exclusive else self.key


@dataclass(frozen=True, slots=True)
class Screen:
    """A question as a template shows it. ``lang`` marks words not in the page's
    language; it is empty for the others."""

    id: str
    kind: str
    text: str
    lang: str
    hint: str
    note: str
    choices: tuple[Choice, ...]
    refusals: tuple[Choice, ...]
    typed: str
    month: str
    year: str
    unit: str
    max_length: int
    required: bool
    sensitive: bool
    announcement: bool
    errors: tuple[str, ...]

    @property
    def template(self) -> str:
        """The renderer of this kind of question."""
        return f"interview/question/{self.kind}.html"

    @property
    def described_by(self) -> str:
        """The ids that describe the answer's field: hint, then error."""
        parts = ["value-hint"] if self.hint else []
        return " ".join([*parts, "value-error"] if self.errors else parts)


def screen(
    sitting: Sitting,
    question: Question,
    *,
    form: Form | None = None,
    show_stored: bool = True,
    findings: Sequence[Finding] = (),
) -> Screen:
    """The question with what was sent just now, else with what is stored.

    ``show_stored`` False leaves the page empty: answers of an earlier visit stay hidden.
    """
    language = sitting.interview.language
    stored = sitting.interview.answers.get(question.id) if show_stored else None
    filled = dict(form) if form is not None else _form_of(stored)
    ticked = set(filled.get("value", ()))
    words = sitting.book.text(
        f"{question.id}.text", mode=sitting.interview.mode, language=language
    )
    typed = _typed(question, filled)
    return Screen(
        id=question.id,
        kind="announcement" if question.announces else _kind(question),
        text=words.value,
        lang="" if words.language == language else words.language,
        hint=_say(sitting, question, "hint"),
        note=_say(sitting, question, "note"),
        choices=_choices(sitting, question, ticked),
        refusals=_refusals(sitting, question, ticked),
        typed=typed,
        month=_box(filled, "month"),
        year=_box(filled, "year"),
        unit=_say(sitting, question, "unit"),
        max_length=question.max_length,
        required=question.required,
        sensitive=question.sensitive,
        announcement=bool(question.announces),
        errors=tuple(dict.fromkeys(sentence(f, language) for f in findings)),
    )


def said(sitting: Sitting, question: Question, language: Language) -> str:
    """A stored answer in words, for the page on which answers are checked."""
    value = sitting.interview.answers.get(question.id)
    book = sitting.book

    def word(key: str) -> str:
        return book.text(key, language=language).value

    if isinstance(value, Missing):
        return word(f"refusal.{value.word}") if value in question.refusals else ""
    if isinstance(value, tuple):
        return ", ".join(word(f"{question.id}.{code}") for code in value)
    if value in question.codes:
        return word(f"{question.id}.{value}")
    return str(value) if value is not None else ""


def _kind(question: Question) -> str:
    if question.type is QuestionType.CONSENT:
        return QuestionType.SINGLE.value
    return question.type.value


def _say(sitting: Sitting, question: Question, part: str) -> str:
    interview = sitting.interview
    return sitting.book.text(
        f"{question.id}.{part}", mode=interview.mode, language=interview.language
    ).value


def _form_of(value: Value | None) -> dict[str, Sequence[str]]:
    """The form that would give this value."""
    if isinstance(value, Missing):
        return {"value": [value.word] if value is not Missing.NO_ANSWER else []}
    if isinstance(value, tuple):
        return {"value": list(value)}
    if isinstance(value, Decimal):
        return {"value": [str(value)]}
    if value is None:
        return {}
    year, _, month = value.partition("-")
    return {"value": [value], "month": [month.lstrip("0")], "year": [year]}


def _box(filled: Form, name: str) -> str:
    return next(iter(filled.get(name, ())), "")


def _typed(question: Question, filled: Form) -> str:
    words = {kind.word for kind in question.refusals}
    return next((text for text in filled.get("value", ()) if text not in words), "")


def _choices(
    sitting: Sitting, question: Question, ticked: set[str]
) -> tuple[Choice, ...]:
    keys = [f"{question.id}.{option.code}" for option in question.options]
    return tuple(
        _choice(
            sitting,
            key,
            code=option.code,
            number=number,
            ticked=option.code in ticked,
            exclusive=option.exclusive,
        )
        for number, (key, option) in enumerate(
            zip(keys, question.options, strict=True), start=1
        )
    )


def _refusals(
    sitting: Sitting, question: Question, ticked: set[str]
) -> tuple[Choice, ...]:
    codes = set(question.codes)
    return tuple(
        _choice(
            sitting,
            f"refusal.{kind.word}",
            code=kind.word,
            number=len(codes) + number,
            ticked=kind.word in ticked and kind.word not in codes,
            exclusive=True,
        )
        for number, kind in enumerate(question.refusals, start=1)
    )


def _choice(
    sitting: Sitting,
    key: str,
    *,
    code: str,
    number: int,
    ticked: bool,
    exclusive: bool,
) -> Choice:
    interview = sitting.interview
    words = sitting.book.text(key, mode=interview.mode, language=interview.language)
    return Choice(
        code=code,
        text=words.value or code,
        lang="" if words.language == interview.language else words.language,
        ticked=ticked,
        exclusive=exclusive,
        key=str(number),
        id="value" if number == 1 else f"value-{number}",
    )
