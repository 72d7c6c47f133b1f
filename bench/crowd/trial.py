"""Journeys while the house is in trouble, and the reckoning afterwards.

Trouble is the server killed, its disk full, or its database away. An answer counts as
acknowledged when the server answered its form with a redirect. A person whose page did
not come, or who was shown the calm page, waits a moment and sends it again.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import django

from bench.crowd import house, journeys
from bench.crowd.client import BROKEN, Answer, Person, filled, form_with, hidden
from bench.crowd.house import Served

LOST = (*BROKEN, OSError, TimeoutError)
PAUSE = 0.3
BEFORE = 4.0
"""Seconds of quiet before a trouble and after it; half as long as a shorter trouble."""

Trouble = Callable[[Served], Awaitable[int]]


@dataclass(slots=True)
class Diary:
    """What one person was told is stored: their cookie, each answer, whether all is sent."""

    cookie: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    sent: bool = False
    again: int = 0
    calm: int = 0
    harsh: int = 0


@dataclass(slots=True)
class Outcome:
    """What a trial found: ``calm`` and ``harsh`` count the error pages people saw."""

    troubles: int = 0
    journeys: int = 0
    acknowledged: int = 0
    repeated: int = 0
    calm: int = 0
    harsh: int = 0
    lost: int = 0
    submitted: int = 0
    duplicates: int = 0
    unsent: int = 0
    broken_histories: int = 0
    seconds: float = 0.0


async def stubborn(person: Person, diary: Diary) -> None:
    """One journey, begun, answered and sent, whatever happens to the server."""
    page = await _until_served(person, diary, [])
    for _ in range(400):
        fields = form_with(page.text, 'name="question"')
        if fields:
            page = await _answer(person, diary, filled(fields))
        elif 'value="send"' in page.text:
            form = form_with(page.text, 'value="send"')
            sent = [pair for pair in hidden(form) if pair[0] != "do"]
            page = await _until_served(person, diary, [*sent, ("do", "send")])
        elif 'class="app-code"' in page.text:
            diary.sent, diary.cookie = True, person.cookies.get("visit", "")
            return
        else:
            form = hidden(form_with(page.text, 'name="how"'))
            page = await _until_served(person, diary, [*form, ("how", "open")])
    raise RuntimeError("a journey did not come to its end")


async def _answer(
    person: Person, diary: Diary, fields: list[tuple[str, str]]
) -> Answer:
    """Send an answer until the server says that it is stored; then look at the page."""
    said = dict(fields)
    page = await _until_served(person, diary, fields)
    if said.get("question") and _question_of(page) != said["question"]:
        diary.answers[said["question"]] = said.get("value", "")
    diary.cookie = person.cookies.get("visit", diary.cookie)
    return page


def _question_of(page: Answer) -> str:
    fields = dict(hidden(form_with(page.text, 'name="question"')))
    return fields.get("question", "")


async def _until_served(
    person: Person, diary: Diary, fields: list[tuple[str, str]]
) -> Answer:
    """Ask again and again, as somebody does who presses the button once more."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            if fields:
                answer = await person.post(journeys.START, fields)
                _check(answer, diary)
                fields = []
            answer = await person.get(journeys.START)
            _check(answer, diary)
            return answer
        except LOST:
            pass
        diary.again += 1
        await person.close()
        await asyncio.sleep(PAUSE)
    raise RuntimeError("the server did not come back")


def _check(answer: Answer, diary: Diary) -> None:
    """Raise when the page did not come, and note whether people were told so calmly."""
    if answer.status < 500:
        return
    if answer.status == 503 and "retry-after" in answer.headers:
        diary.calm += 1
    else:
        diary.harsh += 1
    raise ConnectionError


def killing(kills: int, *, pause: float) -> Trouble:
    """So many kills, at random moments; every tenth takes the whole server down."""

    async def trouble(server: Served) -> int:
        rng = random.Random(kills)  # noqa: S311 - moments, not secrets
        done = 0
        while done < kills:
            await asyncio.sleep(rng.uniform(0.05, pause))
            if done % 10 == 9:
                server.kill()
                await asyncio.to_thread(server.start)
            else:
                workers = server.workers()
                if not workers:
                    continue
                os.kill(rng.choice(workers), signal.SIGKILL)
            done += 1
        return done

    return trouble


