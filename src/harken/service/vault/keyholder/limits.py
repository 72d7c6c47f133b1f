"""Who may open an identity for what, and how often: the key holder's own rules.

The desk's permission rules ask first; these hold even when the desk is someone else's.
Counted by role, purpose and actor in the hour before; an actor who is refused too often
is shut out for an hour and an alarm is kept.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from harken.method.errors import HarkenError, refuse
from harken.method.terms import CaseRef, Role
from harken.method.vault import KeyName
from harken.service.vault.faults import (
    NOT_THIS_PURPOSE,
    ONE_AT_A_TIME,
    SHUT_OUT,
    TOO_MANY,
)

HOUR = 3600.0
LEASE = 1200.0
DENIALS = 5
"""So many refusals within an hour shut an actor out and raise the alarm."""


class Purpose(StrEnum):
    """Why an identity is opened. A closed list; each has its permission."""

    CALL = "call"
    LETTER = "letter"
    HELPDESK = "helpdesk"
    SAFEGUARDING = "safeguarding"
    RECONTACT = "recontact"
    ACCESS = "access"
    EMERGENCY = "emergency"
    REDACTION = "redaction"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one purpose allows.

    ``an_hour`` counts an actor's openings and ``all_an_hour`` everybody's; ``shares``
    counts everybody's as a multiple of the people enrolled, for print runs.
    """

    roles: frozenset[Role]
    parts: frozenset[KeyName] = frozenset({KeyName.CONTACT})
    an_hour: int = 0
    all_an_hour: int = 0
    shares: int = 0
    one_at_a_time: bool = False


BOTH = frozenset({KeyName.CONTACT, KeyName.CASE})
RULES = {
    Purpose.CALL: Rule(
        frozenset({Role.INTERVIEWER}),
        an_hour=40,
        all_an_hour=2000,
        one_at_a_time=True,
    ),
    # A print run is everybody's letter once; the operator's shell may start it.
    Purpose.LETTER: Rule(
        frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.SYSTEM}), shares=2
    ),
    Purpose.HELPDESK: Rule(
        frozenset({Role.HELPDESK}), BOTH, an_hour=30, all_an_hour=300
    ),
    Purpose.SAFEGUARDING: Rule(
        frozenset({Role.SAFEGUARDING}), BOTH, an_hour=30, all_an_hour=150
    ),
    # By hand, one after the other: four minutes each is fast, and no list can be made.
    Purpose.RECONTACT: Rule(
        frozenset({Role.MANAGER}), an_hour=15, all_an_hour=45, one_at_a_time=True
    ),
    # A person's own copy of what is held (harken.service.rights).
    Purpose.ACCESS: Rule(frozenset({Role.GUARDIAN}), BOTH, an_hour=10, all_an_hour=40),
    # Two people, one case, thirty minutes (harken.service.rights.emergency).
    Purpose.EMERGENCY: Rule(
        frozenset({Role.MANAGER, Role.SAFEGUARDING, Role.GUARDIAN}),
        an_hour=3,
        all_an_hour=6,
    ),
    # Marks on what a person wrote; the identity itself is shown to nobody.
    Purpose.REDACTION: Rule(
        frozenset({Role.REDACTOR}), BOTH, an_hour=240, all_an_hour=1200
    ),
}
LOOK_UP = Rule(frozenset({Role.HELPDESK}), frozenset(), an_hour=30, all_an_hour=300)


@dataclass(slots=True)
class Who:
    """Who asks, and when by the holder's clock."""

    role: Role
    label: str
    at: float


@dataclass(slots=True)
class Limits:
    """The counts of one study. In memory: a restart begins a new hour."""

    opened: defaultdict[str, deque[float]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    denied: defaultdict[str, deque[float]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    cases: dict[str, tuple[CaseRef, float]] = field(default_factory=dict)
    shut: dict[str, float] = field(default_factory=dict)
    alarms: int = 0
    told: int = 0

    def check(
        self, name: str, rule: Rule, who: Who, *, ref: CaseRef | None, people: int
    ) -> None:
        """Raise unless this opening is within the rule; count it when it is.

        Looking again at the one open case is not counted again.
        """
        held = self.cases.get(who.label) if rule.one_at_a_time else None
        if held and who.at >= held[1] + LEASE:
            held = None
        try:
            self._check_actor(name, rule, who)
            if held and held[0] == ref:
                return
            if held:
                raise refuse(ONE_AT_A_TIME)
            mine = self._counted(f"{name} {who.label}", who.at, rule.an_hour or inf)
            all_most = rule.all_an_hour or rule.shares * people
            everybodys = self._counted(name, who.at, all_most)
        except HarkenError:
            self._deny(who)
            raise
        mine.append(who.at)
        everybodys.append(who.at)
        if rule.one_at_a_time and ref is not None:
            self.cases[who.label] = (ref, who.at)

    def release(self, label: str, ref: CaseRef) -> None:
        """The actor is done with the case."""
        held = self.cases.get(label)
        if held and held[0] == ref:
            del self.cases[label]

    def news(self) -> bool:
        """Whether an alarm was raised since this was asked last."""
        new, self.told = self.alarms > self.told, self.alarms
        return new

    def _check_actor(self, name: str, rule: Rule, who: Who) -> None:
        if self.shut.get(who.label, 0.0) > who.at:
            raise refuse(SHUT_OUT)
        if who.role not in rule.roles:
            raise refuse(NOT_THIS_PURPOSE, role=who.role.value, purpose=name)

    def _counted(self, key: str, at: float, most: float) -> deque[float]:
        """The openings of the hour before under one key, which another may join."""
        times = self.opened[key]
        _forget(times, at)
        if len(times) >= most:
            raise refuse(TOO_MANY, limit=most)
        return times

    def _deny(self, who: Who) -> None:
        times = self.denied[who.label]
        _forget(times, who.at)
        times.append(who.at)
        if len(times) >= DENIALS and self.shut.get(who.label, 0.0) <= who.at:
            self.shut[who.label] = who.at + HOUR
            self.alarms += 1


def allowed_parts(purpose: Purpose, rule: Rule, parts: Iterable[KeyName]) -> None:
    """Raise when a purpose asks for a part that its rule does not have."""
    if not rule.parts.issuperset(parts):
        roles = ", ".join(sorted(rule.roles))
        raise refuse(NOT_THIS_PURPOSE, role=roles, purpose=purpose.value)


def _forget(times: deque[float], at: float) -> None:
    while times and times[0] <= at - HOUR:
        times.popleft()
