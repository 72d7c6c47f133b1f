"""XLSForm in: every row becomes a question or a finding, and means the same.

Requirement: an import lists everything that it does not carry over (issue 3).
"""

from __future__ import annotations

import io

import openpyxl
import pytest

from harken.method.errors import HarkenError
from harken.method.questionnaire.exchange import counted, import_file
from harken.method.questionnaire.proof import prove
from tests.method.questionnaire.exchange.workbooks import (
    YES_NO,
    codes,
    condition,
    imported,
)

AGE = {"type": "integer", "name": "age", "label": "Your age"}
SEEN = {"type": "select_one yn", "name": "seen", "label": "Seen?"}
MANY = {"type": "select_multiple yn", "name": "many", "label": "Which?"}
WHEN = {"type": "date", "name": "when", "label": "When?"}
NAME = {"type": "text", "name": "who", "label": "Who?"}


def asked_if(relevant: str) -> str:
    """The condition that a relevant expression becomes."""
    last = {"type": "text", "name": "last", "label": "Last", "relevant": relevant}
    return condition(imported(AGE, SEEN, MANY, WHEN, NAME, last), "last")


@pytest.mark.parametrize(
    ("relevant", "expected"),
    [
        ("${age} > 17", "age > 17"),
        ("${seen} = '1'", "seen == '1'"),
        ("${seen} = 1", "seen == '1'"),
        ("${seen} != '1'", "not seen == '1'"),
        ("${seen} = ''", "not answered(seen)"),
        ("${seen} != ''", "answered(seen)"),
        ("selected(${many}, '0')", "has(many, '0')"),
        ("not(selected(${many}, '0'))", "not has(many, '0')"),
        ("selected(${seen}, '1') or ${age} < 5", "seen == '1' or age < 5"),
        ("count-selected(${many}) > 1", "coalesce(count(many), 0) > 1"),
        ("${when} < today()", "when < today"),
        ("${age} div 2 + 1 >= 10", "age / 2 + 1 >= 10"),
        ("${who} = 'Ann'", "matches(who, 'Ann')"),
        ("string-length(${who}) > 3", "length(coalesce(who, '')) > 3"),
        ("regex(${who}, '^[a-z]+$')", "matches(who, '^[a-z]+$')"),
        ("regex(${who}, '^[a-z]+')", "matches(who, '^[a-z]+(?s:.*)')"),
        ("regex(${who}, 'a|b$')", "matches(who, '(?s:.*)(?:a|b$)(?s:.*)')"),
        ("regex(${who}, '^(a|[|b])$')", "matches(who, '^(a|[|b])$')"),
        ("true()", ""),
        ("${age} > 3 and true()", "age > 3"),
        ("${seen} = \u20181\u2019", "seen == '1'"),
        ("(${age} > 3 or ${age} < 1) and ${seen}=1", "(age > 3 or age < 1) and seen == '1'"),
        ("if(${age} > 3, ${seen} = '1', false())", "age > 3 and seen == '1'"),
        ("difference-in-months(${when}, today()) > 6", "months(when, today) > 6"),
        ("coalesce(${age}, 0) = 0", "coalesce(age, 0) == 0"),
        ("../age > 17", "age > 17"),
        ("/data/age > 17", "age > 17"),
    ],
)  # fmt: skip
def test_an_expression_keeps_its_meaning(relevant: str, expected: str) -> None:
    assert asked_if(relevant) == expected


def test_groups_become_sections_and_their_conditions_join() -> None:
    made = imported(
        SEEN,
        {
            "type": "begin group",
            "name": "g",
            "label": "Part",
            "relevant": "${seen} = 1",
        },
        AGE,
        {
            "type": "begin_group",
            "name": "h",
            "label": "In it",
            "relevant": "${age} > 9",
        },
        NAME,
        {"type": "end_group"},
        {"type": "end group"},
        WHEN,
    )
    read = made.questionnaire
    assert [section.id for section in read.sections] == ["form", "g", "h", "form_on"]
    held = read.question("who").condition
    assert held is not None
    assert held.text == "seen == '1' and age > 9"
    assert codes(made) == []


def test_a_constraint_becomes_a_check_with_its_message() -> None:
    made = imported(
        AGE | {"constraint": ". >= 0 and . <= 120", "constraint_message": "Too much."},
        WHEN | {"constraint": ". <= today() and selected(${seen}, '1')"},
        SEEN,
    )
    read = made.questionnaire
    (check,) = read.question("age").checks
    assert check.condition.text == "age < 0 or age > 120"
    assert read.text(check.key).value == "Too much."
    (other,) = read.question("when").checks
    assert (
        other.condition.text == "answered(when) and not (when <= today and seen == '1')"
    )


