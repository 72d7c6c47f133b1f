"""A web application of two pages: one opens somebody, one nobody. Both say which process."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Protocol

from harken.service.retire import MARK


class Start(Protocol):
    """What a server hands to an application to begin its answer."""

    def __call__(self, status: str, headers: list[tuple[str, str]]) -> object: ...


def application(environ: dict[str, object], start: Start) -> Iterable[bytes]:
    """The number of the process that answers; ``/opened`` opens somebody."""
    if environ["PATH_INFO"] == "/opened":
        environ[MARK] = "yes"
    said = str(os.getpid()).encode()
    start("200 OK", [("Content-Length", str(len(said)))])
    return [said]
