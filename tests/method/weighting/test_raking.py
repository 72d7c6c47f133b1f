"""Weights meet their margins, within bounds, or say why not. Proves: QA-05.

Golden numbers: tests/golden, made by make_oracle.R with survey 4.5.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.weighting import (
    Bounds,
    Weighted,
    design_weights,
    effective_base,
    trim,
    weigh,
)

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
MARGINS = ("borough", "offence", "age", "sex", "eth")
Counts = dict[tuple[str, ...], float]


def rows_of(name: str) -> list[dict[str, str]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def answers_of(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def single(counts: dict[str, float]) -> Counts:
    return {(key,): value for key, value in counts.items()}


def test_raking_gives_the_weights_of_r() -> None:
    rows = rows_of("synthetic")
    start = np.array([float(row["class_weight"]) for row in rows])
    people = answers_of("synthetic")["population"]
    margins = {(name,): single(people[name]) for name in MARGINS}
    found = weigh(rows, start, margins, Bounds(smallest=0))
    want = np.array([float(row["raked_weight"]) for row in rows])
    assert np.abs(found.weights / want - 1).max() < 1e-9
    kish = answers_of("synthetic")["kish"]["class"]
    assert effective_base(start) == pytest.approx(kish[1] if kish[1] > 2 else kish[0])


@pytest.mark.parametrize("name", ["apistrat", "apiclus1"])
@pytest.mark.parametrize(
    ("case", "margins", "close"),
    [
        ("postStratify_stype", ("stype",), 1e-9),
        ("raking_margins", ("stype", "sch.wide"), 1e-9),
        ("rake_stype_schwide", ("stype", "sch.wide"), 1e-6),
    ],
)
def test_calibration_of_schools_gives_the_weights_of_r(
    name: str, case: str, margins: tuple[str, ...], close: float
) -> None:
    rows, cases = rows_of(name), answers_of("calibration")["cases"]
    start = np.array([float(row["pw"]) for row in rows])
    people = {(one,): single(cases["population"][one]) for one in margins}
    found = weigh(rows, start, people, Bounds(smallest=0))
    want = np.array(cases[name][case]["weights"])
    assert np.abs(found.weights / want - 1).max() < close


@pytest.mark.parametrize(
    ("case", "name", "lower", "upper"),
    [
        ("strict_upper_38", "apiclus1", 0, 38),
        ("strict_25_40", "apiclus1", 25, 40),
        ("strat_strict_20_42", "apistrat", 20, 42),
    ],
)
def test_trimming_shares_the_excess_as_r_does(
    case: str, name: str, lower: float, upper: float
) -> None:
    cases = answers_of("calibration")["cases"]
    if name == "apiclus1":
        start = np.array(cases["apiclus1"]["rake_stype_schwide"]["weights"])
    else:
        start = np.array([float(row["pw"]) for row in rows_of(name)])
    found = trim(start, lower=lower, upper=upper)
    want = np.array(cases["trim"][case]["weights"])
    assert np.abs(found / want - 1).max() < 1e-9
    if found.min() > lower and found.max() < upper:
        assert found.sum() == pytest.approx(start.sum())


def make_rows(seed: int, count: int = 200) -> list[dict[str, str]]:
    rng = np.random.default_rng(seed)
    return [
        {"area": area, "sex": sex, "age": age}
        for area, sex, age in zip(
            rng.choice(["A", "B", "C"], count).tolist(),
            rng.choice(["f", "m"], count).tolist(),
            rng.choice(["1", "2", "3"], count).tolist(),
            strict=True,
        )
    ]


def make_population(seed: int) -> dict[tuple[str, ...], Counts]:
    rng = np.random.default_rng(seed + 1)
    cells = {
        (area, sex, age): float(rng.integers(50, 150))
        for area in "ABC"
        for sex in "fm"
        for age in "123"
    }
    margins: dict[tuple[str, ...], Counts] = {("area",): {}, ("sex", "age"): {}}
    for (area, sex, age), count in cells.items():
        for name, key in ((("area",), (area,)), (("sex", "age"), (sex, age))):
            margins[name][key] = margins[name].get(key, 0.0) + count
    return margins


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40)
def test_margins_are_met_within_bounds_that_leave_room(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = make_rows(seed)
    start = rng.uniform(1, 3, len(rows))
    change = rng.choice([0.5, 1.0, 2.0], len(rows))
    change /= float(start @ change) / start.sum()
    lower, upper = change.min() - 1e-3, change.max() + 1e-3
    people: dict[tuple[str, ...], Counts] = {("area",): {}, ("sex", "age"): {}}
    for row, weight in zip(rows, (start * change).tolist(), strict=True):
        for names, counts in people.items():
            key = tuple(row[name] for name in names)
            counts[key] = counts.get(key, 0.0) + weight
    found = weigh(rows, start, people, Bounds(lower, upper, smallest=0))
    held = found.weights / (start * found.weights.sum() / start.sum())
    assert held.min() > lower - 1e-9
    assert held.max() < upper + 1e-9
    for margin in found.margins:
        now = np.bincount(margin.group, weights=found.weights)
        assert now == pytest.approx(margin.targets, rel=1e-8)


def test_raking_twice_changes_nothing() -> None:
    rows, people = make_rows(1), make_population(1)
    once = weigh(rows, np.ones(len(rows)), people, Bounds())
    twice = weigh(rows, once.weights, people, Bounds())
    assert twice.weights == pytest.approx(once.weights, rel=1e-9)


def test_the_chain_records_each_step_and_what_it_cost() -> None:
    rows, people = make_rows(2), make_population(2)
    start = np.random.default_rng(2).uniform(1, 3, len(rows))
    found = weigh(rows, start, people, Bounds(0.5, 1.5))
    names = [step.name for step in found.report.steps]
    assert names == ["design weights", "raking", "raking within bounds"]
    assert found.report.trimmed > 0
    last = found.report.steps[-1].after
    assert last.design_effect == pytest.approx(len(rows) / last.effective_base)
    assert found.report.largest_gap < 1e-9
    shares = [row for row in found.report.margins if row.variables == ("area",)]
    assert sum(row.population for row in shares) == pytest.approx(1)
    assert all(row.weighted == pytest.approx(row.population) for row in shares)


def test_thin_categories_join_their_neighbour_and_are_reported() -> None:
    rows = [{"sex": "f", "age": "1"}] * 30 + [{"sex": "f", "age": "2"}] * 2
    rows += [{"sex": "m", "age": "1"}] * 30
    people = {
        ("f", "1"): 40.0,
        ("f", "2"): 20.0,
        ("m", "1"): 40.0,
        ("m", "2"): 10.0,
    }
    found = weigh(rows, np.ones(62), {("sex", "age"): people}, Bounds(smallest=5))
    joined = {(item.category, item.into) for item in found.report.collapsed}
    assert joined == {(("f", "2"), ("f", "1")), (("m", "2"), ("m", "1"))}
    assert {item.reason for item in found.report.collapsed} == {"too few responses"}
    assert found.weights.sum() == pytest.approx(110)


def test_a_category_without_people_joins_a_neighbour() -> None:
    rows = [{"area": "A"}] * 20 + [{"area": "B"}] * 20
    people = {("A",): 100.0, ("B",): 0.0}
    found = weigh(rows, np.ones(40), {("area",): people}, Bounds())
    assert [item.reason for item in found.report.collapsed] == ["no population"]


def refused(code: str, rows: list[dict[str, str]], **more: Any) -> HarkenError:
    margins = more.pop("margins")
    with pytest.raises(HarkenError, match=code) as raised:
        weigh(rows, np.ones(len(rows)), margins, Bounds(**more))
    return raised.value


def test_nobody_cannot_be_weighted() -> None:
    refused("WGT-001", [], margins={})


def test_margins_of_two_populations_are_refused() -> None:
    rows = make_rows(3)
    margins = {
        ("sex",): {("f",): 10.0, ("m",): 10.0},
        ("area",): single(dict.fromkeys("ABC", 9.0)),
    }
    assert "20" in str(refused("WGT-002", rows, margins=margins))


def test_a_value_the_population_does_not_know_is_named() -> None:
    margins = {("area",): {("A",): 10.0, ("B",): 10.0}}
    assert "'C' of area" in str(refused("WGT-003", make_rows(3), margins=margins))


def test_margins_that_cannot_be_met_together_are_refused_with_a_cure() -> None:
    rows = [{"one": "a", "two": "a"}] * 10 + [{"one": "b", "two": "b"}] * 10
    margins = {
        ("one",): {("a",): 10.0, ("b",): 10.0},
        ("two",): {("a",): 15.0, ("b",): 5.0},
    }
    error = refused("WGT-004", rows, margins=margins)
    assert "coarser margins" in str(error)


def test_bounds_without_room_are_refused_with_the_category() -> None:
    rows = [{"area": "A"}] * 90 + [{"area": "B"}] * 10
    margins = {("area",): {("A",): 50.0, ("B",): 50.0}}
    error = refused("WGT-005", rows, margins=margins, lower=0.5, upper=2.0)
    assert "B of area" in str(error)
    assert "at most 20 people" in str(error)


def test_an_empty_population_is_refused() -> None:
    refused("WGT-006", make_rows(3), margins={("area",): {("A",): 0.0}})


def test_senseless_bounds_are_refused() -> None:
    margins = make_population(3)
    refused("WGT-007", make_rows(3), margins=margins, lower=1.2, upper=2.0)
    with pytest.raises(HarkenError, match="WGT-007"):
        trim(np.ones(3), lower=2, upper=3)


def test_a_design_weight_is_people_over_issued_cases() -> None:
    found = design_weights(["a", "b", "a"], {"a": 10, "b": 5}, {"a": 100.0})
    assert found.tolist() == [10.0, 1.0, 10.0]


def test_a_stratum_without_issued_cases_is_refused() -> None:
    with pytest.raises(HarkenError, match="WGT-008"):
        design_weights(["a"], {}, {})


def test_a_weighted_sample_keeps_its_starting_weights() -> None:
    rows = make_rows(5)
    start = np.full(len(rows), 2.0)
    found = weigh(rows, start, make_population(5), Bounds())
    assert isinstance(found, Weighted)
    assert found.start is start
