"""Expressions longer than a person can check, taken apart: parts of them get names.

A part that is worked out on its own becomes a computed value in front of the question;
what speaks of the lines of another roster is left whole, for it means something else
outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from harken.method.errors import HarkenError
from harken.method.questionnaire.exchange.tree import Form, Item
from harken.method.questionnaire.faults import CONDITION_TOO_LONG
from harken.method.questionnaire.parser import parse

_LEAST = 40
_PIECE = re.compile(r"'[^']*'|\"[^\"]*\"|[a-z_][a-z0-9_#.]*(?=\()|not(?= \()|\(|\)")
_SIGN = re.compile(r"'[^']*'|\"[^\"]*\"|[()\[\],]| and | or ")
_NAMED = frozenset({"if", "concat", "coalesce"})
_TOGETHER = frozenset(
    {"first", "last", "any", "all", "count", "sum", "join", "on_line", "previous"}
)


def shortened(form: Form) -> None:
    """Take apart whatever of a question is too long or too deep."""
    for part in form.parts:
        names = {item.id for one in form.parts for item in one.items}
        made: list[Item] = []
        for item in part.items:
            cut = _Cutter(item.id, names)
            if item.value:
                item.value = cut(item.value)
            item.condition = cut(item.condition)
            for check in item.checks:
                check.wrong = cut(check.wrong)
            for choice in item.options:
                choice.condition = cut(choice.condition)
            made += [*cut.helpers, item]
        part.items = made


@dataclass(slots=True)
class _Cutter:
    """Takes apart the expressions of one question; ``helpers`` are what it made."""

    owner: str
    names: set[str]
    helpers: list[Item] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        while not _can_be_read(text):
            parts = [
                (end - start, start, end, truth)
                for start, end, truth in _parts(text)
                if _LEAST <= end - start < len(text)
                and _can_be_read(_alone(text[start:end], truth))
            ]
            if not parts:
                break
            _, start, end, truth = max(parts)
            text = text[:start] + self.named(text[start:end], truth) + text[end:]
        return text

    def named(self, part: str, truth: bool) -> str:
        """The name, or the comparison with a name, that stands for a part."""
        name = self.known.get(part)
        if name is None:
            name = _free(f"{self.owner[:32]}_p", self.names)
            self.names.add(name)
            self.known[part] = name
            self.helpers.append(Item(name, "computed", value=_alone(part, truth)))
        return f"({name} == 'yes')" if truth else name


def _alone(part: str, truth: bool) -> str:
    return f"if({part}, 'yes', 'no')" if truth else part


def _can_be_read(text: str) -> bool:
    """Whether the reader takes it as to length and depth; other faults are not ours."""
    try:
        parse(text)
    except HarkenError as error:
        return error.findings[0].fault is not CONDITION_TOO_LONG
    return True


def _parts(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where calls and conditions stand that can be worked out alone; which are true or
    false."""
    yield from _run(text, 0, len(text))
    open_at: list[tuple[int, str]] = []
    before: tuple[int, str] = (0, "")
    for found in _PIECE.finditer(text):
        piece = found[0]
        if piece == "(":
            end, word = before
            called = word if end == found.start() and word not in "()" else ""
            turned = word == "not" and end == found.start() - 1
            start = found.start() - len(called)
            open_at.append((start, called or ("not" if turned else "(")))
        elif piece == ")" and open_at:
            start, word = open_at.pop()
            if not any(outer in _TOGETHER for _, outer in open_at):
                if word in _NAMED:
                    yield start, found.end(), False
                elif word in {"not", "("}:
                    if (
                        word == "not"
                        or len(_operands(text, start + 1, found.start())) > 1
                    ):
                        yield start, found.end(), True
                    yield from _run(text, start + 1, found.start())
        before = (found.end(), piece)


def _run(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """The first half of a long chain of conditions joined by one word."""
    operands = _operands(text, start, end)
    if len(operands) > 3:
        yield start, operands[len(operands) // 2 - 1][1], True


def _operands(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """What ``or`` joins here; where there is none, what ``and`` joins."""
    depth, places = 0, {" or ": [start], " and ": [start]}
    for found in _SIGN.finditer(text, start, end):
        sign = found[0]
        depth += (sign in "([") - (sign in ")]")
        if sign in places and not depth:
            places[sign] += [found.start(), found.end()]
    marks = places[" or "] if len(places[" or "]) > 1 else places[" and "]
    marks.append(end)
    return list(zip(marks[::2], marks[1::2], strict=True))


def _free(stem: str, names: set[str]) -> str:
    number = 1
    while f"{stem}{number}" in names:
        number += 1
    return f"{stem}{number}"
