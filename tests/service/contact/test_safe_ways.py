"""Safe ways to reach somebody: sealed, obeyed, asked again, gone with the person.

Proves SAF-10 (the record, its expiry and its confirmation) and SAF-12 (after a drop the
recorded rule is followed).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.db import connection

from harken.method.contact import Outcome
from harken.method.contact.safe import COUNTS_FOR, CallBack, SafeWays
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.terms import Actor, CaseRef, Role
from harken.service.anonymisation import actions as anonymisation
from harken.service.contact import actions, queries, safe
from harken.service.contact import models as rows
from harken.service.ledger import queries as ledger
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from tests.make.contact import (
    CALLING,
    HELPDESK,
    INTERVIEWER,
    MANAGER,
    SECOND,
    WAYS,
    make_field_study,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

NEXT_DAY = CALLING + dt.timedelta(days=1)


def taken(study: Study) -> CaseRef:
    """The case lent to the interviewer."""
    card = queries.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    assert card is not None
    return card.ref


def kept_and_called(study: Study, ways: SafeWays, outcome: Outcome) -> CaseRef:
    """A case with a record, and one call written down."""
    ref = taken(study)
    safe.keep(study, ref, ways, by=INTERVIEWER, at=CALLING)
    actions.record_attempt(study, ref, outcome=outcome, by=INTERVIEWER, at=CALLING)
    return ref


def test_the_words_are_sealed_and_only_the_holder_of_the_case_opens_them() -> None:
    study = make_field_study()
    ref = taken(study)
    assert safe.kept(study, ref, by=INTERVIEWER, at=CALLING) is None
    safe.keep(study, ref, WAYS, by=INTERVIEWER, at=CALLING)
    row = rows.SafeWays.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contact_safeways")
        stored = repr(cursor.fetchall()) + repr(bytes(row.sealed))
    assert "Quillanne" not in stored
    assert "umbrella" not in stored
    found = safe.kept(study, ref, by=INTERVIEWER, at=CALLING)
    assert found is not None
    assert found.ways == WAYS
    assert not found.expired
    for other in (SECOND, HELPDESK, MANAGER):
        with pytest.raises(HarkenError) as error:
            safe.kept(study, ref, by=other, at=CALLING)
        assert error.value.findings[0].fault.code in {"CON-016", "ACC-001"}
    assert "Quillanne" in safe.told(study, ref)
    assert safe.told(study, CaseRef("0" * 32)) == ""


def test_calls_obey_the_hours_and_the_channels() -> None:
    study = make_field_study()
    ref = kept_and_called(study, WAYS, Outcome.CALL_BACK)
    assert ref in queries.callable_now(study, at=NEXT_DAY)
    afternoon = NEXT_DAY.replace(hour=15)
    assert ref not in queries.callable_now(study, at=afternoon)
    saturday = NEXT_DAY + dt.timedelta(days=3)
    assert ref not in queries.callable_now(study, at=saturday)
    other = kept_and_called(study, replace(WAYS, phone=False), Outcome.CALL_BACK)
    assert other not in queries.callable_now(study, at=NEXT_DAY)
    row = Case.objects.get(ref=ref)
    assert (row.post_ok, row.no_voicemail) == (False, True)


@pytest.mark.parametrize(
    ("rule", "again"), [(CallBack.US, True), (CallBack.THEM, False)]
)
def test_after_a_drop_the_recorded_rule_is_followed(
    rule: CallBack, *, again: bool
) -> None:
    study = make_field_study()
    ref = kept_and_called(study, replace(WAYS, call_back=rule), Outcome.DROPPED)
    assert ref not in queries.callable_now(study, at=CALLING)
    assert (ref in queries.callable_now(study, at=NEXT_DAY)) is again
    counts = queries.monitoring(study, NEXT_DAY).safe_ways
    assert counts == {"kept": 1, "expired": 0, "they_call": int(not again)}


def test_an_old_record_is_obeyed_until_the_person_is_asked_again() -> None:
    study = make_field_study()
    ref = taken(study)
    safe.keep(study, ref, WAYS, by=INTERVIEWER, at=CALLING)
    late = CALLING + COUNTS_FOR
    rows.Lease.objects.update(until=late + dt.timedelta(hours=1))
    old = safe.kept(study, ref, by=INTERVIEWER, at=late)
    assert old is not None
    assert old.expired
    assert old.ways.hours == WAYS.hours
    assert queries.monitoring(study, late).safe_ways["expired"] == 1
    safe.confirm(study, ref, by=INTERVIEWER, at=late)
    again = safe.kept(study, ref, by=INTERVIEWER, at=late)
    assert again is not None
    assert not again.expired


def test_the_ledger_says_that_a_record_changed_and_nothing_of_it() -> None:
    study = make_field_study()
    ref = taken(study)
    safe.confirm(study, ref, by=INTERVIEWER, at=CALLING)  # there is nothing to confirm
    safe.keep(study, ref, WAYS, by=INTERVIEWER, at=CALLING)
    safe.keep(study, ref, replace(WAYS, post=True), by=INTERVIEWER, at=CALLING)
    safe.confirm(study, ref, by=INTERVIEWER, at=CALLING)
    actions.opt_out(study, ref, channel="phone", by=HELPDESK, at=CALLING)
    bodies = [
        json.loads(body)
        for body in ledger.entries(event=Event.SAFE_WAYS_CHANGED).values_list(
            "body", flat=True
        )
    ]
    said = [row["reason"] for row in bodies]
    assert said == ["recorded", "changed", "confirmed", "forgotten"]
    assert all(row["counts"] == {"records": 1} for row in bodies)
    assert all(row["subject"] == "" and ref not in str(row) for row in bodies)


def test_the_record_goes_with_a_no_and_with_a_withdrawal() -> None:
    study = make_field_study()
    ref = kept_and_called(study, WAYS, Outcome.CALL_BACK)
    actions.opt_out(study, ref, channel="phone", by=HELPDESK, at=CALLING)
    assert not rows.SafeWays.objects.exists()
    other = kept_and_called(study, WAYS, Outcome.CALL_BACK)
    guardian = Actor("g.one", Role.GUARDIAN)
    anonymisation.withdraw_case(study, other, by=guardian, at=CALLING)
    assert not rows.SafeWays.objects.exists()


def test_no_case_no_record() -> None:
    study = make_field_study()
    with pytest.raises(HarkenError) as error:
        safe.kept(study, CaseRef("0" * 32), by=INTERVIEWER, at=CALLING)
    assert error.value.findings[0].fault.code == "CON-015"
