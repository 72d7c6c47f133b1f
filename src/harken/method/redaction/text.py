"""Marks on a text, the redacted text they propose, and whether a redaction is true.

A redaction only takes out: its words are the writer's, in their order, with placeholders
in between. That is checked, so that no reader can put words into somebody's mouth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from harken.method.errors import refuse
from harken.method.redaction import faults
from harken.method.redaction.context import capitals, in_context, listed
from harken.method.redaction.kinds import Mark, MarkKind, MarkSource, merged
from harken.method.redaction.known import Known, folded, recognised
from harken.method.redaction.patterns import patterned

PLACEHOLDER = re.compile(r"\[(?:" + "|".join(kind.value for kind in MarkKind) + r")\]")
NOBODY = Known()


def mark(
    text: str, known: Known = NOBODY, *, sources: Iterable[MarkSource] = MarkSource
) -> tuple[Mark, ...]:
    """Where the text may tell who somebody is, in order and without overlap."""
    wanted = set(sources)
    finders = {
        MarkSource.PATTERN: patterned,
        MarkSource.CONTEXT: in_context,
        MarkSource.NAMES: listed,
        MarkSource.CAPITALS: capitals,
    }
    found = [
        one
        for source, find in finders.items()
        if source in wanted
        for one in find(text)
    ]
    if MarkSource.VAULT in wanted:
        found += recognised(text, known)
    return merged(text, found)


def propose(text: str, marks: Iterable[Mark]) -> str:
    """The text with a placeholder for each mark."""
    parts, at = [], 0
    for one in marks:
        parts += [text[at : one.start], one.kind.placeholder]
        at = one.end
    return "".join([*parts, text[at:]])


def tidy(text: str) -> str:
    """A text as it comes from a form or an interview: one kind of line end, no edges."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def check_true(original: str, redacted: str) -> None:
    """Raise unless a redaction is the original with stretches replaced by placeholders.

    Both are tidied first. HarkenError RED-001; RED-005 when no word is left.
    """
    whole, result = tidy(original), tidy(redacted)
    first, *others = PLACEHOLDER.split(result)
    if not any(piece.strip() for piece in (first, *others)):
        raise refuse(faults.NOTHING_KEPT)
    if not others:
        if result != whole:
            raise refuse(faults.CHANGED)
        return
    at = len(first)
    if not whole.startswith(first):
        raise refuse(faults.CHANGED)
    for piece in others[:-1]:
        place = whole.find(piece, at)
        if place < 0:
            raise refuse(faults.CHANGED)
        at = place + len(piece)
    if len(whole) - len(others[-1]) < at or not whole.endswith(others[-1]):
        raise refuse(faults.CHANGED)


def check_redaction(
    original: str, redacted: str, marks: Iterable[Mark], *, looked: bool = False
) -> str:
    """The redacted text, tidied, when it is true and nothing sure was left in it.

    ``marks`` are those of the tidied original. Raises HarkenError RED-001, RED-005, and
    RED-002 when a form, or something known of the writer, is there, unless ``looked``.
    """
    check_true(original, redacted)
    whole, kept = tidy(original), tidy(redacted)
    left = {one.kind.value for one in patterned(kept)}
    plain = folded(kept)
    left |= {
        one.kind.value
        for one in marks
        if one.source is MarkSource.VAULT
        and re.search(rf"\b{re.escape(folded(whole[one.start : one.end]))}\b", plain)
    }
    if left and not looked:
        raise refuse(faults.STILL_THERE, kinds=", ".join(sorted(left)))
    return kept
