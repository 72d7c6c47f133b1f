"""The pages in order, made ready once, so that a route over five hundred costs little.

Pages in a row that share the first part of their condition are gone over together, and
the commonest part of a condition, a name that has a written code, is tested without a
call. What a condition means is evaluate's to say; nothing here changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import groupby
from typing import Generic, NamedTuple, TypeVar

from harken.method.questionnaire.days import is_dated
from harken.method.questionnaire.evaluate import Predicate, every, predicate
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.syntax import (
    All,
    Compare,
    Literal,
    Name,
    Operator,
    Tree,
)

T = TypeVar("T")


class Stop(Enum):
    """What else a page does than being asked."""

    COMPUTED = "computed"
    CONSENT = "consent"


class Step(NamedTuple, Generic[T]):
    """One page: asked when ``key`` holds ``code`` (None: no such part) and ``holds``."""

    id: str
    key: str | None
    code: str
    holds: Predicate | None
    stop: Stop | None
    page: T


Stretch = tuple[Predicate | None, tuple[Step[T], ...]]
"""Pages in a row, and the test that all of them share."""

Entry = tuple[str, Expression | None, Stop | None, T]
"""An id, its condition, what happens there, and the page itself."""


def stretches(entries: Iterable[Entry[T]]) -> tuple[Stretch[T], ...]:
    """The pages parted where the first part of their condition changes.

    A shared part is tested once for all of its pages: it can only name what comes before
    the first of them, so that no answer given in between changes it.
    """
    found: list[Stretch[T]] = []
    for _, group in groupby(entries, lambda entry: (_parts(entry) or (None,))[0]):
        row = list(group)
        parts = _parts(row[0])
        shared = bool(parts) and len(row) > 1
        steps = tuple(step(entry, skipped=int(shared)) for entry in row)
        gate = predicate(parts[0]) if shared else None
        if gate is None and found and found[-1][0] is None:
            found[-1] = (None, (*found[-1][1], *steps))
        else:
            found.append((gate, steps))
    return tuple(found)


def step(entry: Entry[T], *, skipped: int = 0) -> Step[T]:
    """One page ready for the route, without the parts that are tested before it."""
    name, _, stop, page = entry
    parts = _parts(entry)[skipped:]
    for part in parts:
        match part:
            case Compare(Name(key), Operator.IS, Literal(str() as code)):
                if not is_dated(code):
                    rest = [one for one in parts if one is not part]
                    return Step(name, key, code, _all(rest), stop, page)
    return Step(name, None, "", _all(parts), stop, page)


def _parts(entry: Entry[T]) -> Sequence[Tree]:
    condition = entry[1]
    if condition is None:
        return ()
    tree = condition.tree
    return tree.parts if isinstance(tree, All) else (tree,)


def _all(parts: Sequence[Tree]) -> Predicate | None:
    tests = [predicate(part) for part in parts]
    if len(tests) < 2:
        return tests[0] if tests else None
    return every(tests)
