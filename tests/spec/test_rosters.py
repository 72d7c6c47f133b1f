"""Rosters, splits, banks and lotteries as tables: answers, and the route they lead to.

Proves: decision 0010 (unrolled when read; references to this and other lines).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest

from harken.method.errors import HarkenError
from harken.method.questionnaire import (
    Value,
    check,
    printed_form,
    read_questionnaire,
)
from harken.method.questionnaire import route as routing
from harken.method.questionnaire.wording import Wording
from harken.method.response import make_codebook
from harken.method.terms import Arm, Language, Missing, Mode
from tests.make.questionnaire import AGREE
from tests.make.rosters import ROSTERS, make_rosters

BOOK = make_rosters()
EN = Language("en")

Answers = Mapping[str, Value]


def walk(answers: Answers, seed: int = 1) -> routing.Route:
    day = dt.date(2026, 3, 2)
    context = routing.Context(Mode.WEB, Arm.SAMPLE, EN, day, seed)
    return routing.route(BOOK, {"agree": "yes", **answers}, context)


def asked(answers: Answers, section: str, seed: int = 1) -> list[str]:
    return [one.id for one in walk(answers, seed).questions if one.section == section]


ONE, TWO, THREE = Decimal(1), Decimal(2), Decimal(3)

ROUTES: list[tuple[str, Answers, list[str]]] = [
    ("agencies", {}, []),
    ("agencies", {"met": ("none",)}, []),
    ("agencies", {"met": ("court",)}, ["kind#2"]),
    ("agencies", {"met": ("court", "police")}, ["kind#1", "kind#2"]),
    (
        "agencies",
        {"met": ("court", "police"), "kind#1": "yes"},
        ["kind#1", "kind#2", "still#2"],
    ),
    ("agencies", {"met": ("court",), "kind#1": "yes"}, ["kind#2"]),
    ("incidents", {"times": TWO}, ["incidents_ok"]),
    ("incidents", {"times": TWO, "incidents_ok": "skip"}, ["incidents_ok"]),
    (
        "incidents",
        {"times": TWO, "incidents_ok": "continue"},
        ["incidents_ok", "hours#1", "who#1", "hours#2", "who#2"],
    ),
    ("people", {"times": TWO, "incidents_ok": "continue"}, []),
    (
        "people",
        {"times": TWO, "incidents_ok": "continue", "who#1": ONE, "who#2": TWO},
        ["age#1.1", "age#2.1", "age#2.2"],
    ),
    (
        "people",
        {"times": ONE, "incidents_ok": "continue", "who#1": ONE, "who#2": TWO},
        ["age#1.1"],
    ),
    ("places", {}, ["place#1", "places_more#1"]),
    (
        "places",
        {"places_more#1": "yes"},
        ["place#1", "places_more#1", "place#2", "places_more#2"],
    ),
    (
        "places",
        {"places_more#1": "yes", "places_more#2": "yes"},
        ["place#1", "places_more#1", "place#2", "places_more#2", "place#3"],
    ),
    ("places", {"places_more#2": "yes"}, ["place#1", "places_more#1"]),
    ("person", {}, []),
    ("person", {"met": ("court",), "kind#2": "yes"}, ["sex"]),
    ("end", {"met": ("court",), "kind#2": "yes"}, ["all_kind"]),
    ("end", {"met": ("court", "police"), "kind#2": "yes"}, []),
    ("end", {}, ["all_kind"]),
]


@pytest.mark.parametrize(("section", "answers", "route"), ROUTES)
def test_a_roster_asks_the_lines_of_the_table(
    section: str, answers: Answers, route: list[str]
) -> None:
    assert asked(answers, section) == route


def test_what_is_said_of_all_lines_is_worked_out() -> None:
    answers = {
        "times": TWO,
        "incidents_ok": "continue",
        "hours#1": Decimal(2),
        "hours#2": Decimal(5),
        "hours#3": Decimal(100),
        "who#2": ONE,
        "age#2.1": Decimal(70),
    }
    values = walk(answers).values
    assert values["total"] == Decimal(7)
    assert values["long_ones"] == ONE
    assert values["said_hours"] == TWO
    assert values["first_hours"] == Decimal(2)
    assert values["last_hours"] == Decimal(5)
    assert asked(answers, "end") == ["all_kind", "any_old", "second"]


BESIDE = """\
questionnaire: beside
version: "1"
sections:
AGREED
  - id: names
    title: Names
    roster: {fixed: 3}
    questions:
      - {id: name, type: line, text: Name?}
      - {id: kin, type: number, minimum: 0, maximum: 3, text: Child of which line?}
      - {id: parent, type: computed, value: "on_line(name, kin)"}
  - id: pairs
    title: Pairs
    roster: {fixed: 3}
    questions:
      - {id: mine, type: computed, value: "on_line(name, line)"}
      - {id: before, type: computed, value: line - 1}
  - id: pair
    title: Pair
    within: pairs
    roster: {count: before, maximum: 2}
    questions:
      - {id: theirs, type: computed, value: "on_line(name, line)"}
      - {id: tied, type: yes_no, text: "Are {mine|…} and {theirs|…} related?"}
  - id: end
    title: End
    questions:
      - {id: which, type: number, minimum: 0, maximum: 9, text: Which line?}
      - {id: named, type: computed, value: "on_line(name, which)"}
      - {id: third, type: computed, value: "on_line(name, 3)"}
      - {id: most, type: computed, value: max(kin)}
      - {id: least, type: computed, value: min(kin)}
