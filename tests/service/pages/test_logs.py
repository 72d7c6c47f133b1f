"""What a log line and an entry of the ledger say of the time: ASVS 16.2.2."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time

import pytest

from harken.method.ledger import Event
from harken.method.terms import SYSTEM
from harken.service import logs
from harken.service.ledger import actions as ledger
from harken.service.ledger.models import Entry
from harken.service.vault.holder import LONDON

SUMMER = dt.datetime(2026, 7, 1, 12, tzinfo=LONDON)
"""Noon in London, eleven by UTC."""


def test_a_log_line_says_its_moment_in_utc_and_that_it_is() -> None:
    assert time.localtime(SUMMER.timestamp()).tm_hour == 12  # as the house runs
    record = logging.LogRecord("harken.x", logging.ERROR, "x.py", 1, "said", None, None)
    record.created = SUMMER.timestamp()
    assert logs.PlaceOnly().format(record).startswith("2026-07-01T11:00:00Z ERROR ")


@pytest.mark.django_db
def test_an_entry_of_the_ledger_says_its_moment_in_utc() -> None:
    ledger.record(Event.REHEARSED, study="trial", by=SYSTEM, at=SUMMER)
    body = json.loads(Entry.objects.get().body)
    assert body["at"] == "2026-07-01T11:00:00+00:00"
