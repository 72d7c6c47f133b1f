"""Dispositions and rates on the AAPOR standard. Proves QA-04."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.contact import Disposition, Outcome, after, rates
from harken.method.contact.disposition import TRANSITIONS, Group, Line
from harken.method.contact.rates import eligible_share
from harken.method.errors import HarkenError

OPEN = [disposition for disposition in Disposition if not disposition.final]


def test_every_final_code_has_its_letter_and_every_open_one_ends() -> None:
    for disposition in Disposition:
        assert disposition.final == (disposition.group is not Group.OPEN)
        assert disposition.at_close().final
    assert Disposition.COMPLETE.group is Group.I
    assert Disposition.NOTHING_RETURNED.group is Group.UH
    assert Disposition.SOFT_REFUSAL.at_close() is Disposition.REFUSAL
    assert Disposition.NO_REPLY.word == "no reply"


def test_a_final_case_never_opens_again_except_on_the_web() -> None:
    for now in Disposition:
        opened = {step for step in TRANSITIONS[now] if not step.final}
        if now.final:
            assert opened <= {Disposition.BEGUN}


@pytest.mark.parametrize(
    "shut",
    [
        Disposition.COMPLETE,
        Disposition.REFUSAL,
        Disposition.DECEASED,
        Disposition.NOT_ELIGIBLE,
    ],
)
def test_a_closed_case_stays_closed(shut: Disposition) -> None:
    assert shut.closed
    assert shut.become(shut) is shut
    for wanted in Disposition:
        if wanted is not shut:
            with pytest.raises(HarkenError, match="CON-001"):
                shut.become(wanted)


def test_a_letter_never_undoes_a_call() -> None:
    assert not Disposition.CALL_BACK.may_become(Disposition.LETTER_SENT)
    assert Disposition.NOT_STARTED.may_become(Disposition.LETTER_SENT)
    assert Disposition.PARTIAL.may_become(Disposition.COMPLETE)
    assert not Disposition.PARTIAL.may_become(Disposition.CALL_BACK)


def test_every_outcome_leads_from_a_fresh_case_to_its_disposition() -> None:
    for outcome in Outcome:
        found = after(Disposition.LETTER_SENT, outcome, contacted=False)
        assert found is outcome.disposition
        assert outcome.line in set(Line)
        assert "_" not in outcome.word
    assert Outcome.MACHINE.line is Line.MACHINE
    assert Outcome.REFUSAL.line is Line.ANSWERED


@pytest.mark.parametrize(
    ("now", "contacted", "then"),
    [
        (Disposition.LETTER_SENT, False, Disposition.NO_REPLY),
        (Disposition.CALL_BACK, True, Disposition.CALL_BACK),
        (Disposition.APPOINTMENT, True, Disposition.CALL_BACK),
        (Disposition.SOFT_REFUSAL, True, Disposition.SOFT_REFUSAL),
        (Disposition.BEGUN, False, Disposition.BEGUN),
    ],
)
def test_a_call_nobody_answers_undoes_nothing(
    now: Disposition, contacted: bool, then: Disposition
) -> None:
    assert after(now, Outcome.RANG_OUT, contacted=contacted) is then


def test_nobody_answering_cannot_reopen_a_final_case() -> None:
    with pytest.raises(HarkenError, match="CON-001"):
        after(Disposition.REFUSAL, Outcome.RANG_OUT, contacted=True)


def test_rates_follow_the_standards_formulas() -> None:
    cases = (
        [Disposition.COMPLETE] * 40
        + [Disposition.PARTIAL] * 5
        + [Disposition.REFUSAL] * 15
        + [Disposition.NEVER_AVAILABLE] * 10
        + [Disposition.UNABLE] * 5
        + [Disposition.NOTHING_RETURNED] * 20
        + [Disposition.NOT_ELIGIBLE] * 5
    )
    found = {name: rate.value for name, rate in rates(cases, e=0.5).items()}
    assert found == pytest.approx(
        {
            "RR1": 40 / 95,
            "RR2": 45 / 95,
            "RR3": 40 / 85,
            "COOP1": 40 / 65,
            "REF1": 15 / 95,
            "CON1": 65 / 95,
        }
    )
    assert eligible_share(cases) == 75 / 80
    assert "e = 0.938" in rates(cases)["RR3"].formula


def test_rates_of_nobody_are_no_numbers() -> None:
    assert {rate.value for rate in rates([]).values()} == {None}
    assert eligible_share([]) == 1
    with pytest.raises(ValueError, match="between"):
        rates([], e=1.2)


@given(st.lists(st.sampled_from(Disposition), max_size=60), st.floats(0, 1))
def test_rates_are_shares_and_keep_their_order(
    cases: list[Disposition], e: float
) -> None:
    found = rates(cases, e=e)
    for rate in found.values():
        assert rate.value is None or 0 <= rate.value <= 1
    first, second, third = (found[name].value for name in ("RR1", "RR2", "RR3"))
    if first is not None and second is not None and third is not None:
        assert first <= second
        assert first <= third + 1e-12


@given(st.sampled_from(OPEN), st.lists(st.sampled_from(Outcome), max_size=12))
def test_no_order_of_outcomes_leads_out_of_a_closed_case(
    now: Disposition, outcomes: list[Outcome]
) -> None:
    for outcome in outcomes:
        was = now
        try:
            now = after(now, outcome, contacted=True)
        except HarkenError:
            now = was
        if was.closed:
            assert now is was
