"""Requests of every kind, the copy, the honest end: PRV 35, DP-05, DP-06, DP-07, DP-13."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from harken.method.contact import Outcome
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.rights import Ground, RequestKind
from harken.method.terms import CaseRef, Language, Mode, Role, Speaker
from harken.service.anonymisation import sweep
from harken.service.contact import actions as contact
from harken.service.contact import queries as contacts
from harken.service.contact import safe
from harken.service.contact.models import OptOut
from harken.service.interview import actions as interviews
from harken.service.ledger import queries as ledger
from harken.service.ledger.models import Entry
from harken.service.response import intake
from harken.service.response.models import Response
from harken.service.rights import actions, queries
from harken.service.rights.models import Asker, Request
from harken.service.sampling import queries as cases
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody, witness
from harken.service.vault.models import RecontactConsent
from tests.make.accounts import sign_in
from tests.make.anonymisation import make_certificate, make_ready
from tests.make.cohorts import enrol, signed
from tests.make.contact import (
    CALLING,
    WAYS,
    first_case,
    make_field_study,
    make_invitation,
)
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import GUARDIAN, HELPDESK, INTERVIEWER, MANAGER

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

TODAY = timezone.now()
SHIFT = (TODAY.date() - NOW.date()).days


def a_case(study: Study) -> CaseRef:
    case = cases.issued(study).first()
    assert case is not None
    return CaseRef(case.ref)


def asked(study: Study, kind: RequestKind, *, code: str | None = None) -> Request:
    """A request by telephone, tied to a case by its letter's code."""
    code = make_invitation(study) if code is None else code
    return actions.take_in(study, kind, channel="phone", code=code, by=HELPDESK, at=NOW)


def answered(row: Request, at: dt.datetime = NOW) -> Request:
    actions.answer(row, checked="called_back", reason="They asked.", by=GUARDIAN, at=at)
    return queries.request(row.number)


def last(event: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        Entry.objects.filter(event=event).order_by("position").last().body  # type: ignore[union-attr]
    )
    return found


def test_a_request_starts_its_clock_and_the_ledger_names_nobody() -> None:
    study = make_open_study()
    row = asked(study, RequestKind.ACCESS)
    # The third of April is Good Friday, and Easter Monday is none for work either.
    assert row.due_on == dt.date(2026, 4, 7)
    assert Asker.objects.get(request=row).ref == a_case(study)
    entry = last("request_received")
    assert (entry["subject"], entry["reason"]) == (row.number, "access")
    assert a_case(study) not in json.dumps(entry)


@pytest.mark.parametrize("kind", [RequestKind.WITHDRAWAL, RequestKind.ERASURE])
def test_withdrawal_during_the_interview_and_after_it(kind: RequestKind) -> None:
    study = make_open_study()
    ref = a_case(study)
    code = make_invitation(study)
    request = asked(study, kind, code=code)
    row = make_sitting(study, ref)
    interviews.submit(row, by=INTERVIEWER, at=NOW)
    intake.collect(study, by=MANAGER, at=NOW)
    assert Response.objects.filter(study=study.slug).count() == 1
    done = answered(request)
    assert done.state == Request.State.DONE
    assert done.rerun
    assert not Response.objects.filter(study=study.slug).exists()
    assert last("request_answered")["counts"] == {"analysis_to_run_again": 1}
    with pytest.raises(HarkenError, match="RIG-002"):
        answered(done)


def test_ending_a_consent_to_be_contacted_again_keeps_the_answers() -> None:
    study = make_open_study()
    ref = a_case(study)
    vault.consent_recontact(
        study,
        ref,
        purposes=["interviews"],
        until=dt.date(2027, 1, 1),
        by=INTERVIEWER,
        at=NOW,
    )
    answered(asked(study, RequestKind.RECONTACT_END))
    assert not RecontactConsent.objects.exists()
    assert queries.told(study, ref) == queries.Told()
    assert last("recontact_ended")
    answered(asked(study, RequestKind.RECONTACT_END))


