"""A web process that has opened somebody's identity ends after its answer.

What Python has let go of stays in a process's memory until something else is written
there, which may be never. A process that ends gives its memory back to the kernel. The
next one is a fork of one that has served nobody, and is asked for before this one ends:
a process that ends takes no new connection, and may have to wait for those it has.
gunicorn reads this file as its configuration; under any other server nothing retires.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sized
from typing import Protocol

from django.http import HttpRequest, HttpResponse

MARK = "harken.opened"
"""In a request's environment: an identity was opened on the way to its answer."""

_here = threading.local()


class Worker(Protocol):
    """What we need of a process of gunicorn: it ends, gently, once it is not alive."""

    alive: bool
    ppid: int


class Server(Protocol):
    """What we need of gunicorn's first process: how many it has, and how many it wants."""

    cfg: Configuration
    num_workers: int
    WORKERS: Sized


class Configuration(Protocol):
    """How many processes were asked for when it began."""

    workers: int


def opened() -> None:
    """Somebody's identity was opened in this thread."""
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


def post_request(
    worker: Worker, _request: object, environ: Mapping[str, object], _answer: object
) -> None:
    """After the answer has gone out (gunicorn calls it by this name)."""
    if environ.get(MARK) and worker.alive:
        os.kill(worker.ppid, signal.SIGTTIN)
        worker.alive = False


def child_exit(server: Server, _worker: object) -> None:
    """After a process has ended: none takes its place that was already there."""
    server.num_workers = max(server.cfg.workers, len(server.WORKERS))
