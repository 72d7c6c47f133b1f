"""The staff's pages of requests and emergencies, in a browser at two widths: SAF-43."""

from __future__ import annotations

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from harken.method.terms import Role
from harken.service.rights import emergency
from harken.service.rights.models import Emergency, Incident, Request
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.contact import make_invitation
from tests.make.sitting import NOW, make_open_study
from tests.make.vault import GUARDIAN, MANAGER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.usefixtures("own_data"),
    pytest.mark.django_db(transaction=True, databases=["default", "answers"]),
]

SHIFT = (timezone.now().date() - NOW.date()).days


def as_staff(browser: Browser, server: LiveServer, role: Role) -> Page:
    """A page of somebody who has signed in with both factors."""
    client = Client()
    sign_in(client, role)
    context = browser.new_context()
    value = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": value, "url": server.url}])
    return context.new_page()


def sound(page: Page) -> None:
    """Nothing is wider than the screen, and axe finds nothing wrong, at two widths."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found] == [], (page.url, width)


def opened(study: Study) -> Emergency:
    """An identity opened in an emergency an hour ago."""
    at = timezone.now() - dt.timedelta(hours=1)
    code = make_invitation(study)
    row = emergency.ask(study, code, reason="A threat was made.", by=MANAGER, at=at)
    emergency.allow(row, by=GUARDIAN, at=at)
    emergency.open_person(row, by=MANAGER, at=at)
    return row


def test_the_controller_finds_what_waits_reviews_it_and_opens_an_incident(
    browser: Browser, live_server: LiveServer
) -> None:
    row = opened(make_open_study(shift_days=SHIFT))
    page = as_staff(browser, live_server, Role.CONTROLLER)
    page.goto(f"{live_server.url}/guard/rights/")
    sound(page)
    page.click(f"a:has-text('{row.number}')")
    sound(page)
    page.click("button:has-text('Write the review')")
    page.wait_for_selector(".govuk-error-summary")
    sound(page)
    page.get_by_label("Not justified").check()
    page.get_by_label("Why", exact=True).fill("The call centre knew the number.")
    page.click("button:has-text('Write the review')")
    page.wait_for_selector("text=suspected breach")
    sound(page)
    page.click("button:has-text('Open an incident')")
    page.wait_for_selector("text=Report by")
    assert Incident.objects.get().number in page.url
    page.go_back()
    page.reload()
    sound(page)
    staff = as_staff(browser, live_server, Role.MANAGER)
    staff.goto(f"{live_server.url}/guard/rights/emergencies/{row.number}/")
    sound(staff)
    staff.goto(f"{live_server.url}/guard/rights/emergencies/")
    sound(staff)


def test_a_letter_is_entered_late_and_its_clock_stopped(
    browser: Browser, live_server: LiveServer
) -> None:
    study = make_open_study(shift_days=SHIFT)
    today = timezone.localdate()
    desk = as_staff(browser, live_server, Role.HELPDESK)
    desk.goto(f"{live_server.url}/guard/rights/requests/new")
    sound(desk)
    desk.get_by_label("Give me a copy").check()
    desk.get_by_label("Letter", exact=True).check()
    desk.fill("#code", make_invitation(study))
    desk.fill("#received_on", str(today + dt.timedelta(days=9)))
    desk.click("button:has-text('Start the clock')")
    desk.wait_for_selector("#received-error")
    sound(desk)
    desk.fill("#received_on", str(today - dt.timedelta(days=3)))
    desk.click("button:has-text('Start the clock')")
    desk.wait_for_selector("text=entered")
    sound(desk)
    number = Request.objects.get().number
    guardian = as_staff(browser, live_server, Role.GUARDIAN)
    guardian.goto(f"{live_server.url}/guard/rights/requests/{number}/")
    sound(guardian)
    guardian.click("button:has-text('Show the number and the facts')")
    guardian.wait_for_selector("text=never one they give you now")
    sound(guardian)
    guardian.click("text=Go on with the request")
    guardian.get_by_label("Who they are").check()
    guardian.click("button:has-text('Stop the clock')")
    guardian.wait_for_selector("text=The clock stands still since")
    sound(guardian)
    guardian.click("button:has-text('Let the clock run on')")
    guardian.wait_for_selector("text=did not count")
    sound(guardian)
    desk.goto(f"{live_server.url}/guard/rights/complaints/new")
    sound(desk)
