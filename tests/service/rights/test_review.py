"""An opening in an emergency is reviewed within a day by a third person: PRV 62."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from harken import cli
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.terms import Actor, Role
from harken.service.accounts import session
from harken.service.anonymisation import readiness
from harken.service.ledger import queries as ledger
from harken.service.rights import emergency, queries
from harken.service.rights.models import Emergency, Incident
from harken.service.study.models import Study
from tests.make.accounts import OPERATOR, sign_in
from tests.make.contact import make_invitation
from tests.make.sitting import NOW, make_open_study
from tests.make.vault import CONTROLLER, GUARDIAN, HELPDESK, MANAGER

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

OTHER = Actor("guardian-2", Role.GUARDIAN)
SAFE = Actor("safeguarding-1", Role.SAFEGUARDING)
HOUR = dt.timedelta(hours=1)
LATER = NOW + HOUR
WHY = "The threat was real."


def allowed(study: Study, *, by: Actor = GUARDIAN) -> Emergency:
    code = make_invitation(study)
    row = emergency.ask(study, code, reason="A threat.", by=MANAGER, at=NOW)
    emergency.allow(row, by=by, at=NOW)
    row.refresh_from_db()
    return row


def opened(study: Study, *, by: Actor = GUARDIAN) -> Emergency:
    row = allowed(study, by=by)
    emergency.open_person(row, by=MANAGER, at=NOW)
    row.refresh_from_db()
    return row


def looked_at(row: Emergency, judgement: str = "justified", *, by: Actor) -> None:
    emergency.review(row, judgement, reason=WHY, by=by, at=LATER)
    row.refresh_from_db()


@pytest.mark.parametrize("by", [OTHER, CONTROLLER])
def test_a_third_person_reviews_it_once_when_it_is_over(by: Actor) -> None:
    row = opened(make_open_study())
    with pytest.raises(HarkenError, match="RIG-016"):
        emergency.review(row, "justified", reason=WHY, by=by, at=NOW)
    looked_at(row, by=by)
    assert (row.judgement, row.reviewed_by, row.reviewed_at) == (
        "justified",
        by.label,
        LATER,
    )
    assert WHY.encode() not in bytes(row.whom.review)
    assert emergency.found(row) == WHY
    (entry,) = ledger.entries(event=Event.EMERGENCY_REVIEWED)
    assert (entry.subject, entry.at, entry.role) == (row.number, LATER, by.role.value)
    assert "threat" not in entry.body
    with pytest.raises(HarkenError, match="RIG-016"):
        emergency.review(row, "not_justified", reason=WHY, by=by, at=LATER)


def test_neither_of_the_two_reviews_it_and_no_other_role() -> None:
    study = make_open_study()
    row = opened(study)
    with pytest.raises(HarkenError, match="RIG-015"):
        emergency.review(row, "justified", reason=WHY, by=GUARDIAN, at=LATER)
    for by in (MANAGER, HELPDESK, SAFE, Actor("system", Role.SYSTEM)):
        with pytest.raises(HarkenError, match="ACC-001"):
            emergency.review(row, "justified", reason=WHY, by=by, at=LATER)
    asked = emergency.ask(
        study, make_invitation(study), reason="A threat.", by=GUARDIAN, at=NOW
    )
    emergency.allow(asked, by=SAFE, at=NOW)
    emergency.open_person(asked, by=GUARDIAN, at=NOW)
    with pytest.raises(HarkenError, match="RIG-015"):
        emergency.review(asked, "justified", reason=WHY, by=GUARDIAN, at=LATER)
    with pytest.raises(IntegrityError):
        Emergency.objects.filter(pk=row.pk).update(reviewed_by=GUARDIAN.label)


def test_a_review_has_a_judgement_and_a_reason_and_something_to_look_at() -> None:
    study = make_open_study()
    row = opened(study)
    with pytest.raises(HarkenError, match="RIG-003"):
        emergency.review(row, "justified", reason=" ", by=OTHER, at=LATER)
    with pytest.raises(HarkenError, match="RIG-008"):
        emergency.review(row, "perhaps", reason=WHY, by=OTHER, at=LATER)
    unopened = allowed(study)
    with pytest.raises(HarkenError, match="RIG-016"):
        emergency.review(unopened, "justified", reason=WHY, by=OTHER, at=LATER)


def test_the_clock_and_the_alarm_run_from_the_first_opening(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study = make_open_study()
    allowed(study)
    assert readiness.alarms(at=NOW) == []
    assert queries.due(at=NOW) == []
    row = opened(study)
    emergency.open_person(row, by=MANAGER, at=NOW + HOUR / 4)
    end = NOW + 24 * HOUR
    for at, late in ((end, False), (end + dt.timedelta(seconds=1), True)):
        (alarm,) = readiness.alarms(at=at)
        assert "One opening in an emergency" in alarm.says
        assert alarm.overdue is late
        (due,) = queries.due(at=at)
        assert (due.what, due.clock.due, due.clock.overdue) == ("emergency", end, late)
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        assert cli.main(["rights", "due"]) == (4 if late else 0)
        assert row.number in capsys.readouterr().out
        assert cli.main(["destroy", "alarm"]) == (4 if late else 0)
    emergency.review(row, "justified", reason=WHY, by=OTHER, at=end + HOUR)
    assert readiness.alarms(at=end + HOUR) == []
    (entry,) = ledger.entries(event=Event.EMERGENCY_REVIEWED)
    assert '"too_late":1' in entry.body.replace(" ", "")
    (due,) = queries.due(at=end + HOUR)
    assert (due.open, due.says) == (False, "justified")


def test_the_destruction_waits_for_it_in_its_list() -> None:
    study = make_open_study()
    row = opened(study)

    def holds() -> bool:
        points = readiness.points(study, at=LATER)
        (point,) = [one for one in points if "emergency" in one.what]
        return point.holds

    assert not holds()
    looked_at(row, by=OTHER)
    assert holds()


def test_an_opening_that_was_not_justified_opens_one_incident() -> None:
    study = make_open_study()
    row = opened(study)
    with pytest.raises(HarkenError, match="RIG-016"):
        emergency.open_incident(row, by=OTHER, at=LATER)
    looked_at(row, "not_justified", by=OTHER)
    at = LATER + HOUR
    number = emergency.open_incident(row, by=OTHER, at=at)
    assert emergency.open_incident(row, by=CONTROLLER, at=at) == number
    incident = Incident.objects.get()
    assert (incident.number, incident.people, incident.kind) == (number, 1, "disclosed")
    assert incident.report_by == LATER + 72 * HOUR
    fine = opened(study)
    looked_at(fine, by=OTHER)
    with pytest.raises(HarkenError, match="RIG-016"):
        emergency.open_incident(fine, by=OTHER, at=LATER)


def test_on_the_page_the_controller_reviews_and_opens_an_incident(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shift = (timezone.now().date() - NOW.date()).days
    study = make_open_study(shift_days=shift)
    one, two, third = Client(), Client(), Client()
    sign_in(one, Role.MANAGER)
    sign_in(two, Role.GUARDIAN)
    sign_in(third, Role.CONTROLLER)
    form = {"study": study.slug, "code": make_invitation(study), "reason": "A threat."}
    to = one.post("/guard/rights/emergencies/", form)["Location"]
    page = f"{to}review"
    assert b"nothing to review" in third.get(page).content
    two.post(to, {"act": "allow"})
    person = one.post(to, {"act": "open"}).content
    assert b"Telephone" in person
    assert b"still runs" in third.get(page).content
    one.post(to, {"act": "end"})
    assert b"Review it" in two.get(to).content
    assert b"Somebody else must look" in two.get(page).content
    assert two.post(page, {"judgement": "justified", "reason": WHY}).status_code == 422
    assert page.encode() in third.get("/guard/rights/").content
    shown = third.get(page)
    assert b"A threat." in shown.content
    assert b"Telephone" not in shown.content
    assert third.post(page, {"judgement": "justified"}).status_code == 422
    wrong = {"judgement": "not_justified", "reason": WHY}
    assert third.post(page, wrong).status_code == 302
    assert WHY.encode() in third.get(page).content
    to = third.post(page, {"act": "incident"})["Location"]
    assert "/guard/rights/incidents/I-" in to
    assert third.get(to).status_code == 200
    assert b"was opened" in third.get(page).content
    assert third.get("/guard/rights/emergencies/E-NOBODY/review").status_code == 404
    assert one.get(page).status_code == 403
    helpdesk = Client()
    sign_in(helpdesk, Role.HELPDESK)
    assert page.encode() not in helpdesk.get("/guard/rights/").content


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.GUARDIAN])
def test_a_review_needs_a_proof_of_the_last_five_minutes(role: Role) -> None:
    shift = (timezone.now().date() - NOW.date()).days
    study = make_open_study(shift_days=shift)
    at = timezone.now() - HOUR
    row = emergency.ask(
        study, make_invitation(study), reason="A threat.", by=MANAGER, at=at
    )
    emergency.allow(row, by=SAFE, at=at)
    emergency.open_person(row, by=MANAGER, at=at)
    client = Client()
    sign_in(client, role)
    store = client.session
    store[session.BEGAN] = store[session.BEGAN] - 6 * 60
    store.save()
    page = f"/guard/rights/emergencies/{row.number}/review"
    assert client.get(page).status_code == 200
    answer = client.post(page, {"judgement": "justified", "reason": WHY})
    assert answer["Location"].startswith("/staff/again/")
    row.refresh_from_db()
    assert row.reviewed_at is None


@pytest.mark.parametrize("asker", [MANAGER, Actor(OPERATOR.label, Role.MANAGER)])
def test_it_is_said_when_one_of_the_two_made_the_reviewers_account(
    asker: Actor,
) -> None:
    shift = (timezone.now().date() - NOW.date()).days
    at = timezone.now() - HOUR
    study = make_open_study(shift_days=shift)
    code = make_invitation(study)
    row = emergency.ask(study, code, reason="A threat.", by=asker, at=at)
    emergency.allow(row, by=GUARDIAN, at=at)
    emergency.open_person(row, by=asker, at=at)
    client = Client()
    sign_in(client, Role.GUARDIAN)
    page = client.get(f"/guard/rights/emergencies/{row.number}/review").content
    assert (b"made or changed your account" in page) is (asker is not MANAGER)
