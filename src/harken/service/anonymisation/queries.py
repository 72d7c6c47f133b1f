"""Reads of the destruction room: what would happen, what stands, what was certified."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from harken.method.anonymisation import Fate, Side, Step
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import CaseRef
from harken.method.vault.keyring import LAST_POLICY, Retention
from harken.service.anonymisation import progress, proof
from harken.service.anonymisation.faults import NO_CERTIFICATE, NO_PLAN
from harken.service.anonymisation.models import Approval, Certificate, Run
from harken.service.anonymisation.sweep import ROOMS, people_models
from harken.service.interview import queries as interviews
from harken.service.ledger import queries as ledger
from harken.service.response import queries as answers
from harken.service.sampling import queries as sampling
from harken.service.study.models import Study
from harken.service.vault import holder
from harken.service.vault import queries as vault

JUDGING = (
    Event.KEPT_FILE_JUDGED,
    Event.RESPONSES_COLLECTED,
    Event.RESPONSE_WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a destruction would do today, in people and in rows."""

    retention: Retention
    enrolled: int
    withdrawn: int
    recontact: int
    destroyed: int
    live: int
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Happened:
    """One destruction that was carried out, and the certificate that says so."""

    retention: Retention
    destroyed_at: dt.datetime
    promised: dt.date
    late: bool
    counts: Mapping[str, int]
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Parting:
    """That people were parted from their answers: all through a promise and its day, when
    it was done, and the number of the certificate that says so."""

    through: int
    promised: dt.date
    day: dt.date
    number: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a study's promise stands on a day."""

    today: dt.date
    deadline: dt.date | None
    days_left: int | None
    overdue: bool
    run: Run | None
    step: Step | None
    approved: tuple[str, ...]
    certificate: Certificate | None


def last_promise(slug: str, retention: Retention, *, part: bool) -> int:
    """The number of the last promise that a destruction of this class covers.

    With ``part`` it is the promise that falls due next, else the latest one.
    """
    ring = holder.store(slug).need(retention)
    return ring.due if part else len(ring.policies) - 1


def has_parts(slug: str, retention: Retention) -> bool:
    """Whether people of this class were given a later promise than those due next."""
    ring = holder.store(slug).ring(retention)
    return ring is not None and ring.due < len(ring.policies) - 1


def coming(study: Study) -> tuple[Retention, bool]:
    """The class whose destruction comes next, and whether of a part of its people.

    That of the plan if there is one; else of the first promised day, and of a part
    while fieldwork goes on; of those kept, always.
    """
    run = current_run(study)
    if run:
        return Retention(run.retention), run.is_part
    due = vault.due(study.slug)
    retention = due[0].retention if due else Retention.STANDARD
    goes_on = retention is Retention.RECONTACT or study.state != State.CLOSED
    return retention, goes_on and has_parts(study.slug, retention)


def leaving(study: Study, through: int) -> set[CaseRef]:
    """Whom a destruction of all through this promise parts from the study: everybody
    but those who were given a later one and have not withdrawn."""
    here = {CaseRef(ref) for ref in sampling.refs(study)}
    for person in holder.store(study.slug).people(Retention.STANDARD):
        if person.promise > through and not person.withdrawn:
            here.discard(person.ref)
        else:
            here.add(person.ref)
    return here


def fates(
    study: Study, retention: Retention, *, through: int, at: dt.datetime
) -> dict[str, Fate]:
    """What a destruction now would make of each commitment that still has keys.

    ``through`` is the last promise it covers. Those withdrawn before and settled are
    not in it.
    """
    held = holder.store(study.slug)
    keep = set(kept(study, at=at))
    standard = retention is Retention.STANDARD
    found: dict[str, Fate] = {}
    for person in held.people(Retention.STANDARD):
        if person.withdrawn:
            found[person.commitment] = Fate.WITHDRAWN
        elif not standard or person.promise > through:
            found[person.commitment] = Fate.LIVE
        else:
            agreed = person.ref in keep
            found[person.commitment] = Fate.RECONTACT if agreed else Fate.DESTROYED
    for person in held.people(Retention.RECONTACT):
        if person.withdrawn:
            found[person.commitment] = Fate.WITHDRAWN
        elif person.commitment not in found:
            stays = person.ref in keep and (standard or person.promise > through)
            found[person.commitment] = Fate.RECONTACT if stays else Fate.DESTROYED
    return found


