"""``harken safeguarding``: pass on what waits. Shows counts and never an alert."""

from __future__ import annotations

import argparse

from django.utils import timezone

from harken.method.errors import Exit
from harken.service import terminal
from harken.service.safeguarding import escalate as escalation


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "safeguarding",
        help="safeguarding: pass on alerts that wait",
        description="Alerts from calls and texts are read and decided on under /field/ by "
        "the safeguarding role alone; no command shows one.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    again = verbs.add_parser(
        "escalate",
        help="pass on what nobody has decided; exit code 4 while anything is overdue",
        description="At half time the lead is reminded, when an alert is due the manager "
        "is told, and after as much time again the data protection officer. Run it every "
        "five minutes.",
    )
    again.set_defaults(run=_escalate)


def _escalate(args: argparse.Namespace) -> int:
    at = timezone.now()
    for one in escalation.run(by=terminal.operator(), at=at):
        told = "told by mail" if one.mailed else "no mail was sent"
        terminal.say(f"{one.study}: {one.count} passed to the {one.to.value}; {told}.")
    late = escalation.overdue(at=at)
    terminal.say(f"Overdue: {late}.")
    return Exit.REFUSED if late else Exit.DONE