def away(
    begin: Callable[[], None], end: Callable[[], None], *, seconds: float
) -> Trouble:
    """Something behind the house goes away for a while, and comes back."""

    async def trouble(server: Served) -> int:
        quiet = min(BEFORE, seconds / 2)
        await asyncio.sleep(quiet)
        await asyncio.to_thread(begin)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(end)
        await asyncio.sleep(quiet)
        return 1

    return trouble


async def _trial(
    server: Served, *, people: int, trouble: Trouble
) -> tuple[list[Diary], int]:
    diaries: list[Diary] = []
    over = asyncio.Event()

    async def one() -> None:
        while not over.is_set():
            person, diary = Person(server.port), Diary()
            diaries.append(diary)
            try:
                await stubborn(person, diary)
            finally:
                await person.close()

    crowd = [asyncio.create_task(one()) for _ in range(people)]
    done = await trouble(server)
    over.set()
    await asyncio.gather(*crowd)
    return diaries, done


def run(data: Path, *, people: int, trouble: Trouble) -> Outcome:
    """A trial in this folder, and what the databases say after it."""
    began = time.monotonic()
    with house.served(data) as server:
        diaries, done = asyncio.run(_trial(server, people=people, trouble=trouble))
    told = [
        {"cookie": one.cookie, "answers": one.answers, "sent": one.sent}
        for one in diaries
    ]
    file = data / "told.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    command = [sys.executable, "-m", "bench.crowd.trial", str(file)]
    reckoned = subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=house.ROOT,
        env=house.environment(data),
        check=False,
        capture_output=True,
        text=True,
    )
    if reckoned.returncode:
        raise RuntimeError(reckoned.stderr[-2000:])
    return Outcome(
        troubles=done,
        journeys=len(diaries),
        acknowledged=sum(len(one.answers) for one in diaries),
        repeated=sum(one.again for one in diaries),
        calm=sum(one.calm for one in diaries),
        harsh=sum(one.harsh for one in diaries),
        seconds=round(time.monotonic() - began, 1),
        **json.loads(reckoned.stdout.splitlines()[-1]),
    )


def reckon(file: Path) -> dict[str, int]:
    """Hold what people were told against what is stored."""
    django.setup()
    # These need Django's settings, which name the folder.
    from harken.method.ledger import Event
    from harken.service.interview import models, queries
    from harken.service.ledger import queries as ledger
    from harken.service.pages.sessions import VisitStore

    found = {"lost": 0, "unsent": 0}
    handles = []
    for one in json.loads(file.read_text(encoding="utf-8")):
        held = VisitStore(one["cookie"]).load()
        row = queries.find(str(held.get("interview", "")))
        if row is None:
            found["lost"] += len(one["answers"]) or one["sent"]
            continue
        handles.append(row.handle)
        stored = queries.sitting(row).interview.answers
        found["lost"] += sum(
            _said(stored.get(name)) != value for name, value in one["answers"].items()
        )
        found["unsent"] += one["sent"] and row.status != "submitted"
    submitted = models.Interview.objects.filter(status="submitted").count()
    entries = ledger.entries(study="bench", event=Event.INTERVIEW_SUBMITTED).count()
    broken = sum(
        list(row.versions.order_by("number").values_list("number", flat=True))
        != list(range(1, row.version + 1))
        for row in models.Interview.objects.filter(status="open")
    )
    return found | {
        "submitted": submitted,
        "duplicates": entries - submitted + len(handles) - len(set(handles)),
        "broken_histories": broken,
    }


def _said(value: object) -> str:
    """What a form would send for a stored value: a number, a code or a refusal's word."""
    return str(getattr(value, "word", value))


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(reckon(Path(sys.argv[1]))) + "\n")
