"""Estimates and errors equal those of R's survey package. Proves: QA-05 (statistics 3, 4).

Golden numbers: tests/golden, made by make_oracle.R with survey 4.5.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harken.method.estimation import Estimate, calibrated, mean, ratio, shares
from harken.method.estimation.design import Design, Lonely, of_people, of_stages
from harken.method.estimation.estimators import total
from harken.method.estimation.intervals import Evidence, beta

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
CLOSE = 1e-9
MARGINS = ("borough", "offence", "age", "sex", "eth")
Rows = list[dict[str, str]]


@cache
def rows_of(name: str) -> Rows:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def answers_of(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def column(rows: Rows, name: str) -> NDArray[np.float64]:
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def words(rows: Rows, name: str) -> list[str]:
    return [row[name] for row in rows]


def design_of(name: str) -> tuple[Rows, Design]:
    rows = rows_of(name.split("_")[0])
    weights, one = column(rows, "pw"), [""] * len(rows)
    if name.startswith("apistrat"):
        sizes = None if name.endswith("nofpc") else column(rows, "fpc")
        return rows, of_people(weights, words(rows, "stype"), sizes=sizes)
    first = words(rows, "dnum")
    if name == "apiclus2":
        stages = [
            (one, first, column(rows, "fpc1")),
            (one, words(rows, "snum"), column(rows, "fpc2")),
        ]
        return rows, of_stages(weights, stages)
    sizes = column(rows, "fpc") if name == "apiclus1" else None
    return rows, of_stages(weights, [(one, first, sizes)])


DESIGNS = (
    "apistrat",
    "apistrat_nofpc",
    "apiclus1",
    "apiclus1_nofpc",
    "apiclus2",
    "apiclus2_wr",
)


def agree(
    found: Estimate, want: dict[str, Any], key: str, *, close: float = CLOSE
) -> None:
    assert found.value == pytest.approx(want["est"][key], rel=close)
    assert found.se == pytest.approx(want["se"][key], rel=close)


@pytest.mark.parametrize("name", DESIGNS)
def test_means_totals_and_ratios_agree_in_every_design(name: str) -> None:
    rows, design = design_of(name)
    golden = answers_of("api_basic")["designs"][name]
    everyone = np.ones(len(rows), dtype=bool)
    assert design.df == golden["degf"]
    for variable in ("api00", "meals"):
        found = mean(design, column(rows, variable), everyone)
        agree(found, golden["mean"], variable)
        if found.df == golden["degf"]:
            assert found.low == pytest.approx(golden["mean"]["lo"][variable])
    enroll, students = column(rows, "enroll"), column(rows, "api.stu")
    given = ~np.isnan(enroll)
    agree(total(design, np.nan_to_num(enroll), given), golden["total"], "enroll")
    found = ratio(design, np.nan_to_num(students), np.nan_to_num(enroll), given)
    agree(found, golden["ratio"], next(iter(golden["ratio"]["est"])))


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_and_their_logit_and_beta_intervals_agree(name: str) -> None:
    rows, design = design_of(name)
    golden = answers_of("api_basic")["designs"][name]
    everyone = np.ones((len(rows), 1), dtype=bool)
    yes = np.array(words(rows, "comp.imp")) == "Yes"
    found = shares(design, yes[:, None], everyone)[0]
    want = golden["ciprop_compimp"]
    assert found.method == "logit, t"
    assert found.low == pytest.approx(want["xlogit"]["lo"], rel=CLOSE)
    assert found.high == pytest.approx(want["xlogit"]["hi"], rel=CLOSE)
    evidence = Evidence(
        found.value, found.se, found.base, found.effective_base, design.df
    )
    low, high = beta(evidence, 0.95)
    assert low == pytest.approx(want["beta"]["lo"], rel=CLOSE)
    assert high == pytest.approx(want["beta"]["hi"], rel=CLOSE)


@pytest.mark.parametrize("name", DESIGNS)
def test_domains_keep_every_sampled_unit(name: str) -> None:
    rows, design = design_of(name)
    golden = answers_of("api_basic")["designs"][name]
    types = np.array(words(rows, "stype"))
    want = golden["by_stype_mean"]
    for at, key in enumerate(want["keys"]["stype"]):
        found = mean(design, column(rows, "api00"), types == key)
        assert found.se == pytest.approx(want["se"][at], rel=CLOSE)
    improved = np.array(words(rows, "comp.imp")) == "Yes"
    agree(mean(design, column(rows, "api00"), improved), golden["subset_mean"], "api00")


@pytest.mark.parametrize("policy", ["certainty", "adjust", "average"])
def test_lonely_units_follow_the_policy_named(policy: str) -> None:
    rows = rows_of("apistrat_lonely")
    want = answers_of("lonely")["lonely"][policy]
    design = of_people(column(rows, "pw"), words(rows, "stype"), lonely=Lonely(policy))
    everyone = np.ones(len(rows), dtype=bool)
    agree(mean(design, column(rows, "api00"), everyone), want["mean"], "api00")
    enroll = column(rows, "enroll")
    found = total(design, np.nan_to_num(enroll), ~np.isnan(enroll))
    agree(found, want["total"], "enroll")


@pytest.mark.parametrize("name", ["apistrat", "apiclus1", "apiclus1_nofpc"])
@pytest.mark.parametrize(
    ("case", "margins"),
    [
        ("postStratify_stype", ("stype",)),
        ("raking_margins", ("stype", "sch.wide")),
    ],
)
def test_errors_after_calibration_agree(
    name: str, case: str, margins: tuple[str, ...]
) -> None:
    rows, start = design_of(name)
    golden = answers_of("calibration")["cases"][name][case]
    groups = [words(rows, margin) for margin in margins]
    design = calibrated(start, golden["weights"], groups)
    everyone = np.ones(len(rows), dtype=bool)
    agree(mean(design, column(rows, "api00"), everyone), golden["mean"], "api00")
    enroll = column(rows, "enroll")
    found = total(design, np.nan_to_num(enroll), ~np.isnan(enroll))
    agree(found, golden["total"], "enroll")
    types = np.array(words(rows, "stype"))
    for at, key in enumerate(golden["by"]["keys"]["stype"]):
        found = mean(design, column(rows, "api00"), types == key)
        assert found.se == pytest.approx(golden["by"]["se"][at], rel=CLOSE)


def survey(name: str) -> tuple[Rows, Design, Any]:
    rows = rows_of("synthetic")
    start = of_people(column(rows, "class_weight"), words(rows, "stratum"))
    golden = answers_of("synthetic")["est"][name]
    if name == "class_weights":
        return rows, start, golden
    groups = [words(rows, margin) for margin in MARGINS]
    return rows, calibrated(start, column(rows, "raked_weight"), groups), golden


@pytest.mark.parametrize("name", ["class_weights", "raked_newton"])
def test_the_survey_of_victims_agrees_before_and_after_raking(name: str) -> None:
    rows, design, golden = survey(name)
    informed = np.array(words(rows, "informed")) == "1"
    everyone = np.ones(len(rows), dtype=bool)
    found = shares(design, informed[:, None], everyone[:, None])[0]
    for key, value in (("est", found.value), ("se", found.se), ("lo", found.low)):
        assert value == pytest.approx(golden["informed"]["xlogit"][key], rel=CLOSE)
    agree(mean(design, column(rows, "days"), everyone), golden["days"], "days")
    pairs = golden["by_off_mode"]
    domains = np.column_stack(
        [
            (np.array(words(rows, "offence")) == offence)
            & (np.array(words(rows, "mode")) == mode)
            for offence, mode in zip(
                pairs["keys"]["offence"], pairs["keys"]["mode"], strict=True
            )
        ]
    )
    many = shares(design, np.repeat(informed[:, None], domains.shape[1], 1), domains)
    assert [one.value for one in many] == pytest.approx(pairs["est"], rel=CLOSE)
    assert [one.se for one in many] == pytest.approx(pairs["se"], rel=CLOSE)
    asked = np.isin(words(rows, "offence"), ["violence", "hate"])
    vps = np.array(words(rows, "vps")) == "1"
    found = shares(design, vps[:, None], asked[:, None])[0]
    want = golden["vps_applicable"]
    agree(found, want, "vps")


def test_our_form_of_the_error_after_raking_is_not_that_of_rake() -> None:
    rows, design, golden = survey("raked_newton")
    informed = np.array(words(rows, "informed")) == "1"
    found = shares(design, informed[:, None], np.ones((len(rows), 1), dtype=bool))[0]
    other = answers_of("synthetic")["est"]["raked"]["informed"]["xlogit"]["se"]
    assert other / found.se == pytest.approx(1.0145, abs=0.001)
    assert golden["informed"]["xlogit"]["est"] == pytest.approx(found.value)


def test_the_design_effect_is_against_drawing_with_replacement() -> None:
    rows, design = design_of("apiclus1_nofpc")
    golden = answers_of("api_basic")["designs"]["apiclus1_nofpc"]["prop"]
    wide = np.array(words(rows, "sch.wide")) == "Yes"
    found = shares(design, wide[:, None], np.ones((len(rows), 1), dtype=bool))[0]
    left = 1 - len(rows) / float(design.weights.sum())
    assert found.deff is not None
    assert found.deff / left == pytest.approx(golden["deff"]["sch.wideYes"], rel=CLOSE)
