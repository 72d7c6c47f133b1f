"""A second engine: Firefox, spoken to over its own Marionette protocol.

A page is looked at in a window of 1280 pixels, at as many per cent as leave 360 pixels
for axe, and 320 for its width: what a person's zoom does, and not a narrower window.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from tests.make.axe import AXE, RUN, Site
from tests.make.ports import free_port
from tests.make.showcase import Shown

WINDOW = {"width": 1280, "height": 1024}
WIDTHS = (360, 320)
ZOOM = """
  ZoomManager.zoom = arguments[0];
  return ZoomManager.zoom;
"""
WIDER = """
  return [innerWidth, document.documentElement.scrollWidth > innerWidth];
"""


class Firefox:
    """One Firefox without a window, in a profile of its own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="harken-firefox-"))
        self.port = free_port()
        self.number = 0

    def __enter__(self) -> Self:
        told = f'user_pref("marionette.port", {self.port});\n'
        (self.folder / "user.js").write_text(told, encoding="ascii")
        command = [
            shutil.which("firefox-esr") or "firefox",
            "--headless",
            "--no-remote",
        ]
        command += ["--marionette", "--remote-allow-system-access"]
        self.process = subprocess.Popen(
            [*command, "--profile", str(self.folder)],
            env={**os.environ, "HOME": str(self.folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._connect()
        told_back = self.ask("WebDriver:NewSession", capabilities={})
        self.version = str(told_back["capabilities"]["browserVersion"])
        return self

    def __exit__(self, *args: object) -> None:
        self.file.close()
        self.line.close()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, command: str, **fields: object) -> Any:
        """One command, and what came of it."""
        self.number += 1
        text = json.dumps([0, self.number, command, fields]).encode()
        self.line.sendall(str(len(text)).encode() + b":" + text)
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{command}: {str(error)[:400]}")
        return result

    def back(self) -> None:
        """One page back, as by the browser's button."""
        self.ask("WebDriver:Back")

    def run(self, script: str, *given: object) -> Any:
        """The value of a script in the page, with all rights of a driver."""
        fields = {"script": script, "args": list(given)}
        return self.ask("WebDriver:ExecuteScript", **fields)["value"]

    def run_later(self, script: str) -> Any:
        """The value of an asynchronous function's text."""
        told = f"const done = arguments[0]; ({script})().then(done);"
        asked = {"script": told, "args": []}
        return self.ask("WebDriver:ExecuteAsyncScript", **asked)["value"]

    def go(self, url: str) -> None:
        """Load a page."""
        self.ask("WebDriver:Navigate", url=url)

    def widen(self, width: int) -> None:
        """Zoom so far that the window of 1280 pixels holds this many."""
        self.ask("Marionette:SetContext", value="chrome")
        self.run(ZOOM, WINDOW["width"] / width)
        self.ask("Marionette:SetContext", value="content")

    def _connect(self) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                self.line = socket.create_connection(("127.0.0.1", self.port))
                self.line.settimeout(120)
                self.file = self.line.makefile("rb")
                self._read()
                return
            time.sleep(0.2)
        raise RuntimeError("Firefox did not start")

    def _read(self) -> Any:
        size = b""
        while (one := self.file.read(1)) != b":":
            size += one
        return json.loads(self.file.read(int(size)))


def look_at(shown: Sequence[Shown]) -> Iterator[tuple[str, list[str]]]:
    """Each page in each width: its name, and what is wrong with it."""
    axe = AXE.read_text(encoding="utf-8")
    with Site() as site, Firefox() as firefox:
        firefox.ask("WebDriver:SetWindowRect", **WINDOW)
        yield f"Firefox {firefox.version}", []
        for one in shown:
            site.shown = one
            firefox.go(site.url)
            firefox.run(axe)
            for width in WIDTHS:
                firefox.widen(width)
                inner, wider = firefox.run(WIDER)
                found = [] if abs(inner - width) < 6 else [f"{inner} pixels wide"]
                found += ["wider than the window"] if wider else []
                if width != WIDTHS[-1]:
                    violations, _ = firefox.run_later(RUN)
                    found += violations
                yield f"{one.label}, {width} px, Firefox", found
