"""A response: what one person said, without who they are.

It holds coded answers only. Free text and identifying answers never enter it (DP-08),
and the finest time it knows is the week.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from harken.method.errors import refuse
from harken.method.questionnaire import Questionnaire, Value
from harken.method.response.codebook import Codebook, stands, watched
from harken.method.response.faults import UNREADABLE
from harken.method.terms import Arm, Language, Missing, Mode, ResponseRef

Stored = dict[str, str | int | list[str] | dict[str, str]]
"""Answers as JSON: a code or month as text, codes as a list, a kind of no answer as its
number, a number as ``{"number": "12"}``."""


@dataclass(frozen=True, slots=True)
class Response:
    """One pseudonymous response. ``week`` is an ISO week such as ``2026-W12``.

    A question that ``answers`` lacks was not asked. ``proxy`` says that somebody else
    answered for the person, as the Code allows (SAF-15).
    """

    ref: ResponseRef
    arm: Arm
    mode: Mode
    language: Language
    week: str
    design: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Value] = field(default_factory=dict)
    proxy: bool = False

    @property
    def standing(self) -> dict[str, str]:
        """What files, conditions and breakdowns may name of every response."""
        return {
            "arm": self.arm.value,
            "mode": self.mode.value,
            "language": self.language,
            "proxy": "yes" if self.proxy else "no",
        }


@dataclass(frozen=True, slots=True)
class IssuedCase:
    """One case that was issued, for response rates and weights: no reference at all."""

    design: Mapping[str, str]
    arm: Arm
    disposition: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """All responses of a study, in the order of their random references, and the
    codebook that explains them."""

    responses: tuple[Response, ...]
    codebook: Codebook


def crossing(
    questionnaire: Questionnaire,
    answers: Mapping[str, Value],
    let_stand: Collection[str] = (),
) -> dict[str, Value]:
    """The answers that may cross into a response: no free text, nothing identifying.

    Beside an answer that a soft check looks at goes whether the check warned and the
    person let it stand (``let_stand``). Why is free text, and stays behind.
    """
    crossed: dict[str, Value] = {}
    for name, value in answers.items():
        question = questionnaire.question(name)
        if not question.valued or question.free_text or question.identifying:
            continue
        crossed[name] = value
        if watched(question):
            sure = "1" if name in let_stand else "0"
            crossed[stands(name)] = value if isinstance(value, Missing) else sure
    return crossed


def to_stored(answers: Mapping[str, Value]) -> Stored:
    """Answers as JSON values, without loss."""
    stored: Stored = {}
    for name, value in answers.items():
        if isinstance(value, Missing):
            stored[name] = int(value)
        elif isinstance(value, Decimal):
            stored[name] = {"number": str(value)}
        else:
            stored[name] = list(value) if isinstance(value, tuple) else value
    return stored


def from_stored(stored: Mapping[str, Any]) -> dict[str, Value]:
    """The answers that ``to_stored`` wrote. Raises HarkenError (RES-001)."""
    try:
        return {name: _value(raw) for name, raw in stored.items()}
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
        raise refuse(UNREADABLE) from None


def _value(raw: Any) -> Value:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, int):
        return Missing(raw)
    if isinstance(raw, list):
        return tuple(str(code) for code in raw)
    return Decimal(raw["number"])
