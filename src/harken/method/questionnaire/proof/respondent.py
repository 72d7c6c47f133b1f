"""Invented respondents: what they answer, and the walk they take through the pages.

The walk is the interview's own: the same conditions, the same answers in the file. A
respondent the solver proposes counts only when the walk shows what was claimed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from harken.method.questionnaire.document import (
    Purpose,
    Question,
    Questionnaire,
    QuestionType,
)
from harken.method.questionnaire.proof.plan import Page, Step
from harken.method.questionnaire.route import (
    AGREED,
    Context,
    computed,
    offered,
)
from harken.method.questionnaire.syntax import (
    Compare,
    Literal,
    Name,
    Tree,
    Within,
    walk,
)
from harken.method.questionnaire.values import Kind, Value, Values
from harken.method.terms import Arm, Language, Missing, Mode

TODAY = dt.date(2026, 6, 15)
TRIES = 12
LENIENT = 0.9
"""The share of questions that a random respondent answers rather than declines."""


@dataclass(frozen=True, slots=True)
class Respondent:
    """Someone who could answer, and what they say to each question they are asked."""

    context: Context
    answers: Mapping[str, Value]

    def shown(self, names: Sequence[str] = ()) -> dict[str, str]:
        """How they came and what they answered, as text; of some names only, if given."""
        context = {
            name: str(value)
            for name, value in self.context.values().items()
            if name in names or not names
        }
        answers = {
            name: said(value)
            for name, value in self.answers.items()
            if name in names or not names
        }
        return context | answers


def said(value: Value) -> str:
    """An answer as an author would write it."""
    if isinstance(value, Missing):
        return value.word
    if isinstance(value, tuple):
        return " + ".join(value)
    return f"{value}"


@dataclass(slots=True)
class Sitting:
    """One walk: the pages asked, every value that counted, and where it stuck, if so."""

    asked: list[str] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    answers: dict[str, Value] = field(default_factory=dict)
    stuck: str | None = None


Give = Callable[[Question, Values], Value]
Notice = Callable[[Page, Step, Values], None]


def sit(
    pages: Sequence[Page],
    context: Context,
    give: Give,
    notice: Notice | None = None,
) -> Sitting:
    """Walk through the pages; ``give`` answers each, ``notice`` looks on at each step.

    An answer that a hard check turns back is tried again, then refused, then left.
    """
    sitting = Sitting(values=context.values())
    values = sitting.values
    declined = False
    for page in pages:
        if notice is not None and page.first and not declined:
            notice(page, Step.EARLIER, values)
        if page.comes is not None and not page.comes(values):
            continue
        question = page.question
        if notice is not None:
            notice(page, Step.NEAR, values)
        if declined and not page.after_refusal:
            continue
        if notice is not None:
            notice(page, Step.COMES, values)
        if page.holds is not None and not page.holds(values):
            continue
        if notice is not None:
            notice(page, Step.ASKED, values)
        if question.type is QuestionType.COMPUTED:
            values[question.id] = computed(question, values)
            continue
        sitting.asked.append(question.id)
        value = _taken(page, give, notice, values)
        if value is None:
            sitting.stuck = question.id
            break
        sitting.answers[question.id] = value
        if notice is not None:
            notice(page, Step.ANSWERED, values)
        if question.purpose is Purpose.TAKE_PART:
            declined = value != AGREED
    return sitting


def _taken(
    page: Page, give: Give, notice: Notice | None, values: dict[str, Value]
) -> Value | None:
    """An answer that no hard check turns back, put among the values; None without any."""
    question = page.question
    name = question.id
    value = values[name] = give(question, values)
    if not question.checks:
        return value
    kinds = () if question.required else (Missing.NO_ANSWER,)
    for last in (*(None,) * TRIES, *question.refusals, *kinds):
        if notice is not None:
            notice(page, Step.TRIED, values)
        if not any(test(values) for test in page.hard):
            return value
        value = give(question, values) if last is None else last
        values[name] = value
    return None if any(test(values) for test in page.hard) else value


@dataclass(frozen=True, slots=True)
class Chance:
    """Answers at random, leaning to the values that conditions name."""

    random: Random
    named: Mapping[str, tuple[Value, ...]]
    answering: float = LENIENT

    def __call__(self, question: Question, values: Values) -> Value:
        """One valid answer, or a kind of no answer that the question allows."""
        if question.type is QuestionType.INFORMATION:
            return Missing.NO_ANSWER
        if self.random.random() > self.answering:
            kinds = list(question.refusals)
            if not question.required:
                kinds.append(Missing.NO_ANSWER)
            if kinds:
                return self.random.choice(kinds)
        if question.purpose is Purpose.TAKE_PART and self.random.random() < 0.9:
            return AGREED
        if question.announces and self.random.random() < 0.8:
            return "continue"
        return self.answer(question, values)

    def answer(self, question: Question, values: Values) -> Value:
        """A real answer of the question's kind."""
        named = self.named.get(question.id, ())
        kind = question.name_type.kind
        match kind:
            case Kind.CODES | Kind.CODE:
                codes = _codes(question, values)
                if not codes:
                    return Missing.NO_ANSWER
                if kind is Kind.CODES:
                    return self.several(question, codes)
                likely = [code for code in named if code in codes]
                if likely and self.random.random() < 0.5:
                    return self.random.choice(likely)
                return self.random.choice(codes)
            case Kind.NUMBER:
                if named and self.random.random() < 0.7:
                    return self.random.choice(named)
                return self.number(question)
            case Kind.TEXT:
                return "words"
            case _:
                if named and self.random.random() < 0.7:
                    return self.random.choice(named)
                return dated_answer(kind, self.random)

    def several(self, question: Question, codes: Sequence[str]) -> tuple[str, ...]:
        """Some of the codes; one that excludes others stands alone; a ranking has all."""
        alone = [code for code in codes if question.by_code[code].exclusive]
        free = [code for code in codes if code not in alone]
        if question.type is QuestionType.RANKING:
            return tuple(self.random.sample(free, len(free)))
        if alone and (not free or self.random.random() < 0.2):
            return (self.random.choice(alone),)
        count = self.random.randint(1, min(len(free), 4))
        if self.random.random() < 0.1:
            count = len(free)
        return tuple(sorted(self.random.sample(free, count)))

    def number(self, question: Question) -> Decimal:
        """A whole number within the limits."""
        low = question.minimum if question.minimum is not None else Decimal(0)
        high = question.maximum if question.maximum is not None else low + 100
        return Decimal(self.random.randint(int(low), max(int(low), int(high))))


