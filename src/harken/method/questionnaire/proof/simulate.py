"""Many invented interviews: how many are asked what, how long it takes, what nobody sees.

Answers are drawn evenly, or to marginals an author gives. A simulation shows what is
likely; what is impossible the proof says.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from random import Random
from statistics import median

from harken.method.questionnaire.document import (
    Purpose,
    Question,
    Questionnaire,
)
from harken.method.questionnaire.proof.goals import pages_of
from harken.method.questionnaire.proof.reading import seconds
from harken.method.questionnaire.proof.respondent import (
    Chance,
    contexts,
    named_values,
    sit,
)
from harken.method.questionnaire.values import Kind, Value, Values
from harken.method.terms import Missing, Mode

RARE = 0.01
"""Asked of fewer than this share is rare."""

Marginals = Mapping[str, Mapping[str, float]]
"""Weights by question and answer: a code, codes joined by +, a number, or a kind of no
answer such as dont_know."""


@dataclass(frozen=True, slots=True)
class Base:
    """How often one question was asked and answered."""

    id: str
    asked: int
    answered: int
    share: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a simulation counted; minutes by path are of those who agreed."""

    count: int
    bases: tuple[Base, ...]
    completed: int
    pages: tuple[int, int, int]
    minutes: tuple[float, float, float]
    never: tuple[str, ...]
    rarely: tuple[str, ...]


def simulate(
    questionnaire: Questionnaire,
    count: int,
    *,
    seed: int = 1,
    modes: Sequence[Mode] = tuple(Mode),
    marginals: Marginals | None = None,
    report: Callable[[int, int], None] | None = None,
) -> Simulation:
    """``count`` interviews; the same seed gives the same figures."""
    pages = pages_of(questionnaire)
    random = Random(seed)  # noqa: S311 - invented respondents, no secret
    chance = Chance(random, named_values(questionnaire))
    drawn = {name: _draw(given) for name, given in (marginals or {}).items()}
    consents = tuple(
        q.id for q in questionnaire.questions if q.purpose is Purpose.TAKE_PART
    )
    ways = list(contexts(questionnaire, modes))
    costs = {
        mode: {q.id: seconds(questionnaire, q, mode) for q in questionnaire.questions}
        for mode in modes
    }

    def give(question: Question, values: Values) -> Value:
        pick = drawn.get(question.id)
        if pick is None:
            return chance(question, values)
        return _value(question, pick(random.random()))

    asked = dict.fromkeys(costs[modes[0]], 0)
    answered = dict(asked)
    lengths: list[tuple[float, int]] = []
    for number in range(count):
        way = ways[number % len(ways)]
        sitting = sit(pages, way, give)
        for name, value in sitting.answers.items():
            asked[name] += 1
            answered[name] += not isinstance(value, Missing)
        if _completed(questionnaire, sitting.answers, consents):
            cost = costs[way.mode]
            time = sum(cost[name] for name in sitting.asked)
            lengths.append((time / 60, len(sitting.asked)))
        if report is not None and number % 200 == 0:
            report(number, count)
    return _counted(asked, answered, count, lengths)


def _counted(
    asked: Mapping[str, int],
    answered: Mapping[str, int],
    count: int,
    lengths: Sequence[tuple[float, int]],
) -> Simulation:
    times = [time for time, _ in lengths] or [0.0]
    sizes = [size for _, size in lengths] or [0]
    return Simulation(
        count=count,
        bases=tuple(
            Base(name, number, answered[name], number / max(1, count))
            for name, number in asked.items()
        ),
        completed=len(lengths),
        pages=(min(sizes), round(median(sizes)), max(sizes)),
        minutes=(min(times), median(times), max(times)),
        never=tuple(name for name, number in asked.items() if not number),
        rarely=tuple(
            name for name, number in asked.items() if 0 < number < RARE * count
        ),
    )


def _completed(
    questionnaire: Questionnaire, answers: Mapping[str, Value], consents: Sequence[str]
) -> bool:
    """Whether somebody agreed and was asked more than whether they may take part."""
    if any(answers.get(one) != "yes" for one in consents):
        return False
    return any(
        question.answerable and not question.required
        for name in answers
        for question in (questionnaire.question(name),)
    )


def _draw(given: Mapping[str, float]) -> Callable[[float], str]:
    """Picks an answer by its weight from a number between 0 and 1."""
    names = list(given)
    steps = list(accumulate(max(0.0, weight) for weight in given.values()))
    whole = steps[-1] if steps else 0.0
    return lambda chance: names[min(bisect(steps, chance * whole), len(names) - 1)]


def _value(question: Question, word: str) -> Value:
    """A word of the marginals as an answer to the question."""
    kinds = {kind.word: kind for kind in (*question.refusals, Missing.NO_ANSWER)}
    if word in kinds and word not in question.codes:
        return kinds[word]
    match question.name_type.kind:
        case Kind.CODES:
            return tuple(sorted(code.strip() for code in word.split("+")))
        case Kind.NUMBER:
            return Decimal(word)
        case _:
            return word
