"""Loads a sample file: from a stream to sealed people and bare cases, all or nothing.

The file is never written anywhere. Rows live in memory until the screening is done,
because who stays of a household is known only at the end; then they are sealed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.utils import timezone

from harken.method import sampling as method
from harken.method.errors import Finding, HarkenError, refuse
from harken.method.ledger import Event
from harken.method.sampling import ExclusionReason
from harken.method.terms import Actor, Arm, CaseRef
from harken.method.vault import Identity
from harken.service import retire
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.sampling import actions, faults, queries
from harken.service.sampling.models import (
    Case,
    ExclusionCount,
    OptOutMark,
    SampleFile,
)
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import custody, enrolment, sealing

CHUNK = 1 << 16
KEPT_FINDINGS = 200
WORST_SHARE = 5
"""One unreadable row in so many, and the file is refused as a whole."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, in counts and findings that name places but no values."""

    read: int
    loaded: int
    excluded: dict[str, int]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Source:
    """A stream read once: chunks, its hash as it passes, and how far it is."""

    stream: IO[bytes]
    progress: Callable[[int, int], None] | None
    digest: str = ""

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the file in order."""
        hasher, done = hashlib.sha256(), 0
        while chunk := self.stream.read(CHUNK):
            hasher.update(chunk)
            done += len(chunk)
            if self.progress:
                self.progress(done, done)
            yield chunk
        self.digest = hasher.hexdigest()


def load_sample(
    study: Study,
    stream: IO[bytes],
    *,
    by: Actor,
    at: dt.datetime,
    progress: Callable[[int, int], None] | None = None,
) -> LoadReport:
    """Read, screen and seal a sample file of the study.

    Raises HarkenError when the file cannot be read as a whole (SAM-001 to SAM-022) or
    the study's state forbids it (SAM-050 to SAM-052); then nothing was kept.
    """
    retire.opened()  # a web process that read it holds everybody's name
    check(by, Permission.SAMPLE_LOAD)
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=study.pk)
        actions.check_before_draw(study)
        if queries.sample_file(study) is not None:
            raise refuse(faults.LOADED, slug=study.slug)
        source = _Source(stream, progress)
        rows, report = _read(study, source, at)
        _keep(study, rows, report, source.digest, by=by, at=at)
    return report


def _read(
    study: Study, source: _Source, at: dt.datetime
) -> tuple[Sequence[method.Row], LoadReport]:
    """The rows to keep, and the report; nothing is written."""
    charter = studies.folder(study).charter
    population = queries.population(study)
    today = timezone.localdate(at)
    codes = method.Codes(
        areas=frozenset(population.values("area")),
        crime_groups=frozenset(population.values("crime_group")),
        languages=charter.languages,
    )
    findings: list[Finding] = []
    rows: list[method.Row] = []
    read = 0
    for reading in method.read_sample(source.chunks(), codes=codes, today=today):
        read += 1
        findings += reading.findings
        if reading.row:
            rows.append(reading.row)
    unreadable = read - len(rows)
    if unreadable * WORST_SHARE > read:
        detail = {"bad": unreadable, "read": read}
        raise HarkenError(
            Finding(faults.MOSTLY_UNREADABLE, None, detail), *_shown(findings)
        )
    screened = method.screen(
        rows, rules=charter.sampling, today=today, opted_out=_opted_out(study)
    )
    excluded = {reason.value: n for reason, n in screened.excluded.items()}
    if unreadable:
        excluded[ExclusionReason.UNREADABLE.value] = unreadable
    report = LoadReport(read, len(screened.kept), excluded, tuple(findings))
    return screened.kept, report


def _shown(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first findings, and a count of the rest."""
    rest = len(findings) - KEPT_FINDINGS
    if rest <= 0:
        return tuple(findings)
    detail = {"count": rest, "limit": KEPT_FINDINGS}
    return (*findings[:KEPT_FINDINGS], Finding(faults.HIDDEN, None, detail))


def _opted_out(study: Study) -> Callable[[method.Row], bool]:
    """Whether a row belongs to somebody who said no in an earlier load (SAF-16)."""
    marks = OptOutMark.objects.filter(study=study).values_list("mark", flat=True)
    known = {bytes(mark) for mark in marks}
    if not known:
        return lambda row: False
    return lambda row: any(mark in known for mark in _marks(study, row))


def _marks(study: Study, row: method.Row) -> list[bytes]:
    return sealing.keyed_hashes(study, [f"opt-out {key}" for key in row.marks()])


def _all_marks(study: Study, rows: Sequence[method.Row]) -> Iterator[bytes]:
    """Each row's marks as one; asked of the key holder all at once."""
    texts = [[f"opt-out {key}" for key in row.marks()] for row in rows]
    hashes = iter(sealing.keyed_hashes(study, [one for own in texts for one in own]))
    return (b"".join(next(hashes) for _ in own) for own in texts)


def _keep(
    study: Study,
    rows: Sequence[method.Row],
    report: LoadReport,
    digest: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Write cases, counts and the ledger, and enrol people last of all.

    Enrolment appends keys outside the database, so nothing may fail after it.
    """
    strata = studies.folder(study).charter.sampling.strata
    today = timezone.localdate(at)
    enrolment.begin(study, by=by, at=at)
    people: list[tuple[CaseRef, Identity]] = []
    cases: list[Case] = []
    for row, marks in zip(rows, _all_marks(study, rows), strict=True):
        ref = actions.new_ref()
        people.append((ref, _identity(row)))
        case = _case(study, ref, row, marks)
        case.design = method.design_of(row, strata=strata, today=today)
        cases.append(case)
    Case.objects.bulk_create(cases, batch_size=1000)
    SampleFile.objects.create(
        study=study,
        sha256=digest,
        loaded_at=at,
        read=report.read,
        loaded=report.loaded,
        findings=[_plain(finding) for finding in _shown(report.findings)],
    )
    ExclusionCount.objects.bulk_create(
        ExclusionCount(study=study, reason=reason, count=count)
        for reason, count in report.excluded.items()
    )
    ledger.record(
        Event.SAMPLE_LOADED,
        study=study.slug,
        by=by,
        at=at,
        subject=digest,
        counts={"read": report.read, "loaded": report.loaded, **report.excluded},
    )
    custody.enrol(study, people, by=by, at=at)


def _plain(finding: Finding) -> dict[str, str | int | None]:
    """A finding as stored beside the sample: place, code, message, cure."""
    place = finding.place
    return {
        "line": place.line if place else None,
        "column": place.column if place else None,
        "code": finding.fault.code,
        "message": finding.message,
        "cure": finding.cure,
    }


def _case(study: Study, ref: CaseRef, row: method.Row, marks: bytes) -> Case:
    safe = row.safe_contact.value
    return Case(
        ref=ref,
        study=study,
        arm=Arm.SAMPLE,
        status=Case.Status.FRAME,
        language=row.language,
        interpreter=row.interpreter,
        sensitive=row.sensitive,
        no_post=not row.post_ok,
        no_voicemail=safe == "no_voicemail" or row.sensitive,
        phone_ok=row.phone_ok,
        post_ok=row.post_ok,
        best_time=safe if safe in {"daytime", "evening"} else "",
        marks=marks,
    )


def _identity(row: method.Row) -> Identity:
    return Identity(
        given_name=row.given_name,
        surname=row.surname,
        date_of_birth=row.date_of_birth,
        address_lines=row.address_lines,
        town=row.town,
        postcode=row.postcode,
        telephone=row.telephone,
        email=row.email,
        crime_reference=row.crime_reference,
        safe_contact=row.safe_contact.value,
    )
