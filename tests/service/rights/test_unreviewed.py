"""An opening in an emergency that nobody reviewed outlives the person's keys: PRV 62, DP-04.

The row of the register stays, without whom it was about; the alarm goes on until somebody
says that it was not reviewed, and says it in the ledger.
"""

from __future__ import annotations

import datetime as dt
import json
import time

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from harken import cli
from harken.method.errors import AwayError, HarkenError
from harken.method.ledger import Event
from harken.method.terms import SYSTEM, Actor, CaseRef, Role
from harken.service.anonymisation import execute, readiness
from harken.service.ledger import queries as ledger
from harken.service.response import intake
from harken.service.rights import emergency, queries
from harken.service.rights.models import Emergency, EmergencyCase, Incident
from harken.service.sampling import queries as sampling
from harken.service.study import actions as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import reach
from tests.make.accounts import sign_in
from tests.make.anonymisation import DAY, approve
from tests.make.contact import make_invitation
from tests.make.sitting import NOW, make_open_study
from tests.make.vault import CONTROLLER, GUARDIAN, MANAGER

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

OTHER = Actor("guardian-2", Role.GUARDIAN)
HOUR = dt.timedelta(hours=1)
LATER = NOW + HOUR
AFTER = DAY + dt.timedelta(days=2)
WHY = "The threat was real."


def opened(study: Study) -> Emergency:
    """An emergency of the first case, opened and over at LATER."""
    code = make_invitation(study)
    row = emergency.ask(study, code, reason="A threat.", by=MANAGER, at=NOW)
    emergency.allow(row, by=GUARDIAN, at=NOW)
    emergency.open_person(row, by=MANAGER, at=NOW)
    row.refresh_from_db()
    return row


def destroyed(study: Study) -> None:
    """The study's end, by the real programs."""
    studies.close_study(study, by=MANAGER, at=NOW)
    intake.close_sample(study, by=SYSTEM, at=NOW)
    approve(study)
    execute.execute(study, by=GUARDIAN, at=DAY)
    study.refresh_from_db()


def late(study: Study, *, at: dt.datetime) -> list[str]:
    """What the alarm says of openings nobody reviewed."""
    found = [alarm for alarm in readiness.alarms(at=at) if "opening" in alarm.says]
    assert all(alarm.overdue and alarm.study == study.slug for alarm in found)
    return [alarm.says for alarm in found]


