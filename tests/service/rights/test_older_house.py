"""What the registers of an older house held is there after the update: DP-04, DP-05."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from harken.method.rights import RequestKind
from harken.service.rights import actions, emergency, pauses, queries
from harken.service.rights.models import EmergencyCase, Request
from tests.make.sitting import NOW, make_open_study
from tests.make.vault import GUARDIAN, HELPDESK
from tests.service.rights.test_unreviewed import LATER, OTHER, WHY, opened

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

NOW_ON = ("rights", "0009_why_a_month_was_made_longer")


def migrate(*names: tuple[str, str]) -> None:
    """Go to each of these in turn."""
    for name in names:
        MigrationExecutor(connection).migrate([name])


def test_the_emergencies_of_an_older_house_are_parted_from_their_people() -> None:
    row = opened(make_open_study())
    emergency.review(row, "justified", reason=WHY, by=OTHER, at=LATER)
    whom = EmergencyCase.objects.get()
    before = (whom.ref, bytes(whom.reason), bytes(whom.review))
    migrate(("rights", "0006_clocks_stand_still"), NOW_ON)
    (after,) = EmergencyCase.objects.select_related("emergency")
    assert (after.ref, bytes(after.reason), bytes(after.review)) == before
    assert after.emergency == row
    assert emergency.found(after.emergency) == WHY


def test_a_request_that_was_made_longer_stays_so() -> None:
    study = make_open_study()

    def asked(kind: RequestKind) -> Request:
        return actions.take_in(study, kind, channel="letter", by=HELPDESK, at=NOW)

    longer, plain = asked(RequestKind.ACCESS), asked(RequestKind.ERASURE)
    actions.extend(longer, "complex", by=GUARDIAN, at=NOW)
    pauses.ask_back(plain, "who", by=GUARDIAN, at=NOW)
    later = NOW + dt.timedelta(days=60)
    pauses.answered_back(plain, by=GUARDIAN, at=later)
    migrate(("rights", "0008_emergencies_name_nobody"), NOW_ON)
    assert queries.request(longer.number).longer == "complex"
    assert queries.request(plain.number).longer == ""
