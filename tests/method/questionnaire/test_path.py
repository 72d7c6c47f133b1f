"""The pages made ready for the route: what is tested once, and what stays as it was.

Proves: issue 3, the next page in 200 microseconds without another meaning.
"""

from __future__ import annotations

import datetime as dt

from harken.method.questionnaire import route as routing
from harken.method.questionnaire.reference import slow_route
from harken.method.questionnaire.route import ORDERS_KEPT
from harken.method.terms import Arm, Language, Mode
from tests.make.questionnaire import AGREE, make_questionnaire, question, section

DAY = dt.date(2026, 3, 2)


def context(seed: int = 0) -> routing.Context:
    return routing.Context(Mode.WEB, Arm.OPEN, Language("en"), DAY, seed)


def test_pages_that_share_a_condition_are_tested_once() -> None:
    base = question("x", "yes_no")
    inside = [
        question("p", "yes_no"),
        question("q", "yes_no", if_="\"p == 'yes' and x != 'no'\""),
        question("r", "yes_no", if_="\"p != 'yes'\""),
    ]
    read = make_questionnaire(
        AGREE, section(base), section(*inside, id="s", if_="\"x == 'yes'\"")
    )
    (none, first), (gate, second) = read.stretches
    assert none is None
    assert [one.id for one in first] == ["agree", "x"]
    assert gate is not None
    assert (gate({"x": "yes"}), gate({"x": "no"})) == (True, False)
    assert [(one.id, one.key, one.code) for one in second] == [
        ("p", None, ""),
        ("q", "p", "yes"),
        ("r", None, ""),
    ]


def test_a_text_that_looks_like_a_date_is_compared_as_one() -> None:
    about = question("x", "about")
    read = make_questionnaire(
        AGREE, section(about, question("y", "yes_no", if_="\"x == '2024'\""))
    )
    answers = {"agree": "yes", "x": "2024-05-06"}
    asked = routing.route(read, answers, context()).questions
    assert [one.id for one in asked] == ["agree", "x", "y"]


def test_every_drawn_order_is_the_slow_one_however_many_are_kept() -> None:
    pages = [question(f"p{number}", "yes_no") for number in range(4)]
    pages.append(question("last", "yes_no", if_="\"p0 == 'yes'\""))
    bye = question("bye", "information", if_="\"agree == 'no'\"")
    read = make_questionnaire(
        AGREE, section(*pages, id="s", order="random"), section(bye)
    )
    said = {"agree": "yes", "p0": "yes"}
    orders = set()
    for seed in range(ORDERS_KEPT + 20):
        asked = routing.route(read, said, context(seed)).questions
        assert (
            tuple(one.id for one in asked) == slow_route(read, said, context(seed))[0]
        )
        orders.add(asked)
    assert len(orders) > 20
    assert len(read.orders) <= ORDERS_KEPT
    refused = routing.route(read, {**said, "agree": "no"}, context(1))
    assert [one.id for one in refused.questions] == ["agree", "bye"]
    assert set(refused.values) & {"p0", "last"} == set()
