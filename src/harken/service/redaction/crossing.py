"""The end of the desk: what was read crosses the wall, what was not is destroyed.

Two databases cannot be written in one transaction: first the new rows, keyed by response
and question, then the old ones go. A crash between repeats the first and changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.terms import Actor, CaseRef
from harken.service.accounts.permissions import Permission, can, check
from harken.service.interview import queries as interviews
from harken.service.interview.models import FreeText
from harken.service.ledger import actions as ledger
from harken.service.redaction import queries, sealed
from harken.service.redaction.models import Reading
from harken.service.response import actions as responses
from harken.service.response import queries as rows
from harken.service.response.models import ReadText
from harken.service.study.models import Study
from harken.service.vault import queries as vault

State = Reading.State
CHUNK = 400


@dataclass(frozen=True, slots=True)
class Crossed:
    """What became of texts: counts, which also stand in the ledger."""

    coded: int = 0
    words: int = 0
    nothing: int = 0
    unread: int = 0


def hand_over(study: Study, *, by: Actor, at: dt.datetime) -> Crossed:
    """Let the texts that are done cross the wall, and drop those nothing is kept of.

    In a study with frames a text of a framed question crosses once it is coded. Raises
    HarkenError ACC-001.
    """
    check(by, Permission.INTAKE)
    return _cross(study, by=by, at=at)


def end(
    study: Study,
    *,
    by: Actor,
    at: dt.datetime,
    leaving: Collection[str] | None = None,
) -> Crossed:
    """Close the desk: what is done crosses, everything else is destroyed, unread.

    Of everybody, or only of those who are leaving before the others.
    Words whose frame keeps them cross uncoded. Done again it changes nothing. The keys
    of what is destroyed here die with the rotation. Raises HarkenError ACC-001.
    """
    if not can(by, Permission.INTAKE):
        check(by, Permission.DESTROY_PLAN)
    crossed = _cross(study, by=by, at=at, ending=True, leaving=leaving)
    with transaction.atomic():
        unread = _drop_unread(study, leaving)
        if unread:
            ledger.record(
                Event.TEXTS_DESTROYED,
                study=study.slug,
                by=by,
                at=at,
                counts={"unread": unread},
            )
    return Crossed(crossed.coded, crossed.words, crossed.nothing, unread)


def _cross(
    study: Study,
    *,
    by: Actor,
    at: dt.datetime,
    ending: bool = False,
    leaving: Collection[str] | None = None,
) -> Crossed:
    done = (State.READ, State.CODED, State.NOTHING)
    frames = rows.frames(study)
    made: list[ReadText] = []
    over: list[int] = []
    nothing = 0
    for row in queries.readings(study).filter(state__in=done):
        if leaving is not None and row.text.case not in leaving:
            continue
        frame = frames.get(row.text.question)
        waits = frame is not None and row.state == State.READ
        if waits and not (ending and frame and frame.keep_words):
            continue
        over.append(row.text_id)
        if row.state == State.NOTHING:
            nothing += 1
        else:
            words = frame is None or frame.keep_words
            kept = _kept(row, words=words, ending=ending)
            made += [kept] if kept else []
    if not over:
        return Crossed()
    responses.keep_texts(made)
    coded = sum(1 for one in made if one.codes)
    worded = sum(1 for one in made if one.words)
    with transaction.atomic():
        FreeText.objects.filter(pk__in=over).delete()
        ledger.record(
            Event.TEXT_REVIEWED,
            study=study.slug,
            by=by,
            at=at,
            counts={"coded": coded, "words": worded, "nothing": nothing},
        )
    return Crossed(coded, worded, nothing)


def _drop_unread(study: Study, leaving: Collection[str] | None) -> int:
    """Delete what is left of everybody's texts, or of those leaving; returns how many."""
    rest = FreeText.objects.filter(study=study)
    wanted = [
        pk
        for pk, case in rest.values_list("pk", "case")
        if leaving is None or case in leaving
    ]
    for start in range(0, len(wanted), CHUNK):
        rest.filter(pk__in=wanted[start : start + CHUNK]).delete()
    return len(wanted)


def _kept(row: Reading, *, words: bool, ending: bool = False) -> ReadText | None:
    """The new row; None for somebody whose keys are gone or who has no response."""
    ref = CaseRef(row.text.case)
    if vault.status(row.study, ref) is not vault.KeyStatus.LIVE:
        return None
    try:
        link = interviews.response_ref(row.study, ref)
        work = sealed.open_work(row)
    except HarkenError:
        if not ending:
            raise
        return None  # nothing opens after the promised day, and destruction goes on
    if link is None:
        return None
    return ReadText(
        study=row.study.slug,
        response=link,
        question=row.text.question,
        codes=list(work.codes),
        words=work.words if words else "",
    )
