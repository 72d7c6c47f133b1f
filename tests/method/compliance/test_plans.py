"""Analysis plans and Code editions are read with place and hint. Proves: issue 2, bad input."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.method.compliance import read_code, read_plan
from harken.method.errors import Finding, HarkenError
from harken.method.terms import Missing
from tests.make.analysis import (
    CODE,
    DESIGN,
    PLAN,
    make_code,
    make_plan,
    make_questionnaire,
)

STUDY = Path(__file__).resolve().parents[3] / "studies" / "victims-review"


def findings_of(text: str) -> tuple[Finding, ...]:
    with pytest.raises(HarkenError) as raised:
        make_plan(text)
    return raised.value.findings


def codes_of(text: str) -> list[str]:
    return [finding.fault.code for finding in findings_of(text)]


def test_a_plan_is_read_whole() -> None:
    plan = make_plan()
    assert plan.weights.margins == (("crime_group",), ("area",), ("sex", "age_band"))
    assert (plan.weights.lower, plan.weights.upper) == (0.2, 5.0)
    assert (plan.policy.threshold, plan.policy.flag_below) == (10, 30)
    first = plan.indicator("I01")
    assert first.in_base == (Missing.DONT_KNOW, Missing.CANT_REMEMBER)
    assert first.among == "people who reported"
    assert plan.indicator("I08").question == "offered"
    assert plan.indicator("I09").target == 0.4
    assert plan.pooling is None
    with pytest.raises(KeyError):
        plan.indicator("I99")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("question: told", "question: tld", "CMP-010"),
        ("C15-POL-06", "C15-POL-60", "CMP-011"),
        ("[area]", "[aera]", "CMP-012"),
        ("[crime_group, sex, ethnic, mode]", "[story, mode]", "CMP-013"),
        ("id: I08", "id: I01", "CMP-014"),
        ("headlines: [I01]", "headlines: [I07]", "CMP-015"),
        ("ethnic, mode]", "ethnic]", "CMP-016"),
        ("confidence: 0.95", "confidence: 95", "CMP-017"),
        ("target: 0.4", "target: 1.4", "CMP-017"),
        ("in_base: [dont_know]", "in_base: [dontknow]", "CMP-018"),
        ("positive: \"offered == 'yes'\"", "positive: \"mode == 'web'\"", "CMP-019"),
        ("positive: \"offered == 'yes'\"", "positive: ''", "SRC-004"),
        ("agency: victim-services", "agency: cps", "CMP-021"),
        ("stage: report, agency: victim", "stage: reprt, agency: victim", "CMP-022"),
        ("code: code-2015", "code: code-2021", "CMP-023"),
        ("threshold: 10", "threshold: 40", "CMP-024"),
        ("round_to: 1", "round_to: 0", "CMP-024"),
        ("upper: 5.0", "upper: 0.5", "SRC-005"),
        ("seed: 1", "sed: 1", "SRC-003"),
        ("reviewed: 2026-01-15", "reviewed: soon", "SRC-005"),
        ("told == 'yes'", "told == 'maybe'", "QUE-"),
        ("reported == 'yes'", "reprted == 'yes'", "QUE-"),
        ("reported == 'yes'", "reported ==", "QUE-"),
    ],
)
def test_each_mistake_has_its_code_and_place(old: str, new: str, code: str) -> None:
    found = findings_of(PLAN.replace(old, new))
    fitting = [one for one in found if one.fault.code.startswith(code)]
    assert fitting
    assert all(one.place is not None and one.place.line for one in fitting)


def test_a_misspelt_name_gets_a_suggestion() -> None:
    for old, new, meant in (
        ("question: told", "question: tld", "told"),
        ("C15-POL-06", "C15-POL-60", "C15-POL-06"),
        ("[area]", "[aera]", "area"),
    ):
        assert meant in {one.suggestion for one in findings_of(PLAN.replace(old, new))}


def test_all_mistakes_come_at_once() -> None:
    text = PLAN.replace("[area]", "[aera]").replace("C15-POL-06", "C15-POL-60")
    assert {"CMP-011", "CMP-012"} <= set(codes_of(text))


@pytest.mark.parametrize("wish", ["yes", "{reason: Because}", "{owner: Me}", "[]"])
def test_pooling_without_reason_and_owner_is_refused_with_an_explanation(
    wish: str,
) -> None:
    found = findings_of(PLAN + f"combined: {wish}\n")
    assert [one.fault.code for one in found] == ["CMP-020"]
    assert "30 percentage points" in found[0].fault.cause
    assert "{reason: ..., owner: ...}" in found[0].cure


def test_a_plan_without_parts_says_what_is_missing() -> None:
    assert set(codes_of("code: code-2015\n")) >= {"SRC-004"}


def test_margins_that_are_no_lists_are_refused() -> None:
    text = PLAN.replace("[[crime_group], [area], [sex, age_band]]", "crime_group")
    assert "SRC-005" in codes_of(text)


def test_names_are_not_checked_against_a_code_that_is_not_given() -> None:
    text = PLAN.replace("C15-POL-06", "C15-POL-60")
    plan = read_plan(text, make_questionnaire(), DESIGN)
    assert plan.indicator("I08").entitlements == ("C15-POL-60",)


@given(text=st.text(max_size=80))
@settings(max_examples=60)
def test_no_text_breaks_the_readers(text: str) -> None:
    with pytest.raises(HarkenError):
        read_plan(text, make_questionnaire(), DESIGN)
    with pytest.raises(HarkenError):
        read_code(text)


@given(at=st.integers(0, len(PLAN) - 1), char=st.sampled_from("\t:{}[]'\"x0-\n"))
@settings(max_examples=100)
def test_a_broken_character_is_a_finding_or_harmless(at: int, char: str) -> None:
    with suppress(HarkenError):
        make_plan(PLAN[:at] + char + PLAN[at + 1 :])


def test_a_code_is_read_in_the_order_of_its_stages() -> None:
    code = make_code()
    assert code.id == "code-2015"
    assert code.stages == ("report", "trial")
    assert code.entitlement("C15-POL-06").agencies == ("police", "cps")
    with pytest.raises(KeyError):
        code.entitlement("C15-POL-99")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: C15-POL-06", "id: C15-POL-04", "CMP-030"),
        ("victim_reportable: partly", "victim_reportable: prtly", "SRC-005"),
        ("title: Support given, ", "", "SRC-004"),
    ],
)
def test_mistakes_of_a_code_are_found(old: str, new: str, code: str) -> None:
    with pytest.raises(HarkenError, match=code):
        make_code(CODE.replace(old, new))


def test_an_edition_without_entitlements_is_refused() -> None:
    with pytest.raises(HarkenError, match="CMP-031"):
        make_code("meta: {title: A}\nagencies: {police: P}\nentitlements: []\n")


@pytest.mark.parametrize(("name", "count"), [("code-2015", 56), ("code-2021", 80)])
def test_both_editions_of_the_demo_study_are_read(name: str, count: int) -> None:
    path = STUDY / "code" / f"{name}.yaml"
    code = read_code(path.read_text(encoding="utf-8"), path.name)
    assert (code.id, len(code.entitlements)) == (name, count)
    assert "support-complaint" in code.stages
