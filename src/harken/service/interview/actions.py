"""Writes of the interview room: each answer is durable before its page is left.

One transaction an act. None stores when or how quickly somebody answered, and none
tells a stranger whether an interview exists.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from harken.method import interview as method
from harken.method.contact import Disposition
from harken.method.errors import refuse
from harken.method.interview import Status
from harken.method.interview.paradata import Device, Trace
from harken.method.ledger import Event
from harken.method.questionnaire import Purpose, Questionnaire
from harken.method.study import State
from harken.method.terms import (
    RESPONDENT,
    Actor,
    Arm,
    CaseRef,
    Language,
    Mode,
    ResponseRef,
    Role,
    Speaker,
)
from harken.service.accounts.permissions import Permission, can, check
from harken.service.contact import actions as contact
from harken.service.contact import queries as contacts
from harken.service.contact import safe
from harken.service.interview import (
    faults,
    models,
    queries,
    returning,
    rows,
    sealed,
    steps,
)
from harken.service.ledger import actions as ledger
from harken.service.questionnaire import queries as instruments
from harken.service.sampling import actions as sampling
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import queries as keys

HANDED_IN = (Status.SUBMITTED.value, Status.SCREENED.value)
PIN_DIGITS = 6
RECONTACT_PURPOSES = ("follow_up",)
AGREED = "yes"
ELSEWHERE = "-"
"""Stands in a stored interview where free text was; the text has a row of its own."""

Form = Mapping[str, Sequence[str]]


def check_holder(by: Actor) -> None:
    """Raise HarkenError (ACC-001) unless this actor may hold an interview."""
    if by.role not in {Role.RESPONDENT, Role.SYSTEM}:
        check(by, Permission.CALL)


def begin(
    study: Study,
    *,
    ref: CaseRef | None,
    mode: Mode,
    language: Language,
    by: Actor,
    at: dt.datetime,
    device: Device = Device.UNKNOWN,
    speaker: Speaker = Speaker.PERSON,
) -> models.Interview:
    """Begin the interview of a case, or of a new open case when ``ref`` is None.

    An interview that was begun and not ended is taken up again at the first page not
    yet shown; on the web one that was saved begins anew when its time has passed. Raises
    HarkenError INT-021 when it has ended, INT-022 when the study is not open, INT-024
    when it lies behind a PIN.
    """
    check_holder(by)
    _check_open(study)
    with transaction.atomic():
        row = queries.of_case(study, ref) if ref else None
        if row is not None and row.pin and mode is Mode.WEB:
            if not queries.late(row, today=timezone.localdate(at)):
                raise refuse(faults.NOT_RESUMED)
            row = returning.start_anew(row, at=at)
        if row is not None:
            return steps.take_up(row, mode=mode, speaker=speaker)
        arm = Arm.SAMPLE if ref else Arm.OPEN
        book = instruments.instrument(study)
        begun = steps.begun(book, mode=mode, arm=arm, language=language, at=at)
        begun = replace(begun, trace=Trace(device), speaker=speaker)
        row = _new_row(study, ref, begun, at=at)
        row.document = sealed.seal_document(row, begun)
        row.visit = secrets.token_hex(16)
        rows.begin(row)
        ledger.record(Event.INTERVIEW_BEGUN, study=study.slug, by=by, at=at)
    return row


def answer(
    row: models.Interview,
    question_id: str,
    form: Form,
    *,
    version: int,
    by: Actor,
    at: dt.datetime,
    seconds: float | None = None,
) -> models.Interview:
    """Store the answer to one question and go to the next.

    ``version`` is the one the page was made from; the same answer sent twice counts
    once. ``seconds`` is how long the page was open: only its coarse step is noted.
    Raises HarkenError with field findings, or INT-020 when the interview was changed
    elsewhere since: then nothing is stored, and nothing stored is lost.
    """
    check_holder(by)

    def step(book: Questionnaire, interview: method.Interview) -> method.Interview:
        after = method.answer(book, interview, question_id, form)
        return _noted(interview, after, question_id, seconds)

    return steps.step(row, step, version=version, question_id=question_id)


def skip(
    row: models.Interview,
    question_id: str,
    *,
    version: int,
    by: Actor,
    seconds: float | None = None,
) -> models.Interview:
    """Leave one question and go to the next. Raises as ``answer`` does."""
    check_holder(by)

    def step(book: Questionnaire, interview: method.Interview) -> method.Interview:
        after = method.skip(book, interview, question_id)
        return _noted(interview, after, question_id, seconds)

    return steps.step(row, step, version=version, question_id=question_id)


def _noted(
    before: method.Interview,
    after: method.Interview,
    question_id: str,
    seconds: float | None,
) -> method.Interview:
    """The interview with the page's time noted, and whether its answer was changed."""
    old = before.answers.get(question_id)
    changed = old is not None and old != after.answers[question_id]
    trace = after.trace.noted(question_id, seconds, changed=changed)
    return replace(after, trace=trace)


