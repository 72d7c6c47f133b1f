"""Writes of the vault: consents, withdrawals, rotations, backups."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from harken.method.errors import refuse
from harken.method.ledger import Event, canonical
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault.keyring import Fact, Retention
from harken.service.accounts.permissions import Permission, can, check
from harken.service.ledger import actions as ledger
from harken.service.study.models import Study
from harken.service.vault import backup as copies
from harken.service.vault import controller, enrolment, holder, queries, rows
from harken.service.vault.faults import GONE, NO_COPY, WITHDRAWN
from harken.service.vault.models import (
    Backup,
    Commitment,
    Copy,
    RecontactConsent,
    Sealed,
)

Fate = Commitment.Fate
CHUNK = 400


@dataclass(frozen=True, slots=True)
class Rotation:
    """What one rotation did: keys dead, people who withdrew, people kept again."""

    epoch_keys_destroyed: int
    withdrawn: int
    recontact: int


def consent_recontact(
    study: Study,
    ref: CaseRef,
    *,
    purposes: Sequence[str],
    until: dt.date,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Keep a person's own consent to be contacted again; never beyond their promise's date.

    Raises HarkenError VAU-102 or VAU-103 when their keys are gone or refused.
    """
    _check_carrier(by)
    keys = holder.store(study.slug)
    keys.need(Retention.STANDARD)
    standing = keys.status(ref)
    if standing == "withdrawn":
        raise refuse(WITHDRAWN)
    if standing != "live":
        raise refuse(GONE)
    latest = dt.date.fromisoformat(str(keys.promise(ref)["recontact_until"]))
    with transaction.atomic(using="default"):
        RecontactConsent.objects.update_or_create(
            study=study.slug,
            ref=ref,
            defaults={
                "purposes": list(purposes),
                "until": min(until, latest),
                "agreed_on": at.astimezone(holder.LONDON).date(),
            },
        )
        ledger.record(
            Event.RECONTACT_AGREED,
            study=study.slug,
            by=by,
            at=at,
            subject=holder.handle_of(study.slug, ref),
        )


def look_up(
    study: Study, fact: Fact, text: str, *, by: Actor, at: dt.datetime
) -> list[CaseRef]:
    """Who carries exactly this telephone number, reference or the like; opens nobody.

    Asked of the key holder, which counts it. Raises HarkenError ACC-001, VAU-115, VAU-117
    when too many were asked for, and VAU-101 once the keys are gone.
    """
    check(by, Permission.HELPDESK)
    found = holder.store(study.slug).look_up(fact, text, by=by, at=at)
    ledger.record(
        Event.PERSON_LOOKED_UP,
        study=study.slug,
        by=by,
        at=at,
        subject=holder.handle_of(study.slug, found[0]) if len(found) == 1 else "",
        counts={"found": len(found)},
        reason=fact.value,
    )
    return found


def withdraw(study: Study, ref: CaseRef, *, by: Actor, at: dt.datetime) -> None:
    """Refuse this person's keys at once, everywhere; they die at the next rotation.

    The sealed identity and the consent are deleted. Withdrawing twice does no harm, and
    ends what was cut short after the keys were refused.
    """
    _check_carrier(by)
    held = holder.store(study.slug)
    standing = held.status(ref)
    if standing == "gone":
        raise refuse(GONE)
    with transaction.atomic(using="default"):
        mine = {"study": study.slug, "ref": ref}
        left = RecontactConsent.objects.filter(**mine).delete()[0]
        left += Sealed.objects.filter(**mine).delete()[0]
        if standing == "withdrawn" and not left:
            return
        ledger.record(
            Event.PERSON_WITHDRAWN,
            study=study.slug,
            by=by,
            at=at,
            subject=holder.handle_of(study.slug, ref),
        )
        held.withdraw([ref])


def end_consent(study: Study, ref: CaseRef, *, by: Actor, at: dt.datetime) -> None:
    """End a consent to be contacted again; the keys go with everybody else's.

    Ending what was never given does no harm.
    """
    check(by, Permission.RIGHTS)
    take_back_consent(study, ref, by=by, at=at)


