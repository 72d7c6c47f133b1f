"""A served house of its own for a benchmark: prepared, filled, started, watched, ended.

Run as a program it fills the folder that HARKEN_DATA names. Codes of the filling are
random bytes where a hash would be: they stand for size, and open nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import django

from harken.service.vault.keyholder import process as keyholder
from tests.make.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
TICK = os.sysconf("SC_CLK_TCK")
BASE_DAY = dt.date(2026, 3, 3)
CHUNK = 2_000
RESIDENT, OWN = "Rss:", "Pss:"

RADIO = """\
      - id: {id}
        type: single
        text: How satisfied were you with what you were told at this point?
        options:
          - {{code: very, text: Very satisfied}}
          - {{code: fairly, text: Fairly satisfied}}
          - {{code: not_very, text: Not very satisfied}}
          - {{code: not_at_all, text: Not at all satisfied}}
        refusals: [dont_know, prefer_not_to_say]
"""
NUMBER = """\
      - id: {id}
        type: number
        text: How many days did it take until you heard from somebody?
        hint: A guess will do.
        minimum: 0
        maximum: 999
        unit: days
"""
BEGIN = """\
questionnaire: bench
version: "1"
sections:
  - id: start
    title: Taking part
    questions:
      - id: agree
        type: consent
        purpose: take_part
        required: yes
        text: Do you agree to take part?
"""


def questionnaire() -> str:
    """Consent and eight questions: with start, end and thank-you, twelve pages."""
    parts = [(RADIO, NUMBER)[n % 2].format(id=f"q{n}") for n in range(8)]
    return BEGIN + "".join(parts)


SERVE = (
    "import os, sys; from harken.service.serve import server;"
    "c = server(sys.argv[1]); os.execv(c[0], c)"
)


class Served:
    """A server that can be started, killed and started again."""

    def __init__(self, command: list[str], port: int, env: dict[str, str]) -> None:
        self.port = port
        self.env = env
        self.command = command
        self.path = "/"

    def start(self, path: str = "") -> None:
        """Start it, and wait until it answers at a path."""
        self.path = path or self.path
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            self.command,
            cwd=ROOT,
            env=self.env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        self.wait(self.path)

    def wait(self, path: str) -> None:
        """Until it answers."""
        for _ in range(1200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(
                    f"http://127.0.0.1:{self.port}{path}", timeout=20
                ).close()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def workers(self) -> list[int]:
        """The worker processes, without their master."""
        found = []
        for pid in self.pids():
            with contextlib.suppress(OSError):
                if int(_stat(pid)[1]) == self.process.pid:
                    found.append(pid)
        return found

    def holders(self) -> list[int]:
        """The key holder that the server started by itself."""
        mark = keyholder.__name__.encode()
        found = []
        for pid in self.pids():
            with contextlib.suppress(OSError):
                if mark in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found

    def pids(self) -> list[int]:
        """Every process of the server, those included that it started apart."""
        return pids_with(f"HARKEN_DATA={self.env['HARKEN_DATA']}\0".encode())

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Kill every process of it at once, as a power cut would."""
        pids = self.pids()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while number == signal.SIGKILL and any(_lives(pid) for pid in pids):
            time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return _stat(pid)[0] not in {"Z", "X"}
    except OSError:
        return False


def pids_with(mark: bytes) -> list[int]:
    """The processes whose environment holds a mark."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Processor time of these processes so far, and of their ended children."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += sum(int(ticks) for ticks in _stat(pid)[11:15])
    return total / TICK


def memory(pids: list[int], kind: str) -> list[float]:
    """Memory of each process in MiB, the largest first: ``RESIDENT`` counts all it
    maps, ``OWN`` only its part of what it shares (the proportional set size)."""
    sizes = []
    for pid in pids:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            line = next(line for line in text.splitlines() if line.startswith(kind))
            sizes.append(int(line.split()[1]) / 1024)
    return sorted(sizes, reverse=True)


def _stat(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    return text.rpartition(") ")[2].split()


def environment(data: Path) -> dict[str, str]:
    """The environment of every process of a house."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {
        **os.environ,
        "HARKEN_DATA": str(data),
        "PYTHONPATH": path,
        "DJANGO_SETTINGS_MODULE": "harken.service.settings",
    }


def prepare(data: Path, *, codes: int = 0, stored: int = 0) -> None:
    """Databases, an open study of twelve pages, and this many codes and interviews."""
    command = [sys.executable, "-m", "bench.crowd.house", str(codes), str(stored)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment(data), check=False, capture_output=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-2000:])


