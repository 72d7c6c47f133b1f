"""Equations of a LimeSurvey hold here for the answers for which they hold there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from harken.method.questionnaire import Value, route
from harken.method.terms import Arm, Language, Mode
from tests.method.questionnaire.exchange.test_limesurvey import (
    ANSWERS,
    ARRAY,
    LIST,
    MANY,
    NUMBER,
    SUBS,
    question,
    survey,
    table,
)
from tests.method.questionnaire.exchange.workbooks import codes

TEXT = question(4, "S", "Q4", question="Who?", language="en")
BLANK = question(5, "N", "Q5", question="Blank?", language="en")
GIVEN: dict[str, Value] = {
    "q1": "A1",
    "q2": Decimal(7),
    "q3": ("SQ1",),
    "q4": "Ann Bo",
    "q8_r1": "H",
}

EQUATIONS = [
    ("Q2 == 7", True),
    ("Q2 = 7", True),
    ("Q2 ne 7", False),
    ("Q2 - 2 * 3 == 1", True),
    ("-Q2 < 0", True),
    ("Q2 / 2 > 3", True),
    ("is_empty(Q5)", True),
    ("is_null(Q2)", False),
    ("is_numeric(Q2)", True),
    ("is_numeric(Q4)", False),
    ("is_int(Q5)", False),
    ("sum(Q2, Q5, 1) == 8", True),
    ("sum() == 0", True),
    ("count(Q2, Q5) == 1", True),
    ("countif('A1', Q1, Q1) == 2", True),
    ("intval(Q2 / 2) == 3", True),
    ("floatval(Q2) > 6", True),
    ("floor(Q2 / 2) == 3", True),
    ("ceil(Q2 / 2) == 4", True),
    ("round(Q2 / 2) == 4", True),
    ("abs(0 - Q2) == 7", True),
    ("min(Q2, 3) == 3", True),
    ("max(Q2, 3) == 7", True),
    ("max(Q2) == 7", True),
    ("strlen(Q4) == 6", True),
    ("regexMatch('/ann/', strtolower(Q4))", True),
    ("regexMatch('/^ANN/', strtoupper(Q4))", True),
    ("regexMatch('/^Bo$/', substr(Q4, 4))", True),
    ("regexMatch('/^Ann$/', substr(Q4, 0, 3))", True),
    ("regexMatch('/AnnBo/', concat(trim(Q4), ''))", False),
    ("strval(Q2) == '7'", True),
    ("join(Q4, Q2) == 'Ann Bo7'", True),
    ("concat() == ''", True),
    ("if(Q2 > 5, Q1 == 'A1', 0)", True),
    ("Q1 eq 'A1' && Q2 ge 7 || 0", True),
    ("!(Q1 == 'A1')", False),
    ("Q1.shown == 'A1'", True),
]


@pytest.mark.parametrize(("equation", "expected"), EQUATIONS)
def test_an_equation_holds_for_the_same_answers(equation: str, expected: bool) -> None:
    last = question(9, "S", "Q9", question="Why?", language="en", relevance=equation)
    rows = (LIST, NUMBER, MANY, TEXT, BLANK, ARRAY, last)
    made = survey(table("questions", *rows), ANSWERS, SUBS)
    assert not [one for one in codes(made) if one.startswith("EXC-1")]
    context = route.Context(
        Mode.WEB, Arm.SAMPLE, Language("en"), dt.date(2026, 3, 2), 1
    )
    asked = {
        one.id for one in route.route(made.questionnaire, GIVEN, context).questions
    }
    assert ("q9" in asked) is expected


LOST = [
    "not_there == 1",
    "Q2 ==",
    "(Q2 == 1",
    "sum(Q2",
    "Q2 == 1 1",
    "unknown(Q2)",
    "substr(Q4)",
    "regexMatch('/(/', Q4)",
    "Q2 # 3",
]


@pytest.mark.parametrize("equation", LOST)
def test_an_equation_that_cannot_be_read_is_lost_with_a_finding(equation: str) -> None:
    last = question(9, "S", "Q9", question="Why?", language="en", relevance=equation)
    rows = (LIST, NUMBER, MANY, TEXT, BLANK, ARRAY, last)
    made = survey(table("questions", *rows), ANSWERS, SUBS)
    assert {"EXC-102", "EXC-103"} & set(codes(made))
