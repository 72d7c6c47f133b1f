"""The steps of an interview.

Proves SAF-30 (every question can be left, no forced answers but consent), SAF-31 (a
sensitive part is announced and can be left out), SAF-32 (a stop at any point).
"""

from __future__ import annotations

import time

import pytest

from harken.method import interview as method
from harken.method.errors import HarkenError
from harken.method.interview import Interview, Status
from harken.method.terms import Arm, Language, Missing, Mode
from tests.make.interview import (
    ANSWERS,
    QUESTIONNAIRE,
    make_interview,
    make_long_questionnaire,
    make_questionnaire,
)

BOOK = make_questionnaire()


def code_of(error: pytest.ExceptionInfo[HarkenError]) -> str:
    return error.value.findings[0].fault.code


def ids(interview: Interview) -> list[str]:
    return [question.id for question in method.route(BOOK, interview)]


def test_an_interview_begins_at_the_first_question() -> None:
    begun = method.begin(BOOK, mode=Mode.WEB, arm=Arm.OPEN, language=Language("pl"))
    assert begun.position == "agree"
    assert begun.status is Status.OPEN


def test_every_page_is_met_in_order_and_the_end_can_be_handed_in() -> None:
    done = method.submit(BOOK, make_interview())
    assert done.status is Status.SUBMITTED
    assert list(done.answers) == list(ANSWERS)
    assert method.final_answers(BOOK, done)["how"] == ("phone", "web")
    assert "thanks" not in method.final_answers(BOOK, done)


def test_a_step_never_changes_the_interview_it_was_given() -> None:
    first = make_interview(until="reported")
    method.answer(BOOK, first, "reported", {"value": ["yes"]})
    assert "reported" not in first.answers


@pytest.mark.parametrize("question", ["reported", "report_ok", "how", "words", "again"])
def test_every_question_but_consent_can_be_left(question: str) -> None:
    here = make_interview(until=question)
    left = method.skip(BOOK, here, question)
    assert left.answers[question] is Missing.NO_ANSWER
    assert left.position != question


def test_an_empty_form_leaves_the_question() -> None:
    here = make_interview(until="how")
    left = method.answer(BOOK, here, "how", {"value": ["", ""]})
    assert left.answers["how"] is Missing.NO_ANSWER


def test_consent_to_take_part_must_be_answered() -> None:
    here = make_interview(until="agree")
    with pytest.raises(HarkenError) as error:
        method.answer(BOOK, here, "agree", {})
    assert code_of(error) == "INT-003"
    with pytest.raises(HarkenError) as error:
        method.skip(BOOK, here, "agree")
    assert code_of(error) == "INT-003"


def test_nobody_walks_past_consent() -> None:
    here = make_interview(until="agree")
    for step in (
        lambda: method.go_to(BOOK, here, "reported"),
        lambda: method.answer(BOOK, here, "reported", {"value": ["yes"]}),
    ):
        with pytest.raises(HarkenError) as error:
            step()
        assert code_of(error) == "INT-002"


def test_a_no_to_taking_part_ends_the_route_and_can_be_taken_back() -> None:
    no = make_interview(agree="no")
    assert no.status is Status.DECLINED
    assert no.position is None
    assert ids(no) == ["agree"]
    with pytest.raises(HarkenError) as error:
        method.submit(BOOK, no)
    assert code_of(error) == "INT-011"
    yes = method.answer(BOOK, no, "agree", {"value": ["yes"]})
    assert yes.status is Status.OPEN
    assert yes.position == "reported"


def test_a_sensitive_part_is_announced_and_can_be_left_out() -> None:
    here = make_interview(until="report_ok")
    assert ids(here)[:4] == ["agree", "reported", "report_ok", "thanks"]
    out = method.answer(BOOK, here, "report_ok", {"value": ["skip"]})
    assert out.position == "thanks"
    on = method.answer(BOOK, here, "report_ok", {"value": ["continue"]})
    assert on.position == "how"


def test_answers_off_the_route_are_kept_and_do_not_count() -> None:
    done = make_interview()
    changed = method.answer(BOOK, done, "reported", {"value": ["no"]})
    assert changed.answers["days"] == 40
    assert set(method.final_answers(BOOK, changed)) == {
        "agree",
        "reported",
        "words",
        "again",
    }
    back_on = method.answer(BOOK, changed, "reported", {"value": ["yes"]})
    assert method.final_answers(BOOK, back_on)["days"] == 40


def test_a_condition_does_not_see_an_answer_off_the_route() -> None:
    done = make_interview()
    changed = method.answer(BOOK, done, "report_ok", {"value": ["skip"]})
    assert "slow" not in ids(changed)


def test_back_goes_to_the_question_before_and_stays_at_the_first() -> None:
    here = make_interview(until="how")
    assert method.back(BOOK, here).position == "report_ok"
    first = make_interview(until="agree")
    assert method.back(BOOK, first).position == "agree"
    assert method.back(BOOK, make_interview()).position == "again"


def test_back_goes_round_what_is_no_longer_asked() -> None:
    here = make_interview(reported="no", until="thanks")
    assert method.back(BOOK, here).position == "reported"


def test_going_nowhere_leads_to_the_first_page_not_yet_shown() -> None:
    here = method.go_to(BOOK, make_interview(until="days"), "reported")
    assert here.position == "reported"
    assert method.go_to(BOOK, here).position == "days"
    assert method.go_to(BOOK, make_interview()).position is None


@pytest.mark.parametrize(
    ("question", "code"), [("slow", "INT-002"), ("nothing", "INT-001")]
)
def test_a_question_off_the_route_cannot_be_reached(question: str, code: str) -> None:
    here = make_interview(until="how")
    with pytest.raises(HarkenError) as error:
        method.go_to(BOOK, here, question)
    assert code_of(error) == code


def test_an_interview_cannot_be_handed_in_before_its_end() -> None:
    with pytest.raises(HarkenError) as error:
        method.submit(BOOK, make_interview(until="words"))
    assert code_of(error) == "INT-011"


def test_nothing_changes_after_handing_in() -> None:
    done = method.submit(BOOK, make_interview())
    for step in (
        lambda: method.answer(BOOK, done, "reported", {"value": ["no"]}),
        lambda: method.skip(BOOK, done, "reported"),
        lambda: method.back(BOOK, done),
        lambda: method.go_to(BOOK, done),
        lambda: method.submit(BOOK, done),
    ):
        with pytest.raises(HarkenError) as error:
            step()
        assert code_of(error) == "INT-012"


def test_people_stay_with_the_version_they_were_shown() -> None:
    other = make_questionnaire(QUESTIONNAIRE.replace('"1"', '"2"'))
    with pytest.raises(HarkenError) as error:
        method.route(other, make_interview())
    assert code_of(error) == "INT-014"


@pytest.mark.slow
@pytest.mark.timing
def test_seventy_pages_take_less_than_forty_milliseconds() -> None:
    book = make_long_questionnaire(70)
    begun = method.begin(book, mode=Mode.WEB, arm=Arm.SAMPLE, language=Language("en"))
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        interview = begun
        while interview.position:
            interview = method.answer(
                book, interview, interview.position, {"value": ["yes"]}
            )
        method.submit(book, interview)
        best = min(best, time.perf_counter() - start)
    assert len(interview.answers) == 70
    assert best < 0.040
