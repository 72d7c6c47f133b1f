"""``harken response``: collect interviews, close the sample, write the data file."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils import timezone

from harken.method.errors import Exit
from harken.method.rights.records import REIDENTIFYING
from harken.method.terms import Arm, Mode
from harken.service import terminal
from harken.service.interview import queries as interviews
from harken.service.response import actions, exports, intake, queries
from harken.service.response import quality as reports
from harken.service.study import queries as studies


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "response",
        help="response: collect, close, export, end, list",
        description="Fetches submitted interviews across the wall into pseudonymous "
        "rows, and writes them as files for statisticians. Free text stays behind, "
        "sealed.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    collect = verbs.add_parser(
        "collect", help="fetch what was submitted; safe to run at any time and again"
    )
    collect.add_argument("study")
    collect.set_defaults(run=_collect)
    close = verbs.add_parser(
        "close",
        help="write every issued case's design variables and final disposition",
        description="Run it once fieldwork is closed. Rates and weights stand on it.",
    )
    close.add_argument("study")
    close.set_defaults(run=_close)
    export = verbs.add_parser("export", help="write CSV, Parquet and the codebook")
    export.add_argument("study")
    export.add_argument("folder", type=Path, help="where to; made when absent")
    export.set_defaults(run=_export)
    quality = verbs.add_parser(
        "quality",
        help="where people stop, which pages take long, who ticks down one column",
        description="From coarse notes that were parted from the answers. Groups of "
        "fewer than ten people are not told apart.",
    )
    quality.add_argument("study")
    quality.set_defaults(run=_quality)
    end = verbs.add_parser(
        "end",
        help="delete the answers once the day has passed until which they were promised",
        description="Refused before that day. The file that passed the gate, analyses and "
        "releases stay: nobody stands alone in them. Put it in the daily work with --due.",
    )
    end.add_argument("study")
    end.add_argument("--due", action="store_true", help="say so when it is too early")
    end.set_defaults(run=_end)
    listed = verbs.add_parser("list", help="how many responses there are")
    listed.add_argument("study")
    listed.set_defaults(run=_list)


def _collect(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    with terminal.progress("Collecting") as report:
        done = intake.collect(
            study, by=terminal.operator(), at=timezone.now(), progress=report
        )
    terminal.say(f"Collected: {done}.")
    lost = sum(1 for _ in interviews.awaiting(study))
    if lost:
        terminal.say(
            f"{lost} cannot be read any more: the promised day is over. They end unread "
            "with the destruction."
        )
    return Exit.DONE


def _close(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    cases = intake.close_sample(study, by=terminal.operator(), at=timezone.now())
    terminal.say(f"Issued cases written: {cases}.")
    return Exit.DONE


def _export(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    by = terminal.operator()
    for path in exports.write(study, args.folder, by=by, at=timezone.now()):
        terminal.say(str(path))
    terminal.say(REIDENTIFYING)
    return Exit.DONE


def _end(args: argparse.Namespace) -> int:
    study, at = studies.get(args.study), timezone.now()
    day = queries.kept_until(study)
    if args.due and not queries.over(study, at=at):
        terminal.say(f"The answers are kept until {day.isoformat()}.")
        return Exit.DONE
    done = actions.end_answers(study, by=terminal.operator(), at=at)
    terminal.say(f"Deleted: {done} responses, their texts and the issued cases.")
    return Exit.DONE


def _quality(args: argparse.Namespace) -> int:
    found = reports.quality(studies.get(args.study))
    terminal.say(f"Interviews: {found.interviews}.")
    terminal.table(
        ("mode", "device", "interviews", "stopped"), list(reports.ways(found))
    )
    terminal.table(reports.HEAD, list(reports.lines(found)))
    terminal.table(("column", "people", "all alike"), list(reports.columns(found)))
    return Exit.DONE


def _list(args: argparse.Namespace) -> int:
    counts = queries.count(studies.get(args.study).slug)
    rows = [
        (arm.value, mode.value, counts[f"{arm.value}_{mode.value}"])
        for arm in Arm
        for mode in Mode
    ]
    terminal.table(("arm", "mode", "responses"), rows)
    terminal.say(f"Of them by a proxy respondent: {queries.proxies(args.study)}.")
    return Exit.DONE
