"""Reads of the sampling room: cases and counts, never a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from harken.method import sampling as method
from harken.method.errors import refuse
from harken.method.terms import Arm, CaseRef
from harken.service.sampling import faults
from harken.service.sampling.models import Case, Draw, ExclusionCount, SampleFile
from harken.service.study import queries as studies
from harken.service.study.models import Study

POPULATION = "population.csv"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people stand where, in the sampled arm and the open one."""

    read: int
    loaded: int
    excluded: dict[str, int]
    frame: int
    issued: int
    reserve: int
    open_arm: int


def case(ref: CaseRef) -> Case:
    """The case of this reference. Raises HarkenError SAM-053."""
    found = Case.objects.filter(ref=ref).first()
    if found is None:
        raise refuse(faults.NO_CASE)
    return found


def refs(study: Study) -> list[str]:
    """The reference of every case, of the frame and of the open arm."""
    return list(Case.objects.filter(study=study).values_list("ref", flat=True))


def designs(refs: Iterable[CaseRef]) -> dict[CaseRef, dict[str, str]]:
    """The design variables of many cases, by reference."""
    found = Case.objects.filter(ref__in=list(refs))
    return {CaseRef(ref): design for ref, design in found.values_list("ref", "design")}


def issued(study: Study) -> QuerySet[Case]:
    """The drawn cases of the sampled arm, in an order that tells nothing."""
    return Case.objects.filter(
        study=study, arm=Arm.SAMPLE, status=Case.Status.ISSUED
    ).order_by("ref")


def sample_file(study: Study) -> SampleFile | None:
    """The loaded sample file's record, or None."""
    return SampleFile.objects.filter(study=study).first()


def drawn(study: Study) -> Draw | None:
    """The draw as made, or None."""
    return Draw.objects.filter(study=study).first()


def exclusions(study: Study) -> dict[str, int]:
    """Counts of people left out, by reason, largest first."""
    rows = ExclusionCount.objects.filter(study=study).order_by("-count", "reason")
    return dict(rows.values_list("reason", "count"))


def counts(study: Study) -> Counts:
    """Everything the sample page counts."""
    file = sample_file(study)
    tally: dict[tuple[str, str], int] = {}
    rows = Case.objects.filter(study=study).values("arm", "status")
    for row in rows.annotate(n=Count("id")).order_by():
        tally[row["arm"], row["status"]] = row["n"]
    return Counts(
        read=file.read if file else 0,
        loaded=file.loaded if file else 0,
        excluded=exclusions(study),
        frame=tally.get((Arm.SAMPLE, Case.Status.FRAME), 0),
        issued=tally.get((Arm.SAMPLE, Case.Status.ISSUED), 0),
        reserve=tally.get((Arm.SAMPLE, Case.Status.RESERVE), 0),
        open_arm=tally.get((Arm.OPEN, Case.Status.ISSUED), 0),
    )


def population(study: Study) -> method.Population:
    """The study's population table. Raises HarkenError SAM-030 to SAM-034."""
    return method.Population.read(studies.folder(study).files.get(POPULATION, ""))
