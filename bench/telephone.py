"""How fast are the telephone pages? ``script/bench telephone [--quick] [--json]``.

One interviewer after another takes a case: the desk, the person on the line, is it safe
to talk, consent, eight questions, sent, written down. Each page turn is the press of a
button and the page it leads to (two requests), through the whole of Django in one
process, every answer durable on SQLite; no network is in between, and the keys are in the
same process. Exit code 5 when a page's 95 % are over the bar.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench.accessibility import house
from bench.crowd.house import BASE_DAY, questionnaire

INTERVIEWS, QUICK, EACH = 40, 5, 5
"""How many interviews, and how many of them one interviewer holds."""
BAR_MS = 150.0
ANSWERS = {"agree": "yes", **{f"q{n}": ("fairly", "12")[n % 2] for n in range(8)}}
ALL_DAY = '["00:00", "23:59"]'


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
    from django.utils import timezone

    from harken.method.interview import Status
    from harken.method.terms import Role
    from harken.service.interview.models import Interview
    from tests.make.accounts import sign_in
    from tests.make.journey import country_without_holiday
    from tests.make.sitting import make_open_study

    settings.SECURE_SSL_REDIRECT = False
    today = timezone.localdate()
    country, part = country_without_holiday(today)
    make_open_study(
        people=interviews + 5,
        total=interviews + 5,
        shift_days=(today - BASE_DAY) // dt.timedelta(days=1),
        languages="[en]",
        texts={"questionnaire.yaml": questionnaire()},
        windows=f"{{weekday: {ALL_DAY}, saturday: {ALL_DAY}, sunday: {ALL_DAY}}}",
        country=country,
        subdivision=part,
    )
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold the interviews and say how long their pages took."""
    parser = argparse.ArgumentParser(prog="script/bench telephone", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="five interviews")
    parser.add_argument("--json", action="store_true", help="write JSON")
    options = parser.parse_args(arguments)
    with house():
        found = measure(QUICK if options.quick else INTERVIEWS)
    lines = [f"{name:34} {value:>10,g}" for name, value in found.items()]
    text = json.dumps(found, indent=2) if options.json else "\n".join(lines)
    sys.stdout.write(f"{text}\n")
    return 5 if found["any page, 95 % within, ms"] > BAR_MS else 0


if __name__ == "__main__":
    raise SystemExit(main())
