"""Writes of the sampling room: draw, discard, an open-arm case, a remembered no."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from harken.method import sampling as method
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import SYSTEM, Actor, Arm, CaseRef, Language
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.sampling import faults, queries
from harken.service.sampling.models import (
    Case,
    Draw,
    ExclusionCount,
    OptOutMark,
    SampleFile,
)
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import sealing

CHUNK = 500


def new_ref() -> CaseRef:
    """A random case reference of 32 hexadecimal digits."""
    return CaseRef(os.urandom(16).hex())


def check_before_draw(study: Study) -> None:
    """Pass while the study is a draft or open and nothing is drawn (SAM-051, SAM-052)."""
    if study.state not in {State.DRAFT, State.OPEN}:
        raise refuse(faults.WRONG_STATE, slug=study.slug, state=study.state)
    if queries.drawn(study) is not None:
        raise refuse(faults.DRAWN, slug=study.slug)


def draw(study: Study, *, by: Actor, at: dt.datetime) -> method.Selection:
    """Issue the sample by the study's rules, once; weights are N_h / n_h.

    Raises HarkenError SAM-040 to SAM-043, SAM-051, SAM-052, SAM-055.
    """
    check(by, Permission.SAMPLE_LOAD)
    rules = studies.folder(study).charter.sampling
    with transaction.atomic():
        _lock(study)
        check_before_draw(study)
        if queries.sample_file(study) is None:
            raise refuse(faults.NO_SAMPLE, slug=study.slug)
        frame = list(
            Case.objects.filter(study=study, arm=Arm.SAMPLE)
            .order_by("pk")
            .values_list("pk", "design")
        )
        selection = method.draw(
            [design["stratum"] for _, design in frame],
            sizes=queries.population(study).stratum_sizes(rules.strata),
            allocation=dict(rules.allocation) or rules.total,
            seed=rules.seed,
        )
        _issue(study, frame, selection)
        Draw.objects.create(
            study=study, seed=rules.seed, strata=_strata(selection), drawn_at=at
        )
        ledger.record(
            Event.SAMPLE_DRAWN,
            study=study.slug,
            by=by,
            at=at,
            counts={"frame": len(frame), "issued": len(selection.issued)},
            reason=f"seed {rules.seed}",
        )
    return selection


def _lock(study: Study) -> None:
    """One load or draw of a study at a time."""
    Study.objects.select_for_update().get(pk=study.pk)


def _issue(
    study: Study,
    frame: Sequence[tuple[int, Mapping[str, str]]],
    selection: method.Selection,
) -> None:
    cases = Case.objects.filter(study=study, arm=Arm.SAMPLE)
    cases.update(status=Case.Status.RESERVE)
    chosen: dict[str, list[int]] = {}
    for position in selection.issued:
        pk, design = frame[position]
        chosen.setdefault(design["stratum"], []).append(pk)
    for name, keys in chosen.items():
        weight = selection.strata[name].weight
        for start in range(0, len(keys), CHUNK):
            part = cases.filter(pk__in=keys[start : start + CHUNK])
            part.update(status=Case.Status.ISSUED, weight=weight)


def _strata(selection: method.Selection) -> list[dict[str, str | int | float]]:
    return [
        {
            "stratum": stratum.name,
            "population": stratum.population,
            "frame": stratum.frame,
            "issued": stratum.issued,
            "weight": stratum.weight,
        }
        for stratum in selection.strata.values()
    ]


def discard(
    study: Study,
    *,
    by: Actor,
    at: dt.datetime,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Forget a loaded sample before its draw; returns how many people.

    Their keys are refused at once and die at the next rotation, so what the database
    or a backup may still hold of them cannot be read.
    """
    check(by, Permission.SAMPLE_LOAD)
    with transaction.atomic():
        _lock(study)
        check_before_draw(study)
        if queries.sample_file(study) is None:
            raise refuse(faults.NO_SAMPLE, slug=study.slug)
        cases = Case.objects.filter(study=study, arm=Arm.SAMPLE)
        refs = list(cases.values_list("ref", flat=True))
        cases.delete()
        SampleFile.objects.filter(study=study).delete()
        ExclusionCount.objects.filter(study=study).delete()
        ledger.record(
            Event.SAMPLE_DISCARDED,
            study=study.slug,
            by=by,
            at=at,
            counts={"people": len(refs)},
        )
        for done, ref in enumerate(refs, start=1):
            vault.withdraw(study, CaseRef(ref), by=SYSTEM, at=at)
            if progress:
                progress(done, len(refs))
    return len(refs)


def check_open_arm(study: Study, *, at: dt.datetime) -> None:
    """Pass while the open arm takes people. Raises HarkenError SAM-054."""
    charter = studies.folder(study).charter
    today, days = timezone.localdate(at), charter.calendar
    running = days.web_opens <= today <= days.open_arm_closes
    if study.state != State.OPEN or Arm.OPEN not in charter.arms or not running:
        raise refuse(faults.NO_OPEN_ARM, slug=study.slug)


def open_case(study: Study, *, language: Language, at: dt.datetime) -> CaseRef:
    """A case for somebody who came by themselves: keys, and no identity at all."""
    check_open_arm(study, at=at)
    ref = new_ref()
    with transaction.atomic(savepoint=False):
        Case.objects.create(
            ref=ref,
            study=study,
            arm=Arm.OPEN,
            status=Case.Status.ISSUED,
            language=language,
        )
        sealing.enrol_anonymous(study, ref, at=at)
    return ref


def remember_opt_out(study: Study, marks: Iterable[bytes]) -> None:
    """Keep keyed hashes of somebody who said no, so that a new import leaves them out.

    Part of contact's opt-out, which checks, records and owns the transaction.
    """
    rows = [OptOutMark(study=study, mark=mark) for mark in marks]
    OptOutMark.objects.bulk_create(rows, ignore_conflicts=True)
