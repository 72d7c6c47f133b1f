"""XLSForm, Triple-S, DDI and queXML out: what is kept is kept rightly, the rest is said.

Requirement: an export to XLSForm asks the same questions of the same people (issue 3).
"""

from __future__ import annotations

import datetime as dt
import io
import random
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import fromstring

import openpyxl
import pytest
from pyxform.xls2xform import convert

from harken.method.questionnaire import Questionnaire, read_questionnaire
from harken.method.questionnaire import route as routing
from harken.method.questionnaire.exchange import FORMATS, export, import_file
from harken.method.questionnaire.values import Value
from harken.method.terms import Arm, Language, Mode
from tests.make.rosters import make_rosters

DEMO = Path(__file__).parents[4] / "studies" / "victims-review"

SOURCE = """
questionnaire: small
version: "1"
lists:
  area: {options: [{code: n, text: North}, {code: s, text: South}]}
sections:
  - id: one
    title: "About you"
    questions:
      - {id: hello, type: information, text: "Welcome, **friend**."}
      - {id: age, type: number, text: "Age?", minimum: 0, maximum: 120, decimals: 0}
      - {id: born, type: date, text: "Born?", checks: [{if: "born > today", say: "Later?"}]}
      - {id: region, type: lookup, text: "Where?", list: area}
      - id: kinds
        type: multiple
        text: "Which?"
        options: [{code: a, text: A}, {code: b, text: B}, {code: z, text: None, exclusive: yes}]
      - id: order
        type: ranking
        text: "Order?"
        options: [{code: x, text: X}, {code: y, text: Y}]
      - {id: told, type: text, text: "Say more about {age|that}.", if: "age >= 18"}
      - {id: cost, type: currency, text: "Cost?", if: "has(kinds, 'a') and not age < 5"}
      - {id: since, type: month, text: "Since?", hint: "A month", note: "Read it out."}
      - {id: double, type: computed, value: "age * 2 + 1"}
      - {id: when, type: time, text: "When?", if: "double > 50 or region in ['n']"}
      - {id: left, type: line, text: "Left?", if: "answered(cost) and region != 's'"}
      - {id: long, type: duration, text: "How long?", units: [hours, minutes]}
  - id: each
    title: "Each visit"
    if: "age > 3"
    roster: {fixed: 2}
    questions:
      - {id: seen, type: yes_no, text: "Seen?"}
      - {id: why, type: line, text: "Why not?", if: "seen == 'no'"}
"""


@pytest.fixture(scope="module")
def book() -> Questionnaire:
    """A small questionnaire of many types."""
    return read_questionnaire(SOURCE)


def _answers(book: Questionnaire, draw: random.Random) -> dict[str, Value]:
    """Random answers to every question, some left out."""
    made: dict[str, Value] = {}
    for question in book.questions:
        if not question.answerable or draw.random() < 0.25:
            continue
        match question.type:
            case "single" | "consent" | "lookup":
                made[question.id] = draw.choice(question.codes)
            case "multiple" | "ranking":
                made[question.id] = tuple(sorted(draw.sample(question.codes, 1)))
            case "number" | "currency" | "duration":
                made[question.id] = Decimal(draw.randrange(60))
            case "date":
                made[question.id] = (
                    f"20{draw.randrange(10, 40)}-03-0{draw.randrange(1, 9)}"
                )
            case _:
                made[question.id] = "words"
    return made


def _flat(identity: str) -> str:
    return identity.replace("#", "_").replace(".", "_")


@pytest.mark.parametrize("which", ["small", "demo"])
def test_a_form_sent_out_and_taken_in_asks_the_same_of_everybody(
    which: str, book: Questionnaire
) -> None:
    if which == "demo":
        book = read_questionnaire((DEMO / "questionnaire.yaml").read_text("utf-8"))
    back = import_file(export(book, "xlsform").data, "back.xlsx").questionnaire
    context = routing.Context(
        Mode.WEB, Arm.SAMPLE, Language("en"), dt.date(2026, 5, 20), 7
    )
    draw = random.Random(3)
    for _ in range(200):
        answers = _answers(book, draw)
        there = {_flat(key): value for key, value in answers.items()}
        first = routing.route(book, answers, context)
        second = routing.route(back, there, context)
        pages = [_flat(one.id) for one in first.questions]
        assert pages == [one.id for one in second.questions]


