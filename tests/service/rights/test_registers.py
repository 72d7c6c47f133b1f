"""Complaints with 30 days and incidents with 72 hours: DP-10, DP-11."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from harken import cli
from harken.method.errors import HarkenError
from harken.method.terms import Role
from harken.service.rights import queries, registers
from harken.service.rights.models import Incident
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.study import make_study
from tests.make.vault import GUARDIAN, HELPDESK, INTERVIEWER

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

NOW = timezone.now()
HOUR = dt.timedelta(hours=1)


def incident(study: Study, *, ago: dt.timedelta = HOUR) -> Incident:
    """An incident that an interviewer noticed an hour ago."""
    return registers.notice(
        study, kind="disclosed", people=3, noticed_at=NOW - ago, by=INTERVIEWER, at=NOW
    )


def test_a_complaint_is_acknowledged_then_answered_once() -> None:
    row = registers.complain(
        make_study(), about="security", channel="letter", by=HELPDESK, at=NOW
    )
    assert row.acknowledge_by == timezone.localdate(NOW) + dt.timedelta(days=30)
    (due,) = queries.due(at=NOW)
    assert "to be acknowledged" in due.says
    registers.acknowledge(row, by=HELPDESK, at=NOW)
    registers.acknowledge(row, by=HELPDESK, at=NOW + HOUR)
    assert queries.complaint(row.number).acknowledged_at == NOW
    with pytest.raises(HarkenError, match="ACC-001"):
        registers.settle(row, "upheld", reason="We were slow.", by=HELPDESK, at=NOW)
    with pytest.raises(HarkenError, match="RIG-008"):
        registers.settle(row, "x", reason="y", by=GUARDIAN, at=NOW)
    registers.settle(row, "upheld", reason="We were slow.", by=GUARDIAN, at=NOW)
    with pytest.raises(HarkenError, match="RIG-002"):
        registers.settle(row, "upheld", reason="We were slow.", by=GUARDIAN, at=NOW)
    with pytest.raises(HarkenError, match="RIG-008"):
        registers.complain(row.study, about="x", channel="letter", by=HELPDESK, at=NOW)


def test_an_incident_with_a_risk_closes_only_when_reported_and_told() -> None:
    row = incident(make_study())
    assert row.report_by == NOW + 71 * HOUR
    with pytest.raises(HarkenError, match="RIG-003"):
        registers.close(row, by=GUARDIAN, at=NOW)
    with pytest.raises(HarkenError, match="RIG-003"):
        registers.judge(row, "high", reason="", by=GUARDIAN, at=NOW)
    with pytest.raises(HarkenError, match="RIG-008"):
        registers.judge(row, "huge", reason="x", by=GUARDIAN, at=NOW)
    registers.judge(row, "high", reason="Three letters.", by=GUARDIAN, at=NOW)
    for act in (registers.reported, registers.told):
        with pytest.raises(HarkenError, match="RIG-009"):
            registers.close(row, by=GUARDIAN, at=NOW)
        act(row, by=GUARDIAN, at=NOW)
        act(row, by=GUARDIAN, at=NOW + HOUR)
    registers.close(row, by=GUARDIAN, at=NOW)
    held = queries.incident(row.number)
    assert held.reported_at == held.told_at == held.closed_at == NOW
    with pytest.raises(HarkenError, match="RIG-002"):
        registers.judge(row, "none", reason="x", by=GUARDIAN, at=NOW)


def test_an_incident_with_some_risk_is_reported_and_need_not_be_told() -> None:
    row = incident(make_study())
    registers.judge(row, "some", reason="One letter.", by=GUARDIAN, at=NOW)
    with pytest.raises(HarkenError, match="RIG-009"):
        registers.close(row, by=GUARDIAN, at=NOW)
    registers.reported(row, by=GUARDIAN, at=NOW)
    registers.close(row, by=GUARDIAN, at=NOW)
    held = queries.incident(row.number)
    assert (held.closed_at, held.told_at) == (NOW, None)


def test_an_incident_without_risk_closes_with_its_reason() -> None:
    row = incident(make_study())
    registers.judge(row, "none", reason="The file was empty.", by=GUARDIAN, at=NOW)
    registers.close(row, by=GUARDIAN, at=NOW)
    assert queries.incident(row.number).closed_at == NOW


def test_what_has_kept_its_time_stays_open_until_its_work_is_done() -> None:
    study = make_study()
    late = NOW + 40 * 24 * HOUR
    complaint = registers.complain(
        study, about="security", channel="letter", by=HELPDESK, at=NOW
    )
    row = incident(study)

    def stands() -> list[tuple[str, bool, bool]]:
        found = sorted(queries.due(at=late), key=lambda one: one.what)
        return [(one.says, one.open, one.clock.overdue) for one in found]

    assert [one[1:] for one in stands()] == [(True, True), (True, True)]
    registers.acknowledge(complaint, by=HELPDESK, at=NOW)
    registers.judge(row, "high", reason="Three letters.", by=GUARDIAN, at=NOW)
    registers.reported(row, by=GUARDIAN, at=NOW)
    assert stands() == [
        ("security: to be answered", True, False),
        ("data disclosed: tell the people", True, False),
    ]
    registers.told(row, by=GUARDIAN, at=NOW)
    assert stands()[1] == ("data disclosed: close it", True, False)
    registers.close(row, by=GUARDIAN, at=NOW)
    registers.settle(complaint, "upheld", reason="Slow.", by=GUARDIAN, at=NOW)
    assert [one[1:] for one in stands()] == [(False, False), (False, False)]


def test_an_incident_cannot_be_noticed_tomorrow() -> None:
    with pytest.raises(HarkenError, match="RIG-008"):
        incident(make_study(), ago=-HOUR)


def test_what_is_late_is_on_top_and_the_command_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    study = make_study()
    assert cli.main(["rights", "due"]) == 0
    registers.complain(study, about="contact", channel="email", by=HELPDESK, at=NOW)
    late = incident(study, ago=73 * HOUR)
    first = queries.due(at=NOW)[0]
    assert (first.number, first.clock.overdue) == (late.number, True)
    assert cli.main(["rights", "due"]) == 4
    assert cli.main(["rights", "list", study.slug]) == 0
    said = capsys.readouterr().out
    assert "too late" in said
    assert late.number in said


@pytest.mark.parametrize("number", ["C-1", "I-1"])
def test_an_unknown_number_is_said(number: str) -> None:
    query = queries.complaint if number[0] == "C" else queries.incident
    with pytest.raises(HarkenError, match="RIG-001"):
        query(number)


def test_the_registers_on_the_pages() -> None:
    study = make_study()
    desk, guardian, caller = Client(), Client(), Client()
    sign_in(desk, Role.HELPDESK)
    sign_in(guardian, Role.GUARDIAN)
    sign_in(caller, Role.INTERVIEWER)
    new = "/guard/rights/complaints/new"
    form = {"study": study.slug, "about": "contact", "channel": "phone"}
    assert desk.get(new).status_code == 200
    assert desk.post(new, form | {"about": ""}).status_code == 422
    to = desk.post(new, form)["Location"]
    assert "They were told" in desk.get(to).content.decode()
    assert desk.post(to, {"act": "acknowledge"}).status_code == 302
    assert desk.post(to, {"act": "settle", "outcome": "upheld"}).status_code == 422
    bare = guardian.post(to, {"act": "settle", "outcome": "upheld"})
    assert bare.status_code == 422
    form = {"act": "settle", "outcome": "upheld", "reason": "We were slow."}
    answer = guardian.post(to, form)
    assert answer.status_code == 302

    new = "/guard/rights/incidents/new"
    form = {"study": study.slug, "kind": "lost", "people": "2", "hours": "1"}
    for wrong in ({"people": "many"}, {"hours": "-1"}, {"kind": ""}):
        assert caller.post(new, form | wrong).status_code == 422
    page = caller.post(new, form)
    assert "The guardian can see it now" in page.content.decode()
    row = Incident.objects.get()
    to = f"/guard/rights/incidents/{row.number}/"
    assert caller.get(to).status_code == 403
    assert guardian.get(to).status_code == 200
    assert desk.post(to, {"act": "close"}).status_code == 422
    words = {"act": "message", "happened": "A letter went astray.", "done": "Asked."}
    unsafe = guardian.post(to, words | {"can_do": "Tell the police."})
    assert unsafe.status_code == 422
    assert "too much to a stranger" in unsafe.content.decode()
    safe = guardian.post(to, words | {"can_do": "Be careful."})
    assert "Safe to send" in safe.content.decode()
    for act in ("judge", "reported", "told", "close"):
        form = {"act": act, "risk": "high", "reason": "Two people."}
        assert guardian.post(to, form).status_code == 302, act
    assert guardian.post(to, {"act": "x"}).status_code == 422
    assert guardian.get("/guard/rights/complaints/C-1/").status_code == 404
