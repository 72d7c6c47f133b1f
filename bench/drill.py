"""Can a data guardian run the destruction drill from its page in fifteen minutes?

``script/bench drill [--json] [--shots FOLDER] [--on DEMO]``. Takes every command out of
docs/how-to/destruction-drill.md, runs it as it stands there on a fast demo of its own (or
a copy of the one ``--on`` names), and does in Chromium what the page says to do in a
browser: a person answers and withdraws, two people sign in and approve, recipients are
noted. Says how long each part took, and fails where the page promises something else.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.make.journey import make_browser
from tests.make.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "how-to" / "destruction-drill.md"
STUDY = "victims-review-live"
GUARDIAN, CONTROLLER = "demo-guardian", "demo-controller"
WIDE = {"width": 1280, "height": 900}
FORGERIES = 11
BASH = "/bin/bash"
ALLOWED = 15 * 60
TMP = "/tmp"  # noqa: S108 - where the page writes; here it is a folder of our own
ENDS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
GO_ON = (
    "Send my answers",
    "Skip these questions",
    "Leave this question",
    "Continue",
)


class Shell:
    """Runs the page's blocks one after another, as one shell would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "shell"
        self.state.write_text(f"cd {ROOT}\n", encoding="utf-8")
        self.said: list[str] = []

    def run(self, block: str, *, fails: bool = False) -> str:
        """Run one block; its output. A command that fails ends it, unless it should."""
        here = block.replace(TMP, str(self.folder))
        here = here.replace("script/demo --fast", f"script/demo --fast {self._data()}")
        for name in ("$PWD/var/demo", "var/demo"):
            here = here.replace(name, str(self.folder / "demo"))
        here = here.replace("../../../..", str(ROOT))
        strict = "set +e" if fails else "set -e"
        after = f"{{ pwd | sed 's/^/cd /'; export -p; declare -p file witness; }} > {self.state}"
        script = f". {self.state}\n{strict}\n{here}\n{after} 2>/dev/null || true\n"
        with subprocess.Popen(  # noqa: S603 - the page's own commands
            [BASH, "-c", script],
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        ) as ran:
            try:
                told, _ = ran.communicate()
            except BaseException:
                end_group(ran)
                raise
        self.said.append(told)
        if ran.returncode and not fails:
            raise SystemExit(f"The page's commands failed:\n{here}\n{told}")
        return told

    def _data(self) -> str:
        return f"--data {self.folder / 'demo' / 'data'}"


