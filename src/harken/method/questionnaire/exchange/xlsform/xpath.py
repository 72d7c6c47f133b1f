"""XPath 1.0 as XLSForm writes it: tokens, grammar, tree. It gives nothing a meaning.

expr    := or ; or := and ('or' and)* ; and := eq ('and' eq)*
eq      := order (('=' | '!=') order)* ; order := sum (('<' | '<=' | '>' | '>=') sum)*
sum     := product (('+' | '-') product)* ; product := union (('*'|'div'|'mod') union)*
union   := minus ('|' minus)* ; minus := '-' minus | path
path    := ['/'] step ('/' step)* | unit predicate* ('/' step)*
unit    := '(' expr ')' | 'text' | number | ${name} | function '(' args ')'
step    := '.' | '..' | ['@'] name predicate* ; predicate := '[' expr ']'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

DEEPEST = 60
LONGEST = 32_767
"""What one cell of a workbook can hold."""


class XPathError(ValueError):
    """The text is not an expression; the message says where it stops being one."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A text between quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """``${name}``; ``saved`` for ``${last-saved#name}``."""

    name: str
    saved: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a name, ``.``, ``..`` or ``*``, and its predicates."""

    name: str
    predicates: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root (``absolute``), from another expression, or from here."""

    steps: tuple[Step, ...]
    absolute: bool = False
    base: Node | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A call."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides and the sign between them."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Minus:
    """A number turned round."""

    part: Node


Node = Number | Text | Reference | Path | Function | Binary | Minus

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"[^"]*"|'[^']*')
    | (?P<reference>\$\{[^}]*\})
    | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<dots>\.\.|\.)
    | (?P<word>(?:[^\W\d]|_)[\w.\-]*(?::(?:[^\W\d]|_)[\w.\-]*)?)
    | (?P<mark>!=|<=|>=|//|[=<>+\-*|/()\[\],@])
    )""",
    re.VERBOSE,
)
_WORD_SIGNS = frozenset({"and", "or", "div", "mod"})
_CURLY = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " "}
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
    ("|",),
)


@lru_cache(maxsize=8192)
def parse(text: str) -> Node:
    """Read one expression, which may stand in many rows. Raises XPathError."""
    if len(text) > LONGEST:
        raise XPathError("it is longer than a cell can be")
    return _Parser(_tokens(text)).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_END = _Token("end", "its end")


def _tokens(text: str) -> list[_Token]:
    """Word processors' quotes and hard blanks are taken for the plain ones."""
    tokens: list[_Token] = []
    plain = text.translate(_CURLY).rstrip()
    position = 0
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None:
            near = plain[position:].strip()[:12]
            raise XPathError(f"'{near}' is no part of an expression")
        kind, word = str(match.lastgroup), match[str(match.lastgroup)]
        if kind == "word" and word in _WORD_SIGNS and _ends_operand(tokens):
            kind = "mark"
        tokens.append(_Token(kind, word))
        position = match.end()
    return [*tokens, _END]


def _ends_operand(tokens: list[_Token]) -> bool:
    """Whether a name here must be an operator (XPath 1.0, section 3.7)."""
    if not tokens:
        return False
    last = tokens[-1]
    return last.kind != "mark" or last.text in {")", "]", "*"}


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.next = 0
        self.depth = 0

    def whole(self) -> Node:
        tree = self.level(0)
        if self.token is not _END:
            raise XPathError(f"more follows at '{self.token.text[:20]}'")
        return tree

    def level(self, rank: int) -> Node:
        """Everything that binds at least as loosely as ``rank``."""
        if rank == len(_LEVELS):
            return self.minus()
        tree = self.level(rank + 1)
        while self.token.kind == "mark" and self.token.text in _LEVELS[rank]:
            sign = self.advance().text
            tree = Binary(sign, tree, self.level(rank + 1))
        return tree

    def minus(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise XPathError("its brackets are too deep")
        tree: Node = Minus(self.minus()) if self.take("-") else self.path()
        self.depth -= 1
        return tree

    def path(self) -> Node:
        if self.take("//"):
            return Path(self.steps(), absolute=True)
        if self.take("/"):
            return Path(self.steps(), absolute=True)
        token = self.token
        called = token.kind == "word" and self.tokens[self.next + 1].text == "("
        begins = token.kind in {"dots", "word"} or token.text in {"@", "*"}
        if begins and not called:
            return Path(self.steps())
        base = self.unit()
        predicates = self.predicates()
        if predicates:
            base = Path((Step(".", predicates),), base=base)
        if self.take("/") or self.take("//"):
            return Path(self.steps(), base=base)
        return base

    def steps(self) -> tuple[Step, ...]:
        steps = [self.step()]
        while self.take("/") or self.take("//"):
            steps.append(self.step())
        return tuple(steps)

    def step(self) -> Step:
        self.take("@")
        token = self.token
        if token.kind == "reference":
            self.next += 1
            return Step(token.text[2:-1].strip(), self.predicates())
        if token.kind not in {"dots", "word"} and token.text != "*":
            raise XPathError(f"a name is missing at '{token.text[:20]}'")
        self.next += 1
        if self.take("("):
            arguments = "" if self.take(")") else self.expect(")")
            return Step(f"{token.text}({arguments})", self.predicates())
        return Step(token.text, self.predicates())

    def predicates(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while self.take("["):
            found.append(self.level(0))
            self.expect("]")
        return tuple(found)

    def unit(self) -> Node:
        token = self.advance()
        match token.kind:
            case "text":
                return Text(token.text[1:-1])
            case "number":
                return Number(Decimal(token.text))
            case "reference":
                return _reference(token.text[2:-1].strip())
            case "word":
                self.expect("(")
                return Function(token.text, self.arguments())
        if token.text == "(":
            tree = self.level(0)
            self.expect(")")
            return tree
        raise XPathError(f"a value is missing at '{token.text[:20]}'")

    def arguments(self) -> tuple[Node, ...]:
        if self.take(")"):
            return ()
        found = [self.level(0)]
        while self.take(","):
            found.append(self.level(0))
        self.expect(")")
        return tuple(found)

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def advance(self) -> _Token:
        token = self.token
        self.next += token is not _END
        return token

    def take(self, text: str) -> bool:
        if self.token.kind == "mark" and self.token.text == text:
            self.next += 1
            return True
        return False

    def expect(self, text: str) -> str:
        if not self.take(text):
            raise XPathError(f"{text} is missing at '{self.token.text[:20]}'")
        return ""


def _reference(inside: str) -> Node:
    saved, mark, name = inside.partition("#")
    if mark and saved.strip() == "last-saved":
        return Reference(name.strip(), saved=True)
    if not inside:
        raise XPathError("${} names nothing")
    return Reference(inside)
