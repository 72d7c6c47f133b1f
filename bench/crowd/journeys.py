"""Whole journeys through the web door and through the bare prototype.

A page that is not the one expected ends the run: a benchmark must not time errors.
"""

from __future__ import annotations

import asyncio
import gzip
import posixpath
import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass

import brotli

from bench.crowd.client import Answer, Person, Tally, filled, form_with, hidden

START = "/start"
PAGES = 12
Journey = Callable[[Person, Tally], Awaitable[None]]


async def harken(person: Person, tally: Tally) -> None:
    """Start page, every question, the page to send, the thank-you with its receipt."""
    page = await _timed(person, person.get(START), tally)
    fields = hidden(form_with(page.text, 'name="how"'))
    page = await _timed(person, person.turn(START, [*fields, ("how", "open")]), tally)
    for _ in range(200):
        fields_now = form_with(page.text, 'name="question"')
        if not fields_now:
            break
        page = await _timed(person, person.turn(START, filled(fields_now)), tally)
    fields = [
        pair for pair in hidden(form_with(page.text, 'value="send"')) if pair[0] != "do"
    ]
    if not fields:
        raise RuntimeError("the page to send the answers did not come")
    page = await _timed(person, person.turn(START, [*fields, ("do", "send")]), tally)
    if 'class="app-code"' not in page.text:
        raise RuntimeError("the receipt did not come")
    tally.journeys += 1


async def prototype(person: Person, tally: Tally) -> None:
    """The same number of pages in the bare prototype."""
    page = await _timed(person, person.get("/"), tally)
    while fields := form_with(page.text, 'name="page"'):
        page = await _timed(person, person.turn("/", filled(fields)), tally)
    if "Thank you" not in page.text:
        raise RuntimeError("the prototype did not come to its end")
    tally.journeys += 1


@dataclass(frozen=True, slots=True)
class Manner:
    """How a crowd behaves: seconds read a page, and whether its browsers run scripts."""

    think: float = 0.0
    script: bool = False


async def crowd(
    port: int, journey: Journey, *, people: int, seconds: float, manner: Manner
) -> Tally:
    """So many people at once, one journey after another, until the time is over."""
    think = manner.think
    tally = Tally()
    began = time.perf_counter()

    async def one(number: int) -> None:
        await asyncio.sleep(think * number / people)
        while time.perf_counter() - began < seconds:
            person = Person(port, think=think, script=manner.script)
            person.until = began + seconds
            try:
                await journey(person, tally)
            except TimeoutError:
                return
            finally:
                await person.close()

    await asyncio.gather(*(one(number) for number in range(people)))
    tally.seconds = time.perf_counter() - began
    return tally


async def _timed(
    person: Person, asked: Coroutine[None, None, Answer], tally: Tally
) -> Answer:
    await asyncio.sleep(person.think)
    began = time.perf_counter()
    if began > person.until:
        asked.close()
        raise TimeoutError
    answer = await asked
    tally.page(began, answer)
    return answer


def assets_of(page: str) -> list[str]:
    """The styles, scripts and icons a page names."""
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


async def fetch(
    get: Callable[[str], Awaitable[Answer]], path: str, seen: dict[str, bool]
) -> list[Answer]:
    """An asset and the modules it imports; ``seen`` tells which need no second look."""
    answer = await get(path)
    if answer.status != 200:
        raise RuntimeError(f"an asset answered {answer.status}")
    kept = answer.headers.get("cache-control", "")
    seen[path] = "immutable" in kept
    found = [answer]
    if path.endswith(".js"):
        for name in re.findall(r'from\s*"([^"]+)"', unpacked(answer).decode()):
            module = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if module not in seen:
                found += await fetch(get, module, seen)
    return found


def unpacked(answer: Answer) -> bytes:
    """The body as it was before it was compressed for the wire."""
    kind = answer.headers.get("content-encoding", "")
    if kind == "br":
        return bytes(brotli.decompress(answer.body))
    return gzip.decompress(answer.body) if kind == "gzip" else answer.body
