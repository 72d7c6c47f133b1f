"""The guardian's, the helpdesk's and the respondent's pages. Proves PRV 46 in part, DP-06."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from harken.method.terms import Role
from harken.service.anonymisation import execute, queries
from harken.service.anonymisation.models import Certificate
from harken.service.ledger import actions as ledger
from harken.service.vault import actions as vault
from harken.service.vault import queries as keys
from tests.make.accounts import sign_in
from tests.make.anonymisation import DAY, Ready, approve, make_certificate, make_ready
from tests.make.vault import AT, GUARDIAN, MANAGER

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def _at(client: Client, name: str, ready: Ready) -> str:
    return reverse(f"anonymisation:{name}", args=[ready.study.slug])


def test_the_guardian_plans_two_approve_and_it_is_run_from_the_pages() -> None:
    ready = make_ready()
    guardian, controller = Client(), Client()
    sign_in(guardian, Role.GUARDIAN)
    sign_in(controller, Role.CONTROLLER)
    assert b"The promise" in guardian.get(reverse("anonymisation:overview")).content
    page = guardian.get(_at(guardian, "study", ready)).content.decode()
    assert "Plan the destruction" in page
    guardian.post(_at(guardian, "plan", ready))
    run = queries.current_run(ready.study)
    assert run is not None
    for client in (guardian, controller):
        address = _at(client, "approve", ready)
        assert run.digest in client.get(address).content.decode()
        form = {"digest": run.digest}
        assert client.post(address, form).status_code == 422
        assert client.post(address, form | {"agree": "yes"}).status_code == 302
    address = _at(guardian, "run", ready)
    assert guardian.post(address, {"name": "other"}).status_code == 422
    assert guardian.post(address, {"name": ready.study.slug}).status_code == 302
    certificate = queries.last_certificate(ready.study.slug)
    file = controller.get(reverse("anonymisation:certificate", args=[certificate.pk]))
    assert file.content.decode() == certificate.text
    assert "attachment" in file["Content-Disposition"]
    after = guardian.get(_at(guardian, "study", ready)).content.decode()
    assert certificate.file_name in after


def test_after_the_destruction_the_page_says_what_happened_and_offers_no_other() -> (
    None
):
    ready = make_ready(kept=0)
    made = make_certificate(ready)
    client = Client()
    sign_in(client, Role.GUARDIAN)
    page = client.get(_at(client, "study", ready)).content.decode()
    assert "What was destroyed" in page
    assert "8: 6 destroyed, 2 withdrew before, 0 kept" in page
    for words in ("Plan the destruction", "not yet", "What would happen", "rehearsed"):
        assert words not in page
    address = reverse("anonymisation:verified", args=[made.pk])
    assert address in page
    assert "The certificate is valid and final" in client.get(address).content.decode()
    Certificate.objects.update(text=made.text.replace('"late":false', '"late":true'))
    answer = client.get(address)
    assert answer.status_code == 422
    assert "The certificate is not valid" in answer.content.decode()


def test_those_kept_can_still_be_planned_for_and_nothing_else_is_asked() -> None:
    ready = make_ready()
    make_certificate(ready)
    client = Client()
    sign_in(client, Role.GUARDIAN)
    page = client.get(_at(client, "study", ready)).content.decode()
    assert "2 kept because they agreed" in page
    assert "Plan the destruction" in page
    assert "Fieldwork is closed" not in page
    assert "The kept file was judged" not in page


def test_running_without_approval_says_who_is_missing() -> None:
    ready = make_ready()
    client = Client()
    sign_in(client, Role.GUARDIAN)
    client.post(_at(client, "plan", ready))
    answer = client.post(_at(client, "run", ready), {"name": ready.study.slug})
    assert answer.status_code == 422
    assert "lacks the approval" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STATISTICIAN, Role.INTERVIEWER])
def test_others_may_not_run_a_destruction(role: Role) -> None:
    ready = make_ready()
    client = Client()
    sign_in(client, role)
    for name in ("plan", "run", "approve"):
        assert client.post(_at(client, name, ready)).status_code == 403


def test_the_alarm_stands_on_the_overview_after_the_day() -> None:
    make_ready()
    client = Client()
    sign_in(client, Role.GUARDIAN)
    page = client.get(reverse("anonymisation:overview")).content.decode()
    overdue = dt.datetime.now(dt.UTC).date() > dt.date(2026, 9, 30)
    assert ("has passed and keys are still there" in page) is overdue


def test_a_confirmed_copy_makes_the_certificate_final() -> None:
    ready = make_ready()
    vault.register_copy(
        ready.study,
        recipient="Print room",
        purpose="letters",
        people=8,
        file_hash="a" * 64,
        by=MANAGER,
        at=AT,
    )
    make_certificate(ready)
    client = Client()
    sign_in(client, Role.GUARDIAN)
    address = _at(client, "copies", ready)
    assert "Print room" in client.get(address).content.decode()
    assert client.post(address, {"copy": "b" * 64}).status_code == 422
    assert client.post(address, {"copy": "a" * 64}).status_code == 302
    assert queries.last_certificate(ready.study.slug).stage == "final"


def test_the_ledger_is_read_and_verified_on_a_page() -> None:
    ready = make_ready()
    client = Client()
    sign_in(client, Role.CONTROLLER)
    page = client.get(reverse("vault:ledger"), {"study": ready.study.slug})
    assert "people_enrolled" in page.content.decode()
    note = ledger.checkpoint(at=DAY)
    verified = client.post(reverse("vault:verify"), {"checkpoint": note})
    assert "The ledger is whole" in verified.content.decode()
    forged = client.post(
        reverse("vault:verify"), {"checkpoint": note.replace("\n", "x\n", 1)}
    )
    assert forged.status_code == 422


def test_the_withdrawal_page_answers_alike_whatever_the_code() -> None:
    ready = make_ready()
    client = Client()
    address = reverse("withdrawal:withdraw")
    assert address == "/start/withdraw"
    assert "Take your answers back" in client.get(address).content.decode()
    answers = {
        client.post(address, {"code": code}).content.split(b"csrfmiddlewaretoken")[0]
        for code in ("", "4HQ7-W9RX-C2PM", "nonsense", "2222-2222-2222")
    }
    assert len(answers) == 1
    assert queries.certificates(ready.study.slug).count() == 0


def test_the_helpdesk_is_told_that_a_code_leads_nowhere() -> None:
    make_ready()
    client = Client()
    sign_in(client, Role.HELPDESK)
    address = reverse("anonymisation:withdrawals")
    assert client.get(address).status_code == 200
    assert client.post(address, {"code": "2222"}).status_code == 422


def test_the_page_shows_a_run_that_was_interrupted() -> None:
    ready = make_ready()
    approve(ready.study)
    client = Client()
    sign_in(client, Role.GUARDIAN)
    assert "planned" in client.get(_at(client, "study", ready)).content.decode()
    execute.execute(ready.study, by=GUARDIAN, at=DAY)
    assert "ended" not in client.get(_at(client, "run", ready)).content.decode()


def test_the_guardian_rehearses_and_takes_paper_and_verifiers_along() -> None:
    ready = make_ready()
    client = Client()
    sign_in(client, Role.GUARDIAN)
    page = client.get(_at(client, "study", ready)).content.decode()
    assert "Not rehearsed yet" in page
    assert "Every answer is collected (0 waiting)" in page
    assert client.post(_at(client, "rehearse", ready)).status_code == 302
    after = client.get(_at(client, "study", ready)).content.decode()
    assert "Last rehearsed on" in after
    made = make_certificate(ready)
    sheet = client.get(reverse("anonymisation:sheet", args=[made.pk]))
    assert sheet.content.startswith(b"%PDF")
    for name, begins in (
        ("verify.py", b'"""Verifies a certificate'),
        ("verify.mjs", b"#!/usr/bin/env node"),
        ("ledger.pub", b"harken/ledger-"),
    ):
        answer = client.get(reverse("anonymisation:verifier", args=[name]))
        assert answer.content.startswith(begins)
    missing = client.get(reverse("anonymisation:verifier", args=["other.py"]))
    assert missing.status_code == 404


