"""Two timers pass the same alerts on at the same moment: one mail a step. Proves SAF-41."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, connections

from harken.method.ledger import Event
from harken.method.terms import Actor, Role
from harken.service.ledger import queries as ledger
from harken.service.safeguarding import actions, escalate
from harken.service.safeguarding.models import Alert
from harken.service.study.models import Study
from tests.make.contact import CALLING, INTERVIEWER, make_field_study, ref_of

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

TIMER = Actor("timer", Role.SYSTEM)
LEAD = Actor("lead.one", Role.SAFEGUARDING)
TIMERS = 4


def make_alerts(study: Study, count: int = 3) -> list[Alert]:
    """Disclosures of the first case: each is due in an hour."""
    return [
        actions.raise_alert(
            study, ref_of(study), kind="disclosure", by=INTERVIEWER, at=CALLING
        )
        for _ in range(count)
    ]


def beside() -> bool:
    """Whether two can be at the database together; SQLite has one writer in any case."""
    return connection.vendor != "sqlite"


def at_once(line: threading.Barrier, *, at: dt.datetime) -> list[escalate.Passed]:
    """Timers on connections of their own; what all of them passed on."""
    passed: list[escalate.Passed] = []
    wrong: list[BaseException] = []

    def tick() -> None:
        try:
            connections["default"].ensure_connection()
            passed.extend(escalate.run(by=TIMER, at=at))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test says it
            wrong.append(error)
            line.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tick) for _ in range(TIMERS)]
    for one in threads:
        one.start()
        if not beside():
            one.join()
    for one in threads:
        one.join()
    assert wrong == []
    return passed


def test_timers_that_have_all_read_the_same_alerts_mail_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "EMAIL_HOST", "localhost")
    study = make_field_study()
    alerts = make_alerts(study)
    line = threading.Barrier(TIMERS if beside() else 1, timeout=30)
    read = escalate._pass_on

    def together(*args: object, **kwargs: object) -> object:
        # Nobody passes on before everybody has read what waits.
        line.wait()
        return read(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(escalate, "_pass_on", together)
    half = CALLING + dt.timedelta(minutes=31)
    passed = at_once(line, at=half)
    assert [(one.to.value, one.count, one.mailed) for one in passed] == [
        ("lead", len(alerts), True)
    ]
    assert len(mail.outbox) == 1
    assert ledger.entries(event=Event.ALERTS_ESCALATED).count() == 1
    assert set(Alert.objects.values_list("escalated", flat=True)) == {"lead"}


def test_what_was_decided_while_a_timer_ran_is_not_passed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "EMAIL_HOST", "localhost")
    study = make_field_study()
    first, second = make_alerts(study, 2)
    read = escalate._pass_on

    def decided_first(*args: object, **kwargs: object) -> object:
        for alert in decided:
            actions.resolve(
                alert, decision="referred", reason="Rang.", by=LEAD, at=CALLING
            )
        return read(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(escalate, "_pass_on", decided_first)
    decided = [first]
    due = CALLING + dt.timedelta(hours=1)
    [passed] = escalate.run(by=TIMER, at=due)
    assert (passed.to.value, passed.count) == ("manager", 1)
    decided = [second]
    assert escalate.run(by=TIMER, at=due + dt.timedelta(hours=1)) == []
    assert len(mail.outbox) == 1
    assert "1 of study" in mail.outbox[0].body
