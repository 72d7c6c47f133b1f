"""Responses, their codebook and the columns of the data file.

Proves DP-08 (free text and identifying answers never cross), and that the kinds of no
answer stay apart in every column.
"""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method import interview as interviews
from harken.method import response as method
from harken.method.errors import HarkenError
from harken.method.terms import Arm, Language, Missing, Mode
from tests.make import questionnaire as questionnaires
from tests.make.interview import make_interview, make_questionnaire
from tests.make.questionnaire import AGREE, question, section
from tests.make.response import make_dataset, make_response

ENGLISH = Language("en")

BOOK = make_questionnaire()

VALUES = st.one_of(
    st.text(max_size=20),
    st.lists(st.sampled_from("abc"), max_size=3).map(tuple),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    st.sampled_from(list(Missing)),
)


@given(st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=6))
def test_stored_answers_come_back_as_they_were(answers: dict[str, object]) -> None:
    stored = json.loads(json.dumps(method.to_stored(answers)))  # type: ignore[arg-type]
    assert method.from_stored(stored) == answers


@pytest.mark.parametrize("stored", [{"a": None}, {"a": {"x": 1}}, {"a": 99}])
def test_a_damaged_row_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(HarkenError) as error:
        method.from_stored(stored)
    assert error.value.findings[0].fault.code == "RES-001"


def test_free_text_never_crosses() -> None:
    answers = interviews.final_answers(BOOK, make_interview())
    assert "words" in answers
    assert set(method.crossing(BOOK, answers)) == set(answers) - {"words"}


def test_the_codebook_explains_every_variable_and_no_free_text() -> None:
    book = method.make_codebook(BOOK, ("area", "stratum"))
    names = [variable.name for variable in book.variables]
    facts = ["ref", "arm", "mode", "language", "week", "proxy"]
    assert names[:8] == [*facts, "area", "stratum"]
    assert "words" not in names
    assert "thanks" not in names
    assert "how__phone" in names
    (slow,) = book.of_question("slow")
    assert "days > 30" in slow.asked_if
    (reported,) = book.of_question("reported")
    assert [code.code for code in reported.codes] == [
        "yes",
        "no",
        "-8",
        "-9",
        "-6",
        "-1",
    ]
    assert json.loads(book.to_json())["questionnaire"] == "small"


def test_every_column_is_full_and_the_kinds_of_no_answer_stay_apart() -> None:
    asked = make_response(
        1,
        answers={
            "agree": "yes",
            "reported": Missing.DONT_KNOW,
            "how": ("phone",),
            "days": Decimal("4.5"),
        },
    )
    left = make_response(
        2, answers={"how": Missing.NO_ANSWER, "days": Missing.NO_ANSWER}
    )
    columns = method.columns(make_dataset(asked, left))
    assert {len(column) for column in columns.values()} == {2}
    assert columns["reported"] == ["-8", "-1"]
    assert columns["how__phone"] == [1, -6]
    assert columns["how__web"] == [0, -6]
    assert columns["days"] == [4.5, -6.0]
    assert columns["month"] == ["-1", "-1"]
    assert columns["mode"] == ["web", "web"]


def test_the_file_says_for_whom_a_proxy_respondent_answered() -> None:
    data = make_dataset(make_response(1), replace(make_response(2), proxy=True))
    assert method.columns(data)["proxy"] == ["no", "yes"]
    (variable,) = (v for v in data.codebook.variables if v.name == "proxy")
    assert [code.code for code in variable.codes] == ["yes", "no"]


def test_an_answer_the_codebook_does_not_hold_stops_the_file() -> None:
    with pytest.raises(HarkenError) as error:
        method.columns(make_dataset(make_response(answers={"words": "x"})))
    assert error.value.findings[0].fault.code == "RES-002"


def test_the_file_says_which_answers_stand_against_a_warning() -> None:
    hours = question(
        "hours",
        "number",
        minimum="0",
        checks='[{if: "hours > 16", say: Long., soft: yes}]',
    )
    book = questionnaires.make_questionnaire(AGREE, section(hours))
    begun = interviews.begin(book, mode=Mode.WEB, arm=Arm.SAMPLE, language=ENGLISH)
    agreed = interviews.answer(book, begun, "agree", {"value": ["yes"]})
    sure = {"value": ["20"], "confirm": ["yes"], "reason": ["A night shift."]}
    long = interviews.answer(book, agreed, "hours", sure)
    assert long.let_stand(book) == {"hours": "A night shift."}
    short = interviews.answer(book, long, "hours", {"value": ["8"]})
    left = interviews.skip(book, long, "hours")
    codebook = method.make_codebook(book, ())
    rows = []
    for number, interview in enumerate((long, short, left)):
        answers = interviews.final_answers(book, interview)
        stand = interview.let_stand(book)
        crossed = method.crossing(book, answers, stand)
        assert "A night shift." not in str(crossed)
        rows.append(make_response(number, answers=crossed))
    (stands,) = codebook.of_question("hours!")
    assert [one.code for one in stands.codes] == ["1", "0", "-9", "-6", "-1"]
    columns = method.columns(method.Dataset(tuple(rows), codebook))
    assert columns[stands.name] == ["1", "0", "-6"]
    assert columns["hours"] == [20.0, 8.0, -6.0]


def test_the_codebook_says_what_a_question_measures_and_where_it_was_taken_from() -> (
    None
):
    asked = question(
        "told", concept="information", source="Own", indicators="[I01]",
        entitlements="['1.1']",
    )  # fmt: skip
    book = questionnaires.make_questionnaire(AGREE, section(asked))
    (told,) = method.make_codebook(book, ()).of_question("told")
    assert told.measures == ("I01", "1.1")
    assert (told.concept, told.source) == ("information", "Own")
