"""Writes of the desk: take a text, confirm it, take the step back, code it, give it back.

Handing over what was read, and destroying what was not, is in ``crossing.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from harken.method import redaction as method
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.redaction import Known
from harken.method.terms import Actor, Arm, CaseRef
from harken.method.vault import Identity
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.redaction import faults, queries, sealed
from harken.service.redaction.models import FOLLOWING, Reading
from harken.service.response import queries as responses
from harken.service.safeguarding import actions as safeguarding
from harken.service.sampling import queries as sampling
from harken.service.study.models import Study
from harken.service.vault import custody
from harken.service.vault import queries as vault

State = Reading.State


def take_next(study: Study, *, by: Actor, at: dt.datetime) -> Reading | None:
    """Put the next text before a reader, marked; None when none waits for them.

    Those that wait for a second reader come first, and never to their first reader.
    Raises HarkenError ACC-001, RED-101, and the key holder's refusals.
    """
    check(by, Permission.REDACT)
    _check_open(study, at)
    already = queries.held(study, states=queries.BEING_READ, by=by, at=at)
    if already is not None:
        return already
    with transaction.atomic():
        _one_at_a_time(study)
        second = (
            queries.readings(study)
            .filter(queries.free(at), state=State.SECOND)
            .exclude(first_by=by.label)
        )
        given_back = queries.readings(study).filter(queries.free(at), state=State.FIRST)
        for reading in (second.first(), given_back.first()):
            if reading is not None:
                return _hold(reading, by=by, at=at)
        return _next_new(study, by=by, at=at)


def confirm(
    reading: Reading, words: str, *, looked: bool = False, by: Actor, at: dt.datetime
) -> None:
    """Say that these words hold nothing that tells who wrote them.

    The first reading of a sensitive case waits for a second reader. Raises HarkenError
    ACC-001, RED-001, RED-002 unless ``looked``, RED-005, RED-101, RED-102.
    """
    check(by, Permission.REDACT)
    _check_open(reading.study, at)
    with transaction.atomic():
        row = _mine(reading, queries.BEING_READ, by=by, at=at)
        raw, marks = sealed.open_text(row.text), sealed.open_marks(row)
        kept = method.check_redaction(raw, words, marks, looked=looked)
        row.work = sealed.seal_work(row, sealed.Work(kept))
        _step(row, _after(row), by=by, at=at)


def keep_nothing(reading: Reading, *, by: Actor, at: dt.datetime) -> None:
    """Say that nothing of the text can be kept; it goes when texts are handed over."""
    check(by, Permission.REDACT)
    _check_open(reading.study, at)
    with transaction.atomic():
        row = _mine(reading, queries.BEING_READ, by=by, at=at)
        _step(row, State.NOTHING, by=by, at=at)


def give_back(reading: Reading, *, by: Actor, at: dt.datetime) -> None:
    """Leave the text to somebody else, as it was."""
    with transaction.atomic():
        row = _mine(reading, (*queries.BEING_READ, State.READ), by=by, at=at)
        row.held_by = ""
        row.save(update_fields=["held_by"])


def undo(study: Study, *, by: Actor, at: dt.datetime) -> Reading:
    """Take one's last step back and have the text before one again.

    Raises HarkenError RED-101, RED-103.
    """
    _check_open(study, at)
    with transaction.atomic():
        row = queries.last_step(study, by=by)
        if row is None:
            raise refuse(faults.NOTHING_TO_UNDO)
        if row.state == State.CODED:
            check(by, Permission.CODE)
            before = State.READ
            row.coded_by = ""
            row.work = sealed.seal_work(row, sealed.Work(sealed.open_work(row).words))
        else:
            check(by, Permission.REDACT)
            before = State.SECOND if row.second_by else State.FIRST
            row.first_by, row.second_by = (
                (row.first_by, "") if row.second_by else ("", "")
            )
        _become(row, before)
        return _hold(row, by=by, at=at)


def raise_concern(reading: Reading, *, facts: str, by: Actor, at: dt.datetime) -> None:
    """Tell the safeguarding lead that the writer may be in danger (SAF-43)."""
    check(by, Permission.REDACT)
    row = _mine(reading, queries.BEING_READ, by=by, at=at)
    safeguarding.raise_alert(
        row.study,
        CaseRef(row.text.case),
        kind="disclosure",
        stage="free text",
        facts=facts.strip(),
        by=by,
        at=at,
    )


def take_next_to_code(study: Study, *, by: Actor, at: dt.datetime) -> Reading | None:
    """Put the next redacted text before a coder; None when none waits.

    Raises HarkenError ACC-001, RED-101, RED-104.
    """
    check(by, Permission.CODE)
    _check_open(study, at)
    known = responses.frames(study)
    if not known:
        raise refuse(faults.NO_FRAME, study=study.slug)
    already = queries.held(study, states=(State.READ,), by=by, at=at)
    if already is not None:
        return already
    with transaction.atomic():
        _one_at_a_time(study)
        found = (
            queries.readings(study)
            .filter(queries.free(at), state=State.READ, text__question__in=known)
            .first()
        )
        return _hold(found, by=by, at=at) if found else None


def code(reading: Reading, codes: Iterable[str], *, by: Actor, at: dt.datetime) -> None:
    """Sort a redacted text into its frame. Raises HarkenError RED-003, RED-101, RED-102."""
    check(by, Permission.CODE)
    _check_open(reading.study, at)
    frame = responses.frames(reading.study)[reading.text.question]
    chosen = frame.chosen(codes)
    with transaction.atomic():
        row = _mine(reading, (State.READ,), by=by, at=at)
        row.work = sealed.seal_work(
            row, sealed.Work(sealed.open_work(row).words, chosen)
        )
        row.coded_by, row.held_by, row.held_at = by.label, "", at
        _become(row, State.CODED)
        row.save()
        ledger.record(Event.TEXT_CODED, study=row.study.slug, by=by, at=at)


def _one_at_a_time(study: Study) -> None:
    """Two who press *Next text* in the same moment get two texts, one after the other."""
    Study.objects.select_for_update(no_key=True).only("pk").get(pk=study.pk)


def _next_new(study: Study, *, by: Actor, at: dt.datetime) -> Reading | None:
    """The oldest text that nobody has begun; those whose key is gone are dropped."""
    waiting = queries.texts(study).filter(reading=None)
    while (text := waiting.first()) is not None:
        case = sampling.case(CaseRef(text.case))
        if vault.status(study, CaseRef(case.ref)) is not vault.KeyStatus.LIVE:
            text.delete()
            continue
        known = Known()
        if case.arm == Arm.SAMPLE:
            known = _facts(
                custody.open_identity(
                    study,
                    CaseRef(case.ref),
                    purpose=custody.Purpose.REDACTION,
                    by=by,
                    at=at,
                )
            )
        # In the open arm nobody knows what happened, so those are read twice as well.
        twice = case.sensitive or case.arm == Arm.OPEN
        reading = Reading(text=text, study=study, twice=twice)
        marks = method.mark(sealed.open_text(text), known)
        reading.marks = sealed.seal_marks(reading, marks)
        return _hold(reading, by=by, at=at)
    return None


def _facts(person: Identity) -> Known:
    """What the house knows of the writer; it is shown to nobody."""
    return Known(
        names=(person.given_name, person.surname),
        lines=(*person.address_lines, person.town),
        postcode=person.postcode,
        telephone=person.telephone,
        email=person.email,
        reference=person.crime_reference,
        born=person.date_of_birth,
    )


def _check_open(study: Study, at: dt.datetime) -> None:
    if queries.closed(study, at=at):
        day = queries.closes(study).isoformat()
        raise refuse(faults.CLOSED, study=study.slug, day=day)


def _hold(reading: Reading, *, by: Actor, at: dt.datetime) -> Reading:
    reading.held_by, reading.held_at = by.label, at
    reading.save()
    return reading


def _mine(
    reading: Reading, states: Iterable[Reading.State], *, by: Actor, at: dt.datetime
) -> Reading:
    """The row as it stands, while this actor has it before them."""
    row = (
        queries.readings(reading.study)
        .select_for_update(of=("self",))
        .filter(
            Q(held_by=by.label, held_at__gte=at - queries.LEASE),
            pk=reading.pk,
            state__in=tuple(states),
        )
        .first()
    )
    if row is None:
        raise refuse(faults.NOT_HELD)
    return row


def _after(row: Reading) -> Reading.State:
    wanted = row.twice and row.state == State.FIRST
    return State.SECOND if wanted else State.READ


def _step(row: Reading, to: Reading.State, *, by: Actor, at: dt.datetime) -> None:
    """Go forward in this reader's name; one entry of the ledger."""
    if row.state == State.FIRST:
        row.first_by = by.label
    else:
        row.second_by = by.label
    row.held_by, row.held_at = "", at
    _become(row, to)
    row.save()
    ledger.record(Event.TEXT_READ, study=row.study.slug, by=by, at=at, reason=to.value)


def _become(row: Reading, to: Reading.State) -> None:
    if to not in FOLLOWING[State(row.state)]:
        raise ValueError(f"a text does not go from {row.state} to {to}")
    row.state = to
