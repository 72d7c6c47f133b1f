"""A real server for the journeys: its own data folder, an open study, a browser.

Run as a program it prepares the folder named by HARKEN_DATA and prints what a journey
needs to know; the codes and passwords in it open nothing but that folder.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import holidays
from playwright.sync_api import Browser, sync_playwright

from tests.make.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
BASE_DAY = dt.date(2026, 3, 3)
CHROMIUM = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-renderer-backgrounding",
    "--no-first-run",
]


@dataclass
class Server:
    """A running server and what its folder holds."""

    data: Path
    port: int
    facts: dict[str, list[str]]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it says, beside its folder."""
        return self.data.with_name(f"{self.data.name}.log")

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            sys.executable,
            "-c",
            "import os, sys; from harken.service.serve import server;"
            f"c = server('127.0.0.1:{self.port}'); os.execv(c[0], c)",
        ]
        environment = {
            **environment_of(self.data),
            "DJANGO_SETTINGS_MODULE": "harken.service.settings",
        }
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                start_new_session=True,
                stdout=said,
                stderr=said,
            )
        for _ in range(900):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/weather", timeout=5).close()
                return
            time.sleep(0.1)
        raise RuntimeError(f"the server did not start: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def make_server(data: Path) -> Iterator[Server]:
    """A served study in a folder of its own."""
    prepared = subprocess.run(
        [sys.executable, "-m", "tests.make.journey"],
        cwd=ROOT,
        env=environment_of(data),
        check=True,
        capture_output=True,
    )
    facts = json.loads(prepared.stdout.splitlines()[-1])
    server = Server(data, free_port(), facts)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextlib.contextmanager
def make_browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def make_browser_beside() -> Iterator[Browser]:
    """The same in the process that serves the pages: Playwright runs a loop of its own in
    this thread, and Django must not mind."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    try:
        with make_browser() as browser:
            yield browser
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def environment_of(data: Path) -> dict[str, str]:
    """The environment of every process of a journey."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {**os.environ, "HARKEN_DATA": str(data), "PYTHONPATH": path}


def one_time_code(secret: str, *, at: float | None = None) -> str:
    """The six figures of the second factor (RFC 6238) at a time."""
    key = base64.b32decode(secret)
    step = int((time.time() if at is None else at) // 30)
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def country_without_holiday(day: dt.date) -> tuple[str, str]:
    """A country, and a part of it, where people may be called on this day."""
    for country, part in (("GB", "ENG"), ("US", "NY"), ("JP", "13"), ("FR", "")):
        if day not in holidays.country_holidays(
            country, subdiv=part or None, years=day.year
        ):
            return country, part
    raise RuntimeError("a holiday everywhere")


def _prepare() -> dict[str, list[str]]:
    """Fill the folder: databases, study, codes, an interviewer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.service.settings")
    django.setup()
    # These need Django's settings, which name the folder.
    from harken.method.terms import Role
    from harken.service import serve
    from harken.service.sampling import queries
    from tests.make.accounts import PASSWORD, SECRET, make_staff
    from tests.make.contact import make_invitation
    from tests.make.sitting import make_open_study

    serve.prepare()
    today = dt.datetime.now(dt.UTC).date()
    country, part = country_without_holiday(today)
    study = make_open_study(
        shift_days=(today - BASE_DAY).days,
        windows='{weekday: ["00:00", "23:59"], saturday: ["00:00", "23:59"],'
        ' sunday: ["00:00", "23:59"]}',
        country=country,
        subdivision=part,
    )
    make_staff(Role.INTERVIEWER, username="caller")
    cases = list(queries.issued(study))
    return {
        "codes": [make_invitation(study, case) for case in cases],
        "staff": ["caller", PASSWORD, SECRET],
    }


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(_prepare()) + "\n")
