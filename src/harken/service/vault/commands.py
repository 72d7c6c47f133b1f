"""``harken vault``: how the keys stand, rotating, backing up, copies that left the house."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import ModuleType

from django.utils import timezone

from harken.method.errors import Exit
from harken.service import terminal
from harken.service.study import queries as studies
from harken.service.vault import actions, queries, witness
from harken.service.vault.keyholder import process

TELL = (
    "Pages and letters say both days from now on, each person's own where they are known. "
    "The controller's own papers do not change by themselves: the notice on paper, the "
    "impact assessment, the record of processing. See docs/how-to/run-the-key-holder.md."
)
"""What the controller must have done, or does now (UK GDPR Articles 13(2)(a), 14(2)(a))."""


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "vault",
        help="the keys: status, rotate, backup, copies, holder, witness",
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
    report = verbs.add_parser("report", help="how the key holder's process stands")
    report.set_defaults(run=_report)
    name = verbs.add_parser("controller", help="name the controller's key, before all")
    name.add_argument("key", type=Path, help="its public key, a file (controller.pub)")
    name.set_defaults(run=_controller)
    extend = verbs.add_parser("extend", help="a later date, signed by the controller")
    extend.add_argument("study")
    extend.add_argument("note", type=Path, help="what the controller signed")
    extend.set_defaults(run=_extend)
    _alone(verbs, "holder", process, "be the key holder: run it as a service")
    _alone(verbs, "witness", witness, "keep the controller's shares (they run this)")


def _alone(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    program: ModuleType,
    words: str,
) -> None:
    """A program that needs no settings; cli runs it before they are read."""
    program.add_arguments(verbs.add_parser(name, help=words))


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
    for policy in seen.policies:
        terminal.say(f"Promise {policy['digest']}: by {policy['destroy_by']}.")
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


def _report(args: argparse.Namespace) -> int:
    rows = [(name.replace("_", " "), value) for name, value in queries.report().items()]
    terminal.table(("key holder", "value"), rows)
    return Exit.DONE


def _controller(args: argparse.Namespace) -> int:
    actions.name_controller(
        args.key.read_text(encoding="utf-8"), by=terminal.operator()
    )
    terminal.say("Every promise bound from now on can be extended by this key alone.")
    return Exit.DONE


def _extend(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    day = actions.extend(
        study,
        args.note.read_text(encoding="utf-8"),
        by=terminal.operator(),
        at=timezone.now(),
    )
    terminal.say(
        f"Those enrolled from now on are promised {day}; the others keep theirs."
    )
    terminal.say(TELL)
    terminal.show_findings(studies.kept_long(study))
    return Exit.DONE
