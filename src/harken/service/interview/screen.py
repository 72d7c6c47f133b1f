"""One question made ready to be shown: its words in one mode and language, what is
filled in, and what is wrong. The web page and the interviewer's screen share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from harken.method.errors import Finding
from harken.method.questionnaire import (
    Question,
    Questionnaire,
    QuestionType,
    Value,
    route,
)
from harken.method.questionnaire.wording import Wording
from harken.method.terms import Language, Mode
from harken.service.interview.filled import Form, boxed, form_of, found_in, in_words
from harken.service.interview.queries import Sitting
from harken.service.interview.words import direction, sentence, words

SHORTCUTS = {"dont_know": "F4", "prefer_not_to_say": "F6"}
WARNS, FAILS = "INT-046", "INT-045"
MOST_FOUND = 20
MOST_KNOWN = 10_000
PARTS = ("text", "hint", "note", "unit")
SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
KINDS = {
    QuestionType.CONSENT: "single",
    QuestionType.CURRENCY: "number",
    QuestionType.YEAR: "number",
    QuestionType.DATE: "boxes",
    QuestionType.MONTH: "boxes",
    QuestionType.ABOUT: "boxes",
    QuestionType.TIME: "boxes",
    QuestionType.DURATION: "boxes",
}
"""The renderer of a type, where several share one."""


Offered = tuple[tuple[str, bool], ...]
"""Codes of options, each with whether it excludes all others."""

Shape = tuple[str, str, Mode, Language, Offered]

_FILLS: dict[tuple[str, str, Mode, Language], bool] = {}


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
    rank: str = ""

    @property
    def shortcut(self) -> str:
        """The key an interviewer presses: a function key for the kinds of no answer."""
        return SHORTCUTS.get(self.code, self.key) if self.exclusive else self.key


@dataclass(frozen=True, slots=True)
class Box:
    """One box of several that hold an answer together."""

    name: str
    label: str
    value: str
    width: int

    @property
    def id(self) -> str:
        """Its id on the page."""
        return f"value-{self.name}"


@dataclass(frozen=True)
class Screen:
    """A question as a template shows it. ``lang`` marks words not in the page's
    language; it is empty for the others.

    It holds nothing of a person but what they said: ``filled``, the ``findings`` on it,
    and the ``values`` that fills may show. ``offered`` are the options that are theirs,
    in their order.
    """

    book: Questionnaire
    question: Question
    mode: Mode
    language: Language
    filled: Form
    findings: tuple[Finding, ...] = ()
    offered: Offered = ()
    values: route.Values | None = None

    @property
    def shape(self) -> Shape | None:
        """What this page has in common with every other person's; None when there is
        anything on it that another person's page need not have."""
        if self.filled or self.findings or self.values is not None:
            return None
        return (self.book.digest, self.id, self.mode, self.language, self.offered)

    @property
    def id(self) -> str:
        """The question's id."""
        return self.question.id

    @cached_property
    def kind(self) -> str:
        """The renderer of this kind of question."""
        if self.question.announces:
            return "announcement"
        return KINDS.get(self.question.type, self.question.type.value)

    @property
    def type(self) -> str:
        """The question's type, where a renderer serves several."""
        return self.question.type.value

    @property
    def template(self) -> str:
        """The template of the renderer."""
        return f"interview/question/{self.kind}.html"

    def say(self, key: str) -> str:
        """The words for a text key in the page's mode and language."""
        return self._words(key)[0]

    def _words(self, key: str) -> tuple[str, str]:
        """Words, and their language where it is not the page's."""
        found = self.book.text(key, mode=self.mode, language=self.language)
        if self.values is not None:
            spoken = Wording(self.book, self.values, self.mode, self.language)
            found = spoken.text(key, self.question)
        foreign = found.value and found.language != self.language
        return found.value, found.language if foreign else ""

    @cached_property
    def _text(self) -> tuple[str, str]:
        return self._words(f"{self.id}.text")

    @property
    def text(self) -> str:
        """What is asked."""
        return self._text[0]

    @property
    def lang(self) -> str:
        """The language of what is asked, where it is not the page's."""
        return self._text[1]

    @property
    def dir(self) -> str:
        """The direction of what is asked, where its language is not the page's."""
        return direction(self.lang) if self.lang else ""

    @cached_property
    def hint(self) -> str:
        """More on what is asked."""
        return self.say(f"{self.id}.hint")

    @property
    def note(self) -> str:
        """What only an interviewer sees."""
        return self.say(f"{self.id}.note")

    @cached_property
    def title(self) -> str:
        """Which line of a roster this is; empty outside one."""
        if not self.question.line:
            return ""
        section = self.say(f"section.{self.question.section}.title")
        marks = {mark.name: mark for mark in self.question.marks}
        label = marks.get("label")
        named = self.say(label.key) if label and label.key else ""
        numbers = ".".join(str(number) for number in self.question.line)
        return f"{section}: {named or numbers}"

    @cached_property
    def how(self) -> str:
        """How such an answer is written, in the page's own words."""
        known = words(self.language)
        return known.get(f"how_{self.type}", "")

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """What this person may choose, in the order they see it."""
        if self.kind == "lookup":
            return self._numbered(self._found())
        return self._numbered(self.offered)

    def _found(self) -> Iterator[tuple[str, bool]]:
        """The entries of a list that what was typed leads to, and the one chosen."""
        names = ((code, self.say(f"{self.id}.{code}")) for code in self.question.codes)
        chosen = set(self.filled.get("value", ()))
        for code in found_in(names, self.search, chosen, most=MOST_FOUND):
            yield code, False

    def _numbered(
        self, options: Iterator[tuple[str, bool]] | Offered
    ) -> tuple[Choice, ...]:
        return tuple(
            self._choice(f"{self.id}.{code}", code, number, exclusive)
            for number, (code, exclusive) in enumerate(options, start=1)
        )

    @cached_property
    def refusals(self) -> tuple[Choice, ...]:
        """The kinds of no answer that the question offers."""
        known = self.question.by_code
        shown = len(self.choices) if known else 0
        offered = self.question.refusals_in(self.mode)
        return tuple(
            self._choice(f"refusal.{kind.word}", kind.word, shown + number, True)
            for number, kind in enumerate(offered, start=1)
            if kind.word not in known
        )

    def _choice(self, key: str, code: str, number: int, exclusive: bool) -> Choice:
        text, lang = self._words(key)
        return Choice(
            code=code,
            text=text or code,
            lang=lang,
            ticked=code in self.filled.get("value", ()),
            exclusive=exclusive,
            key=str(number),
            id="value" if number == 1 else f"value-{number}",
            rank=self._box(f"rank_{code}"),
        )

    @property
    def ranks(self) -> tuple[str, ...]:
        """The places that can be given."""
        return tuple(str(place) for place in range(1, len(self.choices) + 1))

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes of a date, a time or a duration."""
        known = words(self.language)
        return tuple(
            Box(
                name,
                known.get(f"box_{label}") or self.say(f"unit.{label}"),
                self._box(name),
                width,
            )
            for name, label, width in boxed(self.question)
        )

    def _box(self, name: str) -> str:
        return next(iter(self.filled.get(name, ())), "")

    @property
    def typed(self) -> str:
        """What stands in the one box of the page."""
        refusals = {kind.word for kind in self.question.refusals}
        texts = self.filled.get("value", ()) or self.filled.get(self.type, ())
        return next((text for text in texts if text not in refusals), "")

    @property
    def search(self) -> str:
        """What was typed to find an entry of a list."""
        return self._box("search").strip()

    @property
    def reason(self) -> str:
        """Why an unusual answer stands, as typed."""
        return self._box("reason")

    @property
    def unit(self) -> str:
        """What a number counts."""
        return self.say(f"{self.id}.unit")

    @property
    def sign(self) -> str:
        """The sign before a sum of money."""
        return SIGNS.get(self.question.currency, self.question.currency)

    @property
    def max_length(self) -> int:
        """The longest answer, in characters; 0 without a limit."""
        return self.question.max_length

    @property
    def required(self) -> bool:
        """Whether the question cannot be left."""
        return self.question.required

    @property
    def sensitive(self) -> bool:
        """Whether the question is of a sensitive part."""
        return self.question.sensitive

    @property
    def announcement(self) -> bool:
        """Whether the page announces a sensitive part."""
        return bool(self.question.announces)

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """What must be mended, each said once."""
        return self._told(warnings=False)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What is unusual, and may stand."""
        return () if self.errors else self._told(warnings=True)

    def _told(self, *, warnings: bool) -> tuple[str, ...]:
        said = []
        for finding in self.findings:
            code = finding.fault.code
            if (code == WARNS) is not warnings:
                continue
            own = code in {WARNS, FAILS}
            text = self.say(str(finding.detail.get("check", ""))) if own else ""
            said.append(text or sentence(finding, self.language))
        return tuple(dict.fromkeys(said))

    @property
    def first(self) -> str:
        """The id of the field that an error leads to."""
        if self.kind == "lookup" and not self.choices:
            return "search"
        return self.boxes[0].id if self.boxes else "value"

    @property
    def described_by(self) -> str:
        """The ids that describe the answer's field: hint, way of writing, then error."""
        parts = ["value-hint"] if self.hint else []
        parts += ["value-how"] if self.how else []
        parts += ["value-error"] if self.errors else []
        return " ".join(parts)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Every field as it was sent, to be sent again with a confirmation."""
        return [(name, text) for name, texts in self.filled.items() for text in texts]

    @property
    def answer(self) -> str:
        """What was sent, in words."""
        return " ".join(text for _, text in self.sent)


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
    book, interview = sitting.book, sitting.interview
    stored = interview.answers.get(question.id) if show_stored else None
    filled = dict(form) if form is not None else form_of(question, stored)
    options, values = question.options, None
    speaks = has_fills(book, question, interview.mode, interview.language)
    if speaks or question.shuffled or any(one.condition for one in options):
        values = route.route(book, interview.answers, interview.context).values
        options = route.offered(question, values)
    return Screen(
        book,
        question,
        interview.mode,
        interview.language,
        filled,
        findings=tuple(findings),
        offered=tuple((one.code, one.exclusive) for one in options),
        values=values if speaks else None,
    )


def has_fills(
    book: Questionnaire, question: Question, mode: Mode, language: Language
) -> bool:
    """Whether any words of a question's page hold a fill, so that people's pages differ."""
    key = (book.digest, question.id, mode, language)
    found = _FILLS.get(key)
    if found is None:
        if len(_FILLS) >= MOST_KNOWN:
            _FILLS.clear()
        keys = [f"{question.id}.{part}" for part in (*PARTS, *question.codes)]
        keys += [f"section.{question.section}.title"]
        keys += [mark.key for mark in question.marks if mark.key]
        said = (book.text(one, mode=mode, language=language).value for one in keys)
        found = _FILLS[key] = any("{" in text or "}" in text for text in said)
    return found


def fields_of(question: Question) -> tuple[str, ...]:
    """The form fields that can hold an answer to this question."""
    names = ["value", "search", "confirm", "reason"]
    names += [name for name, _, _ in boxed(question)]
    if question.type is QuestionType.YEAR:
        names.append("year")
    if question.type is QuestionType.RANKING:
        names += [f"rank_{code}" for code in question.codes]
    return tuple(names)


def searched(shown: Screen) -> Screen | None:
    """The page of a list with what was found, when something was typed to be found and
    nothing chosen; None when there is an answer to store."""
    if shown.kind != "lookup" or not shown.search or shown.filled.get("value"):
        return None
    return shown


def said(sitting: Sitting, question: Question, language: Language) -> str:
    """A stored answer in words, for the page on which answers are checked."""
    value: Value | None = sitting.interview.answers.get(question.id)

    def word(key: str) -> str:
        return sitting.book.text(key, language=language).value

    return in_words(question, value, word, language)


def sent_of(question: Question, post: Mapping[str, Sequence[str]]) -> Form:
    """What a form sent for this question: its own fields and no others."""
    return {name: post[name] for name in fields_of(question) if name in post}
