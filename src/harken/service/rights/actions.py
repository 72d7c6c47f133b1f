"""Writes of the registers. Each is one ledger entry that names a number and no person."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone

from harken.method import rights as method
from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Event
from harken.method.rights import AccessDocument, Ground, RequestKind, faults
from harken.method.terms import RESPONDENT, Actor, CaseRef, Role
from harken.method.vault import Identity, KeyName
from harken.method.vault.keyring import Fact
from harken.service.accounts.permissions import Permission, check
from harken.service.anonymisation import actions as anonymisation
from harken.service.contact import actions as contact
from harken.service.contact import safe
from harken.service.rights import days, pauses, queries
from harken.service.rights.entries import open_request, record
from harken.service.rights.models import Asker, Request
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody, sealing
from harken.service.vault import queries as keys
from harken.service.vault.queries import KeyStatus

TOO_MANY = anonymisation.TOO_MANY
NO_KEYS = "VAU-101"
ALPHABET = "2346789CDFGHJKMNPQRTVWX"
LEAVING = (RequestKind.WITHDRAWAL, RequestKind.ERASURE)
CHECKS = ("called_back", "two_facts", "receipt_code", "in_person")
"""How the guardian made sure that it is the right person."""
FACTS = ("telephone", "email", "date_of_birth", "postcode", "crime_reference")
"""What they make sure by: nobody is rung on a number, or compared by one, unseen."""


def take_in(
    study: Study,
    kind: RequestKind,
    *,
    channel: str,
    by: Actor,
    at: dt.datetime,
    code: str = "",
    known: tuple[str, str] = ("", ""),
    received_on: dt.date | None = None,
) -> Request:
    """Write a request down and start its clock; tie it to whom a code stands for.

    The clock runs from the day it reached the house, which may be before it is entered.

    A receipt code or the code of a letter finds the person; without a code, the kind and
    the whole of one fact that they know of themselves. Where neither leads anywhere the
    request stands, untied. Raises HarkenError ACC-001, CON-011, RIG-008, RIG-012, 013, 017.
    """
    if by.role is not Role.RESPONDENT:
        check(by, Permission.HELPDESK)
    if channel not in Request.Channel.values:
        raise refuse(faults.UNKNOWN_WORD, what="how they asked")
    came = days.moment(received_on, at=at)
    ref = None
    if code.strip():
        ref = _whose(study, code, at=at, source=f"staff {by.label}")
    elif any(known):
        ref = _known_by(study, *known, by=by, at=at)
    with transaction.atomic():
        row = Request.objects.create(
            study=study,
            number=new_number("R"),
            kind=kind.value,
            channel=channel,
            received_at=came,
            entered_at=at,
            received_by=by.label,
            due_on=days.answer_by(study, came),
        )
        if ref is not None:
            Asker.objects.create(request=row, ref=ref)
        record(
            Event.REQUEST_RECEIVED,
            row,
            by=by,
            at=at,
            reason=kind.value,
            counts={"days_since_it_came": days.late(came, at=at)},
        )
    return row


def take_in_on_the_web(
    study: Study, kind: RequestKind, code: str, *, at: dt.datetime, source: str
) -> str:
    """A request the person makes themselves, by code; returns its number.

    Whatever the code was, there is a number: nobody learns from it whether a code
    exists. A request that no code ties to anybody is not kept, for it cannot be answered.
    Raises HarkenError CON-011 when too many codes were tried: then none was looked at.
    """
    ref = _whose(study, code, at=at, source=source)
    if ref is None:
        return new_number("R")
    with transaction.atomic():
        row = take_in(study, kind, channel="web", by=RESPONDENT, at=at)
        Asker.objects.create(request=row, ref=ref)
    return row.number


def extend(row: Request, why: str, *, by: Actor, at: dt.datetime) -> None:
    """Take two further months, once; the person was told so, with the reason.

    Raises HarkenError ACC-001, RIG-002, RIG-008 for a reason the law does not know, and
    RIG-014 when the month has passed.
    """
    check(by, Permission.RIGHTS)
    if why not in Request.Longer.values:
        raise refuse(faults.UNKNOWN_WORD, what="why it needs longer")
    with transaction.atomic():
        held = open_request(row)
        if held.longer:
            return
        if pauses.over(held, at=at):
            raise refuse(faults.MONTH_OVER, number=held.number)
        held.longer = why
        held.due_on = pauses.due_on(held)
        held.save(update_fields=["longer", "due_on"])
        record(Event.REQUEST_EXTENDED, held, by=by, at=at, reason=why)


def answer(
    row: Request, *, checked: str, reason: str, by: Actor, at: dt.datetime
) -> None:
    """Do what was asked, once the right person was made sure of.

    Raises HarkenError ACC-001, RIG-002 to RIG-004, RIG-007, RIG-008, and what the act
    itself raises.
    """
    check(by, Permission.RIGHTS)
    _check_reason(reason)
    with transaction.atomic():
        held = open_request(row)
        ref = queries.asker(held)
        _check_checked(checked)
        _seal_reason(held, ref, reason)
    kind = RequestKind(held.kind)
    if kind in LEAVING and _carry_out(held, ref, by=by, at=at):
        # In no transaction of ours: the answers lie in the other database, and that they
        # were deleted there must stand in the ledger whatever becomes of the rest.
        Request.objects.filter(pk=held.pk).update(rerun=True)
    with transaction.atomic():
        held = open_request(row)
        if kind not in LEAVING and kind is not RequestKind.ACCESS:
            held.rerun = _carry_out(held, ref, by=by, at=at)
        held.checked = checked
        _close(held, Request.State.DONE, by=by, at=at)
        record(
            Event.REQUEST_ANSWERED,
            held,
            by=by,
            at=at,
            reason=held.kind,
            counts={"analysis_to_run_again": int(held.rerun)},
        )


def turn_down(
    row: Request, ground: Ground, *, reason: str, by: Actor, at: dt.datetime
) -> None:
    """Refuse or limit a request on a ground of the law, with a reason (DP-07).

    Raises HarkenError ACC-001, RIG-002, RIG-003, RIG-005.
    """
    check(by, Permission.RIGHTS)
    _check_reason(reason)
    method.check_ground(RequestKind(row.kind), ground)
    with transaction.atomic():
        held = open_request(row)
        held.ground = ground.value
        if ground is Ground.NOT_IDENTIFIED:
            held.certificate = queries.certificate_of(held.study)
        asker = Asker.objects.filter(request=held).first()
        if asker is not None:
            _seal_reason(held, CaseRef(asker.ref), reason)
        _close(held, Request.State.REFUSED, by=by, at=at)
        record(Event.REQUEST_REFUSED, held, by=by, at=at, reason=ground.value)


def copy_for(
    row: Request, *, checked: str, by: Actor, at: dt.datetime
) -> AccessDocument:
    """The document that answers a request for a copy; the opening is in the ledger.

    Raises HarkenError ACC-001, RIG-002, RIG-004, RIG-007 and what the vault raises.
    """
    check(by, Permission.RIGHTS)
    held = open_request(row)
    ref = queries.asker(held)
    _check_checked(checked)
    study = held.study
    person = custody.open_identity(
        study, ref, purpose=custody.Purpose.ACCESS, by=by, at=at
    )
    told = queries.told(study, ref)
    return method.access_document(
        studies.folder(study).charter,
        identity={
            **{name: getattr(person, name) for name in Identity.__slots__},
            "safe_ways": safe.told(study, ref),
        },
        design=queries.design(study, ref),
        answers=told.answers,
        openings=queries.openings(study, ref),
        reached=queries.reached(study, ref),
        spoken_for=told.spoken_for,
        made_on=timezone.localdate(at),
        agreed=queries.agreed(study, ref),
        certificate=queries.severed(study, ref),
        own=keys.promised(study, ref),
    )


def facts_of(row: Request, *, by: Actor, at: dt.datetime) -> dict[str, str]:
    """What the guardian rings back on or compares, of a request of any kind.

    It is the same opening as for a copy, and is in the ledger as one. Raises HarkenError
    ACC-001, RIG-002, RIG-004 and what the vault raises.
    """
    check(by, Permission.RIGHTS)
    held = open_request(row)
    ref = queries.asker(held)
    person = custody.open_identity(
        held.study, ref, purpose=custody.Purpose.ACCESS, by=by, at=at
    )
    return {
        "name": f"{person.given_name} {person.surname}",
        "safe_contact": person.safe_contact,
        "safe_ways": safe.told(held.study, ref),
        **{name: getattr(person, name) for name in FACTS},
    }


def unknown_word(what: str = "what to do") -> HarkenError:
    """The refusal of a word that no form of ours sends, or of none (RIG-008)."""
    return refuse(faults.UNKNOWN_WORD, what=what)


def new_number(letter: str) -> str:
    """A number that says nothing of how many there are: ``R-4HQ79WX``."""
    return f"{letter}-" + "".join(secrets.choice(ALPHABET) for _ in range(7))


def _carry_out(row: Request, ref: CaseRef, *, by: Actor, at: dt.datetime) -> bool:
    """Do it; returns whether analyses must be run again."""
    study, kind = row.study, RequestKind(row.kind)
    kept = keys.status(study, ref) is KeyStatus.RECONTACT
    match kind:
        case RequestKind.WITHDRAWAL | RequestKind.ERASURE:
            return anonymisation.withdraw_case(study, ref, by=by, at=at)
        case RequestKind.RECONTACT_END:
            if kept:
                vault.withdraw(study, ref, by=by, at=at)
            else:
                vault.end_consent(study, ref, by=by, at=at)
        case RequestKind.OBJECTION if kept:
            vault.withdraw(study, ref, by=by, at=at)
        case RequestKind.RESTRICTION if kept:
            contact.restrict(study, ref, by=by, at=at)
        case RequestKind.OBJECTION | RequestKind.RESTRICTION:
            contact.opt_out(study, ref, channel=_channel(row), by=by, at=at)
        case _:
            pass
    return False


def _channel(row: Request) -> str:
    return str(row.channel)


def _whose(study: Study, code: str, *, at: dt.datetime, source: str) -> CaseRef | None:
    """The case of a receipt's or a letter's code, if there is one."""
    try:
        return CaseRef(contact.identify(study, code, at=at, source=source).ref)
    except HarkenError as error:
        if error.findings[0].fault.code == TOO_MANY:
            raise
        return None


def _known_by(
    study: Study, kind: str, text: str, *, by: Actor, at: dt.datetime
) -> CaseRef | None:
    """The one person whom a fact belongs to; found inside the key holder, never opened."""
    if kind not in {fact.value for fact in Fact} or not text.strip():
        raise refuse(faults.NO_SUCH_FACT)
    try:
        found = vault.look_up(study, Fact(kind), text, by=by, at=at)
    except HarkenError as error:
        if error.findings[0].fault.code != NO_KEYS:
            raise
        return None  # the honest answer is the guardian's: certificate n
    living = (KeyStatus.LIVE, KeyStatus.RECONTACT)
    found = [ref for ref in found if keys.status(study, ref) in living]
    if len(found) > 1:
        raise refuse(faults.SEVERAL)
    return found[0] if found else None


def _close(row: Request, state: Request.State, *, by: Actor, at: dt.datetime) -> None:
    row.state, row.decided_at, row.decided_by = state, at, by.label
    row.save()


def _seal_reason(row: Request, ref: CaseRef, reason: str) -> None:
    """Keep the words while the person's keys live; gone keys leave the ground alone."""
    try:
        sealed = sealing.seal(
            row.study,
            ref,
            KeyName.TEXT,
            reason.strip().encode(),
            context=queries.REASON,
        )
    except HarkenError:
        return
    Asker.objects.filter(request=row).update(reason=sealed)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse(faults.NEEDS_REASON)


def _check_checked(checked: str) -> None:
    if checked not in CHECKS:
        raise refuse(faults.NOT_CHECKED)
