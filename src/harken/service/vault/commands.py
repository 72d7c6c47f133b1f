"""``harken vault``: how the keys stand, rotating, backing up, copies that left the house."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils import timezone

from harken.method.errors import Exit
from harken.service import terminal
from harken.service.study import queries as studies
from harken.service.vault import actions, queries


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "vault",
        help="the keys: status, rotate, backup, copies, confirm",
        description="Keys of people and copies of their data. Nothing here shows a name.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    status = verbs.add_parser("status", help="how the keys of a study stand")
    status.add_argument("study")
    status.set_defaults(run=_status)
    rotate = verbs.add_parser(
        "rotate", help="destroy the keys of those who withdrew; run it every day"
    )
    rotate.add_argument("study")
    rotate.set_defaults(run=_rotate)
    backup = verbs.add_parser(
        "backup", help="copy databases and sealed keyrings, never an epoch key"
    )
    backup.add_argument("folder", type=Path, help="a folder that does not exist yet")
    backup.set_defaults(run=_backup)
    copies = verbs.add_parser("copies", help="identities that left the house")
    copies.add_argument("study")
    copies.set_defaults(run=_copies)
    confirm = verbs.add_parser("confirm", help="a recipient confirmed destruction")
    confirm.add_argument("study")
    confirm.add_argument("hash", help="the copy's hash, as 'vault copies' shows it")
    confirm.set_defaults(run=_confirm)


def _status(args: argparse.Namespace) -> int:
    seen = queries.overview(studies.get(args.study).slug)
    rows = [
        ("enrolled", seen.enrolled),
        ("keys live", seen.live),
        ("withdrawn, waiting for rotation", seen.withdrawn_waiting),
        ("consents to recontact", seen.consents),
        ("kept for recontact", seen.recontact),
        ("epoch keys made", seen.epochs),
        ("epoch keys destroyed", seen.epochs_destroyed),
    ]
    terminal.table(("keys", "count"), rows)
    if seen.deadline:
        terminal.say(f"Nothing opens from {seen.deadline:%d %B %Y %H:%M %Z}.")
    return Exit.DONE


def _rotate(args: argparse.Namespace) -> int:
    done = actions.rotate(
        studies.get(args.study), by=terminal.operator(), at=timezone.now()
    )
    terminal.say(
        f"{done.epoch_keys_destroyed} epoch keys destroyed; {done.withdrawn} people "
        f"withdrawn in all; {done.recontact} kept for recontact."
    )
    return Exit.DONE


def _backup(args: argparse.Namespace) -> int:
    digest = actions.backup(args.folder, by=terminal.operator(), at=timezone.now())
    terminal.say(f"Backup written and registered: {digest}.")
    terminal.say("It opens nothing without the epoch key, which is not in it.")
    return Exit.DONE


def _copies(args: argparse.Namespace) -> int:
    rows = [
        (
            copy.file_hash,
            copy.recipient,
            copy.purpose,
            copy.people,
            f"{copy.handed_at:%Y-%m-%d}",
            f"{copy.confirmed_at:%Y-%m-%d}" if copy.confirmed_at else "open",
        )
        for copy in queries.copies(studies.get(args.study).slug)
    ]
    headers = ("hash", "recipient", "purpose", "people", "handed over", "confirmed")
    terminal.table(headers, rows)
    return Exit.DONE


def _confirm(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    by = terminal.operator()
    actions.confirm_copy(study, args.hash, by=by, at=timezone.now())
    terminal.say("Confirmed. Issue the certificate anew: 'harken destroy certify'.")
    return Exit.DONE
