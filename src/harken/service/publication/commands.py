"""``harken publication``: make, publish, list, withdraw and verify releases."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils import timezone

from harken.method.errors import Exit
from harken.method.publication import release as method
from harken.service import terminal
from harken.service.publication import actions, queries, store


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's commands."""
    room = rooms.add_parser(
        "publication",
        help="release folders: make, publish, list, withdraw, verify",
        description="A release is a folder of pages, tables, charts and papers with a "
        "manifest of hashes. The same results give the same bytes.",
    )
    verbs = room.add_subparsers(dest="verb", required=True, metavar="VERB")
    make = verbs.add_parser(
        "make", help="write a preview of the release to a folder, before its day"
    )
    make.add_argument("study", help="the study's name")
    make.add_argument("folder", type=Path, help="a new or empty folder")
    make.set_defaults(run=_make)
    publish = verbs.add_parser(
        "publish", help="publish the latest results, from the study's day on"
    )
    publish.add_argument("study", help="the study's name")
    publish.add_argument("--folder", type=Path, help="also write a copy here")
    publish.add_argument(
        "--reason", default="", help="what a new version corrects, in a sentence"
    )
    publish.set_defaults(run=_publish)
    listing = verbs.add_parser("list", help="every version of every release")
    listing.set_defaults(run=_list)
    withdraw = verbs.add_parser("withdraw", help="take a published version back")
    withdraw.add_argument("study", help="the study's name")
    withdraw.add_argument("version", type=int, help="the version's number")
    withdraw.add_argument("--reason", required=True, help="why, in a sentence")
    withdraw.set_defaults(run=_withdraw)
    verify = verbs.add_parser(
        "verify", help="hash a release folder again and compare it with its manifest"
    )
    verify.add_argument("folder", type=Path, help="the folder that holds release.json")
    verify.set_defaults(run=_verify)


def _make(args: argparse.Namespace) -> int:
    with terminal.progress("Making the preview") as progress:
        folder = actions.preview(
            args.study,
            by=terminal.operator(),
            at=timezone.now(),
            folder=args.folder,
            progress=progress,
        )
    terminal.say(f"A preview of the release of {args.study} is in {folder}.")
    return Exit.DONE


def _publish(args: argparse.Namespace) -> int:
    with terminal.progress("Making the release") as progress:
        row = actions.publish(
            args.study,
            by=terminal.operator(),
            at=timezone.now(),
            folder=args.folder,
            reason=args.reason,
            progress=progress,
        )
    terminal.say(f"Version {row.version} of {row.study} is published.")
    terminal.say(f"Its digest is {row.digest}.")
    return Exit.DONE


def _list(args: argparse.Namespace) -> int:
    rows = [
        (
            row.study,
            row.version,
            row.issued.isoformat(),
            "withdrawn" if row.withdrawn_at else "published",
            row.digest,
        )
        for row in queries.everything()
    ]
    if not rows:
        terminal.say("Nothing is published yet.")
        return Exit.DONE
    terminal.table(("Study", "Version", "Issued", "State", "Digest"), rows)
    return Exit.DONE


def _withdraw(args: argparse.Namespace) -> int:
    row = actions.withdraw(
        args.study,
        args.version,
        reason=args.reason,
        by=terminal.operator(),
        at=timezone.now(),
    )
    terminal.say(f"Version {row.version} of {row.study} is withdrawn.")
    return Exit.DONE


def _verify(args: argparse.Namespace) -> int:
    digest = method.verify(store.read_all(args.folder))
    terminal.say("Every file is as it was when the release was made.")
    terminal.say(f"The release's digest is {digest}.")
    return Exit.DONE
