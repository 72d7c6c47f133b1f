"""What is to be decided at each page.

Walking finds most goals at once; the solver decides the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from harken.method.errors import Place
from harken.method.questionnaire.document import Purpose, Question, Questionnaire
from harken.method.questionnaire.proof.plan import (
    MOST_OPTIONS,
    Goal,
    Kind,
    Page,
    Part,
    Step,
    compile_page,
    conjuncts,
    together,
)
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
from harken.method.questionnaire.wording.fills import on_line
from harken.method.questionnaire.wording.shown import shown_fills

Trees = tuple[Tree, ...]
_LINE = re.compile(r"(#|\.)[0-9]+$")
AWARE = frozenset({"asked", "answered", "missing", "refused", "coalesce"})
"""Functions that show the author thought of the missing."""


def pages_of(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """Every page in order, with its goals."""
    consents: list[str] = []
    pages: list[Page] = []
    started: set[object] = set()
    for question in questionnaire.questions:
        whole, own = conjuncts(question.condition), conjuncts(question.own)
        base = whole[: len(whole) - len(own)]
        gate = question.gate
        spot = gate.place if gate else None
        gated = {part.tree for part in conjuncts(gate)}
        placed = tuple(
            Part(part.tree, spot if part.tree in gated else None) for part in base
        )
        door = (question.section, gate.tree if gate else None)
        page = Page(
            question,
            questionnaire.section_of(question.id),
            placed,
            own,
            tuple(consents),
            door not in started,
        )
        started.add(door)
        compile_page(page)
        page.goals = _numbered(_goals(page, questionnaire), question)
        pages.append(page)
        if question.purpose is Purpose.TAKE_PART:
            consents.append(question.id)
    return tuple(pages)


def _numbered(goals: Iterator[Goal], question: Question) -> list[Goal]:
    """Goals with the page as written and their number among those of their kind there."""
    source = question.source or question.id
    counts: Counter[tuple[Kind, Step]] = Counter()
    found = []
    for goal in goals:
        key = (goal.kind, goal.when)
        found.append(replace(goal, source=source, nth=counts[key]))
        counts[key] += 1
    return found


def _goals(page: Page, questionnaire: Questionnaire) -> Iterator[Goal]:
    question = page.question
    if page.first and question.gate is not None:
        yield from _gate(page, question.gate.tree, questionnaire)
    yield Goal(Kind.ASKED, Step.ASKED, question.id, place=question.place)
    own = together(page.own)
    if own is not None:
        place = page.own[0].place
        if not _trivial(question):
            # Whoever tests the consent again is heard before it counts.
            tested = set(names_of(own)) & set(page.consents)
            when = Step.NEAR if tested else Step.COMES
            yield Goal(Kind.LEFT_OUT, when, question.id, own, True, place=place)
        yield from _branches(question, own, place)
        yield from _unasked(questionnaire, question, own, place, Step.COMES)
    yield from _worked(questionnaire, question)
    yield from _fills(page, questionnaire)
    yield from _answers(page, questionnaire)
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


def _gate(page: Page, tree: Tree, questionnaire: Questionnaire) -> Iterator[Goal]:
    """The condition of a section: somebody comes in, and somebody is kept out."""
    question, gate = page.question, page.question.gate
    place = gate.place if gate else None
    yield Goal(Kind.SECTION, Step.COMES, question.id, place=place)
    if not set(names_of(tree)) & set(page.consents):
        yield Goal(Kind.GATE, Step.EARLIER, question.id, tree, True, place=place)
    yield from _branches(question, tree, place, Step.EARLIER)
    yield from _unasked(questionnaire, question, tree, place, Step.EARLIER)


def _worked(questionnaire: Questionnaire, question: Question) -> Iterator[Goal]:
    """What a computed value is made of: each of its tests turns out both ways."""
    if question.value is None:
        return
    tree, place = question.value.tree, question.value.place
    aware = _aware(tree)
    for given, test in _tests(tree):
        for way in (test, Not(test)):
            yield _branch(question, way, place, Step.ASKED, given)
        yield from _branches(question, test, place, Step.ASKED, given)
        for way in (test, Not(test)):
            for goal in _unasked(questionnaire, question, way, place, Step.ASKED):
                if goal.name not in aware:
                    yield replace(goal, tree=_beside(given, way))
    if isinstance(tree, All | Either | Not):
        yield from _unasked(questionnaire, question, tree, place, Step.ASKED)
    yield from _sums(questionnaire, question, tree, place, Step.ASKED)


def _tests(tree: Tree, given: Trees = ()) -> Iterator[tuple[Trees, Tree]]:
    """The tests of each 'if' an author wrote, each with those that led to it; reading
    makes others inside sums and texts over the lines of a roster."""
    match tree:
        case Call("if", (test, then, otherwise)) if _picks_line(test, then):
            yield from _tests(otherwise, given)
        case Call("if", (test, then, otherwise)):
            yield given, test
            yield from _tests(then, (*given, test))
            yield from _tests(otherwise, (*given, Not(test)))
        case Call("sum" | "concat"):
            return
        case _:
            for part in children(tree):
                yield from _tests(part, given)


def _picks_line(test: Tree, then: Tree) -> bool:
    """What the reader makes of ``on_line``: the answer on line 2 when the number is 2."""
    match test, then:
        case Compare(_, Operator.IS, Literal(number)), Name(name):
            return re.split(r"[#.]", name)[-1] == str(number)
        case _:
            return False


def _fills(page: Page, questionnaire: Questionnaire) -> Iterator[Goal]:
    """What the words of a page show should be there for everybody who is shown it."""
    question = page.question
    told: set[str] = set()
    for shown in shown_fills(questionnaire, question):
        if shown.fill.instead is not None:
            continue
        tree = on_line(shown.fill.tree, question.line, questionnaire.ids)
        when = Step.TRIED if shown.only_if is not None else Step.ASKED
        for name in _denied(tree, denied=True):
            if name not in questionnaire.ids or name in _aware(tree) | told:
                continue
            told.add(name)
            yield Goal(
                Kind.UNANSWERED_FILL,
                when,
                question.id,
                shown.only_if,
                name=name,
                place=shown.place,
            )


def _aware(tree: Tree) -> frozenset[str]:
    """The names of whose absence a tree takes care."""
    return frozenset(
        name.id
        for node in walk(tree)
        if isinstance(node, Call) and node.function in AWARE
        for name in walk(node)
        if isinstance(name, Name)
    )


def _answers(page: Page, questionnaire: Questionnaire) -> Iterator[Goal]:
    """What the checks and the options of a page leave to be answered."""
    question = page.question
    hard = [check for check in question.checks if not check.soft]
    for check in question.checks:
        tree, place = check.condition.tree, check.place or check.condition.place
        yield Goal(Kind.CHECK, Step.TRIED, question.id, tree, place=place)
        if check.soft:
            yield Goal(Kind.SPARED, Step.TRIED, question.id, tree, True, place=place)
        yield from _unasked(questionnaire, question, tree, place, Step.TRIED)
    if hard:
        place = hard[0].place or hard[0].condition.place
        yield Goal(Kind.PASSES, Step.ANSWERED, question.id, place=place)
        yield Goal(Kind.NO_WAY, Step.ASKED, question.id, place=place)
        yield Goal(Kind.DEAD_END, Step.ASKED, question.id, place=place)
    told = bool(hard) and len(question.options) <= MOST_OPTIONS
    judged: set[Tree] = set()
    for option in question.options:
        condition = option.condition
        if told or condition is not None:
            place = condition.place if condition else question.place
            yield Goal(
                Kind.OPTION,
                Step.ANSWERED,
                question.id,
                name=option.code,
                place=place,
            )
        if condition is not None and condition.tree not in judged:
            judged.add(condition.tree)
            tree, place = condition.tree, condition.place
            yield from _unasked(questionnaire, question, tree, place, Step.ASKED)


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
    question: Question,
    tree: Tree,
    place: Place | None,
    when: Step = Step.COMES,
    given: Trees = (),
) -> Iterator[Goal]:
    """Each alternative of an 'or', and each denied part, should hold for somebody.

    An alternative should hold beside the other parts of an 'and' it stands in: those are
    ``given``. Below a denial parts are alternatives of each other, and add nothing.
    """
    match tree:
        case Either(parts):
            for part in parts:
                yield _branch(question, part, place, when, given)
                yield from _branches(question, part, place, when, given)
        case Not(part):
            yield _branch(question, part, place, when, ())
            yield from _branches(question, part, place, when, ())
        case All(parts):
            for number, part in enumerate(parts):
                beside = (*given, *parts[:number], *parts[number + 1 :])
                yield from _branches(question, part, place, when, beside)
        case _:
            return


def _branch(
    question: Question, part: Tree, place: Place | None, when: Step, given: Trees
) -> Goal:
    tree = _beside(given, part)
    return Goal(Kind.BRANCH, when, question.id, tree, name=write(part), place=place)


def _beside(given: Trees, tree: Tree) -> Tree:
    return All((*given, tree)) if given else tree


def _unasked(
    questionnaire: Questionnaire,
    question: Question,
    tree: Tree,
    place: Place | None,
    when: Step,
) -> Iterator[Goal]:
    """Names whose absence may turn a condition round, or leave a sum empty."""
    aware = _aware(tree) | questionnaire.unconditional | {question.id}
    named = set(names_of(tree))
    for name in dict.fromkeys(_denied(tree, denied=False)):
        first = _LINE.sub(lambda line: f"{line[1]}1", name)
        if name != first and first in named:
            # All lines together: that there are fewer is no surprise.
            continue
        if name in questionnaire.ids and name not in aware:
            yield Goal(Kind.UNASKED, when, question.id, tree, name=name, place=place)
    if when is Step.COMES:
        yield from _sums(questionnaire, question, tree, place, when)


def _sums(
    questionnaire: Questionnaire,
    question: Question,
    tree: Tree,
    place: Place | None,
    when: Step,
) -> Iterator[Goal]:
    """Sums that nothing results from for those who were not asked a part."""
    aware = _aware(tree) | questionnaire.unconditional
    for node in walk(tree):
        if not isinstance(node, Arithmetic):
            continue
        inside = dict.fromkeys(one.id for one in walk(node) if isinstance(one, Name))
        for name in inside:
            if name not in aware and len(inside) > 1:
                yield Goal(
                    Kind.INCOMPLETE, when, question.id, node, name=name, place=place
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