def test_after_the_deadline_ending_the_consent_ends_the_keys() -> None:
    ready = make_ready()
    make_certificate(ready)
    row = actions.take_in(
        ready.study, RequestKind.RECONTACT_END, channel="letter", by=HELPDESK, at=TODAY
    )
    Asker.objects.create(request=row, ref=ready.kept[0])
    answered(row, at=dt.datetime(2026, 10, 2, tzinfo=dt.UTC))
    assert queries.keys.status(ready.study, ready.kept[0]) == "withdrawn"
    assert queries.keys.status(ready.study, ready.kept[1]) == "recontact"


@pytest.mark.parametrize("kind", [RequestKind.OBJECTION, RequestKind.RESTRICTION])
def test_an_objection_stops_every_channel(kind: RequestKind) -> None:
    study = make_open_study()
    answered(asked(study, kind))
    assert OptOut.objects.get().case.ref == a_case(study)


def test_the_copy_names_the_days_that_this_person_was_promised(data: Path) -> None:
    office = data / "controller"
    vault.name_controller(witness.make_key(office, "controller.example"), by=MANAGER)
    study = make_open_study()
    vault.extend(study, signed(office, study), by=GUARDIAN, at=NOW)
    early = first_case(study)
    (ref,) = enrol(study, 1, at=NOW)
    later = Case.objects.get(ref=ref)
    for case, days in (
        (early, ("30 September 2026", "31 March 2028")),
        (later, ("31 March 2027", "30 June 2028")),
    ):
        request = asked(study, RequestKind.ACCESS, code=make_invitation(study, case))
        text = actions.copy_for(
            request, checked="two_facts", by=GUARDIAN, at=NOW
        ).text()
        assert f"What identifies you is destroyed by {days[0]}" in text
        assert f"your contact details by {days[1]}" in text


def test_the_copy_holds_identity_answers_own_words_and_openings() -> None:
    study = make_open_study()
    ref = a_case(study)
    code = make_invitation(study)
    contact.look_up(study, code, by=HELPDESK, at=NOW)
    request = asked(study, RequestKind.ACCESS, code=code)
    row = make_sitting(study, ref)
    early = actions.copy_for(request, checked="two_facts", by=GUARDIAN, at=NOW)
    assert "By phone, Online" in early.text()
    interviews.submit(row, by=INTERVIEWER, at=NOW)
    intake.collect(study, by=MANAGER, at=NOW)
    text = actions.copy_for(request, checked="two_facts", by=GUARDIAN, at=NOW).text()
    person = queries.design(study, ref)
    assert person["crime_group"] in text
    for words in ("They were kind.", "By phone, Online", "Surname: ", "Telephone: "):
        assert words in text
    assert "because somebody rang or wrote with your code" in text
    assert "to answer a request of yours" in text
    with pytest.raises(HarkenError, match="RIG-007"):
        actions.copy_for(request, checked="", by=GUARDIAN, at=NOW)
    for other in (HELPDESK, MANAGER):
        with pytest.raises(HarkenError, match="ACC-001"):
            actions.copy_for(request, checked="two_facts", by=other, at=NOW)
        with pytest.raises(HarkenError, match="ACC-001"):
            actions.facts_of(request, by=other, at=NOW)


def test_the_copy_holds_safe_ways_letters_calls_and_who_spoke() -> None:
    """Everything that is known of a person, the words they said to the interviewer too."""
    study = make_field_study()
    card = contacts.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    assert card is not None
    case = Case.objects.get(ref=card.ref)
    safe.keep(study, card.ref, WAYS, by=INTERVIEWER, at=CALLING)
    contact.record_attempt(
        study, card.ref, outcome=Outcome.CALL_BACK, by=INTERVIEWER, at=CALLING
    )
    code = make_invitation(study, case)
    row = actions.take_in(
        study, RequestKind.ACCESS, channel="phone", code=code, by=HELPDESK, at=CALLING
    )
    text = actions.copy_for(
        row, checked="two_facts", by=GUARDIAN, at=CALLING + dt.timedelta(hours=1)
    ).text()
    assert (
        "What you told us about reaching you safely: 10:00 to 12:00 on weekday; "
        "may answer: my sister Quillanne; code word: umbrella-heron; "
        "after a dropped call we call\n"
    ) in text
    assert "24 February 2026: a call: call back\n" in text
    assert "Somebody else answered" not in text


