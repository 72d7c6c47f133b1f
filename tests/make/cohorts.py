"""Makes a study whose promise the controller extended, with people under both promises."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from harken.method.terms import Arm, CaseRef
from harken.method.vault.keyring import Retention
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody, holder, witness
from tests.make.vault import AT, GUARDIAN, INTERVIEWER, MANAGER, make_people, make_study

FIRST_DAY = dt.date(2026, 9, 30)
LATER_DAY = dt.date(2027, 3, 31)
LAST_DAY = dt.date(2028, 6, 30)
FIRST_NOON = dt.datetime(2026, 9, 30, 12, 0, tzinfo=dt.UTC)
AFTER_FIRST = dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC)
LATER_NOON = dt.datetime(2027, 3, 31, 12, 0, tzinfo=dt.UTC)


WHY = "Letters went out six weeks late after the print house closed."
"""The controller's reason for a later date."""


@dataclass(frozen=True)
class Extended:
    """A study in the field; ``first`` keep the first promise, ``later`` have the second."""

    study: Study
    office: Path
    first: list[CaseRef] = field(default_factory=list)
    later: list[CaseRef] = field(default_factory=list)


def signed(
    office: Path,
    study: Study,
    *,
    destroy_by: dt.date = LATER_DAY,
    recontact_until: dt.date = LAST_DAY,
) -> str:
    """What the controller signs: a later date after the promise as it stands."""
    ring = holder.store(study.slug).need(Retention.STANDARD)
    digest = str(ring.policies[-1]["digest"])
    days = destroy_by.isoformat(), recontact_until.isoformat()
    return witness.extension(office, study.slug, digest, days, WHY)


def enrol(study: Study, number: int, *, at: dt.datetime = AT) -> list[CaseRef]:
    """So many people with a case and sealed identities; returns their references."""
    people = make_people(number)
    for ref, _ in people:
        Case.objects.create(
            ref=ref,
            study=study,
            arm=Arm.SAMPLE.value,
            status=Case.Status.ISSUED,
            design={"stratum": "north", "offence": "theft"},
            language="en",
        )
    custody.enrol(study, people, by=MANAGER, at=at)
    return [ref for ref, _ in people]


def make_extended(
    folder: Path, *, first: int = 6, later: int = 4, agreed: int = 1
) -> Extended:
    """Enrol, extend, enrol others; the first so many of each agree to be called again."""
    office = folder / "controller"
    if not (office / "controller.pub").exists():
        key = witness.make_key(office, "controller.example")
        vault.name_controller(key, by=MANAGER)
    study = make_study()
    made = Extended(study, office, enrol(study, first))
    vault.extend(study, signed(office, study), by=GUARDIAN, at=AT)
    made.later.extend(enrol(study, later))
    for ref in (*made.first[:agreed], *made.later[:agreed]):
        vault.consent_recontact(
            study,
            ref,
            purposes=["interviews"],
            until=dt.date(2030, 1, 1),
            by=INTERVIEWER,
            at=AT,
        )
    return made
