"""The kept file: judged against the frame while there is one, written only if it passes.

What each column is stands in the study folder (``kept-file.yaml``), frozen with it at the
launch, or in a file given at the time. A column that is not declared is refused.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from harken.method.anonymisation import gate
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.terms import SYSTEM, Actor
from harken.service.accounts.permissions import Permission, check
from harken.service.anonymisation.faults import NO_FRAME, NOT_DECLARED, NOT_TRIED
from harken.service.anonymisation.models import KeptFrame
from harken.service.ledger import actions as ledger
from harken.service.ledger.queries import entries as ledger_entries
from harken.service.response import exports
from harken.service.sampling.models import Case
from harken.service.study.models import Study

FILE = "kept-file.yaml"
NAMED = 6
"""So many joined values are named; of more only the number is told."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a key variable told before and tells after, in bits; cells blanked; what
    values were joined; whether K was counted by it.
    """

    key: str
    in_frame: bool
    before: float
    after: float
    blanked: int
    joined: str


def declaration(study: Study) -> gate.Declaration:
    """What the study folder says its columns are; raises HarkenError ANO-117."""
    text = study.files.get(FILE)
    if text is None:
        raise refuse(NOT_DECLARED, study=study.slug)
    return gate.read_declaration(text, FILE)


def judge(
    study: Study,
    declared: gate.Declaration,
    *,
    by: Actor,
    at: dt.datetime,
) -> tuple[gate.Verdict, gate.Proposal]:
    """The verdict on the responses as they are, and what would make them pass.

    Written in the ledger with counts. Raises HarkenError ANO-116 when the frame is gone.
    """
    check(by, Permission.DESTROY_PLAN)
    frame = _frame(study)
    if not frame:
        raise refuse(NO_FRAME, study=study.slug)
    rows = declared.narrowed(_rows(study, at=at))
    before = gate.judge(rows, frame, declared)
    made = gate.propose(rows, frame, declared)
    ledger.record(
        Event.KEPT_FILE_JUDGED,
        study=study.slug,
        by=by,
        at=at,
        subject=hashlib.sha256(write(made).encode("utf-8")).hexdigest(),
        counts={
            "records": before.records,
            "frame": len(frame),
            "failing_before": len(before.failing),
            "failing_after": len(made.verdict.failing),
            "blanked": sum(made.blanked.values()),
        },
        reason="passes" if made.verdict.passes else "refused",
    )
    return before, made


def cost(made: gate.Proposal) -> list[Cost]:
    """What the proposal does to each key variable."""
    found = []
    for key, before in made.bits_before.items():
        groups: dict[str, list[str]] = {}
        for value, joined in made.joined.get(key, {}).items():
            groups.setdefault(joined, []).append(value)
        words = [
            joined if len(values) <= NAMED else f"{len(values)} values as one"
            for joined, values in sorted(groups.items())
        ]
        found.append(
            Cost(
                key=key,
                in_frame=key in made.in_frame,
                before=before,
                after=made.bits_after[key],
                blanked=made.blanked[key],
                joined="; ".join(words),
            )
        )
    return found


def write(made: gate.Proposal) -> str:
    """The file as it may be kept, in the order of its contents: no order tells a tale."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(made.rows[0]) if made.rows else [])
    writer.writeheader()
    writer.writerows(sorted(made.rows, key=lambda row: tuple(row.values())))
    return out.getvalue()


def intruder_sample(made: gate.Proposal) -> list[Mapping[str, str]]:
    """A random twentieth of the file, for the exercise of whoever holds the frame."""
    size = max(1, len(made.rows) // 20)
    return list(secrets.SystemRandom().sample(made.rows, size))


def tried(
    study: Study, *, people: int, confirmed: int, by: Actor, at: dt.datetime
) -> None:
    """Write down how the exercise ended: how many were guessed at, how many rightly.

    Raises HarkenError ANO-118 before anything was judged, or when the numbers disagree.
    """
    check(by, Permission.DESTROY_PLAN)
    judged = ledger_entries(study=study.slug, event=Event.KEPT_FILE_JUDGED)
    if not judged.exists() or not 0 <= confirmed <= people or not people:
        raise refuse(NOT_TRIED, study=study.slug)
    ledger.record(
        Event.KEPT_FILE_JUDGED,
        study=study.slug,
        by=by,
        at=at,
        counts={"tried": people, "confirmed": confirmed},
        reason="motivated intruder",
    )


def keep_frame(study: Study, leaving: Collection[str], *, plan: str) -> None:
    """Count those of the frame who leave before the others, for later judgements.

    Done again for the same plan, while their cases are there, it changes nothing.
    """
    cases = Case.objects.filter(study=study).values_list("ref", "design")
    counted = Counter(
        json.dumps(_texts(design), sort_keys=True)
        for ref, design in cases
        if ref in leaving and design
    )
    with transaction.atomic(using="default"):
        KeptFrame.objects.filter(study=study.slug, plan=plan).delete()
        KeptFrame.objects.bulk_create(
            KeptFrame(
                study=study.slug, plan=plan, design=json.loads(text), people=people
            )
            for text, people in sorted(counted.items())
        )


def _frame(study: Study) -> list[dict[str, str]]:
    """The design variables of everybody in the frame, of those who left before too."""
    designs = Case.objects.filter(study=study).values_list("design", flat=True)
    frame = [_texts(design) for design in designs if design]
    for row in KeptFrame.objects.filter(study=study.slug):
        frame += [row.design] * row.people
    return frame


def _texts(design: Mapping[str, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in design.items()}


def _rows(study: Study, *, at: dt.datetime) -> list[dict[str, str]]:
    """The responses as rows of text, read by the gate itself: whoever judges sees counts."""
    files = exports.make(study, by=SYSTEM, at=at)
    name = next(one for one in files if one.endswith(".csv"))
    text = files[name].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
