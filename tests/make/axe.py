"""Looks at pages as sent, in a real browser: axe, reflow, title, language, focus.

A page and its headers are served at an address of their own, static files beside it;
nothing else is reachable. Without script means that no script loads. A page is loaded
once and looked at in each width, at 400 per cent, by the Tab key and in forced colours.
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import axe_playwright_python
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page

from tests.make import senses
from tests.make.showcase import Shown

PHONE, DESK = 360, 1280
HEIGHT = 800
RIGHT_TO_LEFT = {"ur"}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RUN = """async () => {
  // Without a style sheet the browser alone says how large a target is (WCAG 2.5.8).
  const styled = document.styleSheets.length > 0;
  const wanted = { rules: { "target-size": { enabled: styled } },
                   resultTypes: ["violations", "incomplete"] };
  const result = await axe.run(wanted);
  const told = (list) => list.map((one) =>
    `${one.id} (${one.impact}): ` +
    one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | "));
  return [told(result.violations), told(result.incomplete)];
}"""


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


class Site:
    """Serves one page at a time at /start, and the static files it names."""

    def __init__(self) -> None:
        self.shown: Shown | None = None
        self.script = True
        site = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site._answer(self)

            def log_message(self, *args: Any) -> None:
                """Nothing: what goes wrong is said by the browser."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/start"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def show(self, page: Page, cell: Cell) -> None:
        """Have the browser load one page as it was sent."""
        self.shown, self.script = cell.shown, cell.script
        page.set_viewport_size({"width": cell.width, "height": HEIGHT})
        page.goto(self.url, wait_until="load")

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        if request.path == "/start" and self.shown is not None:
            body, headers = self.shown.html.encode(), dict(self.shown.headers)
        else:
            body, headers = _static(request.path)
            if request.path.endswith(".js") and not self.script:
                body = b""
        request.send_response(200 if body else 404)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "connection"}:
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


@cache
def _static(path: str) -> tuple[bytes, dict[str, str]]:
    file = finders.find(path.removeprefix(settings.STATIC_URL))
    if not path.startswith(settings.STATIC_URL) or not isinstance(file, str):
        return b"", {}
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    kept = {"Content-Type": kind, "Cache-Control": "public, max-age=86400"}
    return Path(file).read_bytes(), kept


def matrix(
    pages: Sequence[Shown],
    widths: Sequence[int] = (PHONE, DESK),
    scripts: Sequence[bool] = (True, False),
) -> list[Cell]:
    """Every page in every width, with and without script."""
    return [
        Cell(shown, width, script)
        for script in scripts
        for shown in pages
        for width in widths
    ]


def diagonal(pages: Sequence[Shown]) -> list[Cell]:
    """Each page once, widths and script in turn."""
    return [
        Cell(shown, (PHONE, DESK)[number % 2], number % 4 < 2)
        for number, shown in enumerate(pages)
    ]


def look_at(browser: Browser, cells: Sequence[Cell]) -> Iterator[Seen]:
    """Look at each cell; a page in several widths is loaded once."""
    with Site() as site:
        for script in (True, False):
            chosen = [cell for cell in cells if cell.script is script]
            if chosen:
                context = browser.new_context(reduced_motion="reduce")
                context.add_init_script(path=AXE)
                yield from _in_turn(site, context.new_page(), chosen, script=script)
                context.close()


def _in_turn(
    site: Site, page: Page, cells: Sequence[Cell], *, script: bool
) -> Iterator[Seen]:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    page.on(
        "console",
        lambda line: said.append(line.text) if _counts(line.text, script) else None,
    )
    loaded: Shown | None = None
    for cell in cells:
        seen = Seen(cell)
        if cell.shown is not loaded:
            said.clear()
            site.show(page, cell)
            loaded = cell.shown
            seen.faults += _of_the_page(page, cell.shown, script=script)
            if script:
                seen.faults += senses.of_the_page(page)
            seen.faults += senses.enlarged(page)
            page.set_viewport_size({"width": cell.width, "height": HEIGHT})
            seen.faults += senses.by_the_keyboard(page)
        else:
            page.set_viewport_size({"width": cell.width, "height": HEIGHT})
        seen.violations, seen.unsure = page.evaluate(RUN)
        seen.faults += senses.of_the_width(page)
        seen.faults += said
        said.clear()
        yield seen


def _counts(text: str, script: bool) -> bool:
    """Whether a line of the console is a fault; scripts that we keep away are none."""
    if not script and "404" in text:
        return False
    return "Content Security" in text or "error" in text.lower()


def _of_the_page(page: Page, shown: Shown, *, script: bool) -> Iterator[str]:
    """Title, language, direction, and where the focus is after a mistake."""
    wrong = shown.state == "mistake"
    found = page.evaluate(
        """() => { const root = document.documentElement; return {
          title: document.title, lang: root.lang, dir: root.dir,
          headings: document.querySelectorAll("h1").length }; }"""
    )
    if wrong is not (":" in found["title"]) or not found["title"]:
        yield f"title {found['title']!r}"
    if found["lang"] != shown.language:
        yield "language of the page"
    if found["dir"] != ("rtl" if shown.language in RIGHT_TO_LEFT else "ltr"):
        yield "direction of the page"
    if found["headings"] != 1:
        yield "not one heading of level 1"
    if wrong and script and not shown.plain and not _summary_focused(page):
        yield "the error summary has not the focus"


def _summary_focused(page: Page) -> bool:
    """Whether the error summary gets the focus within the time of a slow machine."""
    for _ in range(30):
        if "govuk-error-summary" in page.evaluate("document.activeElement.className"):
            return True
        page.wait_for_timeout(100)
    return False
