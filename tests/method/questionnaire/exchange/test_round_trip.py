"""Conditions sent out as XLSForm and taken in again hold for the same people.

Requirement: XLSForm in and out; what is lost is a finding, never silence (issue 3).
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest

from harken.method.questionnaire import Questionnaire, Value, read_questionnaire
from harken.method.questionnaire import route as routing
from harken.method.questionnaire.exchange import export, import_file
from harken.method.terms import Arm, Language, Mode

SOURCE = """\
questionnaire: small
version: "1"
sections:
  - id: one
    title: One
    questions:
      - {id: age, type: number, text: Age, decimals: 0}
      - {id: rate, type: number, text: Rate}
      - {id: born, type: date, text: Born}
      - {id: ended, type: date, text: Ended}
      - {id: who, type: line, text: Who}
      - id: seen
        type: single
        text: Seen
        options: [{code: a, text: A}, {code: b, text: B}, {code: c, text: C}]
      - id: many
        type: multiple
        text: Many
        options: [{code: a, text: A}, {code: b, text: B}, {code: c, text: C}]
SHOWN
"""
CONDITIONS = [
    "age > 17",
    "age + 1 > rate",
    "age - 2 <= rate * 2 / 4",
    "age == 3",
    "age == rate",
    "age != 3",
    "age != rate",
    "not age == 3",
    "seen == 'a'",
    "seen != 'a'",
    "not seen == 'a'",
    "seen in ['a', 'b']",
    "seen not in ['a', 'b']",
    "not seen in ['a', 'b']",
    "has(many, 'a')",
    "any_in(many, 'a', 'b')",
    "all_in(many, 'a', 'b')",
    "count(many) > 1",
    "not count(many) > 1",
    "answered(age) and not answered(rate)",
    "missing(age)",
    "(age > 3 or rate > 3) and seen == 'a'",
    "not (age > 3 and seen == 'a' or rate < 3)",
    "sum(age, rate) > 10",
    "count_answered(age, rate, seen) == 2",
    "coalesce(age, 0) > 3",
    "if(age > 3, rate, age) > 3",
    "mod(age, 3) == 1",
    "born < '2000-01-01'",
    "born < ended",
    "days(born, ended) > 100",
    "year(born) == 1999",
    "month(born) > 6",
    "day(born) < 15",
    "born < today",
    "matches(who, '[a-z]+')",
    "contains(who, 'b')",
    "starts_with(who, 'a')",
    "length(who) > 2",
    "matches(before(who, 'b'), 'a')",
    "matches(after(who, 'b'), 'c')",
    "answered(word(who, 2))",
    "words(who) > 1",
    "matches(lower(who), 'abc')",
    "matches(upper(who), 'ABC')",
    "matches(concat(who, 'x'), 'abcx')",
    "round(rate) == 3",
    "floor(rate) == 3",
    "abs(rate - 5) < 2",
    "min(age, rate) < 3",
    "max(age, rate) > 10",
]
LOST = ["working_days(born, ended) > 3", "born < '2000'"]


def answers(draw: random.Random) -> dict[str, Value]:
    made: dict[str, Value] = {
        "age": Decimal(draw.randrange(25)),
        "rate": Decimal(draw.randrange(40)) / 4,
        "born": f"{draw.choice([1998, 1999, 2001])}-0{draw.randrange(1, 10)}-1{draw.randrange(9)}",
        "ended": f"{draw.choice([1999, 2000])}-0{draw.randrange(1, 10)}-0{draw.randrange(1, 9)}",
        "who": draw.choice(["abc", "ABC", "ab c", "b", "x1"]),
        "seen": draw.choice("abc"),
        "many": tuple(sorted(draw.sample("abc", draw.randint(1, 3)))),
    }
    if draw.random() < 0.2:
        made["rate"] = made["age"]
    return {key: value for key, value in made.items() if draw.random() < 0.75}


def book_of(conditions: list[str]) -> Questionnaire:
    """A question under each of these conditions."""
    shown = [
        f'      - {{id: shown_{number}, type: line, text: Shown, if: "{condition}"}}'
        for number, condition in enumerate(conditions)
    ]
    return read_questionnaire(SOURCE.replace("SHOWN", "\n".join(shown)))


Asked = list[tuple[set[str], set[str]]]


@pytest.fixture(scope="module")
def asked() -> Asked:
    """What 80 respondents are asked, before and after."""
    book = book_of(CONDITIONS)
    sent = export(book, "xlsform")
    assert not [one for one in sent.findings if "condition" in one.message.lower()]
    back = import_file(sent.data, "back.xlsx").questionnaire
    day = dt.date(2026, 3, 2)
    context = routing.Context(Mode.WEB, Arm.SAMPLE, Language("en"), day, 1)
    draw = random.Random(1)
    found: Asked = []
    for _ in range(80):
        given = answers(draw)
        one, other = (
            {q.id for q in routing.route(which, given, context).questions}
            for which in (book, back)
        )
        found.append((one, other))
    return found


@pytest.mark.parametrize("number", range(len(CONDITIONS)), ids=CONDITIONS)
def test_a_condition_comes_back_with_its_meaning(number: int, asked: Asked) -> None:
    name = f"shown_{number}"
    held = [(name in before, name in after) for before, after in asked]
    assert [one for one in held if one[0] is not one[1]] == []
    assert {before for before, _ in held} == {True, False}


@pytest.mark.parametrize("condition", LOST)
def test_a_condition_without_words_there_is_a_finding(condition: str) -> None:
    sent = export(book_of([condition]), "xlsform")
    assert "EXC-107" in {one.fault.code for one in sent.findings}
