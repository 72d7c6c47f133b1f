"""Other people wait for nothing while web processes end: a real server, PRV 6."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harken.service import retire, serve
from tests.make.ports import free_port

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Visitors:
    """Whoever asks a served house, each over a connection that stays open."""

    port: int
    held: contextlib.ExitStack
    server: subprocess.Popen[bytes]

    def come(self) -> None:
        """Connect, and ask nothing yet, as a browser does for its next request."""
        spare = socket.create_connection(("127.0.0.1", self.port))
        self.held.enter_context(spare)

    def ask(self, path: str, **headers: str) -> int:
        """The process that answered."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.held.callback(asking.close)
        asking.request("GET", path, headers=headers)
        return int(asking.getresponse().read())

    def processes(self) -> set[int]:
        """The web processes there are."""
        first = self.server.pid
        text = Path(f"/proc/{first}/task/{first}/children").read_text()
        return {int(one) for one in text.split()}


@contextlib.contextmanager
def served(*, workers: int = serve.WORKERS, **options: str) -> Iterator[Visitors]:
    """A server of three pages under the house's own command line, options replaced."""
    port = free_port()
    command = serve.server(f"127.0.0.1:{port}", workers=workers)
    house = command.index("harken.service.wsgi:application")
    command[house] = "tests.make.opener:application"
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", value]
    running = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        with contextlib.ExitStack() as held:
            come = Visitors(port, held, running)
            for _ in range(300):
                with contextlib.suppress(ConnectionRefusedError):
                    come.ask("/")
                    break
                time.sleep(0.1)
            yield come
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


@pytest.fixture
def visitors() -> Iterator[Visitors]:
    """People before a server with the house's own options."""
    with served() as come:
        wait_until(lambda: len(come.processes()) == serve.WORKERS)
        yield come


def wait_until(true: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for a state, ten seconds at most."""
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError
        time.sleep(0.05)


def lives(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def slowest(visitors: Visitors, paths: list[str], **headers: str) -> float:
    """The longest that one of these pages took, in seconds."""
    longest = 0.0
    for path in paths:
        start = time.monotonic()
        visitors.ask(path, **headers)
        longest = max(longest, time.monotonic() - start)
    return longest


def test_nobody_waits_while_those_who_opened_somebody_end(visitors: Visitors) -> None:
    for _ in range(2):
        visitors.come()
    before = visitors.processes()
    assert slowest(visitors, ["/opened"] * 12) < 1
    assert visitors.processes() != before


def test_nobody_waits_where_there_is_one_process_alone() -> None:
    with served(workers=1) as visitors:
        assert slowest(visitors, ["/opened", "/"] * 6) < 1


def test_nobody_waits_behind_a_proxy_that_keeps_no_connection(
    visitors: Visitors,
) -> None:
    assert slowest(visitors, ["/opened", "/"] * 6, Connection="close") < 1


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


def test_connections_on_which_nothing_is_asked_hold_up_nobody(
    visitors: Visitors,
) -> None:
    for _ in range(4 * serve.WORKERS * serve.THREADS):
        visitors.come()
    assert slowest(visitors, ["/"] * 4) < 1


def test_a_spare_connection_keeps_no_process_that_opened_somebody(
    visitors: Visitors,
) -> None:
    for _ in range(4):
        visitors.come()
    time.sleep(6)  # by then a server that had taken them would hold them at rest
    openers = {visitors.ask("/opened") for _ in range(4)}
    wait_until(lambda: not any(lives(one) for one in openers))


def test_two_that_end_at_once_are_both_replaced_though_their_signals_are_one(
    visitors: Visitors,
) -> None:
    os.kill(visitors.server.pid, signal.SIGSTOP)
    openers: set[int] = set()
    while len(openers) < 2:
        openers.add(visitors.ask("/opened"))
    os.kill(visitors.server.pid, signal.SIGCONT)  # and it forgets what it was asked
    os.kill(visitors.server.pid, signal.SIGTTIN)
    wait_until(lambda: len(visitors.processes()) == 4, seconds=1.5)
    assert openers < visitors.processes()


def test_one_that_crashes_while_another_ends_is_replaced(visitors: Visitors) -> None:
    opener = visitors.ask("/opened")
    wait_until(lambda: len(visitors.processes()) == 3)
    victim = (visitors.processes() - {opener}).pop()
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: len(visitors.processes() - {opener, victim}) == 2, seconds=1.5)
    assert lives(opener)


def test_however_many_open_somebody_few_processes_are_there_and_none_stays(
    visitors: Visitors,
) -> None:
    openers, most = set(), 0
    for _ in range(40):
        openers.add(visitors.ask("/opened"))
        most = max(most, len(visitors.processes()))
    assert most <= serve.WORKERS + retire.AT_ONCE
    wait_until(lambda: not openers & visitors.processes(), seconds=20)
    wait_until(lambda: len(visitors.processes()) == serve.WORKERS)


def test_the_server_stops_when_it_is_told_to_while_processes_end(
    visitors: Visitors,
) -> None:
    for _ in range(3):
        visitors.ask("/opened")
    there = visitors.processes()
    visitors.server.terminate()
    # One that was made this moment may miss the signal: then the server's own 20 s hold.
    assert visitors.server.wait(timeout=30) == 0
    assert not any(lives(one) for one in there)


def test_a_long_answer_is_given_though_its_process_ends() -> None:
    with served(workers=1, graceful_timeout="1", timeout="2") as visitors:
        answers: list[int] = []
        waiting = threading.Thread(target=lambda: answers.append(visitors.ask("/long")))
        waiting.start()
        time.sleep(0.5)
        opener = visitors.ask("/opened")
        waiting.join()
        assert answers == [opener]
        wait_until(lambda: not lives(opener))
