"""A third engine: WebKit, as Debian's WebKitGTK, spoken to by its own WebDriver.

It has no way to run without a window: an X server that draws into memory holds one.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

from tests.make.ports import free_port

BROWSERS = Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser")


class WebKit:
    """One window of MiniBrowser."""

    def __init__(self) -> None:
        self.port = free_port()
        self.session = ""
        self.screen = ""
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        told, tells = os.pipe()
        size = ("-screen", "0", "1280x1024x24")
        self._run("Xvfb", "-displayfd", str(tells), *size, keeps=(tells,))
        os.close(tells)
        with os.fdopen(told) as free:
            self.screen = f":{free.readline().strip()}"
        self._run("WebKitWebDriver", f"--port={self.port}")
        browser = {"binary": str(next(BROWSERS)), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": browser}}
        until = time.monotonic() + 60
        while not self.session:
            if time.monotonic() > until:
                raise RuntimeError("WebKit did not start")
            with contextlib.suppress(OSError):
                made = self._ask("POST", "/session", {"capabilities": wanted})
                self.version = str(made["capabilities"]["browserVersion"])
                self.session = f"/session/{made['sessionId']}"
            time.sleep(0.5)
        return self

    def __exit__(self, *args: object) -> None:
        with contextlib.suppress(OSError):
            self._ask("DELETE", self.session)
        for process in reversed(self.processes):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def go(self, url: str) -> None:
        """Load a page."""
        self._ask("POST", f"{self.session}/url", {"url": url})

    def back(self) -> None:
        """One page back, as by the browser's button."""
        self._ask("POST", f"{self.session}/back", {})

    def run(self, script: str) -> Any:
        """The value of a script in the page."""
        asked = {"script": script, "args": []}
        return self._ask("POST", f"{self.session}/execute/sync", asked)

    def _run(self, *command: str, keeps: tuple[int, ...] = ()) -> None:
        # Root may not have the browser's sandbox; the pages are our own.
        own = {"DISPLAY": self.screen, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        self.processes.append(
            subprocess.Popen(
                command,
                env={**os.environ, **own, "WEBKIT_DISABLE_COMPOSITING_MODE": "1"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=keeps,
            )
        )

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]