def take_back_consent(
    study: Study, ref: CaseRef, *, by: Actor, at: dt.datetime
) -> None:
    """The same as part of another act, which has checked who may: a no to everything."""
    with transaction.atomic(using="default"):
        ended, _ = RecontactConsent.objects.filter(study=study.slug, ref=ref).delete()
        if ended:
            ledger.record(
                Event.RECONTACT_ENDED,
                study=study.slug,
                by=by,
                at=at,
                subject=holder.handle_of(study.slug, ref),
            )


def rotate(study: Study, *, by: Actor, at: dt.datetime) -> Rotation:
    """Destroy the keys of those who withdrew, by rotating to keyrings without them.

    Those who agreed to be contacted again are copied, contact key only, into their own
    class. Safe to run again after a crash at any point.
    """
    check(by, Permission.DESTROY_PLAN)
    slug = study.slug
    enrolment.register_holders(slug, by=by, at=at)
    enrolment.record_promises(slug, by=by, at=at)
    settle_withdrawn(slug)
    held = holder.store(slug)
    held.rotate(queries.consents(slug, at=at))
    report = finish(slug, by=by, at=at)
    _forget_ended(held, at=at)
    return report


def _forget_ended(held: holder.Keys, *, at: dt.datetime) -> None:
    """Consents whose own day is over, and what is sealed of those without a key, go."""
    day = at.astimezone(holder.LONDON).date()
    ended = RecontactConsent.objects.filter(study=held.study, until__lt=day)
    refs = set(ended.values_list("ref", flat=True))
    if not refs:
        return
    living = {one.ref for kind in Retention for one in held.people(kind)}
    dead = sorted(refs - living)
    with transaction.atomic(using="default"):
        for start in range(0, len(dead), CHUNK):
            chunk = dead[start : start + CHUNK]
            Sealed.objects.filter(study=held.study, ref__in=chunk).delete()
        ended.delete()


def settle_withdrawn(slug: str) -> int:
    """Mark the commitments of those whose keys the next rotation leaves out."""
    held = holder.store(slug)
    gone = {
        person.commitment
        for retention in Retention
        if (ring := held.ring(retention)) and ring.withdrawn
        for person in held.people(retention)
        if person.withdrawn
    }
    return mark(slug, gone, Fate.WITHDRAWN)


def finish(slug: str, *, by: Actor, at: dt.datetime) -> Rotation:
    """Destroy the epoch keys that no pointer names, and write all of it in the ledger."""
    held = holder.store(slug)
    destroyed = held.recover(at=at)
    enrolment.record_epochs(slug, by=by, at=at)
    again = held.ring(Retention.RECONTACT)
    _settle_left_out(held)
    withdrawn = Commitment.objects.filter(study=slug, fate=Fate.WITHDRAWN).count()
    report = Rotation(destroyed, withdrawn, again.people if again else 0)
    if destroyed:
        ledger.record(
            Event.KEYRING_ROTATED,
            study=slug,
            by=by,
            at=at,
            counts={
                "epoch_keys_destroyed": report.epoch_keys_destroyed,
                "withdrawn": report.withdrawn,
                "recontact": report.recontact,
            },
        )
    return report


def _settle_left_out(held: holder.Keys) -> None:
    """Those kept whose consent ran out, and who have no keys any more, are destroyed."""
    kept = Commitment.objects.filter(study=held.study, fate=Fate.RECONTACT)
    if not kept.exists():
        return
    living = {
        person.commitment
        for retention in Retention
        for person in held.people(retention)
    }
    gone = set(kept.values_list("value", flat=True)) - living
    mark(held.study, gone, Fate.DESTROYED)


