"""Withdrawing between handing in and collecting. Proves DP-06: nobody else is held up."""

from __future__ import annotations

import pytest

from harken.method.terms import RESPONDENT, SYSTEM, CaseRef
from harken.service.anonymisation import actions
from harken.service.interview import actions as interviews
from harken.service.interview.models import FreeText, Interview
from harken.service.response import intake
from harken.service.response.models import Response
from harken.service.vault import actions as vault
from tests.make.contact import ref_of
from tests.make.sitting import NOW, make_open_study, make_sitting

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
