"""The rule an answer must keep, as the check that it breaks."""

from __future__ import annotations

import re

from harken.method.questionnaire.exchange.say import (
    COMPARED,
    Piece,
    answered,
    both,
    either,
    turned,
)
from harken.method.questionnaire.values import Kind

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def wrong_unless(condition: Piece, answer: Piece) -> Piece:
    """When an answer breaks a rule: it is there, and the rule does not hold.

    Simple limits are turned round one by one: ``x < 0 or x > 120`` reads better than
    ``answered(x) and not (x >= 0 and x <= 120)`` and means the same.
    """
    simple = _limits(condition.text, answer.text)
    if simple is not None and condition.kind is Kind.BOOLEAN:
        return either(*simple)
    return both(answered(answer), turned(condition))


def _limits(text: str, name: str) -> list[Piece] | None:
    """The opposites of a chain of comparisons of one name with written values."""
    value = r"(?:-?[0-9.]+|'[^']*'|today)"
    limit = re.compile(rf"{re.escape(name)} (<=|>=|<|>) ({value})")
    turned_round: list[Piece] = []
    for part in text.split(" and "):
        found = limit.fullmatch(part)
        if found is None:
            return None
        sign = _OPPOSITE[found[1]]
        turned_round.append(Piece(f"{name} {sign} {found[2]}", Kind.BOOLEAN, COMPARED))
    return turned_round
