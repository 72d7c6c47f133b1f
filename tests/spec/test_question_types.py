"""Every type of question as a table: what a form sends, what is kept or refused.

Proves: decision 0010 (types and form fields), SAF-30 (each can be left or declined).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from harken.method import interview as method
from harken.method.errors import HarkenError
from harken.method.interview import Interview, Status
from harken.method.questionnaire import Value, printed_form
from harken.method.questionnaire import route as routing
from harken.method.response import make_codebook
from harken.method.terms import Missing
from tests.make.types import ANSWERS, TYPES, make_interview, make_types

BOOK = make_types()

Form = Mapping[str, Sequence[str]]

KEPT: list[tuple[str, Form, Value]] = [
    ("sure", {"value": ["no"]}, "no"),
    ("sure", {"value": ["prefer_not_to_say"]}, Missing.PREFER_NOT_TO_SAY),
    ("rate", {"value": ["10"]}, "10"),
    ("order", {"rank_wales": ["1"], "rank_london": ["2"]}, ("wales", "london")),
    ("order", {"rank_wales": ["2"]}, ("wales",)),
    ("order", {"value": ["wales", "london"]}, ("wales", "london")),
    ("order", {"value": ["prefer_not_to_say"]}, Missing.PREFER_NOT_TO_SAY),
    ("area", {"value": ["E2"]}, "E2"),
    ("treated_police", {"value": ["well"]}, "well"),
    ("age", {"value": ["41"]}, Decimal(41)),
    ("cost", {"value": ["£1,250.50"]}, Decimal("1250.50")),
    ("lasted", {"part_hours": ["1"], "part_minutes": ["30"]}, Decimal(90)),
    ("lasted", {"part_hours": ["0.5"]}, Decimal(30)),
    ("lasted", {"value": ["45"]}, Decimal(45)),
    ("born", {"day": ["3"], "month": ["2"], "year": ["1980"]}, "1980-02-03"),
    ("born", {"value": ["1980-02-03"]}, "1980-02-03"),
    ("born", {"value": ["3/2/1980"]}, "1980-02-03"),
    ("since", {"month": ["2"], "year": ["1980"]}, "1980-02"),
    ("in_year", {"year": ["1980"]}, "1980"),
    ("in_year", {"value": ["1980"]}, "1980"),
    ("happened", {"day": [""], "month": [""], "year": ["2024"]}, "2024"),
    ("happened", {"day": [""], "month": ["5"], "year": ["2024"]}, "2024-05"),
    ("happened", {"day": ["6"], "month": ["5"], "year": ["2024"]}, "2024-05-06"),
    ("happened", {"value": ["2024-05"]}, "2024-05"),
    ("at", {"hour": ["9"], "minute": ["5"]}, "09:05"),
    ("at", {"hour": ["14"], "minute": [""]}, "14:00"),
    ("at", {"value": ["2.30 pm"]}, "14:30"),
    ("at", {"value": ["12 am"]}, "00:00"),
    ("name_it", {"value": [" two \n words "]}, "two words"),
    ("tell", {"value": ["two\r\nlines"]}, "two\nlines"),
]

REFUSED: list[tuple[str, Form, str]] = [
    ("sure", {"value": ["maybe"]}, "INT-004"),
    ("rate", {"value": ["11"]}, "INT-004"),
    ("order", {"rank_wales": ["1"], "rank_london": ["1"]}, "INT-043"),
    ("order", {"rank_wales": ["3"]}, "INT-043"),
    ("order", {"rank_wales": ["first"]}, "INT-043"),
    ("order", {"value": ["wales", "wales"]}, "INT-043"),
    ("order", {"value": ["france"]}, "INT-004"),
    ("order", {"rank_wales": ["1"], "value": ["prefer_not_to_say"]}, "INT-006"),
    ("area", {"value": ["W1"]}, "INT-004"),
    ("area", {"value": ["X9"]}, "INT-004"),
    ("age", {"value": ["40.5"]}, "INT-044"),
    ("age", {"value": ["130"]}, "INT-008"),
    ("cost", {"value": ["1.234"]}, "INT-044"),
    ("cost", {"value": ["much"]}, "INT-007"),
    ("lasted", {"part_hours": ["-1"]}, "INT-007"),
    ("lasted", {"part_minutes": ["some"]}, "INT-007"),
    ("born", {"day": ["30"], "month": ["2"], "year": ["1980"]}, "INT-040"),
    ("born", {"day": [""], "month": ["2"], "year": ["1980"]}, "INT-040"),
    ("born", {"value": ["3/2/80"]}, "INT-040"),
    ("born", {"value": ["1/1/1200"]}, "INT-040"),
    ("since", {"month": ["13"], "year": ["1980"]}, "INT-009"),
    ("in_year", {"year": ["80"]}, "INT-041"),
    ("in_year", {"year": ["1700"]}, "INT-041"),
    ("happened", {"day": ["6"], "month": [""], "year": ["2024"]}, "INT-040"),
    ("happened", {"value": ["long ago"]}, "INT-040"),
    ("at", {"hour": ["25"], "minute": ["0"]}, "INT-042"),
    ("at", {"value": ["13 pm"]}, "INT-042"),
    ("at", {"value": ["noon"]}, "INT-042"),
    ("name_it", {"value": ["x" * 201]}, "INT-010"),
    ("hours", {"value": ["30"]}, "INT-045"),
    ("hours", {"value": ["30"], "confirm": ["yes"]}, "INT-045"),
    ("hours", {"value": ["20"]}, "INT-046"),
]


@pytest.mark.parametrize(("question", "form", "value"), KEPT)
def test_a_form_gives_the_value_of_the_table(
    question: str, form: Form, value: Value
) -> None:
    here = make_interview(BOOK, until=question)
    after = method.answer(BOOK, here, question, form)
    assert after.answers[question] == value
    assert Interview.from_bytes(after.to_bytes()) == after


@pytest.mark.parametrize(("question", "form", "code"), REFUSED)
def test_a_form_that_cannot_be_is_refused_with_its_number(
    question: str, form: Form, code: str
) -> None:
    here = make_interview(BOOK, until=question)
    with pytest.raises(HarkenError) as caught:
        method.answer(BOOK, here, question, form)
    assert code in [finding.fault.code for finding in caught.value.findings]
    assert str(caught.value)


@pytest.mark.parametrize(
    "question", [one.id for one in BOOK.questions if one.answerable and not one.purpose]
)
def test_every_question_can_be_left(question: str) -> None:
    said = {**ANSWERS, "one": {"value": ["other"]}, "some": {"value": ["b"]}}
    here = make_interview(BOOK, until=question, answers=said)
    assert here.position == question
    left = method.skip(BOOK, here, question)
    assert left.answers[question] is Missing.NO_ANSWER


def test_an_unusual_answer_stands_once_it_is_confirmed() -> None:
    here = make_interview(BOOK, until="hours")
    form = {"value": ["20"], "confirm": ["yes"], "reason": [" A very long\x07 day. "]}
    after = method.answer(BOOK, here, "hours", form)
    assert after.answers["hours"] == 20
    assert after.confirmed == {"hours": "A very long day."}
    assert Interview.from_bytes(after.to_bytes()) == after
    assert method.go_to(BOOK, after).position == "cost"
    again = method.answer(BOOK, after, "hours", {"value": ["8"], "confirm": ["yes"]})
    assert again.confirmed == {}


def test_an_answer_that_a_later_change_contradicts_is_asked_again() -> None:
    text = TYPES.replace("hours > 16", "hours > age")
    book = make_types(text)
    done = make_interview(book)
    younger = method.answer(book, done, "age", {"value": ["5"]})
    assert method.go_to(book, younger).position == "hours"
    with pytest.raises(HarkenError) as caught:
        method.submit(book, younger)
    assert caught.value.findings[0].fault.code == "INT-011"
    form = {"value": ["8"], "confirm": ["yes"]}
    sure = method.answer(book, younger, "hours", form)
    shown = method.skip(book, sure, "young")
    assert method.submit(book, shown).status is Status.SUBMITTED


def test_an_option_that_asks_for_more_brings_its_own_question() -> None:
    said = {**ANSWERS, "one": {"value": ["other"]}, "some": {"value": ["a", "b"]}}
    done = make_interview(BOOK, answers=said)
    asked = [question.id for question in method.route(BOOK, done)]
    assert asked[asked.index("one") + 1] == "one_other_said"
    assert asked[asked.index("some") + 1] == "some_b_said"
    assert BOOK.text("one_other_said.text").value == "Which other?"
    assert BOOK.text("some_b_said.text").value == "Please say more."
    assert "one_other_said" not in [
        question.id for question in method.route(BOOK, make_interview(BOOK))
    ]


def test_options_are_offered_when_their_condition_holds() -> None:
    here = make_interview(BOOK, until="area")
    values = routing.route(BOOK, here.answers, here.context).values
    offered = routing.offered(BOOK.question("area"), values)
    assert [option.code for option in offered] == ["E1", "E2"]


def test_computed_values_route_and_reach_the_file() -> None:
    done = make_interview(BOOK)
    answers = method.final_answers(BOOK, done)
    assert answers["total"] == Decimal(48)
    assert answers["grown"] == "yes"
    assert answers["band"] == "old"
    asked = [question.id for question in method.route(BOOK, done)]
    assert "grown_page" in asked
    assert "young" not in asked
    assert "total" not in asked


def test_a_computed_value_without_its_parts_is_missing_as_they_are() -> None:
    said = {**ANSWERS, "age": {"value": ["prefer_not_to_say"]}}
    answers = method.final_answers(BOOK, make_interview(BOOK, answers=said))
    assert answers["total"] is Missing.PREFER_NOT_TO_SAY
    assert answers["grown"] == "no"


def test_every_value_has_its_column_and_free_text_has_none() -> None:
    codebook = make_codebook(BOOK, [])
    names = [variable.name for variable in codebook.variables]
    for name in ("order__wales", "area", "lasted", "born", "total", "band", "at"):
        assert name in names
    assert "tell" not in names
    assert "one_other_said" not in names
    (lasted,) = codebook.of_question("lasted")
    assert lasted.unit == "minutes"
    (total,) = codebook.of_question("total")
    assert total.computed == "hours + age"
    assert [one.code for one in codebook.of_question("area")[0].codes][:2] == [
        "E1",
        "E2",
    ]


def test_the_printed_form_shows_every_page_and_no_computed_value() -> None:
    rows = [row for part in printed_form(BOOK).parts for row in part.rows]
    ids = [row.id for row in rows]
    assert "treated_police" in ids
    assert "total" not in ids
    assert [row.unit for row in rows if row.id == "lasted"] == ["hours, minutes"]
    assert "kind" in printed_form(BOOK).typst(title="x")
