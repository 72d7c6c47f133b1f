"""What a chosen truth is made of: what share of whom would say yes, and in what words.

Each question of the demo study has a ``Reply``: the share of positive answers among
those who count in its base, how positives and the others are worded, and how many
leave. An indicator's truth is then exact: a mean over the population table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Weights = tuple[tuple[str, float], ...]

ENHANCED: Mapping[str, float] = {
    "burglary": 0.08,
    "robbery": 0.18,
    "violence": 0.30,
    "hate": 0.95,
    "sexual": 0.97,
    "other": 0.10,
}
"""The share of each crime group that is due the enhanced service."""

DISABLED: Mapping[str, float] = {
    "18-24": 0.14,
    "25-34": 0.15,
    "35-44": 0.18,
    "45-54": 0.24,
    "55-64": 0.32,
    "65+": 0.44,
}
"""The share of each age band with a limiting long-term condition."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with additions by crime group, enhanced status and disability.

    The sum stays well inside 0 and 1 for every kind of person.
    """

    base: float
    crime: Mapping[str, float] = field(default_factory=dict)
    enhanced: float = 0.0
    disabled: float = 0.0

    def of(self, crime: str, *, enhanced: bool, disabled: bool) -> float:
        """The share among people of one kind."""
        total = self.base + self.crime.get(crime, 0.0)
        return total + self.enhanced * enhanced + self.disabled * disabled

    @property
    def even(self) -> bool:
        """Whether it is the same for everybody."""
        return not (self.crime or self.enhanced or self.disabled)


@dataclass(frozen=True, slots=True)
class Reply:
    """How people answer one question.

    ``leave`` is the share that answers outside the base (prefers not to say, or has no
    view); ``bad`` says that a positive answer is bad news (the open arm then has more).
    """

    share: Share
    positive: Weights = (("yes", 1.0),)
    negative: Weights = (("no", 1.0),)
    leave: Weights = (("prefer_not_to_say", 1.0),)
    leaving: float = 0.012
    bad: bool = False


TOLD: Weights = (("no", 0.86), ("dont_know", 0.06), ("cant_remember", 0.08))
VIEW: Weights = (("no", 0.92), ("dont_know", 0.08))


def told(share: Share | float, *, bad: bool = False) -> Reply:
    """Was the person told, asked, offered? Not knowing counts as not told."""
    return Reply(_share(share), negative=TOLD, bad=bad)


def view(share: Share | float, *, bad: bool = False) -> Reply:
    """A yes or no of opinion; not knowing counts as not yes."""
    return Reply(_share(share), negative=VIEW, bad=bad)


def plain(share: Share | float, *, bad: bool = False) -> Reply:
    """A yes or no whose don't knows leave the base."""
    return Reply(_share(share), leave=NO_VIEW, leaving=0.03, bad=bad)


def scale(share: Share | float, words: tuple[Weights, Weights]) -> Reply:
    """A place on a scale; not knowing leaves the base."""
    return Reply(_share(share), *words, leave=NO_VIEW, leaving=0.03)


def _share(share: Share | float) -> Share:
    return share if isinstance(share, Share) else Share(share)


NO_VIEW: Weights = (("dont_know", 0.6), ("prefer_not_to_say", 0.4))
SATISFIED: tuple[Weights, Weights] = (
    (("very", 0.38), ("fairly", 0.62)),
    (("fairly_dis", 0.56), ("very_dis", 0.44)),
)
RESPECT: tuple[Weights, Weights] = (
    (("always", 0.6), ("mostly", 0.4)),
    (("seldom", 0.63), ("never", 0.37)),
)
