"""Verifies a certificate with nothing but the file and the public key: no settings, no
database, no network. ``harken destroy verify`` comes here before anything is set up.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from harken.method.anonymisation import NotValid, verify
from harken.method.anonymisation.faults import NOT_VALID
from harken.method.errors import Exit, refuse
from harken.service import terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``harken destroy verify``."""
    parser.add_argument("certificate", type=Path, help="the certificate file")
    parser.add_argument(
        "--key",
        required=True,
        help="the operator's public key, or the file that holds it (ledger.pub)",
    )
    parser.add_argument("--witness", default="", help="a witness's key that must sign")
    parser.add_argument(
        "--controller", default="", help="the controller's key that extends promises"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Verify and say what the certificate shows; raises HarkenError ANO-001 if not."""
    data = args.certificate.read_bytes()
    try:
        shown = verify(data, _key(args.key), _key(args.witness), _key(args.controller))
    except NotValid as error:
        raise refuse(NOT_VALID, reason=str(error)) from None
    terminal.say(f"VALID ({shown.stage}): {shown.study}, class {shown.retention}")
    terminal.table(
        ("people", "count"),
        [
            ("enrolled", shown.enrolled),
            ("withdrew", shown.withdrawn),
            ("agreed to recontact, contact kept", shown.recontact),
            ("destroyed", shown.destroyed),
            ("live, under a later promise", shown.live),
            ("epoch keys ever made, all accounted for", shown.epoch_keys),
        ],
    )
    terminal.say(f"Destroyed at {shown.destroyed_at}{', LATE' if shown.late else ''}.")
    terminal.say("What it does not show:")
    terminal.say(shown.limits)
    return Exit.DONE


def _key(value: str) -> str:
    """A key as given, or the first line of the file of that name."""
    if "+" in value or not value:
        return value
    return Path(value).read_text(encoding="utf-8").strip()
