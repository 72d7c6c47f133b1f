"""Reads of the destruction room: what would happen, what stands, what was certified."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from harken.method.anonymisation import Fate, Side, Step
from harken.method.errors import refuse
from harken.method.ledger import Event, Frontier
from harken.method.study import State
from harken.method.terms import CaseRef
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import progress, proof
from harken.service.anonymisation.faults import NO_CERTIFICATE, NO_PLAN
from harken.service.anonymisation.models import Approval, Certificate, Run
from harken.service.anonymisation.sweep import ROOMS, people_models
from harken.service.interview import queries as interviews
from harken.service.ledger import queries as ledger
from harken.service.response import queries as answers
from harken.service.study.models import Study
from harken.service.vault import holder
from harken.service.vault import queries as vault
from harken.service.vault.models import Enrolment

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


def fates(study: Study, retention: Retention, *, at: dt.datetime) -> dict[str, Fate]:
    """What a destruction now would make of each commitment that still has keys.

    Those withdrawn before and settled are not in it.
    """
    held = holder.store(study.slug)
    keep: set[CaseRef] = set()
    if retention is Retention.STANDARD:
        keep = set(kept(study, at=at))
    found: dict[str, Fate] = {}
    for person in (*held.people(Retention.STANDARD), *held.people(Retention.RECONTACT)):
        if person.withdrawn or found.get(person.commitment) is Fate.WITHDRAWN:
            found[person.commitment] = Fate.WITHDRAWN
        elif person.ref in keep:
            found[person.commitment] = Fate.RECONTACT
        else:
            found[person.commitment] = Fate.DESTROYED
    return found


def people(
    study: Study, retention: Retention, *, at: dt.datetime
) -> list[tuple[str, Fate]]:
    """Everybody enrolled, in order, with what a destruction now makes of them."""
    now = fates(study, retention, at=at)
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


def foresee(study: Study, retention: Retention, *, at: dt.datetime) -> Foresight:
    """The dry run: counts only, nothing is changed."""
    everybody = [fate for _, fate in people(study, retention, at=at)]
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
        rows=rows,
    )


def plan(study: Study, retention: Retention, *, at: dt.datetime) -> dict[str, object]:
    """The plan as a document: what is approved, logged and certified."""
    foreseen = foresee(study, retention, at=at)
    row = Enrolment.objects.filter(study=study.slug).first()
    raw = bytes.fromhex(row.peaks) if row else b""
    peaks = [raw[i : i + 32] for i in range(0, len(raw), 32)]
    root = Frontier(row.size if row else 0, peaks).root().hex()
    return {
        "study": study.slug,
        "retention": retention.value,
        "policy": policy(study)["digest"],
        "enrolled": {"size": foreseen.enrolled, "root": root},
        "counts": {
            "enrolled": foreseen.enrolled,
            "withdrawn": foreseen.withdrawn,
            "recontact": foreseen.recontact,
            "destroyed": foreseen.destroyed,
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


def uncollected(study: Study, *, at: dt.datetime) -> tuple[int, int]:
    """How many ended interviews can still be collected, and how many nobody can read."""
    past = vault.is_past(study.slug, at=at)
    lost = [past and interviews.is_lost(row) for row in interviews.awaiting(study)]
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


def policy(study: Study) -> dict[str, str]:
    """The promise as the keyring holds it."""
    held = holder.store(study.slug)
    ring = held.ring(Retention.STANDARD) or held.need(Retention.RECONTACT)
    return {name: str(value) for name, value in ring.policies[0].items()}


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
    """What was destroyed so far, by class, as the newest certificate of each says."""
    newest = {one.run.retention: one for one in certificates(slug)}
    return [
        Happened(
            retention=Retention(retention),
            destroyed_at=dt.datetime.fromisoformat(body["destroyed_at"]),
            promised=one.run.promised,
            late=body["late"],
            counts=body["counts"],
            certificate=one,
        )
        for retention, one in newest.items()
        for body in (json.loads(one.text)["certificate"],)
    ]


def severed(study: Study | None) -> tuple[dt.date, str] | None:
    """Since when nobody can be told apart, and the number of the certificate that says
    so; None while the link lives.
    """
    if study is None or study.state != State.DESTROYED:
        return None
    for one in happened(study.slug):
        if one.retention is Retention.STANDARD:
            day = one.destroyed_at.astimezone(holder.LONDON).date()
            return day, one.certificate.file_name.removesuffix(".json")
    return None


def standing(study: Study, *, at: dt.datetime) -> Standing:
    """How the promise stands: days left, alarm, plan, approvals, certificate."""
    seen = vault.overview(study.slug)
    live = seen.live + seen.withdrawn_waiting
    end = seen.deadline if live else seen.recontact_end
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