class Drill:
    """The drill, part by part, with what each took."""

    def __init__(self, folder: Path, browser: Browser, shots: Path | None) -> None:
        self.folder, self.browser, self.shots = folder, browser, shots
        self.shell = Shell(folder)
        self.blocks = re.findall(
            r"^```\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S
        )
        self.took: dict[str, float] = {}
        self.url = ""
        self.guardian: Page

    def part(self, name: str, act: Callable[[], object]) -> None:
        """One part of the page, timed."""
        begun = time.monotonic()
        act()
        self.took[name] = round(time.monotonic() - begun, 1)
        sys.stderr.write(f"{name}: {self.took[name]} s\n")

    def demo(self, made: Path | None) -> None:
        """A demo to destroy: made here, or a copy of one that was made."""
        block = self.blocks[0]
        if made is not None:
            shutil.copytree(made, self.folder / "demo")
            block = re.sub(r"^script/demo.*\n", "", block)
        self.shell.run(block)

    def withdraw(self) -> None:
        """A person answers to the end, keeps the receipt, and takes it all back."""
        page = self.browser.new_context(viewport=WIDE).new_page()
        page.goto(f"{self.url}/start")
        page.get_by_label("I have a code from a letter").check()
        self._press(page, "Start")
        page.locator("input[name=code]").fill(self._visit()["codes"][-1])
        self._press(page, "Continue")
        receipt = page.locator("strong.app-code")
        for _ in range(80):
            if receipt.count():
                break
            leave = page.get_by_role("button", name="Leave this question", exact=True)
            agreed = page.get_by_label("Yes", exact=True)
            if agreed.count() and not leave.count():
                agreed.check()
            self._press(page, *GO_ON)
        self._shot(page, "receipt")
        code = receipt.inner_text()
        page.goto(f"{self.url}/start/withdraw")
        page.locator("#value").fill(code)
        self._shot(page, "take-back")
        page.locator("main button.govuk-button").click()
        self._shot(page, "taken-back")
        told = self.shell.run(self.blocks[1])
        self._expect(told, r"withdrawn, waiting for rotation +1\b")

    def rehearse(self) -> None:
        """The witness appointed, the rehearsal gone through until all holds."""
        self.shell.run(self.blocks[2])
        self._expect(self.shell.run(self.blocks[3], fails=True), "NO")
        told = self.shell.run(self.blocks[4], fails=True)
        self._expect(told, "Nothing is due|due")

    def approve(self) -> None:
        """Planned at the shell; read and agreed to by both sides in a browser."""
        self._expect(self.shell.run(self.blocks[5]), "Planned: of")
        for name in (GUARDIAN, CONTROLLER):
            page = self._signed_in(name)
            page.goto(f"{self.url}/guard/")
            self._shot(page, f"{name}-overview")
            page.get_by_role("link", name=STUDY, exact=True).click()
            self._shot(page, f"{name}-study")
            page.get_by_role("button", name="Read the plan and approve").click()
            self._shot(page, f"{name}-plan")
            page.get_by_label("I have read these counts").check()
            self._press(page, "Approve")
            self._shot(page, f"{name}-approved")
            if name == GUARDIAN:
                self._confirm(page)
                self.guardian = page

    def _visit(self) -> dict[str, Any]:
        told = (self.folder / "demo" / "summary.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(told)["visit"]
        return found

    def _confirm(self, page: Page) -> None:
        page.get_by_role("link", name="Copies that left the house").click()
        self._shot(page, "copies")
        asked = page.get_by_role("button", name="The recipient has confirmed")
        noted = 0
        while asked.count():
            asked.first.click()
            page.wait_for_load_state()
            noted += 1
        self._expect(f"{noted} recipients", "^2 recipients")
        self._shot(page, "copies-confirmed")

    def destroy(self) -> None:
        """Run; a second run finds nothing left."""
        self._expect(self.shell.run(self.blocks[6]), r"Certificate \(provisional\)")
        again = self.shell.run(f"harken destroy run {STUDY}", fails=True)
        self._expect(again, r"ANO-1\d\d")

    def verify(self) -> None:
        """The witness signs, the certificate is final to both verifiers; its pages."""
        told = self.shell.run(self.blocks[7])
        self._expect(told, r"VALID \(final\)[\s\S]*VALID \(final\)")
        page = self.guardian
        page.goto(f"{self.url}/guard/")
        self._shot(page, "overview-destroyed")
        page.get_by_role("link", name=STUDY, exact=True).click()
        self._shot(page, "study-destroyed")
        page.goto(f"{self.url}/guard/ledger/")
        self._shot(page, "ledger")

    def forge(self) -> None:
        """Eleven forgeries, one letter changed by hand, and a search for the people."""
        told = self.shell.run(self.blocks[8], fails=True)
        refused = told.count("ANO-001")
        self._expect(f"{refused} refused", f"^{FORGERIES} refused")
        by_hand = (
            'sed "s/destroyed/destroyes/" $file > /tmp/by-hand.json\n'
            "harken destroy verify /tmp/by-hand.json --key ../keys/ledger.pub\n"
        )
        self._expect(self.shell.run(by_hand, fails=True), "ANO-001")
        self._expect(self.shell.run(self.blocks[9]), r": 0 found")

    def _signed_in(self, name: str) -> Page:
        """Password and second factor, as ``harken demo --codes`` shows them."""
        page = self.browser.new_context(viewport=WIDE).new_page()
        page.goto(f"{self.url}/staff/login/")
        page.fill("#id_login", name)
        page.fill("#id_password", self._visit()["password"])
        self._press(page, "Continue")
        shown = self.shell.run("harken demo --codes")
        number = re.search(rf"^{name} +(\d+)", shown, re.M)
        page.fill("input[name=code]", number[1] if number else "")
        page.locator("main button.govuk-button").first.click()
        page.wait_for_url(re.compile("/staff/$"))
        return page

    def _press(self, page: Page, *names: str) -> None:
        """The first of these buttons that is there, and wait for the next page."""
        page.locator("main button").first.wait_for()
        for name in names:
            button = page.get_by_role("button", name=name, exact=True)
            if button.count():
                before = page.locator("main").inner_html()
                button.first.click()
                page.wait_for_load_state()
                page.wait_for_function(
                    "before => { const m = document.querySelector('main');"
                    " return m && m.innerHTML !== before; }",
                    arg=before,
                )
                return
        raise SystemExit(f"None of {names} is on the page {page.url}")

    def _expect(self, told: str, wanted: str) -> None:
        if not re.search(wanted, told):
            raise SystemExit(f"The page promises {wanted!r}; this was said:\n{told}")

    def _shot(self, page: Page, name: str) -> None:
        if self.shots is not None:
            self.shots.mkdir(parents=True, exist_ok=True)
            number = len(list(self.shots.glob("*.png"))) + 1
            path = self.shots / f"{number:02}-{name}.png"
            page.screenshot(path=path, full_page=True)


@contextmanager
def served(drill: Drill) -> Iterator[None]:
    """``harken serve`` in its second terminal."""
    port = free_port()
    drill.url = f"http://127.0.0.1:{port}"
    command = f". {drill.shell.state}; exec harken serve --bind 127.0.0.1:{port}"
    process = subprocess.Popen(  # noqa: S603 - our own command
        [BASH, "-c", command], start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            time.sleep(0.1)
        yield
    finally:
        end_group(process)
        process.wait()


def end_group(process: subprocess.Popen[Any]) -> None:
    """Ask a process and all it started in its session to end."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """A signal ends the drill as an error would: what it started ends with it."""

    def end(number: int, _frame: object) -> None:
        for one in ENDS:
            signal.signal(one, signal.SIG_IGN)  # the second knock changes nothing
        raise SystemExit(128 + number)

    before = {one: signal.signal(one, end) for one in ENDS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the drill; exit code 5 when it took longer than the page says."""
    parser = argparse.ArgumentParser(prog="script/bench drill", description=__doc__)
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--shots", type=Path, help="keep pictures of the pages here")
    parser.add_argument("--on", type=Path, help="a demo that was made: its folder")
    args = parser.parse_args(argv)
    with (
        ended_by_signal(),
        tempfile.TemporaryDirectory(prefix="harken-drill-") as folder,
        make_browser() as browser,
    ):
        drill = Drill(Path(folder), browser, args.shots)
        drill.part("a demo to destroy", lambda: drill.demo(args.on))
        with served(drill):
            drill.part("withdraw one person", drill.withdraw)
            drill.part("witness and rehearsal", drill.rehearse)
            drill.part("plan, two approvals, recipients", drill.approve)
            drill.part("destroy", drill.destroy)
            drill.part("verify", drill.verify)
            drill.part("try to break it", drill.forge)
    whole = round(sum(drill.took.values()), 1)
    found = {"benchmark": "drill", **drill.took, "whole": whole, "allowed": ALLOWED}
    sys.stdout.write(json.dumps(found, indent=2 if args.json else None) + "\n")
    return 0 if whole <= ALLOWED else 5


if __name__ == "__main__":
    raise SystemExit(main())