def go_back(row: models.Interview, *, by: Actor) -> models.Interview:
    """Show the question before; no answer changes."""
    check_holder(by)
    return steps.step(row, method.back)


def go_to(
    row: models.Interview, question_id: str | None = None, *, by: Actor
) -> models.Interview:
    """Show a question on the route, or (None) the first page not yet shown."""
    check_holder(by)

    def step(book: Questionnaire, interview: method.Interview) -> method.Interview:
        return method.go_to(book, interview, question_id)

    return steps.step(row, step)


def speak(row: models.Interview, language: Language, *, by: Actor) -> models.Interview:
    """Go on in another language at the same place."""
    check_holder(by)
    return steps.step(row, lambda _, interview: replace(interview, language=language))


def submit(row: models.Interview, *, by: Actor, at: dt.datetime) -> str:
    """Hand the interview in; returns the receipt code, the same one when asked twice.

    In one transaction: the response gets its random reference, sealed under the link
    key; free text moves to rows of its own; a yes to recontact is passed to the vault;
    the case is complete. Somebody who was not eligible leaves no response, and gets no
    receipt (an empty text). Raises HarkenError INT-011 before the end.
    """
    check_holder(by)
    with transaction.atomic():
        row = steps.locked(row)
        if row.status not in HANDED_IN:
            sitting = queries.sitting(row)
            done = method.submit(sitting.book, sitting.interview)
            _finish(row, sitting.book, done, by=by, at=at)
            code = _make_receipt(row, at=at)
            rows.end(row)
        elif code := _make_receipt(row, at=at):
            row.save(update_fields=["receipt"])
    return code or sealed.open_receipt(row)


def stop(
    row: models.Interview, *, keep: bool, at: dt.datetime, by: Actor = RESPONDENT
) -> None:
    """Break the interview off: keep what was said for the statistics, or delete it.

    Kept answers are collected as a partial interview. Without consent to take part
    there is nothing that may be kept. Raises HarkenError INT-021 when it has ended.
    """
    check_holder(by)
    with transaction.atomic():
        row = steps.locked(row)
        if queries.ended(row):
            raise refuse(faults.ENDED)
        sitting = queries.sitting(row)
        if keep and _agreed(sitting.book, sitting.interview):
            left = sitting.interview.position or ""
            done = replace(
                sitting.interview,
                status=Status.STOPPED,
                position=None,
                trace=replace(sitting.interview.trace, left=left),
            )
            _finish(row, sitting.book, done, by=by, at=at)
            rows.end(row)
        else:
            models.FreeText.objects.filter(study=row.study, case=row.case).delete()
            row.delete()
            slug = row.study.slug
            ledger.record(Event.INTERVIEW_STOPPED, study=slug, by=by, at=at)


