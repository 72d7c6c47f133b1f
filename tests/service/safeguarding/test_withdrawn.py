"""An alert about somebody who has withdrawn since can still be read and decided: SAF-41, DP-06."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken.method.errors import HarkenError
from harken.method.terms import Actor, Role
from harken.service.safeguarding import actions, escalate, queries
from harken.service.safeguarding.models import Alert
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from tests.make.accounts import sign_in
from tests.make.contact import CALLING, INTERVIEWER, make_field_study, ref_of
from tests.make.vault import GUARDIAN, HELPDESK

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

LEAD = Actor("lead.one", Role.SAFEGUARDING)
FACTS = "She fears for her child tonight."


def withdrawn(study: Study, *, rotated: bool) -> Alert:
    """A disclosure of somebody who withdrew afterwards."""
    alert = actions.raise_alert(
        study,
        ref_of(study),
        kind="disclosure",
        facts=FACTS,
        by=INTERVIEWER,
        at=CALLING,
    )
    vault.withdraw(study, ref_of(study), by=HELPDESK, at=CALLING)
    if rotated:
        vault.rotate(study, by=GUARDIAN, at=CALLING)
    return alert


@pytest.mark.parametrize("rotated", [False, True])
def test_it_is_decided_without_the_words_that_went_with_the_keys(rotated: bool) -> None:
    study = make_field_study()
    alert = withdrawn(study, rotated=rotated)
    record = queries.record(alert, by=LEAD, at=CALLING)
    assert (record.facts, record.gone) == ("", True)
    with pytest.raises(HarkenError, match="SGU-003"):
        actions.resolve(alert, decision="no_action", reason=" ", by=LEAD, at=CALLING)
    actions.resolve(alert, decision="no_action", reason="Left.", by=LEAD, at=CALLING)
    alert.refresh_from_db()
    assert (alert.state, alert.decision) == ("resolved", "no_action")
    assert bytes(alert.reason) == b""
    assert escalate.overdue(at=CALLING + dt.timedelta(days=9)) == 0
    with pytest.raises(HarkenError, match="SGU-002"):
        actions.open_person(alert, by=LEAD, at=CALLING)


def test_on_the_page_it_says_that_nobody_can_be_reached_any_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: CALLING)
    study = make_field_study()
    alert = withdrawn(study, rotated=True)
    sign_in(client, Role.SAFEGUARDING)
    address = reverse("safeguarding:alert", args=[alert.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert "cannot be read any more" in page.content.decode()
    assert "reach them" in page.content.decode()
    assert client.post(address, {"act": "take"}).status_code == 302
    opened = client.post(address, {"act": "open"})
    assert opened.status_code == 400
    assert "The key of this record is gone." in opened.content.decode()
    decided = {"act": "resolve", "decision": "no_action", "reason": "They left."}
    assert client.post(address, decided).status_code == 302
    assert client.get(address).status_code == 200