def test_the_copy_says_that_somebody_else_answered_before_and_after_intake() -> None:
    study = make_open_study()
    request = asked(study, RequestKind.ACCESS)
    row = interviews.begin(
        study,
        ref=a_case(study),
        mode=Mode.TELEPHONE,
        language=Language("en"),
        speaker=Speaker.SPOKESPERSON,
        by=INTERVIEWER,
        at=NOW,
    )

    def says() -> bool:
        made = actions.copy_for(request, checked="two_facts", by=GUARDIAN, at=NOW)
        return "Somebody else answered for you" in made.text()

    assert says()
    for page in ("agree", "reported"):
        row = interviews.answer(
            row, page, {"value": ["yes"]}, version=row.version, by=INTERVIEWER, at=NOW
        )
    interviews.stop(row, keep=True, by=INTERVIEWER, at=NOW)
    intake.collect(study, by=MANAGER, at=NOW)
    assert Response.objects.get().proxy
    assert says()


def test_every_entry_of_the_ledger_about_one_person_is_their_access_report() -> None:
    study = make_open_study()
    code = make_invitation(study)
    contact.look_up(study, code, by=HELPDESK, at=NOW)
    report = queries.access_report(study, a_case(study), by=GUARDIAN)
    assert ("helpdesk", "identity_opened", "helpdesk") in [row[1:] for row in report]
    with pytest.raises(HarkenError, match="ACC-001"):
        queries.access_report(study, a_case(study), by=HELPDESK)


def test_a_refusal_needs_a_ground_that_fits_and_a_reason_that_is_sealed() -> None:
    study = make_open_study()
    row = asked(study, RequestKind.ERASURE)
    with pytest.raises(HarkenError, match="RIG-003"):
        actions.turn_down(row, Ground.ERASURE_RESEARCH, reason=" ", by=GUARDIAN, at=NOW)
    with pytest.raises(HarkenError, match="RIG-005"):
        actions.turn_down(row, Ground.RESEARCH, reason="x", by=GUARDIAN, at=NOW)
    actions.turn_down(
        row, Ground.ERASURE_RESEARCH, reason="Weights would break.", by=GUARDIAN, at=NOW
    )
    held = queries.request(row.number)
    assert held.state == Request.State.REFUSED
    assert queries.reason(held) == "Weights would break."
    assert b"Weights" not in bytes(Asker.objects.get().reason)
    vault.withdraw(study, a_case(study), by=HELPDESK, at=NOW)
    assert queries.reason(held) == ""


def test_a_complex_request_gets_two_months_more_once_told() -> None:
    row = asked(make_open_study(), RequestKind.ACCESS)
    for why in ("", "busy"):
        with pytest.raises(HarkenError, match="RIG-008"):
            actions.extend(row, why, by=GUARDIAN, at=NOW)
    actions.extend(row, "complex", by=GUARDIAN, at=NOW)
    assert queries.request(row.number).due_on == dt.date(2026, 6, 3)
    # Once: what is said again later, even too late, changes nothing.
    for at in (NOW, NOW + dt.timedelta(days=200)):
        actions.extend(row, "many", by=GUARDIAN, at=at)
    held = queries.request(row.number)
    assert (held.longer, held.due_on) == ("complex", dt.date(2026, 6, 3))
    (entry,) = ledger.entries(event=Event.REQUEST_EXTENDED)
    assert json.loads(entry.body)["reason"] == "complex"