def people(
    study: Study, retention: Retention, *, through: int, at: dt.datetime
) -> list[tuple[str, Fate]]:
    """Everybody enrolled, in order, with what a destruction now makes of them."""
    now = fates(study, retention, through=through, at=at)
    rows = vault.commitments(study.slug).values_list("value", "fate")
    return [
        (
            value,
            now.get(value) or (Fate(fate) if fate != "enrolled" else Fate.DESTROYED),
        )
        for value, fate in rows
    ]


def kept(study: Study, *, at: dt.datetime) -> list[CaseRef]:
    """Who may be contacted again after a destruction now."""
    return vault.consents(study.slug, at=at)


def foresee(
    study: Study, retention: Retention, *, at: dt.datetime, part: bool = False
) -> Foresight:
    """The dry run: counts only, nothing is changed."""
    held = holder.store(study.slug).ring(retention)
    through = last_promise(study.slug, retention, part=part) if held else LAST_POLICY
    everybody = [fate for _, fate in people(study, retention, through=through, at=at)]
    rows: dict[str, int] = {}
    for room in ROOMS:
        for model, path in people_models(room):
            value = study.pk if path.endswith("_id") else study.slug
            count = model._base_manager.filter(**{path: value}).count()
            rows[f"{room}: {model._meta.verbose_name}"] = count
    return Foresight(
        retention=retention,
        enrolled=len(everybody),
        withdrawn=everybody.count(Fate.WITHDRAWN),
        recontact=everybody.count(Fate.RECONTACT),
        destroyed=everybody.count(Fate.DESTROYED),
        live=everybody.count(Fate.LIVE),
        rows=rows,
    )


def plan(
    study: Study, retention: Retention, *, at: dt.datetime, part: bool = False
) -> dict[str, object]:
    """The plan as a document: what is approved, logged and certified.

    Of everybody in a class, or with ``part`` of those whose promise falls due next.
    """
    foreseen = foresee(study, retention, at=at, part=part)
    ring = holder.store(study.slug).need(retention)
    return {
        "study": study.slug,
        "retention": retention.value,
        "promises": [one.policy["digest"] for one in vault.promises(study.slug)],
        "through": last_promise(study.slug, retention, part=part),
        "promised": ring.policy[retention.day],
        "enrolled": {
            "size": foreseen.enrolled,
            "root": vault.enrolled_root(study.slug),
        },
        "counts": {
            "enrolled": foreseen.enrolled,
            "withdrawn": foreseen.withdrawn,
            "recontact": foreseen.recontact,
            "destroyed": foreseen.destroyed,
            "live": foreseen.live,
        },
        "epochs": _epochs(study.slug),
        "holders": proof.holders(study.slug),
        "witness": ledger.witness(),
        "copies": [
            {"file_hash": copy.file_hash, "confirmed": copy.confirmed_at is not None}
            for copy in vault.copies(study.slug)
        ],
        "backups": [backup.digest for backup in vault.backups()],
        "kept": kept_answers(study.slug) if retention is Retention.STANDARD else {},
    }


def kept_answers(slug: str) -> dict[str, int | str]:
    """How many responses stay behind, and the hash of the judged file of them."""
    return {
        "responses": sum(answers.count(slug).values()),
        "judged": judged(slug),
    }


def uncollected(
    study: Study, *, at: dt.datetime, part: bool = False
) -> tuple[int, int]:
    """How many ended interviews can still be collected, and how many nobody can read.

    With ``part`` only of those whose promise falls due next.
    """
    past = vault.is_past(study.slug, at=at)
    rows = list(interviews.awaiting(study))
    if part and rows:
        through = last_promise(study.slug, Retention.STANDARD, part=True)
        whose = leaving(study, through)
        rows = [row for row in rows if CaseRef(row.case) in whose]
    lost = [past and interviews.is_lost(row) for row in rows]
    return lost.count(False), lost.count(True)


def needs_judging(study: Study, retention: Retention) -> bool:
    """Whether this destruction would leave responses behind that were not judged."""
    return (
        retention is Retention.STANDARD
        and not judged(study.slug)
        and any(answers.count(study.slug).values())
    )


