"""Repeats of an XLSForm: lines of this and of other rosters, in order, taken apart.

Requirement: real forms import with no unsupported construct (issue 3).
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from harken.method.questionnaire import Value, route
from harken.method.questionnaire.exchange import Imported
from harken.method.terms import Arm, Language, Mode
from tests.method.questionnaire.exchange.workbooks import codes, imported

COUNT = {"type": "integer", "name": "n", "label": "How many?"}
PEOPLE = [
    COUNT,
    {"type": "begin repeat", "name": "people", "label": "P", "repeat_count": "${n}"},
    {"type": "text", "name": "who", "label": "Who?"},
    {"type": "integer", "name": "age", "label": "Age?"},
]
END = {"type": "end repeat"}
PETS = {"type": "begin repeat", "name": "pets", "label": "Pets", "repeat_count": "2"}


def computed(expression: str) -> dict[str, str]:
    return {"type": "calculate", "name": "made", "calculation": expression}


def written(made: Imported, name: str = "made") -> str:
    """The value of a computed question as the source has it."""
    lines = made.files["questionnaire.yaml"].splitlines()
    start = lines.index(f"      - id: {name}")
    found = [one for one in lines[start : start + 4] if "value: " in one]
    return found[0].split("value: ")[1].strip('"')


OUTSIDE = [
    ("sum(${age})", "sum(age)"),
    ("max(${age})", "max(age)"),
    ("${who}", "first(who)"),
    ("count(${people})", "coalesce(count(asked(who)), 0)"),
    ("join(', ', ${who})", "coalesce(join(', ', who), '')"),
    ("indexed-repeat(${who}, ${people}, 2)", "on_line(who, 2)"),
    ("indexed-repeat(${who}, ${people}, ${n})", "on_line(who, n)"),
    ("indexed-repeat(${n}, ${people}, 2)", "n"),
    ("position(..)", "1"),
    (
        "count-if(${people}, ${age} >= 18)",
        "coalesce(count(asked(who) and age >= 18), 0)",
    ),
    (
        "sum-if(${age}, ${age} > ${n})",
        "sum(if(asked(who) and age > n, age, 0))",
    ),
    ("linebreak()", "' '"),
]
INSIDE = [
    ("position(..)", "line"),
    ("index()", "line"),
    ("indexed-repeat(${age}, ${people}, position(..) - 1)", "previous(age)"),
    ("indexed-repeat(${age}, ${people}, index() - 1)", "previous(age)"),
    ("indexed-repeat(${age}, ${people}, ${age})", "on_line(age, age)"),
    ("${age} + 1", "age + 1"),
]
BESIDE = [
    ("indexed-repeat(${who}, ${people}, position(..))", "on_line(who, line)"),
    ("${n}", "n"),
    ("sum(${age})", "sum(age)"),
]


@pytest.mark.parametrize(("expression", "expected"), OUTSIDE)
def test_from_outside_lines_are_named(expression: str, expected: str) -> None:
    made = imported(*PEOPLE, END, computed(expression))
    assert written(made) == expected
    assert not [one for one in codes(made) if one.startswith("EXC-1")]


@pytest.mark.parametrize(("expression", "expected"), INSIDE)
def test_within_its_own_lines(expression: str, expected: str) -> None:
    made = imported(*PEOPLE, computed(expression), END)
    assert written(made) == expected
    assert not [one for one in codes(made) if one.startswith("EXC-1")]


@pytest.mark.parametrize(("expression", "expected"), BESIDE)
def test_from_another_repeat(expression: str, expected: str) -> None:
    made = imported(*PEOPLE, END, PETS, computed(expression), END)
    assert written(made) == expected
    assert not [one for one in codes(made) if one.startswith("EXC-1")]


def test_the_line_of_the_outer_of_two_repeats() -> None:
    made = imported(*PEOPLE, PETS, computed("position(../..)"), END, END)
    assert written(made) == "people_line"
    assert written(made, "people_line") == "line"


@pytest.mark.parametrize(
    "expression",
    [
        "indexed-repeat(${made}, ${pets}, 1)",
        "indexed-repeat('x', ${people}, 1)",
        "indexed-repeat(${nobody}, ${people}, 1)",
    ],
)
def test_what_names_no_line_is_lost(expression: str) -> None:
    pet = {"type": "text", "name": "made", "label": "Pet"}
    last = {"type": "calculate", "name": "last", "calculation": expression}
    made = imported(*PEOPLE, PETS, pet, END, END, last)
    assert "EXC-102" in codes(made)


def test_a_repeat_in_a_repeat_in_a_repeat_is_lost_with_a_finding() -> None:
    third = {"type": "begin repeat", "name": "third", "label": "T"}
    inner = {"type": "text", "name": "deep", "label": "Deep"}
    made = imported(*PEOPLE, PETS, third, inner, END, END, END)
    assert "EXC-203" in codes(made)
    assert "id: deep" in made.files["questionnaire.yaml"]
    assert not [one for one in codes(made) if one.startswith("EXC-1")]


CONDITIONAL = [
    ("count-if(${people}, ${age} > 9)", Decimal(2)),
    ("count-if(${who}, not(${age} > 9))", Decimal(1)),
    ("sum-if(${age}, ${age} > 9)", Decimal(50)),
    ("min-if(${age}, ${age} > 9)", Decimal(20)),
    ("max-if(${age}, ${who} = 'Ann')", Decimal(20)),
    ("join-if(', ', ${who}, ${age} < 25)", "Ann, Cy"),
    ("item-present(' ', join(' ', ${who}), 'Cy')", "true"),
]


@pytest.mark.parametrize(("expression", "expected"), CONDITIONAL)
def test_lines_that_meet_a_condition(expression: str, expected: Value) -> None:
    read = imported(*PEOPLE, END, computed(expression)).questionnaire
    lines = [("Ann", 20), ("Bo", 30), ("Cy", 5)]
    answers: dict[str, Value] = {"n": Decimal(3)}
    for number, (who, age) in enumerate(lines, start=1):
        answers |= {f"who#{number}": who, f"age#{number}": Decimal(age)}
    context = route.Context(Mode.WEB, Arm.SAMPLE, Language("en"))
    assert route.route(read, answers, context).values["made"] == expected


def test_a_condition_on_other_lines_of_the_same_repeat_is_lost() -> None:
    made = imported(*PEOPLE, computed("count-if(${people}, ${age} > 9)"), END)
    assert "EXC-102" in codes(made)
    made = imported(COUNT, computed("count-if(${n}, ${n} > 9)"))
    assert "EXC-102" in codes(made)
    made = imported(*PEOPLE, END, computed("join-if(${n}, ${who}, ${age} > 9)"))
    assert "EXC-102" in codes(made)


def test_a_repeat_may_be_shown_line_by_line() -> None:
    more = PEOPLE[1] | {"relevant": "index() <= ${n} - 1"}
    made = imported(COUNT, more, *PEOPLE[2:], END)
    assert [one.own.text for one in made.questionnaire.questions if one.own][:2] == [
        "1 <= n - 1",
        "1 <= n - 1",
    ]
    assert not [one for one in codes(made) if one.startswith("EXC-1")]


def test_on_a_line_a_computed_value_follows_what_it_draws_from() -> None:
    late = {"type": "integer", "name": "late", "label": "Late?"}
    made = imported(*PEOPLE, computed("${late} + 1"), late, END)
    assert "EXC-309" in codes(made)
    source = made.files["questionnaire.yaml"]
    assert source.index("id: late") < source.index("id: made")


def test_a_count_that_follows_from_the_lines_asks_for_another() -> None:
    again = {"type": "select_one yn", "name": "again", "label": "Again?"}
    more = {
        "type": "begin repeat",
        "name": "visits",
        "label": "Visit",
        "repeat_count": "if(${again} = '1', count(${visits}) + 1, count(${visits}))",
    }
    made = imported(more, again, END)
    assert "EXC-203" in codes(made)
    assert 'more: "Is there another?"' in made.files["questionnaire.yaml"]


@pytest.mark.parametrize(
    ("count", "roster"),
    [
        ("3", "{fixed: 3}"),
        ("0", "{fixed: 1}"),
        ("99", "{fixed: 20}"),
        ("''", "{fixed: 1}"),
        ("${n} + 1", "{count: people_lines, maximum: 10}"),
        ("${n}", "{count: n, maximum: 10}"),
    ],
)
def test_how_many_lines_there_are(count: str, roster: str) -> None:
    rows = [COUNT, {**PEOPLE[1], "repeat_count": count}, *PEOPLE[2:], END]
    source = imported(*rows).files["questionnaire.yaml"]
    assert f"roster: {roster}" in source


def test_a_long_expression_is_taken_apart_and_means_the_same() -> None:
    parts = [
        f"(${{n}} = {number} and not(${{n}} = {number + 1}))" for number in range(90)
    ]
    nested = "1"
    for number in range(30):
        nested = f"if(${{n}} = {number}, {number}, {nested})"
    asked = {
        "type": "text",
        "name": "asked",
        "label": "Asked",
        "relevant": f"not({' or '.join(parts)}) or ({' or '.join(parts)})",
    }
    made = imported(COUNT, asked, computed(nested))
    assert not [one for one in codes(made) if one.startswith("EXC-1")]
    source = made.files["questionnaire.yaml"]
    assert "asked_p1 == 'yes'" in source
    assert "id: made_w1" in source


def test_a_part_that_speaks_of_all_lines_stays_where_it_is() -> None:
    tests = " or ".join(
        f"${{age}} = {number} and ${{who}} = 'x'" for number in range(90)
    )
    made = imported(
        *PEOPLE, END, computed(f"count-non-empty(${{age}}) + number({tests})")
    )
    assert "made_p1" not in made.files["questionnaire.yaml"]
