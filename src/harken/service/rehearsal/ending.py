"""From the last call to the certificate: close, count, publish, destroy, prove.

Each step is an action of its room, by the person whose work it is, on the study's own
days. Nothing is asserted here that a room says of itself without being looked at again.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from harken.method.anonymisation import verify
from harken.method.errors import refuse
from harken.method.sampling import COLUMNS
from harken.method.terms import SYSTEM, CaseRef
from harken.service.analysis import actions as analysis
from harken.service.analysis.models import AnalysisRun
from harken.service.anonymisation import actions as destruction
from harken.service.anonymisation import execute, keeping, scan
from harken.service.anonymisation.models import Certificate
from harken.service.contact import actions as contact
from harken.service.contact import queries as contacts
from harken.service.publication import actions as publication
from harken.service.publication.models import Release
from harken.service.redaction import crossing
from harken.service.rehearsal import desk
from harken.service.rehearsal.cast import CONTROLLER, GUARDIAN, MANAGER, STATISTICIAN
from harken.service.rehearsal.faults import FOUND_AGAIN, NOT_THE_SAME
from harken.service.rehearsal.scenery import moment
from harken.service.rehearsal.stopwatch import Stopwatch
from harken.service.response import intake
from harken.service.study import actions as studies
from harken.service.study import queries
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import queries as vault_queries

SEARCHED = (
    "crime_reference",
    "surname",
    "address_line_1",
    "email",
)
SHORTEST, LONGEST = 8, 120
"""Shorter texts would be found by chance; longer ones add nothing but time."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was found and released before the destruction."""

    run: AnalysisRun
    release: Release
    results_text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What the end of the study shows."""

    destroyed: int
    recontact: int
    withdrawn: int
    stage: str
    certificate: str
    key: str
    needles: int
    files: int
    found: int
    same_results: bool
    same_release: bool


def close(study: Study, watch: Stopwatch, receipts: Iterable[str]) -> int:
    """Fieldwork ends, answers cross the wall, and a few people change their minds."""
    days = queries.folder(study).charter.calendar
    last, later = days.telephone_closes, days.telephone_closes + dt.timedelta(days=9)
    with watch.step("collect the answers across the wall") as report:
        at = moment(last, 21)
        studies.close_study(study, by=MANAGER.actor, at=at)
        count = intake.collect(study, by=SYSTEM, at=at, progress=report)
        for receipt in receipts:
            destruction.withdraw_response(study, receipt, at=moment(later))
        intake.close_sample(study, by=SYSTEM, at=moment(later, 12))
        _confirm_prints(study, moment(later))
    return count


def _confirm_prints(study: Study, at: dt.datetime) -> None:
    """The print house says in writing that its copies are gone."""
    for run in contacts.print_runs(study):
        contact.confirm_destroyed(run, by=MANAGER.actor, at=at)


def read(study: Study, watch: Stopwatch) -> crossing.Crossed:
    """Some of what people wrote is read, coded and let across; the rest dies unread."""
    days = queries.folder(study).charter.calendar
    at = moment(days.telephone_closes + dt.timedelta(days=12), 10)
    with watch.step("read and code some free text"):
        return desk.work(study, at=at)


def publish(study: Study, watch: Stopwatch, folder: Path) -> Published:
    """Weigh, estimate, check, judge; then the release on its day."""
    days = queries.folder(study).charter.calendar
    by = STATISTICIAN.actor
    with watch.step("weigh, estimate, check and judge"):
        counted = moment(days.telephone_closes + dt.timedelta(days=20))
        run = analysis.run(study.slug, by=by, at=counted)
    with watch.step("publish the release") as report:
        release = publication.publish(
            study.slug,
            by=by,
            at=moment(days.publish, 9, 30),
            folder=folder,
            progress=report,
        )
    return Published(run, release, run.results)


def destroy(study: Study, watch: Stopwatch) -> Certificate:
    """A backup first, as any house has; then the plan, two approvals, the run."""
    day = queries.folder(study).charter.calendar.destroy_by
    guardian = GUARDIAN.actor
    with watch.step("make a backup, before the destruction"):
        folder = Path(settings.DATA) / "backups" / "before-destruction"
        vault.backup(folder, by=guardian, at=moment(day - dt.timedelta(days=30), 2))
    with watch.step("judge the file to be kept, while the frame is there"):
        declared = keeping.declaration(study)
        at = moment(day - dt.timedelta(days=14))
        keeping.judge(study, declared, by=guardian, at=at)
    with watch.step("destroy by plan and two approvals") as report:
        run = destruction.plan(
            study, by=guardian, at=moment(day - dt.timedelta(days=7))
        )
        for number, member in enumerate((GUARDIAN, CONTROLLER), start=1):
            at = moment(day - dt.timedelta(days=5), 10 + number)
            destruction.approve(study, digest=run.digest, by=member.actor, at=at)
        _confirm_copies(study, moment(day - dt.timedelta(days=2)))
        return execute.execute(study, by=guardian, at=moment(day, 6), progress=report)


def _confirm_copies(study: Study, at: dt.datetime) -> None:
    """The commissioner says in writing that its sample file is gone."""
    for copy in vault_queries.copies(study.slug).filter(confirmed_at=None):
        vault.confirm_copy(study, copy.file_hash, by=GUARDIAN.actor, at=at)


def prove(
    study: Study,
    watch: Stopwatch,
    *,
    needles: Iterable[str],
    before: Published,
    again: Path,
) -> Proof:
    """Search every byte, certify what was found, verify, and make the tables again.

    Raises HarkenError REH-004 or REH-005, or NotValid from the verifier.
    """
    day = queries.folder(study).charter.calendar.destroy_by
    with watch.step("search every byte under the data folder") as report:
        looked = scan.scan(Path(settings.DATA), needles, progress=report)
    if looked.found:
        raise refuse(FOUND_AGAIN, found=looked.found)
    with watch.step("certify and verify"):
        certificate = execute.issue(study, looked, by=GUARDIAN.actor, at=moment(day, 8))
        path = Path(settings.DATA) / "certificates" / certificate.file_name
        key = ledger_key()
        shown = verify(path.read_bytes(), key.read_text(encoding="ascii").strip())
    by = STATISTICIAN.actor
    with watch.step("make tables and release again, and compare") as report:
        run = analysis.run(study.slug, by=by, at=moment(day, 12))
        if run.results != before.results_text:
            raise refuse(NOT_THE_SAME, what="analysis")
        publication.publish(
            study.slug, by=by, at=moment(day, 13), folder=again, progress=report
        )
        same = _alike(again, again.parent / "release")
        if not same:
            raise refuse(NOT_THE_SAME, what="release")
    return Proof(
        destroyed=shown.destroyed,
        recontact=shown.recontact,
        withdrawn=shown.withdrawn,
        stage=shown.stage,
        certificate=str(path),
        key=str(key),
        needles=looked.needles,
        files=looked.files,
        found=looked.found,
        same_results=True,
        same_release=same,
    )


def ledger_key() -> Path:
    """The operator's published key, one line."""
    return Path(settings.DATA) / "keys" / "ledger.pub"


def _alike(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files, byte for byte."""
    trees = [
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        for folder in (one, other)
    ]
    return trees[0] == trees[1]


def needles_of(sample: str, texts: Iterable[str]) -> set[str]:
    """What must not be found again: every identifying field of the force's file.

    Surnames stand for full names. Telephone numbers are searched as the force wrote
    them and as the vault keeps them.
    """
    found: set[str] = set()
    for row in csv.DictReader(io.StringIO(sample), COLUMNS):
        number = row["telephone"]
        found |= {row[name].strip() for name in SEARCHED}
        found |= {number, "+44" + number.replace(" ", "").removeprefix("0")}
    found |= {text for text in texts if len(text) <= LONGEST}
    return {needle for needle in found if len(needle) >= SHORTEST} - set(COLUMNS)


def reachable(study: Study, willing: Iterable[CaseRef]) -> tuple[int, int]:
    """Of those who agreed to be contacted again: how many still can be, of how many."""
    standing = [vault_queries.status(study, ref) for ref in willing]
    return standing.count(vault_queries.KeyStatus.RECONTACT), len(standing)
