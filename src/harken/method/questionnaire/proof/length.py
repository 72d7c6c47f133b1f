"""How long an interview takes by path: the shortest, the median and the longest.

The median is that of random respondents who agreed. The two ends are searched for: from
a good respondent one answer at a time is changed, and the change kept when it helps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median

from harken.method.questionnaire.document import Purpose, Question, Questionnaire
from harken.method.questionnaire.proof.plan import Page
from harken.method.questionnaire.proof.reading import seconds
from harken.method.questionnaire.proof.respondent import (
    TODAY,
    Chance,
    Respondent,
    Sitting,
    sit,
)
from harken.method.questionnaire.route import AGREED, Context
from harken.method.questionnaire.values import Kind, Value, Values
from harken.method.terms import Arm, Missing, Mode

WALKS, STEPS, PAGES = 100, 400, 40_000
"""How many walks and changes at most, and how many pages they may pass together."""


@dataclass(frozen=True, slots=True)
class Length:
    """Minutes and pages of one mode, by path; ``longest_by`` takes the longest."""

    mode: Mode
    minutes: tuple[float, float, float]
    pages: tuple[int, int, int]
    longest_by: Respondent


@dataclass(slots=True)
class _Walk:
    """A sitting with its minutes."""

    sitting: Sitting
    minutes: float


class _Search:
    """Walks of one mode, each with its minutes."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        pages: Sequence[Page],
        mode: Mode,
        chance: Chance,
    ) -> None:
        self.pages = pages
        self.chance = chance
        source = questionnaire.source_language
        self.context = Context(mode, Arm.SAMPLE, source, TODAY)
        self.costs = {
            question.id: seconds(questionnaire, question, mode) / 60
            for question in questionnaire.questions
        }
        self.agrees = [
            q.id for q in questionnaire.questions if q.purpose is Purpose.TAKE_PART
        ]
        self.counts = {
            q.id
            for q in questionnaire.questions
            if q.answerable and not q.required and q.purpose is None
        }
        used = _used(pages)
        self.gates = [
            page.question
            for page in pages
            if page.question.id in used
            and page.question.purpose is None
            and page.question.answerable
        ]

    def walk(self, told: Mapping[str, Value]) -> _Walk:
        """One respondent who says what is told, and else something at random."""

        def give(question: Question, values: Values) -> Value:
            value = told.get(question.id)
            if value is not None:
                return value
            if question.id in self.agrees:
                return AGREED
            return self.chance(question, values)

        sitting = sit(self.pages, self.context, give)
        return _Walk(sitting, sum(self.costs[name] for name in sitting.asked))

    def completed(self, walk: _Walk) -> bool:
        """Whether more was asked than whether somebody may take part."""
        return any(name in self.counts for name in walk.sitting.asked)

    def climb(self, start: _Walk, sign: int, steps: int) -> _Walk:
        """Change one answer at a time as long as it leads further that way."""
        best, left = start, steps
        improved = True
        while improved and left > 0:
            improved = False
            for question in self.gates:
                if question.id not in best.sitting.answers:
                    continue
                for value in self.others(question, best.sitting.answers[question.id]):
                    left -= 1
                    tried = self.walk({**best.sitting.answers, question.id: value})
                    gains = sign * (tried.minutes - best.minutes) > 1e-9
                    if gains and self.completed(tried):
                        best, improved = tried, True
                if left <= 0:
                    break
        return best

    def others(self, question: Question, value: Value) -> list[Value]:
        """Answers to try instead of one."""
        kind = question.name_type.kind
        found: list[Value] = []
        if kind is Kind.CODE:
            named = [v for v in self.chance.named.get(question.id, ()) if v != value]
            codes = [code for code in question.codes if code != value]
            found += named or codes[:3]
        elif kind is Kind.CODES:
            alone = {o.code for o in question.options if o.exclusive}
            free = tuple(sorted(set(question.codes) - alone))
            found = [free, *((code,) for code in sorted(alone))]
        else:
            found = list(self.chance.named.get(question.id, ()))
        if not question.required:
            found.append(Missing.NO_ANSWER)
        return found


def _used(pages: Sequence[Page]) -> set[str]:
    """The names that conditions depend on."""
    return {
        name
        for page in pages
        if page.question.condition is not None
        for name in page.question.condition.names
    }


def lengths(
    questionnaire: Questionnaire,
    pages: Sequence[Page],
    named: Mapping[str, tuple[Value, ...]],
    modes: Sequence[Mode],
) -> tuple[Length, ...]:
    """The lengths of every mode in which somebody comes to its end."""
    found = []
    for mode in modes:
        random = Random(5)  # noqa: S311 - invented respondents, no secret
        search = _Search(questionnaire, pages, mode, Chance(random, named, 0.97))
        steps = max(20, min(STEPS, PAGES // max(1, len(pages))))
        walks = [search.walk({}) for _ in range(min(WALKS, steps))]
        done = sorted(filter(search.completed, walks), key=lambda one: one.minutes)
        if not done:
            continue
        longest = search.climb(done[-1], 1, steps)
        shortest = search.climb(done[0], -1, steps // 4)
        middle = done[len(done) // 2]
        sizes = [len(one.sitting.asked) for one in (shortest, middle, longest)]
        found.append(
            Length(
                mode,
                (
                    shortest.minutes,
                    median(one.minutes for one in done),
                    longest.minutes,
                ),
                (sizes[0], sizes[1], sizes[2]),
                Respondent(search.context, longest.sitting.answers),
            )
        )
    return tuple(found)
