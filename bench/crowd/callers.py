"""Interviewers who hold calls over real sockets, as many at once as a room has.

Each signs in with both factors and has a browser's connections: one that stays open, and
a spare one on which nothing is asked until the first is closed. What a page's form holds
is sent back; a page that is not the one expected ends the run.

Run as a program it fills the folder that HARKEN_DATA names: an open study whose people may
be called now, and the accounts.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django

from bench.crowd.client import BROKEN, PATIENCE, Answer, Person, form_with, hidden
from bench.crowd.house import BASE_DAY, ROOT, environment, questionnaire
from tests.make.journey import country_without_holiday, one_time_code

CALL = "/call/"
ANSWERS = {"agree": "yes", **{f"q{n}": ("fairly", "12")[n % 2] for n in range(8)}}
ALL_DAY = '["00:00", "23:59"]'
READ: dict[str, float] = {
    "next case": 30,
    "on the line": 20,
    "safe to talk": 10,
    "question": 15,
    "send": 10,
    "written down": 20,
}
"""Seconds that a real interviewer spends before the next press, on each page."""
WHOLE = sum(READ.values()) + (len(ANSWERS) - 1) * READ["question"]
"""Seconds of a whole interview; the interviewers begin evenly spread over one."""
UNEVEN = 0.5
"""A pause is up to this share shorter or longer."""


@dataclass(slots=True)
class Seen:
    """What all interviewers saw: waits by page, requests that got no answer, endings."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    interviews: int = 0
    seconds: float = 0.0


class Browser(Person):
    """A browser with a spare connection; it counts what got no answer."""

    def __init__(self, port: int, seen: Seen) -> None:
        super().__init__(port)
        self.seen = seen
        self._spare: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def own_port(self) -> int:
        """The number of this end of the open connection; 0 when there is none."""
        if self._writer is None:
            return 0
        return int(self._writer.get_extra_info("sockname")[1])

    async def leave(self) -> None:
        """Hang up altogether."""
        await self.close()
        if self._spare is not None:
            self._spare[1].close()
            self._spare = None

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        self.requests += 1
        for again in (False, True):
            try:
                if again or self._reader is None or self._reader.at_eof():
                    await self._connect()
                self._send(method, path, body)
                return await asyncio.wait_for(self._read(), PATIENCE)
            except ConnectionRefusedError:
                self.seen.broken["refused"] += 1
            except (*BROKEN, TimeoutError):
                self.seen.broken[method] += 1
        raise ConnectionError("no answer, asked twice")

    async def _connect(self) -> None:
        """Take the spare connection when it is open, else a new one; have a spare."""
        await self.close()
        spare, self._spare = self._spare, None
        if spare is not None and spare[0].at_eof():
            spare[1].close()
            spare = None
        opened = spare or await asyncio.open_connection("127.0.0.1", self.port)
        self._reader, self._writer = opened
        self._spare = await asyncio.open_connection("127.0.0.1", self.port)


