"""Does *Exit this page* work in three engines? ``script/bench leaving [--quick] [--json]``.

Proves PRV 49: in Chromium, Firefox and WebKit (Debian's own) a person is on the harmless
page within a second of the click, Back shows no question, out of the browser's cache or
anew, and the visit is over on the server. Debian's packages of the engines are installed
when they may be; exit code 5 when a bar is not held.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import django

FOLDER = Path(tempfile.mkdtemp(prefix="harken-bench-"))
os.environ |= {
    "HARKEN_DATA": str(FOLDER / "house"),
    "DJANGO_SETTINGS_MODULE": "harken.service.settings",
}
django.setup()

from playwright.sync_api import Page  # noqa: E402 - settings read the environment

from tests.make.firefox import Firefox  # noqa: E402
from tests.make.journey import Server, make_browser, make_server  # noqa: E402
from tests.make.webkit import WebKit  # noqa: E402

TURNS = {True: 1, False: 5}
NEEDED = ("firefox-esr", "webkit2gtk-driver", "xvfb")
NEED = Path(__file__).parents[1] / "script" / "need"
BAR_MS = 1_000
TELLING = ("agree to take part", "report what happened")
HEADING = "return document.querySelector('h1')?.innerText ?? ''"
THERE = "return location.pathname === '/weather' && document.readyState === 'complete'"
LEAVE = "document.querySelector('.app-exit button, .app-exit a').click()"
BEGIN = """
  document.querySelector('input[name=how][value=open]').click();
  document.querySelector('input[name=how]').form.querySelector('.govuk-button').click();
"""


class Driver(Protocol):
    """What a browser is asked to do."""

    def go(self, url: str) -> None: ...
    def back(self) -> None: ...
    def run(self, script: str) -> Any: ...


class Chromium:
    """A page of Playwright's, spoken to like the others."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, url: str) -> None:
        """Load a page."""
        self.page.goto(url)

    def back(self) -> None:
        """One page back, as by the browser's button."""
        self.page.go_back()

    def run(self, script: str) -> Any:
        """The value of a script in the page."""
        return self.page.evaluate(f"() => {{ {script} }}")


@contextmanager
def in_chromium() -> Iterator[tuple[str, Driver]]:
    """Chromium's name and a page of it."""
    with make_browser() as browser:
        yield f"Chromium {browser.version}", Chromium(browser.new_page())


@contextmanager
def in_firefox() -> Iterator[tuple[str, Driver]]:
    """Firefox's name and a window of it."""
    with Firefox() as firefox:
        yield f"Firefox {firefox.version}", firefox


@contextmanager
def in_webkit() -> Iterator[tuple[str, Driver]]:
    """WebKit's name and a window of it."""
    with WebKit() as webkit:
        yield f"WebKitGTK {webkit.version}", webkit


def until(driver: Driver, script: str, wanted: object) -> float:
    """Seconds until a script in the page gives what is wanted."""
    began = time.perf_counter()
    said: object = None
    while time.perf_counter() - began < 20:
        try:
            said = driver.run(script)
        except Exception as error:  # noqa: BLE001 - between two pages each says it otherwise
            said = error
        if said == wanted:
            return time.perf_counter() - began
        time.sleep(0.01)
    raise RuntimeError(f"not {wanted!r} but {said!r}")


def left(driver: Driver, server: Server) -> tuple[float, int]:
    """Milliseconds from the click to the harmless page, and pages that told something."""
    driver.go(f"{server.url}/weather")
    driver.go(f"{server.url}/start")
    until(driver, HEADING, "Welcome")
    driver.run(BEGIN)
    until(driver, HEADING, "Do you agree to take part?")
    began = time.perf_counter()
    driver.run(LEAVE)
    until(driver, THERE, wanted=True)
    took = time.perf_counter() - began
    told = 0
    for _ in range(2):
        driver.back()
        time.sleep(0.5)
        text = str(driver.run("return document.body.innerText"))
        told += any(one in text for one in TELLING)
    driver.go(f"{server.url}/start")
    until(driver, HEADING, "Welcome")
    return 1000 * took, told


def measure(turns: int) -> dict[str, dict[str, float]]:
    """By engine: the slowest of some exits, and what Back gave away."""
    found: dict[str, dict[str, float]] = {}
    with make_server(FOLDER / "house") as server:
        for engine in (in_chromium, in_firefox, in_webkit):
            with engine() as (name, driver):
                exits = [left(driver, server) for _ in range(turns)]
            found[name] = {
                "slowest_ms": round(max(took for took, _ in exits)),
                "pages_that_told": sum(told for _, told in exits),
            }
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Leave in each engine and say how it went."""
    parser = argparse.ArgumentParser(prog="script/bench leaving", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one exit an engine")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(argv)
    if subprocess.run([str(NEED), *NEEDED], check=False).returncode:  # noqa: S603
        return 1
    try:
        found = measure(TURNS[options.quick])
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    lines = [
        f"{name:24} {one['slowest_ms']:>6} ms  {one['pages_that_told']} pages that told"
        for name, one in found.items()
    ]
    text = json.dumps(found, indent=2) if options.json else "\n".join(lines)
    sys.stdout.write(f"{text}\n")
    good = all(
        one["slowest_ms"] <= BAR_MS and not one["pages_that_told"]
        for one in found.values()
    )
    return 0 if good else 5


if __name__ == "__main__":
    raise SystemExit(main())
