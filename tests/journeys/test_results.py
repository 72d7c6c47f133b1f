"""A statistician publishes; a reader reads it on a phone, a desktop and from a folder.

Proves SAF-26 (works without script, on a small screen), SAF-51, QA-07.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.make.accounts import PASSWORD, SECRET
from tests.make.journey import (
    ROOT,
    Server,
    environment_of,
    make_browser,
    make_server,
    one_time_code,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PREPARE = """
import datetime as dt
import django
django.setup()
from harken.method.terms import Role
from tests.make.accounts import make_staff
from tests.make.publication import make_published_study
make_published_study("past", shift_days=(dt.date.today() - dt.date(2026, 7, 15)).days)
make_staff(Role.STATISTICIAN, username="figures")
"""
TITLE = "A trial of the house"
PAGES = (
    "index.html",
    "findings.html",
    "scorecard.html",
    "tables.html",
    "method-note.html",
    "questionnaire.html",
    "tables/indicators-sample.html",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with make_browser() as running:
        yield running


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Server]:
    """A served house in which a statistician has published the study by hand."""
    with make_server(tmp_path_factory.mktemp("results")) as running:
        environment = {
            **environment_of(running.data),
            "DJANGO_SETTINGS_MODULE": "harken.service.settings",
        }
        subprocess.run(
            [sys.executable, "-c", PREPARE], cwd=ROOT, env=environment, check=True
        )
        publish(browser, running)
        yield running


def publish(browser: Browser, server: Server) -> None:
    """Sign in with both factors, look at the preview, confirm, publish."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{server.url}/results/")
    page.get_by_text("Nothing is published yet").wait_for()
    page.goto(f"{server.url}/results/staff/")
    page.locator("input[name=login]").fill("figures")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.locator("input[name=code]").fill(one_time_code(SECRET))
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    page.goto(f"{server.url}/results/staff/")
    page.get_by_role("button", name=f"Make a preview of {TITLE}").click()
    page.get_by_text("Preview, not for publication").wait_for()
    page.goto(f"{server.url}/results/staff/")
    page.get_by_role("link", name=f"Publish for {TITLE}").click()
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    page.get_by_label("a second person has checked it").check()
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("link", name="Version 1", exact=True).wait_for()
    page.context.close()


def reader(browser: Browser, width: int, *, script: bool = True) -> Page:
    """A reader's page; a breach of the policy or a lost file fails the test."""
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("console", lambda line: pytest.fail(line.text))
    page.on("requestfailed", lambda request: pytest.fail(request.url))
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_fits_the_screen_and_asks_nothing_of_others(
    browser: Browser, server: Server, width: int
) -> None:
    page = reader(browser, width)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(f"{server.url}/results/past/{path}")
        page.get_by_role("heading", level=1).wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert all(url.startswith(server.url) for url in asked)
    page.context.close()


def test_a_reader_without_script_finds_the_way_from_the_list_to_a_table(
    browser: Browser, server: Server
) -> None:
    page = reader(browser, 360, script=False)
    page.goto(f"{server.url}/results/")
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_role("heading", name="Headline figures").wait_for()
    page.get_by_role("navigation", name="This release").get_by_role(
        "link", name="Scorecard"
    ).click()
    row = page.get_by_role("row").filter(has_text="C15-POL-01")
    assert "Not met" in row.inner_text()
    assert "31%" in row.inner_text()
    page.get_by_role("link", name="in a table").click()
    page.get_by_role("table", name="Scorecard of the Code").wait_for()
    page.context.close()


def test_the_first_tab_leads_past_the_menu_and_a_wide_table_scrolls_by_key(
    browser: Browser, server: Server
) -> None:
    page = reader(browser, 360)
    page.goto(f"{server.url}/results/past/tables/indicators-sample.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Skip")
    region = page.get_by_role("region", name="All indicators")
    region.focus()
    before = region.evaluate("node => node.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert region.evaluate("node => node.scrollLeft") > before
    page.context.close()


def test_the_chart_is_announced_as_an_image_with_its_figures_in_words(
    browser: Browser, server: Server
) -> None:
    page = reader(browser, 1280)
    page.goto(f"{server.url}/results/past/findings.html")
    chart = page.get_by_role("img", name="Reporting the crime: 31%")
    snapshot = chart.evaluate("node => node.querySelector('desc').textContent")
    assert "Told about matter 1: 31%, between 28% and 34%, 1,204 people." in snapshot
    page.context.close()


def test_the_folder_opens_without_any_server(browser: Browser, server: Server) -> None:
    folder = Path(server.data) / "releases" / "past" / "v1"
    page = reader(browser, 1280)
    page.goto((folder / "index.html").as_uri())
    page.get_by_role("link", name="The whole scorecard").click()
    page.get_by_role("heading", name="Scorecard of the Code", level=1).wait_for()
    colour = page.evaluate(
        "getComputedStyle(document.querySelector('header')).backgroundColor"
    )
    assert colour == "rgb(16, 41, 59)"
    page.context.close()


def test_the_command_verifies_the_copy_that_readers_get(
    server: Server,
) -> None:
    folder = server.data / "releases" / "past" / "v1"
    verify = subprocess.run(
        [sys.executable, "-m", "harken.cli", "publication", "verify", str(folder)],
        cwd=ROOT,
        env={**environment_of(server.data), "COLUMNS": "100"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert "Every file is as it was" in verify.stdout
