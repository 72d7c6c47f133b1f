"""How fast are the telephone pages? ``script/bench telephone [--quick] [--json]``.

Part ``within``: one interviewer after another takes a case: the desk, the person on the
line, is it safe to talk, consent, eight questions, sent, written down. Each page turn is
the press of a button and the page it leads to (two requests), through the whole of Django
in one process, every answer durable on SQLite; no network is in between, and the keys are
in the same process.

Part ``served``: many interviewers at once before the real server as ``harken serve``
starts it, over real sockets, its key holder a process of its own. Their pauses are a
tenth of real ones, so that they press, open people and end web processes as ten times as
many would. Exit code 5 when a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.accessibility import house
from bench.crowd import callers
from bench.crowd import house as crowd
from bench.crowd.callers import ANSWERS, open_study
from bench.crowd.turnover import Turnover
from harken.service.retire import AT_ONCE
from harken.service.serve import WORKERS

INTERVIEWS, QUICK, EACH = 40, 5, 5
"""How many interviews, and how many of them one interviewer holds."""
PACE = 1 / 10
"""Pauses between pages, as a share of real ones."""
PARTS = ("within", "served")
ENDED = "served: from an opening to the end of its process, at most, s"
BARS: Mapping[str, float] = {
    "any page, 95 % within, ms": 150,
    "served: any page, 95 % within, ms": 500,
    "served: any page, slowest, ms": 2_000,
    "served: forms that got no answer": 0,
    "served: pages that got no answer": 0,
    "served: connections refused": 0,
    "served: web processes at once": WORKERS + AT_ONCE,
    ENDED: 25,
    "served: processes that opened somebody and are left": 0,
}
"""In one process there is nothing to wait for but the page. Served, the interviewers share
two cores with the server and press ten times as often as real ones: somebody on the
line must not notice a pause, which half a second is not and two seconds are."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many interviewers, for how long, and how many people wait for a call."""

    interviewers: int
    seconds: float
    people: int


FULL, SMALL = Room(24, 60, 200), Room(8, 15, 40)


class Console:
    """An interviewer's console that knows how long each page took."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.taken: dict[str, list[tuple[float, float]]] = {}
        self.page = ""

    def press(self, name: str, do: str, **fields: str) -> None:
        """Press a button and wait for the page it leads to."""
        began, spent = time.perf_counter(), time.process_time()
        answer = self.client.post("/call/", {"do": do, **fields}, follow=True)
        took = 1000 * (time.perf_counter() - began)
        used = 1000 * (time.process_time() - spent)
        if answer.status_code != 200:
            raise RuntimeError(f"{name}: {answer.status_code}")
        self.page = answer.content.decode()
        self.taken.setdefault(name, []).append((took, used))

    def value(self, name: str) -> str:
        """A hidden value of the page shown."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return found[1] if found else ""

    def interview(self) -> None:
        """One whole call with a whole interview."""
        self.press("next case", "next")
        self.press("on the line", "answered")
        self.press("safe to talk", "safe")
        while asked := self.value("question"):
            sent = {"question": asked, "version": self.value("version")}
            self.press("question", "answer", value=ANSWERS[asked], **sent)
        self.press("send", "submit")
        self.press("written down", "done")


def measure(interviews: int) -> dict[str, float]:
    """The figures of so many interviews."""
    from django.conf import settings
    from django.test import Client

    from harken.method.interview import Status
    from harken.method.terms import Role
    from harken.service.interview.models import Interview
    from tests.make.accounts import sign_in

    settings.SECURE_SSL_REDIRECT = False
    open_study(interviews + 5)
    pages: dict[str, list[tuple[float, float]]] = {}
    for number in range(interviews):
        if number % EACH == 0:
            client = Client()
            sign_in(client, Role.INTERVIEWER)
        console = Console(client)
        console.interview()
        # The first of a process loads its templates.
        for name, taken in console.taken.items() if number else ():
            pages.setdefault(name, []).extend(taken)
    stored = Interview.objects.filter(status=Status.SUBMITTED).count()
    if stored != interviews:
        raise RuntimeError(f"{stored} of {interviews} interviews were stored")
    return told(pages, interviews)


