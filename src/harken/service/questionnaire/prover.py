"""The proof for commands and staff pages: the solver is loaded when first asked for.

Every web process imports the staff pages, and a respondent's page must not pay for a
solver it never uses (decision 0010). What was proved once is kept by digest.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from harken.method.questionnaire import Questionnaire
from harken.method.terms import Language, Mode

KEPT = 16

_PROVED: dict[tuple[object, ...], Any] = {}


@cache
def solver() -> Any:
    """The package ``harken.method.questionnaire.proof``, loaded once."""
    return importlib.import_module("harken.method.questionnaire.proof")


def prove(
    questionnaire: Questionnaire,
    *,
    modes: Sequence[Mode] = tuple(Mode),
    languages: Sequence[Language] | None = None,
    minutes: float | None = None,
    reading_age: float | None = None,
) -> Any:
    """The ``Proof`` of an instrument, made once for each text and question."""
    asked: dict[str, object] = {"modes": tuple(modes), "minutes": minutes}
    if languages is not None:
        asked["languages"] = tuple(languages)
    if reading_age is not None:
        asked["reading_age"] = reading_age
    key = (questionnaire.digest, *sorted(asked.items()))
    if key not in _PROVED:
        if len(_PROVED) >= KEPT:
            _PROVED.clear()
        _PROVED[key] = solver().prove(questionnaire, **asked)
    return _PROVED[key]


def cover(questionnaire: Questionnaire) -> Any:
    """The ``Cover`` of an instrument."""
    return solver().cover(questionnaire)


def draw(
    questionnaire: Questionnaire, *, title: str, mode: Mode, language: Language
) -> str:
    """The routing as SVG."""
    return str(solver().draw(questionnaire, title=title, mode=mode, language=language))


def simulate(
    questionnaire: Questionnaire,
    count: int,
    *,
    seed: int,
    marginals: Mapping[str, Mapping[str, float]] | None,
    report: Callable[[int, int], None],
) -> Any:
    """The ``Simulation`` of so many interviews."""
    return solver().simulate(
        questionnaire, count, seed=seed, marginals=marginals, report=report
    )
