"""A web process that has opened somebody's identity ends after its answer.

What Python has let go of stays in a process's memory until something else is written
there, which may be never. A process that ends gives its memory back to the kernel. The
next one is a fork of one that has served nobody, and is asked for before this one ends:
a process that ends takes no new connection, and may have to wait for those it has.
gunicorn reads this file as its configuration; under any other server nothing retires.
"""

from __future__ import annotations

import mmap
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from django.http import HttpRequest, HttpResponse

MARK = "harken.opened"
"""In a request's environment: an identity was opened on the way to its answer."""
AT_ONCE = 8
"""How many processes may be ending; the next waits its turn, and serves meanwhile."""
SPARE = 300
"""Seconds that the kernel keeps a connection on which nothing has been asked."""
LONG = 300
"""Seconds that a process that ends waits for an answer it is making: a large sample takes
most of a minute. Where the whole server is stopped, the server's own time holds."""
STAYS, DUE, ENDS = range(3)

_here = threading.local()
_states = mmap.mmap(-1, 4096)
"""One byte a process, by its age: memory that all processes and their first share."""


class Worker(Protocol):
    """What we need of a process of gunicorn: it ends, gently, once it is not alive."""

    age: int
    alive: bool
    ppid: int
    cfg: Configuration


class Listener(Protocol):
    """Where connections come in."""

    sock: socket.socket


class Server(Protocol):
    """What we need of gunicorn's first process: how many it has, and how many it wants."""

    cfg: Configuration
    num_workers: int
    WORKERS: Mapping[int, Worker]
    LISTENERS: Sequence[Listener]


class Configuration(Protocol):
    """What was asked for when it began; each process has its own."""

    workers: int

    def set(self, name: str, value: int) -> None:
        """Replace one setting."""


def opened() -> None:
    """Somebody's identity was opened, or taken in, in this thread."""
    _here.opened = True


class Retire:
    """Marks the request whose answer was made from an identity."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; an opening before this request is none of it."""
        _here.opened = False
        try:
            return self.get_response(request)
        finally:
            if _here.opened:
                request.META[MARK] = "yes"


# What follows is called by gunicorn, by these names.


def when_ready(server: Server) -> None:
    """Before the first process is made: nobody holds a thread who asks nothing.

    Browsers keep a spare connection. The kernel hands one over with its first request,
    to a process that still takes any.
    """
    for one in server.LISTENERS:
        if one.sock.family != socket.AF_UNIX:
            one.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SPARE)


def pre_fork(_server: object, worker: Worker) -> None:
    """Before a process is made: it has opened nobody."""
    _say(worker, STAYS)


def post_request(
    worker: Worker, _request: object, environ: Mapping[str, object], _answer: object
) -> None:
    """After the answer has gone out: this process ends, at once or when others have."""
    if not environ.get(MARK) or _state(worker) != STAYS:
        return
    _say(worker, DUE)
    if _ending() < AT_ONCE:
        _end(worker)
    else:
        threading.Thread(target=_end_in_turn, args=[worker], daemon=True).start()


def nworkers_changed(server: Server, wanted: int, _before: int | None) -> None:
    """Signals may come together as one: those that end are counted, not the signals."""
    right = _wanted(server)
    if wanted != right:
        server.num_workers = right


def child_exit(server: Server, worker: Worker) -> None:
    """After a process has ended: there is one fewer that ends, or one must be made."""
    _say(worker, STAYS)
    server.num_workers = _wanted(server)


def _end_in_turn(worker: Worker) -> None:
    while _ending() >= AT_ONCE:
        time.sleep(0.1)
    _end(worker)


def _end(worker: Worker) -> None:
    _say(worker, ENDS)
    if os.getppid() == worker.ppid:
        os.kill(worker.ppid, signal.SIGTTIN)
    worker.cfg.set("graceful_timeout", LONG)
    worker.alive = False


def _wanted(server: Server) -> int:
    """As many as were asked for, beside those that end."""
    ending = sum(_state(one) == ENDS for one in server.WORKERS.values())
    return server.cfg.workers + ending


def _ending() -> int:
    return _states[:].count(ENDS)


def _state(worker: Worker) -> int:
    return _states[worker.age % len(_states)]


def _say(worker: Worker, state: int) -> None:
    _states[worker.age % len(_states)] = state
