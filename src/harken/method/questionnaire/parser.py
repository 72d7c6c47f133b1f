"""The expression language: text to tree.

    expression := part ('or' part)* ; part := term ('and' term)*
    term       := 'not' term | sum [(== != < <= > >=) sum | ['not'] 'in' [values]]
    sum        := product (('+' | '-') product)* ; product := unit (('*' | '/') unit)*
    unit       := '-' unit | 'text' | number | true | false | name | name#line
                  | function(expression, ...) | '(' expression ')'

Host-language evaluation is never used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from harken.method.errors import HarkenError, Place, refuse
from harken.method.questionnaire.faults import CONDITION_TOO_LONG, SYNTAX
from harken.method.questionnaire.syntax import (
    KEYWORDS,
    All,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Either,
    Literal,
    Name,
    Not,
    Operator,
    Sum,
    Tree,
    Within,
    children,
)

LONGEST = 2000
DEEPEST = 30

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^'\n]*'|\"[^\"\n]*\")|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\#[0-9]+(?:\.[0-9]+)?)?)"
    r"|(?P<mark>==|!=|<=|>=|[-+*/<>()\[\],]))"
)
_OPERATORS = {sign.value: sign for sign in Operator}
_SUMS = {Sum.PLUS.value: Sum.PLUS, Sum.MINUS.value: Sum.MINUS}
_PRODUCTS = {Sum.TIMES.value: Sum.TIMES, Sum.OVER.value: Sum.OVER}


def parse(text: str, place: Place | None = None) -> Tree:
    """Read one expression. Raises HarkenError (QUE-001, QUE-005)."""
    if len(text) > LONGEST:
        raise refuse(CONDITION_TOO_LONG, place, limit=LONGEST, depth=DEEPEST)
    try:
        return known(text)
    except HarkenError:
        return _Parser(text, place).whole()  # refused again, at its place


@lru_cache(maxsize=8192)
def known(text: str) -> Tree:
    """An expression that stands in several places, or is read anew at each save."""
    return _Parser(text, None).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_END = _Token("end", "the end")


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, place: Place | None) -> None:
        self.place = place
        self.tokens = self._tokens(text)
        self.next = 0
        self.depth = 0

    def whole(self) -> Tree:
        tree = self.expression()
        if self.token is not _END:
            raise self.wrong(self._too_much())
        if _depth(tree) > 2 * DEEPEST:
            raise self.too_deep()
        return tree

    def _too_much(self) -> str:
        if self.token.text in _OPERATORS:
            return "a comparison has two sides; join two comparisons with and"
        return "one condition ends here, but more follows"

    def expression(self) -> Tree:
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
        self.deeper()
        tree = Not(self.term()) if self.take("not") else self.comparison()
        self.depth -= 1
        return tree

    def comparison(self) -> Tree:
        left = self.sum()
        if self.take("not"):
            self.expect("in")
            return Within(left, self.values(), outside=True)
        if self.take("in"):
            return Within(left, self.values())
        sign = _OPERATORS.get(self.token.text)
        if self.token.kind != "mark" or sign is None:
            return left
        self.next += 1
        return Compare(left, sign, self.sum())

    def sum(self) -> Tree:
        tree = self.product()
        while self.token.kind == "mark" and self.token.text in _SUMS:
            sign = _SUMS[self.advance().text]
            tree = Arithmetic(tree, sign, self.product())
        return tree

    def product(self) -> Tree:
        tree = self.unit()
        while self.token.kind == "mark" and self.token.text in _PRODUCTS:
            sign = _PRODUCTS[self.advance().text]
            tree = Arithmetic(tree, sign, self.unit())
        return tree

    def unit(self) -> Tree:
        self.deeper()
        tree = self._unit()
        self.depth -= 1
        return tree

    def _unit(self) -> Tree:
        if self.take("-"):
            inner = self.unit()
            if isinstance(inner, Literal) and isinstance(inner.value, Decimal):
                return Literal(-inner.value)
            return Arithmetic(Literal(Decimal(0)), Sum.MINUS, inner)
        if self.take("("):
            tree = self.expression()
            self.expect(")")
            return tree
        token = self.token
        if token.kind == "word" and token.text not in KEYWORDS:
            self.next += 1
            return self.call(token.text) if self.take("(") else Name(token.text)
        return Literal(self.constant("expected the name of a question or a value"))

    def call(self, function: str) -> Call:
        if self.take(")"):
            return Call(function, ())
        arguments = [self.expression()]
        while self.take(","):
            arguments.append(self.expression())
        self.expect(")")
        return Call(function, tuple(arguments))

    def values(self) -> tuple[Constant, ...]:
        self.expect("[")
        values = [self.constant("expected a 'text' in quotes or a number")]
        while self.take(","):
            values.append(self.constant("expected a 'text' in quotes or a number"))
        self.expect("]")
        return tuple(values)

    def constant(self, otherwise: str) -> Constant:
        token = self.token
        if token.kind == "text":
            self.next += 1
            return token.text[1:-1]
        if self.take("-") and self.token.kind == "number":
            return -Decimal(self.advance().text)
        if token.kind == "number":
            return Decimal(self.advance().text)
        if token.text in {"true", "false"} and token.kind == "word":
            return self.advance().text == "true"
        raise self.wrong(otherwise)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > 2 * DEEPEST:
            raise self.too_deep()

    def too_deep(self) -> HarkenError:
        return refuse(CONDITION_TOO_LONG, self.place, limit=LONGEST, depth=DEEPEST)

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def advance(self) -> _Token:
        token = self.token
        self.next += 1
        return token

    def take(self, text: str) -> bool:
        if self.token.text == text and self.token.kind in {"word", "mark"}:
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


def _depth(tree: Tree) -> int:
    """How many levels a tree has; found without descending, since it may have many."""
    level, depth = [tree], 0
    while level:
        level = [child for node in level for child in children(node)]
        depth += 1
    return depth