def told(
    pages: dict[str, list[tuple[float, float]]], interviews: int
) -> dict[str, float]:
    """Half and 95 % of each kind of page, and the processor's time of an interview."""
    every = [one for taken in pages.values() for one in taken]
    found: dict[str, float] = {"interviews": interviews, "pages": len(every)}
    for name, taken in [*pages.items(), ("any page", every)]:
        times = sorted(took for took, _ in taken)
        cuts = statistics.quantiles(times, n=20, method="inclusive")
        found[f"{name}, half within, ms"] = round(cuts[9], 1)
        found[f"{name}, 95 % within, ms"] = round(cuts[18], 1)
    used = [used for _, used in every]
    found["server CPU of a page, ms"] = round(statistics.mean(used), 1)
    found["server CPU of an interview, ms"] = round(sum(used) / (interviews - 1), 1)
    return found


def served(room: Room) -> dict[str, float]:
    """The figures of so many interviewers at once before the real server."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        staff = callers.fill(data, room.interviewers, room.people)
        with crowd.served(data) as server:
            found = asyncio.run(_hold(server, room, staff))
            with sqlite3.connect(data / "databases" / "identity.sqlite3") as database:
                asked = "SELECT count(*) FROM interview_interview WHERE status = ?"
                (stored,) = database.execute(asked, ["submitted"]).fetchone()
    if stored != found["interviews"]:
        raise RuntimeError(f"{stored} of {found['interviews']} interviews were stored")
    return {f"served: {name}": value for name, value in found.items()}


async def _hold(
    server: crowd.Served, room: Room, staff: list[list[str]]
) -> dict[str, float]:
    processes = Turnover(server)
    processes.look()
    watching = asyncio.create_task(processes.watch())
    people = await callers.signed_in(server.port, staff, processes.opened)
    before = crowd.cpu_seconds(server.pids())
    seen = await callers.hold(people, seconds=room.seconds, pace=PACE)
    used = crowd.cpu_seconds(server.pids()) - before
    left = await processes.settle(BARS[ENDED] + 1)
    watching.cancel()
    every = [wait for waits in seen.waits.values() for wait in waits]
    found: dict[str, float] = {
        "interviewers": room.interviewers,
        "interviews": seen.interviews,
        "pages": len(every),
        "pages a second": round(len(every) / seen.seconds, 1),
    }
    for name, waits in [*seen.waits.items(), ("any page", every)]:
        cuts = statistics.quantiles(waits, n=20, method="inclusive")
        found[f"{name}, half within, ms"] = round(1000 * cuts[9], 1)
        found[f"{name}, 95 % within, ms"] = round(1000 * cuts[18], 1)
        found[f"{name}, slowest, ms"] = round(1000 * max(waits), 1)
    return found | {
        "server CPU of a page, ms": round(1000 * used / len(every), 1),
        "forms that got no answer": seen.broken["POST"],
        "pages that got no answer": seen.broken["GET"],
        "connections refused": seen.broken["refused"],
        "pages that opened somebody": processes.opened_times,
        "web processes at once": processes.most,
        "web processes in all": len(processes.lives),
        ENDED.removeprefix("served: "): round(processes.slowest_end, 1),
        "processes that opened somebody": len(processes.openings),
        "processes that opened somebody and are left": len(left),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold the interviews and say how long their pages took."""
    parser = argparse.ArgumentParser(prog="script/bench telephone", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer interviews")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--part", choices=PARTS, help="one part alone")
    options = parser.parse_args(arguments)
    found: dict[str, float] = {}
    if options.part != "within":
        found |= served(SMALL if options.quick else FULL)
    if options.part != "served":
        with house():
            found |= measure(QUICK if options.quick else INTERVIEWS)
    missed = [name for name, bar in BARS.items() if found.get(name, 0) > bar]
    lines = [
        f"{name:62} {value:>10,g}"
        + (f"  over {BARS[name]:g}" if name in missed else "")
        for name, value in found.items()
    ]
    text = json.dumps(found, indent=2) if options.json else "\n".join(lines)
    sys.stdout.write(f"{text}\n")
    return 5 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
