"""What stands between a study and its promise: a list a data guardian works through.

Reads only. The list is the rehearsal: nothing dies, and every line says what to do.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from harken.method.anonymisation import Side
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import queries
from harken.service.ledger import queries as ledger
from harken.service.response import queries as answers
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import queries as vault

REHEARSE, PLAN, DESTROY = 30, 7, 2
"""Days before the promised day: rehearse, plan and approve, destroy."""


@dataclass(frozen=True, slots=True)
class Point:
    """One condition, whether it holds, and what to do when it does not."""

    what: str
    holds: bool
    cure: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """What one study needs now; ``overdue`` is a promise broken."""

    study: str
    says: str
    overdue: bool


def points(study: Study, *, at: dt.datetime) -> list[Point]:
    """Everything that must hold before the destruction, in the order of the work.

    Once the study's identities are destroyed, what remains to be done for those who
    agreed to be contacted again.
    """
    slug = study.slug
    run = queries.current_run(study)
    given = queries.approvals(run) if run else {}
    open_copies = vault.copies(slug).filter(confirmed_at=None).count()
    found = [] if study.state == State.DESTROYED else _before(study, at=at)
    found += [
        Point(
            "A destruction is planned",
            run is not None,
            f"harken destroy plan {slug}, or the button below",
        ),
    ]
    found += [
        Point(
            f"The {side.value} approved", side in given, "sign in and approve it here"
        )
        for side in Side
    ]
    found.append(
        Point(
            f"Recipients have confirmed ({open_copies} open)",
            open_copies == 0,
            "until then the certificate is provisional; the page of copies",
        )
    )
    found.append(
        Point(
            "The controller has a witness",
            bool(ledger.witness()),
            "harken ledger appoint; without one nobody outside vouches for the record",
        )
    )
    return found


def _before(study: Study, *, at: dt.datetime) -> list[Point]:
    """What can be done only while there is a frame and a link."""
    slug = study.slug
    waiting, lost = queries.uncollected(study, at=at)
    unread = f"; {lost} that nobody can read any more end unread" if lost else ""
    return [
        Point(
            "Fieldwork is closed",
            study.state == State.CLOSED,
            f"harken destroy close {slug}: from then on nobody is asked",
        ),
        Point(
            f"Every answer is collected ({waiting} waiting{unread})",
            waiting == 0,
            f"harken response collect {slug}",
        ),
        Point(
            "The sample is written to the answers zone",
            bool(answers.issued(slug)),
            f"harken response close {slug}",
        ),
        Point(
            "The kept file was judged and passes, or nothing is kept",
            not queries.needs_judging(study, Retention.STANDARD),
            f"harken destroy judge {slug}, or the button below: later nobody can. "
            "Without it a plan must say so, and both sides approve that",
        ),
    ]


def rehearsed(study: Study) -> dt.datetime | None:
    """When the destruction was last rehearsed."""
    found = ledger.entries(study=study.slug, event=Event.REHEARSED).last()
    return found.at if found else None


def alarms(*, at: dt.datetime) -> list[Alarm]:
    """What is due today in every study, the broken promises first."""
    found = []
    for study in studies.all_studies():
        standing = queries.standing(study, at=at)
        days = standing.days_left
        if days is None:
            continue
        says = ""
        if standing.overdue:
            says = (
                f"OVERDUE by {-days} days: nothing opens any more, but the keys are "
                "still there. Destroy them now."
            )
        elif days <= DESTROY:
            says = f"Due in {days} days: run the destruction."
        elif days <= PLAN and standing.run is None:
            says = f"Due in {days} days: plan, and have both sides approve."
        elif days <= REHEARSE and rehearsed(study) is None:
            says = f"Due in {days} days: rehearse."
        if says:
            found.append(Alarm(study.slug, says, standing.overdue))
    return sorted(found, key=lambda alarm: not alarm.overdue)
