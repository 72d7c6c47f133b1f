"""The one error family. Every error is an entry of a catalogue: stable code, cause, cure.

A room keeps its entries in a file ``faults.py``; ``script/docs`` writes them all to
docs/reference/errors.md. No answer, name, address, code or key ever enters an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import IntEnum, StrEnum


class Level(StrEnum):
    """How much a finding weighs: an error stops the work, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Exit(IntEnum):
    """What the ``harken`` command's exit code means."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    BAD_INPUT = 3
    REFUSED = 4
    NOT_VERIFIED = 5
    BUSY = 6


CATALOGUE: dict[str, Fault] = {}


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of the catalogue.

    ``summary`` may hold ``{names}`` that a finding fills in. Making two entries with
    one code raises ValueError: codes are stable and never used twice.
    """

    code: str
    summary: str
    cause: str
    cure: str
    level: Level = Level.ERROR
    exit: Exit = Exit.BAD_INPUT

    def __post_init__(self) -> None:
        if self.code in CATALOGUE and CATALOGUE[self.code] != self:
            raise ValueError(f"fault code {self.code} is used twice")
        CATALOGUE[self.code] = self


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a source: a name (never a path of this machine), line and column from 1."""

    source: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.source]
        parts += [str(n) for n in (self.line, self.column) if n is not None]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: the catalogue entry, where, with what, and what may be meant."""

    fault: Fault
    place: Place | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
    suggestion: str | None = None

    @property
    def message(self) -> str:
        """The summary with its details filled in."""
        return self.fault.summary.format_map(self.detail)

    @property
    def cure(self) -> str:
        """What to do about it, details filled in."""
        return self.fault.cure.format_map(self.detail)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        hint = f" Did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{place}{self.fault.code} {self.message}{hint} {self.cure}"


class HarkenError(Exception):
    """Raised when work stops; carries one or more findings, each fit to show a person."""

    def __init__(self, *findings: Finding) -> None:
        if not findings:
            raise ValueError("a HarkenError needs at least one finding")
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))

    @property
    def exit(self) -> Exit:
        """The exit code of the first finding."""
        return self.findings[0].fault.exit


class AwayError(Exception):
    """Something the house stands on cannot be reached now. No refusal: nobody said no.

    Not of the family of HarkenError, so that nobody takes it for an answer; a command
    says its findings, the site shows a calm page.
    """

    def __init__(self, error: HarkenError) -> None:
        self.findings = error.findings
        self.exit = error.exit
        super().__init__(str(error))


def refuse(
    fault: Fault, place: Place | None = None, /, **detail: object
) -> HarkenError:
    """Make the error for one fault: ``raise refuse(NOT_OPEN, study=slug)``."""
    return HarkenError(Finding(fault, place, detail))


def errors_in(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that stop the work."""
    return tuple(f for f in findings if f.fault.level is Level.ERROR)


def closest(word: str, words: Sequence[str]) -> str | None:
    """The word most like this one, for *did you mean*; None when none is near."""
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    return near[0] if near else None