def _book(which: str, small: Questionnaire) -> Questionnaire:
    if which == "demo":
        return read_questionnaire((DEMO / "questionnaire.yaml").read_text("utf-8"))
    return make_rosters() if which == "rosters" else small


@pytest.mark.parametrize("which", ["small", "demo", "rosters"])
def test_the_formats_own_converter_takes_a_form_sent_out(
    which: str, book: Questionnaire
) -> None:
    data = export(_book(which, book), "xlsform").data
    assert convert(io.BytesIO(data), file_type=".xlsx").warnings == []


def test_words_of_a_line_say_its_number_its_label_and_its_own_answers() -> None:
    data = export(make_rosters(), "xlsform").data
    sheet = openpyxl.load_workbook(io.BytesIO(data))["survey"]
    heads, *rows = sheet.iter_rows(values_only=True)
    names, labels = heads.index("name"), heads.index("label::en (en)")
    said = {row[names]: row[labels] for row in rows}
    assert said["kind_2"] == "Was the court kind?"
    assert said["hours_3"] == "Hours of time 3?"
    assert said["age_2_1"] == "Their age? You said ${hours_2} hours."
    assert said["g_agencies"] == "About …"


@pytest.mark.parametrize("which", ["small", "demo", "rosters"])
def test_every_part_of_a_quexml_asks_and_every_question_takes_an_answer(
    which: str, book: Questionnaire
) -> None:
    root = fromstring(export(_book(which, book), "quexml").data)
    kinds = {"text", "longtext", "integer", "date", "currency"}
    assert [one.tag for one in root][:3] == ["title", "investigator", "dataCollector"]
    for section in root.iter("section"):
        assert section.find("question") is not None
    for question in root.iter("question"):
        assert question.find("response") is not None
    assert {one.text for one in root.iter("format")} <= kinds
    names = [one.get("varName") for one in root.iter("response")]
    assert len(names) == len(set(names))


def test_words_after_the_last_question_stand_at_the_end_of_a_quexml() -> None:
    last = "  - {id: end, title: End, questions: [{id: bye, type: information, text: Bye.}]}"
    root = fromstring(export(read_questionnaire(SOURCE + last), "quexml").data)
    info = root.find("questionnaireInfo")
    assert info is not None
    assert (info.findtext("position"), info.findtext("text")) == ("after", "Bye.")


def test_triple_s_counts_options_and_places(book: Questionnaire) -> None:
    root = fromstring(export(book, "triple-s").data)
    assert root.get("version") == "2.0"
    found = {one.findtext("name"): one for one in root.iter("variable")}
    assert found["age"].get("type") == "quantity"
    limits = found["age"].find("values/range")
    assert limits is not None
    assert (limits.get("from"), limits.get("to")) == ("0", "120")
    assert found["kinds"].get("type") == "multiple"
    assert [one.get("code") for one in found["kinds"].iter("value")] == ["1", "2", "3"]
    places = [one.find("position") for one in root.iter("variable")]
    ends = [
        (int(p.get("start", "0")), int(p.get("finish", "0")))
        for p in places
        if p is not None
    ]
    assert ends[0][0] == 1
    assert all(after[0] == before[1] + 1 for before, after in pairwise(ends))


def test_ddi_describes_every_variable(book: Questionnaire) -> None:
    root = fromstring(export(book, "ddi").data)
    name = "{ddi:codebook:2_5}"
    held = {one.get("ID"): one for one in root.iter(f"{name}var")}
    assert set(held) == {_flat(one.id) for one in book.questions if one.valued}
    assert held["told"].findtext(f"{name}universe") == "age >= 18"
    assert held["double"].findtext(f"{name}derivation/{name}drvcmd") == "age * 2 + 1"
    missing = [one for one in held["age"].iter(f"{name}catgry") if one.get("missing")]
    assert [one.findtext(f"{name}catValu") for one in missing] == ["-9"]


def test_quexml_has_a_response_for_every_answer(book: Questionnaire) -> None:
    root = fromstring(export(book, "quexml").data)
    names = {one.get("varName") for one in root.iter("response")}
    assert {"age", "kinds_a", "kinds_z", "seen_1", "why_2", "region"} <= names
    assert "double" not in names


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_format_does_not_keep_is_said(format: str, book: Questionnaire) -> None:  # noqa: A002
    made = export(book, format)
    assert made.data
    assert {one.fault.code for one in made.findings} <= {"EXC-107", "EXC-208"}
    assert made.findings
