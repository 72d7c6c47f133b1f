"""The report on how the questionnaire is filled in: no person, no group below ten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harken.method.interview.paradata import (
    STEPS,
    Battery,
    Door,
    Noted,
    Page,
    Trace,
    doors,
    pages,
    straight_lines,
)
from harken.method.response import from_stored
from harken.method.terms import Language, Mode
from harken.service.questionnaire import queries as instruments
from harken.service.response import models
from harken.service.study.models import Study

HEAD = ("question", "seen", "stopped here", "changed", "half within", *STEPS)
FEW = "few"


@dataclass(frozen=True, slots=True)
class Quality:
    """What a study's notes say, as far as interviews were collected."""

    interviews: int
    doors: tuple[Door, ...]
    pages: tuple[Page, ...]
    batteries: tuple[Battery, ...]
    words: dict[str, str]


def quality(study: Study, *, language: Language | None = None) -> Quality:
    """The report on one study, from the notes of its newest questionnaire."""
    book = instruments.instrument(study)
    here = models.Trace.objects.filter(study=study.slug, instrument=book.version)
    noted = [Noted(Mode(row.mode), Trace.of(row.notes)) for row in here.iterator()]
    given = models.Response.objects.filter(study=study.slug, instrument=book.version)
    answers = [
        from_stored(stored) for stored in given.values_list("answers", flat=True)
    ]
    shown = pages(book, noted)
    return Quality(
        interviews=len(noted),
        doors=doors(noted),
        pages=shown,
        batteries=straight_lines(book, answers),
        words={
            page.question: book.text(f"{page.question}.text", language=language).value
            for page in shown
        },
    )


def lines(found: Quality) -> Iterator[tuple[str, ...]]:
    """The pages as a table, in the order of the questionnaire."""
    for page in found.pages:
        told = (
            page.left,
            page.changed,
            page.middle,
            *(page.steps or [None] * len(STEPS)),
        )
        yield (
            page.question,
            str(page.seen),
            *(FEW if one is None or page.steps is None else str(one) for one in told),
        )


def columns(found: Quality) -> Iterator[tuple[str, str, str]]:
    """The columns that can be ticked down: questions, people, share all alike."""
    for one in found.batteries:
        share = FEW
        if one.alike is not None:
            share = f"{100 * one.alike / one.answered:.0f} %"
        yield f"{one.questions[0]} to {one.questions[-1]}", str(one.answered), share


def ways(found: Quality) -> Iterator[tuple[str, str, str, str]]:
    """Modes and devices: interviews, and how many were broken off."""
    for one in found.doors:
        left = FEW if one.left is None else str(one.left)
        yield one.mode.value, one.device.value, str(one.interviews), left
