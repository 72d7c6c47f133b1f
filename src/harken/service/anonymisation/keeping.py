"""The kept file: judged against the frame while there is one, written only if it passes.

The declaration is a JSON file of three lists: ``keys``, ``sensitive``, ``harmless``. Every
column of the exported responses that is in none of them is refused.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from harken.method.anonymisation import gate
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, check
from harken.service.anonymisation.faults import BAD_DECLARATION, NO_FRAME
from harken.service.ledger import actions as ledger
from harken.service.response import exports
from harken.service.sampling.models import Case
from harken.service.study.models import Study

LISTS = ("keys", "sensitive", "harmless")


def read_declaration(path: Path) -> gate.Declaration:
    """Read the three lists; raises HarkenError ANO-117."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        lists = [tuple(said.get(name, ())) for name in LISTS]
    except (ValueError, TypeError, AttributeError):
        raise refuse(BAD_DECLARATION) from None
    if set(said) - set(LISTS) or not all(
        isinstance(name, str) for names in lists for name in names
    ):
        raise refuse(BAD_DECLARATION)
    return gate.Declaration(*lists)


def judge(
    study: Study,
    declared: gate.Declaration,
    *,
    drop: tuple[str, ...] = (),
    by: Actor,
    at: dt.datetime,
) -> tuple[gate.Verdict, gate.Proposal]:
    """The verdict on the responses as they are, and what would make them pass.

    ``drop`` are columns that are left out of the kept file. Written in the ledger with
    counts. Raises HarkenError ANO-116 when the frame is gone.
    """
    check(by, Permission.DESTROY_PLAN)
    frame = [
        {str(name): str(value) for name, value in design.items()}
        for design in Case.objects.filter(study=study).values_list("design", flat=True)
        if design
    ]
    if not frame:
        raise refuse(NO_FRAME, study=study.slug)
    rows = _rows(study, drop, by=by, at=at)
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


def _rows(
    study: Study, drop: tuple[str, ...], *, by: Actor, at: dt.datetime
) -> list[dict[str, str]]:
    """The exported responses as rows of text, without the columns to drop."""
    files = exports.make(study, by=by, at=at)
    name = next(one for one in files if one.endswith(".csv"))
    text = files[name].decode("utf-8-sig")
    return [
        {column: value for column, value in row.items() if column not in drop}
        for row in csv.DictReader(io.StringIO(text))
    ]
