"""Jumps to conditions: a page is asked unless an earlier page, itself asked, jumps over it.

Rules of a page are tried in their order and the first that holds is taken, so each
counts only where none before it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from harken.method.questionnaire.exchange import faults, say
from harken.method.questionnaire.exchange.eq.known import (
    Json,
    Known,
    mapping,
    several,
    texts,
)
from harken.method.questionnaire.exchange.eq.rules import condition
from harken.method.questionnaire.exchange.say import Piece
from harken.method.questionnaire.values import Kind


@dataclass(slots=True)
class Page:
    """A block, the group it stands in, and when it is asked."""

    block: Json
    group: Json
    asked: Piece = field(default_factory=lambda: say.truth(True))
    jumps: list[tuple[int, Piece]] | None = None
    """Where the page goes to (a place in the section) and when."""


def conditions(pages: list[Page], page: Page, known: Known) -> Piece:
    """When a page is asked, all pages before it being settled."""
    here = pages.index(page)
    parts = [_not_skipped(page, known)]
    for place, earlier in enumerate(pages[:here]):
        if earlier.jumps is None:
            earlier.jumps = _jumps(pages, place, known)
        over = [when for target, when in earlier.jumps if target > here]
        if over:
            jumped = say.both(_was_asked(earlier, known), say.either(*over))
            parts.append(say.turned(jumped))
    return say.both(*parts)


def _not_skipped(page: Page, known: Known) -> Piece:
    rules = [
        mapping(one.get("skip_conditions")).get("when")
        for one in (page.group, page.block)
    ]
    known.denying = True
    skips = [
        condition(rule, known, "skip_conditions") for rule in rules if rule is not None
    ]
    known.denying = False
    return say.both(*(say.turned(skip) for skip in skips if skip is not None))


def _was_asked(page: Page, known: Known) -> Piece:
    """That a page was asked: by one of its questions, or by its own condition."""
    if page.asked.constant is True:
        return page.asked
    mark = known.marks.get((known.home, texts(page.block.get("id"))))
    if mark is not None:
        return Piece(f"asked({mark})", Kind.BOOLEAN)
    return page.asked


def _jumps(pages: list[Page], place: int, known: Known) -> list[tuple[int, Piece]]:
    """Every target ahead with the condition under which its rule is the first to hold."""
    found: list[tuple[int, Piece]] = []
    before: list[Piece] = []
    where, known.where = known.where, texts(pages[place].block.get("id"))
    rules = several(pages[place].block.get("routing_rules"))
    rules = rules or _of_group(pages, place)
    for one in rules:
        rule = mapping(one)
        met: Piece | None = say.truth(True)
        if "when" in rule:
            met = condition(rule["when"], known, "routing_rules")
        if met is None:
            continue
        first = say.both(*(say.turned(earlier) for earlier in before), met)
        target = _target(pages, rule)
        if target is None or target <= place:
            problem = "a jump back, or to another section, is left to the person"
            expression = str({key: rule[key] for key in rule if key != "when"})
            detail = {"column": "routing_rules", "expression": expression}
            known.find(faults.NEARLY, problem=problem, **detail)
        else:
            found.append((target, first))
        before.append(met)
    known.where = where
    return found


def _of_group(pages: list[Page], place: int) -> list[object]:
    """The rules of a group count after its last page."""
    page = pages[place]
    last = place + 1 == len(pages) or pages[place + 1].group is not page.group
    return several(page.group.get("routing_rules")) if last else []


def _target(pages: list[Page], rule: Json) -> int | None:
    """The place a rule goes to; one past the last page is the section's end."""
    if "section" in rule:
        return len(pages)
    for number, page in enumerate(pages):
        if "block" in rule and page.block.get("id") == rule["block"]:
            return number
        if "group" in rule and page.group.get("id") == rule["group"]:
            return number
    return None
