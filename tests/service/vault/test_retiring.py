"""Other people wait for nothing while web processes end: a real server, PRV 6."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harken.service import serve
from tests.make.ports import free_port

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Visitors:
    """Whoever asks a served house, each over a connection that stays open."""

    port: int
    held: contextlib.ExitStack

    def come(self) -> None:
        """Connect, and ask nothing yet, as a browser does for its next request."""
        spare = socket.create_connection(("127.0.0.1", self.port))
        self.held.enter_context(spare)

    def ask(self, path: str) -> int:
        """The process that answered."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.held.callback(asking.close)
        asking.request("GET", path)
        return int(asking.getresponse().read())


@pytest.fixture
def visitors() -> Iterator[Visitors]:
    """People before a server of two pages under the house's own command line."""
    port = free_port()
    command = serve.server(f"127.0.0.1:{port}")
    house = command.index("harken.service.wsgi:application")
    command[house] = "tests.make.opener:application"
    running = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        with contextlib.ExitStack() as held:
            come = Visitors(port, held)
            for _ in range(300):
                with contextlib.suppress(ConnectionRefusedError):
                    come.ask("/")
                    break
                time.sleep(0.1)
            yield come
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for a state, ten seconds at most."""
    for _ in range(100):
        if true():
            return
        time.sleep(0.1)
    raise TimeoutError


def lives(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_nobody_waits_while_those_who_opened_somebody_end(visitors: Visitors) -> None:
    for _ in range(2):
        visitors.come()
    slowest = 0.0
    openers = set()
    for _ in range(12):
        start = time.monotonic()
        openers.add(visitors.ask("/opened"))
        slowest = max(slowest, time.monotonic() - start)
    assert slowest < 1
    assert len(openers) > 1


def test_those_who_opened_somebody_are_gone_and_no_more_are_there_than_asked_for(
    visitors: Visitors,
) -> None:
    openers = {visitors.ask("/opened") for _ in range(6)}
    visitors.held.close()
    wait_until(lambda: not any(lives(one) for one in openers))
    ends = time.monotonic() + 3
    present = set()
    while time.monotonic() < ends:
        present.add(visitors.ask("/"))
        time.sleep(0.02)
    assert len(present) <= serve.WORKERS
    assert not present & openers
