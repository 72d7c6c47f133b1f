"""One step of a stored interview: read, worked out, written as the next version or not at all.

When two write at once the later one works again from what stands then. Nothing here
checks who asks; ``actions`` does.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.utils import timezone

from harken.method import interview as method
from harken.method.errors import HarkenError, refuse
from harken.method.questionnaire import Questionnaire
from harken.method.terms import Arm, Language, Mode, Speaker
from harken.service.interview import faults, models, queries, rows, sealed

RETRIES = 5

Step = Callable[[Questionnaire, method.Interview], method.Interview]


def begun(
    book: Questionnaire,
    *,
    mode: Mode,
    arm: Arm,
    language: Language,
    at: dt.datetime,
) -> method.Interview:
    """A new interview; its day and its lot are decided once, here."""
    return method.begin(
        book,
        mode=mode,
        arm=arm,
        language=language,
        started=timezone.localdate(at),
        seed=secrets.randbits(31),
    )


def locked(row: models.Interview) -> models.Interview:
    """The row as it stands, locked until the transaction ends."""
    current = rows.read(row.handle, locking=True)
    if current is None:
        raise refuse(faults.ENDED)
    return current


def step(
    row: models.Interview,
    step: Step,
    *,
    version: int | None = None,
    question_id: str = "",
) -> models.Interview:
    """Take one step of the engine and store the result as the next version.

    When somebody else wrote in the same moment, the step is taken again from what
    stands then. A step made from an older page counts only if it says the same.
    """
    for current in _as_it_stands(row):
        if queries.ended(current):
            raise refuse(faults.ENDED)
        sitting = queries.sitting(current)
        if version is not None and version != current.version:
            _check_same(sitting, step, question_id)
            return current
        changed = step(sitting.book, sitting.interview)
        if store(current, changed):
            return current
    raise refuse(faults.STALE)


def _as_it_stands(row: models.Interview) -> Iterator[models.Interview]:
    """The row as this request read it, then as often as needed the row read again."""
    yield row
    for _ in range(RETRIES):
        fresh = queries.find(row.handle)
        if fresh is None:
            raise refuse(faults.ENDED)
        yield fresh


def _check_same(sitting: queries.Sitting, step: Step, question_id: str) -> None:
    """Raise INT-020 unless a late step says again what is stored already."""
    try:
        again = step(sitting.book, sitting.interview).answers[question_id]
    except HarkenError:
        raise refuse(faults.STALE) from None
    if sitting.interview.answers.get(question_id) != again:
        raise refuse(faults.STALE)


def store(row: models.Interview, interview: method.Interview) -> bool:
    """Write the next version; False when another was written first."""
    document = sealed.seal_document(row, interview)
    stored = rows.write(
        row,
        document,
        status=interview.status.value,
        language=interview.language,
        mode=interview.mode.value,
    )
    if stored:
        row.opened = (document, interview)
    return stored


def take_up(
    row: models.Interview, *, mode: Mode, speaker: Speaker = Speaker.PERSON
) -> models.Interview:
    """Go on at the first page not yet shown; every open visit stays good.

    Once somebody spoke for the person, the interview stays one with a proxy.
    """
    if queries.ended(row):
        raise refuse(faults.ENDED)
    _admit(row)

    def move(book: Questionnaire, interview: method.Interview) -> method.Interview:
        said = interview.speaker if speaker is Speaker.PERSON else speaker
        return method.go_to(book, replace(interview, mode=mode, speaker=said))

    return step(row, move)


def _admit(row: models.Interview) -> None:
    """Give the interview a visit mark when every earlier visit was ended."""
    if not row.visit:
        unmarked = models.Interview.objects.filter(handle=row.handle, visit="")
        unmarked.update(visit=secrets.token_hex(16))
        row.refresh_from_db(fields=["visit"])
