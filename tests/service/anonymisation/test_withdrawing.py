"""Withdrawing between handing in and collecting. Proves DP-06: nobody else is held up."""

from __future__ import annotations

import pytest
from django.db import transaction

from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.rights import RequestKind
from harken.method.terms import RESPONDENT, SYSTEM, CaseRef
from harken.service.anonymisation import actions
from harken.service.interview import actions as interviews
from harken.service.interview.models import FreeText, Interview
from harken.service.ledger import queries as ledger
from harken.service.response import intake
from harken.service.response.models import Response
from harken.service.rights import actions as rights
from harken.service.vault import actions as vault
from harken.service.vault import queries as keys
from harken.service.vault.models import Sealed
from tests.make.contact import make_invitation, ref_of
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import GUARDIAN, HELPDESK

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)


def test_answers_handed_in_and_withdrawn_before_the_intake_are_deleted() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study), words="A secret sentence.")
    receipt = interviews.submit(row, by=RESPONDENT, at=NOW)
    actions.withdraw_response(study, receipt, at=NOW)
    assert not Interview.objects.exists()
    assert not FreeText.objects.exists()
    assert intake.collect(study, by=SYSTEM, at=NOW) == 0
    assert not Response.objects.exists()


def test_an_intake_passes_over_whose_keys_are_refused_and_empties_the_draft() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study), words="A secret sentence.")
    interviews.submit(row, by=RESPONDENT, at=NOW)
    vault.withdraw(study, CaseRef(row.case), by=RESPONDENT, at=NOW)
    assert intake.collect(study, by=SYSTEM, at=NOW) == 0
    held = Interview.objects.get()
    assert (held.collected, bytes(held.document)) == (True, b"")
    assert intake.collect(study, by=SYSTEM, at=NOW) == 0


def test_a_withdrawal_that_was_cut_short_is_ended_by_the_next_try() -> None:
    """The holder refuses the keys at once; what the database forgot is done again."""
    study = make_open_study()
    ref = ref_of(study)
    interviews.submit(make_sitting(study, ref), by=RESPONDENT, at=NOW)
    intake.collect(study, by=SYSTEM, at=NOW)
    code = make_invitation(study)
    request = rights.take_in(
        study, RequestKind.ERASURE, channel="phone", code=code, by=HELPDESK, at=NOW
    )
    with transaction.atomic():
        actions.withdraw_case(study, ref, by=HELPDESK, at=NOW)
        transaction.set_rollback(True)  # the power went
    assert keys.status(study, ref) is keys.KeyStatus.WITHDRAWN
    assert Sealed.objects.filter(ref=ref).exists()
    rights.answer(request, checked="two_facts", reason="Asked.", by=GUARDIAN, at=NOW)
    assert not Sealed.objects.filter(ref=ref).exists()
    assert not Interview.objects.exists()
    assert not Response.objects.exists()
    assert ledger.entries(study=study.slug, event=Event.PERSON_WITHDRAWN).count() == 1
    actions.withdraw_case(study, ref, by=HELPDESK, at=NOW)
    assert ledger.entries(study=study.slug, event=Event.PERSON_WITHDRAWN).count() == 1


def test_a_response_deleted_on_request_stands_in_the_ledger_whatever_comes_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_open_study()
    interviews.submit(make_sitting(study, ref_of(study)), by=RESPONDENT, at=NOW)
    intake.collect(study, by=SYSTEM, at=NOW)
    code = make_invitation(study)
    request = rights.take_in(
        study, RequestKind.ERASURE, channel="phone", code=code, by=HELPDESK, at=NOW
    )

    def power_goes(*_row: object, **_how: object) -> None:
        raise ConnectionError

    asked = {"checked": "two_facts", "reason": "Asked.", "by": GUARDIAN, "at": NOW}
    with monkeypatch.context() as patched:
        patched.setattr(rights, "_close", power_goes)
        with pytest.raises(ConnectionError):
            rights.answer(request, **asked)
    withdrawn = ledger.entries(study=study.slug, event=Event.RESPONSE_WITHDRAWN)
    assert not Response.objects.exists()
    assert withdrawn.count() == 1
    rights.answer(request, **asked)
    assert withdrawn.count() == 1
    request.refresh_from_db()
    assert (request.state, request.rerun) == ("done", True)


def test_who_came_without_a_letter_takes_the_answers_back_with_the_receipt() -> None:
    """The open arm knows no name; its receipt is the only way back (DP-06)."""
    study = make_open_study()
    receipt = interviews.submit(make_sitting(study), by=RESPONDENT, at=NOW)
    assert intake.collect(study, by=SYSTEM, at=NOW) == 1
    actions.withdraw_response(study, receipt, at=NOW)
    assert not Response.objects.exists()
    assert not Interview.objects.exists()
    with pytest.raises(HarkenError, match="ANO-113"):
        actions.withdraw_response(study, receipt, at=NOW)
