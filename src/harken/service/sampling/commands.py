"""``harken sampling``: load a sample file, draw, discard, report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils import timezone

from harken.method.errors import Exit, refuse
from harken.method.sampling import ExclusionReason
from harken.service import terminal
from harken.service.sampling import actions, faults, queries
from harken.service.sampling.load import load_sample
from harken.service.study import queries as studies


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands of this room."""
    room = rooms.add_parser(
        "sampling",
        help="samples: load, draw, discard, report",
        description="Loads the sample file a force sent, sealing people as they are "
        "read, and draws the sample by study.yaml. Findings name line and column, "
        "never what a field holds.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    load = verbs.add_parser("load", help="load a sample file, from a path or -")
    load.add_argument("study", help="the name of a loaded study")
    load.add_argument("file", help="the CSV file, or - to read standard input")
    load.set_defaults(run=_load)
    for name, run, says in (
        ("draw", _draw, "draw the sample, once"),
        ("discard", _discard, "forget a loaded sample before its draw"),
        ("report", _report, "what was loaded, left out and drawn"),
    ):
        verb = verbs.add_parser(name, help=says)
        verb.add_argument("study", help="the name of a loaded study")
        verb.set_defaults(run=run)


@contextmanager
def _stream(name: str) -> Iterator[BinaryIO]:
    """The file, or standard input for ``-``."""
    if name == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(Path(name).open("rb"))
        except OSError:
            raise refuse(faults.NO_FILE) from None
        yield stream


def _load(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    with _stream(args.file) as stream, terminal.progress("Reading bytes") as progress:
        report = load_sample(
            study,
            stream,
            by=terminal.operator(),
            at=timezone.now(),
            progress=progress,
        )
    terminal.show_findings(report.findings)
    terminal.say(f"{report.read} rows read, {report.loaded} people sealed.")
    _excluded(report.excluded)
    return Exit.DONE


def _excluded(counts: dict[str, int]) -> None:
    rows = [(ExclusionReason(reason).word, n) for reason, n in counts.items()]
    if rows:
        terminal.table(("left out", "people"), rows)


def _draw(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    selection = actions.draw(study, by=terminal.operator(), at=timezone.now())
    terminal.show_findings(selection.findings)
    _strata(args.study)
    return Exit.DONE


def _strata(slug: str) -> None:
    drawn = queries.drawn(studies.get(slug))
    if drawn is None:
        terminal.say("The sample has not been drawn.")
        return
    terminal.say(f"Drawn on {drawn.drawn_at:%d %B %Y} with the seed {drawn.seed}.")
    terminal.table(
        ("stratum", "population", "in the file", "issued", "design weight"),
        [
            (
                row["stratum"],
                row["population"],
                row["frame"],
                row["issued"],
                round(row["weight"], 3),
            )
            for row in drawn.strata
        ],
    )


def _discard(args: argparse.Namespace) -> int:
    with terminal.progress("Forgetting people") as progress:
        people = actions.discard(
            studies.get(args.study),
            by=terminal.operator(),
            at=timezone.now(),
            progress=progress,
        )
    terminal.say(f"{people} people forgotten; another sample file can be loaded.")
    return Exit.DONE


def _report(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    counts = queries.counts(study)
    if not counts.loaded:
        terminal.say("No sample file has been loaded.")
        return Exit.DONE
    terminal.say(f"{counts.read} rows read, {counts.loaded} people sealed.")
    _excluded(counts.excluded)
    _strata(args.study)
    return Exit.DONE
