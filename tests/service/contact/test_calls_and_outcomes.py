"""Call queue, attempts, appointments, opt-outs. Proves SAF-01, SAF-12, SAF-14, SAF-16, QA-04."""

from __future__ import annotations

import datetime as dt

import pytest

from harken.method.contact import Disposition, Outcome
from harken.method.errors import HarkenError
from harken.method.terms import RESPONDENT, Actor, CaseRef, Mode, Role
from harken.service.contact import actions, calls, queries
from harken.service.contact.models import (
    AccessCode,
    Appointment,
    Attempt,
    Lease,
    OptOut,
)
from harken.service.ledger.models import Entry
from harken.service.sampling.models import Case, OptOutMark
from tests.make.contact import (
    CALLING,
    HELPDESK,
    INTERVIEWER,
    LETTERS_AT,
    SECOND,
    first_case,
    make_field_study,
    make_invitation,
    ref_of,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def refused(error: pytest.ExceptionInfo[HarkenError]) -> str:
    """The code of the first finding."""
    return error.value.findings[0].fault.code


def test_nobody_is_called_before_the_opt_out_window_has_passed() -> None:
    study = make_field_study()
    early = LETTERS_AT + dt.timedelta(days=13)
    assert queries.callable_now(study, at=early) == ()
    assert len(queries.callable_now(study, at=CALLING)) == 6


def test_an_interviewer_holds_one_case_and_nobody_else_gets_it() -> None:
    study = make_field_study()
    first = queries.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    again = queries.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    other = queries.next_case(study, interviewer=SECOND, at=CALLING)
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.ref == again.ref != other.ref
    assert first.given_name.startswith("Vireo")
    assert first.number.endswith(first.dial[-3:])
    assert first.dial not in repr(first)
    with pytest.raises(HarkenError) as error:
        actions.record_attempt(
            study, first.ref, outcome=Outcome.BUSY, by=SECOND, at=CALLING
        )
    assert refused(error) == "CON-016"
    later = CALLING + dt.timedelta(minutes=21)
    refs = [
        queries.next_case(study, interviewer=Actor(f"i{n}", Role.INTERVIEWER), at=later)
        for n in range(6)
    ]
    assert len({card.ref for card in refs if card}) == 6


def test_an_open_case_is_renewed_given_back_or_lost() -> None:
    study = make_field_study(people=8, total=2)
    card = queries.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    assert card is not None
    later = CALLING + dt.timedelta(minutes=15)
    until = actions.renew(card.ref, by=INTERVIEWER, at=later)
    assert until == later + dt.timedelta(minutes=20)
    taken = calls.take(card.ref, by=SECOND, at=later)
    assert taken is None
    actions.release(card.ref, by=INTERVIEWER)
    with pytest.raises(HarkenError) as error:
        actions.renew(card.ref, by=INTERVIEWER, at=later)
    assert refused(error) == "CON-016"


def test_when_nobody_is_due_there_is_no_card() -> None:
    study = make_field_study(people=4, total=2)
    for name in ("i.a", "i.b"):
        other = Actor(name, Role.INTERVIEWER)
        assert queries.next_case(study, interviewer=other, at=CALLING)
    assert queries.next_case(study, interviewer=INTERVIEWER, at=CALLING) is None


def test_somebody_faster_leaves_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_field_study()
    refs = queries.callable_now(study, at=CALLING)
    calls.take(refs[0], by=SECOND, at=CALLING)
    monkeypatch.setattr(calls, "callable_now", lambda study, at: refs)
    card = calls.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    assert card is not None
    assert card.ref == refs[1]


def test_whoever_is_on_the_web_is_not_called() -> None:
    study = make_field_study()
    ref = ref_of(study)
    actions.redeem(study, make_invitation(study), at=CALLING)
    assert ref not in queries.callable_now(study, at=CALLING)
    assert ref in queries.callable_now(study, at=CALLING + dt.timedelta(days=2))


def test_a_case_of_another_study_is_no_case_here() -> None:
    first, second = make_field_study(), make_field_study(slug="second")
    with pytest.raises(HarkenError) as error:
        actions.complete(first, ref_of(second), mode=Mode.WEB, at=CALLING)
    assert refused(error) == "CON-015"


def test_a_partial_interview_stays_partial_after_a_no() -> None:
    study = make_field_study()
    ref = ref_of(study)
    actions.complete(study, ref, mode=Mode.WEB, at=CALLING, partial=True)
    actions.record_attempt(
        study, ref, outcome=Outcome.PARTIAL, by=INTERVIEWER, at=CALLING
    )
    actions.opt_out(study, ref, channel="email", by=HELPDESK, at=CALLING)
    assert queries.standing(ref) is Disposition.PARTIAL


@pytest.mark.parametrize(
    "outcome", [Outcome.CALL_BACK, Outcome.NOT_SAFE, Outcome.MACHINE, Outcome.BUSY]
)
def test_a_call_that_dropped_is_not_made_again_at_once(outcome: Outcome) -> None:
    study = make_field_study(people=8, total=2)
    ref = queries.callable_now(study, at=CALLING)[0]
    actions.record_attempt(study, ref, outcome=outcome, by=INTERVIEWER, at=CALLING)
    for hours in (0, 1, 5, 19):
        later = CALLING + dt.timedelta(hours=hours)
        assert ref not in queries.callable_now(study, at=later)


def test_a_call_is_written_once_and_spaces_the_next() -> None:
    study = make_field_study(people=8, total=2)
    card = queries.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    assert card is not None
    found = actions.record_attempt(
        study, card.ref, outcome=Outcome.RANG_OUT, by=INTERVIEWER, at=CALLING
    )
    assert found is Disposition.NO_REPLY
    assert not Lease.objects.exists()
    assert card.ref not in queries.callable_now(study, at=CALLING)
    tomorrow = CALLING + dt.timedelta(hours=24)
    assert queries.callable_now(study, at=tomorrow)[-1] == card.ref
    attempt = Attempt.objects.get()
    assert (attempt.line, attempt.disposition) == ("rang_out", "0.2")


def test_a_soft_refusal_is_final_for_a_sensitive_case_only() -> None:
    study = make_field_study()
    cases = list(Case.objects.filter(status=Case.Status.ISSUED))[:2]
    Case.objects.filter(pk=cases[0].pk).update(sensitive=True)
    found = [
        actions.record_attempt(
            study,
            CaseRef(case.ref),
            outcome=Outcome.SOFT_REFUSAL,
            by=INTERVIEWER,
            at=CALLING,
        )
        for case in cases
    ]
    assert found == [Disposition.REFUSAL, Disposition.SOFT_REFUSAL]


def test_a_late_refusal_keeps_the_case_closed() -> None:
    study = make_field_study()
    ref = ref_of(study)
    actions.record_attempt(
        study, ref, outcome=Outcome.REFUSAL, by=INTERVIEWER, at=CALLING
    )
    assert OptOut.objects.get().channel == "call"
    for outcome in (Outcome.CALL_BACK, Outcome.INTERVIEW):
        with pytest.raises(HarkenError) as error:
            actions.record_attempt(
                study, ref, outcome=outcome, by=INTERVIEWER, at=CALLING
            )
        assert refused(error) == "CON-001"
    with pytest.raises(HarkenError) as error:
        actions.complete(study, ref, mode=Mode.WEB, at=CALLING)
    assert refused(error) == "CON-001"


def test_an_opt_out_through_any_channel_stops_every_channel_at_once() -> None:
    study = make_field_study()
    ref = ref_of(study)
    make_invitation(study)
    monday = CALLING + dt.timedelta(days=6)
    actions.book(study, ref, when=monday, by=INTERVIEWER, at=CALLING)
    for channel, by in (("web", RESPONDENT), ("phone", HELPDESK), ("web", RESPONDENT)):
        actions.opt_out(study, ref, channel=channel, by=by, at=CALLING)
    assert OptOut.objects.get().channel == "web"
    assert not AccessCode.objects.filter(state="live").exists()
    assert not Appointment.objects.filter(over=False).exists()
    assert ref not in queries.callable_now(study, at=monday)
    assert queries.standing(ref) is Disposition.REFUSAL
    assert OptOutMark.objects.filter(study=study).count() == 2
    assert Entry.objects.filter(event="opted_out").count() == 1
    with pytest.raises(HarkenError) as error:
        actions.book(study, ref, when=monday, by=INTERVIEWER, at=CALLING)
    assert refused(error) == "CON-021"


def test_an_appointment_comes_first_when_it_is_due_and_waits_before() -> None:
    study = make_field_study()
    ref = queries.callable_now(study, at=CALLING)[-1]
    when = CALLING + dt.timedelta(hours=2)
    actions.record_attempt(
        study, ref, outcome=Outcome.APPOINTMENT, by=INTERVIEWER, at=CALLING
    )
    actions.book(study, ref, when=when, by=INTERVIEWER, at=CALLING)
    assert ref not in queries.callable_now(study, at=CALLING)
    assert queries.callable_now(study, at=when)[0] == ref


def test_an_appointment_is_over_once_it_was_called_even_a_little_early() -> None:
    study = make_field_study()
    ref = queries.callable_now(study, at=CALLING)[0]
    when = CALLING + dt.timedelta(hours=2)
    actions.book(study, ref, when=when, by=INTERVIEWER, at=CALLING)
    early = when - dt.timedelta(minutes=4)
    assert queries.callable_now(study, at=early)[0] == ref
    actions.record_attempt(
        study, ref, outcome=Outcome.RANG_OUT, by=INTERVIEWER, at=early
    )
    assert ref not in queries.callable_now(study, at=when)
    assert queries.standing(ref) is Disposition.NO_REPLY


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (dt.datetime(2026, 2, 23, 11, tzinfo=dt.UTC), "passed"),
        (dt.datetime(2026, 5, 4, 11, tzinfo=dt.UTC), "closed"),
        (dt.datetime(2026, 4, 3, 11, tzinfo=dt.UTC), "bank holiday"),
        (dt.datetime(2026, 3, 2, 22, tzinfo=dt.UTC), "hour"),
        (dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), "hour"),
    ],
)
def test_an_appointment_needs_a_time_with_calls(when: dt.datetime, why: str) -> None:
    study = make_field_study()
    with pytest.raises(HarkenError, match=why):
        actions.book(study, ref_of(study), when=when, by=INTERVIEWER, at=CALLING)


