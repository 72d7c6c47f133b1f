"""``harken contact``: letters, reminders, opt-outs, rates, the queue, print runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from harken.method.errors import Exit, refuse
from harken.service import terminal
from harken.service.contact import actions, again, faults, queries
from harken.service.contact.letters import Kind, make_letters, specimen
from harken.service.study import queries as studies


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands of this room."""
    room = rooms.add_parser(
        "contact",
        help="fieldwork: letters, reminders, opt-outs, rates, queue",
        description="Makes print runs of letters with access codes, takes opt-outs, "
        "and shows response rates by AAPOR formula and who may be called now.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    for name, kind, says in (
        ("letters", "invitation", "make the invitations as PDF files"),
        ("remind", "reminder", "make reminders for those who have not answered"),
    ):
        verb = _verb(verbs, name, _letters, says)
        verb.set_defaults(kind=kind)
        verb.add_argument("--out", type=Path, required=True, help="an empty folder")
        verb.add_argument("--address", default="", help="https://... of the survey")
        verb.add_argument("--large-print", action="store_true", help="18 point")
    proof = _verb(verbs, "specimen", _specimen, "letters to nobody, to read first")
    proof.add_argument("--out", type=Path, required=True, help="an empty folder")
    out = _verb(verbs, "opt-out", _opt_out, "stop all contact; the code is read in")
    channels = [channel.value for channel in actions.Channel]
    out.add_argument("--channel", choices=channels, default="letter")
    rates = _verb(verbs, "rates", _rates, "response rates with their formulas")
    rates.add_argument(
        "--e", type=float, help="eligible share of unknown cases, 0 to 1"
    )
    _verb(verbs, "queue", _queue, "how many may be called now")
    _verb(verbs, "runs", _runs, "print runs and whether they were destroyed")
    _verb(verbs, "again", _again, "how many may be contacted again, for what")
    confirm = _verb(verbs, "confirm", _confirm, "the printing house destroyed its copy")
    confirm.add_argument("run_number", type=int, help="the number shown by 'runs'")


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    says: str,
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=says, description=says)
    verb.add_argument("study", help="the name of a loaded study")
    verb.set_defaults(run=run)
    return verb


def _letters(args: argparse.Namespace) -> int:
    folder: Path = args.out
    kind: Kind = "reminder" if args.kind == "reminder" else "invitation"
    _check_folder(folder)
    with terminal.progress("Making codes") as progress:
        run = make_letters(
            studies.get(args.study),
            kind=kind,
            out=lambda name, pdf: _write(folder / name, pdf),
            by=terminal.operator(),
            at=timezone.now(),
            progress=progress,
            address=args.address,
            large=args.large_print,
        )
    terminal.say(f"{run.count} letters in {len(run.files)} files for {run.recipient}.")
    terminal.say(
        "Hand the files over, delete them here, and have the destruction confirmed by "
        f"{run.destroy_by:%d %B %Y}: harken contact confirm {args.study} {run.pk}"
    )
    return Exit.DONE


def _specimen(args: argparse.Namespace) -> int:
    study, folder = studies.get(args.study), args.out
    _check_folder(folder)
    kinds: tuple[Kind, ...] = ("invitation", "reminder")
    for kind in kinds:
        for language in studies.folder(study).charter.languages:
            pdf = specimen(study, kind, language, at=timezone.now())
            _write(folder / f"specimen-{kind}-{language}.pdf", pdf)
    terminal.say("Letters to nobody are in the folder. They hold no name and no code.")
    return Exit.DONE


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        free = not any(folder.iterdir())
    except OSError:
        free = False
    if not free:
        raise refuse(faults.FOLDER_USED)


def _write(path: Path, pdf: bytes) -> None:
    """Write a file that only its owner can read, never over another."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(pdf)


def _opt_out(args: argparse.Namespace) -> int:
    """The code comes on standard input, so that no shell history keeps it."""
    actions.opt_out_by_code(
        studies.get(args.study),
        sys.stdin.readline(100).strip(),
        channel=args.channel,
        by=terminal.operator(),
        at=timezone.now(),
    )
    terminal.say("All contact has stopped, for good.")
    return Exit.DONE


def _rates(args: argparse.Namespace) -> int:
    if args.e is not None and not 0 <= args.e <= 1:
        raise refuse(faults.BAD_SHARE)
    found = queries.rates(studies.get(args.study), e=args.e)
    terminal.table(("rate", "title", "share", "formula"), queries.rate_rows(found))
    return Exit.DONE


def _queue(args: argparse.Namespace) -> int:
    seen = queries.monitoring(studies.get(args.study), timezone.now())
    terminal.table(
        ("issued", "may be called now", "appointments", "calls made"),
        [(seen.issued, seen.waiting, seen.appointments, sum(seen.attempts.values()))],
    )
    return Exit.DONE


def _again(args: argparse.Namespace) -> int:
    """Counts only: one person is opened on the page, by whoever contacts them."""
    seen = again.counts(
        studies.get(args.study), by=terminal.operator(), at=timezone.now()
    )
    if not seen.agreed:
        terminal.say("Nobody may be contacted again.")
        return Exit.DONE
    terminal.table(
        ("agreed to", "agreed", "reached", "can be opened today"),
        [(line.words, line.agreed, line.reached, line.due) for line in seen.lines],
    )
    terminal.table(("until", "people"), [(f"{day}", n) for day, n in seen.days])
    terminal.say(
        f"{seen.kept} are kept, {seen.open} open with somebody now, {seen.silent} not "
        f"opened any more, {seen.ended} past their own day. Nobody after {seen.end}."
    )
    return Exit.DONE


def _runs(args: argparse.Namespace) -> int:
    runs = queries.print_runs(studies.get(args.study))
    if not runs:
        terminal.say("No letter has been made yet.")
        return Exit.DONE
    terminal.table(
        ("run", "made", "letter", "letters", "destroy by", "confirmed"),
        [
            (
                run.pk,
                f"{run.made_at:%Y-%m-%d}",
                run.kind,
                run.count,
                run.destroy_by,
                f"{run.confirmed_at:%Y-%m-%d}" if run.confirmed_at else "no",
            )
            for run in runs
        ],
    )
    return Exit.DONE


def _confirm(args: argparse.Namespace) -> int:
    run = queries.print_run(studies.get(args.study), args.run_number)
    if run is None:
        raise refuse(faults.NOT_PRINTED)
    actions.confirm_destroyed(run, by=terminal.operator(), at=timezone.now())
    terminal.say("Noted: the printing house destroyed its copy.")
    return Exit.DONE
