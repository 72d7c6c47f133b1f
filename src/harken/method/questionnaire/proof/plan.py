"""The instrument as the proof needs it: each page's condition in parts, and its goals.

A goal is something some respondent does (a page is asked, a part is true), or must never
do (words show an answer that is not there).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from harken.method.errors import Place
from harken.method.questionnaire.document import (
    Question,
    Section,
)
from harken.method.questionnaire.evaluate import Predicate, predicate
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.syntax import (
    All,
    Tree,
    write,
)


class Kind(Enum):
    """What a goal is about. Those of ``_BAD`` must not be reached."""

    ASKED = "asked"
    SECTION = "section"
    LEFT_OUT = "left out"
    BRANCH = "branch"
    OPTION = "option"
    PASSES = "passes"
    CHECK = "check"
    SPARED = "spared by a soft check"
    GATE = "left out of a section"
    UNANSWERED_FILL = "unanswered fill"
    UNASKED = "unasked"
    INCOMPLETE = "incomplete"
    WITHOUT_CONSENT = "without consent"
    BEYOND = "beyond the roster"
    NO_WAY = "no answer for some"
    DEAD_END = "dead end"


class Step(Enum):
    """At which step of a page a goal is looked at."""

    EARLIER = "the consent holds, and nothing else is asked for"
    NEAR = "everything but the page's own condition and the consent holds"
    COMES = "everything but the page's own condition holds"
    ASKED = "the page is shown"
    TRIED = "an answer is tried"
    ANSWERED = "an answer was taken"


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing to reach; ``tree`` must hold too, or fail when ``denied``."""

    kind: Kind
    when: Step
    question: str
    tree: Tree | None = None
    denied: bool = False
    name: str = ""
    place: Place | None = None
    source: str = ""
    nth: int = 0
    """The page as written and the goal's number there: all lines of a roster share them."""

    @property
    def part(self) -> str:
        """A branch as written, without what must hold beside it."""
        return self.name or (write(self.tree) if self.tree is not None else "")

    @property
    def bad(self) -> bool:
        """Whether reaching it is a finding."""
        return self.kind in _BAD


_BAD = frozenset(
    {
        Kind.UNANSWERED_FILL,
        Kind.UNASKED,
        Kind.INCOMPLETE,
        Kind.WITHOUT_CONSENT,
        Kind.BEYOND,
        Kind.NO_WAY,
        Kind.DEAD_END,
    }
)
MOST_OPTIONS = 60
"""Options are told apart one by one up to here; longer lists have no reach of their own."""


@dataclass(frozen=True, slots=True)
class Part:
    """One conjunct of a page's condition."""

    tree: Tree
    place: Place | None

    @property
    def text(self) -> str:
        """The part as it would be written."""
        return write(self.tree)


@dataclass(slots=True)
class Page:
    """One question: what leads to it, its own condition, and the goals at it."""

    question: Question
    section: Section
    base: tuple[Part, ...]
    own: tuple[Part, ...]
    consents: tuple[str, ...]
    first: bool
    comes: Predicate | None = None
    holds: Predicate | None = None
    hard: tuple[Predicate, ...] = ()
    goals: list[Goal] = field(default_factory=list)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every conjunct of the condition."""
        return self.base + self.own

    @property
    def after_refusal(self) -> bool:
        """Whether the page is shown even to those who will not take part."""
        return bool(self.parts) and not self.question.valued


def conjuncts(expression: Expression | None) -> tuple[Part, ...]:
    """The parts that all must hold."""
    if expression is None:
        return ()
    tree = expression.tree
    trees = tree.parts if isinstance(tree, All) else (tree,)
    return tuple(Part(one, expression.place) for one in trees)


def together(parts: Sequence[Part]) -> Tree | None:
    """One tree of several parts; None of none."""
    if len(parts) < 2:
        return parts[0].tree if parts else None
    return All(tuple(part.tree for part in parts))


def compile_page(page: Page) -> None:
    """Make the tests of a page."""
    base, own = together(page.base), together(page.own)
    page.comes = None if base is None else predicate(base)
    page.holds = None if own is None else predicate(own)
    page.hard = tuple(
        check.condition.evaluate for check in page.question.checks if not check.soft
    )
