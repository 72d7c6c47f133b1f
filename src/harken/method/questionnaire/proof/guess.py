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
from harken.method.questionnaire.syntax import (
    All,
    Either,
    Not,
    Tree,
    children,
    names_of,
)
from harken.method.questionnaire.values import Kind, Value
from harken.method.terms import Missing

TRIES = 24
STEPS = 1000
"""How many trees one guess sees to before it gives up."""


@dataclass(slots=True)
class _Wishes:
    """What is wanted so far: answers, the tests each must pass, pages looked at, and the
    trees still to be seen to, each with the truth it should have; choices come last."""

    answers: dict[str, Value] = field(default_factory=dict)
    tests: dict[str, tuple[Predicate, ...]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    agenda: list[tuple[Tree, bool]] = field(default_factory=list)
    later: list[tuple[Tree, bool]] = field(default_factory=list)

    def copy(self) -> _Wishes:
        """The same wishes, to be changed apart."""
        return _Wishes(
            dict(self.answers),
            dict(self.tests),
            set(self.seen),
            list(self.agenda),
            list(self.later),
        )


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
        if goal.when is not Step.EARLIER:
            wishes.agenda += [(part.tree, True) for part in page.base]
        if goal.when not in {Step.EARLIER, Step.NEAR, Step.COMES}:
            wishes.agenda += [(part.tree, True) for part in page.own]
        for consent in page.consents:
            wishes.answers.setdefault(consent, AGREED)
        if goal.kind is Goals.OPTION:
            several = page.question.name_type.kind is Kind.CODES
            code = goal.name
            wishes.answers[page.question.id] = (code,) if several else code
            option = page.question.by_code[code]
            if option.condition is not None:
                wishes.agenda.append((option.condition.tree, True))
        if goal.tree is not None:
            wishes.agenda.append((goal.tree, not goal.denied))
        try:
            found = self.settled(wishes, [STEPS])
        except RecursionError:
            return None
        return None if found is None else (self.way(found.answers), found.answers)

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

    def settled(self, wishes: _Wishes, left: list[int]) -> _Wishes | None:
        """Wishes with nothing left to see to; None when every choice clashes, or after
        ``STEPS``. Where one alternative clashes, or what follows, the next is tried."""
        while wishes.agenda or wishes.later:
            left[0] -= 1
            if not wishes.agenda:
                tree, holds = wishes.later.pop()
                if not self.already(tree, holds, wishes):
                    return self.one_of(children(tree), holds, wishes, left)
                continue
            tree, holds = wishes.agenda.pop()
            match tree:
                case Not(part):
                    wishes.agenda.append((part, not holds))
                case All(parts) if holds:
                    wishes.agenda += [(part, True) for part in reversed(parts)]
                case Either(parts) if not holds:
                    wishes.agenda += [(part, False) for part in reversed(parts)]
                case All() | Either():
                    wishes.later.append((tree, holds))
                case _:
                    if left[0] < 0 or not self.leaf(tree, wishes, holds=holds):
                        return None
        return wishes

    def already(self, tree: Tree, holds: bool, wishes: _Wishes) -> bool:
        """Whether the answers wanted so far decide one alternative as it is wanted."""
        for part in children(tree):
            names, test = self.known(part)
            told = all(name in wishes.answers for name in names)
            if told and test(wishes.answers) is holds:
                return True
        return False

    def known(self, tree: Tree) -> tuple[tuple[str, ...], Predicate]:
        """The names and the test of a tree, made once."""
        found = self.tests.get(id(tree))
        if found is None:
            found = self.tests[id(tree)] = (names_of(tree), predicate(tree))
        return found

    def one_of(
        self, parts: Sequence[Tree], holds: bool, wishes: _Wishes, left: list[int]
    ) -> _Wishes | None:
        """The first alternative, in some order, that everything else agrees with."""
        for part in self.random.sample(parts, len(parts)):
            tried = wishes.copy()
            tried.agenda.append((part, holds))
            found = self.settled(tried, left)
            if found is not None or left[0] < 0:
                return found
        return None

    def leaf(self, tree: Tree, wishes: _Wishes, *, holds: bool) -> bool:
        """Answers to the names of one test that give it the wanted result, if any do."""
        names, test = self.known(tree)
        if len(names) == 1:
            return self.single(names[0], test if holds else _denied(test), wishes)
        for name in names:
            self.reach(name, wishes)
        free = [name for name in names if name not in wishes.answers]
        for _ in range(TRIES):
            tried = {name: self.random.choice(self.answers(name)) for name in free}
            if test({**wishes.answers, **tried}) is holds:
                wishes.answers |= tried
                return True
        return False

    def single(self, name: str, test: Predicate, wishes: _Wishes) -> bool:
        """An answer to one name that passes this test and those before."""
        tests = wishes.tests[name] = (*wishes.tests.get(name, ()), test)
        held = wishes.answers.get(name)
        if held is not None and test({name: held}):
            return True
        self.reach(name, wishes)
        fits = [
            value
            for value in self.answers(name)
            if all(one({name: value}) for one in tests)
        ]
        if fits:
            wishes.answers[name] = self.random.choice(fits)
        return bool(fits)

    def reach(self, name: str, wishes: _Wishes) -> None:
        """The page of a name must be asked too, once."""
        page = self.pages.get(name)
        if page is None or name in wishes.seen:
            return
        wishes.seen.add(name)
        wishes.agenda += [(part.tree, True) for part in reversed(page.parts)]

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
