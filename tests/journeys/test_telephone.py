"""An interviewer holds interviews on the console, with keys and with the mouse.

Proves SAF-08 (the named person only), SAF-09 (safe to talk before the topic, asked
again after a pause), SAF-11 and PRV 53 (someone is listening: harmless within 300 ms),
SAF-40 (distress), and that every ending is an outcome.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.make.journey import Server, make_browser, make_server, one_time_code
from tests.make.telling import told_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


PRESS_F9 = """() => {
  const before = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "F9", bubbles: true }));
  return [performance.now() - before, document.documentElement.outerHTML];
}"""


URGENT_IN_SIGHT = """() => [...document.querySelectorAll("[data-app-press]")]
  .filter((one) => { const box = one.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight; })
  .map((one) => one.dataset.appPress)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with make_server(tmp_path_factory.mktemp("call")) as running:
        yield running


@pytest.fixture(scope="module")
def console(server: Server) -> Iterator[Page]:
    """The console of an interviewer who has signed in with both factors."""
    with make_browser() as browser:
        yield sign_in(browser, server)


def sign_in(browser: Browser, server: Server) -> Page:
    name, password, secret = server.facts["staff"]
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    page.goto(f"{server.url}/call/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button").first.click()
    page.locator("input[name=code]").fill(one_time_code(secret))
    page.locator("main form button").first.click()
    # Going on before the answer is there would take the sign-in back.
    page.locator("input[name=code]").wait_for(state="detached")
    page.goto(f"{server.url}/call/")
    heading(page, "Calls")
    return page


def heading(page: Page, text: str) -> None:
    page.get_by_role("heading", name=text, level=1).wait_for()


def question(page: Page, text: str) -> None:
    """Wait for a question as an interviewer does: until the field has the focus."""
    heading(page, text)
    page.wait_for_function("document.activeElement.closest('main form') !== null")


def go_on(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def reach_the_questions(page: Page) -> None:
    go_on(page, "Take the next case")
    heading(page, "Before you call")
    assert page.get_by_text("may I speak to Vireo").is_visible()
    go_on(page, "The named person is on the line")
    heading(page, "Is it safe to talk?")
    assert "Vireo" not in page.inner_text("main")
    go_on(page, "Yes, it is safe")
    heading(page, "Do you agree to take part?")


def end_of_call(page: Page) -> None:
    heading(page, "Before you hang up")
    assert page.get_by_text("Emergency services").is_visible()
    go_on(page, "The call is over")
    heading(page, "Calls")


def test_a_whole_interview_with_the_keyboard_alone(console: Page) -> None:
    page = console
    reach_the_questions(page)
    question(page, "Do you agree to take part?")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    question(page, "Can I ask whether you reported what happened?")
    assert page.get_by_text("Do not ask what happened.").is_visible()
    assert page.get_by_text("Say if needed").is_visible()
    page.keyboard.press("Enter")
    page.get_by_text("Nothing was chosen").wait_for()
    page.get_by_label("Yes").focus()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    question(page, "The next questions are about reporting.")
    page.keyboard.press("Enter")
    question(page, "How did you report it?")
    page.keyboard.press("1")
    page.keyboard.press("2")
    assert page.get_by_label("By phone").is_checked()
    assert page.get_by_label("Online").is_checked()
    page.keyboard.press("Enter")
    question(page, "After how many days did somebody answer?")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    question(page, "When did you report it?")
    page.keyboard.press("F6")
    page.keyboard.press("Enter")
    heading(page, "You are nearly there.")
    go_on(page, "Store and go on")
    heading(page, "Is there anything you want to add")
    go_on(page, "Leave this question")
    question(page, "May we write to you again?")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    heading(page, "The end of the questions")
    go_on(page, "Send the answers")
    heading(page, "Before you hang up")
    assert len(page.locator(".app-code").first.inner_text()) == 14
    end_of_call(page)


def test_a_pause_asks_again_whether_it_is_safe(console: Page) -> None:
    page = console
    reach_the_questions(page)
    question(page, "Do you agree to take part?")
    page.keyboard.press("F8")
    heading(page, "Pause")
    go_on(page, "Go on")
    heading(page, "Is it safe to talk?")
    go_on(page, "Yes, it is safe")
    heading(page, "Do you agree to take part?")
    page.get_by_label("Yes").check()
    go_on(page, "Store and go on")
    question(page, "Can I ask whether you reported")
    milliseconds, shown = page.evaluate(PRESS_F9)
    assert milliseconds <= 300
    assert told_in(shown) == []
    page.get_by_role("button", name="Note the day").wait_for()
    assert told_in(page.content()) == []
    assert page.get_by_text("How often do you use your local library?").is_visible()
    assert page.locator("[data-app-press=F8]").count() == 0
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    page.get_by_label("Day").fill(tomorrow.isoformat())
    page.get_by_label("Time").fill("12:30")
    go_on(page, "Note the day")
    end_of_call(page)


def test_a_person_who_says_no_is_not_called_again(console: Page) -> None:
    page = console
    reach_the_questions(page)
    page.get_by_label("No").check()
    go_on(page, "Store and go on")
    heading(page, "How did the call end?")
    page.get_by_label("Does not want to be contacted any more").check()
    go_on(page, "Write down")
    end_of_call(page)


def test_a_call_nobody_answers_is_written_down_at_once(console: Page) -> None:
    page = console
    go_on(page, "Take the next case")
    heading(page, "Before you call")
    page.set_viewport_size({"width": 360, "height": 740})
    for end in ("0", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {end})")
        assert page.evaluate(URGENT_IN_SIGHT) == ["F8", "F9"]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Nobody answered").check()
    go_on(page, "Write down and go on")
    heading(page, "Calls")
    assert page.get_by_text("Waiting for a call now: 0").is_visible()
    go_on(page, "Take the next case")
    page.get_by_text("Nobody is due for a call now").wait_for()
