"""From responses to results: arms apart, hidden figures absent, states from intervals.

Proves: SAF-53, QA-05, FACTS 2.4 (never pooled silently), FACTS 2.5 (empty bases).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.method.compliance import IndicatorResult, Plan, Results, evaluate
from harken.method.compliance.results import Pooled, State
from harken.method.compliance.scorecard import benjamini_hochberg
from harken.method.disclosure import Suppression
from harken.method.errors import HarkenError
from harken.method.response import Response
from harken.method.sampling import Population
from harken.method.terms import Arm
from tests.make.analysis import (
    CODE,
    PLAN,
    Shape,
    make_code,
    make_dataset,
    make_plan,
    make_responses,
    make_results,
    population_text,
)


def test_the_sampled_arm_is_weighted_and_the_open_arm_is_not() -> None:
    results = make_results()
    sampled, opened = results.overall("I01"), results.overall("I01", Arm.OPEN)
    assert sampled is not None
    assert opened is not None
    assert sampled.estimate is not None
    assert opened.estimate is not None
    assert results.weights is not None
    assert results.weights.population == 2250 * 2
    assert opened.estimate.weighted_base == opened.estimate.base
    assert sampled.estimate.weighted_base > sampled.estimate.base
    assert results.pooled == ()
    assert "stands for nobody else" in results.decisions[0]


def test_every_figure_has_its_unweighted_base() -> None:
    for result in make_results().indicators:
        if result.estimate is not None:
            assert result.estimate.base >= 10


def test_dont_know_stays_in_the_base_and_prefer_not_to_say_leaves() -> None:
    responses, _ = make_responses(Shape(opened=0))
    asked = [r for r in responses if r.answers["reported"] == "yes"]
    refused = sum(int(r.answers["told"] == -9) for r in asked)
    result = make_results(Shape(opened=0)).overall("I01")
    assert result is not None
    assert result.estimate is not None
    assert result.estimate.base == len(asked) - refused


def test_the_same_responses_in_another_order_give_the_same_bytes() -> None:
    responses, issued = make_responses()
    texts = {
        evaluate(
            make_plan(),
            make_code(),
            make_dataset(order),
            study="trial",
            issued=issued,
            population=Population.read(population_text()),
            strata=("crime_group",),
        ).to_json()
        for order in (responses, responses[::-1])
    }
    assert len(texts) == 1


def test_results_read_back_as_they_were() -> None:
    results = make_results()
    text = results.to_json()
    assert Results.from_json(text) == results
    assert Results.from_json(text).to_json() == text


def test_hidden_figures_carry_no_number() -> None:
    results = make_results(Shape(sample=120, opened=30))
    hidden = [r for r in results.indicators if r.suppression is not Suppression.NONE]
    assert hidden
    raw = json.loads(results.to_json())
    for item in raw["indicators"]:
        if item["suppression"] != "none":
            assert item["estimate"] is None
            assert not [v for v in item.values() if isinstance(v, int | float)]


def test_a_single_hidden_category_never_stands_alone() -> None:
    results = make_results()
    groups: dict[tuple[str, Arm, str], list[IndicatorResult]] = {}
    for result in results.indicators:
        if result.breakdown is not None:
            key = (result.indicator, result.arm, result.breakdown)
            groups.setdefault(key, []).append(result)
    for (indicator, arm, _), members in groups.items():
        total = results.overall(indicator, arm)
        hidden = [one for one in members if one.estimate is None]
        if total is not None and total.estimate is not None and len(members) > 1:
            alone = len(hidden) == 1 and hidden[0].suppression is Suppression.PRIMARY
            assert not alone


def test_proxy_respondents_change_no_figure_and_can_be_asked_for() -> None:
    responses, issued = make_responses()
    spoken = [replace(r, proxy=n % 5 == 0) for n, r in enumerate(responses)]

    def results(given: Sequence[Response], plan: Plan) -> Results:
        return evaluate(
            plan,
            make_code(),
            make_dataset(given),
            study="trial",
            issued=issued,
            population=Population.read(population_text()),
            strata=("crime_group",),
        )

    same = results(responses, make_plan()).to_json()
    assert results(spoken, make_plan()).to_json() == same
    asked = PLAN.replace("ethnic, mode]", "ethnic, mode, proxy]")
    found = results(spoken, make_plan(asked))
    told = {r.category: r for r in found.indicators if r.breakdown == "proxy"}
    assert set(told) == {"no", "yes"}


def test_no_answer_to_a_breakdown_question_is_a_category() -> None:
    results = make_results()
    found = {r.category for r in results.indicators if r.breakdown == "ethnic"}
    assert "not_stated" in found


def test_nobody_asked_gives_no_figure_at_all() -> None:
    shape = Shape(sample=200, opened=0, shares={"offered": 0.0, "reported": 0.8})
    results = make_results(shape)
    assert results.overall("I09") is None
    card = next(c for c in results.scorecard if c.entitlement == "C15-SUP-01")
    assert card.state is State.TOO_FEW


def test_states_follow_the_interval_and_the_target() -> None:
    shares = {"reported": 0.9, "told": 0.2, "offered": 0.8, "used": 0.45}
    results = make_results(Shape(sample=800, shares=shares))
    states = {(c.entitlement, c.agency): c for c in results.scorecard}
    assert states["C15-POL-04", "police"].state is State.NOT_MET
    assert states["C15-POL-06", "police"].state is State.MET
    assert states["C15-POL-06", "cps"].state is State.NOT_MEASURED
    assert states["C15-CPS-01", "cps"].state is State.NOT_VICTIM_REPORTABLE
    told = states["C15-POL-04", "police"]
    assert told.indicators == ("I01", "I02")
    assert told.estimate is not None
    assert told.target is not None
    assert told.estimate.high < told.target
    assert told.adjusted_p is not None
    assert told.adjusted_p < 0.05
    assert [c.stage for c in results.scorecard] == ["report"] * 4 + ["trial"]


def test_a_share_near_its_target_is_inconclusive() -> None:
    shares = {"reported": 0.9, "told": 0.5}
    cards = make_results(Shape(shares=shares)).scorecard
    told = next(c for c in cards if c.entitlement == "C15-POL-04")
    assert told.state is State.INCONCLUSIVE


@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=20))
@settings(max_examples=50)
def test_adjusted_p_keeps_the_order_and_never_shrinks(values: list[float]) -> None:
    found = benjamini_hochberg(values)
    pairs = zip(values, found, strict=True)
    assert all(after >= before - 1e-12 for before, after in pairs)
    order = sorted(range(len(values)), key=lambda at: values[at])
    ranked = [found[at] for at in order]
    assert ranked == sorted(ranked)
    assert max(found) <= 1


def test_adjusted_p_is_that_of_r() -> None:
    # R: p.adjust(c(0.01, 0.02, 0.03, 0.5), "BH")
    assert benjamini_hochberg([0.01, 0.5, 0.03, 0.02]) == pytest.approx(
        (0.04, 0.5, 0.04, 0.04)
    )


def test_both_arms_together_only_when_the_plan_says_why_and_who() -> None:
    wish = PLAN + "combined: {reason: The board asked., owner: J. Smith}\n"
    results = make_results(plan=make_plan(wish))
    pooled = {item.indicator: item for item in results.pooled}
    assert isinstance(pooled["I01"], Pooled)
    found, sampled = pooled["I01"].estimate, results.overall("I01")
    assert found is not None
    assert sampled is not None
    assert sampled.estimate is not None
    assert found.base > sampled.estimate.base
    assert any("The board asked." in line for line in results.decisions)


def test_a_hidden_arm_hides_the_two_together() -> None:
    wish = PLAN + "combined: {reason: The board asked., owner: J. Smith}\n"
    results = make_results(Shape(opened=5), plan=make_plan(wish))
    opened = results.overall("I01", Arm.OPEN)
    assert opened is not None
    assert opened.estimate is None
    pooled = {item.indicator: item for item in results.pooled}
    assert pooled["I01"].suppression is Suppression.SECONDARY


def test_a_study_with_only_an_open_arm_has_no_weights_and_no_judgement() -> None:
    results = make_results(Shape(sample=0))
    assert results.weights is None
    assert results.overall("I01") is None
    states = {card.state for card in results.scorecard}
    assert states <= {State.TOO_FEW, State.NOT_MEASURED, State.NOT_VICTIM_REPORTABLE}


def test_facts_count_arms_modes_and_rates() -> None:
    facts = make_results().facts
    assert facts["issued"] == 1200
    assert facts["interviews_sample"] == 600
    assert facts["interviews_open_web"] == 120
    assert facts["rate_RR1"] == pytest.approx(0.5)


def test_margins_with_small_categories_show_no_counts() -> None:
    results = make_results(Shape(sample=90, opened=0))
    assert results.weights is not None
    small = [r for r in results.weights.margins if r.variables == ("sex", "age_band")]
    large = [r for r in results.weights.margins if r.variables == ("crime_group",)]
    assert all(row.responses is None or row.responses >= 10 for row in small)
    assert all(row.responses is None for row in large)


def test_coverage_says_for_each_truth_whether_its_interval_holds_it() -> None:
    results = make_results()
    found = results.overall("I01")
    assert found is not None
    assert found.estimate is not None
    truths = {"I01": found.estimate.value, "I08": 0.01, "I77": 0.5}
    assert results.coverage(truths) == {"I01": True, "I08": False}


@pytest.mark.slow
@pytest.mark.unwatched
def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    truths = {"I01": 0.3 * 0.95 * 0.97 / (1 - 0.03 * 0.95), "I08": 0.6}
    held = [
        hit
        for seed in range(40)
        for hit in make_results(Shape(sample=300, opened=0, seed=seed))
        .coverage(truths)
        .values()
    ]
    assert sum(held) / len(held) >= 0.9


def test_a_response_without_stratum_is_refused() -> None:
    responses, issued = make_responses(Shape(sample=20, opened=0))
    bare = [
        type(r)(r.ref, r.arm, r.mode, r.language, r.week, {"area": "A01"}, r.answers)
        for r in responses
    ]
    with pytest.raises(HarkenError, match="CMP-040"):
        evaluate(
            make_plan(),
            make_code(),
            make_dataset(bare),
            study="trial",
            issued=issued,
            population=Population.read(population_text()),
            strata=("crime_group",),
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"study": 1}',
        make_results(Shape(sample=40, opened=0)).to_json().replace("0.95", '"x"'),
        make_results(Shape(sample=40, opened=0)).to_json()[:-2],
        make_results(Shape(sample=40, opened=0))
        .to_json()
        .replace('"issued":80', '"issued":[]'),
    ],
)
def test_what_is_not_results_is_refused(text: str) -> None:
    with pytest.raises(HarkenError, match="CMP-001"):
        Results.from_json(text)


@given(text=st.text(max_size=60))
@settings(max_examples=60)
def test_no_text_breaks_the_reader_of_results(text: str) -> None:
    with pytest.raises(HarkenError, match="CMP-001"):
        Results.from_json(text)


def test_a_cell_has_an_estimate_exactly_when_it_is_shown() -> None:
    with pytest.raises(ValueError, match="exactly when"):
        IndicatorResult("I01", Arm.SAMPLE, None, None, None, Suppression.NONE, "")
    with pytest.raises(ValueError, match="go together"):
        IndicatorResult("I01", Arm.SAMPLE, "sex", None, None, Suppression.PRIMARY, "")


def test_no_result_is_infinite() -> None:
    results = replace(make_results(Shape(sample=40)), facts={"rate": float("inf")})
    with pytest.raises(ValueError, match="finite"):
        results.to_json()


def test_a_definition_is_found_by_its_id() -> None:
    results = make_results(Shape(sample=40, opened=0))
    assert results.measure("I08").title == "Offered"
    with pytest.raises(KeyError):
        results.measure("I99")


def test_nobody_asked_in_either_arm_is_not_pooled() -> None:
    wish = PLAN + "combined: {reason: The board asked., owner: J. Smith}\n"
    shape = Shape(sample=60, opened=60, shares={"offered": 0.0, "reported": 0.8})
    results = make_results(shape, plan=make_plan(wish))
    assert "I09" not in {item.indicator for item in results.pooled}


def test_a_duty_of_every_provider_is_judged_where_it_was_measured() -> None:
    everybody = CODE.replace("agencies: [police, cps]", "agencies: [all]")
    assert agencies_of(everybody, "C15-POL-06") == ["police"]
    nobody = CODE.replace("agencies: [cps]", "agencies: [all]")
    assert agencies_of(nobody, "C15-CPS-01") == ["all"]


def test_a_question_about_no_agency_speaks_of_the_only_one_that_owes() -> None:
    plan = PLAN.replace("agency: victim-services", "agency: all")
    results = make_results(Shape(sample=60), plan=make_plan(plan))
    cards = [c for c in results.scorecard if c.entitlement == "C15-SUP-01"]
    assert [(c.agency, c.indicators) for c in cards] == [("victim-services", ("I09",))]


def agencies_of(code: str, entitlement: str) -> list[str]:
    responses, issued = make_responses(Shape(sample=60, opened=0))
    results = evaluate(
        make_plan(),
        make_code(code),
        make_dataset(responses),
        study="trial",
        issued=issued,
        population=Population.read(population_text()),
        strata=("crime_group",),
    )
    cards = [card for card in results.scorecard if card.entitlement == entitlement]
    return [card.agency for card in cards]


def test_another_edition_than_the_plans_is_refused() -> None:
    other = replace(make_code(), id="code-2021")
    responses, issued = make_responses(Shape(sample=20, opened=0))
    with pytest.raises(HarkenError, match="CMP-023"):
        evaluate(
            make_plan(),
            other,
            make_dataset(responses),
            study="trial",
            issued=issued,
            population=Population.read(population_text()),
            strata=("crime_group",),
        )


@pytest.mark.parametrize("disposition", ["9.9", "4.7"])
def test_rates_that_cannot_be_made_are_left_out(disposition: str) -> None:
    responses, issued = make_responses(Shape(sample=60, opened=0))
    odd = [replace(case, disposition=disposition) for case in issued]
    results = evaluate(
        make_plan(),
        make_code(),
        make_dataset(responses),
        study="trial",
        issued=odd,
        population=Population.read(population_text()),
        strata=("crime_group",),
    )
    assert not [name for name in results.facts if name.startswith("rate_")]
