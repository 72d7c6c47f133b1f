"""The days of the registers: when a letter came, weekends, bank holidays: DP-05, DP-11."""

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
from harken.service.rights import actions, days, queries, registers
from harken.service.rights.models import Complaint, Request
from harken.service.study.models import Study
from harken.service.vault.holder import LONDON
from tests.make.accounts import sign_in
from tests.make.sitting import NOW, make_open_study
from tests.make.vault import GUARDIAN, HELPDESK

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


def taken_in(study: Study, came: dt.date | None, *, at: dt.datetime = NOW) -> Request:
    return actions.take_in(
        study,
        RequestKind.ERASURE,
        channel="letter",
        received_on=came,
        by=HELPDESK,
        at=at,
    )


def test_the_month_of_a_letter_runs_from_the_day_it_came() -> None:
    study = make_open_study()
    monday, thursday = dt.date(2026, 3, 9), dt.datetime(2026, 3, 12, 9, tzinfo=dt.UTC)
    row = taken_in(study, monday, at=thursday)
    assert row.due_on == dt.date(2026, 4, 9)
    assert timezone.localdate(row.received_at) == monday
    assert row.entered_at == thursday
    (entry,) = ledger.entries(event=Event.REQUEST_RECEIVED)
    assert entry.at == thursday
    assert json.loads(entry.body)["counts"] == {"days_since_it_came": 3}
    actions.extend(row, "complex", by=GUARDIAN, at=thursday)
    assert queries.request(row.number).due_on == dt.date(2026, 6, 9)
    today = taken_in(study, thursday.date(), at=thursday)
    assert today.received_at == thursday


def test_a_letter_that_lay_too_long_is_late_from_the_start() -> None:
    row = taken_in(make_open_study(), TODAY - 40 * DAY)
    (due,) = queries.due(at=NOW)
    assert (due.number, due.clock.overdue) == (row.number, True)
    with pytest.raises(HarkenError, match="RIG-014"):
        actions.extend(row, "complex", by=GUARDIAN, at=NOW)


@pytest.mark.parametrize("off", [DAY, -181 * DAY, -365 * DAY])
def test_a_day_to_come_or_long_gone_is_refused(off: dt.timedelta) -> None:
    study = make_open_study()
    with pytest.raises(HarkenError, match="RIG-017"):
        taken_in(study, TODAY + off)
    with pytest.raises(HarkenError, match="RIG-017"):
        registers.complain(
            study,
            about="contact",
            channel="letter",
            received_on=TODAY + off,
            by=HELPDESK,
            at=NOW,
        )
    assert not Request.objects.exists()
    assert not Complaint.objects.exists()
    taken_in(study, TODAY - 180 * DAY)


def test_the_thirty_days_of_a_complaint_run_from_the_day_it_came() -> None:
    row = registers.complain(
        make_open_study(),
        about="contact",
        channel="letter",
        received_on=TODAY - 3 * DAY,
        by=HELPDESK,
        at=NOW,
    )
    assert row.acknowledge_by == TODAY + 27 * DAY
    (entry,) = ledger.entries(event=Event.COMPLAINT_RECEIVED)
    assert json.loads(entry.body)["counts"] == {"days_since_it_came": 3}


@pytest.mark.parametrize(
    ("came", "due"),
    [
        (dt.date(2026, 3, 3), dt.date(2026, 4, 7)),  # Good Friday to Easter Monday
        (dt.date(2025, 11, 26), dt.date(2025, 12, 29)),  # Boxing Day, then a weekend
        (dt.date(2025, 12, 1), dt.date(2026, 1, 2)),  # New Year's Day of the next year
        (dt.date(2026, 3, 10), dt.date(2026, 4, 10)),
    ],
)
def test_a_month_ends_after_weekend_and_bank_holiday(
    came: dt.date, due: dt.date
) -> None:
    row = taken_in(make_open_study(), came, at=NOW + 30 * DAY)
    assert row.due_on == due