def test_one_that_nobody_reviewed_does_not_vanish_with_the_study(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study = make_open_study()
    row = opened(study)
    destroyed(study)
    row = Emergency.objects.get(pk=row.pk)
    assert (row.asked_by, row.allowed_by, row.opened_at) == (
        MANAGER.label,
        GUARDIAN.label,
        NOW,
    )
    assert not EmergencyCase.objects.exists()
    (says,) = late(study, at=AFTER)
    assert "not reviewed" in says
    monkeypatch.setattr(timezone, "now", lambda: AFTER)
    assert cli.main(["destroy", "alarm"]) == 4
    assert cli.main(["rights", "due"]) == 4
    assert row.number in capsys.readouterr().out
    (due,) = queries.due(at=AFTER, study=study)
    assert (due.open, due.clock.overdue) == (True, True)
    assert emergency.gone(row)
    assert (emergency.why(row), emergency.found(row)) == ("", "")
    for judgement in ("justified", "not_justified"):
        with pytest.raises(HarkenError, match="RIG-019"):
            emergency.review(row, judgement, reason=WHY, by=OTHER, at=AFTER)
    with pytest.raises(HarkenError, match="RIG-015"):
        emergency.review(row, "not_reviewed", reason="", by=GUARDIAN, at=AFTER)
    emergency.review(row, "not_reviewed", reason="", by=CONTROLLER, at=AFTER)
    assert late(study, at=AFTER) == []
    (due,) = queries.due(at=AFTER, study=study)
    assert (due.open, due.says) == (False, "not reviewed")
    (entry,) = ledger.entries(event=Event.EMERGENCY_REVIEWED)
    body = json.loads(entry.body)
    assert (body["reason"], body["counts"]) == ("not_reviewed", {"too_late": 1})
    with pytest.raises(HarkenError, match="RIG-016"):
        emergency.review(row, "not_reviewed", reason="", by=OTHER, at=AFTER)


def test_one_that_was_reviewed_keeps_its_judgement_and_loses_its_words() -> None:
    study = make_open_study()
    row = opened(study)
    emergency.review(row, "justified", reason=WHY, by=OTHER, at=LATER)
    destroyed(study)
    row = Emergency.objects.get(pk=row.pk)
    assert (row.judgement, row.reviewed_by) == ("justified", OTHER.label)
    assert (emergency.why(row), emergency.found(row)) == ("", "")
    assert late(study, at=AFTER) == []


def test_while_the_reason_can_be_read_it_is_judged_and_not_given_up() -> None:
    row = opened(make_open_study())
    assert not emergency.gone(row)
    with pytest.raises(HarkenError, match="RIG-019"):
        emergency.review(row, "not_reviewed", reason="", by=OTHER, at=LATER)
    assert ledger.entries(event=Event.EMERGENCY_REVIEWED).count() == 0


def test_a_clock_set_back_is_nobodys_end(settings: LazySettings) -> None:
    settings.STATED_CLOCK = False
    row = opened(make_open_study(shift_days=(timezone.now().date() - NOW.date()).days))
    desk, _ = reach._within()
    desk.clock = lambda: time.time() + HOUR.total_seconds()
    assert not emergency.gone(row)
    desk.clock = time.time
    for look in (emergency.gone, emergency.why):
        with pytest.raises(AwayError, match="VAU-119"):
            look(row)
    with pytest.raises(AwayError, match="VAU-119"):
        emergency.review(row, "not_reviewed", reason="", by=OTHER, at=LATER)
    assert ledger.entries(event=Event.EMERGENCY_REVIEWED).count() == 0


def test_the_reason_of_somebody_who_withdrew_is_gone_before_the_study_ends() -> None:
    study = make_open_study()
    row = opened(study)
    ref = CaseRef(row.whom.ref)
    assert ref in {case.ref for case in sampling.issued(study)}
    vault.withdraw(study, ref, by=GUARDIAN, at=LATER)
    assert emergency.gone(row)
    with pytest.raises(HarkenError, match="RIG-019"):
        emergency.review(row, "justified", reason=WHY, by=OTHER, at=LATER)
    emergency.review(row, "not_reviewed", reason="", by=OTHER, at=LATER)
    row.refresh_from_db()
    number = emergency.open_incident(row, by=OTHER, at=LATER)
    assert Incident.objects.get().number == number
    (entry,) = ledger.entries(event=Event.EMERGENCY_REVIEWED)
    assert json.loads(entry.body)["counts"] == {"too_late": 0}


def test_on_the_page_it_is_closed_as_not_reviewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_open_study()
    row = opened(study)
    destroyed(study)
    monkeypatch.setattr(timezone, "now", lambda: AFTER)
    third, manager = Client(), Client()
    sign_in(third, Role.CONTROLLER)
    sign_in(manager, Role.MANAGER)
    page = f"/guard/rights/emergencies/{row.number}/review"
    shown = third.get(page).content.decode()
    assert "cannot be read any more" in shown
    assert "Close it as not reviewed" in shown
    assert 'value="justified"' not in shown
    seen = manager.get(f"/guard/rights/emergencies/{row.number}/").content.decode()
    assert "cannot be read any more" in seen
    sent = third.post(page, {"act": "review", "judgement": "justified", "reason": WHY})
    assert sent.status_code == 422
    answer = third.post(page, {"act": "review", "judgement": "not_reviewed"})
    assert answer.status_code == 302
    assert "not reviewed" in third.get(page).content.decode().lower()
    assert "not reviewed" in third.get("/guard/rights/").content.decode()
