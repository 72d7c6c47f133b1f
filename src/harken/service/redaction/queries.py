"""Reads of the desk: the text before somebody, how far the reading is, the frames."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from harken.method import redaction as method
from harken.method.redaction import CodeFrame, Mark
from harken.method.terms import Actor
from harken.method.vault.keyring import Retention
from harken.service.accounts.permissions import Permission, check
from harken.service.interview.models import FreeText, Interview
from harken.service.questionnaire import queries as instruments
from harken.service.redaction import sealed
from harken.service.redaction.models import Reading
from harken.service.response import queries as responses
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import holder
from harken.service.vault import queries as keys

LEASE = dt.timedelta(minutes=20)
"""How long a text waits for whoever took it."""
CLOSES_BEFORE = dt.timedelta(days=2)

State = Reading.State
BEING_READ = (State.FIRST, State.SECOND)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study's texts have come."""

    study: Study
    waiting: int
    second: int
    read: int
    coded: int
    nothing: int
    closes: dt.date
    closed: bool
    coded_too: bool

    @property
    def ready(self) -> int:
        """How many may cross, or go, when they are handed over."""
        return self.nothing + (self.coded if self.coded_too else self.read + self.coded)

    @property
    def unfinished(self) -> int:
        """How many would be lost if the desk closed now."""
        return self.total - self.ready

    @property
    def total(self) -> int:
        """Every text that is on this side of the wall and was collected."""
        return self.waiting + self.second + self.read + self.coded + self.nothing

    @property
    def share(self) -> int:
        """How many in a hundred have been read by everybody who must."""
        done = self.read + self.coded + self.nothing
        return 100 * done // self.total if self.total else 100


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """One text before a reader: its question, its words in pieces, what is proposed."""

    reading: Reading
    question: str
    raw: str
    marks: tuple[Mark, ...]
    words: str

    def __repr__(self) -> str:
        return f"Page(reading={self.reading.pk})"

    @property
    def second(self) -> bool:
        """Whether this is the second reading."""
        return self.reading.state == State.SECOND

    def pieces(self) -> Iterator[tuple[str, str]]:
        """The raw text in order, each piece with its kind of mark or none."""
        at = 0
        for one in self.marks:
            if at < one.start:
                yield self.raw[at : one.start], ""
            yield self.raw[one.start : one.end], one.kind.value
            at = one.end
        if at < len(self.raw):
            yield self.raw[at:], ""


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """One redacted text before a coder, with its frame. No raw text, no mark."""

    reading: Reading
    question: str
    words: str
    frame: CodeFrame

    def __repr__(self) -> str:
        return f"Sheet(reading={self.reading.pk})"


def closes(study: Study) -> dt.date:
    """The first day on which nothing is read any more: of the promise that is due next.

    Nothing is read either until those whose promise is due have been destroyed.
    """
    known = studies.promised(study)
    last = known[-1].destroy_by
    if len(known) > 1:
        waiting = keys.due(study.slug)
        ends = (one.end for one in waiting if one.retention is Retention.STANDARD)
        last = next((end.date() - dt.timedelta(days=1) for end in ends), last)
    return last - CLOSES_BEFORE


def closed(study: Study, *, at: dt.datetime) -> bool:
    """Whether the desk has closed: two days before the promise, by London's clock."""
    return at.astimezone(holder.LONDON).date() >= closes(study)


def texts(study: Study) -> QuerySet[FreeText]:
    """The texts of collected interviews, those of the oldest week first (SAF-43)."""
    whose = Interview.objects.filter(
        study=OuterRef("study"), case=OuterRef("case"), collected=True
    )
    return (
        FreeText.objects.filter(study=study)
        .annotate(week=Subquery(whose.values("ended")[:1]))
        .filter(week__isnull=False)
        .select_related("study", "reading")
        .defer("study__files")
        .order_by("week", "case", "question")
    )


def readings(study: Study) -> QuerySet[Reading]:
    """Every text of the study that somebody has begun."""
    return (
        Reading.objects.filter(study=study)
        .select_related("study", "text__study")
        .defer("study__files", "text__study__files")
    )


def free(at: dt.datetime) -> Q:
    """Readings that nobody has before them."""
    return Q(held_by="") | Q(held_at__lt=at - LEASE)


def held(
    study: Study, *, states: tuple[Reading.State, ...], by: Actor, at: dt.datetime
) -> Reading | None:
    """What this actor has before them; None when they have nothing."""
    return (
        readings(study)
        .filter(held_by=by.label, held_at__gte=at - LEASE, state__in=states)
        .first()
    )


def last_step(study: Study, *, by: Actor) -> Reading | None:
    """The reading whose last step this actor took, while nobody has worked on."""
    mine = Q(state=State.SECOND, first_by=by.label)
    done = Q(state__in=(State.READ, State.NOTHING))
    mine |= done & Q(second_by=by.label)
    mine |= done & Q(second_by="", first_by=by.label)
    mine |= Q(state=State.CODED, coded_by=by.label)
    return readings(study).filter(mine, held_by="").order_by("-held_at").first()


def progress(study: Study, *, at: dt.datetime) -> Progress:
    """Counts by state, and when the desk closes."""
    states = Counter(readings(study).values_list("state", flat=True))
    begun = sum(states.values())
    return Progress(
        study=study,
        waiting=texts(study).count() - begun + states[State.FIRST],
        second=states[State.SECOND],
        read=states[State.READ],
        coded=states[State.CODED],
        nothing=states[State.NOTHING],
        closes=closes(study),
        closed=closed(study, at=at),
        coded_too=bool(responses.frames(study)),
    )


def page(study: Study, *, by: Actor, at: dt.datetime) -> Page | None:
    """The text this reader has before them. Raises HarkenError ACC-001."""
    check(by, Permission.REDACT)
    reading = held(study, states=BEING_READ, by=by, at=at)
    if reading is None:
        return None
    raw, marks = sealed.open_text(reading.text), sealed.open_marks(reading)
    words = sealed.open_work(reading).words or method.propose(raw, marks)
    return Page(reading, wording(study, reading.text.question), raw, marks, words)


def sheet(study: Study, *, by: Actor, at: dt.datetime) -> Sheet | None:
    """The redacted text this coder has before them. Raises HarkenError ACC-001."""
    check(by, Permission.CODE)
    reading = held(study, states=(State.READ,), by=by, at=at)
    if reading is None:
        return None
    question = reading.text.question
    words = sealed.open_work(reading).words
    return Sheet(
        reading, wording(study, question), words, responses.frames(study)[question]
    )


def wording(study: Study, question: str) -> str:
    """What people were asked, in the language the instrument is written in."""
    return instruments.instrument(study).text(f"{question}.text").value
