"""Readers meet any text: a document comes out, or a HarkenError. Proves: issue 2, fuzz."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.questionnaire import (
    Expression,
    Questionnaire,
    check,
    printed_form,
    read_questionnaire,
)
from harken.method.terms import Language, Missing, Mode
from tests.make.questionnaire import (
    AGREE,
    RECONTACT,
    REPORTED,
    make_questionnaire,
    question,
    section,
    source_of,
)

SOUND = source_of(
    AGREE,
    REPORTED,
    section(
        question("days", "number", minimum="0", maximum="9", unit="days"),
        question("some", "multiple", if_='"days > 3 and not refused(days)"'),
        question("words", "text", max_length="10"),
        sensitive="yes",
        announcement="Hard.",
    ),
    RECONTACT,
)
LETTERS = st.text(alphabet="abcxyz_01'\" \n:-[]{}(),=!<>#&*|>?%@`\\é\t", max_size=80)
WORDS = (
    "a b reported 'yes' 1 -2.5 and or not in == != < <= > >= ( ) [ ] , = ' "
    "answered( refused( has( mode 'web'"
)
PIECES = st.sampled_from(sorted(WORDS.split(" ")))
VALUES = st.one_of(
    st.sampled_from(list(Missing)),
    st.sampled_from(["yes", "no", "web", "2026-01", ""]),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.tuples(st.sampled_from(["yes", "a"])),
)


def whole(text: str) -> Questionnaire | None:
    """Read, check and print; only a HarkenError may come instead."""
    try:
        read = read_questionnaire(text, translations={Language("pl"): text})
    except HarkenError as error:
        str(error)
        return None
    check(read, languages=[Language("en"), Language("pl")], indicators=set())
    printed_form(read, mode=Mode.TELEPHONE).typst(title="x")
    return read


@settings(max_examples=300)
@given(st.text(max_size=200))
def test_any_text_is_a_questionnaire_or_a_finding(text: str) -> None:
    whole(text)


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_questionnaire_is_read_or_a_finding(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SOUND)))
    end = data.draw(st.integers(start, min(len(SOUND), start + 40)))
    damage = data.draw(st.one_of(LETTERS, st.text(max_size=20)))
    text = SOUND[:start] + damage + SOUND[end:]
    whole(text)
    try:
        read_questionnaire(text)
    except HarkenError as error:
        str(error)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=14).map(" ".join), VALUES, VALUES)
def test_any_condition_is_read_and_evaluated_or_a_finding(
    text: str, first: Missing | str | Decimal, second: Missing | str | Decimal
) -> None:
    try:
        expression = Expression.parse(text)
    except HarkenError as error:
        codes = {finding.fault.code for finding in error.findings}
        event("refused with " + " ".join(codes))
        return
    values = {"reported": first, "a": second, "mode": "web"}
    assert expression.evaluate(values) in {True, False}
    expression.mistakes(make_questionnaire().names())


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_as_a_condition_is_a_finding_or_read(text: str) -> None:
    try:
        Expression.parse(text)
    except HarkenError as error:
        str(error)


@settings(max_examples=100)
@given(VALUES)
def test_a_comparison_and_its_opposite_never_both_hold(value: Missing | str) -> None:
    values = {"a": value}
    for one, other in (
        ("a == 'yes'", "a != 'yes'"),
        ("a in ['yes']", "a not in ['yes']"),
        ("a < 3", "a >= 3"),
        ("answered(a)", "refused(a)"),
    ):
        held = [Expression.parse(text).evaluate(values) for text in (one, other)]
        assert sum(held) <= 1
        if isinstance(value, Missing) and not one.startswith("answered"):
            assert sum(held) == 0


@pytest.mark.timing
def test_a_route_of_ninety_conditions_is_quick() -> None:
    text = "reported == 'yes' and (a in ['x', 'y'] or not has(b, 'c')) and days > 3"
    conditions = [Expression.parse(text).evaluate for _ in range(90)]
    values = {"reported": "yes", "a": "y", "b": ("c",), "days": Decimal(4)}
    best = min(_spent(conditions, values) for _ in range(20))
    assert best < 0.001


def _spent(conditions: list[object], values: dict[str, object]) -> float:
    begun = time.perf_counter()
    for condition in conditions:
        condition(values)  # type: ignore[operator]
    return time.perf_counter() - begun
