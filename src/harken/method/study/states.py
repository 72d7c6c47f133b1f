"""The life of a study as one table; the diagram in the manual is drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a study is in its life."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DESTROYED = "destroyed"

    def may_become(self, other: State) -> bool:
        """Whether the one step from this state to the other is lawful."""
        return other in TRANSITIONS[self]


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.OPEN}),
    State.OPEN: frozenset({State.CLOSED}),
    State.CLOSED: frozenset({State.DESTROYED}),
    State.DESTROYED: frozenset(),
}
