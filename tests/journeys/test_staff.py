"""Staff in a real browser: first sign-in, their doors on a phone and a desk: ISSUE-2 flow 10."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from harken.method.terms import Role
from harken.service.accounts import actions, queries
from tests.make.accounts import OPERATOR, PASSWORD, SECRET, make_staff, stop_the_codes
from tests.make.journey import make_browser_beside

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "answers"]),
]

SCREENS = {"desk": (1280, 900), "phone": (360, 740)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with make_browser_beside() as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    stop_the_codes(monkeypatch)
    yield
    cache.clear()


def opened(browser: Browser, width: int, height: int, said: list[str]) -> Page:
    """A page that collects what the console complains of."""
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page


def code(secret: str) -> str:
    """The one-time code of the moment at which this test's codes stand still."""
    now = dt.datetime.fromtimestamp(auth.time.time(), dt.UTC)
    return queries.totp_code(secret, at=now)


def sign_in(page: Page, username: str, password: str) -> None:
    """Account name and password."""
    page.fill("#id_login", username)
    page.fill("#id_password", password)
    page.click("button:has-text('Continue')")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_manager_signs_in_and_every_door_opens_within_the_screen(
    browser: Browser, live_server: LiveServer, tmp_path: Path, screen: str
) -> None:
    user = make_staff(Role.MANAGER)
    said: list[str] = []
    page = opened(browser, *SCREENS[screen], said)
    page.goto(f"{live_server.url}/staff/")
    sign_in(page, user.username, PASSWORD)
    page.fill("#id_code", code(SECRET))
    page.click("button:has-text('Continue')")
    page.wait_for_url("**/staff/")
    doors = [
        link.get_attribute("href") or "" for link in page.locator("main h2 a").all()
    ]
    assert len(doors) >= 5
    for door in doors:
        answer = page.goto(live_server.url + door)
        assert answer is not None
        assert answer.status == 200, door
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= SCREENS[screen][0], door
        page.screenshot(path=tmp_path / "door.png", full_page=True)
    assert "govuk-frontend-supported" in page.evaluate("document.body.className")
    if screen == "phone":
        page.click("button:has-text('Menu')")
    page.click("button:has-text('Sign out')")
    page.wait_for_url("**/staff/login/")
    assert said == []


def test_a_new_member_of_staff_sets_up_both_factors(
    browser: Browser, live_server: LiveServer
) -> None:
    given = actions.invite("helpdesk-1", Role.HELPDESK, by=OPERATOR, at=timezone.now())
    said: list[str] = []
    page = opened(browser, *SCREENS["phone"], said)
    page.goto(f"{live_server.url}/staff/first/")
    page.fill("#id_username", "helpdesk-1")
    page.fill("#id_code", given)
    page.fill("#id_password", PASSWORD)
    page.fill("#id_repeated", PASSWORD)
    page.click("button:has-text('Continue')")
    sign_in(page, "helpdesk-1", PASSWORD)
    assert page.locator(".app-qr svg").is_visible()
    page.fill("#id_code", code(page.inner_text(".app-code")))
    page.click("button:has-text('Continue')")
    page.wait_for_url("**/staff/second/codes/")
    assert page.locator("main li").count() == 10
    page.click("text=Continue to your work")
    assert "Helpdesk" in page.inner_text("main")
    assert said == []


def test_a_passkey_of_the_browser_is_set_up_and_opens_the_door(
    browser: Browser, live_server: LiveServer
) -> None:
    user = make_staff(Role.MANAGER, secured=False)
    said: list[str] = []
    page = opened(browser, *SCREENS["phone"], said)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    here = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(f"{here}/staff/")
    sign_in(page, user.username, PASSWORD)
    page.click("text=Use a passkey instead")
    page.click("button:has-text('Add the passkey')")
    page.wait_for_url("**/staff/second/codes/")
    page.click("text=Continue to your work")
    page.click("button:has-text('Menu')")
    page.click("button:has-text('Sign out')")
    page.wait_for_url("**/staff/login/")
    sign_in(page, user.username, PASSWORD)
    page.click("button:has-text('Use your passkey')")
    page.wait_for_url("**/staff/")
    page.get_by_role("link", name="How you sign in").click()
    page.get_by_text("Passkey 1").first.wait_for()
    assert "Passkey 1" in page.inner_text("main")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= SCREENS["phone"][0]
    if folder := os.environ.get("HARKEN_SHOTS"):
        page.screenshot(path=Path(folder) / "proofs-phone.png", full_page=True)
    assert said == []
