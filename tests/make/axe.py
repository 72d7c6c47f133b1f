"""Looks at pages as sent, in a real browser: axe, reflow, title, language, focus.

A page and its headers are handed to the browser at the address they came from, static
files beside it; nothing else is reachable. Without script means that no script loads.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.make.showcase import Shown

SITE = "http://harken.test"
PHONE, DESK, ZOOMED = 360, 1280, 320
HEIGHT = 800
RIGHT_TO_LEFT = {"ur"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One page in one browser window: with or without script, of one width."""

    shown: Shown
    width: int
    script: bool

    @property
    def label(self) -> str:
        """Its name in reports."""
        script = "script" if self.script else "no script"
        return f"{self.shown.label}, {self.width} px, {script}"


@dataclass(slots=True)
class Seen:
    """What was found on one cell; empty lists are good."""

    cell: Cell
    violations: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def matrix(
    pages: Sequence[Shown],
    widths: Sequence[int] = (PHONE, DESK),
    scripts: Sequence[bool] = (True, False),
) -> list[Cell]:
    """Every page in every width, with and without script."""
    return [
        Cell(shown, width, script)
        for shown in pages
        for width in widths
        for script in scripts
    ]


def diagonal(pages: Sequence[Shown]) -> list[Cell]:
    """Each page once, widths and script in turn."""
    return [
        Cell(shown, (PHONE, DESK)[number % 2], number % 4 < 2)
        for number, shown in enumerate(pages)
    ]


def look_at(browser: Browser, cells: Sequence[Cell]) -> Iterator[Seen]:
    """Look at each cell in turn."""
    for script in (True, False):
        chosen = [cell for cell in cells if cell.script is script]
        if chosen:
            context = browser.new_context(reduced_motion="reduce")
            yield from _in_context(context, chosen, script=script)
            context.close()


def _in_context(
    context: BrowserContext, cells: Sequence[Cell], *, script: bool
) -> Iterator[Seen]:
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    page.on(
        "console",
        lambda line: said.append(line.text) if _counts(line.text, script) else None,
    )
    for cell in cells:
        said.clear()
        yield look(page, cell, said)


def _counts(text: str, script: bool) -> bool:
    """Whether a line of the console is a fault; scripts that we keep away are none."""
    if not script and "ERR_FAILED" in text:
        return False
    return "Content Security" in text or "error" in text.lower()


def show(page: Page, cell: Cell) -> None:
    """Have the browser load one page as it was sent."""
    page.unroute_all()
    page.route("**/*", lambda route: _serve(route, cell))
    page.set_viewport_size({"width": cell.width, "height": HEIGHT})
    page.goto(f"{SITE}/start", wait_until="load")


def look(page: Page, cell: Cell, said: list[str]) -> Seen:
    """Look at one cell with a page that is used again."""
    shown = cell.shown
    show(page, cell)
    seen = Seen(cell)
    result = Axe().run(page).response
    for kind, found in (("violations", seen.violations), ("incomplete", seen.unsure)):
        for one in result[kind]:
            places = [node["html"][:120] for node in one["nodes"][:3]]
            found.append(f"{one['id']} ({one['impact']}): {places}")
    seen.faults += said
    seen.faults += _of_the_page(page, shown, script=cell.script)
    page.set_viewport_size({"width": ZOOMED, "height": HEIGHT})
    if page.evaluate("document.documentElement.scrollWidth") > ZOOMED:
        seen.faults.append("wider than 320 pixels")
    return seen


def _of_the_page(page: Page, shown: Shown, *, script: bool) -> Iterator[str]:
    """Title, language, direction, and where the focus is after a mistake."""
    wrong = shown.state == "mistake"
    title = page.title()
    colon = ":" in title
    if wrong is not colon:
        yield f"title {title!r}"
    root = page.locator("html")
    if root.get_attribute("lang") != shown.language:
        yield "language of the page"
    wanted = "rtl" if shown.language in RIGHT_TO_LEFT else "ltr"
    if root.get_attribute("dir") != wanted:
        yield "direction of the page"
    if page.locator("h1").count() != 1:
        yield "not one heading of level 1"
    if wrong and script and not _summary_focused(page):
        yield "the error summary has not the focus"


def _summary_focused(page: Page) -> bool:
    """Whether the error summary gets the focus within the time of a slow machine."""
    for _ in range(30):
        if "govuk-error-summary" in page.evaluate("document.activeElement.className"):
            return True
        page.wait_for_timeout(100)
    return False


def _serve(route: Route, cell: Cell) -> None:
    path = route.request.url.removeprefix(SITE)
    if path == "/start":
        route.fulfill(
            status=200, body=cell.shown.html, headers=dict(cell.shown.headers)
        )
        return
    file = finders.find(path.removeprefix(settings.STATIC_URL))
    if not isinstance(file, str) or (path.endswith(".js") and not cell.script):
        route.abort()
        return
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    route.fulfill(status=200, body=Path(file).read_bytes(), content_type=kind)
