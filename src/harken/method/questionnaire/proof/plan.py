"""The instrument as the proof needs it: each page's condition in parts, and its goals.

A goal is something some respondent does (a page is asked, a part is true), or must never
do (words show an answer that is not there). Walking finds most goals at once; the solver
decides the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum

from harken.method.errors import Place
from harken.method.questionnaire.document import (
    Purpose,
    Question,
    Questionnaire,
    Section,
)
from harken.method.questionnaire.evaluate import Predicate, predicate
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.syntax import (
    All,
    Arithmetic,
    Call,
    Compare,
    Either,
    Literal,
    Name,
    Not,
    Operator,
    Tree,
    children,
    names_of,
    walk,
    write,
)
from harken.method.questionnaire.wording.fills import Fill, fills, on_line
from harken.method.terms import Mode


class Kind(Enum):
    """What a goal is about. Those of ``_BAD`` must not be reached."""

    ASKED = "asked"
    SECTION = "section"
    LEFT_OUT = "left out"
    BRANCH = "branch"
    OPTION = "option"
    PASSES = "passes"
    CHECK = "check"
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
AWARE = frozenset({"asked", "answered", "missing", "refused", "coalesce"})
"""Functions that show the author thought of the missing."""


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


def pages_of(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """Every page in order, with its goals."""
    consents: list[str] = []
    pages: list[Page] = []
    started: set[str] = set()
    for question in questionnaire.questions:
        section = questionnaire.section_of(question.id)
        whole, own = conjuncts(question.condition), conjuncts(question.own)
        base = whole[: len(whole) - len(own)]
        spot = section.condition.place if section.condition else None
        of_section = {part.tree for part in conjuncts(section.condition)}
        placed = tuple(
            Part(part.tree, spot if part.tree in of_section else None) for part in base
        )
        page = Page(
            question,
            section,
            placed,
            own,
            tuple(consents),
            section.id not in started,
        )
        started.add(section.id)
        compile_page(page)
        page.goals = _numbered(_goals(page, questionnaire), question)
        pages.append(page)
        if question.purpose is Purpose.TAKE_PART:
            consents.append(question.id)
    return tuple(pages)


def compile_page(page: Page) -> None:
    """Make the tests of a page."""
    base, own = together(page.base), together(page.own)
    page.comes = None if base is None else predicate(base)
    page.holds = None if own is None else predicate(own)
    page.hard = tuple(
        check.condition.evaluate for check in page.question.checks if not check.soft
    )


def _numbered(goals: Iterator[Goal], question: Question) -> list[Goal]:
    """Goals with the page as written and their number on it."""
    source = question.source or question.id
    return [
        replace(goal, source=source, nth=number) for number, goal in enumerate(goals)
    ]


def _goals(page: Page, questionnaire: Questionnaire) -> Iterator[Goal]:
    question = page.question
    own, base = together(page.own), together(page.base)
    if page.first and page.section.condition is not None:
        place = page.section.condition.place
        tree = page.section.condition.tree
        if base is not None:
            yield Goal(Kind.SECTION, Step.COMES, question.id, place=place)
        yield from _branches(question, tree, place, Step.EARLIER)
    yield Goal(Kind.ASKED, Step.ASKED, question.id, place=question.place)
    if own is not None:
        place = page.own[0].place
        if not _trivial(question):
            yield Goal(Kind.LEFT_OUT, Step.NEAR, question.id, own, True, place=place)
        yield from _branches(question, own, place)
        yield from unasked(questionnaire, question, own, place)
    if question.value is not None:
        tree, place = question.value.tree, question.value.place
        yield from unasked(questionnaire, question, tree, place)
    yield from _fills(page, questionnaire)
    yield from _answers(page)
    yield from _roster(page, questionnaire)
    open_door = any(
        questionnaire.question(one).condition is None for one in page.consents
    )
    asks = question.answerable and question.purpose is None
    if asks and page.consents and not open_door:
        yield Goal(
            Kind.WITHOUT_CONSENT,
            Step.ASKED,
            question.id,
            name=page.consents[0],
            place=question.place,
        )


def _fills(page: Page, questionnaire: Questionnaire) -> Iterator[Goal]:
    """What the words of a page show should be there for everybody who is shown it."""
    question = page.question
    for fill in shown_fills(questionnaire, question):
        if fill.instead is not None:
            continue
        tree = on_line(fill.tree, question.line, questionnaire.ids)
        for name in _denied(tree, denied=True):
            if name in questionnaire.ids and name not in _aware(tree):
                yield Goal(
                    Kind.UNANSWERED_FILL,
                    Step.ASKED,
                    question.id,
                    name=name,
                    place=question.place,
                )


def shown_fills(questionnaire: Questionnaire, question: Question) -> Iterator[Fill]:
    """Every fill in the words of a page, in any mode, each once."""
    seen: set[str] = set()
    keys = ["text", "hint", "note", *question.codes[:MOST_OPTIONS]]
    for key in keys:
        for mode in Mode:
            text = questionnaire.text(f"{question.id}.{key}", mode=mode).value
            if "{" in text and text not in seen:
                seen.add(text)
                yield from fills(text)


def _aware(tree: Tree) -> frozenset[str]:
    """The names of whose absence a tree takes care."""
    return frozenset(
        name.id
        for node in walk(tree)
        if isinstance(node, Call) and node.function in AWARE
        for name in walk(node)
        if isinstance(name, Name)
    )


def _answers(page: Page) -> Iterator[Goal]:
    """What the checks and the options of a page leave to be answered."""
    question = page.question
    hard = [check for check in question.checks if not check.soft]
    for check in question.checks:
        yield Goal(
            Kind.CHECK,
            Step.TRIED,
            question.id,
            check.condition.tree,
            place=check.place or check.condition.place,
        )
    if hard:
        place = hard[0].place or hard[0].condition.place
        yield Goal(Kind.PASSES, Step.ANSWERED, question.id, place=place)
        yield Goal(Kind.NO_WAY, Step.ASKED, question.id, place=place)
        yield Goal(Kind.DEAD_END, Step.ASKED, question.id, place=place)
    told = bool(hard) and len(question.options) <= MOST_OPTIONS
    for option in question.options:
        if told or option.condition is not None:
            place = option.condition.place if option.condition else question.place
            yield Goal(
                Kind.OPTION,
                Step.ANSWERED,
                question.id,
                name=option.code,
                place=place,
            )


def _roster(page: Page, questionnaire: Questionnaire) -> Iterator[Goal]:
    """A number that a roster counts by may be more than the lines it has."""
    for section in questionnaire.sections:
        roster = section.roster
        counted = roster is not None and roster.count == page.question.source
        if roster is None or not counted:
            continue
        over = Compare(
            Name(page.question.id), Operator.ABOVE, Literal(Decimal(roster.maximum))
        )
        yield Goal(
            Kind.BEYOND,
            Step.ANSWERED,
            page.question.id,
            over,
            name=section.id,
            place=section.place,
        )


def _trivial(question: Question) -> bool:
    """A page that the reader made itself is not judged by its condition."""
    return question.announces is not None or not question.answerable


def _branches(
    question: Question, tree: Tree, place: Place | None, when: Step = Step.COMES
) -> Iterator[Goal]:
    """Each alternative of an 'or', and each denied part, should hold for somebody."""
    if isinstance(tree, Either):
        for part in tree.parts:
            yield Goal(Kind.BRANCH, when, question.id, part, place=place)
    elif isinstance(tree, Not):
        yield Goal(Kind.BRANCH, when, question.id, tree.part, place=place)
    if not isinstance(tree, All | Either | Not):
        return
    for part in children(tree):
        yield from _branches(question, part, place, when)


def unasked(
    questionnaire: Questionnaire, question: Question, tree: Tree, place: Place | None
) -> Iterator[Goal]:
    """Names whose absence may turn a condition round, or leave a sum empty."""
    nodes = list(walk(tree))
    aware = _aware(tree)
    always = {q.id for q in questionnaire.questions if q.condition is None}
    for name in dict.fromkeys(_denied(tree, denied=False)):
        if name in questionnaire.ids and name not in aware | always:
            yield Goal(
                Kind.UNASKED, Step.COMES, question.id, tree, name=name, place=place
            )
    sums = [node for node in nodes if isinstance(node, Arithmetic)]
    for node in sums:
        inside = dict.fromkeys(one.id for one in walk(node) if isinstance(one, Name))
        for name in inside:
            if name not in aware | always and len(inside) > 1:
                yield Goal(
                    Kind.INCOMPLETE,
                    Step.COMES,
                    question.id,
                    node,
                    name=name,
                    place=place,
                )


def _denied(tree: Tree, *, denied: bool) -> Iterator[str]:
    """The names whose absence can make a tree true: those below a denial.

    A comparison with what is absent is false, so elsewhere absence only keeps out.
    """
    match tree:
        case Not(part):
            yield from _denied(part, denied=not denied)
        case All(parts) | Either(parts):
            for part in parts:
                yield from _denied(part, denied=denied)
        case Call("if", (test, *branches)):
            yield from names_of(test)
            for part in branches:
                yield from _denied(part, denied=denied)
        case _ if denied:
            yield from names_of(tree)
