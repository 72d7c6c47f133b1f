"""Prepares the data folder and runs the web server.

The server writes no access log: an address and a time would tell who answered when.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from gunicorn.glogging import Logger

from harken.method.errors import Exit, refuse
from harken.service import assets, terminal
from harken.service.logs import PlaceOnly

WORKERS = 2
THREADS = 4


class ServerLog(Logger):  # type: ignore[misc] # gunicorn has no types
    """Gunicorn's log in the house's form: no addresses, no access lines."""

    def setup(self, cfg: object) -> None:
        """Put the house's formatter on every handler."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(PlaceOnly())

    def access(self, *args: object, **kwargs: object) -> None:
        """Write nothing: who answered when is nobody's business."""


def prepare() -> None:
    """Make or upgrade both databases; safe to run at any time while nothing is served.

    Raises HarkenError TER-004 when a database server would log values.
    """
    make()
    found = run_checks(tags=[Tags.database], databases=list(settings.DATABASES))
    if found:
        problem = " ".join(f"{one.msg} {one.hint}" for one in found)
        raise refuse(terminal.TALKATIVE, problem=problem)


def make() -> None:
    """The databases and the static files, whatever the server logs."""
    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0, interactive=False)
    mark = Path(settings.STATIC_ROOT) / f"{assets.digest()}.gathered"
    if not mark.exists():
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        mark.touch()


def server(address: str, *, workers: int = WORKERS) -> list[str]:
    """The command line of the web server, for subprocess or exec."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "harken.service.wsgi:application",
        "--config",
        "python:harken.service.retire",
        "--bind",
        address,
        "--workers",
        str(workers),
        "--threads",
        str(THREADS),
        "--preload",
        "--keep-alive",
        "30",
        "--no-control-socket",
        "--graceful-timeout",
        "20",
        "--logger-class",
        "harken.service.serve.ServerLog",
        "--log-level",
        "warning",
        "--name",
        "harken",
    ]


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``prepare`` and ``serve``."""
    ready = rooms.add_parser(
        "prepare",
        help="make or upgrade the databases of this data folder",
        description="Makes the two databases, or brings them up to this version, and "
        "gathers the static files. Run it after every upgrade, before serving.",
    )
    ready.set_defaults(run=_prepare)
    serving = rooms.add_parser(
        "serve",
        help="serve all doors: respondents, interviewers, staff, results",
        description="Runs the web server until it is stopped. In production a proxy in "
        "front of it speaks HTTPS; set HARKEN_HTTPS=yes and HARKEN_HOSTS then.",
    )
    serving.add_argument(
        "--bind", default="127.0.0.1:8000", metavar="HOST:PORT", help="where to listen"
    )
    serving.add_argument("--workers", type=int, default=WORKERS, help="processes")
    serving.set_defaults(run=_serve)


def _prepare(args: argparse.Namespace) -> int:
    prepare()
    terminal.say(f"Ready: {settings.DATA}")
    return Exit.DONE


def _serve(args: argparse.Namespace) -> int:
    prepare()
    terminal.say(f"Respondents: http://{args.bind}/start")
    terminal.say(f"Staff:       http://{args.bind}/staff/")
    command = server(args.bind, workers=args.workers)
    os.execv(command[0], command)  # noqa: S606 - our own command, no shell
