"""Rules of ONS eQ schemas, of today and of before 2021, and what they become here.

Requirement: the test schemas and the censuses import (issue 3).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from harken.method.questionnaire.exchange import Imported, import_file
from harken.method.questionnaire.exchange.eq.older import modern
from tests.method.questionnaire.exchange.workbooks import codes, condition


def answer(name: str, kind: str, **more: object) -> dict[str, Any]:
    return {"id": name, "type": kind, "mandatory": False, **more}


def options(*values: str) -> list[dict[str, str]]:
    return [{"label": one, "value": one} for one in values]


def block(name: str, *answers: dict[str, Any], **more: object) -> dict[str, Any]:
    question: dict[str, Any] = {"id": f"{name}-q", "type": "General", "title": name}
    question["answers"] = list(answers)
    return {"id": name, "type": "Question", "question": question, **more}


ASKED = [
    block("age", answer("age-answer", "Number")),
    block("sex", answer("sex-answer", "Radio", options=options("Male", "Female"))),
    block("many", answer("many-answer", "Checkbox", options=options("A", "B", "C"))),
    block("born", answer("born-answer", "Date")),
    block("who", answer("who-answer", "TextField")),
    block("year", answer("year-answer", "YearDate")),
]


def schema(*blocks: dict[str, Any]) -> Imported:
    group = {"id": "g", "title": "G", "blocks": [*ASKED, *blocks]}
    made = {"sections": [{"id": "s", "title": "S", "groups": [group]}]}
    return import_file(json.dumps(made).encode(), "s.json")


def asked_if(when: object, **more: object) -> str:
    """The condition of a last page that is skipped unless a rule holds."""
    skip = {"skip_conditions": {"when": {"not": [when]}}}
    made = schema(block("last", answer("last-answer", "TextField"), **{**skip, **more}))
    assert not [one for one in codes(made) if one.startswith("EXC-1")]
    return condition(made, "last_answer")


def of(name: str) -> dict[str, str]:
    return {"source": "answers", "identifier": f"{name}-answer"}


RULES: list[tuple[object, str]] = [
    ({"==": [of("sex"), "Male"]}, "sex_answer == 'Male'"),
    ({"!=": [of("sex"), "Male"]}, "not sex_answer == 'Male'"),
    ({"in": [of("sex"), ["Male", "Female"]]}, "sex_answer in ['Male', 'Female']"),
    ({"in": ["A", of("many")]}, "has(many_answer, 'A')"),
    (
        {"any-in": [["A", "B"], of("many")]},
        "has(many_answer, 'A') or has(many_answer, 'B')",
    ),
    (
        {"all-in": [["A", "B"], of("many")]},
        "has(many_answer, 'A') and has(many_answer, 'B')",
    ),
    ({">": [{"count": [of("many")]}, 1]}, "coalesce(count(many_answer), 0) > 1"),
    ({">": [of("age"), 17]}, "age_answer > 17"),
    ({">": [of("age"), None]}, "false"),
    ({"==": [of("age"), None]}, "not answered(age_answer)"),
    ({"==": [of("who"), "Ann."]}, "matches(who_answer, '(?i)Ann\\.')"),
    ({"==": ["Ann", of("who")]}, "matches(who_answer, '(?i)Ann')"),
    ({">": [{"+": [of("age"), 2]}, 17]}, "sum(age_answer, 2) > 17"),
    ({">": [{"-": [of("age"), 2]}, 17]}, "age_answer - 2 > 17"),
    (
        {"<=": [{"date": [of("born")]}, {"date": ["2021-03-21", {"years": -16}]}]},
        "born_answer <= add_months('2021-03-21', -192)",
    ),
    (
        {">": [{"date": [of("born")]}, {"date": ["now", {"days": -7}]}]},
        "born_answer > add_days(today, -7)",
    ),
    (
        {">": [{"date": [of("year"), {"years": 2}]}, {"date": ["2021"]}]},
        "date(year(year_answer) + 2, 1, 1) > '2021'",
    ),
    ({"and": [{">": [of("age"), 1]}, {"<": [of("age"), 9]}]}, "age_answer > 1 and age_answer < 9"),
    (
        {"or": [{">": [of("age"), 9]}, {"==": [of("sex"), "Male"]}]},
        "age_answer > 9 or sex_answer == 'Male'",
    ),
    (True, ""),
]  # fmt: skip


@pytest.mark.parametrize(("when", "expected"), RULES)
def test_a_rule_becomes_a_condition(when: object, expected: str) -> None:
    if expected == "false":
        made = schema(
            block("last", answer("x", "TextField"), skip_conditions={"when": when})
        )
        assert condition(made, "x") == ""
    else:
        assert asked_if(when) == expected


OLDER: list[tuple[dict[str, object], object]] = [
    ({"id": "a", "condition": "equals", "value": "x"}, {"==": ["A", "x"]}),
    ({"id": "a", "condition": "not equals", "value": 1}, {"!=": ["A", 1]}),
    ({"id": "a", "condition": "less than", "value": 1}, {"<": ["A", 1]}),
    ({"id": "a", "condition": "set"}, {"!=": ["A", None]}),
    ({"id": "a", "condition": "not set"}, {"==": ["A", None]}),
    ({"id": "a", "condition": "contains", "value": "x"}, {"in": ["x", "A"]}),
    (
        {"id": "a", "condition": "not contains", "value": "x"},
        {"not": [{"in": ["x", "A"]}]},
    ),
    (
        {"id": "a", "condition": "equals any", "values": ["x"]},
        {"in": ["A", ["x"]]},
    ),
    (
        {"id": "a", "condition": "not equals any", "values": ["x"]},
        {"not": [{"in": ["A", ["x"]]}]},
    ),
    (
        {"id": "a", "condition": "contains any", "values": ["x"]},
        {"any-in": ["A", ["x"]]},
    ),
    (
        {
            "id": "a",
            "condition": "greater than",
            "date_comparison": {"value": "now", "offset_by": {"years": -4}},
        },
        {">": [{"date": ["A"]}, {"date": ["now", {"years": -4}]}]},
    ),
    (
        {"id": "a", "condition": "equals", "date_comparison": {"id": "a"}},
        {"==": [{"date": ["A"]}, {"date": ["A", {}]}]},
    ),
    (
        {"id": "a", "condition": "equals", "date_comparison": {"meta": "m"}},
        {"==": [{"date": ["A"]}, {"date": ["M", {}]}]},
    ),
    ({"meta": "m", "condition": "equals", "value": "x"}, {"==": ["M", "x"]}),
    ({"list": "l", "condition": "greater than", "value": 0}, {">": ["L", 0]}),
    (
        {
            "id": "a",
            "condition": "equals",
            "comparison": {"source": "answers", "id": "a"},
        },
        {"==": ["A", "A"]},
    ),
]


def short(node: Any) -> Any:
    """Sources by one letter, so that a rule fits on a line."""
    if isinstance(node, list):
        return [short(one) for one in node]
    if isinstance(node, dict) and "source" in node:
        return str(node["identifier"]).upper()
    if isinstance(node, dict):
        return {key: short(value) for key, value in node.items()}
    return node


@pytest.mark.parametrize(("older", "today"), OLDER)
def test_a_condition_of_before_2021_is_an_operator_today(
    older: dict[str, object], today: object
) -> None:
    assert short(modern({"when": [older]})) == {"when": {"and": [today]}}


def test_older_jumps_and_skips_are_followed() -> None:
    rule = {"condition": "equals", "id": "sex-answer", "value": "Male"}
    grown = {"condition": "greater than", "id": "age-answer", "value": 17}
    jump = [{"goto": {"block": "end", "when": [rule]}}, {"goto": {"block": "mid"}}]
    made = schema(
        block("from", answer("from-answer", "TextField"), routing_rules=jump),
        block("mid", answer("mid-answer", "TextField")),
        block(
            "end",
            answer("end-answer", "TextField"),
            skip_conditions=[{"when": [rule, grown]}, {"when": [grown]}],
        ),
    )
    assert condition(made, "mid_answer") == "not sex_answer == 'Male'"
    expected = "not (sex_answer == 'Male' and age_answer > 17 or age_answer > 17)"
    assert condition(made, "end_answer") == expected


def test_a_rule_about_who_answers_is_taken_for_another() -> None:
    here = {"source": "location", "identifier": "list_item_id"}
    first = {"source": "list", "identifier": "people", "selector": "primary_person"}
    assert asked_if({"!=": [first, here]}) == ""


LOST: list[object] = [
    {"sideways": [1, 2]},
    {"==": [["a"], "b"]},
    {"a": [], "b": []},
    {">": [{"date": [of("who")]}, {"date": ["now"]}]},
]


@pytest.mark.parametrize("when", LOST)
def test_a_rule_that_cannot_be_said_is_lost_with_a_finding(when: object) -> None:
    skipped = {"skip_conditions": {"when": when}}
    made = schema(block("last", answer("last-answer", "TextField"), **skipped))
    assert "EXC-102" in codes(made)


def test_a_list_has_fewer_lines_where_the_whole_would_be_too_large() -> None:
    people = [answer(f"p{number}-answer", "TextField") for number in range(280)]
    add = {"add_block": block("add", *people), "for_list": "people"}
    again = answer("again-answer", "Radio", options=options("Yes", "No"))
    collector = {**block("list", again), "type": "ListCollector", **add}
    made = schema(collector)
    found = {
        one.line for one in made.questionnaire.questions if one.source == "p0_answer"
    }
    assert len(found) == 6


LIST = {"source": "list", "identifier": "people"}
HERE = {"source": "location", "identifier": "list_item_id"}


def people(*blocks: dict[str, Any], driven: bool = True, **more: object) -> Imported:
    """A list of people, filled in a section, and blocks after it."""
    again = [answer("again-answer", "Radio", options=options("Yes", "No"))]
    first = {"question": {"id": "q", "title": "Anyone?", "answers": again}}
    add = block("add", answer("name-answer", "TextField"), **more)
    collector = {"id": "list", "type": "ListCollector", "for_list": "people"}
    collector |= {"add_block": add} | (first if driven else {})
    return schema(collector, *blocks)


def skipped(when: object) -> dict[str, Any]:
    text = answer("last-answer", "TextField")
    return block("last", text, skip_conditions={"when": when})


def test_a_list_is_counted_however_the_rule_asks() -> None:
    for count in ({"count": [LIST]}, LIST | {"selector": "count"}):
        made = people(skipped({"<": [count, 3]}))
        assert condition(made, "last_answer") == "not people_count < 3"


def test_a_list_with_a_line_for_everybody_is_never_empty() -> None:
    empty = {"==": [LIST | {"selector": "count"}, 0]}
    made = people(skipped(empty), driven=False)
    assert condition(made, "last_answer") == ""
    made = people(skipped({"not": [empty]}), driven=False)
    assert "EXC-209" in codes(made)
    assert "last_answer" not in made.questionnaire.ids


def test_while_a_list_is_filled_it_has_the_lines_before() -> None:
    text = answer("more-answer", "TextField")
    ways = [
        {"when": {"==": [LIST | {"selector": "count"}, 0]}, "question": q}
        for q in [block("one", text)["question"]]
    ]
    made = people(question_variants=ways)
    assert 'if: "line - 1 == 0"' in made.files["questionnaire.yaml"]


def test_the_first_of_a_list_is_the_first_line() -> None:
    first = {"==": [HERE, LIST | {"selector": "first"}]}
    group = {"id": "g2", "blocks": [skipped({"not": [first]})]}
    section = {"id": "s2", "title": "S2", "groups": [group]}
    section["repeat"] = {"for_list": "people"}
    again = answer("again-answer", "Radio", options=options("Yes", "No"))
    add = block("add", answer("name-answer", "TextField"))
    collector = {**block("list", again), "type": "ListCollector"}
    collector |= {"add_block": add, "for_list": "people"}
    groups = [{"id": "g", "blocks": [collector]}]
    sections = [{"id": "s", "title": "S", "groups": groups}, section]
    data = json.dumps({"sections": sections}).encode()
    made = import_file(data, "s.json")
    assert 'if: "line <= 1"' in made.files["questionnaire.yaml"]


def test_what_nobody_can_be_asked_is_left_out_and_said() -> None:
    outside = {"==": [{"source": "supplementary_data", "identifier": "x"}, "y"]}
    made = schema(skipped({"not": [outside]}))
    assert "EXC-209" in codes(made)
    made = people(
        question_variants=[{"when": outside, "question": ASKED[0]["question"]}]
    )
    assert "EXC-209" in codes(made)


def test_answers_of_one_page_that_must_go_together_warn_only() -> None:
    rule = {"calculation_type": "sum", "value": 10, "conditions": ["equals"]}
    rule["answers_to_calculate"] = ["a-answer", "b-answer"]
    page = block("sum", answer("a-answer", "Number"), answer("b-answer", "Number"))
    page["question"] |= {"type": "Calculated", "calculations": [rule]}
    made = schema(page)
    checks = made.questionnaire.question("b_answer").checks
    assert [check.soft for check in checks] == [True]
    assert "EXC-203" in codes(made)
    assert made.questionnaire.question("a_answer").minimum == 0


def test_a_limit_that_the_house_holds_itself_is_no_check() -> None:
    born = answer("old-answer", "Date", minimum={"value": "1900-01-01"})
    made = schema(block("old", born))
    assert made.questionnaire.question("old_answer").checks == ()


def test_a_rule_that_keeps_out_says_who_was_asked() -> None:
    some = block("some", answer("some-answer", "Number"))
    some["skip_conditions"] = {"when": {"==": [of("sex"), "Male"]}}
    made = schema(some, skipped({">": [of("some"), 3]}))
    expected = "not (asked(some_answer) and some_answer > 3)"
    assert condition(made, "last_answer") == expected
