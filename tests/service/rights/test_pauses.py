"""The clock stands while the person is asked back: UK GDPR Article 12A, DP-05."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.rights import RequestKind
from harken.method.terms import Role
from harken.service.ledger import queries as ledger
from harken.service.rights import actions, pauses, queries
from harken.service.rights.models import Request
from tests.make.accounts import sign_in
from tests.make.sitting import NOW, make_open_study
from tests.make.vault import GUARDIAN, HELPDESK

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

DAY = dt.timedelta(days=1)
MONDAY = dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)
"""A request of this day is due on Thursday 9 April."""


def asked(kind: RequestKind = RequestKind.ACCESS) -> Request:
    return actions.take_in(
        make_open_study(), kind, channel="letter", by=HELPDESK, at=MONDAY
    )


def now(row: Request) -> Request:
    return queries.request(row.number)


def stop(row: Request, *, days: int, lacking: str = "who") -> None:
    pauses.ask_back(row, lacking, by=GUARDIAN, at=MONDAY + days * DAY)


def go_on(row: Request, *, days: int) -> None:
    pauses.answered_back(row, by=GUARDIAN, at=MONDAY + days * DAY)


def test_the_days_from_question_to_answer_do_not_count() -> None:
    row = asked()
    stop(row, days=1)
    assert now(row).asked_on == MONDAY.date() + DAY
    go_on(row, days=4)
    assert now(row).paused_days == 4  # Tuesday to Friday, both counted
    assert now(row).due_on == dt.date(2026, 4, 13)
    assert now(row).asked_on is None
    (paused,) = ledger.entries(event=Event.REQUEST_PAUSED)
    assert json.loads(paused.body)["reason"] == "who"
    (resumed,) = ledger.entries(event=Event.REQUEST_RESUMED)
    assert json.loads(resumed.body)["counts"] == {"days_it_stood": 4}


def test_what_stands_is_never_overdue_and_runs_on_where_it_stood() -> None:
    row = asked()
    stop(row, days=1)
    (due,) = queries.due(at=MONDAY + 100 * DAY)
    assert (due.open, due.clock.overdue) == (True, False)
    assert "asked back" in due.says
    go_on(row, days=100)
    (due,) = queries.due(at=MONDAY + 100 * DAY)
    assert due.clock.overdue is False
    assert now(row).due_on == dt.date(
        2026, 7, 20
    )  # 9 April and a hundred days, a Monday
    (due,) = queries.due(at=MONDAY + 140 * DAY)
    assert due.clock.overdue is True


def test_the_days_add_up_and_none_counts_twice() -> None:
    row = asked()
    stop(row, days=1)
    go_on(row, days=2)
    with pytest.raises(HarkenError, match="RIG-017"):
        stop(row, days=2)  # that day did not count already
    stop(row, days=3, lacking="what")
    go_on(row, days=3)
    assert now(row).paused_days == 3
    actions.extend(now(row), "complex", by=GUARDIAN, at=MONDAY + 4 * DAY)
    assert now(row).due_on == dt.date(2026, 6, 12)
    stop(row, days=5)
    go_on(row, days=5)
    assert now(row).due_on == dt.date(2026, 6, 15)  # the thirteenth is a Saturday


def test_a_question_makes_nothing_less_late() -> None:
    row = asked()
    late = (dt.date(2026, 4, 10) - MONDAY.date()).days
    with pytest.raises(HarkenError, match="RIG-014"):
        stop(row, days=late)
    stop(row, days=late - 1)
    # It ran to its last day before it stood: the months may still be taken.
    actions.extend(now(row), "complex", by=GUARDIAN, at=MONDAY + (late + 9) * DAY)
    assert now(row).due_on == dt.date(2026, 6, 9)


def test_only_the_two_questions_of_the_law_stop_it() -> None:
    row = asked(RequestKind.ERASURE)
    for word in ("what", "why", ""):
        with pytest.raises(HarkenError, match="RIG-008"):
            stop(row, days=1, lacking=word)
    stop(row, days=1)
    with pytest.raises(HarkenError, match="RIG-018"):
        stop(row, days=2)
    go_on(row, days=2)
    with pytest.raises(HarkenError, match="RIG-018"):
        go_on(row, days=2)
    with pytest.raises(HarkenError, match="ACC-001"):
        pauses.ask_back(row, "who", by=HELPDESK, at=MONDAY)
    with pytest.raises(HarkenError, match="ACC-001"):
        pauses.answered_back(row, by=HELPDESK, at=MONDAY)


def test_days_that_cannot_be_are_refused() -> None:
    row = asked()
    at = MONDAY + 5 * DAY
    for on in (MONDAY.date() - DAY, at.date() + DAY):
        with pytest.raises(HarkenError, match="RIG-017"):
            pauses.ask_back(row, "who", on=on, by=GUARDIAN, at=at)
    pauses.ask_back(row, "who", on=MONDAY.date() + 2 * DAY, by=GUARDIAN, at=at)
    with pytest.raises(HarkenError, match="RIG-017"):
        pauses.answered_back(row, on=MONDAY.date() + DAY, by=GUARDIAN, at=at)
    pauses.answered_back(row, on=MONDAY.date() + 3 * DAY, by=GUARDIAN, at=at)
    assert now(row).paused_days == 2


def test_what_is_decided_has_no_clock() -> None:
    row = asked()
    Request.objects.update(state=Request.State.DONE)
    with pytest.raises(HarkenError, match="RIG-002"):
        stop(row, days=1)
    with pytest.raises(HarkenError, match="RIG-002"):
        go_on(row, days=1)


def test_on_the_page_the_guardian_stops_it_and_lets_it_run() -> None:
    shift = (timezone.now().date() - NOW.date()).days
    row = actions.take_in(
        make_open_study(shift_days=shift),
        RequestKind.ACCESS,
        channel="letter",
        by=HELPDESK,
        at=timezone.now() - 3 * DAY,
    )
    guardian, reader = Client(), Client()
    sign_in(guardian, Role.GUARDIAN)
    sign_in(reader, Role.CONTROLLER)
    to = f"/guard/rights/requests/{row.number}/"
    today = timezone.localdate()
    form = {"act": "ask_back", "lacking": "what", "on": str(today - 2 * DAY)}
    assert guardian.post(to, form | {"on": "x"}).status_code == 422
    assert guardian.post(to, form | {"lacking": ""}).status_code == 422
    assert guardian.post(to, form).status_code == 302
    page = guardian.get(to).content.decode()
    assert "The clock stands still since" in page
    assert "Stop the clock" not in page
    assert "stands, " in reader.get("/guard/rights/").content.decode()
    assert reader.post(to, {"act": "answered_back"}).status_code == 422
    assert guardian.post(to, {"act": "answered_back", "on": ""}).status_code == 302
    page = guardian.get(to).content.decode()
    assert "3 days did not count" in page
    assert "Stop the clock" in page
    assert "Stop the clock" not in reader.get(to).content.decode()


def test_a_bank_holiday_taken_back_does_not_count_as_an_extension() -> None:
    row = asked()
    # A day of mourning was one when it was entered, and is none in the list of today.
    Request.objects.filter(pk=row.pk).update(due_on=row.due_on + DAY)
    stop(row, days=1)
    go_on(row, days=1)
    assert now(row).due_on == dt.date(2026, 4, 10)
    actions.extend(row, "complex", by=GUARDIAN, at=MONDAY + 2 * DAY)
    assert now(row).due_on == dt.date(2026, 6, 10)
