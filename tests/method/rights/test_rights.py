"""Clocks, grounds, the copy, and messages that are safe to send: DP-06, DP-07, DP-10, DP-11."""

from __future__ import annotations

import datetime as dt

import pytest

from harken.method.errors import HarkenError
from harken.method.rights import (
    Clock,
    Ground,
    RequestKind,
    access_document,
    check_ground,
    clocks,
    in_words,
    incident_message,
)
from harken.method.terms import Missing
from tests.make.interview import make_questionnaire
from tests.make.study import make_folder

DAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("received", "changes", "due"),
    [
        (DAY, {}, dt.date(2026, 4, 2)),
        (dt.date(2026, 1, 31), {}, dt.date(2026, 3, 2)),
        (dt.date(2026, 1, 30), {}, dt.date(2026, 3, 2)),
        (dt.date(2026, 12, 15), {}, dt.date(2027, 1, 15)),
        (DAY, {"paused_days": 5}, dt.date(2026, 4, 7)),
        (DAY, {"extended": True}, dt.date(2026, 6, 2)),
        (DAY, {"holidays": {dt.date(2026, 4, 2)}}, dt.date(2026, 4, 3)),
        (
            DAY,
            {"holidays": {dt.date(2026, 4, 2), dt.date(2026, 4, 3)}},
            dt.date(2026, 4, 6),
        ),
    ],
)
def test_a_month_ends_on_a_working_day(
    received: dt.date, changes: dict[str, object], due: dt.date
) -> None:
    assert clocks.answer_by(received, **changes) == due  # type: ignore[arg-type] # a table


def test_a_complaint_has_thirty_days_and_an_incident_seventy_two_hours() -> None:
    assert clocks.acknowledge_by(DAY) == dt.date(2026, 4, 1)
    friday = dt.datetime(2026, 3, 6, 17, tzinfo=dt.UTC)
    assert clocks.report_by(friday) == dt.datetime(2026, 3, 9, 17, tzinfo=dt.UTC)


def test_a_clock_says_what_is_left() -> None:
    due = dt.datetime(2026, 3, 9, 17, tzinfo=dt.UTC)
    hours = dt.timedelta(hours=1)
    assert Clock(due, True, due + hours).left == "done"
    assert Clock(due, False, due - 5 * hours).left == "5 hours left"
    assert Clock(due, False, due - 100 * hours).left == "4 days left"
    late = Clock(due, False, due + 2 * hours)
    assert late.overdue
    assert late.left == "2 hours too late"


def test_leaving_is_never_refused() -> None:
    free = (RequestKind.WITHDRAWAL, RequestKind.RECONTACT_END)
    for kind in free:
        for ground in set(Ground) - {Ground.NOT_IDENTIFIED}:
            with pytest.raises(HarkenError, match="RIG-005"):
                check_ground(kind, ground)
    for kind in RequestKind:
        check_ground(kind, Ground.NOT_IDENTIFIED)
        assert kind.words
    check_ground(RequestKind.ERASURE, Ground.ERASURE_RESEARCH)
    with pytest.raises(HarkenError, match="RIG-005"):
        check_ground(RequestKind.ACCESS, Ground.ERASURE_RESEARCH)
    assert all("Article" in g.law or "Schedule" in g.law for g in Ground)


def test_the_copy_says_everything_held_and_tells_nothing_in_a_log() -> None:
    charter = make_folder().charter
    document = access_document(
        charter,
        identity={
            "given_name": "Vireo",
            "date_of_birth": DAY,
            "address_lines": ("1 Rise", "Top"),
            "email": "",
        },
        design={"crime_group": "theft"},
        answers=[("Did you report it?", "Yes")],
        openings=[(DAY, "call"), (DAY, "unheard of")],
        reached=[(DAY, "a call: busy")],
        spoken_for=True,
        made_on=DAY,
    )
    text = document.text()
    for words in (
        "What we hold about you",
        "Given name: Vireo",
        "Date of birth: 2 March 2026",
        "Address: 1 Rise, Top",
        "crime group: theft",
        "Did you report it?: Yes",
        "2 March 2026: to telephone you",
        "2 March 2026: for another reason",
        "2 March 2026: a call: busy",
        "Somebody else answered for you",
        charter.controller.dpo,
        "Information Commissioner",
        "30 September 2026",
    ):
        assert words in text
    assert "E-mail" not in text
    assert "Vireo" not in repr(document)
    assert "Vireo" not in repr(document.parts[1])


def test_what_is_not_held_has_no_section() -> None:
    document = access_document(
        make_folder().charter,
        identity={},
        design={},
        answers=[],
        openings=[],
        reached=[],
        spoken_for=False,
        made_on=DAY,
    )
    assert [part.heading for part in document.parts] == [
        "Who is responsible",
        "Why, how long, and who else",
    ]


def test_answers_are_said_in_the_words_of_the_questionnaire() -> None:
    book = make_questionnaire()
    said = in_words(
        book,
        {
            "words": "They were kind.",
            "how": ("phone", "web"),
            "reported": "yes",
            "slow": Missing.NOT_ASKED,
            "month": Missing.DONT_KNOW,
            "gone": "x",
        },
    )
    assert said == [
        ("Did you report what happened?", "Yes"),
        ("How did you report it?", "By phone, Online"),
        ("When did you report it?", "dont know"),
        ("Is there anything you want to add about the service?", "They were kind."),
        ("gone", "x"),
    ]
    assert in_words(book, {"how": ()}) == [("How did you report it?", "none")]


def test_why_an_answer_was_let_stand_is_said_after_it() -> None:
    book = make_questionnaire()
    number = "After how many days did somebody answer?"
    why = {"days!": "I was in hospital.", "days": "90", "month": Missing.NO_ANSWER}
    assert in_words(book, why)[:2] == [(number, "90"), (number, "I was in hospital.")]
    for mark in ("1", "0", Missing.NO_ANSWER):
        assert in_words(book, {"days": "90", "days!": mark}) == [(number, "90")]


def test_a_message_after_an_incident_tells_a_stranger_nothing() -> None:
    charter = make_folder().charter
    text = incident_message(
        charter,
        happened="A letter went to a wrong door.",
        done="We have asked for it back.",
        can_do="Be careful with calls you do not expect.",
    )
    assert "Public Services Review" in text
    assert charter.title not in text
    for wrong in ("The police know.", "Every victim was told.", "It names the crime."):
        with pytest.raises(HarkenError, match="RIG-006"):
            incident_message(charter, happened=wrong, done="Nothing.", can_do="Wait.")
