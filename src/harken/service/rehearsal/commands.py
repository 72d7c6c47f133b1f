"""``harken demo``: the whole review with invented people, then the site to look at."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.utils import timezone

from harken.method.errors import Exit
from harken.service import terminal
from harken.service.accounts import queries as accounts
from harken.service.rehearsal import play
from harken.service.rehearsal.cast import CAST
from harken.service.serve import server
from harken.service.vault import holder

HOST = "127.0.0.1"
DATA = Path("var") / "demo" / "data"


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``demo``."""
    demo = rooms.add_parser(
        "demo",
        help="run a whole invented review, destroy it, and serve the site",
        description="Runs the demo study from the force's file to the certificate of "
        "destruction with invented people and simulated days, opens a second study for "
        "visitors, writes summary.json beside the data folder, and serves the site. An "
        "earlier demo is replaced; no other folder is ever touched.",
    )
    demo.add_argument(
        "--fast", action="store_true", help=f"{play.FAST_PEOPLE} people only"
    )
    demo.add_argument("--people", type=int, help=f"how many; default {play.PEOPLE}")
    demo.add_argument("--seed", type=int, default=20260112, help="another lottery")
    demo.add_argument("--study", metavar="FOLDER", help="another demo study folder")
    demo.add_argument("--data", metavar="FOLDER", help=f"data folder; default {DATA}")
    demo.add_argument("--port", type=int, default=8000, help="where to serve")
    demo.add_argument("--no-serve", action="store_true", help="stop before serving")
    demo.add_argument(
        "--codes",
        action="store_true",
        help="only show the present second-factor numbers of the demo accounts",
    )
    demo.set_defaults(run=_demo)


def _demo(args: argparse.Namespace) -> int:
    if args.codes:
        return _show_codes()
    wanted = Path(args.data).resolve() if args.data else None
    if wanted is not None and wanted != Path(settings.DATA):
        _elsewhere(wanted)
    address = f"{HOST}:{args.port}"
    people = args.people or (play.FAST_PEOPLE if args.fast else play.PEOPLE)
    terminal.say(f"Harken demo: {people} invented people. Data: {settings.DATA}")
    wish = play.Wish(people, args.seed, args.study, timezone.now(), address)
    summary = play.perform(wish)
    path = Path(settings.DATA).parent / "summary.json"
    summary.write(path)
    summary.show()
    terminal.say(f"Summary: {path}")
    if args.no_serve:
        _end_holder()
        return Exit.DONE
    terminal.say(f"Serving on http://{address}/start  (Ctrl+C stops)")
    command = server(address)
    os.execv(command[0], command)  # noqa: S606 - our own command, no shell


def _end_holder() -> None:
    """End the key holder that was started for this demo; one run apart is not ours."""
    if not settings.HOLDER:
        holder.ask("stop")


def _elsewhere(data: Path) -> NoReturn:
    """The same command with another data folder: settings are read once, at the start."""
    environment = {**os.environ, "HARKEN_DATA": str(data)}
    command = [sys.executable, "-m", "harken.cli", *sys.argv[1:]]
    os.execve(command[0], command, environment)  # noqa: S606 - our own command, no shell


def _show_codes() -> int:
    """Six figures for each demo account, as an authenticator app would show them."""
    now = timezone.now()
    rows = [
        (member.username, accounts.totp_code(member.secret, at=now)) for member in CAST
    ]
    terminal.table(("account", "number now"), rows)
    left = accounts.PERIOD - int(now.timestamp()) % accounts.PERIOD
    terminal.say(f"Good for {left} more seconds.")
    return Exit.DONE
