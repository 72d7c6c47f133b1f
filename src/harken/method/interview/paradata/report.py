"""What the notes of many people say about the questionnaire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from harken.method.interview.paradata.trace import STEPS, UNKNOWN, Device, Trace
from harken.method.questionnaire import Question, Questionnaire, QuestionType, Value
from harken.method.terms import Mode

FEWEST = 10
"""A page or a door that fewer people used is counted, and nothing more is said of it."""

LINE = 3
"""So many questions in a row with the same options make a column to tick down."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The notes of one interview, parted from it: its mode and its trace."""

    mode: Mode
    trace: Trace


@dataclass(frozen=True, slots=True)
class Door:
    """How many interviews came by a mode and a device, and how many were broken off."""

    mode: Mode
    device: Device
    interviews: int
    left: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One question: how many answered it, how many stopped there, changed it, took how
    long. None where fewer than ten people saw the page."""

    question: str
    seen: int
    left: int | None
    changed: int | None
    steps: tuple[int, ...] | None

    @property
    def middle(self) -> str:
        """The step that half of the people stay within."""
        timed = sum(self.steps or ())
        passed = 0
        for step, people in zip(STEPS, self.steps or (), strict=False):
            passed += people
            if timed and 2 * passed >= timed:
                return step
        return ""


@dataclass(frozen=True, slots=True)
class Battery:
    """Questions in a row with the same options: how many people answered all of them,
    and how many of those all alike."""

    questions: tuple[str, ...]
    answered: int
    alike: int | None


def doors(noted: Iterable[Noted]) -> tuple[Door, ...]:
    """Interviews by mode and device."""
    came: Counter[tuple[Mode, Device]] = Counter()
    left: Counter[tuple[Mode, Device]] = Counter()
    for one in noted:
        came[one.mode, one.trace.device] += 1
        left[one.mode, one.trace.device] += bool(one.trace.left)
    return tuple(
        Door(*key, number, left[key] if number >= FEWEST else None)
        for key, number in sorted(came.items())
    )


def pages(book: Questionnaire, noted: Sequence[Noted]) -> tuple[Page, ...]:
    """Every question that somebody saw, in the questionnaire's order."""
    return tuple(
        page for question in book.questions if (page := _page(question.id, noted)).seen
    )


def _page(name: str, noted: Sequence[Noted]) -> Page:
    found = [one.trace.pages[name] for one in noted if name in one.trace.pages]
    left = sum(one.trace.left == name for one in noted)
    seen = len(found) + left
    if seen < FEWEST:
        return Page(name, seen, None, None, None)
    steps = Counter(step for step, _ in found if step != UNKNOWN)
    changed = sum(edits > 0 for _, edits in found)
    return Page(name, seen, left, changed, tuple(steps[n] for n in range(len(STEPS))))


def straight_lines(
    book: Questionnaire, answers: Sequence[Mapping[str, Value]]
) -> tuple[Battery, ...]:
    """Each column that can be ticked down, and how many people did just that."""
    return tuple(_battery(names, answers) for names in _columns(book))


def _battery(names: tuple[str, ...], answers: Sequence[Mapping[str, Value]]) -> Battery:
    whole = [
        [one[name] for name in names]
        for one in answers
        if all(isinstance(one.get(name), str) for name in names)
    ]
    alike = sum(len(set(values)) == 1 for values in whole)
    return Battery(names, len(whole), alike if len(whole) >= FEWEST else None)


def _columns(book: Questionnaire) -> Iterator[tuple[str, ...]]:
    def kind(question: Question) -> tuple[str, tuple[str, ...]]:
        same = question.type is QuestionType.SINGLE
        return question.section, question.codes if same else (question.id,)

    for _, together in groupby(book.questions, key=kind):
        names = tuple(question.id for question in together)
        if len(names) >= LINE:
            yield names
