"""A web application of three pages: one opens somebody, one nobody, one takes its time.

All say which process answers.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Protocol

from harken.service.retire import MARK

LONG = 6
"""Seconds that ``/long`` takes."""


class Start(Protocol):
    """What a server hands to an application to begin its answer."""

    def __call__(self, status: str, headers: list[tuple[str, str]]) -> object: ...


def application(environ: dict[str, object], start: Start) -> Iterable[bytes]:
    """The number of the process that answers; ``/opened`` opens somebody."""
    if environ["PATH_INFO"] == "/opened":
        environ[MARK] = "yes"
    if environ["PATH_INFO"] == "/long":
        time.sleep(LONG)
    said = str(os.getpid()).encode()
    start("200 OK", [("Content-Length", str(len(said)))])
    return [said]
