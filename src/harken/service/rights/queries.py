"""Reads of the registers, and everything known of one person for the answer to them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.utils import timezone

from harken.method import rights as method
from harken.method.contact import Outcome, again
from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Event
from harken.method.questionnaire import Questionnaire
from harken.method.redaction import CodeFrame
from harken.method.rights import Clock, faults
from harken.method.terms import STANDS, Actor, CaseRef, Speaker
from harken.method.vault import KeyName
from harken.service.accounts.permissions import Permission, check
from harken.service.anonymisation import queries as anonymisation
from harken.service.contact.models import Attempt, Mailing
from harken.service.interview import queries as interviews
from harken.service.interview.models import FreeText
from harken.service.ledger import queries as ledger
from harken.service.questionnaire import queries as instruments
from harken.service.response import queries as responses
from harken.service.response.models import ReadText
from harken.service.rights.models import (
    Asker,
    Complaint,
    Emergency,
    Incident,
    Request,
)
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from harken.service.vault import holder, sealing
from harken.service.vault import queries as keys
from harken.service.vault.models import RecontactConsent

REASON = "decision on a request"
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """One entry of the registers with its clock; ``open`` while there is work left.

    The clock is done when the law's time was kept, which may be before the work is.
    """

    number: str
    what: str
    says: str
    clock: Clock
    row: Request | Complaint | Incident | Emergency
    open: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Question and answer in words, and whether somebody else answered for the person."""

    answers: tuple[tuple[str, str], ...] = ()
    spoken_for: bool = False


def request(number: str) -> Request:
    """The request of this number. Raises HarkenError RIG-001."""
    row = Request.objects.select_related("study").filter(number=number).first()
    if row is None:
        raise refuse(faults.NO_REQUEST, number=number[:12])
    return row


def complaint(number: str) -> Complaint:
    """The complaint of this number. Raises HarkenError RIG-001."""
    row = Complaint.objects.select_related("study").filter(number=number).first()
    if row is None:
        raise refuse(faults.NO_REQUEST, number=number[:12])
    return row


def incident(number: str) -> Incident:
    """The incident of this number. Raises HarkenError RIG-001."""
    row = Incident.objects.select_related("study").filter(number=number).first()
    if row is None:
        raise refuse(faults.NO_REQUEST, number=number[:12])
    return row


def due(*, at: dt.datetime, study: Study | None = None) -> list[Due]:
    """Everything in the registers with its clock: what is due first on top, done last."""
    mine = {"study": study} if study else {}
    opened = Emergency.objects.exclude(opened_at=None)
    found = [
        *(_request(row, at) for row in Request.objects.filter(**mine)),
        *(_complaint(row, at) for row in Complaint.objects.filter(**mine)),
        *(_incident(row, at) for row in Incident.objects.filter(**mine)),
        *(_emergency(row, at) for row in opened.filter(**mine)),
    ]
    return sorted(
        found,
        key=lambda one: (not one.open, one.clock.done, one.clock.due, one.number),
    )


def asker(row: Request) -> CaseRef:
    """The case a request is tied to. Raises HarkenError RIG-004."""
    found = Asker.objects.filter(request=row).first()
    if found is None:
        raise refuse(faults.NOT_LINKED, number=row.number)
    return CaseRef(found.ref)


def reason(row: Request) -> str:
    """The words of the decision, while their person's keys live; else empty."""
    found = Asker.objects.filter(request=row).first()
    if found is None or not found.reason:
        return ""
    try:
        opened = sealing.open_sealed(
            row.study,
            CaseRef(found.ref),
            KeyName.TEXT,
            bytes(found.reason),
            context=REASON,
        )
    except HarkenError:
        return ""
    return opened.decode()


def certificate_of(study: Study) -> str:
    """The number of the newest certificate that names were destroyed; empty before one.

    It proves of each part before it what that part's own one proves.
    """
    found = anonymisation.partings(study.slug)
    return found[-1].number if found else ""


def others_live(study: Study) -> bool:
    """Whether people of this study can be found: all, or those of a later promise."""
    return bool(keys.overview(study.slug).live)


def severed(study: Study, ref: CaseRef) -> str:
    """The certificate by which nothing but this person's contact is left; or empty.

    It is that of the part in which those of their own promise ended.
    """
    if keys.status(study, ref) is not keys.KeyStatus.RECONTACT:
        return ""
    mine = keys.promise_number(study, ref)
    found = anonymisation.partings(study.slug)
    return next((one.number for one in found if one.through >= mine), "")


def kept(row: Request) -> str:
    """The same for whoever asks; empty while more is left of them, or nobody was found."""
    found = Asker.objects.filter(request=row).first()
    return severed(row.study, CaseRef(found.ref)) if found else ""


def agreed(study: Study, ref: CaseRef) -> again.Agreement | None:
    """Their consent to be contacted again, and what was done about it by day."""
    row = RecontactConsent.objects.filter(study=study.slug, ref=ref).first()
    if row is None:
        return None
    done = tuple(map(again.Try.of, row.done))
    told, purposes = again.told_in_words(row.ways), tuple(row.purposes)
    return again.Agreement(row.agreed_on, row.until, purposes, done, told)


