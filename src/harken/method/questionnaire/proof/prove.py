"""The proof: every goal is either reached by a respondent or impossible.

Some hundred random respondents reach most goals; each of them is its own proof. What is
left goes to the solver, the last page first, since who comes late has passed much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from harken.method.questionnaire.document import Question, Questionnaire
from harken.method.questionnaire.evaluate import predicate
from harken.method.questionnaire.proof.encode import Encoder
from harken.method.questionnaire.proof.goals import pages_of
from harken.method.questionnaire.proof.guess import Guess
from harken.method.questionnaire.proof.plan import Goal, Kind, Page, Part, Step
from harken.method.questionnaire.proof.respondent import (
    Chance,
    Respondent,
    contexts,
    named_values,
    sit,
)
from harken.method.questionnaire.proof.solver import Claim, Outcome, Solver
from harken.method.questionnaire.proof.terms import TRUE, conj, disj, negate
from harken.method.questionnaire.route import AGREED, Context, offered
from harken.method.questionnaire.syntax import Name, Tree, names_of
from harken.method.questionnaire.values import Value, Values
from harken.method.terms import Missing, Mode

RANDOM = 120
"""How many random respondents are tried before the solver is asked."""
GUESSES, REPLAYS = 5, 6

Test = Callable[[Values], bool]


@dataclass(slots=True)
class Verdicts:
    """What is known of each goal: who reached it, why nobody can, or that it is open."""

    reached: dict[Goal, Respondent] = field(default_factory=dict)
    impossible: dict[Goal, tuple[str, ...]] = field(default_factory=dict)
    unknown: list[Goal] = field(default_factory=list)
    rough: list[Goal] = field(default_factory=list)
    asked: int = 0
    """How many questions the solver was asked."""


class Prover:
    """Decides every goal of one questionnaire."""

    def __init__(
        self, questionnaire: Questionnaire, modes: Sequence[Mode] = tuple(Mode)
    ) -> None:
        self.questionnaire = questionnaire
        self.modes = tuple(modes)
        self.pages = pages_of(questionnaire)
        self.by_id = {page.question.id: page for page in self.pages}
        self.order = {name: number for number, name in enumerate(self.by_id)}
        self.solver = Solver(questionnaire, self.pages, self.modes)
        self.named = named_values(questionnaire)
        self.ways = list(contexts(questionnaire, self.modes))
        random = Random(3)  # noqa: S311 - invented respondents, no secret
        self.guess = Guess(self.by_id, self.ways, self.named, random)
        self.verdicts = Verdicts()
        self.shut: dict[object, tuple[str, tuple[str, ...]]] = {}
        """The conditions under which nobody is asked: of which page, and why."""
        self.open: dict[str, list[tuple[Goal, Test]]] = {
            page.question.id: [(goal, self.test(page, goal)) for goal in page.goals]
            for page in self.pages
        }

    def decide(self) -> Verdicts:
        """Every goal of every page, decided as far as can be."""
        self.stroll(RANDOM)
        for page in reversed(self.pages):
            for goal, _ in tuple(self.open[page.question.id]):
                self.reckon(page, goal)
        for page in reversed(self.pages):
            waiting = self.open[page.question.id]
            asked = next((one for one, _ in waiting if one.kind is Kind.ASKED), None)
            if asked is not None:
                self.enter(page, asked)
            while waiting:
                self.settle(page, waiting[-1][0])
        return self.verdicts

    def enter(self, page: Page, asked: Goal) -> None:
        """Whether anybody is asked a page. Where nobody is, nothing happens on it; and
        another page with the same condition is not asked either."""
        name, here = page.question.id, self.order[page.question.id]
        trees = tuple(part.tree for part in page.parts)
        later = tuple(
            self.order.get(one, 0) >= here for tree in trees for one in names_of(tree)
        )
        way = (trees, later, page.consents, page.after_refusal)
        known = self.shut.get(way)
        if known is None:
            self.settle(page, asked)
            core = self.verdicts.impossible.get(asked)
            if core is None:
                return
            known = self.shut[way] = (name, core)
        first, core = known
        mine = tuple(
            f"{name}:{label.removeprefix(f'{first}:')}"
            if label.startswith(f"{first}:")
            else label
            for label in core
        )
        for goal, _ in tuple(self.open[name]):
            if goal.when in {Step.ASKED, Step.TRIED, Step.ANSWERED}:
                self.close(goal)
                self.verdicts.impossible[goal] = mine

    def stroll(self, count: int) -> None:
        """Random respondents, until they find nothing new for a while."""
        ways = self.ways
        random = Random(20260112)  # noqa: S311 - invented respondents, no secret
        idle = 0
        for number in range(count):
            give = Chance(random, self.named, 0.97 if number % 4 else 0.6)
            idle = 0 if self.walk(ways[number % len(ways)], give) else idle + 1
            if idle >= 40:
                break

    def walk(
        self,
        context: Context,
        give: Callable[[Question, Values], Value],
        last: str | None = None,
    ) -> list[Goal]:
        """One walk, to the last page or to one; every open goal it reaches is closed."""
        found: list[Goal] = []

        def notice(page: Page, when: Step, values: Values) -> None:
            waiting = self.open[page.question.id]
            if not waiting:
                return
            for pair in tuple(waiting):
                goal, test = pair
                if goal.when is when and test(values):
                    found.append(goal)
                    waiting.remove(pair)

        pages = self.pages if last is None else self.pages[: self.order[last] + 1]
        sitting = sit(pages, context, give, notice)
        respondent = Respondent(context, sitting.answers)
        self.verdicts.reached |= dict.fromkeys(found, respondent)
        return found

    def reckon(self, page: Page, goal: Goal) -> None:
        """Try a few guessed respondents on an open goal."""
        for number in range(GUESSES):
            if goal.bad or goal in self.verdicts.reached:
                return
            guess = self.guess(page, goal)
            if guess is not None:
                context, answers = guess
                self.walk(context, self.telling(answers, number + 1), page.question.id)

    def telling(
        self, answers: Mapping[str, Value], seed: int
    ) -> Callable[[Question, Values], Value]:
        """Gives what is told, and otherwise first nothing, then something at random."""
        chance = Chance(Random(seed), self.named, 1.0 if seed else 0.0)  # noqa: S311 - invented respondents, no secret

        def give(question: Question, values: Values) -> Value:
            told = answers.get(question.id)
            if told is None or not _on_offer(question, told, values):
                return chance(question, values)
            return told

        return give

    def settle(self, page: Page, goal: Goal) -> None:
        """Ask the solver about one goal."""
        itself = goal.when in {Step.TRIED, Step.ANSWERED}
        encoder = self.solver.encoder(page.question.id, itself=itself)
        claim = self.claim(page, goal, encoder)
        self.verdicts.asked += 1
        outcome = self.solver.ask(
            claim,
            encoder,
            lambda found: self.replayed(goal, found),
            why=not goal.bad,
            unchecked=page.question.id if goal.when is Step.TRIED else "",
        )
        if goal in self.verdicts.reached:
            return
        if outcome.possible and goal.kind in {Kind.NO_WAY, Kind.DEAD_END}:
            self.stands(goal, outcome)
            return
        self.close(goal)
        if outcome.possible is False:
            self.verdicts.impossible[goal] = outcome.core
        elif outcome.possible is None:
            self.verdicts.unknown.append(goal)
        else:
            self.verdicts.rough.append(goal)

    def replayed(self, goal: Goal, outcome: Outcome) -> bool:
        """Whether the solver's respondent really reaches the goal when they walk."""
        assert outcome.context is not None  # noqa: S101 - given with every model
        tries = REPLAYS if goal.kind not in {Kind.NO_WAY, Kind.DEAD_END} else 0
        return any(
            goal
            in self.walk(
                replace(outcome.context, seed=7919 * seed),
                self.telling(outcome.answers, seed),
                goal.question,
            )
            for seed in range(tries)
        )

    def stands(self, goal: Goal, outcome: Outcome) -> None:
        """Take a respondent from the solver as they are: that no answer passes is said of
        all answers, which no walk can show."""
        assert outcome.context is not None  # noqa: S101 - given with every model
        self.close(goal)
        held = Respondent(outcome.context, outcome.answers)
        self.verdicts.reached[goal] = held

    def close(self, goal: Goal) -> None:
        """The goal is decided."""
        waiting = self.open[goal.question]
        waiting[:] = [pair for pair in waiting if pair[0] is not goal]

    def test(self, page: Page, goal: Goal) -> Test:
        """The goal as a test of the values at its step."""
        tree, name = goal.tree, goal.name
        match goal.kind:
            case Kind.UNASKED:
                return self.turns(tree, name)
            case Kind.SPARED:
                return _spared(page.question.id, tree)
            case Kind.INCOMPLETE:
                others = [one for one in names_of(tree) if one != name] if tree else []
                return lambda values: (
                    name not in values and any(one in values for one in others)
                )
            case Kind.WITHOUT_CONSENT:
                consents = page.consents
                return lambda values: (
                    not any(values.get(one) == AGREED for one in consents)
                )
            case Kind.OPTION:
                return _chose(page.question.id, name)
            case Kind.PASSES:
                own = page.question.id
                return lambda values: not isinstance(values[own], Missing)
            case Kind.NO_WAY | Kind.DEAD_END:
                return lambda values: False
            case Kind.UNANSWERED_FILL:
                shown = _always if tree is None else predicate(tree)
                return lambda values: (
                    isinstance(values.get(name, Missing.NOT_ASKED), Missing)
                    and shown(values)
                )
            case _:
                if tree is None:
                    return lambda values: True
                holds = predicate(tree)
                return (lambda values: not holds(values)) if goal.denied else holds

    def turns(self, tree: Tree | None, name: str) -> Test:
        """True only because a name was not asked: some answer to it would make it false."""
        if tree is None or name not in self.by_id:
            return lambda values: False
        holds = predicate(tree)
        question = self.by_id[name].question
        random = Random(7)  # noqa: S311 - invented respondents, no secret
        chance = Chance(random, self.named, 1.0)
        given = [*self.named.get(name, ())]
        if question.answerable:
            given += [chance.answer(question, {}) for _ in "four"]

        def turned(values: Values) -> bool:
            if name in values or not holds(values):
                return False
            return any(not holds({**values, name: value}) for value in given)

        return turned

    def claim(self, page: Page, goal: Goal, encoder: Encoder) -> Claim:
        """The goal as the solver is asked it."""
        asserts = self.coming(page, encoder, goal.when)
        own = goal.when not in {Step.EARLIER, Step.NEAR, Step.COMES}
        if own:
            asserts += self.parts(page, page.own, encoder, len(page.base))
        names = {name for part in page.parts for name in names_of(part.tree)}
        names |= {*page.consents, goal.name} - {""}
        if goal.when in {Step.TRIED, Step.ANSWERED}:
            # The page itself, with its answer and, for TRIED, before its checks.
            names.add(page.question.id)
        if goal.kind in {Kind.NO_WAY, Kind.DEAD_END}:
            for check in page.question.checks:
                names |= set(check.condition.names) - {page.question.id}
        if goal.tree is not None:
            names |= set(names_of(goal.tree))
        asserts += self.aim(page, goal, encoder)
        return Claim(tuple(names), tuple(asserts))

    def coming(self, page: Page, encoder: Encoder, when: Step) -> list[tuple[str, str]]:
        """That a person comes to a page: everything but its own condition."""
        asserts: list[tuple[str, str]] = []
        if when is not Step.EARLIER:
            asserts = self.parts(page, page.base, encoder, 0)
        if when is Step.EARLIER or (when is not Step.NEAR and not page.after_refusal):
            for consent in page.consents:
                label = f"{page.question.id}:{consent}"
                asserts.append((label, self.solver.agreed(consent)))
        return asserts

    def parts(
        self, page: Page, parts: Sequence[Part], encoder: Encoder, start: int
    ) -> list[tuple[str, str]]:
        """Parts of a page's condition, labelled by their number."""
        return [
            (f"{page.question.id}:{number}", encoder.truth(part.tree))
            for number, part in enumerate(parts, start=start)
        ]

    def aim(self, page: Page, goal: Goal, encoder: Encoder) -> list[tuple[str, str]]:
        """What the goal adds to coming to the page."""
        label = f"{page.question.id}:goal"
        tree, name = goal.tree, goal.name
        if goal.kind is Kind.UNASKED and tree is not None:
            held = encoder.truth(tree)
            itself = goal.when is Step.TRIED
            instead = self.solver.encoder(
                page.question.id, asked_too=name, itself=itself
            )
            instead.declared, instead.rough = encoder.declared, encoder.rough
            other = negate(instead.truth(tree))
            return [(label, conj((held, negate(encoder.asked(name)), other)))]
        if goal.kind is Kind.INCOMPLETE and tree is not None:
            others = [encoder.asked(one) for one in names_of(tree) if one != name]
            return [(label, conj((negate(encoder.asked(name)), disj(others))))]
        if goal.kind is Kind.WITHOUT_CONSENT:
            agreed = [
                conj((f"|{one}?|", self.solver.term(one, TRUE).cases[AGREED]))
                for one in page.consents
            ]
            return [(label, negate(disj(agreed)))]
        if goal.kind is Kind.OPTION:
            return [(label, self.solver.chooses(page.question, goal.name))]
        if goal.kind is Kind.PASSES:
            return [(label, f"|{page.question.id}!|")]
        if goal.kind in {Kind.NO_WAY, Kind.DEAD_END}:
            real = goal.kind is Kind.NO_WAY
            return [(label, self.solver.turned_back(page, encoder, real=real))]
        if goal.kind is Kind.UNANSWERED_FILL:
            shown = TRUE if tree is None else encoder.truth(tree)
            absent = negate(encoder.term(Name(name)).there)
            return [(label, conj((shown, absent)))]
        if goal.kind is Kind.SPARED and tree is not None:
            answered = f"|{page.question.id}!|"
            return [(label, conj((answered, negate(encoder.truth(tree)))))]
        if tree is None:
            return []
        text = encoder.truth(tree)
        return [(label, negate(text) if goal.denied else text)]


def _on_offer(question: Question, value: Value, values: Values) -> bool:
    """Whether an answer is among the options that this person is shown."""
    if isinstance(value, Missing) or not any(one.condition for one in question.options):
        return True
    chosen = {value} if isinstance(value, str) else value
    shown = {one.code for one in offered(question, values)}
    return isinstance(chosen, Decimal) or shown.issuperset(chosen)


def _always(values: Values) -> bool:
    return True


def _spared(name: str, tree: Tree | None) -> Test:
    """A real answer that a soft check does not warn of."""
    warns = _always if tree is None else predicate(tree)
    return lambda values: not isinstance(values[name], Missing) and not warns(values)


def _chose(name: str, code: str) -> Test:
    def chose(values: Values) -> bool:
        value = values.get(name)
        return value == code or (isinstance(value, tuple) and code in value)

    return chose