def test_completing_ends_codes_and_calls_and_counts_in_the_rates() -> None:
    study = make_field_study()
    ref = ref_of(study)
    make_invitation(study)
    actions.complete(study, ref, mode=Mode.TELEPHONE, at=CALLING)
    actions.complete(study, ref, mode=Mode.TELEPHONE, at=CALLING)
    assert ref not in queries.callable_now(study, at=CALLING)
    rates = queries.rates(study)
    assert rates["RR1"].value == pytest.approx(1 / 6)
    seen = queries.monitoring(study, CALLING)
    assert sum(line.telephone for line in seen.by_area) == 1
    finals = sorted(code for _, _, code in queries.final_dispositions(study))
    assert finals == ["1.1"] + ["3.19"] * 5


def test_an_interview_on_the_telephone_counts_as_one() -> None:
    study = make_field_study()
    actions.record_attempt(
        study, ref_of(study), outcome=Outcome.INTERVIEW, by=INTERVIEWER, at=CALLING
    )
    lines = queries.monitoring(study, CALLING).by_crime_group
    assert (sum(x.telephone for x in lines), sum(x.web for x in lines)) == (1, 0)


def test_a_respondent_or_statistician_cannot_record_calls_or_opt_others_out() -> None:
    study = make_field_study()
    ref = ref_of(study)
    statistician = Actor("s.one", Role.STATISTICIAN)
    for act in (
        lambda: actions.record_attempt(
            study, ref, outcome=Outcome.BUSY, by=RESPONDENT, at=CALLING
        ),
        lambda: actions.opt_out(
            study, ref, channel="letter", by=statistician, at=CALLING
        ),
        lambda: queries.next_case(study, interviewer=HELPDESK, at=CALLING),
    ):
        with pytest.raises(HarkenError) as error:
            act()
        assert refused(error) == "ACC-001"
    assert first_case(study).ref == ref
