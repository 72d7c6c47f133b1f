"""The condition language: text to tree. It knows words and brackets, not questions.

    condition := part ('or' part)* ; part := term ('and' term)*
    term      := 'not' term | '(' condition ')' | test | comparison
    test      := answered(name) | refused(name) | has(name, 'code')
    comparison:= name (== != < <= > >=) (name | 'text' | number) | name [not] in [...]

Host-language evaluation is never used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from harken.method.errors import HarkenError, Place, refuse
from harken.method.questionnaire.faults import CONDITION_TOO_LONG, SYNTAX

LONGEST = 2000
DEEPEST = 30

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^'\n]*'|\"[^\"\n]*\")|(?P<number>-?[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>==|!=|<=|>=|[<>()\[\],]))"
)
_KEYWORDS = frozenset({"and", "or", "not", "in"})
_TESTS = ("answered", "refused", "has")
RESERVED = _KEYWORDS | frozenset(_TESTS)


class Operator(StrEnum):
    """How two values are compared."""

    IS = "=="
    IS_NOT = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Name:
    """A question's id, a design variable, or mode, arm, language."""

    id: str


Literal = str | Decimal


@dataclass(frozen=True, slots=True)
class Compare:
    """``name operator operand``."""

    name: str
    operator: Operator
    operand: Literal | Name


@dataclass(frozen=True, slots=True)
class Within:
    """``name in [...]`` or ``name not in [...]``."""

    name: str
    values: tuple[Literal, ...]
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """``answered(name)``: a real answer is there."""

    name: str


@dataclass(frozen=True, slots=True)
class Refused:
    """``refused(name)``: the person chose not to say, did not know or remember."""

    name: str


@dataclass(frozen=True, slots=True)
class Has:
    """``has(name, 'code')``: the code is among those chosen."""

    name: str
    code: str


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


Leaf = Compare | Within | Answered | Refused | Has
Tree = Leaf | Not | All | Either


def parse(text: str, place: Place | None = None) -> Tree:
    """Read one condition. Raises HarkenError (QUE-001, QUE-005)."""
    if len(text) > LONGEST:
        raise refuse(CONDITION_TOO_LONG, place, limit=LONGEST, depth=DEEPEST)
    return _Parser(text, place).whole()


def leaves(tree: Tree) -> tuple[Leaf, ...]:
    """Every comparison and test of a tree, from left to right."""
    if isinstance(tree, Not):
        return leaves(tree.part)
    if isinstance(tree, All | Either):
        return tuple(leaf for part in tree.parts for leaf in leaves(part))
    return (tree,)


def names_of(tree: Tree) -> tuple[str, ...]:
    """Every name a tree uses, once each, in order of first use."""
    names: dict[str, None] = {}
    for leaf in leaves(tree):
        names.setdefault(leaf.name)
        if isinstance(leaf, Compare) and isinstance(leaf.operand, Name):
            names.setdefault(leaf.operand.id)
    return tuple(names)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_END = _Token("end", "the end")


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str, place: Place | None) -> None:
        self.place = place
        self.tokens = self._tokens(text)
        self.next = 0
        self.depth = 0

    def whole(self) -> Tree:
        tree = self.condition()
        if self.token is not _END:
            raise self.wrong("one condition ends here, but more follows")
        return tree

    def condition(self) -> Tree:
        parts = [self.part()]
        while self.take("or"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def part(self) -> Tree:
        parts = [self.term()]
        while self.take("and"):
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def term(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise refuse(CONDITION_TOO_LONG, self.place, limit=LONGEST, depth=DEEPEST)
        tree = self._term()
        self.depth -= 1
        return tree

    def _term(self) -> Tree:
        if self.take("not"):
            return Not(self.term())
        if self.take("("):
            tree = self.condition()
            self.expect(")")
            return tree
        if self.token.kind == "word" and self.token.text in _TESTS:
            return self.test()
        return self.comparison()

    def test(self) -> Tree:
        function = self.advance().text
        self.expect("(")
        name = self.name()
        if function == "has":
            self.expect(",")
            code = self.literal()
            self.expect(")")
            return Has(name, str(code))
        self.expect(")")
        return Answered(name) if function == "answered" else Refused(name)

    def comparison(self) -> Tree:
        name = self.name()
        if self.take("not"):
            self.expect("in")
            return Within(name, self.values(), outside=True)
        if self.take("in"):
            return Within(name, self.values())
        sign = self.token.text
        if self.token.kind != "mark" or sign not in set(Operator):
            raise self.wrong("expected ==, !=, <, <=, >, >= or in")
        self.advance()
        word = self.token.kind == "word"
        operand = Name(self.name()) if word else self.literal()
        return Compare(name, Operator(sign), operand)

    def values(self) -> tuple[Literal, ...]:
        self.expect("[")
        values = [self.literal()]
        while self.take(","):
            values.append(self.literal())
        self.expect("]")
        return tuple(values)

    def name(self) -> str:
        if self.token.kind != "word" or self.token.text in RESERVED:
            raise self.wrong("expected the name of a question")
        return self.advance().text

    def literal(self) -> Literal:
        if self.token.kind == "text":
            return self.advance().text[1:-1]
        if self.token.kind == "number":
            return Decimal(self.advance().text)
        raise self.wrong("expected a 'text' in quotes or a number")

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def advance(self) -> _Token:
        token = self.token
        self.next += 1
        return token

    def take(self, text: str) -> bool:
        if self.token.kind in {"word", "mark"} and self.token.text == text:
            self.next += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.wrong(f"expected {text}")

    def wrong(self, problem: str) -> HarkenError:
        return refuse(SYNTAX, self.place, near=self.token.text, problem=problem)

    def _tokens(self, text: str) -> tuple[_Token, ...]:
        tokens: list[_Token] = []
        position = 0
        end = len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                near = text[position:end].strip()[:12]
                problem = "this is not part of the language"
                if near.startswith("="):
                    problem = "is equal is written == here"
                elif near[:1] in {"'", '"'}:
                    problem = "the quote is never closed"
                raise refuse(SYNTAX, self.place, near=near, problem=problem)
            tokens.append(_Token(str(match.lastgroup), match[0].strip()))
            position = match.end()
        return (*tokens, _END)
