"""Patterns of other programs fit a part of a text; those of this language fit the whole."""

from __future__ import annotations

import re

from harken.method.questionnaire.exchange.pieces import compiled


def spread(pattern: str) -> str:
    """A pattern that fits a part of a text, as one for the whole text."""
    compiled(pattern)
    flat = _UNREAD.sub("", pattern)
    while "(" in flat and flat != (inner := _INNERMOST.sub("", flat)):
        flat = inner
    either = "|" in flat
    before = either or not flat.startswith("^")
    after = either or not flat.endswith("$")
    kept = f"(?:{pattern})" if either else pattern
    return f"{ANY * before}{kept}{ANY * after}"


ANY = "(?s:.*)"
_UNREAD = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
"""Signs that stand for themselves, alone or among others in brackets."""

_INNERMOST = re.compile(r"\([^()]*\)")


def whole(pattern: str) -> str:
    """A pattern that fits the whole of a text, as other programs write it."""
    return pattern if spread(pattern) == pattern else f"^(?:{pattern})$"
