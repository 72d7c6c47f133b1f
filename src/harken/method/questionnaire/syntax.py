"""The expression language as a tree: a small closed set of nodes, walked and written out.

The tree knows words and brackets, not questions. ``parser`` makes it from text;
``types`` checks it; ``evaluate`` and ``reference`` give it a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from harken.method.terms import Missing

KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})
RESERVED = KEYWORDS | {"answered", "refused", "has"}


class Operator(StrEnum):
    """How two values are compared."""

    IS = "=="
    IS_NOT = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


class Sum(StrEnum):
    """How two numbers are put together."""

    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    OVER = "/"


Constant = str | Decimal | bool | Missing
"""What may stand in an expression; a kind of no answer only where a roster left it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written."""

    value: Constant


@dataclass(frozen=True, slots=True)
class Name:
    """A question's id, a design variable, or mode, arm, language, today, seed.

    Below a roster the id carries its line: ``told#2``, or ``told#2.1`` one roster in
    another.
    """

    id: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a part's result."""

    part: Tree


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """``left operator right``; false when either side is missing."""

    left: Tree
    operator: Operator
    right: Tree


@dataclass(frozen=True, slots=True)
class Within:
    """``part in [...]`` or ``part not in [...]``; false when the part is missing."""

    part: Tree
    values: tuple[Constant, ...]
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left + - * / right``; missing when either side is."""

    left: Tree
    sign: Sum
    right: Tree


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``; the functions are in the table of ``functions``."""

    function: str
    arguments: tuple[Tree, ...]


CONDITIONS = (Not, All, Either, Compare, Within)
"""Nodes that are true or false whatever they hold."""

Tree = Literal | Name | Not | All | Either | Compare | Within | Arithmetic | Call


def children(tree: Tree) -> tuple[Tree, ...]:
    """The trees directly below a node, from left to right."""
    match tree:
        case Literal() | Name():
            return ()
        case Not(part) | Within(part):
            return (part,)
        case All(parts) | Either(parts):
            return parts
        case Compare(left, _, right) | Arithmetic(left, _, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case _:
            assert_never(tree)


def walk(tree: Tree) -> Iterator[Tree]:
    """The node and every node below it, each before its parts."""
    yield tree
    for child in children(tree):
        yield from walk(child)


def rewrite(tree: Tree, change: Callable[[Tree], Tree | None]) -> Tree:
    """The tree with nodes replaced where ``change`` gives one, from the top down; the
    same object where nothing is replaced."""
    changed = change(tree)
    if changed is not None:
        return changed
    before = children(tree)
    below = tuple(rewrite(child, change) for child in before)
    if all(new is old for new, old in zip(below, before, strict=True)):
        return tree
    match tree:
        case Not():
            return Not(below[0])
        case Within(_, values, outside):
            return Within(below[0], values, outside)
        case All():
            return All(below)
        case Either():
            return Either(below)
        case Compare(_, sign, _):
            return Compare(below[0], sign, below[1])
        case Arithmetic(_, work, _):
            return Arithmetic(below[0], work, below[1])
        case Call(function, _):
            return Call(function, below)
        case _:
            return tree


def names_of(tree: Tree) -> tuple[str, ...]:
    """Every name a tree uses, once each, in order of first use."""
    return tuple(
        dict.fromkeys(node.id for node in walk(tree) if isinstance(node, Name))
    )


_TIGHTNESS = {Either: 0, All: 1, Not: 2, Compare: 3, Within: 3}


def write(tree: Tree) -> str:
    """The text that reads as this tree, with no more brackets than it needs."""
    match tree:
        case Literal(value):
            return _constant(value)
        case Name(identity):
            return identity
        case Not(part):
            return f"not {_inside(part, 2)}"
        case All(parts):
            return " and ".join(_inside(part, 2) for part in parts)
        case Either(parts):
            return " or ".join(_inside(part, 1) for part in parts)
        case Compare(left, sign, right):
            return f"{_inside(left, 4)} {sign} {_inside(right, 4)}"
        case Within(part, values, outside):
            listed = ", ".join(_constant(value) for value in values)
            return f"{_inside(part, 4)} {'not in' if outside else 'in'} [{listed}]"
        case Arithmetic(left, sign, right):
            low = _tightness(tree)
            return f"{_inside(left, low)} {sign} {_inside(right, low + 1)}"
        case Call(function, arguments):
            return f"{function}({', '.join(write(part) for part in arguments)})"
        case _:
            assert_never(tree)


def _tightness(tree: Tree) -> int:
    if isinstance(tree, Arithmetic):
        return 4 if tree.sign in {Sum.PLUS, Sum.MINUS} else 5
    return _TIGHTNESS.get(type(tree), 6)


def _inside(tree: Tree, least: int) -> str:
    text = write(tree)
    return text if _tightness(tree) >= least else f"({text})"


def _constant(value: Constant) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Missing):
        return "nothing"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f'"{value}"' if "'" in value else f"'{value}'"