def test_a_calculation_becomes_a_computed_value() -> None:
    made = imported(
        AGE,
        {
            "type": "calculate",
            "name": "old",
            "calculation": "if(${age} > 64, 'old', '')",
        },
        NAME | {"relevant": "${old} = 'old'"},
        {"type": "calculate", "name": "adult", "calculation": "${age} >= 18"},
        WHEN | {"relevant": "${adult} = 'true'"},
    )
    read = made.questionnaire
    value = read.question("old").value
    assert value is not None
    assert value.text == "'old'"
    assert condition(made, "old") == "age > 64"
    assert condition(made, "who") == "old == 'old'"
    assert condition(made, "when") == "adult == 'true'"


def test_repeats_become_rosters() -> None:
    made = imported(
        {"type": "integer", "name": "n", "label": "How many?", "constraint": ". <= 4"},
        {"type": "begin repeat", "name": "r", "label": "Each", "repeat_count": "${n}"},
        AGE,
        {"type": "calculate", "name": "place", "calculation": "position(..)"},
        {"type": "end repeat"},
        {"type": "calculate", "name": "total", "calculation": "sum(${age})"},
        {"type": "begin repeat", "name": "more", "label": "A visit"},
        WHEN,
        {"type": "end repeat"},
    )
    read = made.questionnaire
    assert "roster: {count: n, maximum: 4}" in made.files["questionnaire.yaml"]
    assert {"age#1", "age#4", "place#2", "total", "when#5", "more_more#1"} <= read.ids
    assert codes(made).count("EXC-202") == 2


def test_languages_become_translations() -> None:
    made = imported(
        {
            "type": "text",
            "name": "a",
            "label::English (en)": "Name",
            "label::French": "Nom",
        },
        choices=[],
    )
    assert made.questionnaire.languages == ("en", "fr")
    assert 'a.text: "Nom"' in made.files["translations/fr.yaml"]
    assert codes(made) == ["EXC-308"]


def test_a_filter_says_for_each_option_when_it_is_offered() -> None:
    towns = [
        {"list_name": "town", "name": "a", "label": "A", "region": "n"},
        {"list_name": "town", "name": "b", "label": "B", "region": "n"},
        {"list_name": "town", "name": "c", "label": "C", "region": "s"},
    ]
    regions = [{"list_name": "reg", "name": one, "label": one} for one in "ns"]
    made = imported(
        {"type": "select_one reg", "name": "region", "label": "Region"},
        {
            "type": "select_one town",
            "name": "town",
            "label": "Town",
            "choice_filter": "region = ${region}",
        },
        choices=[*towns, *regions],
    )
    options = made.questionnaire.question("town").options
    held = [one.condition.text for one in options if one.condition]
    assert held == ["region == 'n'", "region == 'n'", "region == 's'"]


