"""``harken rights``: what is due, and the register for the controller. Names nobody."""

from __future__ import annotations

import argparse

from django.utils import timezone

from harken.method.errors import Exit
from harken.service import terminal
from harken.service.rights import queries
from harken.service.study import queries as studies


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "rights",
        help="requests, complaints, incidents: list, due",
        description="The registers of what people asked, complained of, and what went "
        "wrong, each with its clock. Exit code 4 of `due` says that something is late.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    listed = verbs.add_parser("list", help="every entry of a study's registers")
    listed.add_argument("study")
    listed.set_defaults(run=_list)
    due = verbs.add_parser("due", help="what is open, the most urgent first")
    due.set_defaults(run=_due)


def _list(args: argparse.Namespace) -> int:
    found = queries.due(at=timezone.now(), study=studies.get(args.study))
    _table(found)
    return Exit.DONE


def _due(args: argparse.Namespace) -> int:
    found = [row for row in queries.due(at=timezone.now()) if row.open]
    _table(found)
    return Exit.REFUSED if any(row.clock.overdue for row in found) else Exit.DONE


def _table(found: list[queries.Due]) -> None:
    terminal.table(
        ("number", "what", "says", "due", "clock"),
        [
            (row.number, row.what, row.says, row.clock.due.date(), row.clock.left)
            for row in found
        ],
    )
