"""A respondent for a goal by plain back-reckoning, before the solver is troubled.

Each part of a condition wants certain answers; each of those wants its own page asked.
Where two wishes clash, or a guess is wrong, nothing is lost: the walk shows it, and the
solver decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from harken.method.questionnaire.document import Question
from harken.method.questionnaire.evaluate import Predicate, predicate
from harken.method.questionnaire.proof.plan import Goal, Page, Step
from harken.method.questionnaire.proof.plan import Kind as Goals
from harken.method.questionnaire.proof.respondent import Chance
from harken.method.questionnaire.route import AGREED, Context
from harken.method.questionnaire.syntax import All, Either, Not, Tree, names_of
from harken.method.questionnaire.values import Kind, Value
from harken.method.terms import Missing

TRIES = 24


class _Clash(Exception):
    """Two wishes that cannot both be met by this guess."""


@dataclass(slots=True)
class _Wishes:
    """What is wanted so far: answers, the tests each must pass, and pages looked at."""

    answers: dict[str, Value] = field(default_factory=dict)
    tests: dict[str, list[Predicate]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Guess:
    """Guesses respondents for the goals of one instrument."""

    pages: Mapping[str, Page]
    ways: Sequence[Context]
    named: Mapping[str, tuple[Value, ...]]
    random: Random
    tests: dict[int, tuple[tuple[str, ...], Predicate]] = field(default_factory=dict)
    """The names and the test of each leaf met so far, by its identity."""

    def __call__(
        self, page: Page, goal: Goal
    ) -> tuple[Context, dict[str, Value]] | None:
        """A context and answers that may reach a goal; None when this guess clashes."""
        wishes = _Wishes()
        try:
            for part in page.base if goal.when is not Step.EARLIER else ():
                self.want(part.tree, wishes, holds=True)
            if goal.when not in {Step.EARLIER, Step.NEAR, Step.COMES}:
                for part in page.own:
                    self.want(part.tree, wishes, holds=True)
            for consent in page.consents:
                wishes.answers.setdefault(consent, AGREED)
            if goal.kind is Goals.OPTION:
                several = page.question.name_type.kind is Kind.CODES
                code = goal.name
                wishes.answers[page.question.id] = (code,) if several else code
                option = page.question.by_code[code]
                if option.condition is not None:
                    self.want(option.condition.tree, wishes, holds=True)
            if goal.tree is not None:
                self.want(goal.tree, wishes, holds=not goal.denied)
        except (_Clash, RecursionError):
            return None
        return self.way(wishes.answers), wishes.answers

    def way(self, answers: Mapping[str, Value]) -> Context:
        """The way to come that agrees with what is wanted, or any."""
        fits = [
            way
            for way in self.ways
            if all(
                answers.get(name, value) == value
                for name, value in way.values().items()
            )
        ]
        return self.random.choice(fits or list(self.ways))

    def want(self, tree: Tree, wishes: _Wishes, *, holds: bool) -> None:
        """Add what makes a tree true, or false."""
        match tree:
            case Not(part):
                self.want(part, wishes, holds=not holds)
            case All(parts) if holds:
                for part in parts:
                    self.want(part, wishes, holds=True)
            case Either(parts) if not holds:
                for part in parts:
                    self.want(part, wishes, holds=False)
            case All(parts) | Either(parts):
                self.want(self.random.choice(parts), wishes, holds=holds)
            case _:
                self.leaf(tree, wishes, holds=holds)

    def leaf(self, tree: Tree, wishes: _Wishes, *, holds: bool) -> None:
        """Answers to the names of one test that give it the wanted result."""
        known = self.tests.get(id(tree))
        if known is None:
            known = self.tests[id(tree)] = (names_of(tree), predicate(tree))
        names, test = known
        if len(names) == 1:
            self.single(names[0], test if holds else _denied(test), wishes)
            return
        for name in names:
            self.reach(name, wishes)
        free = [name for name in names if name not in wishes.answers]
        for _ in range(TRIES):
            tried = {name: self.random.choice(self.answers(name)) for name in free}
            if test({**wishes.answers, **tried}) is holds:
                wishes.answers |= tried
                return
        raise _Clash

    def single(self, name: str, test: Predicate, wishes: _Wishes) -> None:
        """An answer to one name that passes this test and those before."""
        tests = wishes.tests.setdefault(name, [])
        tests.append(test)
        held = wishes.answers.get(name)
        if held is not None and test({name: held}):
            return
        self.reach(name, wishes)
        fits = [
            value
            for value in self.answers(name)
            if all(one({name: value}) for one in tests)
        ]
        if not fits:
            raise _Clash
        wishes.answers[name] = self.random.choice(fits)

    def reach(self, name: str, wishes: _Wishes) -> None:
        """The page of a name must be asked too, once."""
        page = self.pages.get(name)
        if page is None or name in wishes.seen:
            return
        wishes.seen.add(name)
        for part in page.parts:
            self.want(part.tree, wishes, holds=True)

    def answers(self, name: str) -> list[Value]:
        """What may be said to a name: real answers, then none."""
        page = self.pages.get(name)
        if page is None:
            return [
                value
                for way in self.ways
                if (value := way.values().get(name)) is not None
            ]
        question = page.question
        if question.computed:
            return [Missing.NO_ANSWER]
        found = list(self.named.get(name, ()))
        found += _codes(question)
        chance = Chance(self.random, self.named, 1.0)
        if question.name_type.kind not in {Kind.CODE, Kind.NOTHING}:
            found += [chance.answer(question, {}) for _ in range(4)]
        if not question.required:
            found.append(Missing.NO_ANSWER)
        return found or [Missing.NO_ANSWER]


def _codes(question: Question) -> list[Value]:
    """Choices: each alone; of several also pairs and all together."""
    if question.name_type.kind is not Kind.CODES:
        return list(question.codes[:60])
    alone = {option.code for option in question.options if option.exclusive}
    free = sorted(code for code in question.codes if code not in alone)[:12]
    found: list[Value] = [(code,) for code in question.codes[:60]]
    found += [(one, other) for one in free for other in free if one < other]
    return [*found, tuple(free)] if len(free) > 2 else found


def _denied(test: Predicate) -> Predicate:
    return lambda values: not test(values)
