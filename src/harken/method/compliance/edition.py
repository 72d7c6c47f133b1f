"""The data of a judgement: entitlements of a Code edition, indicators of a plan.

Program text never knows an entitlement; everything here comes from files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from harken.method.terms import Missing


class Reportable(StrEnum):
    """Whether a victim can tell that an entitlement was kept."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One duty of the Code towards a victim, in the compiler's own words."""

    id: str
    title: str
    summary: str
    agencies: tuple[str, ...]
    stage: str
    applies_to: str
    victim_reportable: Reportable
    evidence: str


@dataclass(frozen=True, slots=True)
class CodeEdition:
    """One edition of the Code: its entitlements, and the names of agencies by id."""

    id: str
    title: str
    published: str
    agencies: Mapping[str, str]
    entitlements: tuple[Entitlement, ...]

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages in the order in which the Code first speaks of them."""
        return tuple(dict.fromkeys(item.stage for item in self.entitlements))

    def entitlement(self, name: str) -> Entitlement:
        """The entitlement with this id. Raises KeyError when there is none."""
        for item in self.entitlements:
            if item.id == name:
                return item
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One share to be estimated.

    ``base`` and ``positive`` are expressions of the question language: who is asked,
    and which answers count. ``question`` is the measured question; the kinds of no
    answer in ``in_base`` stay in the base as not positive, the others leave it.
    ``among`` says the base in words for readers.
    """

    id: str
    title: str
    stage: str
    agency: str
    base: str
    positive: str
    question: str
    in_base: tuple[Missing, ...]
    entitlements: tuple[str, ...]
    target: float
    among: str