def test_the_form_asks_for_the_day_and_says_what_is_wrong_with_it() -> None:
    shift = (timezone.now().date() - NOW.date()).days
    study = make_open_study(shift_days=shift)
    client = Client()
    sign_in(client, Role.HELPDESK)
    home, today = "/guard/rights/requests/new", timezone.localdate()
    assert f'value="{today}"' in client.get(home).content.decode()
    form = {"study": study.slug, "kind": "erasure", "channel": "letter"}
    for wrong in (str(today + DAY), "Monday", str(today - 365 * DAY)):
        answer = client.post(home, form | {"received_on": wrong})
        assert answer.status_code == 422, wrong
        assert b"It cannot have come on that day." in answer.content
        assert b'id="received-error"' in answer.content
        assert wrong in answer.content.decode()
    to = client.post(home, form | {"received_on": str(today - 3 * DAY)})["Location"]
    page = client.get(to).content.decode()
    assert f"{today - 3 * DAY:%-d %B %Y}, by letter; entered {today:%-d %B %Y}" in page
    plain = client.get(client.post(home, form)["Location"]).content.decode()
    assert "entered" not in plain
    complaint = {"study": study.slug, "about": "contact", "channel": "letter"}
    home = "/guard/rights/complaints/new"
    to = client.post(home, complaint | {"received_on": str(today - DAY)})["Location"]
    assert f"entered {today:%-d %B %Y}" in client.get(to).content.decode()
    assert client.post(home, complaint | {"received_on": "x"}).status_code == 422


def test_an_empty_day_is_today() -> None:
    assert days.read(" ") is None
    assert days.read("2026-03-03") == dt.date(2026, 3, 3)


@pytest.mark.parametrize(
    ("subdivision", "due"),
    [
        ("ENG", dt.date(2026, 8, 3)),  # 1 August is a Saturday
        ("SCT", dt.date(2026, 8, 4)),  # where the first Monday of August is a holiday
    ],
)
def test_the_day_is_that_of_the_country_and_of_london(
    subdivision: str, due: dt.date
) -> None:
    study = make_open_study(subdivision=subdivision)
    # Half past eleven at night in UTC: in London it is the first of July.
    night = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert taken_in(study, None, at=night).due_on == due


@pytest.mark.parametrize(
    "came",
    [
        dt.datetime(
            2026, 2, 27, 9, tzinfo=dt.UTC
        ),  # due the day after summer time began
        dt.datetime(2026, 9, 24, 9, tzinfo=dt.UTC),  # due the day after it ended
        dt.datetime(2026, 4, 27, 9, tzinfo=dt.UTC),
    ],
)
def test_the_last_day_lasts_until_midnight_in_london(came: dt.datetime) -> None:
    study = make_open_study()
    row = taken_in(study, None, at=came)
    midnight = dt.datetime.combine(row.due_on + DAY, dt.time.min, LONDON)
    (due,) = queries.due(at=midnight)
    assert (due.clock.due, due.clock.overdue) == (midnight, False)
    (due,) = queries.due(at=midnight + dt.timedelta(seconds=1))
    assert due.clock.overdue


def test_bank_holidays_count_however_long_a_clock_stood() -> None:
    # Stood for a year: the month ends on 3 January 2028, the day in lieu of New Year's.
    due = days.answer_by(make_open_study(), dt.datetime(2026, 12, 3, 9, tzinfo=dt.UTC))
    assert due == dt.date(2027, 1, 4)
    late = days.answer_by(
        make_open_study(slug="second"),
        dt.datetime(2026, 12, 3, 9, tzinfo=dt.UTC),
        paused=365,
    )
    assert late == dt.date(2028, 1, 4)


def test_an_incident_may_be_noticed_by_any_clock() -> None:
    study = make_open_study()
    noticed = dt.datetime(2026, 10, 24, 12, tzinfo=LONDON)
    row = registers.notice(
        study,
        kind="lost",
        people=1,
        noticed_at=noticed,
        by=GUARDIAN,
        at=dt.datetime(2026, 10, 25, 9, tzinfo=dt.UTC),
    )
    assert row.report_by == dt.datetime(2026, 10, 27, 11, tzinfo=dt.UTC)
