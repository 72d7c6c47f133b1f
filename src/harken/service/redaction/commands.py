"""``harken redaction``: how far the texts are, let them cross, end the desk."""

from __future__ import annotations

import argparse

from django.utils import timezone

from harken.method.errors import Exit, refuse
from harken.service import terminal
from harken.service.redaction import crossing, faults, queries
from harken.service.study import queries as studies


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "redaction",
        help="redaction: the free-text desk",
        description="What people wrote in their own words is read by people under /desk/; "
        "no command ever shows a text. Two days before the promised destruction the desk "
        "closes, and what nobody has read is destroyed.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    listed = verbs.add_parser("progress", help="how many texts are read, and by when")
    listed.add_argument("study")
    listed.set_defaults(run=_progress)
    cross = verbs.add_parser(
        "hand-over", help="let the texts that are done cross to the responses"
    )
    cross.add_argument("study")
    cross.set_defaults(run=_hand_over)
    end = verbs.add_parser(
        "end",
        help="close the desk: what is done crosses, the unread is destroyed",
        description="With --due nothing happens before the desk's last day; put that in "
        "the daily work. A destruction ends the desk in any case. Before the day only "
        "--early ends it, for what is not done by then is gone for good.",
    )
    end.add_argument("study")
    when = end.add_mutually_exclusive_group()
    when.add_argument("--due", action="store_true", help="only when the day has come")
    when.add_argument(
        "--early",
        action="store_true",
        help="before the day: destroy what is unread now",
    )
    end.set_defaults(run=_end)


def _progress(args: argparse.Namespace) -> int:
    found = queries.progress(studies.get(args.study), at=timezone.now())
    rows = [
        ("wait for a reader", found.waiting),
        ("wait for a second reader", found.second),
        ("read", found.read),
        ("coded", found.coded),
        ("nothing to be kept", found.nothing),
    ]
    terminal.table(("texts", "count"), rows)
    terminal.say(f"The desk closes on {found.closes.isoformat()}.")
    return Exit.DONE


def _hand_over(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    done = crossing.hand_over(study, by=terminal.operator(), at=timezone.now())
    terminal.say(
        f"Crossed: {done.coded} coded, {done.words} with words; {done.nothing} dropped."
    )
    return Exit.DONE


def _end(args: argparse.Namespace) -> int:
    study, at = studies.get(args.study), timezone.now()
    if args.due and not queries.closed(study, at=at):
        terminal.say(f"The desk is open until {queries.closes(study).isoformat()}.")
        return Exit.DONE
    found = queries.progress(study, at=at)
    if found.unfinished and not found.closed and not args.early:
        day = found.closes.isoformat()
        raise refuse(
            faults.STILL_OPEN, study=study.slug, day=day, unread=found.unfinished
        )
    done = crossing.end(study, by=terminal.operator(), at=at)
    terminal.say(
        f"Crossed: {done.coded} coded, {done.words} with words; {done.nothing} dropped; "
        f"{done.unread} destroyed unread."
    )
    return Exit.DONE
