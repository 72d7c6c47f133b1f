"""Shifts, rests and caps of interviewers, and alerts that are passed on: SAF-41, SAF-45."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken.method.contact import Outcome
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.safeguarding import Escalation
from harken.method.terms import SYSTEM, Role
from harken.service.contact import actions as contact
from harken.service.contact import queries as contacts
from harken.service.ledger import queries as ledger
from harken.service.safeguarding import actions, care, escalate
from harken.service.safeguarding.models import Alert, Shift
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.contact import (
    CALLING,
    INTERVIEWER,
    MANAGER,
    SECOND,
    make_field_study,
    ref_of,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

MINUTE = dt.timedelta(minutes=1)


def make_sensitive_study() -> Study:
    """A study in the field in which every case is a sensitive one."""
    study = make_field_study()
    Case.objects.update(sensitive=True)
    return study


def begin(*, room: bool = True, willing: bool = True) -> Shift:
    return care.begin(private_room=room, willing=willing, by=INTERVIEWER, at=CALLING)


def code_of(error: pytest.ExceptionInfo[HarkenError]) -> str:
    return error.value.findings[0].fault.code


def test_without_an_attested_room_and_a_yes_nobody_gets_a_sensitive_case() -> None:
    study = make_sensitive_study()
    assert contacts.next_case(study, interviewer=INTERVIEWER, at=CALLING) is None
    for room, willing in ((False, True), (True, False)):
        begin(room=room, willing=willing)
        assert contacts.next_case(study, interviewer=INTERVIEWER, at=CALLING) is None
    begin()
    card = contacts.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    assert card is not None
    assert card.sensitive
    again = contacts.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    assert again is not None
    assert again.ref == card.ref
    shift = care.current(INTERVIEWER, at=CALLING)
    assert shift is not None
    assert shift.sensitive == 1
    assert Shift.objects.count() == 3
    assert Shift.objects.filter(ended_at=None).count() == 1


def test_a_case_that_is_not_sensitive_needs_no_shift() -> None:
    study = make_field_study()
    assert contacts.next_case(study, interviewer=INTERVIEWER, at=CALLING) is not None


def test_the_cap_of_the_shift_holds() -> None:
    study = make_sensitive_study()
    begin()
    Shift.objects.update(sensitive=4)
    assert contacts.next_case(study, interviewer=INTERVIEWER, at=CALLING) is None


def test_after_a_sensitive_call_everybody_rests() -> None:
    study = make_sensitive_study()
    begin()
    card = contacts.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    assert card is not None
    end = CALLING + 10 * MINUTE
    contact.record_attempt(
        study, card.ref, outcome=Outcome.CALL_BACK, by=INTERVIEWER, at=end
    )
    with pytest.raises(HarkenError) as error:
        contacts.next_case(study, interviewer=INTERVIEWER, at=end + MINUTE)
    assert code_of(error) == "SGU-008"
    assert contacts.next_case(study, interviewer=INTERVIEWER, at=end + 15 * MINUTE)


def test_a_call_that_nobody_took_asks_for_no_rest() -> None:
    study = make_sensitive_study()
    begin()
    card = contacts.next_case(study, interviewer=INTERVIEWER, at=CALLING)
    assert card is not None
    contact.record_attempt(
        study, card.ref, outcome=Outcome.RANG_OUT, by=INTERVIEWER, at=CALLING
    )
    assert care.resting(study, by=INTERVIEWER, at=CALLING) is None


def test_two_hours_of_work_end_in_a_rest_that_begins_when_it_is_noticed() -> None:
    study = make_field_study()
    begin()
    later = CALLING + 125 * MINUTE
    assert care.resting(study, by=INTERVIEWER, at=later) == later + 15 * MINUTE
    assert care.resting(study, by=INTERVIEWER, at=later + 5 * MINUTE) == (
        later + 15 * MINUTE
    )
    assert care.resting(study, by=INTERVIEWER, at=later + 15 * MINUTE) is None
    assert care.resting(study, by=SECOND, at=later) is None


def test_an_alert_is_counted_and_followed_by_a_rest() -> None:
    study = make_field_study()
    begin()
    actions.raise_alert(
        study, ref_of(study), kind="distress", by=INTERVIEWER, at=CALLING
    )
    shift = Shift.objects.get()
    assert shift.alerts == 1
    assert care.resting(study, by=INTERVIEWER, at=CALLING + MINUTE) is not None


def test_a_shift_ends_with_a_word_and_somebody_talks_with_them(client: Client) -> None:
    begin()
    with pytest.raises(HarkenError) as error:
        care.end(debrief="bored", by=INTERVIEWER, at=CALLING)
    assert code_of(error) == "SGU-004"
    care.end(debrief="talk", by=INTERVIEWER, at=CALLING)
    with pytest.raises(HarkenError) as error:
        care.end(debrief="talk", by=INTERVIEWER, at=CALLING)
    assert code_of(error) == "SGU-007"
    Shift.objects.update(began_at=timezone.now())
    sign_in(client, Role.MANAGER)
    address = reverse("safeguarding:supervisor")
    assert "wants to talk" in client.get(address).content.decode()
    number = Shift.objects.get().pk
    assert client.post(address, {"shift": "owl"}).status_code == 200
    assert client.post(address, {"shift": "4711"}).status_code == 302
    client.post(address, {"shift": number})
    page = client.get(address).content.decode()
    assert "wants to talk" not in page
    assert Shift.objects.get().spoken_by.startswith("manager-")
    care.spoke(Shift.objects.get(), by=MANAGER, at=CALLING)
    assert Shift.objects.get().spoken_by.startswith("manager-")
    assert ledger.entries(event=Event.CARE_LOGGED).count() == 3


def test_the_console_begins_and_ends_a_shift_and_says_when_to_rest(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: CALLING)
    study = make_sensitive_study()
    by = sign_in(client, Role.INTERVIEWER)
    address = reverse("call:call")
    assert "Begin your shift" in client.get(address).content.decode()
    nobody = client.post(address, {"do": "next"}).content.decode()
    assert "left for somebody who may take them" in nobody
    client.post(address, {"do": "begin_shift", "room": "private", "willing": "yes"})
    assert "End your shift" in client.get(address).content.decode()
    assert client.post(address, {"do": "next"}).status_code == 302
    assert Shift.objects.get(interviewer=by.label).sensitive == 1
    client.post(address, {"do": "release"})
    Shift.objects.update(rested=CALLING)
    page = client.get(address).content.decode()
    assert "You rest until" in page
    assert "Take the next case" not in page
    assert client.post(address, {"do": "next"}).status_code == 200
    client.post(address, {"do": "end_shift", "debrief": "hard"})
    assert Shift.objects.get().debrief == "hard"
    assert study.slug


def test_what_nobody_decides_on_is_passed_on_once_a_step(
    settings: LazySettings,
) -> None:
    settings.EMAIL_HOST = "mail.example"
    study = make_field_study()
    alert = actions.raise_alert(
        study,
        ref_of(study),
        kind="disclosure",
        facts="She fears for her child.",
        by=INTERVIEWER,
        at=CALLING,
    )
    assert escalate.run(by=SYSTEM, at=CALLING) == []
    steps = {
        30: (Escalation.LEAD, "co@example.org"),
        60: (Escalation.MANAGER, "co@example.org"),
        120: (Escalation.OFFICER, "dpo@co.example.org"),
    }
    for minutes, (to, address) in steps.items():
        at = CALLING + minutes * MINUTE
        (passed,) = escalate.run(by=SYSTEM, at=at)
        assert (passed.to, passed.count, passed.mailed) == (to, 1, True)
        assert mail.outbox[-1].to == [address]
        assert escalate.run(by=SYSTEM, at=at) == []
    assert escalate.overdue(at=CALLING + 60 * MINUTE) == 1
    words = " ".join(one.subject + one.body for one in mail.outbox)
    for told in (alert.ref, "child", "victim", "disclosure"):
        assert told not in words
    entry = ledger.entries(event=Event.ALERTS_ESCALATED).last()
    assert entry is not None
    assert json.loads(entry.body)["reason"] == "officer"
    Alert.objects.update(state=Alert.State.RESOLVED)
    assert escalate.overdue(at=CALLING + 60 * MINUTE) == 0


def test_without_mail_the_step_is_taken_all_the_same(client: Client) -> None:
    study = make_field_study()
    actions.raise_alert(
        study, ref_of(study), kind="distress", by=INTERVIEWER, at=CALLING
    )
    (passed,) = escalate.run(by=SYSTEM, at=CALLING + dt.timedelta(days=3))
    assert (passed.to, passed.mailed) == (Escalation.OFFICER, False)
    sign_in(client, Role.SAFEGUARDING)
    page = client.get(reverse("safeguarding:alerts")).content.decode()
    assert "passed to the officer" in page
