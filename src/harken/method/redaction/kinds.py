"""What a mark is: where in a text something may tell who somebody is, and how it was seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise


class MarkKind(StrEnum):
    """What a marked place may hold; its value is the word that stands for it afterwards."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    POSTCODE = "postcode"
    PLACE = "place"
    PLATE = "plate"
    REFERENCE = "reference"
    NUMBER = "number"
    DATE = "date"
    AGE = "age"
    ORGANISATION = "organisation"
    OTHER = "other"

    @property
    def placeholder(self) -> str:
        """What stands in the text in its place, such as ``[name]``."""
        return f"[{self.value}]"


class MarkSource(StrEnum):
    """How a mark was found, the surest first."""

    VAULT = "vault"
    PATTERN = "pattern"
    CONTEXT = "context"
    NAMES = "names"
    CAPITALS = "capitals"


_RANK = {source: rank for rank, source in enumerate(MarkSource)}


@dataclass(frozen=True, slots=True)
class Mark:
    """One place of a text, from ``start`` up to ``end``."""

    start: int
    end: int
    kind: MarkKind
    source: MarkSource


def merged(text: str, marks: list[Mark]) -> tuple[Mark, ...]:
    """Marks in order without overlap; neighbouring names become one."""
    found: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        if found and mark.start < found[-1].end:
            found[-1] = _both(found[-1], mark)
        else:
            found.append(mark)
    for before, after in pairwise(tuple(found)):
        if (
            before.kind is after.kind is MarkKind.NAME
            and text[before.end : after.start].strip() == ""
        ):
            place = found.index(after)
            found[place - 1 : place + 1] = [_both(found[place - 1], after)]
    return tuple(found)


def _both(one: Mark, other: Mark) -> Mark:
    """One mark over both; its kind is that of the surer, then of the longer."""
    surer = min((one, other), key=lambda m: (_RANK[m.source], m.start - m.end))
    return replace(
        surer, start=min(one.start, other.start), end=max(one.end, other.end)
    )
