"""Invented respondents answer through the engine, and the figures meet the truths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.method.interview import Status, final_answers
from harken.method.questionnaire import read_questionnaire
from harken.method.rehearsal import (
    Fate,
    fate_of,
    form_of,
    hold,
    person_of,
    replicate,
    truth,
)
from harken.method.rehearsal.fieldwork import chance
from harken.method.rehearsal.replies import INDICATORS, REPLIES
from harken.method.rehearsal.respondent import at_once
from harken.method.rehearsal.truths import DISABLED
from harken.method.terms import Arm, Language, Missing, Mode
from tests.make.rehearsal import demo_population, demo_questionnaire, demo_study

DESIGN = {
    "area": "A01",
    "crime_group": "violence",
    "sex": "female",
    "age_band": "35-44",
    "enhanced": "yes",
}


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    mode=st.sampled_from(Mode),
    arm=st.sampled_from(Arm),
    language=st.sampled_from([Language("en"), Language("pl")]),
)
def test_the_quick_way_gives_what_the_engine_gives(
    seed: int, mode: Mode, arm: Arm, language: Language
) -> None:
    book = demo_questionnaire()
    person = person_of(DESIGN, arm, np.random.default_rng(seed))
    slow = hold(
        book, person, mode=mode, language=language, rng=np.random.default_rng(seed)
    )
    quick = at_once(
        book, person, mode=mode, language=language, rng=np.random.default_rng(seed)
    )
    assert slow.status is Status.SUBMITTED
    assert final_answers(book, slow) == quick


@pytest.mark.slow
@pytest.mark.unwatched
def test_among_many_respondents_every_page_is_shown_to_somebody() -> None:
    book, rng = demo_questionnaire(), np.random.default_rng(5)
    shown: set[str] = set()
    for number in range(1500):
        arm = Arm.OPEN if number % 5 == 0 else Arm.SAMPLE
        person = person_of(DESIGN, arm, rng)
        mode = Mode.WEB if arm is Arm.OPEN or number % 2 else Mode.TELEPHONE
        shown |= set(at_once(book, person, mode=mode, language=Language("en"), rng=rng))
    wanted = {question.id for question in book.questions if question.answerable}
    assert wanted - shown == set()


def test_every_truth_is_a_share_and_names_an_indicator_of_the_plan() -> None:
    truths = truth(demo_population())
    planned = {indicator.id for indicator in demo_study().plan.indicators}
    assert set(truths) == planned
    assert all(0.05 < share < 0.97 for share in truths.values())


def test_shares_stay_shares_for_every_kind_of_person() -> None:
    for name, known in REPLIES.items():
        for crime in ("burglary", "robbery", "violence", "hate", "sexual", "other"):
            for enhanced in (False, True):
                for disabled in (False, True):
                    share = known.share.of(crime, enhanced=enhanced, disabled=disabled)
                    assert 0 < share < 1, name
        assert sum(weight for _, weight in known.positive) == pytest.approx(1)
        assert sum(weight for _, weight in known.negative) == pytest.approx(1)
    assert set(INDICATORS.values()) == set(REPLIES)
    assert all(0 < share < 1 for share in DISABLED.values())


@pytest.mark.slow
@pytest.mark.unwatched
def test_a_large_replica_comes_near_every_truth() -> None:
    study = demo_study()
    truths = truth(study.population)
    results = replicate(study, people=16_000, issued=14_000, seed=11)
    for item in results.indicators:
        assert item.estimate is not None, item.indicator
        off = abs(item.estimate.value - truths[item.indicator])
        assert off < 4.2 * item.estimate.se, item.indicator


def test_one_seed_makes_one_replica() -> None:
    study = demo_study()
    first, again = (
        replicate(study, people=1_600, issued=1_400, seed=seed) for seed in (5, 5)
    )
    assert first == again


def test_an_unweighted_share_would_miss_what_weighting_finds() -> None:
    young = {**DESIGN, "age_band": "18-24", "crime_group": "sexual", "sex": "male"}
    old = {**DESIGN, "age_band": "55-64", "crime_group": "burglary"}
    assert chance(young) < 0.6 * chance(old)


def test_fates_follow_the_chances_and_leave_somebody_unreached() -> None:
    rng = np.random.default_rng(3)
    fates = [fate_of(DESIGN, rng) for _ in range(4000)]
    answered = sum(fate in (Fate.WEB, Fate.TELEPHONE) for fate in fates) / len(fates)
    assert answered == pytest.approx(chance(DESIGN), abs=0.03)
    assert set(fates) == set(Fate)


@pytest.mark.unwatched
def test_the_open_arm_fares_worse() -> None:
    book, rng = demo_questionnaire(), np.random.default_rng(9)
    informed = {}
    for arm in Arm:
        good = total = 0
        for _ in range(600):
            person = person_of(DESIGN, arm, rng)
            said = at_once(
                book, person, mode=Mode.WEB, language=Language("en"), rng=rng
            ).get("informed")
            if isinstance(said, str):
                total += 1
                good += said in ("very_well", "fairly_well")
        informed[arm] = good / total
    assert informed[Arm.SAMPLE] - informed[Arm.OPEN] > 0.15


def test_a_form_is_what_a_page_would_send() -> None:
    assert form_of("yes") == {"value": ["yes"]}
    assert form_of(("arrest", "bail")) == {"value": ["arrest", "bail"]}
    assert form_of(Missing.DONT_KNOW) == {"value": ["dont_know"]}
    assert form_of(Missing.NO_ANSWER) == {}


ELSEWHERE = """\
questionnaire: elsewhere
version: "1"
sections:
  - id: all
    title: All
    questions:
      - {id: agree, type: consent, text: Take part?, purpose: take_part, required: yes}
      - {id: hue, type: single, text: Which?,
         options: [{code: red, text: Red}, {code: blue, text: Blue}]}
      - {id: many, type: multiple, text: Which ones?,
         options: [{code: one, text: One}, {code: two, text: Two}]}
      - {id: often, type: number, text: How often?, minimum: 0, maximum: 500}
      - {id: since, type: month, text: Since when?}
      - {id: more, type: text, text: What else?, max_length: 500}
"""


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_a_questionnaire_it_does_not_know_is_answered_at_random(seed: int) -> None:
    book = read_questionnaire(ELSEWHERE)
    rng = np.random.default_rng(seed)
    person = person_of({}, Arm.SAMPLE, rng)
    done = hold(book, person, mode=Mode.WEB, language=Language("en"), rng=rng)
    assert done.status is Status.SUBMITTED
