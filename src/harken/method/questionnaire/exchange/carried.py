"""What an import or an export did not carry over, item by item: never silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from harken.method.errors import Fault, Finding, Place

SHOWN = 300
"""How much of a long expression a message repeats."""
MALFORMED = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading raises where a foreign file is not built as its format says: a text where
a list should be, a key that is not there. Anything else is a fault of this house."""


class Carriage(StrEnum):
    """How much of something crossed from one format to another."""

    LOST = "lost"
    APPROXIMATED = "approximated"
    NOTE = "note"


_HUNDREDS = {"1": Carriage.LOST, "2": Carriage.APPROXIMATED, "3": Carriage.NOTE}


def carriage(finding: Finding) -> Carriage | None:
    """How a finding of an import or export weighs; None for one of another kind."""
    code = finding.fault.code
    return _HUNDREDS.get(code[4]) if code.startswith("EXC-") else None


@dataclass(slots=True)
class Report:
    """Findings as they are made, each once."""

    source: str
    findings: list[Finding] = field(default_factory=list)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)

    def add(
        self, fault: Fault, row: int | None = None, /, *, sheet: str = "", **detail: str
    ) -> None:
        """One thing not carried over, at a row of a sheet or a path in the file."""
        cut = {key: _cut(value) for key, value in detail.items()}
        source = f"{self.source} {sheet}".strip()
        finding = Finding(fault, Place(source, row), cut)
        key = (fault.code, str(finding.place), finding.message)
        if key not in self._seen:
            self._seen.add(key)
            self.findings.append(finding)

    def of(self, *kinds: Carriage) -> tuple[Finding, ...]:
        """Findings of these weights."""
        return tuple(one for one in self.findings if carriage(one) in kinds)


def _cut(text: str) -> str:
    flat = " ".join(str(text).split())
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 3] + "..."


def counted(findings: Iterable[Finding]) -> dict[Carriage, int]:
    """How many findings there are of each weight."""
    counts = dict.fromkeys(Carriage, 0)
    for finding in findings:
        kind = carriage(finding)
        if kind is not None:
            counts[kind] += 1
    return counts
