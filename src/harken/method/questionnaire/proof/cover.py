"""A small set of respondents who between them see every question, option and branch.

Each one is made to see as much that is new as possible; what chance does not find comes
from the solver's respondents. At the end those who add nothing are let go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from harken.method.questionnaire.document import (
    Question,
    Questionnaire,
    QuestionType,
)
from harken.method.questionnaire.proof.plan import Goal, Kind, Page, Step
from harken.method.questionnaire.proof.prove import Prover, Test
from harken.method.questionnaire.proof.respondent import (
    Chance,
    Respondent,
    contexts,
    sit,
)
from harken.method.questionnaire.route import Context, offered
from harken.method.questionnaire.values import Kind as Held
from harken.method.questionnaire.values import Value, Values
from harken.method.terms import Mode

VARIANTS = 16
MOST_CODES = 60
"""Longer lists are covered by one choice: nobody reads a thousand areas in a test."""

Item = tuple[str, str, str]
"""What is seen: a kind, a question's id, and an option or a part of a condition."""

_SEEN = frozenset({Kind.ASKED, Kind.LEFT_OUT, Kind.BRANCH})


@dataclass(frozen=True, slots=True)
class Cover:
    """The respondents, what they see between them, and what nobody can see."""

    respondents: tuple[Respondent, ...]
    seen: frozenset[Item]
    unseen: frozenset[Item]


def cover(
    questionnaire: Questionnaire,
    *,
    modes: Sequence[Mode] = tuple(Mode),
    seed: int = 1,
) -> Cover:
    """Respondents for every question, option and branch that anybody can come to.

    They serve as test cases: each holds a context and an answer for each page of its
    route, in order.
    """
    return _Search(questionnaire, modes, Random(seed)).cover()  # noqa: S311 - invented respondents, no secret


@dataclass
class _Search:
    questionnaire: Questionnaire
    modes: Sequence[Mode]
    random: Random
    tests: dict[tuple[str, Step], list[tuple[Item, Test]]] = field(default_factory=dict)
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: set[Item] = field(default_factory=set)

    def cover(self) -> Cover:
        prover = Prover(self.questionnaire, self.modes)
        self.pages = prover.pages
        self.chance = Chance(self.random, prover.named, 1.0)
        for page in prover.pages:
            self.enter(page, prover)
        everything = frozenset(self.missing)
        chosen: list[tuple[Respondent, frozenset[Item]]] = []
        ways = list(contexts(self.questionnaire, self.modes))
        while self.missing:
            best = self.best(ways)
            if not best[1] & self.missing:
                break
            chosen.append(best)
            self.missing -= best[1]
        if self.missing:
            chosen += self.solved(prover)
        kept = _needed(chosen)
        seen = frozenset(item for _, items in kept for item in items)
        return Cover(tuple(one for one, _ in kept), seen, everything - seen)

    def enter(self, page: Page, prover: Prover) -> None:
        """Everything to be seen at one page."""
        name = page.question.id
        for goal in page.goals:
            if goal.kind in _SEEN:
                part = goal.part if goal.kind is Kind.BRANCH else ""
                self.add(
                    (goal.kind.value, name, part), goal.when, prover.test(page, goal)
                )
        coded = page.question.answerable
        if coded and len(page.question.codes) <= MOST_CODES:
            self.options[name] = page.question.codes
            for code in page.question.codes:
                item = (Kind.OPTION.value, name, code)
                self.add(item, Step.ANSWERED, _chose(name, code))

    def add(self, item: Item, when: Step, test: Test) -> None:
        self.missing.add(item)
        self.tests.setdefault((item[1], when), []).append((item, test))

    def best(self, ways: Sequence[Context]) -> tuple[Respondent, frozenset[Item]]:
        """Of some new respondents the one who sees the most that nobody saw."""
        tried = []
        for number in range(VARIANTS):
            way = ways[self.random.randrange(len(ways))]
            tried.append(self.walk(way, self.eager if number % 4 else self.chance))
        return max(tried, key=lambda one: len(one[1] & self.missing))

    def eager(self, question: Question, values: Values) -> Value:
        """An option that nobody chose yet, where there is one."""
        codes = self.options.get(question.id, ())
        if not codes or question.type is QuestionType.RANKING:
            return self.chance(question, values)
        open_to = {option.code for option in offered(question, values)}
        fresh = [
            code
            for code in codes
            if code in open_to
            and (Kind.OPTION.value, question.id, code) in self.missing
        ]
        if not fresh:
            return self.chance(question, values)
        if question.name_type.kind is not Held.CODES:
            return self.random.choice(fresh)
        alone = {option.code for option in question.options if option.exclusive}
        free = sorted(code for code in fresh if code not in alone)
        return tuple(free) if free else (self.random.choice(fresh),)

    def walk(
        self, context: Context, give: Callable[[Question, Values], Value]
    ) -> tuple[Respondent, frozenset[Item]]:
        """One respondent and everything they see."""
        seen: set[Item] = set()

        def notice(page: Page, when: Step, values: Values) -> None:
            for item, test in self.tests.get((page.question.id, when), ()):
                if test(values):
                    seen.add(item)

        sitting = sit(self.pages, context, give, notice)
        return Respondent(context, sitting.answers), frozenset(seen)

    def solved(self, prover: Prover) -> list[tuple[Respondent, frozenset[Item]]]:
        """Respondents from the solver for what chance did not find."""
        found = []
        verdicts = prover.decide()
        reached: Mapping[Goal, Respondent] = verdicts.reached
        for item in sorted(self.missing):
            if item not in self.missing:
                continue
            kind, name, part = item
            for goal, respondent in reached.items():
                asked = kind == Kind.OPTION.value and goal.kind is Kind.ASKED
                same = goal.kind.value == kind and (not part or goal.part == part)
                if goal.question == name and (asked or same):
                    walked = self.again(respondent, name, part if asked else "")
                    if walked[1] & self.missing:
                        found.append(walked)
                        self.missing -= walked[1]
                        break
        return found

    def again(
        self, respondent: Respondent, name: str, code: str
    ) -> tuple[Respondent, frozenset[Item]]:
        """A respondent once more, with another option at one question."""

        def give(question: Question, values: Values) -> Value:
            if code and question.id == name:
                several = question.name_type.kind is Held.CODES
                return (code,) if several else code
            told = respondent.answers.get(question.id)
            return self.eager(question, values) if told is None else told

        return self.walk(respondent.context, give)


def _chose(name: str, code: str) -> Test:
    def chose(values: Values) -> bool:
        value = values.get(name)
        return value == code or (isinstance(value, tuple) and code in value)

    return chose


def _needed(
    chosen: Iterable[tuple[Respondent, frozenset[Item]]],
) -> list[tuple[Respondent, frozenset[Item]]]:
    """Those without whom something would go unseen, the richest kept first."""
    kept = sorted(chosen, key=lambda one: len(one[1]), reverse=True)
    for one in sorted(kept, key=lambda pair: len(pair[1])):
        others = {item for other in kept if other is not one for item in other[1]}
        if one[1] <= others:
            kept.remove(one)
    return kept