def test_a_copy_that_the_house_did_not_know_of_is_entered_by_hand() -> None:
    ready = make_ready()
    client = Client()
    sign_in(client, Role.GUARDIAN)
    form = {"recipient": "Line provider", "purpose": "call records", "people": "8"}
    for gap in ({"recipient": " "}, {"people": ""}, {"people": "eight"}):
        mistaken = client.post(_at(client, "copies", ready), form | gap)
        assert mistaken.status_code == 422
        assert "The copy was not entered" in mistaken.content.decode()
        assert 'value="call records"' in mistaken.content.decode()
    assert not keys.copies(ready.study.slug).exists()
    assert client.post(_at(client, "copies", ready), form).status_code == 302
    assert "Line provider" in client.get(_at(client, "copies", ready)).content.decode()
    made = make_certificate(ready)
    assert made.stage == "provisional"


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("study", "get"),
        ("rehearse", "post"),
        ("plan", "post"),
        ("approve", "get"),
        ("approve", "post"),
        ("run", "get"),
        ("run", "post"),
        ("copies", "get"),
        ("copies", "post"),
    ],
)
def test_a_study_that_is_not_there_is_a_page_not_found(name: str, method: str) -> None:
    client = Client()
    sign_in(client, Role.GUARDIAN)
    address = reverse(f"anonymisation:{name}", args=["no-such-study"])
    answer = getattr(client, method)(address)
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_withdrawing_from_a_study_that_is_not_there_says_no_more_than_a_wrong_code() -> (
    None
):
    ready = make_ready()
    client = Client()
    address = reverse("withdrawal:withdraw")
    told = [
        client.post(address, {"code": "2222", "study": slug})
        for slug in (ready.study.slug, "no-such-study")
    ]
    assert [answer.status_code for answer in told] == [200, 200]
    sign_in(client, Role.HELPDESK)
    desk = reverse("anonymisation:withdrawals")
    answer = client.post(desk, {"code": "2222", "study": "no-such-study"})
    assert answer.status_code == 422