class Interviewer:
    """One interviewer before a console."""

    def __init__(self, port: int, seen: Seen, opened: Callable[[int], None]) -> None:
        self.browser = Browser(port, seen)
        self.seen, self.opened = seen, opened
        self.page = ""

    async def sign_in(self, name: str, password: str, secret: str) -> None:
        """Password, then the one-time code."""
        browser, door = self.browser, "/staff/login/"
        page = await browser.get(door)
        said = [*hidden(form_with(page.text, 'name="login"')), ("login", name)]
        answer = await browser.post(door, [*said, ("password", password)])
        door = answer.headers["location"]
        page = await browser.get(door)
        said = hidden(form_with(page.text, 'name="code"'))
        await browser.post(door, [*said, ("code", one_time_code(secret))])
        self.page = (await browser.get(CALL)).text
        if 'value="next"' not in self.page:
            raise RuntimeError("the console did not come")

    async def shift(self, until: float, pace: float) -> None:
        """One whole interview after another until the time is over."""
        while time.perf_counter() < until:
            await self._press("next case", pace, do="next")
            await self._press("on the line", pace, do="answered")
            await self._press("safe to talk", pace, do="safe")
            while asked := self._value("question"):
                said = {"version": self._value("version"), "value": ANSWERS[asked]}
                await self._press("question", pace, do="answer", question=asked, **said)
            await self._press("send", pace, do="submit")
            await self._press("written down", pace, do="done")
            self.seen.interviews += 1

    async def _press(self, name: str, pace: float, **fields: str) -> None:
        """Press a button and wait for the page it leads to; then read it."""
        token = ("csrfmiddlewaretoken", self._value("csrfmiddlewaretoken"))
        began = time.perf_counter()
        answer = await self.browser.post(CALL, [token, *fields.items()])
        if name == "next case":
            self.opened(self.browser.own_port)
        if answer.status in {302, 303}:
            answer = await self.browser.get(answer.headers["location"])
        self.seen.waits.setdefault(name, []).append(time.perf_counter() - began)
        if name == "next case":
            self.opened(self.browser.own_port)
        if answer.status != 200:
            raise RuntimeError(f"{name}: {answer.status}")
        self.page = answer.text
        uneven = random.uniform(1 - UNEVEN, 1 + UNEVEN)  # noqa: S311 - a pause
        await asyncio.sleep(READ[name] * pace * uneven)

    def _value(self, name: str) -> str:
        """A hidden value of the page shown."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return found[1] if found else ""


async def signed_in(
    port: int, staff: list[list[str]], opened: Callable[[int], None]
) -> list[Interviewer]:
    """All interviewers before their consoles; ``opened`` hears each opening's port."""
    seen = Seen()
    people = [Interviewer(port, seen, opened) for _ in staff]
    for one, account in zip(people, staff, strict=True):
        await one.sign_in(*account)
    return people


async def hold(people: list[Interviewer], *, seconds: float, pace: float) -> Seen:
    """All of them at once hold one interview after another until the time is over."""
    seen, began = people[0].seen, time.perf_counter()

    async def work(one: Interviewer, number: int) -> None:
        await asyncio.sleep(WHOLE * pace * number / len(people))
        with contextlib.suppress(ConnectionError):
            await one.shift(began + seconds, pace)
        await one.browser.leave()

    await asyncio.gather(*(work(one, n) for n, one in enumerate(people)))
    seen.seconds = time.perf_counter() - began
    return seen


def open_study(people: int) -> Any:
    """A study of twelve pages in the field, whose people may be called at any hour."""
    # These need Django's settings, which name the folder.
    from django.utils import timezone

    from tests.make.sitting import make_open_study

    today = timezone.localdate()
    country, part = country_without_holiday(today)
    return make_open_study(
        people=people,
        total=people,
        shift_days=(today - BASE_DAY) // dt.timedelta(days=1),
        languages="[en]",
        texts={"questionnaire.yaml": questionnaire()},
        windows=f"{{weekday: {ALL_DAY}, saturday: {ALL_DAY}, sunday: {ALL_DAY}}}",
        country=country,
        subdivision=part,
    )


def fill(data: Path, interviewers: int, people: int) -> list[list[str]]:
    """Prepare a folder; each account's name, password and secret of the second factor."""
    sizes = (str(interviewers), str(people))
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bench.crowd.callers", *sizes],
        cwd=ROOT,
        env=environment(data),
        check=True,
        stdout=subprocess.PIPE,
    )
    staff: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return staff


def main(number: int, people: int) -> None:
    """Databases, the study, and so many interviewers."""
    django.setup()
    from harken.method.terms import Role
    from harken.service import serve
    from tests.make.accounts import PASSWORD, SECRET, make_staff

    serve.prepare()
    open_study(people)
    names = [f"caller-{one}" for one in range(number)]
    for name in names:
        make_staff(Role.INTERVIEWER, username=name)
    said = json.dumps([[name, PASSWORD, SECRET] for name in names])
    sys.stdout.write(f"\n{said}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
