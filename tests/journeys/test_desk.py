"""The free-text desk by keyboard, and a person's own page about their data, in a browser.

PRV 41 in part, DP-05, DP-06, SAF-43.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from harken.method.terms import Role
from harken.service.interview.models import Interview
from harken.service.redaction.models import Reading
from harken.service.rights.models import Request
from tests.make.accounts import sign_in
from tests.make.contact import make_invitation
from tests.make.redaction import FRAMES, make_desk
from tests.make.sitting import NOW

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.usefixtures("own_data"),
    pytest.mark.django_db(transaction=True, databases=["default", "answers"]),
]

TEXT = "My brother Dave rang 07700 900123 and a kind lady, afzalin, helped."
SHIFT = (timezone.now().date() - NOW.date()).days


def as_staff(browser: Browser, server: LiveServer, role: Role) -> Page:
    """A page of somebody who has signed in with both factors."""
    client = Client()
    sign_in(client, role)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    value = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": value, "url": server.url}])
    return context.new_page()


def sound(page: Page) -> list[str]:
    """What axe finds wrong with the page."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def keys_work(page: Page) -> None:
    """Wait for the script, which shows its keys when it is there."""
    page.locator("[data-app-script]").first.wait_for()


def choose(page: Page, words: str) -> None:
    """Select these words in the box, as the arrow keys would."""
    page.evaluate(
        """(words) => { const box = document.getElementById("words");
        const at = box.value.indexOf(words); box.focus();
        box.setSelectionRange(at, at + words.length); }""",
        words,
    )


def test_a_reader_and_a_coder_work_with_the_keys_alone(
    browser: Browser, live_server: LiveServer
) -> None:
    study = make_desk(TEXT, frames=FRAMES, shift_days=SHIFT)
    page = as_staff(browser, live_server, Role.REDACTOR)
    page.goto(f"{live_server.url}/desk/free-text/{study.slug}/")
    page.keyboard.press("Enter")
    box = page.locator("#words")
    box.wait_for()
    keys_work(page)
    assert "?" not in page.url
    assert box.input_value() == (
        "My brother [name] rang [phone] and a kind lady, afzalin, helped."
    )
    choose(page, "afzalin")
    page.keyboard.press("n")
    assert "lady, [name], helped" in box.input_value()
    choose(page, "[phone]")
    page.keyboard.press("u")
    assert "07700 900123" in box.input_value()
    choose(page, "07700 900123")
    page.keyboard.press("r")
    assert "rang [reference] and" in box.input_value()
    assert sound(page) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Nothing waits to be read")
    page.click("button:has-text('Take it back')")
    box.wait_for()
    keys_work(page)
    assert "[reference]" in box.input_value()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=100 % read")
    coder = as_staff(browser, live_server, Role.CODER)
    coder.goto(f"{live_server.url}/desk/coding/{study.slug}/")
    coder.keyboard.press("Enter")
    coder.locator("#code-1").wait_for()
    assert sound(coder) == []
    assert "Dave" not in coder.content()
    for key in ("2", "3", "3", "Control+Enter"):
        coder.keyboard.press(key)
    coder.wait_for_selector("text=Nothing waits to be coded")
    assert Reading.objects.get().state == "coded"


def test_a_person_asks_in_their_language_and_is_answered_at_the_desk(
    browser: Browser, live_server: LiveServer
) -> None:
    study = make_desk(TEXT, shift_days=SHIFT)
    invitation = make_invitation(study)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="pl")
    page = context.new_page()
    page.goto(f"{live_server.url}/privacy")
    page.click("text=Poproś o kopię")
    assert page.locator(".govuk-exit-this-page__button").count() == 1
    page.click("button:has-text('Wyślij')")
    assert "Wybierz, o co prosisz" in page.inner_text(".govuk-error-summary")
    page.check("#kind-1")
    page.fill("input[name=code]", invitation)
    page.click("button:has-text('Wyślij')")
    number = page.inner_text("main strong")
    assert Request.objects.get().number == number
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert sound(page) == []
    desk = as_staff(browser, live_server, Role.GUARDIAN)
    desk.goto(f"{live_server.url}/guard/rights/")
    assert "days left" in desk.inner_text("main")
    desk.click(f"text={number}")
    desk.locator("input[name=checked]").first.check()
    desk.fill("#reason", "They asked for it.")
    desk.click("button:has-text('Answer the request')")
    assert "Answer the request" not in desk.inner_text("main")
    assert Request.objects.get().state == "done"
    assert not Interview.objects.exclude(document=b"").exists()