def test_a_request_that_is_late_is_not_made_longer() -> None:
    row = asked(make_open_study(), RequestKind.ACCESS)
    last = dt.datetime(2026, 4, 7, 22, tzinfo=dt.UTC)
    with pytest.raises(HarkenError, match="RIG-014"):
        actions.extend(row, "complex", by=GUARDIAN, at=last + dt.timedelta(hours=1))
    assert queries.request(row.number).due_on == dt.date(2026, 4, 7)
    actions.extend(row, "complex", by=GUARDIAN, at=last)


def test_without_a_code_nobody_is_found_and_nothing_can_be_carried_out() -> None:
    study = make_open_study()
    for code in ("", "4HQ7-W9RX-C2PM"):
        row = asked(study, RequestKind.ERASURE, code=code)
        with pytest.raises(HarkenError, match="RIG-004"):
            answered(row)
    with pytest.raises(HarkenError, match="RIG-008"):
        actions.take_in(
            study, RequestKind.ACCESS, channel="pigeon", by=HELPDESK, at=NOW
        )


def test_after_the_link_is_gone_we_cannot_identify_and_name_the_certificate() -> None:
    ready = make_ready()
    row = actions.take_in(
        ready.study, RequestKind.ACCESS, channel="phone", by=HELPDESK, at=TODAY
    )
    Asker.objects.create(request=row, ref=ready.doomed[0])
    assert queries.certificate_of(ready.study) == ""
    certificate = make_certificate(ready)
    assert not Asker.objects.exists()
    with pytest.raises(HarkenError, match="RIG-004"):
        answered(row)
    actions.turn_down(
        row, Ground.NOT_IDENTIFIED, reason="Destroyed.", by=GUARDIAN, at=TODAY
    )
    held = queries.request(row.number)
    assert held.certificate == certificate.file_name.removesuffix(".json")
    assert queries.reason(held) == ""
    assert "rights" in sweep.ROOMS


def test_on_the_web_every_code_gets_a_number_and_only_a_right_one_is_kept() -> None:
    study = make_open_study(shift_days=SHIFT)
    client = Client()
    page = client.get("/start/your-data").content.decode()
    assert "Ask about your data" in page
    for word in ("victim", "police", "crime"):
        assert word not in page.lower()
    assert b"Choose what" in client.post("/start/your-data", {"kind": "x"}).content
    assert "Exit this page" in page
    polish = client.get("/start/your-data", headers={"accept-language": "pl"})
    assert 'lang="pl"' in polish.content.decode()
    assert "O co prosisz?" in polish.content.decode()
    notice = client.get("/privacy").content.decode()
    assert "/start/your-data" in notice
    assert "/start/withdraw" in notice
    right = make_invitation(study)
    sizes = set()
    for code in (right, "4HQ7-W9RX-C2PM", "nonsense"):
        answer = client.post("/start/your-data", {"kind": "access", "code": code})
        assert answer.status_code == 200
        sizes.add(len(answer.content))
    assert len(sizes) == 1
    (row,) = Request.objects.all()
    assert Asker.objects.get(request=row).ref == a_case(study)