def judged(slug: str) -> str:
    """SHA-256 of the file to be kept, if it was judged, passes and the answers are the
    same since; else empty.
    """
    said = ledger.entries(study=slug).filter(event__in=JUDGING)
    last = ""
    for body in said.values_list("body", flat=True):
        entry = json.loads(body)
        counts = entry["counts"]
        withdrawn = entry["event"] == Event.RESPONSE_WITHDRAWN
        if "records" in counts:
            last = entry["subject"] if entry["reason"] == "passes" else ""
        elif withdrawn or counts.get("responses") or counts.get("confirmed"):
            last = ""
    return last


def _epochs(slug: str) -> list[dict[str, object]]:
    """Every epoch key so far, dead or alive, and who held it when it was made."""
    made = ledger.entries(study=slug, event=Event.EPOCH_KEY_MADE)
    positions = dict(made.values_list("subject", "position"))
    return [
        {
            "commitment": epoch.commitment,
            "destroyed": bool(epoch.receipt),
            "holders": proof.holders_at(slug, positions[epoch.commitment]),
        }
        for epoch in vault.epochs(slug)
    ]


def current_run(study: Study, retention: Retention | None = None) -> Run | None:
    """The newest plan that has not ended, of a class when one is given."""
    runs = Run.objects.filter(study=study.slug, ended_at__isnull=True)
    if retention is not None:
        runs = runs.filter(retention=retention.value)
    return runs.last()


def need_run(study: Study, retention: Retention) -> Run:
    """The same; raises HarkenError ANO-104 when there is none."""
    run = current_run(study, retention)
    if run is None:
        raise refuse(NO_PLAN, study=study.slug)
    return run


def approvals(run: Run) -> dict[Side, str]:
    """Who approved the plan, by side."""
    rows = Approval.objects.filter(run=run).values_list("side", "by")
    return {Side(side): by for side, by in rows}


def certificates(slug: str) -> QuerySet[Certificate]:
    """Every certificate of a study, the oldest first."""
    return Certificate.objects.filter(run__study=slug).select_related("run")


def last_certificate(slug: str) -> Certificate:
    """The newest certificate; raises HarkenError ANO-115 when there is none."""
    found = certificates(slug).last()
    if found is None:
        raise refuse(NO_CERTIFICATE, study=slug)
    return found


def happened(slug: str) -> list[Happened]:
    """What was destroyed so far, each time as the newest certificate of it says."""
    newest = {one.run_id: one for one in certificates(slug)}
    return [
        Happened(
            retention=Retention(one.run.retention),
            destroyed_at=dt.datetime.fromisoformat(body["destroyed_at"]),
            promised=one.run.promised,
            late=body["late"],
            counts=body["counts"],
            certificate=one,
        )
        for one in newest.values()
        for body in (json.loads(one.text)["certificate"],)
    ]


def partings(slug: str) -> list[Parting]:
    """Each destruction of names in its order, as its newest certificate says."""
    return [
        Parting(
            through=one.certificate.run.through,
            promised=one.promised,
            day=one.destroyed_at.astimezone(holder.LONDON).date(),
            number=one.certificate.file_name.removesuffix(".json"),
        )
        for one in happened(slug)
        if one.retention is Retention.STANDARD
    ]


def severed(study: Study | None) -> list[Parting]:
    """How nobody can be told apart any more; empty while one link lives.

    Whoever asks cannot be found, so that all there are is all that can be named.
    """
    if study is None or study.state != State.DESTROYED:
        return []
    return partings(study.slug)


def standing(study: Study, *, at: dt.datetime) -> Standing:
    """How the promise stands: days left, alarm, plan, approvals, certificate.

    Of the class and the people whose promised day comes first.
    """
    end = next((due.end for due in vault.due(study.slug)), None)
    day = (end - dt.timedelta(days=1)).date() if end else None
    today = at.astimezone(holder.LONDON).date()
    run = current_run(study)
    return Standing(
        today=today,
        deadline=day,
        days_left=(day - today).days if day else None,
        overdue=bool(end and at >= end),
        run=run,
        step=progress.read(run).step if run else None,
        approved=tuple(side.value for side in approvals(run)) if run else (),
        certificate=certificates(study.slug).last(),
    )
