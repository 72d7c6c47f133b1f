"""The route: which questions one person is asked, in order, as far as answers tell.

It follows from the answers alone and is found anew at every step, in one pass over the
questions. A condition sees only answers that are on the route; an answer that a later
change put off it counts for nothing. No clock and no lottery is asked: the day and the
seed come with the context.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile, groupby
from typing import TypeVar

from harken.method.questionnaire.document import (
    Check,
    Option,
    Question,
    Questionnaire,
)
from harken.method.questionnaire.path import Stop, Stretch
from harken.method.questionnaire.values import Value, Values
from harken.method.terms import Arm, Language, Missing, Mode

__all__ = ["Check", "Context", "Option", "Route", "Values", "computed", "failing"]
__all__ += ["offered", "ordered", "route", "shuffled"]

AGREED = "yes"

ORDERS_KEPT = 256
"""For how many interviews a drawn order is kept, so that it is not drawn at each page."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What every condition may know besides answers: how, from where, in which language,
    the interview's first day, and the seed of its lotteries."""

    mode: Mode
    arm: Arm
    language: Language
    today: dt.date | None = None
    seed: int = 0

    def values(self) -> dict[str, Value]:
        """The names of the context with their values; a day that is unknown is absent."""
        values: dict[str, Value] = {
            "mode": self.mode.value,
            "arm": self.arm.value,
            "language": self.language,
            "seed": Decimal(self.seed),
        }
        if self.today is not None:
            values["today"] = self.today.isoformat()
        return values


@dataclass(frozen=True, slots=True)
class Route:
    """The pages of one person in order, and every value that counts, by name.

    ``values`` holds answers on the route, computed values and the context's names.
    """

    questions: tuple[Question, ...]
    values: Values


def route(questionnaire: Questionnaire, answers: Values, context: Context) -> Route:
    """The questions a person with these answers is asked, as far as the answers tell.

    After a *no* to taking part nothing more is asked; pages made for that case are
    still shown.
    """
    values = context.values()
    asked: list[Question] = []
    held, told, ask = values.get, answers.get, asked.append
    for gate, steps in _stretches(questionnaire, context.seed):
        if gate is not None and not gate(values):
            continue
        for name, key, code, holds, stop, question in steps:
            if key is not None and held(key) != code:
                continue
            if holds is not None and not holds(values):
                continue
            if stop is None:
                ask(question)
                value = told(name)
                if value is not None:
                    values[name] = value
            elif stop is Stop.COMPUTED:
                values[name] = computed(question, values)
            else:
                ask(question)
                value = told(name)
                if value is not None:
                    values[name] = value
                if value is not None and value != AGREED:
                    asked += _farewells(questionnaire, question, values, context.seed)
                    return Route(tuple(asked), values)
    return Route(tuple(asked), values)


def _farewells(
    questionnaire: Questionnaire, consent: Question, values: Values, seed: int
) -> list[Question]:
    """The pages after a *no* to taking part: those made for it, where no answer counts."""
    after = dropwhile(lambda one: one is not consent, ordered(questionnaire, seed))
    return [
        one
        for one in after
        if not one.valued and one.condition and one.condition.evaluate(values)
    ]


def computed(question: Question, values: Values) -> Value:
    """A computed question's value; what is true or false is kept as yes or no."""
    if question.value is None:
        return Missing.NOT_ASKED
    found = question.value.value(values)
    if isinstance(found, bool):
        return "yes" if found else "no"
    return found


def offered(question: Question, values: Values) -> tuple[Option, ...]:
    """The options a person is offered, in the order they are shown to them.

    In a random order those that exclude all others stay where they were written.
    """
    options = tuple(
        option
        for option in question.options
        if option.condition is None or option.condition.evaluate(values)
    )
    seed = values.get("seed")
    if not question.shuffled or not isinstance(seed, Decimal):
        return options
    moving = [option for option in options if not option.exclusive]
    drawn = iter(shuffled(moving, int(seed), question.source or question.id))
    return tuple(option if option.exclusive else next(drawn) for option in options)


def failing(question: Question, values: Values) -> Iterator[Check]:
    """The checks that the answer to a question does not pass, given all values."""
    for check in question.checks:
        if check.condition.evaluate(values):
            yield check


def ordered(questionnaire: Questionnaire, seed: int) -> Iterable[Question]:
    """The questions in this interview's order.

    In a section of random order the questions of each line change places, those that
    need one another together; the page that announces the section, its ballot and the
    question for more lines stay.
    """
    drawn = questionnaire.drawn
    if not drawn:
        return questionnaire.questions
    return _drawn(questionnaire.questions, drawn, seed)


def _stretches(questionnaire: Questionnaire, seed: int) -> Iterable[Stretch[Question]]:
    if not questionnaire.drawn:
        return questionnaire.stretches
    orders = questionnaire.orders
    if seed not in orders:
        if len(orders) >= ORDERS_KEPT:
            orders.clear()
        steps = questionnaire.steps
        order = tuple(steps[one.id] for one in ordered(questionnaire, seed))
        orders[seed] = ((None, order),)
    return orders[seed]


def _drawn(
    questions: Sequence[Question], drawn: frozenset[str], seed: int
) -> Iterator[Question]:
    groups = groupby(questions, lambda one: (one.section, one.line, _fixed(one)))
    for (section, line, fixed), group in groups:
        if section not in drawn or fixed:
            yield from group
            continue
        for bundle in shuffled(_bundles(group), seed, f"{section}{line}"):
            yield from bundle


def _fixed(question: Question) -> bool:
    kept = {f"{question.section}_ballot", f"{question.section}_more"}
    return question.announces is not None or question.source in kept


def _bundles(questions: Iterable[Question]) -> list[list[Question]]:
    """Questions parted so that none needs one of another bundle."""
    bundles: list[list[Question]] = []
    for question in questions:
        needed = set(question.condition.names if question.condition else ())
        needed |= set(question.value.names if question.value else ())
        joined = [one for one in bundles if any(q.id in needed for q in one)]
        bundle = [q for one in joined for q in one] + [question]
        first = bundles.index(joined[0]) if joined else len(bundles)
        bundles = [one for one in bundles if one not in joined]
        bundles.insert(first, bundle)
    return bundles


def shuffled(items: Sequence[T], seed: int, name: str) -> list[T]:
    """The items in an order that the seed and a name fix for good."""

    def lot(place: int) -> bytes:
        return hashlib.sha256(f"{seed}:{name}:{place}".encode()).digest()

    return [items[place] for place in sorted(range(len(items)), key=lot)]
