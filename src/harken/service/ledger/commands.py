"""``harken ledger``: list entries, verify the record, sign a checkpoint to lodge outside."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from django.utils import timezone

from harken.method.errors import Exit
from harken.service import terminal
from harken.service.ledger import actions, queries
from harken.service.ledger.signing import signer


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "ledger",
        help="the record of acts: list, verify, checkpoint",
        description="The append-only record of every act that matters. It never holds "
        "a name, an answer or a case.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    shown = verbs.add_parser("list", help="the newest entries")
    shown.add_argument("--study", default="", help="only this study")
    shown.add_argument("--last", type=int, default=20, help="how many (default 20)")
    shown.set_defaults(run=_list)
    verify = verbs.add_parser("verify", help="read every entry again, check all proofs")
    verify.add_argument(
        "--checkpoint", type=Path, help="a signed checkpoint kept outside the house"
    )
    verify.set_defaults(run=_verify)
    point = verbs.add_parser("checkpoint", help="sign the ledger as it stands")
    point.add_argument("--out", type=Path, help="write the note here, to lodge outside")
    point.set_defaults(run=_checkpoint)


def _list(args: argparse.Namespace) -> int:
    newest = queries.entries(study=args.study).order_by("-position")[: args.last]
    rows = []
    for entry in reversed(newest):
        body = json.loads(entry.body)
        counts = " ".join(f"{name}={n}" for name, n in body["counts"].items())
        rows.append(
            (entry.position, body["at"], entry.event, entry.study, body["by"], counts)
        )
    terminal.table(("entry", "at (UTC)", "event", "study", "by", "counts"), rows)
    return Exit.DONE


def _verify(args: argparse.Namespace) -> int:
    lodged = args.checkpoint.read_text(encoding="utf-8") if args.checkpoint else None
    with terminal.progress("Reading entries") as progress:
        point = queries.verify(lodged=lodged, progress=progress)
    terminal.say(f"The ledger is whole: {point.size} entries, root {point.root.hex()}.")
    return Exit.DONE


def _checkpoint(args: argparse.Namespace) -> int:
    note = actions.checkpoint(at=timezone.now())
    if args.out:
        args.out.write_text(note, encoding="utf-8")
        terminal.say(f"Checkpoint written to {args.out}. Lodge it with the controller.")
    else:
        terminal.say(note.rstrip("\n"))
    terminal.say(f"Public key: {signer('ledger').public_key}")
    return Exit.DONE
