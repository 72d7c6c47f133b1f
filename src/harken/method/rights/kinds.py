"""The kinds of request, and the grounds on which each may be refused or limited.

An engineer's map of the UK GDPR as amended by the Data (Use and Access) Act 2025; a
ground marked in ``COUNSEL`` is one that counsel must confirm before it is used.
"""

from __future__ import annotations

from enum import StrEnum

from harken.method.errors import refuse
from harken.method.rights import faults


class RequestKind(StrEnum):
    """What a person asks for."""

    WITHDRAWAL = "withdrawal"
    ERASURE = "erasure"
    ACCESS = "access"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    RECONTACT_END = "recontact_end"

    @property
    def words(self) -> str:
        """The request as a person would say it."""
        return _WORDS[self]


_WORDS = {
    RequestKind.WITHDRAWAL: "Take my answers out",
    RequestKind.ERASURE: "Delete what you hold about me",
    RequestKind.ACCESS: "Give me a copy of what you hold about me",
    RequestKind.RECTIFICATION: "Put a mistake right",
    RequestKind.RESTRICTION: "Do not use my data for now",
    RequestKind.OBJECTION: "I object to the use of my data",
    RequestKind.RECONTACT_END: "Do not contact me again after this survey",
}


class Ground(StrEnum):
    """Why a request is refused or limited; each is a decision with a reason (DP-07)."""

    RESEARCH = "research"
    ERASURE_RESEARCH = "erasure_research"
    PUBLIC_TASK = "public_task"
    OTHERS = "others"
    EXCESSIVE = "excessive"
    NOT_IDENTIFIED = "not_identified"

    @property
    def law(self) -> str:
        """Where the law says so."""
        return _LAW[self][0]

    @property
    def kinds(self) -> frozenset[RequestKind]:
        """The requests it may answer."""
        return _LAW[self][1]


_ANY = frozenset(RequestKind) - {RequestKind.WITHDRAWAL, RequestKind.RECONTACT_END}
_LAW: dict[Ground, tuple[str, frozenset[RequestKind]]] = {
    Ground.RESEARCH: (
        "Data Protection Act 2018, Schedule 2, paragraph 27, with UK GDPR Article 84B: "
        "research whose results identify nobody, and which the right would seriously "
        "impair",
        frozenset(
            {
                RequestKind.ACCESS,
                RequestKind.RECTIFICATION,
                RequestKind.RESTRICTION,
                RequestKind.OBJECTION,
            }
        ),
    ),
    Ground.ERASURE_RESEARCH: (
        "UK GDPR Article 17(3)(d), with Article 84B: erasure would seriously impair "
        "the research",
        frozenset({RequestKind.ERASURE}),
    ),
    Ground.PUBLIC_TASK: (
        "UK GDPR Article 21(6): research necessary for a task in the public interest",
        frozenset({RequestKind.OBJECTION}),
    ),
    Ground.OTHERS: (
        "Data Protection Act 2018, Schedule 2, paragraph 16: it would disclose "
        "somebody else",
        frozenset({RequestKind.ACCESS}),
    ),
    Ground.EXCESSIVE: (
        "UK GDPR Article 12(5): manifestly unfounded or excessive",
        _ANY,
    ),
    Ground.NOT_IDENTIFIED: (
        "UK GDPR Article 11: the person can no longer be told apart",
        frozenset(RequestKind),
    ),
}

COUNSEL = frozenset({Ground.RESEARCH, Ground.ERASURE_RESEARCH, Ground.PUBLIC_TASK})
"""Grounds whose present wording counsel must confirm: the 2025 Act moved them."""


def check_ground(kind: RequestKind, ground: Ground) -> None:
    """Raise HarkenError RIG-005 unless the ground may answer this kind of request.

    A withdrawal is never refused: taking part was a choice, and so is leaving.
    """
    if kind not in ground.kinds:
        raise refuse(faults.WRONG_GROUND, kind=kind.value, ground=ground.value)