def openings(study: Study, ref: CaseRef) -> list[tuple[dt.date, str]]:
    """Each time this person's identity was opened: day and purpose, from the ledger."""
    handle = holder.handle_of(study.slug, ref)
    rows = ledger.entries(study=study.slug, event=Event.IDENTITY_OPENED, subject=handle)
    return [(timezone.localdate(row.at), _reason_in(row.body)) for row in rows]


def access_report(
    study: Study, ref: CaseRef, *, by: Actor
) -> list[tuple[dt.datetime, str, str, str]]:
    """Every entry of the ledger about one person: when, which role, what, why (DP-13)."""
    check(by, Permission.RIGHTS)
    rows = ledger.entries(study=study.slug, subject=holder.handle_of(study.slug, ref))
    return [(row.at, row.role, row.event, _reason_in(row.body)) for row in rows]


def told(study: Study, ref: CaseRef) -> Told:
    """What the person told us, wherever it lies now, own words included."""
    row = interviews.of_case(study, ref)
    if row is None:
        return Told()
    book = instruments.instrument(study, version=row.instrument)
    if row.document:
        held = interviews.sitting(row).interview
        answers = tuple(method.in_words(book, held.answers))
        return Told(answers, spoken_for=held.speaker is not Speaker.PERSON)
    link = interviews.response_ref(study, ref)
    given = responses.answers(study.slug, link) if link else {}
    texts = {
        _beside(book, text.question): sealing.open_sealed(
            study,
            ref,
            KeyName.TEXT,
            bytes(text.sealed),
            context=f"text|{text.question}",
        ).decode()
        for text in FreeText.objects.filter(study=study, case=ref)
    }
    kept = responses.read_texts(study.slug, link) if link else ()
    frames = responses.frames(study) if kept else {}
    read = (
        (book.text(f"{one.question}.text").value, _kept(one, frames.get(one.question)))
        for one in kept
    )
    return Told(
        (*method.in_words(book, {**given, **texts}), *read),
        spoken_for=link is not None and responses.is_proxy(study.slug, link),
    )


def _beside(book: Questionnaire, name: str) -> str:
    """A text by its question, or beside an answer as the reason why it was let stand."""
    return name if book.question(name).free_text else f"{name}{STANDS}"


def _kept(text: ReadText, frame: CodeFrame | None) -> str:
    """What was kept of an answer in own words: its redacted words, or its codes."""
    labels = frame.labels if frame else {}
    sorted_as = "; ".join(labels.get(code, code) for code in text.codes)
    return ". ".join(part for part in (text.words, sorted_as) if part)


def reached(study: Study, ref: CaseRef) -> list[tuple[dt.date, str]]:
    """Each letter and call to this person, and what came of it, by day."""
    letters = Mailing.objects.filter(case__study=study, case__ref=ref)
    calls = Attempt.objects.filter(case__study=study, case__ref=ref)
    found = [(row.sent_on, f"a letter: {row.kind}") for row in letters]
    found += [
        (timezone.localdate(row.at), f"a call: {Outcome(row.outcome).word}")
        for row in calls
    ]
    return sorted(found)


def design(study: Study, ref: CaseRef) -> dict[str, str]:
    """What the person was chosen by."""
    case = Case.objects.filter(study=study, ref=ref).first()
    return {name: str(value) for name, value in case.design.items()} if case else {}


def _request(row: Request, at: dt.datetime) -> Due:
    end = dt.datetime.combine(row.due_on + DAY, dt.time.min, holder.LONDON)
    done = row.state != Request.State.OPEN
    says = row.get_kind_display()
    if row.asked_on is not None and not done:
        # What stands is not overdue: it is looked at as on the morning it was asked.
        at = min(at, dt.datetime.combine(row.asked_on, dt.time.min, holder.LONDON))
        says += "; stands still, the person was asked back"
    clock = Clock(end, done, at)
    return Due(row.number, "request", says, clock, row, open=not done)


def _complaint(row: Complaint, at: dt.datetime) -> Due:
    end = dt.datetime.combine(row.acknowledge_by + DAY, dt.time.min, holder.LONDON)
    told, over = row.acknowledged_at is not None, row.answered_at is not None
    stands = "to be answered" if told else "to be acknowledged"
    says = f"{row.get_about_display().lower()}: {'answered' if over else stands}"
    clock = Clock(end, told or over, at)
    return Due(row.number, "complaint", says, clock, row, open=not over)


def _incident(row: Incident, at: dt.datetime) -> Due:
    over = row.closed_at is not None
    done = over or row.reported_at is not None or row.risk == Incident.Risk.NONE
    untold = row.risk == Incident.Risk.HIGH and row.told_at is None
    left = "tell the people" if untold else "close it"
    says = f"data {row.get_kind_display().lower()}"
    says += f": {left}" if done and not over else ""
    clock = Clock(row.report_by, done, at)
    return Due(row.number, "incident", says, clock, row, open=not over)


def _emergency(row: Emergency, at: dt.datetime) -> Due:
    done = row.reviewed_at is not None
    clock = Clock(method.clocks.review_by(row.opened_at or at), done, at)
    says = row.get_judgement_display().lower() if done else "opened, to be reviewed"
    return Due(row.number, "emergency", says, clock, row, open=not done)


def _reason_in(body: str) -> str:
    return str(json.loads(body).get("reason", ""))
