"""The route: which questions one person is asked, in order, as far as answers tell.

It follows from the answers alone and is found anew at every step, in one pass over the
questions. A condition sees only answers that are on the route; an answer that a later
change put off it counts for nothing. No clock is read: the day comes with the context.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from harken.method.questionnaire.document import (
    Purpose,
    Question,
    Questionnaire,
)
from harken.method.questionnaire.values import Value
from harken.method.terms import Arm, Language, Mode

AGREED = "yes"


@dataclass(frozen=True, slots=True)
class Context:
    """What every condition may know besides answers: how, from where, in which language,
    and the interview's first day."""

    mode: Mode
    arm: Arm
    language: Language
    today: dt.date | None = None

    def values(self) -> dict[str, Value]:
        """The names of the context with their values; a day that is unknown is absent."""
        values: dict[str, Value] = {
            "mode": self.mode.value,
            "arm": self.arm.value,
            "language": self.language,
        }
        if self.today is not None:
            values["today"] = self.today.isoformat()
        return values


@dataclass(frozen=True, slots=True)
class Route:
    """The pages of one person in order, and every value that counts, by name."""

    questions: tuple[Question, ...]
    values: Mapping[str, Value]


def route(
    questionnaire: Questionnaire, answers: Mapping[str, Value], context: Context
) -> Route:
    """The questions a person with these answers is asked, as far as the answers tell.

    After a *no* to taking part nothing more is asked; pages made for that case are
    still shown.
    """
    values = context.values()
    asked: list[Question] = []
    declined = False
    for question in questionnaire.questions:
        condition = question.condition
        if condition is not None and not condition.evaluate(values):
            continue
        if declined and (condition is None or question.answerable):
            continue
        asked.append(question)
        value = answers.get(question.id)
        if value is None:
            continue
        values[question.id] = value
        if question.purpose is Purpose.TAKE_PART and value != AGREED:
            declined = True
    return Route(tuple(asked), values)
