"""Responses of one arm as arrays: who was asked, who counts, who is positive.

It evaluates the plan's conditions once for each response, and never looks at weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from harken.method.compliance.edition import Indicator
from harken.method.questionnaire import Expression, Value
from harken.method.response import Response
from harken.method.terms import Missing

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

NOT_STATED = "not_stated"
"""The category of those who gave no answer to a question that breaks figures down."""


@dataclass(frozen=True, eq=False)
class Masks:
    """One indicator over n responses.

    ``asked`` meet its base condition; ``base`` are those of them whose answer counts;
    ``positive`` those of the base with the positive answer.
    """

    asked: Bools
    base: Bools
    positive: Bools


@dataclass(frozen=True, eq=False)
class ArmTable:
    """The responses of one arm in the order of their random references."""

    responses: tuple[Response, ...]

    @classmethod
    def of(cls, responses: Sequence[Response]) -> ArmTable:
        """Sort by reference, so that the result does not depend on storage."""
        return cls(tuple(sorted(responses, key=lambda response: response.ref)))

    @cached_property
    def values(self) -> tuple[Mapping[str, Value], ...]:
        """What conditions may name, for each response."""
        return tuple(
            {**response.design, **response.answers, **response.standing}
            for response in self.responses
        )

    @cached_property
    def _cache(self) -> dict[str, Bools]:
        return {}

    def holds(self, condition: str) -> Bools:
        """Which responses meet a condition; evaluated once for each distinct text."""
        if condition not in self._cache:
            test = Expression.parse(condition).evaluate
            self._cache[condition] = np.array(
                [test(values) for values in self.values], dtype=bool
            )
        return self._cache[condition]

    def masks(self, indicator: Indicator) -> Masks:
        """Who is asked, who counts in the base, who is positive.

        A kind of no answer stays in the base, as not positive, only when ``in_base``
        lists it; a question that was not asked never counts.
        """
        asked = self.holds(indicator.base)
        counts = np.array(
            [
                _counts(values.get(indicator.question), indicator.in_base)
                for values in self.values
            ],
            dtype=bool,
        )
        base = asked & counts
        return Masks(asked, base, base & self.holds(indicator.positive))

    def categories(self, name: str) -> tuple[tuple[str, ...], Ints]:
        """The categories of a variable in sorted order, and each response's place."""
        own = [_category(values.get(name)) for values in self.values]
        names = sorted(set(own), key=lambda word: (word == NOT_STATED, word))
        place = {word: at for at, word in enumerate(names)}
        return tuple(names), np.array([place[word] for word in own], dtype=np.intp)


def _counts(value: Value | None, in_base: Sequence[Missing]) -> bool:
    if value is None:
        return False
    return value in in_base if isinstance(value, Missing) else True


def _category(value: Value | None) -> str:
    return value if isinstance(value, str) and value else NOT_STATED