def record(
    study: Study,
    ref: CaseRef | None,
    interview: method.Interview,
    *,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Store an interview that was held to its end elsewhere, by the same path.

    For the rehearsal and for paper forms keyed in: no receipt code is made. A case that
    has an interview already is refused (INT-021); ``ref`` None opens an open case.
    """
    if not can(by, Permission.INTAKE):
        check_holder(by)
    _check_open(study)
    book = instruments.instrument(study, version=interview.version)
    with transaction.atomic():
        if ref and queries.of_case(study, ref):
            raise refuse(faults.ENDED)
        row = _new_row(study, ref, interview, at=at)
        _finish(row, book, interview, by=by, at=at)
        row.save(force_insert=True)


def save_for_later(
    row: models.Interview, *, pin: str, by: Actor, at: dt.datetime
) -> str:
    """Put the interview aside behind a PIN; returns the code to come back with.

    Both are needed to return, within the days of the study's safety rules; each return
    code serves once. Raises HarkenError INT-023 for a PIN that is easy to guess.
    """
    check_holder(by)
    _check_pin(pin)
    rules = queries.folder(row.study).charter
    last = timezone.localdate(at) + dt.timedelta(days=rules.safety.resume_days)
    with transaction.atomic():
        row = steps.locked(row)
        if queries.ended(row):
            raise refuse(faults.ENDED)
        row.pin = make_password(pin)
        row.pin_tries = 0
        row.return_by = min(last, rules.calendar.telephone_closes)
        row.visit = ""
        row.save(update_fields=["pin", "pin_tries", "return_by", "visit"])
        return contact.issue_receipt(row.study, CaseRef(row.case), at=at)


def mark_collected(handles: Sequence[str]) -> None:
    """Empty the drafts whose responses crossed: the seals, and the receipts with them."""
    models.Interview.objects.filter(handle__in=handles).update(
        collected=True, document=b"", receipt=b""
    )


def week_of(at: dt.datetime) -> str:
    """The ISO week of a moment in the study's time zone, such as ``2026-W12``."""
    year, week, _ = timezone.localtime(at).isocalendar()
    return f"{year}-W{week:02}"


def _check_open(study: Study) -> None:
    if study.state != State.OPEN:
        raise refuse(faults.STUDY_NOT_OPEN, study=study.slug)


def _check_pin(pin: str) -> None:
    steps = {ord(b) - ord(a) for a, b in pairwise(pin)}
    easy = len(steps) < 2 and steps <= {-1, 0, 1}
    if not (pin.isascii() and pin.isdecimal() and len(pin) == PIN_DIGITS) or easy:
        raise refuse(faults.BAD_PIN, digits=PIN_DIGITS)


def _make_receipt(row: models.Interview, *, at: dt.datetime) -> str:
    """Make the receipt code of an interview handed in, once; empty when none is made."""
    if row.status != Status.SUBMITTED or row.receipt or row.collected:
        return ""
    code = contact.issue_receipt(row.study, CaseRef(row.case), at=at)
    row.receipt = sealed.seal_receipt(row, code)
    return code


def _new_row(
    study: Study, ref: CaseRef | None, interview: method.Interview, *, at: dt.datetime
) -> models.Interview:
    """A row not yet saved; an open case is opened when there is no reference."""
    if ref is None:
        ref = sampling.open_case(study, language=interview.language, at=at)
    return models.Interview(
        handle=secrets.token_hex(16),
        study=study,
        case=ref,
        arm=interview.arm.value,
        mode=interview.mode.value,
        language=interview.language,
        instrument=interview.version,
        status=interview.status.value,
        started=week_of(at),
    )


def end_visits(row: models.Interview) -> None:
    """Nobody who is in this interview now may go on without coming in again."""
    models.Interview.objects.filter(handle=row.handle).update(visit="")


def _agreed(book: Questionnaire, interview: method.Interview) -> bool:
    """Whether consent to take part was asked for and given."""
    return _consents(book, method.final_answers(book, interview), Purpose.TAKE_PART)


def _consents(
    book: Questionnaire, answers: Mapping[str, object], purpose: Purpose
) -> bool:
    return any(
        value == AGREED and book.question(name).purpose is purpose
        for name, value in answers.items()
    )


def _finish(
    row: models.Interview,
    book: Questionnaire,
    done: method.Interview,
    *,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Everything that an interview's end sets going; the caller saves the row."""
    row.status = done.status.value
    row.version += 1
    row.mode = done.mode.value
    row.ended = week_of(at)
    row.pin = ""
    row.document = b""
    if done.status is not Status.SCREENED:
        _hand_over(row, book, done, by=by, at=at)
    whole = done.status is not Status.STOPPED
    event = Event.INTERVIEW_SUBMITTED if whole else Event.INTERVIEW_STOPPED
    ledger.record(event, study=row.study.slug, by=by, at=at, reason=done.status.value)


def _hand_over(
    row: models.Interview,
    book: Questionnaire,
    done: method.Interview,
    *,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Make what was said ready for intake, and close the case."""
    ref = CaseRef(row.case)
    answers = method.final_answers(book, done)
    texts = {
        name: value
        for name, value in answers.items()
        if book.question(name).free_text and isinstance(value, str)
    }
    reasons = {name: why for name, why in done.let_stand(book).items() if why}
    said = {
        name: "\n\n".join(filter(None, (texts.get(name), reasons.get(name))))
        for name in {**texts, **reasons}
    }
    models.FreeText.objects.bulk_create(
        models.FreeText(
            study=row.study,
            case=row.case,
            question=name,
            sealed=sealed.seal_text(row, name, text),
        )
        for name, text in said.items()
    )
    kept = replace(
        done,
        answers=answers | dict.fromkeys(texts, ELSEWHERE),
        confirmed=dict.fromkeys(done.confirmed, ""),
    )
    row.document = sealed.seal_document(row, kept)
    row.response_ref = sealed.seal_link(row, ResponseRef(secrets.token_hex(16)))
    # Whoever said no to contact and answers all the same is counted, not contacted.
    if contacts.standing(ref) is not Disposition.REFUSAL:
        partial = done.status is Status.STOPPED
        contact.complete(row.study, ref, mode=done.mode, at=at, partial=partial)
    if _consents(book, answers, Purpose.RECONTACT):
        # The consent is the person's own; only an interviewer carries it for them.
        carrier = by if by.role is Role.INTERVIEWER else RESPONDENT
        until = keys.promised(row.study, ref).recontact_until
        vault.consent_recontact(
            row.study, ref, purposes=RECONTACT_PURPOSES, until=until, by=carrier, at=at
        )
        safe.carry(row.study, ref)