def test_a_list_in_a_file_is_read_when_the_file_is_there() -> None:
    row = {"type": "select_one_from_file t.csv", "name": "town", "label": "Town"}
    given = imported(row, beside={"t.csv": b"name,label\na,A\nb,B\n"})
    assert given.questionnaire.question("town").codes == ("a", "b")
    alone = imported(row)
    assert alone.questionnaire.question("town").type == "line"
    assert codes(alone) == ["EXC-201"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"type": "image", "name": "p", "label": "Photo"}, "EXC-301"),
        ({"type": "geopoint", "name": "p", "label": "Where"}, "EXC-301"),
        ({"type": "deviceid", "name": "d"}, "EXC-302"),
        ({"type": "blood test", "name": "b", "label": "Test"}, "EXC-101"),
        (NAME | {"default": "Ann"}, "EXC-205"),
        (NAME | {"required": "yes"}, "EXC-311"),
        (NAME | {"required": "${age} > 3"}, "EXC-204"),
        (NAME | {"appearance": "w4"}, "EXC-304"),
        (NAME | {"label": "<i>Who</i>?"}, "EXC-305"),
        (NAME | {"media::image": "who.png"}, "EXC-306"),
        (NAME | {"relevant": "${age} >"}, "EXC-103"),
        (NAME | {"relevant": "sinh(${age}) > 2"}, "EXC-102"),
        (NAME | {"relevant": "pulldata('f','c','k',${who}) = 'x'"}, "EXC-206"),
        (NAME | {"relevant": "${nobody} = 1"}, "EXC-102"),
        ({"type": "select_one none", "name": "s", "label": "S"}, "EXC-104"),
        ({"type": "dateTime", "name": "t", "label": "When"}, "EXC-201"),
        ({"type": "acknowledge", "name": "Ok-ay", "label": "Ok"}, "EXC-303"),
        ({"type": "end group"}, "EXC-106"),
        (NAME | {"bind::custom": "x"}, "EXC-307"),
        (NAME | {"save_to": "x"}, "EXC-307"),
        (NAME | {"required_message": "Please!"}, "EXC-307"),
        (NAME | {"read_only": "yes"}, "EXC-304"),
        ({"type": "text", "name": "t"}, "EXC-312"),
        ({"type": "note", "name": "n"}, "EXC-312"),
        ({"type": "note", "name": "n", "label": "N", "calculation": "1"}, "EXC-304"),
        ({"type": "hidden", "name": "h"}, "EXC-302"),
        ({"type": "calculate", "name": "c", "calculation": "''"}, "EXC-302"),
        (
            {"type": "calculate", "name": "c", "calculation": "1", "trigger": "${age}"},
            "EXC-304",
        ),
        (
            {
                "type": "calculate",
                "name": "c",
                "calculation": "1",
                "relevant": "false()",
            },
            "EXC-209",
        ),
        (NAME | {"relevant": "false()"}, "EXC-209"),
        (NAME | {"label": "About ${nobody}"}, "EXC-102"),
        (NAME | {"type": "text", "calculation": "1 + 1"}, "EXC-201"),
        ({"type": "select_one_from_file a.csv", "name": "s", "label": "S"}, "EXC-201"),
        ({"type": "select_one_external a", "name": "s", "label": "S"}, "EXC-201"),
        (
            {"type": "range", "name": "r", "label": "R", "parameters": "tick=2"},
            "EXC-304",
        ),
        (SEEN | {"choice_filter": "sinh(2) = 2"}, "EXC-102"),
        (SEEN | {"choice_filter": "name = 'nobody'"}, "EXC-206"),
        ({"type": "db:person", "name": "p", "label": "P"}, "EXC-301"),
        (
            {"type": "begin group", "name": "g", "label": "G", "appearance": "w2"},
            "EXC-304",
        ),
        (
            {"type": "begin repeat", "name": "g", "label": "G", "relevant": "false()"},
            "EXC-209",
        ),
    ],
)
def test_what_stays_behind_is_a_finding(row: dict[str, object], code: str) -> None:
    made = imported(AGE, row, SEEN)
    assert code in codes(made)
    found = next(one for one in made.findings if one.fault.code == code)
    assert found.place is not None


KINDS = [
    ({"type": "percentage"}, "number", ["minimum: 0", "maximum: 100", 'unit: "%"']),
    ({"type": "decimal"}, "number", []),
    (
        {"type": "range", "parameters": "start=10 end=2 step=2"},
        "number",
        ["minimum: 2", "maximum: 10", "mod(q - 2, 2) != 0"],
    ),
    ({"type": "text", "appearance": "multiline"}, "text", []),
    (
        {"type": "select_multiple yn", "parameters": "randomize=true"},
        "multiple",
        ["random"],
    ),
    ({"type": "rank yn"}, "ranking", []),
    ({"type": "select one from yn or_other"}, "single", ['code: "other"', "say: yes"]),
    ({"type": "time"}, "time", []),
    ({"type": "q date"}, "date", []),
    ({"type": "acknowledge"}, "yes_no", []),
    ({"type": "select_one one"}, "yes_no", []),
    ({"type": "note"}, "information", []),
]


@pytest.mark.parametrize(("row", "kind", "parts"), KINDS)
def test_a_type_becomes_a_type(
    row: dict[str, object], kind: str, parts: list[str]
) -> None:
    one = [{"list_name": "one", "name": "only", "label": "Only"}]
    made = imported({"name": "q", "label": "Q?", **row}, choices=[*YES_NO, *one])
    source = made.files["questionnaire.yaml"]
    assert f"type: {kind}" in source
    assert all(part in source for part in parts)


@pytest.mark.parametrize(
    "relevant", ["${q} = -66", "${q} = '-66'", "selected(${q}, -66)"]
)
def test_an_option_named_by_a_number_below_zero_is_known_again(relevant: str) -> None:
    odd = [*YES_NO, {"list_name": "yn", "name": "-66", "label": "Other"}]
    row = {"type": "select_one yn", "name": "q", "label": "Q?"}
    made = imported(row, NAME | {"relevant": relevant}, choices=odd)
    assert condition(made, "who") == "q == 'minus_66'"


