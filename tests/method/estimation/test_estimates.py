"""Estimates keep their laws without any oracle. Proves: QA-05, statistics 3 facts 4, 10."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.estimation import (
    Estimate,
    calibrated,
    difference,
    mean,
    occasions,
    of_people,
    ratio,
    share_against,
    shares,
)
from harken.method.estimation.design import Design, Lonely, Stage, of_stages
from harken.method.estimation.estimators import share, total
from harken.method.estimation.intervals import BETA, LOGIT


def make_sample(seed: int, count: int = 60) -> tuple[Design, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    strata = rng.choice(["a", "b", "c"], count).tolist()
    design = of_people(rng.uniform(0.5, 4, count), strata)
    domain = rng.random(count) < 0.8
    domain[:2] = True
    return design, rng.random(count) < 0.4, domain


@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100))
@settings(max_examples=30)
def test_shares_do_not_depend_on_the_scale_of_weights(seed: int, factor: float) -> None:
    design, yes, domain = make_sample(seed)
    other = Design(design.weights * factor, design.stages)
    one, two = share(design, yes, domain), share(other, yes, domain)
    assert two.value == pytest.approx(one.value, rel=1e-9)
    assert two.se == pytest.approx(one.se, rel=1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30)
def test_the_order_of_responses_does_not_matter(seed: int) -> None:
    design, yes, domain = make_sample(seed)
    order = np.random.default_rng(seed).permutation(design.size)
    stage = design.stages[0]
    other = Design(
        design.weights[order], (Stage(stage.stratum[order], stage.unit[order]),)
    )
    one = share(design, yes, domain)
    two = share(other, yes[order], domain[order])
    assert two.se == pytest.approx(one.se, rel=1e-9, abs=1e-12)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=50)
def test_an_interval_lies_between_nothing_and_all_and_holds_the_share(
    seed: int,
) -> None:
    design, yes, domain = make_sample(seed, 14)
    found = share(design, yes, domain)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.base == int(domain.sum())
    assert found.effective_base <= found.base + 1e-9


@given(seed=st.integers(0, 10_000), target=st.floats(0.02, 0.98))
@settings(max_examples=100)
def test_a_test_against_a_target_agrees_with_the_interval(
    seed: int, target: float
) -> None:
    design, yes, domain = make_sample(seed, 30)
    found = share(design, yes, domain)
    p = share_against(found, target)
    if abs(p - 0.05) > 1e-6:
        assert (p < 0.05) is not (found.low <= target <= found.high)


def test_everybody_and_nobody_have_beta_intervals() -> None:
    design, _, domain = make_sample(1)
    everyone = share(design, domain, domain)
    nobody = share(design, ~domain, domain)
    assert (everyone.value, everyone.high, everyone.method) == (1.0, 1.0, BETA)
    assert (nobody.value, nobody.low, nobody.method) == (0.0, 0.0, BETA)
    assert 0 < nobody.high < 0.2
    assert everyone.se == 0
    assert everyone.deff is None
    assert share_against(nobody, 0.5) < 0.001
    assert share_against(everyone, 1.0) == 1.0


def test_many_answers_have_logit_intervals() -> None:
    design, yes, domain = make_sample(1, 500)
    assert share(design, yes, domain).method == LOGIT


def test_a_share_of_nobody_is_refused() -> None:
    design, yes, domain = make_sample(1)
    nobody = np.zeros_like(domain)
    for make in (
        lambda: share(design, yes, nobody),
        lambda: mean(design, yes, nobody),
        lambda: total(design, yes, nobody),
        lambda: ratio(design, yes, nobody, domain),
        lambda: difference(design, yes, (domain, nobody)),
    ):
        with pytest.raises(HarkenError, match="EST-001"):
            make()


def test_a_census_has_no_error() -> None:
    strata = ["a"] * 5 + ["b"] * 7
    sizes = [5.0] * 5 + [7.0] * 7
    design = of_people(np.ones(12), strata, sizes=sizes)
    found = mean(design, np.arange(12.0), np.ones(12, dtype=bool))
    assert found.se == pytest.approx(0, abs=1e-12)


def test_splitting_the_rows_of_a_unit_changes_nothing() -> None:
    units = ["u1", "u1", "u2", "u3", "u3", "u4"]
    weights = np.array([1.0, 2, 1, 1, 3, 2])
    values = np.array([1.0, 0, 1, 1, 0, 0])
    whole = of_stages(weights, [([""] * 6, units, None)])
    split = of_stages(
        np.repeat(weights / 2, 2), [([""] * 12, np.repeat(units, 2), None)]
    )
    one = mean(whole, values, np.ones(6, dtype=bool))
    two = mean(split, np.repeat(values, 2), np.ones(12, dtype=bool))
    assert two.se == pytest.approx(one.se)
    assert one.df == 3


def test_the_difference_between_strata_adds_their_variances() -> None:
    rng = np.random.default_rng(2)
    strata = ["a"] * 40 + ["b"] * 50
    design = of_people(rng.uniform(1, 2, 90), strata)
    yes = rng.random(90) < 0.5
    first = np.arange(90) < 40
    found = difference(design, yes, (first, ~first))
    one, two = share(design, yes, first), share(design, yes, ~first)
    assert found.value == pytest.approx(one.value - two.value)
    assert found.se == pytest.approx(math.hypot(one.se, two.se))
    assert found.base == 90


def test_the_difference_of_a_domain_with_itself_is_certain() -> None:
    design, yes, domain = make_sample(3)
    found = difference(design, yes, (domain, domain))
    assert (found.value, found.se) == (0, 0)


def test_what_calibration_knows_has_no_error_left() -> None:
    design, _, domain = make_sample(4)
    groups = design.stages[0].stratum.tolist()
    fixed = calibrated(design, design.weights, [groups])
    inside = np.array(groups) == 1
    found = total(fixed, inside, np.ones(design.size, dtype=bool))
    assert found.se == pytest.approx(0, abs=1e-9)
    assert domain.any()


def test_occasions_count_people_and_never_average_percentages() -> None:
    design = of_people(np.ones(4), [""] * 4)
    found = occasions(design, kept=[2, 0, 1, 0], due=[2, 1, 1, 0])
    assert found.value == pytest.approx(3 / 4)
    assert found.base == 3


def test_one_occasion_each_is_a_share() -> None:
    design, yes, domain = make_sample(5)
    one = occasions(design, kept=yes & domain, due=domain)
    two = shares(design, yes[:, None], domain[:, None])[0]
    assert one.se == pytest.approx(two.se)
    assert (one.value, one.base) == (pytest.approx(two.value), two.base)


def test_a_lonely_unit_stops_the_work_when_the_policy_says_so() -> None:
    design = of_people([1, 1, 1], ["a", "a", "b"], lonely=Lonely.FAIL)
    with pytest.raises(HarkenError, match="EST-002"):
        mean(design, [1.0, 2, 3], np.ones(3, dtype=bool))


@pytest.mark.parametrize(
    ("weights", "strata", "sizes"),
    [
        ([1.0, -1], ["a", "a"], None),
        ([1.0, float("nan")], ["a", "a"], None),
        ([1.0, 1.0], ["a"], None),
        ([1.0, 1.0], ["a", "a"], [1.0, 1.0]),
    ],
)
def test_a_design_that_does_not_fit_is_refused(
    weights: list[float], strata: list[str], sizes: list[float] | None
) -> None:
    with pytest.raises(HarkenError, match="EST-003"):
        mean(of_people(weights, strata, sizes=sizes), [1.0, 2], [True, True])


def test_degrees_of_freedom_follow_the_people_of_a_domain() -> None:
    design, _, _ = make_sample(6, 50)
    few = np.arange(50) < 7
    assert design.df == 47
    assert design.df_of(few) == 6
    assert design.df_of(np.arange(50) < 1) == 1


def test_an_estimate_refuses_what_cannot_be() -> None:
    good = {
        "value": 0.5,
        "se": 0.1,
        "low": 0.4,
        "high": 0.6,
        "base": 10,
        "weighted_base": 1.0,
        "effective_base": 9.0,
        "df": 9,
        "deff": None,
        "method": "",
    }
    assert Estimate(**good).half_width == pytest.approx(0.1)
    for change in ({"low": 0.55}, {"base": -1}):
        with pytest.raises(ValueError, match=r"interval|never"):
            Estimate(**(good | change))
