"""People who answer over real sockets: one connection and one cookie jar each.

Small on purpose: client and server share two cores. It reads each page's own form and
sends that form's hidden fields back, as a browser without script does, or as the page's
own script does. A page is timed from the click until the page it leads to has arrived,
redirect included.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote_plus

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
INPUT = re.compile(r"<(?:input|button|textarea)\b[^>]*>")
PART = re.compile(r'\b(name|value|type|data-behaviour)="([^"]*)"')
BROKEN = (ConnectionError, asyncio.IncompleteReadError, EOFError)
PATIENCE = 30.0
TYPED = {"text": "7", "number": "7", "textarea": "It went well enough."}
DATES = {"month": "3", "year": "2025", "day": "1"}


@dataclass(slots=True)
class Answer:
    """One response: status, headers (lower case), body as it came."""

    status: int
    headers: dict[str, str]
    body: bytes
    wire: int

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class Person:
    """One browser: keeps its connection and its cookies."""

    def __init__(
        self,
        port: int,
        *,
        accept: str = "identity",
        think: float = 0.0,
        script: bool = False,
    ) -> None:
        self.port = port
        self.script = script
        self.think = think
        self.until = float("inf")
        self.accept = accept
        self.cookies: dict[str, str] = {}
        self.requests = 0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> Answer:
        """Fetch one address."""
        return await self._ask("GET", path, b"")

    async def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        """Send one form; the answer as it comes, before any redirect is followed."""
        body = "&".join(f"{quote_plus(k)}={quote_plus(v)}" for k, v in fields)
        return await self._ask("POST", path, body.encode())

    async def turn(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        """Send one form and go where it leads."""
        answer = await self.post(path, fields)
        if answer.status in {301, 302, 303}:
            return await self.get(answer.headers["location"])
        if answer.status == 204:
            return await self.get(answer.headers["x-next"])
        return answer

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        self.requests += 1
        for again in (False, True):
            fresh = self._writer is None or again
            if fresh:
                await self.close()
                self._reader, self._writer = await asyncio.open_connection(
                    "127.0.0.1", self.port
                )
            try:
                self._send(method, path, body)
                return await asyncio.wait_for(self._read(), PATIENCE)
            except BROKEN:
                # A resting connection that the server ended: browsers ask once more.
                if fresh:
                    raise
        raise ConnectionError("no answer")

    def _send(self, method: str, path: str, body: bytes) -> None:
        assert self._writer is not None  # noqa: S101 - opened just before
        head = [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Accept-Encoding: {self.accept}",
            "Accept-Language: en",
        ]
        if self.cookies:
            jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            head.append(f"Cookie: {jar}")
        if method == "POST" and self.script:
            head.append("X-Step: 1")
        if method == "POST":
            head.append("Content-Type: application/x-www-form-urlencoded")
            head.append(f"Content-Length: {len(body)}")
        self._writer.write("\r\n".join([*head, "", ""]).encode() + body)

    async def _read(self) -> Answer:
        reader = self._reader
        assert reader is not None  # noqa: S101 - opened just before
        raw = await reader.readuntil(b"\r\n\r\n")
        first, *lines = raw.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self._bake(value)
            elif name:
                headers[name.lower()] = value
        body = await self._body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            await self.close()
        return Answer(int(first.split(" ")[1]), headers, body, len(raw) + len(body))

    @staticmethod
    async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return await reader.readexactly(int(headers.get("content-length", "0")))
        body = b""
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readline()
        return body

    def _bake(self, line: str) -> None:
        pair, _, rest = line.partition(";")
        name, _, value = pair.partition("=")
        if "max-age=0" in rest.lower() or not value or value == '""':
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


def form_with(page: str, mark: str) -> list[dict[str, str]]:
    """The fields of the page's form that holds a piece of text, as browsers see them."""
    for form in FORM.findall(page):
        if mark in form:
            found = []
            for tag in INPUT.findall(form):
                fields = dict(PART.findall(tag))
                fields["tag"] = tag[1 : tag.index(" ")]
                found.append({k: unescape(v) for k, v in fields.items()})
            return found
    return []


def hidden(fields: list[dict[str, str]]) -> list[tuple[str, str]]:
    """The hidden fields of a form."""
    return [
        (one["name"], one.get("value", ""))
        for one in fields
        if one.get("type") == "hidden" and "name" in one
    ]


def filled(fields: list[dict[str, str]]) -> list[tuple[str, str]]:
    """A form filled in: the first choice, the number 7, March of last year, a few words."""
    sent = hidden(fields)
    kinds = [(one.get("type", one["tag"]), one) for one in fields if "name" in one]
    for kind, one in kinds:
        if kind == "radio" and "value" in one:
            return [*sent, (one["name"], one["value"])]
    boxes = [(kind, one["name"]) for kind, one in kinds if kind in TYPED]
    for kind, name in boxes:
        sent.append((name, DATES.get(name, TYPED[kind])))
    for kind, one in kinds:
        if kind == "checkbox" and "value" in one and not boxes:
            return [*sent, (one["name"], one["value"])]
    return sent


@dataclass(slots=True)
class Tally:
    """What a crowd saw: one time a page, and how many journeys came to their end."""

    times: list[float] = field(default_factory=list)
    journeys: int = 0
    pages: int = 0
    sizes: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def page(self, began: float, answer: Answer) -> None:
        """Note one page that arrived."""
        if answer.status != 200:
            raise RuntimeError(f"a page answered {answer.status}")
        self.times.append(time.perf_counter() - began)
        self.sizes.append(len(answer.body))
        self.pages += 1

    def percentile(self, share: float) -> float:
        """The time that this share of pages stays below, in milliseconds."""
        ranked = sorted(self.times)
        return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]
