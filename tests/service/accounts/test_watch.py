"""Whoever tries doors is noticed and gets nowhere: PRV 57."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken.method.terms import Role
from harken.service.accounts import actions, queries, watch
from harken.service.accounts.models import User
from harken.service.contact.models import Lease
from harken.service.ledger.models import Entry
from harken.service.sampling.models import Case
from tests.make.accounts import make_staff, sign_in
from tests.make.sitting import NOW, make_open_study
from tests.service.accounts.test_access import STAFF_DOORS

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def test_an_interviewer_who_steps_through_handles_opens_one_case_and_is_stopped() -> (
    None
):
    today = (timezone.now().date() - NOW.date()).days
    study = make_open_study(shift_days=today, windows="{}")
    client = Client()
    actor = sign_in(client, Role.INTERVIEWER)
    names: list[str] = []
    for case in Case.objects.filter(study=study):
        names += [case.ref, case.ref[:8], str(case.pk)]
    names += [os.urandom(16).hex() for _ in range(40)]
    statuses = []
    for name in names:
        for door in ("/call/", "/field/cases/", "/guard/rights/requests/"):
            answer = client.get(f"{door}{name}/")
            statuses.append(answer.status_code)
            noticed = Entry.objects.filter(event="access_alarm").count()
            assert noticed == (len(statuses) >= 10), "at the tenth door and not later"
            for case in Case.objects.filter(study=study):
                assert case.ref not in answer.content.decode() or case.ref == name
    assert statuses[:10] == [404, 404, 403, 404, 404, 403, 404, 404, 403, 404]
    alarms = Entry.objects.filter(event="access_alarm")
    assert alarms.count() == 1
    assert Lease.objects.count() <= 1
    assert client.get("/call/").status_code == 302
    entry = alarms.get()
    assert entry.subject == f"interviewer/{queries.account(actor.label).pk}"


def test_a_slip_now_and_then_raises_nothing() -> None:
    user = make_staff(Role.MANAGER)
    at = timezone.now()
    for number in range(30):
        assert not actions.denied(user, at=at + number * dt.timedelta(minutes=13))
    assert not Entry.objects.filter(event="access_alarm").exists()


def test_the_watch_looks_at_every_staff_door_and_at_no_respondent() -> None:
    assert set(watch.STAFF_DOORS) == {f"/{door}" for door in STAFF_DOORS}
    client = Client()
    sign_in(client, Role.MANAGER)
    for _ in range(20):
        client.get("/nowhere")
    assert User.objects.get().denials == 0
    assert client.get(reverse("accounts:doors")).status_code == 200
