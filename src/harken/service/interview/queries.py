"""Reads of the interview room: an interview with its questionnaire, and the study's door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from harken.method import interview as method
from harken.method.errors import HarkenError
from harken.method.interview import Status
from harken.method.questionnaire import Question, Questionnaire
from harken.method.study import Folder, State
from harken.method.terms import Arm, CaseRef, Mode, ResponseRef
from harken.service.interview import models, notices, rows, sealed
from harken.service.questionnaire import queries as instruments
from harken.service.study import queries as studies
from harken.service.study.models import Study

_BOOKS: dict[tuple[str, str, str], Questionnaire] = {}
_NUMBERS: dict[str, dict[str, int]] = {}
_KEPT = 8

ENDED = (Status.SUBMITTED.value, Status.SCREENED.value, Status.STOPPED.value)
PAST = "VAU-104"
"""What the vault says to everybody once the promised day is over."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """An interview opened for one request: its row, its questionnaire, its answers."""

    row: models.Interview
    book: Questionnaire
    interview: method.Interview

    @property
    def question(self) -> Question | None:
        """The question to show; None at the end."""
        place = self.interview.position
        return self.book.question(place) if place else None

    @property
    def share(self) -> int:
        """How far the person has come: per cent of the questionnaire's pages passed."""
        place = self.interview.position
        if place is None:
            return 100
        return 100 * number_of(self.book, place) // len(self.book.questions)


def number_of(book: Questionnaire, name: str) -> int:
    """The number of a question's page in its questionnaire, from 0."""
    known = _NUMBERS.get(book.digest)
    if known is None:
        if len(_NUMBERS) >= _KEPT:
            _NUMBERS.clear()
        known = {question.id: n for n, question in enumerate(book.questions)}
        _NUMBERS[book.digest] = known
    return known[name]


class Door(StrEnum):
    """What the start page offers today."""

    NO_STUDY = "no_study"
    NOT_YET = "not_yet"
    WEB = "web"
    LETTER = "letter"
    TELEPHONE = "telephone"
    CLOSED = "closed"


def door(study: Study | None, folder: Folder | None, *, today: dt.date) -> Door:
    """The state of the start page: which ways to take part are open on this day.

    WEB: everybody may begin. LETTER: the open survey has closed; people with a letter
    still take part, here or by telephone. TELEPHONE: there is no web survey.
    """
    if study is None or folder is None:
        return Door.NO_STUDY
    days = folder.charter.calendar
    if study.state != State.OPEN or today > days.telephone_closes:
        return Door.CLOSED
    if today < days.web_opens:
        return Door.NOT_YET
    if Mode.WEB not in folder.charter.modes:
        return Door.TELEPHONE
    open_arm = Arm.OPEN in folder.charter.arms and today <= days.open_arm_closes
    return Door.WEB if open_arm else Door.LETTER


def interviews() -> QuerySet[models.Interview]:
    """Interviews with their study, without the study's texts."""
    return models.Interview.objects.select_related("study").defer("study__files")


def find(handle: str) -> models.Interview | None:
    """The interview of this handle, with its study."""
    return rows.read(handle)


def of_case(study: Study, ref: CaseRef) -> models.Interview | None:
    """The interview of a case, begun or ended."""
    return interviews().filter(study=study, case=ref).first()


def is_saved(study: Study, ref: CaseRef, *, today: dt.date) -> bool:
    """Whether a case's interview lies behind a PIN that still opens it."""
    row = of_case(study, ref)
    return row is not None and bool(row.pin) and not late(row, today=today)


def late(row: models.Interview, *, today: dt.date) -> bool:
    """Whether the time to come back to a saved interview has passed."""
    return today > (row.return_by or dt.date.min)


def sitting(row: models.Interview) -> Sitting:
    """Open an interview. Raises the vault's HarkenError when its keys are gone."""
    return Sitting(row, book_of(row), sealed.open_document(row))


def book_of(row: models.Interview) -> Questionnaire:
    """The version of the questionnaire this interview is bound to, kept in memory."""
    key = (row.study.slug, row.study.digest, row.instrument)
    found = _BOOKS.get(key)
    if found is None:
        found = instruments.instrument(row.study, version=row.instrument)
        if len(_BOOKS) >= _KEPT:
            _BOOKS.clear()
        _BOOKS[key] = found
    return found


def folder(study: Study) -> Folder:
    """The study's folder, as launched."""
    return studies.folder(study)


def ended(row: models.Interview) -> bool:
    """Whether nothing more can be answered in this interview."""
    return row.status in ENDED


def awaiting(study: Study) -> Iterator[models.Interview]:
    """Ended interviews whose response was not collected yet, in the order of handles."""
    yield from (
        interviews()
        .filter(study=study, collected=False, status__in=ENDED)
        .exclude(response_ref=b"")
        .order_by("handle")
    )


def is_lost(row: models.Interview) -> bool:
    """Whether nobody can read it any more: its person's promised day is over."""
    try:
        sitting(row)
    except HarkenError as error:
        return error.findings[0].fault.code == PAST
    return False


def unfinished(study: Study) -> Iterator[models.Interview]:
    """Interviews that were begun and never ended, in the order of handles."""
    begun = [Status.OPEN.value, Status.DECLINED.value]
    yield from interviews().filter(study=study, status__in=begun).order_by("handle")


def response_ref(study: Study, ref: CaseRef) -> ResponseRef | None:
    """The reference of a case's response, for withdrawing it; None when there is none.

    Raises the vault's HarkenError when the link was destroyed.
    """
    row = of_case(study, ref)
    return sealed.open_link(row) if row and row.response_ref else None


def unheard(study: Study) -> int:
    """How many notices wait to be recorded anew, as their recordings say other days."""
    return notices.withheld(studies.folder(study), studies.promised(study))
