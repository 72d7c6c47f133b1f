"""``harken study`` and ``harken questionnaire``: read, check, gate, open, close, print.

Both stand here because the launch gate of a study asks what its questionnaire's check
found. A folder on disk can be checked without any database.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from django.utils import timezone

from harken.method.errors import Exit, Finding, errors_in
from harken.method.study import gate, read_folder
from harken.service import terminal
from harken.service.questionnaire import (
    actions,
    authoring,
    papers,
    queries,
    sources,
    versions,
)
from harken.service.study import actions as study_actions
from harken.service.study import files, records
from harken.service.study import queries as studies


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands of both rooms."""
    _register_study(rooms)
    _register_questionnaire(rooms)


def _register_study(
    rooms: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    room = rooms.add_parser(
        "study",
        help="studies: load, check, gate, open, close, list, show",
        description="A study is a folder: study.yaml and the files beside it. Load it, "
        "see what the launch gate asks, open it for fieldwork, close it.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    load = verbs.add_parser("load", help="take a study folder in as a draft")
    load.add_argument("folder", type=Path, help="the folder that holds study.yaml")
    load.add_argument("--as", dest="name", help="load it under another name")
    load.add_argument(
        "--shift", type=int, default=0, metavar="DAYS", help="move the calendar"
    )
    load.set_defaults(run=_load)
    records.add_command(verbs)
    checked = verbs.add_parser("check", help="check a folder; needs no database")
    checked.add_argument("folder", type=Path)
    checked.set_defaults(run=_check)
    asked = verbs.add_parser("gate", help="what stands against opening the study")
    asked.add_argument("study", help="a loaded study, or a folder")
    asked.add_argument("--today", type=dt.date.fromisoformat, help="another day")
    asked.set_defaults(run=_gate)
    for verb, run, says in (
        ("open", _open, "freeze the questionnaire and open the study"),
        ("close", _close, "end fieldwork for good"),
        ("show", _show, "state, calendar, promises"),
    ):
        one = verbs.add_parser(verb, help=says)
        one.add_argument("study")
        one.set_defaults(run=run)
    listed = verbs.add_parser("list", help="the studies that are loaded")
    listed.set_defaults(run=_list)


def _register_questionnaire(
    rooms: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    room = rooms.add_parser(
        "questionnaire",
        help="questionnaires: check, simulate, draw, freeze, print",
        description="The questions of a study, by name when it is loaded, or of a folder "
        "or a questionnaire.yaml on disk.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    versions.add_commands(verbs)
    authoring.register(verbs)
    freeze = verbs.add_parser("freeze", help="keep the draft as a version")
    freeze.add_argument("study")
    freeze.set_defaults(run=_freeze)
    papers.register(verbs)


def _load(args: argparse.Namespace) -> int:
    texts = files.read_directory(args.folder)
    study = study_actions.load(
        texts,
        by=terminal.operator(),
        at=timezone.now(),
        slug=args.name,
        shift_days=args.shift,
    )
    found = queries.findings(study)
    terminal.show_findings((*studies.folder(study).warnings, *found))
    terminal.say(f"Loaded {study.slug} as a draft: {len(texts)} files.")
    terminal.say(f"Next: harken study gate {study.slug}")
    return Exit.DONE


def _check(args: argparse.Namespace) -> int:
    folder = read_folder(files.read_directory(args.folder))
    return _said((*folder.warnings, *queries.examine(folder)))


def _gate(args: argparse.Namespace) -> int:
    today = args.today or timezone.localdate()
    folder = sources.folder(args.study)
    findings = gate(folder, today=today, instrument=queries.examine(folder))
    return _said(findings, refused=Exit.REFUSED)


def _open(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    actions.launch(study, by=terminal.operator(), at=timezone.now())
    terminal.say(f"{study.slug} is open.")
    return Exit.DONE


def _close(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    study_actions.close_study(study, by=terminal.operator(), at=timezone.now())
    terminal.say(f"{study.slug} is closed.")
    return Exit.DONE


def _list(args: argparse.Namespace) -> int:
    rows = [
        (study.slug, study.state, studies.folder(study).charter.title)
        for study in studies.all_studies()
    ]
    if not rows:
        terminal.say("No study is loaded. Begin with: harken study load FOLDER")
        return Exit.DONE
    terminal.table(("study", "state", "title"), rows)
    return Exit.DONE


def _show(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    charter = studies.folder(study).charter
    rows = [("title", charter.title), ("state", study.state)]
    rows += [(name, str(day)) for name, day in studies.calendar(study)]
    rows += [(f"policy {name}", text) for name, text in charter.policy().items()]
    rows += [
        (f"questionnaire {row.version}", row.digest) for row in queries.versions(study)
    ]
    terminal.table(("of " + study.slug, "is"), rows)
    return Exit.DONE


def _freeze(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    row = actions.freeze(study, by=terminal.operator(), at=timezone.now())
    terminal.say(f"{study.slug}: version {row.version} is frozen, digest {row.digest}.")
    return Exit.DONE


def _said(findings: tuple[Finding, ...], refused: Exit = Exit.BAD_INPUT) -> int:
    terminal.show_findings(findings)
    errors = len(errors_in(findings))
    warnings = len(findings) - errors
    if not findings:
        terminal.say("Nothing found: everything is in order.")
    else:
        terminal.say(f"{errors} to settle, {warnings} to weigh.")
    return refused if errors else Exit.DONE
