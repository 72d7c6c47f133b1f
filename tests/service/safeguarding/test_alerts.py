"""Alerts from calls, kept apart from answers. Proves SAF-40, SAF-41, SAF-42."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken.method.errors import HarkenError
from harken.method.terms import Actor, Role
from harken.service.ledger.models import Entry
from harken.service.safeguarding import actions, queries
from harken.service.safeguarding.models import Alert
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.contact import CALLING, INTERVIEWER, make_field_study, ref_of

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

LEAD = Actor("lead.one", Role.SAFEGUARDING)
FACTS = "She fears for her child tonight."


def make_alert(study: Study, kind: str = "disclosure") -> Alert:
    """An alert of the study's first case."""
    return actions.raise_alert(
        study,
        ref_of(study),
        kind=kind,
        stage="report",
        step="stop",
        facts=FACTS,
        by=INTERVIEWER,
        at=CALLING,
    )


def test_the_facts_are_sealed_and_only_the_lead_reads_them(data: Path) -> None:
    study = make_field_study()
    alert = make_alert(study)
    assert list(queries.alerts(study)) == [alert]
    assert FACTS.encode() not in bytes(alert.facts)
    assert queries.record(alert, by=LEAD, at=CALLING).facts == FACTS
    for role in (Role.INTERVIEWER, Role.MANAGER, Role.ADMINISTRATOR, Role.HELPDESK):
        with pytest.raises(HarkenError) as error:
            queries.record(alert, by=Actor("x", role), at=CALLING)
        assert error.value.findings[0].fault.code == "ACC-001"


def test_a_disclosure_is_due_in_an_hour_and_distress_in_a_day() -> None:
    study = make_field_study()
    distress, disclosure = make_alert(study, "distress"), make_alert(study)
    assert list(queries.alerts()) == [disclosure, distress]
    later = CALLING + dt.timedelta(hours=2)
    assert [queries.overdue(row, at=later) for row in (disclosure, distress)] == [
        True,
        False,
    ]


def test_an_alert_may_come_without_a_word() -> None:
    study = make_field_study()
    alert = actions.raise_alert(
        study, ref_of(study), kind="distress", by=INTERVIEWER, at=CALLING
    )
    assert queries.record(alert, by=LEAD, at=CALLING).facts == ""


def test_a_decision_needs_a_reason_and_is_written_once() -> None:
    study = make_field_study()
    alert = make_alert(study)
    with pytest.raises(HarkenError) as error:
        actions.resolve(alert, decision="referred", reason=" ", by=LEAD, at=CALLING)
    assert error.value.findings[0].fault.code == "SGU-003"
    with pytest.raises(HarkenError) as error:
        actions.resolve(alert, decision="shrug", reason="x", by=LEAD, at=CALLING)
    assert error.value.findings[0].fault.code == "SGU-004"
    actions.take(alert, by=LEAD, at=CALLING)
    actions.resolve(alert, decision="referred", reason="Rang.", by=LEAD, at=CALLING)
    alert.refresh_from_db()
    assert queries.record(alert, by=LEAD, at=CALLING).reason == "Rang."
    for act in (
        lambda: actions.take(alert, by=LEAD, at=CALLING),
        lambda: actions.resolve(
            alert, decision="no_action", reason="x", by=LEAD, at=CALLING
        ),
    ):
        with pytest.raises(HarkenError) as error:
            act()
        assert error.value.findings[0].fault.code == "SGU-002"
    words = " ".join(Entry.objects.values_list("body", flat=True))
    assert "Rang." not in words
    assert FACTS not in words


def test_who_opens_the_person_has_taken_the_alert_and_is_in_the_ledger() -> None:
    study = make_field_study()
    alert = make_alert(study)
    with pytest.raises(HarkenError) as error:
        actions.open_person(alert, by=LEAD, at=CALLING)
    assert error.value.findings[0].fault.code == "SGU-006"
    actions.take(alert, by=LEAD, at=CALLING)
    person = actions.open_person(alert, by=LEAD, at=CALLING)
    assert person.surname.startswith("Quenhallow")
    entry = Entry.objects.filter(event="identity_opened").latest("position")
    assert "safeguarding" in entry.body


def test_bad_words_and_long_facts_are_refused() -> None:
    study = make_field_study()
    for kind, facts, code in (
        ("gossip", "", "SGU-004"),
        ("distress", "x" * 601, "SGU-005"),
    ):
        with pytest.raises(HarkenError) as error:
            actions.raise_alert(
                study,
                ref_of(study),
                kind=kind,
                facts=facts,
                by=INTERVIEWER,
                at=CALLING,
            )
        assert error.value.findings[0].fault.code == code
    with pytest.raises(HarkenError) as error:
        queries.get(4711)
    assert error.value.findings[0].fault.code == "SGU-001"


def test_the_supervisor_sees_that_there_is_an_alert_and_nothing_more(
    client: Client,
) -> None:
    study = make_field_study()
    alert = make_alert(study)
    sign_in(client, Role.MANAGER)
    page = client.get(reverse("safeguarding:supervisor")).content.decode()
    assert "Disclosure" in page
    assert FACTS not in page
    assert alert.ref not in page
    assert client.get(reverse("safeguarding:alerts")).status_code == 403
    assert client.get(reverse("safeguarding:alert", args=[alert.pk])).status_code == 403


def test_the_lead_takes_opens_and_decides_on_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The trial study's promise ends in 2026, so the page's clock must lie before.
    monkeypatch.setattr(timezone, "now", lambda: CALLING)
    study = make_field_study()
    sign_in(client, Role.SAFEGUARDING)
    assert (
        "There are no alerts"
        in client.get(reverse("safeguarding:alerts")).content.decode()
    )
    alert = make_alert(study, "distress")
    address = reverse("safeguarding:alert", args=[alert.pk])
    assert FACTS in client.get(address).content.decode()
    early = client.post(address, {"act": "open"})
    assert (early.status_code, b"Quenhallow" in early.content) == (400, False)
    assert client.post(address, {"act": "take"}).status_code == 302
    assert b"Quenhallow" in client.post(address, {"act": "open"}).content
    assert b"Quenhallow" not in client.get(address).content
    answer = client.post(address, {"act": "resolve", "decision": "referred"})
    assert answer.status_code == 400
    assert "A decision needs its reason" in answer.content.decode()
    assert 'value="referred" checked' in answer.content.decode()
    assert (
        client.post(
            address, {"act": "resolve", "decision": "referred", "reason": "y"}
        ).status_code
        == 302
    )
    assert "Referred" in client.get(address).content.decode()
    assert client.get(reverse("safeguarding:alert", args=[4711])).status_code == 404
