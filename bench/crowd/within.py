"""The same journeys called in one process: no server, no sockets, one person at a time.

What is left is the floor of a framework on this machine: its own work, the database's
and the disk's. ``python -m bench.crowd.within APPLICATION JOURNEY PEOPLE`` writes the
processor time of twelve pages in milliseconds, the person's own work not counted.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Callable, Coroutine, Iterable
from importlib import import_module
from typing import Any

from bench.crowd import journeys
from bench.crowd.client import Answer, Person, Tally

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
WARMING = 5
"""People before the clock runs: pages are kept and statements made at the first."""


class Caller(Person):
    """A person who calls the application by hand."""

    spent = 0.0
    application: Application

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        self.requests += 1
        environ = _environ(method, path, body)
        if self.cookies:
            jar = (f"{name}={value}" for name, value in self.cookies.items())
            environ["HTTP_COOKIE"] = "; ".join(jar)
        head: list[tuple[str, list[tuple[str, str]]]] = []
        began = time.process_time()
        answer = Caller.application(environ, lambda *said: head.append(said))
        content = b"".join(answer)
        close = getattr(answer, "close", None)
        if close:
            close()
        Caller.spent += time.process_time() - began
        status, lines = head[0]
        for name, value in lines:
            if name.lower() == "set-cookie":
                self._bake(value)
        headers = {name.lower(): value for name, value in lines}
        return Answer(int(status[:3]), headers, content, len(content))


def _environ(method: str, path: str, body: bytes) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _drive(steps: Coroutine[Any, Any, None]) -> None:
    """Run a journey to its end; it waits for nothing, so no loop is needed."""
    try:
        while True:
            steps.send(None)
    except StopIteration:
        return


def main() -> None:
    """Warm up, then measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("application")
    parser.add_argument("journey")
    parser.add_argument("people", type=int)
    args = parser.parse_args()
    Caller.application = staticmethod(import_module(args.application).application)
    journey, tally = getattr(journeys, args.journey), Tally()
    for number in range(WARMING + args.people):
        if number == WARMING:
            Caller.spent, tally = 0.0, Tally()
        _drive(journey(Caller(0), tally))
    sys.stdout.write(f"{1000 * Caller.spent * journeys.PAGES / tally.pages}\n")


if __name__ == "__main__":
    main()
