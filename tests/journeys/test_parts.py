"""A part is destroyed from the pages, in a browser, while others go on: SAF-43, PRV 19."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from harken.method.terms import RESPONDENT, SYSTEM, CaseRef, Role
from harken.service.anonymisation import queries
from harken.service.interview import actions as interviews
from harken.service.response import intake
from harken.service.sampling import queries as sampling
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import queries as keys
from harken.service.vault import witness
from tests.journeys.test_registers import SHIFT, as_staff, sound
from tests.make.cohorts import WHY, signed
from tests.make.sitting import make_open_study, make_sitting
from tests.make.vault import GUARDIAN, MANAGER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.usefixtures("own_data"),
    pytest.mark.django_db(transaction=True, databases=["default", "answers"]),
]


def make_extended_field(folder: Path) -> Study:
    """A study in the field today; one answered under each promise, and was collected."""
    office, now = folder / "controller", timezone.now()
    vault.name_controller(witness.make_key(office, "controller.example"), by=MANAGER)
    study = make_open_study(shift_days=SHIFT)
    early = make_sitting(study, CaseRef(sampling.issued(study)[0].ref), at=now)
    first = keys.promises(study.slug)[0]
    days = {
        name: first.day(name) + dt.timedelta(days=30)
        for name in ("destroy_by", "recontact_until")
    }
    vault.extend(study, signed(office, study, **days), by=GUARDIAN, at=now)
    for row in (early, make_sitting(study, at=now)):
        interviews.submit(row, by=RESPONDENT, at=now)
    intake.collect(study, by=SYSTEM, at=now)
    return study


def test_the_guardian_ends_the_first_ones_and_the_controller_reads_who_goes_on(
    browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    study = make_extended_field(tmp_path)
    at = f"{live_server.url}/guard/studies/{study.slug}/"
    guardian = as_staff(browser, live_server, Role.GUARDIAN)
    controller = as_staff(browser, live_server, Role.CONTROLLER)
    guardian.goto(at)
    assert guardian.get_by_text("Each keeps the day they were promised").is_visible()
    assert guardian.get_by_text(WHY).is_visible()
    assert guardian.get_by_label("Those whose promised day comes next").is_checked()
    sound(guardian)
    guardian.get_by_label("Everybody", exact=True).check()
    guardian.get_by_label("Plan although the answers that stay were not judged").check()
    guardian.click("button:has-text('Plan the destruction')")
    guardian.wait_for_selector("text=only a closed study is destroyed")
    sound(guardian)
    guardian.get_by_label("Plan although the answers that stay were not judged").check()
    guardian.click("button:has-text('Plan the destruction')")
    guardian.wait_for_selector("text=has not approved yet")
    for page in (guardian, controller):
        page.goto(at)
        page.click("text=Read the plan and approve")
        assert page.get_by_text("People who go on under a later promise").is_visible()
        sound(page)
        page.get_by_label("I have read these counts").check()
        page.click("button:has-text('Approve')")
    guardian.goto(at)
    guardian.click("text=Run the destruction")
    sound(guardian)
    guardian.fill("#name", study.slug)
    guardian.click("button:has-text('Destroy')")
    guardian.wait_for_selector("text=What was destroyed by")
    sound(guardian)
    assert guardian.get_by_text("1 under a later promise").is_visible()
    controller.goto(at)
    controller.click("text=Verify this certificate")
    controller.wait_for_selector("text=The certificate is valid and")
    assert controller.get_by_text("Live, under a later promise").is_visible()
    sound(controller)
    (happened,) = queries.happened(study.slug)
    assert not happened.late