def _codes(question: Question, values: Values) -> Sequence[str]:
    """The codes that are offered to this person."""
    if all(option.condition is None for option in question.options):
        return question.codes
    return [option.code for option in offered(question, values)]


def dated_answer(kind: Kind, random: Random) -> Value:
    """A date of a kind, from the last forty years."""
    day = TODAY - dt.timedelta(days=int(random.random() ** 2 * 14_600))
    if kind is Kind.MONTH:
        return f"{day:%Y-%m}"
    if kind is Kind.YEAR:
        return f"{day:%Y}"
    if kind is Kind.TIME:
        return f"{random.randrange(24):02}:{random.randrange(60):02}"
    return day.isoformat()


def named_values(questionnaire: Questionnaire) -> dict[str, tuple[Value, ...]]:
    """The values that conditions name, and their neighbours, that each question takes."""
    found: dict[str, dict[Value, None]] = {}
    for tree in trees_of(questionnaire):
        for name, value in _pairs(tree):
            if name in questionnaire.ids:
                question = questionnaire.question(name)
                for near in _neighbours(value):
                    if _takes(question, near):
                        found.setdefault(name, {})[near] = None
    return {name: tuple(values) for name, values in found.items()}


def trees_of(questionnaire: Questionnaire) -> Iterator[Tree]:
    """Every expression of the instrument."""
    for question in questionnaire.questions:
        given = [question.condition, question.value]
        given += [check.condition for check in question.checks]
        given += [option.condition for option in question.options]
        for expression in given:
            if expression is not None:
                yield expression.tree


def _pairs(tree: Tree) -> Iterator[tuple[str, str | Decimal]]:
    for node in walk(tree):
        if isinstance(node, Compare):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                value = other.value if isinstance(other, Literal) else None
                if isinstance(one, Name) and isinstance(value, str | Decimal):
                    yield one.id, value
        elif isinstance(node, Within) and isinstance(node.part, Name):
            for value in node.values:
                if isinstance(value, str | Decimal):
                    yield node.part.id, value


def _neighbours(value: str | Decimal) -> tuple[str | Decimal, ...]:
    if isinstance(value, Decimal):
        return (value, value + 1, value - 1)
    return (value,)


def _takes(question: Question, value: str | Decimal) -> bool:
    kind = question.name_type.kind
    if isinstance(value, Decimal):
        low, high = question.minimum, question.maximum
        fits = (low is None or value >= low) and (high is None or value <= high)
        whole = question.decimals != 0 or value == int(value)
        return kind is Kind.NUMBER and fits and whole
    if kind is Kind.CODE:
        return value in question.codes
    lengths = {Kind.MONTH: 7, Kind.YEAR: 4, Kind.DATE: 10, Kind.TIME: 5}
    return lengths.get(kind) == len(value)


def contexts(
    questionnaire: Questionnaire, modes: Sequence[Mode] = tuple(Mode)
) -> Iterator[Context]:
    """Ways to come: every mode and arm in the source language, and each other language."""
    source = questionnaire.source_language
    seed = 1
    for mode in modes:
        for arm in Arm:
            seed += 1
            yield Context(mode, arm, source, TODAY, seed)
    for language in questionnaire.languages[1:]:
        seed += 1
        yield Context(modes[0], Arm.SAMPLE, Language(language), TODAY, seed)
