"""A person answers on the web: with script, without, leaving in a hurry, coming back.

Proves SAF-20 (exit by button, by Shift three times, nothing behind Back), SAF-24 (one
address, neutral title), SAF-25, SAF-26 (works without script, and by the keyboard alone),
SAF-30, SAF-32, SAF-34, SAF-35 (a text box says whom to call in danger), PRV 48 (a code
is in no request's address or referrer, no history, no file of the house), PRV 50 and 54.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Request

from harken.method.vault import make_code
from tests.make.journey import Server, make_browser, make_server

Role = Literal["button", "checkbox", "link", "radio", "textbox"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

NEUTRAL = "Public Services Review"
STOPS = 40


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with make_server(tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with make_browser() as running:
        yield running


def open_page(browser: Browser, *, script: bool = True, width: int = 360) -> Page:
    """A fresh person at a small screen; a mistake of a script fails the test."""
    context = browser.new_context(
        java_script_enabled=script,
        viewport={"width": width, "height": 740},
        locale="en-GB",
    )
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    page.on(
        "console",
        lambda line: (
            pytest.fail(line.text) if "Content Security" in line.text else None
        ),
    )
    page.set_default_timeout(15_000)
    return page


def requests_of(page: Page) -> list[Request]:
    """What the browser asks for from now on, in every part of the page."""
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one))
    return asked


def heading(page: Page, text: str) -> None:
    """Wait for the page with this heading."""
    page.get_by_role("heading", name=text, level=1).wait_for()


def wait_for_no_visit(page: Page) -> None:
    """Wait until the server has heard, beside the way to the harmless page, that it ends."""
    names = {one["name"] for one in page.context.cookies()}
    for _ in range(50):
        if "visit" not in names:
            return
        page.wait_for_timeout(100)
        names = {one["name"] for one in page.context.cookies()}
    pytest.fail("the visit's cookie is still there")


def go_on(page: Page, name: str = "Continue") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def begin_open(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/start")
    page.get_by_label("I do not have a code").check()
    go_on(page, "Start")
    heading(page, "Do you agree to take part?")


def enter(page: Page, server: Server, code: str) -> None:
    """Come in by the code of a letter."""
    page.goto(f"{server.url}/start")
    page.get_by_label("I have a code from a letter").check()
    go_on(page, "Start")
    heading(page, "Enter your code")
    page.get_by_label("Your code").fill(code)
    go_on(page)


def answer_all(page: Page) -> None:
    """From consent to the last page."""
    heading(page, "Do you agree to take part?")
    page.get_by_label("Yes").check()
    go_on(page)
    heading(page, "Did you report what happened?")
    assert page.title() == NEUTRAL
    page.get_by_label("Yes").check()
    go_on(page)
    heading(page, "Before you go on")
    go_on(page)
    heading(page, "The next questions are about reporting.")
    page.get_by_role("button", name="Continue").click()
    heading(page, "How did you report it?")
    page.get_by_label("By phone").check()
    page.get_by_label("Online").check()
    go_on(page)
    heading(page, "After how many days did somebody answer?")
    page.get_by_label("After how many days").fill("forty")
    go_on(page)
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.get_by_label("After how many days").input_value() == "forty"
    assert page.title().startswith("Error:")
    page.get_by_label("After how many days").fill("40")
    go_on(page)
    heading(page, "When did you report it?")
    page.get_by_label("Month").fill("3")
    page.get_by_label("Year").fill("2025")
    go_on(page)
    heading(page, "Was that slow?")
    page.get_by_label("Prefer not to say").check()
    go_on(page)
    heading(page, "You are nearly there.")
    go_on(page)
    heading(page, "Is there anything you want to add")
    assert page.get_by_text("call 999").first.is_visible()
    go_on(page, "Leave this question")
    heading(page, "May we write to you again?")
    page.get_by_label("No").check()
    go_on(page)
    heading(page, "You have reached the end")


def tab_to(page: Page, role: Role, name: str) -> None:
    """Press Tab until this part has the focus."""
    wanted = page.get_by_role(role, name=name).and_(page.locator(":focus"))
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if wanted.count():
            return
    pytest.fail(f"the Tab key does not reach {name}")


def press(page: Page, name: str) -> None:
    tab_to(page, "button", name)
    page.keyboard.press("Enter")


def choose(page: Page, name: str, *, first: str = "Yes") -> None:
    """Tab into a group of choices, and go down to one by the arrow key."""
    tab_to(page, "radio", first)
    wanted = page.get_by_role("radio", name=name, exact=True)
    page.keyboard.press("Space")
    for _ in range(6):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"the arrow key does not reach {name}")


@pytest.mark.parametrize("script", [True, False])
def test_a_whole_interview_by_the_keyboard_alone(
    browser: Browser, server: Server, script: bool
) -> None:
    page = open_page(browser, script=script, width=1280)
    page.goto(f"{server.url}/start")
    choose(page, "I do not have a code", first="I have a code from a letter")
    press(page, "Start")
    heading(page, "Do you agree to take part?")
    press(page, "Continue")
    page.get_by_role("heading", name="There is a problem").wait_for()
    tab_to(page, "link", "Choose")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    press(page, "Continue")
    heading(page, "Did you report what happened?")
    choose(page, "Yes")
    press(page, "Continue")
    heading(page, "Before you go on")
    press(page, "Continue")
    heading(page, "The next questions are about reporting.")
    press(page, "Continue")
    heading(page, "How did you report it?")
    tab_to(page, "checkbox", "By phone")
    page.keyboard.press("Space")
    press(page, "Continue")
    heading(page, "After how many days did somebody answer?")
    tab_to(page, "textbox", "After how many days")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    heading(page, "When did you report it?")
    tab_to(page, "textbox", "Month")
    page.keyboard.type("3")
    tab_to(page, "textbox", "Year")
    page.keyboard.type("2025")
    press(page, "Continue")
    press(page, "Continue")
    heading(page, "Is there anything you want to add")
    tab_to(page, "textbox", "Is there anything")
    page.keyboard.type("No.")
    press(page, "Continue")
    heading(page, "May we write to you again?")
    choose(page, "No")
    press(page, "Continue")
    heading(page, "You have reached the end")
    press(page, "Send my answers")
    heading(page, "Thank you")
    assert len(page.locator(".app-code").inner_text()) == 14
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_whole_interview_with_a_letter(
    browser: Browser, server: Server, script: bool
) -> None:
    code = server.facts["codes"][0 if script else 1]
    page = open_page(browser, script=script)
    asked = requests_of(page)
    enter(page, server, code.lower().replace("-", " "))
    answer_all(page)
    assert page.url == f"{server.url}/start"
    go_on(page, "Look at my answers first")
    heading(page, "Your answers")
    assert page.get_by_text("By phone").count() == 0
    go_on(page, "Send my answers")
    heading(page, "Thank you")
    receipt = page.locator(".app-code").inner_text()
    assert len(receipt) == 14
    page.reload()
    assert page.locator(".app-code").inner_text() == receipt
    assert len(asked) > 10
    assert {one.url for one in asked if not one.url.startswith(server.url)} == set()
    page.context.close()


def test_a_used_code_gets_the_same_answer_as_any_bad_one(
    browser: Browser, server: Server
) -> None:
    used = server.facts["codes"][-1]
    page = open_page(browser)
    enter(page, server, used)
    answer_all(page)
    go_on(page, "Send my answers")
    heading(page, "Thank you")
    page.context.close()
    said = []
    for code in (used, make_code(os.urandom)):
        page = open_page(browser)
        enter(page, server, code)
        page.get_by_role("heading", name="There is a problem").wait_for()
        said.append(page.locator(".govuk-error-summary__list").inner_text())
        page.context.close()
    assert said[0] == said[1] != ""


def test_a_code_after_the_hash_is_taken_out_of_the_address(
    browser: Browser, server: Server
) -> None:
    code = server.facts["codes"][2]
    page = open_page(browser)
    asked = requests_of(page)
    page.goto(f"{server.url}/start#{code}")
    page.get_by_label("I have a code from a letter").wait_for()
    page.wait_for_function("location.hash === ''")
    assert page.get_by_label("I have a code from a letter").is_checked()
    go_on(page, "Start")
    heading(page, "Do you agree to take part?")
    told = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    assert [one["url"] for one in told["entries"]] == [
        "about:blank",
        f"{server.url}/start",
    ]
    sent = [one.url.partition("#")[0] for one in asked]
    sent += [one.headers.get("referer", "") for one in asked]
    assert f"{server.url}/start" in sent
    bare = code.replace("-", "")
    assert [one for one in sent if code in one or bare in one] == []
    assert any(bare in (one.post_data or "").replace("-", "") for one in asked)
    files = [one for one in server.data.rglob("*") if one.is_file()]
    assert files
    held = [one for one in [*files, server.log] if _holds(one, code, bare)]
    assert held == []
    page.context.close()


def test_a_code_scanned_while_the_page_is_open_is_taken_too(
    browser: Browser, server: Server
) -> None:
    page = open_page(browser)
    page.goto(f"{server.url}/start")
    page.goto(f"{server.url}/start#{server.facts['codes'][2]}")
    for _ in range(50):
        if page.url == f"{server.url}/start":
            break
        page.wait_for_timeout(100)
    assert page.get_by_label("I have a code from a letter").is_checked()
    told = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    assert not [one for one in told["entries"] if "#" in one["url"]]
    page.context.close()


def _holds(file: Path, *words: str) -> bool:
    found = file.read_bytes()
    return any(word.encode() in found for word in words)


@pytest.mark.parametrize("way", ["button", "shift", "link", "text only"])
def test_leaving_shows_a_harmless_page_and_back_shows_no_question(
    browser: Browser, server: Server, way: str
) -> None:
    page = open_page(browser)
    page.goto(f"{server.url}/weather")
    begin_open(page, server)
    page.get_by_label("Yes").check()
    go_on(page)
    heading(page, "Did you report what happened?")
    if way == "text only":
        page.get_by_role("button", name="Text only").click()
        page.get_by_role("button", name="Show the usual page").wait_for()
    if way == "button":
        page.get_by_role("button", name="Exit this page").click()
    elif way in {"shift", "text only"}:
        page.get_by_text("Or press the Shift key three times.").wait_for(
            state="attached"
        )
        for _ in range(3):
            page.keyboard.press("Shift")
    else:
        page.locator(".app-exit-link a").focus()
        page.keyboard.press("Enter")
    page.wait_for_url("**/weather")
    heading(page, "Public holidays in England and Wales")
    wait_for_no_visit(page)
    seen = []
    for _ in range(4):
        page.go_back(wait_until="load")
        seen.append(page.inner_text("body"))
    assert not any("report what happened" in text for text in seen)
    assert not any("agree to take part" in text for text in seen)
    page.goto(f"{server.url}/start")
    heading(page, "Welcome")
    page.context.close()


def test_capitals_typed_with_shift_do_not_leave(
    browser: Browser, server: Server
) -> None:
    page = open_page(browser)
    page.goto(f"{server.url}/start")
    for _ in range(4):
        page.keyboard.press("Shift+A")
    heading(page, "Welcome")
    page.context.close()


def test_without_script_the_exit_button_still_leaves(
    browser: Browser, server: Server
) -> None:
    page = open_page(browser, script=False, width=1280)
    begin_open(page, server)
    assert not page.get_by_text("Shift key").is_visible()
    page.get_by_role("button", name="Exit this page").click()
    heading(page, "Public holidays in England and Wales")
    page.go_back()
    assert "agree to take part" not in page.inner_text("body")
    assert not [one for one in page.context.cookies() if one["name"] == "visit"]
    page.goto(f"{server.url}/start")
    heading(page, "Welcome")
    page.context.close()


def test_saving_gives_a_code_and_coming_back_hides_what_was_said(
    browser: Browser, server: Server
) -> None:
    page = open_page(browser)
    begin_open(page, server)
    page.get_by_label("Yes").check()
    go_on(page)
    heading(page, "Did you report what happened?")
    go_on(page, "Save and come back later")
    heading(page, "Save and come back later")
    page.get_by_label("Choose a PIN").fill("123456")
    go_on(page)
    page.get_by_role("heading", name="There is a problem").wait_for()
    page.get_by_label("Choose a PIN").fill("240913")
    go_on(page)
    heading(page, "Your answers are saved")
    code = page.locator(".app-code").inner_text()
    page.goto(f"{server.url}/start")
    page.get_by_label("I want to come back to a survey I saved").check()
    go_on(page, "Start")
    page.get_by_label("Your return code").fill(code)
    page.get_by_label("Your PIN").fill("240913")
    go_on(page)
    heading(page, "Did you report what happened?")
    assert page.get_by_role("button", name="Back", exact=True).count() == 0
    page.context.close()


def test_a_page_left_open_warns_once_and_ends_gently(
    browser: Browser, server: Server
) -> None:
    page = open_page(browser)
    page.clock.install()
    begin_open(page, server)
    row = page.locator("[data-app-idle]")
    whole = int(row.get_attribute("data-app-idle") or 0)
    warn = int(row.get_attribute("data-app-warn") or 0)
    warning = page.locator("dialog.app-idle")
    page.clock.fast_forward(1000 * (whole - warn - 5))
    assert not warning.is_visible()
    page.clock.fast_forward(6_000)
    warning.wait_for()
    warning.locator("[data-app-stay]").click()
    page.clock.fast_forward(1000 * (whole - warn - 5))
    assert not warning.is_visible()
    heading(page, "Do you agree to take part?")
    page.clock.fast_forward(1000 * (warn + 10))
    heading(page, "This page was closed")
    assert "agree to take part" not in page.inner_text("body")
    page.context.close()


def test_stopping_lets_the_person_delete_what_was_said(
    browser: Browser, server: Server
) -> None:
    page = open_page(browser)
    begin_open(page, server)
    page.get_by_label("Yes").check()
    go_on(page)
    heading(page, "Did you report what happened?")
    go_on(page, "Stop or delete my answers")
    heading(page, "Do you want to stop?")
    go_on(page)
    page.get_by_role("heading", name="There is a problem").wait_for()
    page.get_by_label("Stop, and delete my answers").check()
    go_on(page)
    heading(page, "You have stopped the survey")
    assert page.get_by_text("Your answers are deleted.").is_visible()
    page.context.close()


def test_the_language_changes_and_the_place_stays(
    browser: Browser, server: Server
) -> None:
    page = open_page(browser)
    begin_open(page, server)
    page.get_by_role("button", name="Polski").click()
    heading(page, "Czy zgadza się Pan/Pani wziąć udział?")
    assert page.locator("html").get_attribute("lang") == "pl"
    page.context.close()


def test_two_windows_lose_nothing(browser: Browser, server: Server) -> None:
    page = open_page(browser)
    begin_open(page, server)
    page.get_by_label("Yes").check()
    go_on(page)
    heading(page, "Did you report what happened?")
    second = page.context.new_page()
    second.goto(f"{server.url}/start")
    second.get_by_label("No", exact=True).check()
    go_on(second)
    heading(second, "You are nearly there.")
    page.get_by_label("Yes").check()
    go_on(page)
    page.get_by_text("This page was already answered").wait_for()
    assert page.get_by_label("Yes").is_checked()
    go_on(page)
    heading(page, "Before you go on")
    page.context.close()


@pytest.mark.parametrize(
    "path", ["start", "help", "privacy", "message", "by-phone", "safety", "weather"]
)
def test_nothing_is_wider_than_the_screen_at_400_per_cent(
    browser: Browser, server: Server, path: str, tmp_path: Path
) -> None:
    page = open_page(browser, width=320)
    asked = requests_of(page)
    page.goto(f"{server.url}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert {one.url for one in asked if not one.url.startswith(server.url)} == set()
    page.context.close()