def mark(slug: str, values: set[str], fate: Commitment.Fate) -> int:
    """Set the fate of commitments; returns how many changed."""
    wanted = sorted(values)
    changed = 0
    with transaction.atomic(using="default"):
        for start in range(0, len(wanted), CHUNK):
            changed += (
                Commitment.objects.filter(
                    study=slug, value__in=wanted[start : start + CHUNK]
                )
                .exclude(fate=fate)
                .update(fate=fate)
            )
    return changed


def backup(folder: Path, *, by: Actor, at: dt.datetime) -> str:
    """Copy databases and sealed keyrings into a new folder; returns the copy's digest.

    The copy is registered: every certificate names it. No epoch key is in it.
    """
    check(by, Permission.DESTROY_PLAN)
    files = copies.write(folder)
    digest = hashlib.sha256(canonical(files)).hexdigest()
    with transaction.atomic(using="default"):
        Backup.objects.create(digest=digest, files=len(files), made_at=at)
        ledger.record(
            Event.BACKUP_MADE,
            study="",
            by=by,
            at=at,
            subject=digest,
            counts={"files": len(files)},
        )
    return digest


def name_controller(key: str, *, by: Actor) -> None:
    """Keep the controller's public key; each promise bound from now on carries it."""
    check(by, Permission.STUDY_MANAGE)
    controller.name(key.strip())


def extend(study: Study, note: str, *, by: Actor, at: dt.datetime) -> str:
    """Take a later date that the controller signed; returns it. In time, or refused.

    It is for those enrolled from now on. Done again it ends what was cut short.
    Raises HarkenError VAU-104, VAU-128, VAU-129, or LED-007 for another's signature.
    """
    check(by, Permission.DESTROY_PLAN)
    with transaction.atomic(using="default"):
        rows.locked(study.slug)  # nobody is enrolled between the promise and its entry
        policy = holder.store(study.slug).extend(note, at=at)
        enrolment.record_promises(study.slug, by=by, at=at)
    study.refresh_from_db(fields=["later"])
    return str(policy["destroy_by"])


def register_copy(
    study: Study,
    *,
    recipient: str,
    purpose: str,
    people: int,
    file_hash: str,
    by: Actor,
    at: dt.datetime,
    handed_at: dt.datetime | None = None,
) -> Copy:
    """Note that identities leave the house in a file of this SHA-256, or left it then.

    Handing over the same file twice is one row. Call it before the file is handed over.
    """
    if not can(by, Permission.DESTROY_PLAN):
        check(by, Permission.FIELD_MANAGE)
    with transaction.atomic(using="default"):
        row, made = Copy.objects.get_or_create(
            study=study.slug,
            file_hash=file_hash,
            defaults={
                "recipient": recipient,
                "purpose": purpose,
                "people": people,
                "handed_at": handed_at or at,
            },
        )
        if made:
            ledger.record(
                Event.COPY_HANDED_OVER,
                study=study.slug,
                by=by,
                at=at,
                subject=file_hash,
                counts={"people": people},
                reason=purpose,
            )
    return row


def confirm_copy(study: Study, file_hash: str, *, by: Actor, at: dt.datetime) -> None:
    """Note that the recipient has confirmed, in writing, that its copy is destroyed."""
    check(by, Permission.DESTROY_PLAN)
    with transaction.atomic(using="default"):
        rows = Copy.objects.filter(study=study.slug, file_hash=file_hash)
        if not rows.exists():
            raise refuse(NO_COPY)
        if rows.filter(confirmed_at__isnull=True).update(confirmed_at=at):
            ledger.record(
                Event.COPY_CONFIRMED,
                study=study.slug,
                by=by,
                at=at,
                subject=file_hash,
            )


def _check_carrier(by: Actor) -> None:
    """A consent or withdrawal is the person's own, or carried by staff who speak to them."""
    if by.role in (Role.RESPONDENT, Role.INTERVIEWER, Role.SAFEGUARDING, Role.SYSTEM):
        return
    if by.role is Role.GUARDIAN:  # who answers requests (harken.service.rights)
        return
    check(by, Permission.HELPDESK)
