"""The papers that data protection law asks for, made from the study folder and the fields.

``harken study records FOLDER --to OUT`` writes them; a page shows them to the controller.
They are drafts for people to complete: the assessment of risk is nobody's program's work.
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Sequence
from pathlib import Path

from django.apps import apps
from django.db import router
from django.template.loader import render_to_string

from harken.method.errors import Exit, refuse
from harken.method.rights import records as method
from harken.method.study import Folder, read_folder
from harken.method.study.promised import Promised, promised
from harken.method.terms import Arm
from harken.service import terminal
from harken.service.study import faults, files

PAPERS = {
    "record-of-processing.md": "The record of processing (Article 30)",
    "retention-schedule.md": "The retention schedule",
    "privacy-notice-sample.md": "Privacy notice, people who had a letter (Article 14)",
    "privacy-notice-open.md": "Privacy notice, open survey (Article 13)",
    "notice-check.md": "What the folder's own notices lack",
    "impact-assessment.md": "Impact assessment (Article 35), to be completed",
}
NOTICES = {
    Arm.SAMPLE: "messages/privacy-notice",
    Arm.OPEN: "messages/privacy-notice-open",
}


OTHERS = {
    "sessions.Session": "A visit of staff: a random key and when it began; ends with the "
    "visit, at the latest after 8 hours",
    "mfa.Authenticator": "A staff account's passkey or authenticator app, its secret sealed; "
    "goes with the account's reset",
    "socialaccount.SocialAccount": "The number under which the single sign-on provider knows "
    "a staff account, and nothing else of it; goes with the account's reset",
    "axes.AccessAttempt": "Wrong passwords at the staff door: a hash of what was typed, the "
    "address it came from; removed at the next sign-in after half an hour",
}
"""Tables of the parts the house is built from that are written to, and what is in them."""

EMPTY = frozenset(
    {
        *("auth.Permission", "auth.Group", "contenttypes.ContentType"),
        *("account.EmailAddress", "account.EmailConfirmation"),
        *("socialaccount.SocialApp", "socialaccount.SocialToken"),
        *("axes.AccessFailureLog", "axes.AccessLog", "axes.AccessAttemptExpiration"),
    }
)
"""Tables that come with those parts and hold nobody: nothing here ever writes to them."""


def stored_fields() -> list[method.StoredField]:
    """Every field of every table of ours, as the models class it."""
    found = []
    for model in apps.get_models():
        zone = "answers" if router.db_for_read(model) == "answers" else "identity"
        for name, kind in getattr(model, "DATA_CLASS", {}).items():
            found.append(method.StoredField(model._meta.label, name, kind, zone))
    return found


def says() -> dict[str, str]:
    """What a row of each table is, in the words of its model."""
    found = {}
    for model in apps.get_models():
        if hasattr(model, "DATA_CLASS"):
            first = (inspect.getdoc(model) or "").split("\n\n")[0]
            plain = first.replace("|", "/").replace("``", "`")
            found[model._meta.label] = " ".join(plain.split())
    return found


def papers(folder: Folder, days: Sequence[Promised] = ()) -> dict[str, str]:
    """Every paper as Markdown, by file name; ``days`` are the study's promises, each."""
    charter = folder.charter
    days = days or promised(charter.calendar)
    variables = charter.sampling.design_variables
    context = {
        "charter": charter,
        "days": charter.calendar,
        "promised": days,
        "destroy_by": method.each(days, "destroy_by"),
        "recontact_until": method.each(days, "recontact_until"),
        "variables": [name.replace("_", " ") for name in variables],
        "holdings": method.holdings(charter, stored_fields(), days),
        "law": method.LAW,
        "tables": method.tables(charter, stored_fields(), says(), days),
        "others": sorted(OTHERS.items()),
        "help": folder.help_list,
        "lacks": {arm.value: lacking(folder, arm) for arm in charter.arms},
        "items": {arm.value: method.notice_items(charter, arm) for arm in charter.arms},
    }
    names = [name for name in PAPERS if _wanted(name, folder)]
    return {
        name: render_to_string(f"study/records/{name}", context).strip() + "\n"
        for name in names
    }


def lacking(folder: Folder, arm: Arm) -> tuple[method.NoticeItem, ...]:
    """What the folder's notice for an arm does not say, in its source language."""
    path = f"{NOTICES[arm]}.{folder.charter.source_language}.md"
    items = method.notice_items(folder.charter, arm)
    return method.missing_in(folder.files.get(path, ""), items)


def add_command(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``harken study records``."""
    made = verbs.add_parser(
        "records",
        help="write the record of processing, notices, assessment, retention schedule",
        description="Drafts from the study folder and the classes of the stored fields. "
        "Exit code 3 when a notice of the folder lacks something the law asks for.",
    )
    made.add_argument("folder", type=Path, help="the folder that holds study.yaml")
    made.add_argument("--to", type=Path, required=True, help="a folder; made if absent")
    made.set_defaults(run=_write)


def _wanted(name: str, folder: Folder) -> bool:
    if name == "privacy-notice-sample.md":
        return Arm.SAMPLE in folder.charter.arms
    if name == "privacy-notice-open.md":
        return Arm.OPEN in folder.charter.arms
    return True


def _write(args: argparse.Namespace) -> int:
    folder = read_folder(files.read_directory(args.folder))
    if args.to.exists() and not args.to.is_dir():
        raise refuse(faults.NO_FOLDER, name=args.to.name)
    args.to.mkdir(parents=True, exist_ok=True)
    for name, text in papers(folder).items():
        (args.to / name).write_text(text, encoding="utf-8")
        terminal.say(f"{name}: {PAPERS[name]}")
    lacks = {arm: lacking(folder, arm) for arm in folder.charter.arms}
    for arm, items in lacks.items():
        for item in items:
            terminal.say(
                f"The {arm.value} notice does not say {item.says} ({item.article})."
            )
    return Exit.BAD_INPUT if any(lacks.values()) else Exit.DONE
