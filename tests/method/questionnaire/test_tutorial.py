"""The tutorial's listing is a questionnaire that holds.

Proves: issue 3, a ten-question survey from the tutorial alone; the listing is a test.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harken.method import interview
from harken.method.questionnaire import check, read_questionnaire
from harken.method.questionnaire.proof import cover, prove, simulate
from harken.method.terms import Arm, Language, Missing, Mode

PAGE = Path(__file__).parents[3] / "docs" / "tutorial" / "ten-questions.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.S)
*STEPS, LISTING = BLOCKS


def test_the_steps_make_up_the_whole_listing() -> None:
    assert "".join(STEPS) == LISTING


@pytest.mark.parametrize("steps", range(1, len(STEPS) + 1))
def test_every_step_can_be_saved_and_previewed(steps: int) -> None:
    read = read_questionnaire("".join(STEPS[:steps]))
    assert prove(read).findings == ()


def test_the_listing_asks_ten_questions_and_nothing_is_found() -> None:
    read = read_questionnaire(LISTING)
    assert check(read, modes=tuple(Mode)) == ()
    proof = prove(read)
    assert proof.findings == ()
    assert proof.unsure == 0
    asked = [question for question in read.questions if question.id != "agree"]
    assert len(asked) == 9
    assert len(read.questions) == 10


def test_the_listing_is_simulated_and_covered() -> None:
    read = read_questionnaire(LISTING)
    found = simulate(read, 300)
    assert found.never == ()
    assert cover(read).unseen == frozenset()


def test_the_listing_is_played_through_the_interview() -> None:
    read = read_questionnaire(LISTING)
    one = cover(read).respondents[0]
    held = interview.begin(
        read,
        mode=Mode.WEB,
        arm=Arm.SAMPLE,
        language=Language("en"),
        started=one.context.today,
    )
    forms = {
        "agree": {"value": ["yes"]},
        "visited": {"value": ["yes"]},
        "visits": {"value": ["12"]},
        "used": {"value": ["books", "courses"]},
        "last_visit": {"day": ["1"], "month": ["2"], "year": ["2026"]},
        "welcome": {"value": ["5"]},
        "course_useful": {"value": ["yes"]},
        "better": {"value": ["Longer hours"]},
        "again": {"value": ["no"]},
    }
    for name, form in forms.items():
        assert held.position == name
        held = interview.answer(read, held, name, form)
    assert held.position is None
    answers = interview.final_answers(read, interview.submit(read, held))
    assert answers["last_visit"] == "2026-02-01"
    assert Missing.NO_ANSWER not in answers.values()


def test_what_the_tutorial_breaks_is_found() -> None:
    broken = LISTING.replace(
        "\"has(used, 'courses')\"", "\"has(used, 'courses') and visited == 'no'\""
    )
    assert broken != LISTING
    (finding,) = prove(read_questionnaire(broken)).findings
    assert (finding.fault.code, finding.detail["id"]) == ("QUE-200", "course_useful")
    assert "has(used, 'courses')" in finding.message
