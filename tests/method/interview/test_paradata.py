"""Coarse notes on how a questionnaire is filled in. Proves DP-14 (timing rounded), QA-03."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from harken.method.interview import Interview
from harken.method.interview.paradata import (
    STEPS,
    Device,
    Noted,
    Trace,
    doors,
    pages,
    straight_lines,
)
from harken.method.questionnaire import read_questionnaire
from harken.method.terms import Missing, Mode
from tests.make.interview import make_interview

BOOK = read_questionnaire("""\
questionnaire: columns
version: "1"
sections:
  - id: start
    title: Start
    questions:
      - {id: agree, type: consent, purpose: take_part, required: yes, text: Do you agree?}
      - {id: days, type: number, text: How many days?}
      - {id: a, type: single, text: A, options: [{code: "1", text: "1"}, {code: "2", text: "2"}]}
      - {id: b, type: single, text: B, options: [{code: "1", text: "1"}, {code: "2", text: "2"}]}
      - {id: c, type: single, text: C, options: [{code: "1", text: "1"}, {code: "2", text: "2"}]}
      - {id: d, type: single, text: D, options: [{code: "1", text: "1"}, {code: "3", text: "3"}]}
""")


@pytest.mark.parametrize(
    ("seconds", "step"),
    [(0, 0), (4.9, 0), (5, 1), (59, 3), (61, 4), (301, 6), (7201, -1), (-1, -1)],
)
def test_a_time_becomes_a_step_at_once(seconds: float, step: int) -> None:
    assert Trace().noted("days", seconds, changed=False).pages == {"days": (step, 0)}


def test_the_first_time_counts_and_every_change() -> None:
    trace = Trace(Device.PHONE).noted("days", 3, changed=False)
    trace = trace.noted("days", 100, changed=True).noted("days", None, changed=True)
    assert trace.pages == {"days": (0, 2)}
    assert Trace().noted("days", None, changed=False).pages == {"days": (-1, 0)}


def test_the_notes_travel_with_the_interview_and_an_old_one_has_none() -> None:
    trace = Trace(Device.COMPUTER, {"how": (2, 1)}, "days")
    noted = replace(make_interview(), trace=trace)
    assert Interview.from_bytes(noted.to_bytes()).trace == trace
    assert Trace.of({}) == Trace()


def noted(number: int, *, left: str = "", seconds: float = 20) -> list[Noted]:
    trace = Trace(Device.PHONE, left=left).noted("agree", seconds, changed=False)
    return [Noted(Mode.WEB, trace)] * number


def test_pages_tell_where_people_stop_and_how_long_they_take() -> None:
    found = [*noted(8), *noted(5, seconds=400), *noted(4, left="days")]
    agree, days = pages(BOOK, found)
    assert (agree.question, agree.seen, agree.left, agree.changed) == (
        "agree",
        17,
        0,
        0,
    )
    assert agree.steps == (0, 0, 12, 0, 0, 0, 5)
    assert agree.middle == STEPS[2]
    assert (days.question, days.seen, days.left, days.steps) == ("days", 4, None, None)
    assert days.middle == ""


def test_pages_whose_times_nobody_knows_have_no_middle() -> None:
    trace = Trace().noted("agree", None, changed=False)
    (page,) = pages(BOOK, [Noted(Mode.TELEPHONE, trace)] * 12)
    assert page.steps == (0,) * len(STEPS)
    assert page.middle == ""


def test_doors_count_modes_and_devices_and_hide_few() -> None:
    few = [Noted(Mode.TELEPHONE, Trace())] * 3
    phone, web = doors([*noted(9), *noted(2, left="days"), *few])
    assert (phone.mode, phone.device, phone.interviews, phone.left) == (
        Mode.TELEPHONE,
        Device.UNKNOWN,
        3,
        None,
    )
    assert (web.mode, web.device, web.interviews, web.left) == (
        Mode.WEB,
        Device.PHONE,
        11,
        2,
    )


def test_a_column_ticked_down_is_counted_among_those_who_answered_it_all() -> None:
    alike = {"a": "1", "b": "1", "c": "1", "days": Decimal(3)}
    mixed = {"a": "1", "b": "2", "c": "1"}
    partly = {"a": "1", "b": Missing.DONT_KNOW, "c": "1"}
    (battery,) = straight_lines(BOOK, [alike] * 6 + [mixed] * 6 + [partly] * 3)
    assert battery.questions == ("a", "b", "c")
    assert (battery.answered, battery.alike) == (12, 6)
    (few,) = straight_lines(BOOK, [alike] * 9)
    assert (few.answered, few.alike) == (9, None)
