"""Where an independent XForms engine showed that a form meant something else."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import zipfile
from decimal import Decimal

import pytest

from harken.method.errors import HarkenError
from harken.method.questionnaire import Value
from harken.method.questionnaire import route as routing
from harken.method.questionnaire.exchange import Imported, import_file
from harken.method.terms import Arm, Language, Mode
from tests.method.questionnaire.exchange.workbooks import (
    YES_NO,
    imported,
    workbook,
)

DAY = dt.date(2026, 2, 3)
ONE = [{"list_name": "one", "name": "approx", "label": "Only about"}]


def found(made: Imported, **answers: Value) -> routing.Route:
    context = routing.Context(Mode.WEB, Arm.SAMPLE, Language("en"), DAY, 1)
    return routing.route(made.questionnaire, answers, context)


def asked(made: Imported, **answers: Value) -> list[str]:
    return [one.id for one in found(made, **answers).questions]


def test_a_tick_has_the_value_of_its_only_option() -> None:
    made = imported(
        {"type": "select_multiple one", "name": "how", "label": "Unsure?"},
        {"type": "calculate", "name": "kept", "calculation": "${how}"},
        {"type": "acknowledge", "name": "ok", "label": "OK?"},
        {"type": "calculate", "name": "said", "calculation": "concat(${ok}, '!')"},
        {"type": "date", "name": "day", "label": "Day", "relevant": "${kept} = ''"},
        {"type": "text", "name": "x", "label": "X", "relevant": "selected(${how}, 'approx')"},
        choices=ONE,
    )  # fmt: skip
    values = found(made, how="yes", ok="yes").values
    assert (values["kept"], values["said"]) == ("approx", "OK!")
    assert asked(made, how="yes") == ["how", "ok", "x"]
    assert asked(made, how="no") == ["how", "ok", "day"]


def test_a_question_stands_behind_the_later_one_that_decides_about_it() -> None:
    made = imported(
        {"type": "date", "name": "day", "label": "Day", "relevant": "${how} = '1'"},
        {"type": "select_one yn", "name": "how", "label": "Known?"},
    )
    assert asked(made, how="1") == ["how", "day"]
    assert [one.message for one in made.findings if one.fault.code == "EXC-309"] == [
        "'day' stands after 'how' here."
    ]


def test_words_may_show_the_first_line_of_a_repeat() -> None:
    made = imported(
        {"type": "begin repeat", "name": "people", "label": "People"},
        {"type": "text", "name": "who", "label": "Who?"},
        {"type": "date", "name": "born", "label": "Born?"},
        {"type": "end repeat"},
        {"type": "begin group", "name": "g", "label": "About ${who}"},
        {"type": "note", "name": "n", "label": "${who}, ${who}, ${born}"},
        {"type": "end group"},
    )
    assert "first(who)" in made.files["questionnaire.yaml"]
    assert (
        made.questionnaire.text("n.text").value == "{n_f1|…}, {n_f1|…}, {date(n_f2)|…}"
    )
    assert [
        one.detail["name"] for one in made.findings if one.fault.code == "EXC-203"
    ] == ["g"]


def test_of_several_values_one_may_be_nowhere() -> None:
    made = imported(
        {"type": "integer", "name": "age", "label": "Age"},
        {"type": "calculate", "name": "c", "calculation": "coalesce(${gone}, ${age})"},
        {"type": "calculate", "name": "d", "calculation": "${gone} + 1"},
    )
    assert found(made, age=Decimal(4)).values["c"] == Decimal(4)
    told = {one.detail["name"]: one.fault.code for one in made.findings}
    assert told == {"c": "EXC-206", "d": "EXC-102"}


def test_a_computed_truth_as_a_condition_is_told_of() -> None:
    made = imported(
        {"type": "integer", "name": "age", "label": "Age"},
        {"type": "calculate", "name": "old", "calculation": "${age} > 65"},
        {"type": "text", "name": "x", "label": "X", "relevant": "${old}"},
    )
    told = [one for one in made.findings if one.fault.code == "EXC-203"]
    assert [one.detail["name"] for one in told] == ["x"]
    assert "any text counts as true" in told[0].message


def test_a_pattern_without_ends_and_an_option_for_all_of_a_list_are_told_of() -> None:
    made = imported(
        {"type": "text", "name": "a", "label": "A", "constraint": "regex(., '[0-9]')"},
        {
            "type": "text",
            "name": "b",
            "label": "B",
            "constraint": "regex(., '^[0-9]$')",
        },
        {"type": "select_one yn or_other", "name": "c", "label": "C"},
        {"type": "select_multiple yn", "name": "d", "label": "D"},
    )
    assert [
        (one.fault.code, one.detail["name"])
        for one in made.findings
        if one.fault.code in {"EXC-313", "EXC-314"}
    ] == [("EXC-314", "d"), ("EXC-313", "a")]
    offered = [one.code for one in made.questionnaire.question("d").options]
    assert offered == ["1", "0", "other"]


def test_a_workbook_of_which_a_look_is_odd_is_read_all_the_same() -> None:
    rows = [{"type": "date", "name": "seen_on", "label": "When?", "default": DAY}]
    data = workbook(survey=rows, choices=YES_NO)
    odd = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(odd, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/styles.xml":
                part = part.replace(b"<cellXfs", b'<cellXfs count="-1" odd="yes"')
                part = part.replace(b"<border>", b'<border diagonalUp="never">')
            new.writestr(name, part)
        new.writestr("docProps/custom.xml", b"<not xml")
    made = import_file(odd.getvalue(), "form.xlsx")
    assert made.questionnaire.question("seen_on").type == "date"
    given = next(one for one in made.findings if one.fault.code == "EXC-205")
    assert str(given.detail["expression"]).startswith("2026-02-03")


def test_a_csv_may_be_the_survey_sheet_alone() -> None:
    rows = b"Type,name,label\ninteger,age,How old?\nnote,bye,Thank you\n"
    made = import_file(rows, "form.csv")
    assert [one.id for one in made.questionnaire.questions] == ["age", "bye"]
    with pytest.raises(HarkenError):
        import_file(b'type,name\n"' + b"x" * 200_000, "form.csv")


ODD = """
from harken.method.errors import HarkenError
from harken.method.questionnaire.exchange import import_file
header = bytearray(b"\\xd0\\xcf\\x11\\xe0\\xa1\\xb1\\x1a\\xe1" + bytes(993))
header[28:34] = b"\\xfe\\xff\\x09\\x00\\x06\\x00"
try:
    import_file(bytes(header), "form.xls")
except HarkenError as error:
    raise SystemExit(error.findings[0].fault.code)
"""
"""An old workbook whose size is none that such a file can have; its reader warns of it."""


def test_an_odd_old_workbook_says_nothing_among_what_a_command_prints() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ODD], capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr.strip()) == ("", "EXC-001")


def test_of_repeats_three_deep_the_innermost_is_asked_for_one_line_and_told_of() -> (
    None
):
    made = imported(
        *({"type": "begin repeat", "name": one, "label": one} for one in "abc"),
        {"type": "integer", "name": "age", "label": "Age"},
        *({"type": "end repeat"} for _ in "abc"),
    )
    told = [one for one in made.findings if one.fault.code == "EXC-203"]
    assert [one.detail["name"] for one in told] == ["c"]
    assert "asked for one line only" in told[0].message
    assert {one.source for one in made.questionnaire.questions} >= {"age"}
