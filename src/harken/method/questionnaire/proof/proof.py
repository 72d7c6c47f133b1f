"""The whole proof of one instrument: logic by the solver, words by their measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harken.method.errors import Finding, Place
from harken.method.questionnaire.document import Questionnaire
from harken.method.questionnaire.proof import faults
from harken.method.questionnaire.proof.length import Length, lengths
from harken.method.questionnaire.proof.prove import Prover
from harken.method.questionnaire.proof.reading import (
    gives_away,
    hard_to_read,
    same_words,
    sensitive_fills,
)
from harken.method.questionnaire.proof.report import Reporter
from harken.method.terms import Language, Mode

READING_AGE = 16
"""The highest reading age of a page, unless an author sets another."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found, and how it was decided.

    ``shown`` goals were reached by a respondent who walked the pages; ``excluded`` are
    impossible, as the solver proved; ``unsure`` are neither: it gave up, or its answer
    rests on something it knows only roughly.
    """

    findings: tuple[Finding, ...]
    goals: int
    shown: int
    excluded: int
    unsure: int
    lengths: tuple[Length, ...]


def prove(
    questionnaire: Questionnaire,
    *,
    modes: Sequence[Mode] = tuple(Mode),
    languages: Sequence[Language] | None = None,
    reading_age: float | None = None,
    minutes: float | None = None,
) -> Proof:
    """Decide everything that can be decided about an instrument.

    Args:
        modes: how interviews are held.
        languages: those whose words are judged; by default all the instrument has.
        reading_age: the limit for the words of a page; by default what the instrument
            promises, or else ``READING_AGE``.
        minutes: what respondents are promised; by default what the instrument says, and
            where it says nothing lengths are not judged.
    """
    promise = questionnaire.promise
    minutes = promise.minutes if minutes is None else minutes
    reading_age = reading_age or promise.reading_age or READING_AGE
    tongues = questionnaire.languages if languages is None else tuple(languages)
    prover = Prover(questionnaire, modes)
    verdicts = prover.decide()
    times = lengths(questionnaire, prover.pages, prover.named, modes)
    findings = [
        *Reporter(prover.by_id, verdicts).findings(),
        *same_words(questionnaire),
        *sensitive_fills(questionnaire),
        *hard_to_read(questionnaire, reading_age, tongues),
        *too_long(times, minutes, promise.place),
    ]
    if Mode.TELEPHONE in modes:
        findings += gives_away(questionnaire, tongues)
    return Proof(
        findings=tuple(sorted(findings, key=by_place)),
        goals=sum(len(page.goals) for page in prover.pages),
        shown=len(verdicts.reached),
        excluded=len(verdicts.impossible),
        unsure=len(verdicts.unknown) + len(verdicts.rough),
        lengths=times,
    )


def too_long(
    times: Sequence[Length], promised: float | None, place: Place | None = None
) -> list[Finding]:
    """Modes in which an interview can take longer than people are told."""
    found = []
    for length in times:
        longest = length.minutes[2]
        if promised is not None and longest > promised:
            shown = length.longest_by.shown()
            detail: dict[str, object] = {
                "minutes": round(longest),
                "promised": round(promised),
                "pages": length.pages[2],
                "respondent": f" Measured: {length.mode.value}.",
                "answers": shown,
            }
            where = place or Place("questionnaire.yaml")
            found.append(Finding(faults.TOO_LONG, where, detail))
    return found


def by_place(finding: Finding) -> tuple[str, int, int, str]:
    """The order of findings: as they stand in the file."""
    place = finding.place or Place("")
    return (place.source, place.line or 0, place.column or 0, finding.fault.code)
