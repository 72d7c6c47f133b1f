"""Makes a closed study ready to be destroyed, and a certificate of its end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from harken.method.study import State
from harken.method.terms import Arm, CaseRef
from harken.method.vault import Identity
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import actions, execute
from harken.service.anonymisation.models import Certificate
from harken.service.ledger.signing import signer
from harken.service.response.models import IssuedCase
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody
from harken.service.vault.custody import Purpose
from tests.make.vault import (
    AFTER_DEADLINE,
    AT,
    CONTROLLER,
    GUARDIAN,
    HELPDESK,
    INTERVIEWER,
    MANAGER,
    make_people,
    make_study,
)

DAY = dt.datetime(2026, 9, 30, 12, 0, tzinfo=dt.UTC)
UNTIL = dt.date(2028, 3, 31)


@dataclass(frozen=True)
class Ready:
    """A closed study and who is who in it."""

    study: Study
    kept: list[CaseRef]
    withdrawn: list[CaseRef]
    doomed: list[CaseRef]


def make_ready(
    *, people: int = 8, kept: int = 2, withdrawn: int = 2, rotated: bool = True
) -> Ready:
    """Enrol, let some agree to recontact and some withdraw, and close the study."""
    study = make_study()
    everybody = make_people(people)
    custody.enrol(study, everybody, by=MANAGER, at=AT)
    refs = [ref for ref, _ in everybody]
    for ref in refs[:kept]:
        vault.consent_recontact(
            study, ref, purposes=["interviews"], until=UNTIL, by=INTERVIEWER, at=AT
        )
    for ref in refs[kept : kept + withdrawn]:
        vault.withdraw(study, ref, by=HELPDESK, at=AT)
        if rotated:
            vault.rotate(study, by=GUARDIAN, at=AT)
    study.state = State.CLOSED.value
    study.closed_at = AT
    study.save(update_fields=["state", "closed_at"])
    IssuedCase.objects.create(
        study=study.slug, arm=Arm.SAMPLE.value, design={}, disposition="1.1"
    )
    return Ready(
        study, refs[:kept], refs[kept : kept + withdrawn], refs[kept + withdrawn :]
    )


def approve(
    study: Study,
    *,
    at: dt.datetime = DAY,
    retention: Retention = Retention.STANDARD,
) -> None:
    """Plan, and have both sides agree."""
    run = actions.plan(study, by=GUARDIAN, at=at, retention=retention)
    for actor in (GUARDIAN, CONTROLLER):
        actions.approve(study, digest=run.digest, by=actor, at=at, retention=retention)


def make_certificate(ready: Ready, *, at: dt.datetime = DAY) -> Certificate:
    """Destroy a ready study; returns its certificate."""
    approve(ready.study, at=at)
    return execute.execute(ready.study, by=GUARDIAN, at=at)


def operator_key() -> str:
    """The public key that certificates are checked against."""
    return signer("ledger").public_key


def reached_again(ready: Ready) -> Identity:
    """The first of those who agreed to it, opened for recontact after the deadline."""
    return custody.open_identity(
        ready.study,
        ready.kept[0],
        purpose=Purpose.RECONTACT,
        by=MANAGER,
        at=AFTER_DEADLINE,
        agreed="interviews",
    )