@contextlib.contextmanager
def served(data: Path) -> Iterator[Served]:
    """The house of this folder, by the command that ``harken serve`` runs at its end."""
    port = free_port()
    command = [sys.executable, "-c", SERVE, f"127.0.0.1:{port}"]
    server = Served(command, port, environment(data))
    try:
        server.start("/weather")
        yield server
    finally:
        server.kill()


@contextlib.contextmanager
def bare(folder: Path, dsn: str = "") -> Iterator[Served]:
    """The bare prototype, served by the same server with the same arguments."""
    port = free_port()
    address = f"127.0.0.1:{port}"
    code = (
        "import os; from harken.service.serve import server;"
        f"c = server('{address}'); c[c.index('harken.service.wsgi:application')] ="
        " 'bench.crowd.bare:application'; os.execv(c[0], c)"
    )
    env = environment(folder / "bare")
    env |= {"BARE_DSN": dsn, "BARE_FILE": str(folder / "bare.sqlite3")}
    server = Served([sys.executable, "-c", code], port, env)
    try:
        server.start("/")
        yield server
    finally:
        server.kill()


def fill(codes: int, stored: int) -> None:
    """Prepare the folder that HARKEN_DATA names."""
    django.setup()
    # These need Django's settings, which name the folder.
    from harken.method.study import State
    from harken.service import serve
    from harken.service.questionnaire import actions as instruments
    from harken.service.study import actions as studies
    from tests.make.study import MANAGER, make_charter, make_files

    serve.prepare()
    now = dt.datetime.now(dt.UTC)
    shift = (now.date() - BASE_DAY).days
    files = make_files(study=make_charter(), questionnaire=questionnaire())
    study = studies.load(files, by=MANAGER, at=now, slug="bench", shift_days=shift)
    study.state, study.opened_at = State.OPEN.value, now
    study.save()
    instruments.freeze(study, by=MANAGER, at=now)
    if codes:
        _fill_cases(study.slug, codes, stored)


def _fill_cases(slug: str, codes: int, stored: int) -> None:
    """Cases with keys and codes; the first of them have an interview collected."""
    from django.db import transaction

    from harken.method import interview as method
    from harken.method.terms import SYSTEM, Arm, CaseRef, Language, Mode
    from harken.service.contact.models import AccessCode
    from harken.service.interview import models, sealed
    from harken.service.questionnaire import queries as instruments
    from harken.service.sampling.models import Case
    from harken.service.study import queries as studies
    from harken.service.vault import enrolment

    study = studies.get(slug)
    book = instruments.instrument(study)
    now = dt.datetime.now(dt.UTC)
    begun = method.begin(book, mode=Mode.WEB, arm=Arm.SAMPLE, language=Language("en"))
    day = now.date() + dt.timedelta(days=30)
    for start in range(0, codes, CHUNK):
        count = min(CHUNK, codes - start)
        refs = [CaseRef(secrets.token_hex(16)) for _ in range(count)]
        with transaction.atomic():
            held = enrolment.begin(study, by=SYSTEM, at=now)
            people = list(held.prepare((ref, ()) for ref in refs))
            enrolment.publish(slug, people, by=SYSTEM, at=now)
            cases = Case.objects.bulk_create(
                Case(
                    ref=ref,
                    study=study,
                    arm=Arm.SAMPLE,
                    status=Case.Status.ISSUED,
                    language="en",
                )
                for ref in refs
            )
            AccessCode.objects.bulk_create(
                AccessCode(
                    case=case,
                    kind="invitation",
                    locator=secrets.token_bytes(32),
                    salt=secrets.token_bytes(16),
                    secret_hash=secrets.token_bytes(32),
                    expires=day,
                )
                for case in cases
            )
            rows = [
                models.Interview(
                    handle=secrets.token_hex(16),
                    study=study,
                    case=ref,
                    arm=Arm.SAMPLE.value,
                    mode=Mode.WEB.value,
                    language="en",
                    instrument=book.version,
                    status="open",
                    started="2026-W10",
                )
                for ref in refs[: max(0, stored - start)]
            ]
            for row in rows:
                row.document = sealed.seal_document(row, begun)
            models.Interview.objects.bulk_create(rows)


if __name__ == "__main__":
    numbers = argparse.ArgumentParser()
    numbers.add_argument("codes", type=int)
    numbers.add_argument("stored", type=int)
    wanted = numbers.parse_args()
    fill(wanted.codes, wanted.stored)
