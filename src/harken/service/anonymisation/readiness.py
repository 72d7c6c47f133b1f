"""What stands between a study and its promise: a list a data guardian works through.

Reads only. The list is the rehearsal: nothing dies, and every line says what to do.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from harken.method.anonymisation import Side
from harken.method.ledger import Event
from harken.method.rights import clocks
from harken.method.study import State
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import queries, registry
from harken.service.interview import queries as interviews
from harken.service.ledger import queries as ledger
from harken.service.redaction import queries as desk
from harken.service.response import queries as answers
from harken.service.safeguarding import queries as alerts
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import queries as vault

REHEARSE, PLAN, DESTROY = 30, 7, 2
"""Days before the promised day: rehearse, plan and approve, destroy."""
EARLY = 2 * REHEARSE
"""A rehearsal longer before the day says nothing of the study as it is now."""


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

    For a part of the people, what concerns them; once the study's identities are
    destroyed, what remains to be done for those who agreed to be contacted again.
    """
    slug = study.slug
    retention, part = queries.coming(study)
    run = queries.current_run(study)
    given = queries.approvals(run) if run else {}
    open_copies = registry.unconfirmed(study)
    standard = retention is Retention.STANDARD and study.state != State.DESTROYED
    found = _before(study, at=at, part=part) if standard else []
    waiting = _unanswered(slug)
    found.append(
        Point(
            f"Everybody who asked about their data was answered ({waiting} open)",
            waiting == 0,
            "answer them under Requests: afterwards nobody can tell whose they are",
        )
    )
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


def _unanswered(slug: str) -> int:
    """How many requests the ledger knows that were neither answered nor refused."""
    received, answered, refused = (
        set(ledger.entries(study=slug, event=event).values_list("subject", flat=True))
        for event in (
            Event.REQUEST_RECEIVED,
            Event.REQUEST_ANSWERED,
            Event.REQUEST_REFUSED,
        )
    )
    return len(received - answered - refused)


def _unreviewed(slug: str) -> list[dt.datetime]:
    """When somebody was first opened in each emergency that nobody has reviewed."""
    opened: dict[str, dt.datetime] = {}
    for entry in ledger.entries(study=slug, event=Event.EMERGENCY_OPENED):
        opened.setdefault(entry.subject, entry.at)
    seen = ledger.entries(study=slug, event=Event.EMERGENCY_REVIEWED)
    for subject in seen.values_list("subject", flat=True):
        opened.pop(subject, None)
    return list(opened.values())


def _before(study: Study, *, at: dt.datetime, part: bool) -> list[Point]:
    """What can be done only while there is a frame and a link."""
    slug = study.slug
    danger = alerts.alerts(study).exclude(state="resolved").count()
    unseen = len(_unreviewed(slug))
    waiting, lost = queries.uncollected(study, at=at, part=part)
    unread = f"; {lost} that nobody can read any more end unread" if lost else ""
    found = [] if part else _ended(study)
    return [
        *found,
        Point(
            f"Every answer is collected ({waiting} waiting{unread})",
            waiting == 0,
            f"harken response collect {slug}",
        ),
        Point(
            f"No alert is open ({danger} open)",
            danger == 0,
            "whoever may be in danger cannot be reached afterwards: the safeguarding "
            "lead decides first",
        ),
        Point(
            f"Every opening in an emergency was reviewed ({unseen} open)",
            unseen == 0,
            "the guardian or the controller, under Requests: the reason dies with the keys",
        ),
        Point(
            "The kept file was judged and passes, or nothing is kept",
            not queries.needs_judging(study, Retention.STANDARD),
            f"harken destroy judge {slug}, or the button below: later nobody can. "
            "Without it a plan must say so, and both sides approve that",
        ),
    ]


def _ended(study: Study) -> list[Point]:
    """What must be over before everybody is destroyed."""
    return [
        Point(
            "Fieldwork is closed",
            study.state == State.CLOSED,
            f"harken destroy close {study.slug}: from then on nobody is asked",
        ),
        Point(
            "The sample is written to the answers zone",
            answers.is_closed(study),
            f"harken response close {study.slug}",
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
        if says := _due(study, standing):
            found.append(Alarm(study.slug, says, standing.overdue))
        if waiting := vault.overview(study.slug).withdrawn_waiting:
            who = (
                "One person who withdrew waits"
                if waiting == 1
                else (f"{waiting} people who withdrew wait")
            )
            says = f"{who} for their keys to die: harken vault rotate {study.slug}."
            found.append(Alarm(study.slug, says, overdue=False))
        found += _left_over(study, at=at) + _to_review(study, at=at)
        found += _to_record(study)
    return sorted(found, key=lambda alarm: not alarm.overdue)


def _left_over(study: Study, *, at: dt.datetime) -> list[Alarm]:
    """Texts that nobody may read any more, and answers whose own day has passed."""
    found, slug = [], study.slug
    if study.state != State.DESTROYED:
        texts = desk.progress(study, at=at)
        if texts.closed and texts.total:
            says = (
                f"The desk has closed: {texts.ready} texts wait to be handed over, "
                f"{texts.unfinished} end unread: harken redaction end {slug}."
            )
            found.append(Alarm(slug, says, overdue=False))
    if answers.over(study, at=at) and any(answers.count(slug).values()):
        says = f"Answers are kept longer than was said: harken response end {slug}."
        found.append(Alarm(slug, says, overdue=True))
    return found


def _to_review(study: Study, *, at: dt.datetime) -> list[Alarm]:
    """Openings in an emergency that nobody has looked at, be the keys gone or not."""
    opened = _unreviewed(study.slug)
    if not opened:
        return []
    number, overdue = len(opened), any(at > clocks.review_by(one) for one in opened)
    what = "One opening" if number == 1 else f"{number} openings"
    if study.state == State.DESTROYED:
        says = (
            f"{what} in an emergency not reviewed before the keys died: the guardian or "
            "the controller closes it so, under Requests."
        )
        return [Alarm(study.slug, says, overdue)]
    says = f"{what} in an emergency to be reviewed by the guardian or the controller"
    says += ", which 24 hours were for." if overdue else " within 24 hours."
    return [Alarm(study.slug, says, overdue)]


def _to_record(study: Study) -> list[Alarm]:
    """Notices that nobody can listen to since the promise was extended."""
    number = 0 if study.state == State.DESTROYED else interviews.unheard(study)
    if not number:
        return []
    what = "One notice is" if number == 1 else f"{number} notices are"
    says = (
        f"{what} not read aloud any more, since the recording says the first days: "
        f"harken interview record {study.slug}, or record a person reading what "
        f"harken interview texts {study.slug} lists with no."
    )
    return [Alarm(study.slug, says, overdue=False)]


def _due(study: Study, standing: queries.Standing) -> str:
    """What the promised day asks for on this day; empty when nothing."""
    days = standing.days_left
    if days is None:
        return ""
    if standing.overdue:
        return (
            f"OVERDUE by {_days(-days)}: nothing opens any more, but the keys are still "
            "there. Destroy them now."
        )
    when = f"Due in {_days(days)}" if days else "Due today"
    missing = [side.value for side in Side if side.value not in standing.approved]
    if days <= PLAN and standing.run is None:
        return f"{when}: plan, and have both sides approve."
    if days <= PLAN and missing:
        return f"{when}: planned, and not approved yet by {' and '.join(missing)}."
    if days <= DESTROY:
        return f"{when}: run the destruction."
    last = rehearsed(study)
    since = days + (standing.today - last.date()).days if last else EARLY + 1
    return f"{when}: rehearse." if days <= REHEARSE and since > EARLY else ""


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