def test_an_option_that_stands_under_several_parents_is_offered_under_each() -> None:
    rows = [("1", "x"), ("2", "x"), ("1", "y"), ("3", "y")]
    zones = [
        {"list_name": "zone", "name": name, "label": f"Zone {name}", "area": area}
        for name, area in rows
    ]
    areas = [{"list_name": "area", "name": one, "label": one} for one in "xyz"]
    made = imported(
        {"type": "select_one area", "name": "area", "label": "Area"},
        {
            "type": "select_one zone",
            "name": "zone",
            "label": "Zone",
            "choice_filter": "area = ${area}",
        },
        choices=[*areas, *zones],
    )
    offered = {
        one.code: one.condition.text if one.condition else ""
        for one in made.questionnaire.question("zone").options
    }
    assert offered == {
        "1": "area == 'x' or area == 'y'",
        "2": "area == 'x'",
        "3": "area == 'y'",
    }
    assert "EXC-310" not in codes(made)


def test_what_is_disabled_or_unnamed_or_twice_is_passed_over() -> None:
    made = imported(
        NAME | {"name": "gone", "disabled": "yes"},
        {"type": "", "name": "blank", "label": "Blank"},
        {"type": "text", "label": "Without a name"},
        SEEN,
        choices=[*YES_NO, YES_NO[0]],
    )
    assert "gone" not in made.files["questionnaire.yaml"]
    assert "EXC-310" in codes(made)
    assert {"text", "seen"} <= set(made.questionnaire.ids)


def test_a_loop_over_a_list_asks_once_for_each_option() -> None:
    made = imported(
        {"type": "begin loop over yn", "name": "each", "label": "Each"},
        {"type": "integer", "name": "n", "label": "How many %(label)s?"},
        {"type": "end loop"},
    )
    texts = [
        one for one in made.files["questionnaire.yaml"].splitlines() if "How" in one
    ]
    assert [one.strip() for one in texts] == [
        'text: "How many Yes?"',
        'text: "How many No?"',
    ]


def test_a_form_of_pictures_alone_still_imports() -> None:
    made = imported({"type": "image", "name": "p", "label": "Photo"})
    assert made.questionnaire.ids == {"nothing_asked"}


def test_headings_that_stand_twice_are_told_apart() -> None:
    book = openpyxl.Workbook()
    book.active.title = "survey"
    book.active.append(["type", "name", "label", "label"])
    book.active.append(["integer", "age", "Your age", "Again"])
    data = io.BytesIO()
    book.save(data)
    made = import_file(data.getvalue(), "form.xlsx")
    assert made.questionnaire.text("age.text").value == "Your age"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0 broken",
        b"\xff\xfe\x00",
        b"\x00" * 99,
    ],
)
def test_what_is_no_workbook_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(HarkenError) as caught:
        import_file(data, "form.xlsx")
    assert caught.value.findings[0].fault.code in {"EXC-001", "EXC-003"}


def test_an_unknown_ending_is_refused() -> None:
    with pytest.raises(HarkenError) as caught:
        import_file(b"", "form.docx")
    assert caught.value.findings[0].fault.code == "EXC-002"


def test_a_long_choice_is_looked_up_in_a_list() -> None:
    areas = [
        {"list_name": "area", "name": f"a{n}", "label": f"Area {n}"} for n in range(300)
    ]
    made = imported(
        {"type": "select_one area", "name": "area", "label": "Area"}, choices=areas
    )
    assert made.questionnaire.question("area").type == "lookup"
    assert made.files["lists/area.csv"].startswith("code,text\na0,Area 0\n")


def test_findings_are_counted_by_weight() -> None:
    made = imported(
        NAME | {"required": "yes", "relevant": "sinh(4) = 2", "default": "x"}
    )
    counts = {kind.value: count for kind, count in counted(made.findings).items()}
    assert counts == {"lost": 1, "approximated": 1, "note": 1}


def test_the_texts_of_all_lines_are_joined() -> None:
    made = imported(
        {"type": "begin repeat", "name": "r", "label": "One", "repeat_count": "3"},
        NAME,
        {"type": "end repeat"},
        {"type": "calculate", "name": "all", "calculation": "join(', ', ${who})"},
    )
    value = made.questionnaire.question(
        "all_asked" if "all_asked" in made.questionnaire.ids else "all"
    ).value
    assert value is not None
    assert value.value({"who#1": "Ann", "who#3": "Bo"}) == "Ann, Bo"
    assert value.value({"who#2": "Bo"}) == "Bo"
    assert value.value({}) == ""


def test_hard_words_are_judged_by_their_own_measure() -> None:
    hard = (
        "Notwithstanding all constitutionally guaranteed entitlements, complainants "
        "necessitate comprehensive institutional communication throughout proceedings."
    )
    made = imported(
        {
            "type": "text",
            "name": "q",
            "label::English (en)": hard,
            "label::Polski (pl)": "Co?",
        }
    )
    age = made.questionnaire.promise.reading_age
    assert age is not None
    assert age > 16
    assert "reading_age" not in made.files["translations/pl.yaml"]
    assert prove(made.questionnaire).findings == ()
