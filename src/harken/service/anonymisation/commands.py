"""``harken destroy``: rehearse, plan, run, scan, certify, verify, and the daily alarm.

Approving is not here: the operator at the shell may not approve. It is done by two
people signed in under /guard/.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from harken.method.anonymisation import NotValid, gate, verify
from harken.method.anonymisation.falsify import falsify
from harken.method.errors import Exit, refuse
from harken.method.rights.records import REIDENTIFYING
from harken.method.vault.keyring import Retention
from harken.service import terminal
from harken.service.anonymisation import (
    actions,
    execute,
    keeping,
    offline,
    paper,
    queries,
    readiness,
)
from harken.service.anonymisation.faults import NOT_APPROVED
from harken.service.anonymisation.models import Certificate
from harken.service.anonymisation.scan import scan
from harken.service.ledger.signing import signer
from harken.service.study import actions as fieldwork
from harken.service.study import queries as studies


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "destroy",
        help="destroy identities at their date, and prove it",
        description="Destroys the keys of everybody who did not agree to be contacted "
        "again, once two people have approved, and writes a certificate.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    _add_steps(verbs)
    close = verbs.add_parser("close", help="end fieldwork: from now on nobody is asked")
    close.add_argument("study")
    close.set_defaults(run=_close)
    look = verbs.add_parser("scan", help="search every file under the data folder")
    look.add_argument(
        "--needles", required=True, help="a file with one text a line, or - for stdin"
    )
    look.add_argument("--study", help="put the counts on this study's certificate")
    look.set_defaults(run=_scan)
    again = verbs.add_parser("certify", help="issue the newest certificate anew")
    again.add_argument("study")
    again.set_defaults(run=_certify)
    _add_judge(verbs)
    alarm = verbs.add_parser(
        "alarm", help="what is due; exit code 4 when a promised day has passed"
    )
    alarm.set_defaults(run=_alarm)
    tamper = verbs.add_parser(
        "tamper", help="forge a certificate in eleven ways, to see it refused"
    )
    tamper.add_argument("certificate", type=Path)
    tamper.add_argument("--out", type=Path, required=True, help="a folder for them")
    tamper.set_defaults(run=_tamper)
    offline.add_arguments(verbs.add_parser("verify", help="check a certificate"))


def _add_steps(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    """Rehearse, plan, approve, run: each of a class, some of a part of its people."""
    for name, run, words in (
        ("rehearse", _rehearse, "what is missing and what would go; destroys nothing"),
        ("plan", _plan, "plan the destruction; nothing dies yet"),
        ("approve", _approve, "who approved, and where the others approve"),
        ("run", _run, "run the approved plan, or go on after a crash"),
    ):
        verb = verbs.add_parser(name, help=words)
        verb.add_argument("study")
        verb.add_argument(
            "--recontact",
            action="store_const",
            const=Retention.RECONTACT,
            default=Retention.STANDARD,
            dest="retention",
            help="the class of those who agreed to recontact, at its own date",
        )
        if name == "plan":
            verb.add_argument(
                "--without-kept-file",
                action="store_true",
                help="although the answers that stay were not judged; the plan says so",
            )
        if name in ("rehearse", "plan"):
            verb.add_argument(
                "--due",
                action="store_true",
                help="only those whose promised day comes next, after an extension; "
                "those given a later one go on",
            )
        verb.set_defaults(run=run)


def _add_judge(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    judge = verbs.add_parser(
        "judge",
        help="judge the file to be kept against the frame; write it if it passes",
    )
    judge.add_argument("study")
    judge.add_argument(
        "--declaration", type=Path, help="YAML; else the study's own kept-file.yaml"
    )
    judge.add_argument("--out", type=Path, help="write the file that passes here")
    judge.add_argument(
        "--intruder", type=Path, help="write a random twentieth for the exercise here"
    )
    judge.set_defaults(run=_judge)
    tried = verbs.add_parser("tried", help="how the exercise with the sample ended")
    tried.add_argument("study")
    tried.add_argument("people", type=int, help="records that were guessed at")
    tried.add_argument("confirmed", type=int, help="of these, rightly")
    tried.set_defaults(run=_tried)


def _close(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    fieldwork.close_study(study, by=terminal.operator(), at=timezone.now())
    terminal.say("Closed. Collect what was answered: 'harken response collect'.")
    return Exit.DONE


def _rehearse(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    now = timezone.now()
    terminal.table(
        ("must hold", "now", "else"),
        [
            (one.what, "yes" if one.holds else "NO", "" if one.holds else one.cure)
            for one in readiness.points(study, at=now)
        ],
    )
    by = terminal.operator()
    seen = actions.rehearse(
        study, by=by, at=now, retention=args.retention, part=args.due
    )
    rows = [
        ("people enrolled", seen.enrolled),
        ("people withdrawn", seen.withdrawn),
        ("people kept for recontact", seen.recontact),
        ("people to destroy", seen.destroyed),
        ("people who go on under a later promise", seen.live),
        *((f"rows of {name}", count) for name, count in seen.rows.items()),
    ]
    terminal.table(("what", "count"), rows)
    return Exit.DONE


def _alarm(args: argparse.Namespace) -> int:
    found = readiness.alarms(at=timezone.now())
    for alarm in found:
        terminal.say(f"{alarm.study}: {alarm.says}")
    if not found:
        terminal.say("Nothing is due.")
    broken = any(alarm.overdue for alarm in found)
    return Exit.REFUSED if broken else Exit.DONE


def _judge(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    declared = keeping.declaration(study) if not args.declaration else None
    if declared is None:
        text = args.declaration.read_text(encoding="utf-8")
        declared = gate.read_declaration(text, args.declaration.name)
    by = terminal.operator()
    before, made = keeping.judge(study, declared, by=by, at=timezone.now())
    terminal.say(
        f"As it is, {len(before.failing)} of {before.records} records fail: "
        f"{before.below_frame} below K 10, {before.below_sample} below k 5, "
        f"{before.homogeneous} alike."
    )
    rows = [
        (
            one.key,
            "yes" if one.in_frame else "no",
            f"{one.before:.2f}",
            f"{one.after:.2f}",
            one.blanked,
            one.joined,
        )
        for one in keeping.cost(made)
    ]
    head = ("key", "in the frame", "bits before", "bits after", "blanked", "joined")
    terminal.table(head, rows)
    if not declared.sensitive:
        terminal.say("No answer is declared sensitive: l was not judged.")
    if not made.verdict.passes:
        terminal.say(f"Refused: {len(made.verdict.failing)} records still fail.")
        return Exit.REFUSED
    terminal.say("Passes as proposed: K 10 or more, k 5 or more, l 2 or more.")
    if args.out:
        args.out.write_text(keeping.write(made), encoding="utf-8")
    if args.intruder:
        args.intruder.write_text(
            json.dumps(keeping.intruder_sample(made), indent=1), encoding="utf-8"
        )
    if args.out or args.intruder:
        terminal.say(REIDENTIFYING)
    return Exit.DONE


def _tried(args: argparse.Namespace) -> int:
    keeping.tried(
        studies.get(args.study),
        people=args.people,
        confirmed=args.confirmed,
        by=terminal.operator(),
        at=timezone.now(),
    )
    if args.confirmed:
        terminal.say(
            "Somebody was recognised: do not hand the file out. Judge it anew."
        )
    return Exit.REFUSED if args.confirmed else Exit.DONE


def _tamper(args: argparse.Namespace) -> int:
    args.out.mkdir(parents=True, exist_ok=True)
    made = falsify(args.certificate.read_bytes(), signer("ledger"))
    for name, data in made.items():
        (args.out / f"forged-{name}.json").write_bytes(data)
    terminal.say(
        f"{len(made)} forgeries written to {args.out}, each signed by this house."
    )
    terminal.say("None of them may verify: try 'harken destroy verify' on each.")
    return Exit.DONE


def _plan(args: argparse.Namespace) -> int:
    run = actions.plan(
        studies.get(args.study),
        by=terminal.operator(),
        at=timezone.now(),
        retention=args.retention,
        without_kept_file=args.without_kept_file,
        part=args.due,
    )
    counts = run.plan["counts"]
    terminal.say(
        f"Planned: of {counts['enrolled']} people {counts['destroyed']} will be "
        f"destroyed, {counts['recontact']} kept for recontact; {counts['withdrawn']} "
        "withdrew."
    )
    if run.is_part:
        terminal.say(f"{counts['live']} go on under a later promise.")
    if words := paper.kept_words(run.plan):
        terminal.say(words)
    terminal.say(f"Plan {run.digest}")
    terminal.say("Guardian and controller approve it under /guard/.")
    return Exit.DONE


def _approve(args: argparse.Namespace) -> int:
    run = queries.need_run(studies.get(args.study), args.retention)
    given = queries.approvals(run)
    terminal.table(("side", "approved by"), [(s.value, by) for s, by in given.items()])
    for side in actions.SIDES.values():
        if side not in given:
            raise refuse(NOT_APPROVED, side=side.value)
    return Exit.DONE


def _run(args: argparse.Namespace) -> int:
    with terminal.progress("Destroying") as progress:
        made = execute.execute(
            studies.get(args.study),
            by=terminal.operator(),
            at=timezone.now(),
            retention=args.retention,
            progress=progress,
        )
    return _say_certificate(made)


def _scan(args: argparse.Namespace) -> int:
    with terminal.progress("Searching") as progress:
        found = scan(settings.DATA, _needles(args.needles), progress=progress)
    terminal.say(
        f"{found.needles} texts searched in {found.files} files, {found.bytes} bytes: "
        f"{found.found} found."
    )
    for place in found.places:
        terminal.say(f"  found in {place}")
    if args.study:
        by = terminal.operator()
        study = studies.get(args.study)
        _say_certificate(execute.issue(study, found, by=by, at=timezone.now()))
    return Exit.NOT_VERIFIED if found.found else Exit.DONE


def _certify(args: argparse.Namespace) -> int:
    study = studies.get(args.study)
    by = terminal.operator()
    return _say_certificate(execute.issue(study, None, by=by, at=timezone.now()))


def _needles(source: str) -> Iterator[str]:
    if source == "-":
        yield from sys.stdin
        return
    with Path(source).open(encoding="utf-8") as lines:
        yield from lines


def _say_certificate(made: Certificate) -> Exit:
    path = settings.DATA / "certificates" / made.file_name
    terminal.say(f"Certificate ({made.stage}): {path}")
    terminal.say(
        f"Verify: harken destroy verify {path} --key {settings.DATA}/keys/ledger.pub"
    )
    try:
        verify(made.text.encode(), signer("ledger").public_key)
    except NotValid as reason:
        terminal.say(f"It is NOT valid: {reason}. No PDF was made of it.")
        return Exit.NOT_VERIFIED
    return Exit.DONE