""".replace("AGREED", AGREE)


def test_on_line_is_the_answer_on_the_line_of_a_number() -> None:
    read = read_questionnaire(BESIDE)
    context = routing.Context(Mode.WEB, Arm.SAMPLE, EN, dt.date(2026, 3, 2), 1)
    given = {"name#1": "Ann", "name#2": "Bo", "name#3": "Cy", "kin#2": ONE}
    found = routing.route(
        read, {"agree": "yes", **given, "kin#1": TWO, "which": TWO}, context
    )
    values = found.values
    assert (values["parent#1"], values["parent#2"]) == (Missing.NOT_ASKED, "Ann")
    assert (values["mine#2"], values["theirs#3.2"]) == ("Bo", "Bo")
    assert [one.id for one in found.questions if one.source == "tied"] == [
        "tied#2.1",
        "tied#3.1",
        "tied#3.2",
    ]
    assert (values["named"], values["third"]) == ("Bo", "Cy")
    assert {one.fault.code for one in check(read)} == {"QUE-040"}


@pytest.mark.parametrize(
    ("what", "code"), [("theirs", "QUE-070"), ("which", "QUE-006")]
)
def test_on_line_needs_a_question_of_a_roster_by_its_lines(
    what: str, code: str
) -> None:
    source = BESIDE.replace("on_line(name, which)", f"on_line({what}, which)")
    with pytest.raises(HarkenError) as found:
        read_questionnaire(source)
    assert code in {one.fault.code for one in found.value.findings}


def test_a_ballot_is_drawn_once_and_reaches_the_file() -> None:
    found = set()
    for seed in range(20):
        values = walk({}, seed).values
        assert values["ballots_ballot"] == walk({}, seed).values["ballots_ballot"]
        left = "left_q" in asked({}, "ballots", seed)
        assert left is (values["ballots_ballot"] == 1)
        found.add(left)
    assert found == {True, False}
    names = [one.name for one in make_codebook(BOOK, []).variables]
    assert "ballots_ballot" in names


def test_a_random_order_is_fixed_by_the_seed_and_keeps_together_what_belongs() -> None:
    orders = {tuple(asked({"third": "yes"}, "ballots", seed)) for seed in range(40)}
    assert len(orders) > 4
    for order in orders:
        assert order.index("third_more") == order.index("third") + 1
    assert asked({}, "ballots", 5) == asked({}, "ballots", 5)


def test_words_know_their_line() -> None:
    values = walk({"met": ("court",), "hours#1": Decimal(3)}).values
    words = Wording(BOOK, {**values, "hours#1": Decimal(3)}, Mode.WEB, EN)
    assert words.of(BOOK.question("kind#2")).value == "Was the court kind?"
    assert words.of(BOOK.question("hours#3")).value == "Hours of time 3?"
    assert words.of(BOOK.question("age#1.2")).value == "Their age? You said 3 hours."
    assert words.of(BOOK.question("age#2.1")).value == "Their age? You said no hours."
    spoken = Wording(BOOK, values, Mode.TELEPHONE, EN)
    assert spoken.of(BOOK.question("kind#2")).value == "And the court?"
    title = words.text("section.agencies.title", BOOK.question("kind#1"))
    assert title.value == "About the police"


def test_the_codebook_and_the_printed_form_know_lines() -> None:
    names = [one.name for one in make_codebook(BOOK, []).variables]
    assert {"kind_L1", "age_L2_1", "places_more_L2", "total"} <= set(names)
    ids = [row.id for part in printed_form(BOOK).parts for row in part.rows]
    assert "kind#1" in ids
    assert "kind#2" not in ids
    (part,) = [one for one in printed_form(BOOK).parts if "Time" in one.title]
    assert part.when == "Asked once for each line, at most 3 times."


def test_a_sound_roster_has_no_findings_of_its_own() -> None:
    assert {one.fault.code for one in check(BOOK)} == {"QUE-040"}


WRONG = [
    ("{over: met}", "{over: times}", "QUE-071"),
    ("{over: met}", "{over: nothing_here}", "QUE-071"),
    ("{count: times, maximum: 3}", "{count: times}", "QUE-071"),
    ("{count: times, maximum: 3}", "{count: times, fixed: 3}", "QUE-071"),
    ("{count: times, maximum: 3}", "{count: times, maximum: 99}", "QUE-071"),
    ("within: incidents", "within: nowhere", "QUE-071"),
    ("within: incidents", "within: ballots", "QUE-071"),
    ("if: any(age > 60)", "if: age > 60", "QUE-070"),
    ("hours#2 > 1", "hours#4 > 1", "QUE-002"),
    ("any(age > 60)", "any(age > 'x')", "QUE-004"),
    ("{ways: 2}", "{ways: 1}", "QUE-017"),
    ("use: about_you.person", "use: about_you.nobody", "QUE-080"),
    ("banks: [banks/about-you.yaml]", "banks: [banks/other.yaml]", "QUE-074"),
    ("order: random", "order: sorted", "SRC-005"),
    ("Was {label} kind?", "Was {labels} kind?", "QUE-002"),
    ("Was {label} kind?", "Was {label kind?", "QUE-082"),
    ("Was {label} kind?", "Was {plural(line)} kind?", "QUE-007"),
]


@pytest.mark.parametrize(("old", "new", "code"), WRONG)
def test_a_mistake_in_a_roster_has_its_number(old: str, new: str, code: str) -> None:
    assert old in ROSTERS
    with pytest.raises(HarkenError) as caught:
        make_rosters(ROSTERS.replace(old, new))
    assert code in [finding.fault.code for finding in caught.value.findings]
    assert str(caught.value)


def test_a_roster_that_would_ask_thousands_of_questions_is_refused() -> None:
    text = ROSTERS.replace("maximum: 3", "maximum: 50").replace(
        "roster: {count: who, maximum: 2}", "roster: {count: who, maximum: 50}"
    )
    with pytest.raises(HarkenError) as caught:
        make_rosters(text)
    assert [one.fault.code for one in caught.value.findings] == ["QUE-025"]
