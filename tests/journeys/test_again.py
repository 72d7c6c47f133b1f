"""Those kept are contacted again, in a browser: PRV 63, DP-05, SAF-10, accessibility.

The manager on a phone without script and at a desk with it; the guardian who hands a copy
over; and whatever a browser can do to see somebody twice.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Error, Page
from pytest_django.live_server_helper import LiveServer

from harken.method.rights import RequestKind
from harken.method.terms import Role
from harken.method.vault.keyring import Fact
from harken.service.rights import actions as rights
from harken.service.vault.models import RecontactConsent
from tests.make.accounts import sign_in
from tests.make.again import NOW, make_kept, openings
from tests.make.anonymisation import Ready, make_ready
from tests.make.vault import HELPDESK, make_identity

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "answers"]),
]

SCREENS = [(360, False), (360, True), (1280, False), (1280, True)]
NAMES = re.compile(r"Vireo\d|Quenhallow\d")


@pytest.fixture
def ready(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Ready:
    """A destroyed study of which two people are kept, on the day after."""
    settings.DATA = tmp_path
    made = make_kept()
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return made


def as_staff(
    browser: Browser,
    server: LiveServer,
    role: Role,
    *,
    width: int = 1280,
    script: bool = True,
) -> Page:
    """A page of somebody who has signed in with both factors."""
    client = Client()
    sign_in(client, role)
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=script
    )
    value = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": value, "url": server.url}])
    return context.new_page()


def sound(page: Page, *, script: bool, width: int) -> list[str]:
    """What is wrong with the page: axe's findings, and whatever is wider than the window."""
    wrong = []
    if script:
        found = Axe().run(page).response["violations"]
        wrong += [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        wrong.append("wider than the window")
    if page.locator("h1").count() != 1:
        wrong.append("not one heading of level 1")
    if NAMES.search(page.title() + page.url):
        wrong.append("a name in title or address")
    return wrong


@pytest.mark.parametrize(("width", "script"), SCREENS)
def test_a_manager_contacts_one_and_ends_it_for_another(
    browser: Browser, live_server: LiveServer, ready: Ready, width: int, script: bool
) -> None:
    page = as_staff(browser, live_server, Role.MANAGER, width=width, script=script)
    page.goto(f"{live_server.url}/field/fieldwork/{ready.study.slug}/")
    page.click("text=Those who agreed to be contacted again")
    wrong = sound(page, script=script, width=width)
    page.click("button:has-text('Open the next person')")
    shown = page.inner_text("main")
    assert NAMES.search(shown)
    first = shown.index("ask first whether")
    assert first < shown.index("Vireo")
    wrong += sound(page, script=script, width=width)
    page.click("button:has-text('Write down how it ended')")
    assert "Nothing was chosen" in page.inner_text(".govuk-error-message")
    assert not NAMES.search(page.inner_text("main"))
    wrong += sound(page, script=script, width=width)
    page.check("text=Not reached: try again on another day")
    page.click("button:has-text('Write down how it ended')")
    page.click("button:has-text('Open the next person')")
    page.check("text=They do not want it any more")
    page.click("button:has-text('Write down how it ended')")
    wrong += sound(page, script=script, width=width)
    page.click("button:has-text('Yes, end it for good')")
    assert "Nobody can be opened for this today" in page.inner_text("main")
    wrong += sound(page, script=script, width=width)
    assert wrong == []
    assert RecontactConsent.objects.get().done[0]["how"] == "try_again"


def test_neither_loading_again_nor_going_back_shows_or_opens_anybody(
    browser: Browser, live_server: LiveServer, ready: Ready
) -> None:
    page = as_staff(browser, live_server, Role.MANAGER)
    start = f"{live_server.url}/field/fieldwork/{ready.study.slug}/again"
    page.goto(start)
    page.click("button:has-text('Open the next person')")
    assert NAMES.search(page.inner_text("main"))
    page.reload()
    assert "not said yet how it ended" in page.inner_text(".govuk-error-summary")
    assert not NAMES.search(page.content())
    page.check("label:has-text('Nothing was tried')")
    page.click("button:has-text('Write down how it ended')")
    seen = []
    for act in (page.go_back, page.reload, page.go_back, page.reload):
        # The answer to a form is kept nowhere: the browser asks whether to send it again.
        with suppress(Error):
            act()
        page.wait_for_timeout(500)
        seen.append(page.content())
    assert not any(NAMES.search(text) for text in seen)
    assert len(openings(ready.study)) == 1


def test_two_managers_at_once_have_two_people(
    browser: Browser, live_server: LiveServer, ready: Ready
) -> None:
    start = f"{live_server.url}/field/fieldwork/{ready.study.slug}/again"
    pages = [as_staff(browser, live_server, Role.MANAGER) for _ in range(3)]
    for page in pages:
        page.goto(start)
    names = []
    for page in pages:
        page.click("button:has-text('Open the next person')")
        names += NAMES.findall(page.inner_text("main"))[:1]
    assert len(set(names)) == len(names) == 2
    assert "nobody to be opened" in pages[2].inner_text(".govuk-error-summary")


def test_while_consents_gather_and_when_nobody_agreed_the_pages_say_so(
    browser: Browser, live_server: LiveServer, ready: Ready
) -> None:
    gathering = make_ready()
    page = as_staff(browser, live_server, Role.MANAGER, width=360)
    address = f"{live_server.url}/field/fieldwork/{gathering.study.slug}/again"
    page.goto(address)
    assert "Nobody can be opened yet" in page.inner_text("main")
    assert sound(page, script=True, width=360) == []
    RecontactConsent.objects.all().delete()
    page.goto(address)
    assert "Nobody has agreed" in page.inner_text("main")
    assert sound(page, script=True, width=360) == []


@pytest.mark.parametrize(("width", "script"), SCREENS)
def test_a_guardian_hands_somebody_kept_their_copy(
    browser: Browser, live_server: LiveServer, ready: Ready, width: int, script: bool
) -> None:
    row = rights.take_in(
        ready.study,
        RequestKind.ACCESS,
        channel="phone",
        known=(Fact.EMAIL.value, make_identity(0).email),
        by=HELPDESK,
        at=NOW,
    )
    page = as_staff(browser, live_server, Role.GUARDIAN, width=width, script=script)
    page.goto(f"{live_server.url}/guard/rights/requests/{row.number}/")
    assert "ways of contact are kept" in page.inner_text("main")
    wrong = sound(page, script=script, width=width)
    page.locator("input[name=checked]").first.check()
    page.click("button:has-text('Show the copy')")
    said = page.inner_text("main")
    assert "That we may contact you again" in said
    assert "What nobody can find any more" in said
    assert wrong + sound(page, script=script, width=width) == []
    controller = as_staff(browser, live_server, Role.CONTROLLER)
    controller.goto(f"{live_server.url}/guard/rights/requests/{row.number}/")
    assert not NAMES.search(controller.content())
    answer = controller.goto(
        f"{live_server.url}/field/fieldwork/{ready.study.slug}/again"
    )
    assert answer is not None
    assert answer.status == 403
