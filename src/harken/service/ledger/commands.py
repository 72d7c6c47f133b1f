"""``harken ledger``: list, verify, sign a checkpoint, and have it witnessed.

The witness itself (``harken ledger witness``) needs nothing of ours: see ``witness.py``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from django.utils import timezone

from harken.method.errors import Exit
from harken.service import terminal
from harken.service.ledger import actions, queries, witness
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
    appoint = verbs.add_parser("appoint", help="name the controller's witness")
    appoint.add_argument("key", type=Path, help="its public key, a file (witness.pub)")
    appoint.set_defaults(run=_appoint)
    ask = verbs.add_parser("request", help="ask the witness to co-sign the ledger now")
    ask.add_argument("--out", type=Path, help="write the request here, to send it")
    ask.add_argument(
        "--seen", type=int, help="how many entries the witness says it saw last"
    )
    ask.set_defaults(run=_request)
    adopt = verbs.add_parser("adopt", help="keep the co-signature that came back")
    adopt.add_argument("cosignature", type=Path, help="what the witness wrote")
    adopt.set_defaults(run=_adopt)
    witness.add_arguments(
        verbs.add_parser("witness", help="be the witness (the controller runs this)")
    )


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


def _appoint(args: argparse.Namespace) -> int:
    key = args.key.read_text(encoding="utf-8")
    actions.appoint_witness(key, by=terminal.operator(), at=timezone.now())
    terminal.say("Appointed. Have the ledger co-signed: 'harken ledger request'.")
    return Exit.DONE


def _request(args: argparse.Namespace) -> int:
    queries.need_witness()
    note = actions.checkpoint(at=timezone.now())
    text = queries.request(note, seen=args.seen).text()
    if args.out:
        args.out.write_text(text, encoding="utf-8")
        terminal.say(f"Request written to {args.out}. Send it to the witness.")
    else:
        terminal.say(text.rstrip("\n"))
    return Exit.DONE


def _adopt(args: argparse.Namespace) -> int:
    line = args.cosignature.read_text(encoding="utf-8")
    size = actions.adopt(line, by=terminal.operator(), at=timezone.now())
    terminal.say(f"The witness vouches for the first {size} entries.")
    return Exit.DONE