def test_the_helpdesk_takes_in_and_only_the_guardian_decides_on_the_pages() -> None:
    study = make_open_study(shift_days=SHIFT)
    desk, guardian, controller = Client(), Client(), Client()
    sign_in(desk, Role.HELPDESK)
    sign_in(guardian, Role.GUARDIAN)
    sign_in(controller, Role.CONTROLLER)
    assert b"Nothing is open" in desk.get("/guard/rights/").content
    form = {
        "study": study.slug,
        "kind": "access",
        "channel": "phone",
        "code": make_invitation(study),
    }
    new = "/guard/rights/requests/new"
    offered = desk.get(new).content.decode()
    assert all(f'value="{kind.value}"' in offered for kind in RequestKind)
    mistaken = desk.post(new, form | {"channel": "owl"})
    assert mistaken.status_code == 422
    kept = mistaken.content.decode()
    assert f'value="{form["code"]}"' in kept
    assert 'value="access" checked' in kept
    assert desk.post(new, form | {"kind": "owl"}).status_code == 422
    to = desk.post(new, form)["Location"]
    for client in (desk, controller):
        page = client.get(to).content.decode()
        assert "Answer the request" not in page
        assert client.post(to, {"act": "refuse"}).status_code == 422
        assert client.post(f"{to}copy", {"checked": "two_facts"}).status_code == 403
    assert "Answer the request" in guardian.get(to).content.decode()
    assert guardian.post(f"{to}copy").status_code == 422
    copy = guardian.post(f"{to}copy", {"checked": "called_back"})
    assert b"What we hold about you" in copy.content
    assert "no-store" in copy["Cache-Control"]
    assert guardian.post(to, {"act": "sing"}).status_code == 422
    assert guardian.post(to, {"act": "extend"}).status_code == 422
    assert "Take two more months" in guardian.get(to).content.decode()
    assert guardian.post(to, {"act": "extend", "longer": "complex"}).status_code == 302
    assert "Take two more months" not in guardian.get(to).content.decode()
    assert "Two months more were taken" in controller.get(to).content.decode()
    done = {"act": "answer", "checked": "called_back", "reason": "Handed over."}
    assert guardian.post(to, done | {"reason": ""}).status_code == 422
    assert guardian.post(to, done).status_code == 302
    assert "Handed over." in guardian.get(to).content.decode()
    assert "Handed over." not in controller.get(to).content.decode()
    assert guardian.get("/guard/rights/requests/R-NOBODY/").status_code == 404
    rows = guardian.get("/guard/rights/").content.decode()
    assert "done" in rows


def test_refusing_on_the_page_needs_a_ground() -> None:
    study = make_open_study(shift_days=SHIFT)
    row = actions.take_in(
        study, RequestKind.ERASURE, channel="letter", by=HELPDESK, at=TODAY
    )
    guardian = Client()
    sign_in(guardian, Role.GUARDIAN)
    to = f"/guard/rights/requests/{row.number}/"
    form = {"act": "refuse", "reason": "Nobody found.", "ground": "x"}
    assert guardian.post(to, form).status_code == 422
    answer = guardian.post(to, form | {"ground": "not_identified"})
    assert answer.status_code == 302
    page = guardian.get(to).content.decode()
    assert "Article 11" in page


@pytest.mark.parametrize("kind", [RequestKind.ERASURE, RequestKind.OBJECTION])
def test_the_guardian_sees_the_number_to_ring_back_on_whatever_is_asked(
    kind: RequestKind,
) -> None:
    study = make_open_study(shift_days=SHIFT)
    code = make_invitation(study)
    row = actions.take_in(
        study, kind, channel="letter", code=code, by=HELPDESK, at=TODAY
    )
    guardian, other = Client(), Client()
    sign_in(guardian, Role.GUARDIAN)
    sign_in(other, Role.CONTROLLER)
    to = f"/guard/rights/requests/{row.number}/"
    assert "rang them on the number we hold" in guardian.get(to).content.decode()
    opened = Entry.objects.filter(event="identity_opened")
    assert not opened.exists()
    page = guardian.post(f"{to}facts")
    person = custody.open_identity(
        study,
        a_case(study),
        purpose=custody.Purpose.ACCESS,
        by=GUARDIAN,
        at=TODAY,
    )
    assert person.telephone
    for held in (person.telephone, person.postcode, person.surname):
        assert held in page.content.decode()
    assert person.address_lines[0] not in page.content.decode()
    assert last("identity_opened")["reason"] == "access"
    assert opened.count() == 2
    assert page["Cache-Control"].count("no-store") == 1
    assert other.post(f"{to}facts").status_code == 403
    assert guardian.get(f"{to}facts").status_code == 405
    answered(row, at=TODAY)
    assert guardian.post(f"{to}facts").status_code == 422
