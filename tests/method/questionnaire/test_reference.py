"""The fast language and the slow one are one language.

Proves: issue 3 (a slow reference interpreter and the fast one agree by property test).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from harken.method.questionnaire import Expression, Value, read_questionnaire
from harken.method.questionnaire import route as routing
from harken.method.questionnaire.reference import holds, meaning, slow_route
from harken.method.terms import Arm, Language, Missing, Mode
from tests.make.expressions import NAMES, answers, conditions, instruments, numbers

calmly = settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
AROUND: dict[str, Value] = {"mode": "web", "today": "2026-03-02", "seed": Decimal(5)}


@calmly
@given(conditions(NAMES), answers(NAMES))
def test_both_find_the_same_conditions_true(
    text: str, given_answers: dict[str, Value]
) -> None:
    expression = Expression.parse(text)
    values = {**AROUND, **given_answers}
    found = expression.evaluate(values)
    assert found is holds(expression.tree, values)
    assert expression.value(values) is found
    event(f"true: {found}")


@calmly
@given(numbers(NAMES), answers(NAMES))
def test_both_reckon_the_same(text: str, given_answers: dict[str, Value]) -> None:
    expression = Expression.parse(text)
    values = {**AROUND, **given_answers}
    found = expression.value(values)
    assert found == meaning(expression.tree, values)
    assert type(found) is type(meaning(expression.tree, values))
    event(f"missing: {isinstance(found, Missing)}")


@calmly
@given(st.data())
def test_both_ask_the_same_questions(data: st.DataObject) -> None:
    text, names = data.draw(instruments())
    book = read_questionnaire(text)
    said = data.draw(answers(names))
    agreed = data.draw(st.sampled_from([None, "yes", "no"]))
    if agreed is not None:
        said["agree"] = agreed
    seed = data.draw(st.integers(0, 99))
    day = dt.date(2026, 3, 2)
    context = routing.Context(Mode.WEB, Arm.OPEN, Language("en"), day, seed)
    fast = routing.route(book, said, context)
    asked, values = slow_route(book, said, context)
    assert tuple(question.id for question in fast.questions) == asked
    assert fast.values == values
    event(f"asked: {len(asked)}")
