"""ExpressionScript: tokens, grammar, and its meaning in Harken.

    or := and (('||' | 'or') and)* ; and := not (('&&' | 'and') not)*
    eq := order (('==' | '!=' | eq | ne) order)* ; order := sum (('<' ...) sum)*
    sum := product (('+' | '-') product)* ; product := unit (('*' | '/') unit)*
    unit := ('!' | '-') unit | text | number | name | function '(' args ')' | '(' or ')'

Empty and missing are one thing there too, and an equation over what is not asked is
empty; ``say`` spells that out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harken.method.questionnaire.exchange import say
from harken.method.questionnaire.exchange.patterns import spread
from harken.method.questionnaire.exchange.say import EMPTY, CannotSay, Piece
from harken.method.questionnaire.values import Kind

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"[^"]*"|'[^']*')
    | (?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z]+)?|[0-9]+X[0-9]+X[0-9A-Za-z_\#]+)
    | (?P<mark>==|!=|<=|>=|&&|\|\||[=<>+\-*/!(),])
    )""",
    re.VERBOSE,
)
_SGQA = re.compile(r"\s*(?P<word>[0-9]+X[0-9]+X[0-9A-Za-z_\#]+(?:\.[A-Za-z]+)?)")
_SAME = {
    "&&": "and", "||": "or", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">",
    "ge": ">=", "=": "==",
}  # fmt: skip
_LEVELS = (
    ("or",),
    ("and",),
    ("==", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/"),
)
_SUFFIXES = (".naok", ".value", ".valuenaok", ".code", ".question", ".shown")
DEEPEST = 60

Named = Callable[[str], Piece]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_END = _Token("end", "its end")


def equation(text: str, named: Named, codes: Mapping[str, str]) -> Piece:
    """An equation as a piece; ``named`` says what a name is, ``codes`` how an answer's
    code is written here. Raises CannotSay."""
    bare = text.strip()
    if bare.startswith("{") and bare.endswith("}"):
        bare = bare[1:-1]
    parser = _Parser(_tokens(bare), named, codes)
    piece = parser.level(0)
    if parser.token is not _END:
        raise CannotSay(f"more follows at '{parser.token.text[:20]}'")
    return piece


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    plain = text.rstrip()
    position = 0
    while position < len(plain):
        match = _SGQA.match(plain, position) or _TOKEN.match(plain, position)
        if match is None:
            raise CannotSay(
                f"'{plain[position:].strip()[:12]}' is no part of an equation"
            )
        kind = str(match.lastgroup)
        word = match[kind]
        same = _SAME.get(word.lower() if kind == "word" else word)
        if same is None and kind == "word" and word.lower() in {"and", "or"}:
            same = word.lower()
        tokens.append(_Token("mark", same) if same else _Token(kind, word))
        position = match.end()
    return [*tokens, _END]


class _Parser:
    """Recursive descent that puts pieces together on the way."""

    def __init__(
        self, tokens: list[_Token], named: Named, codes: Mapping[str, str]
    ) -> None:
        self.tokens = tokens
        self.codes = codes
        self.named = named
        self.next = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def take(self, text: str) -> bool:
        if self.token.kind == "mark" and self.token.text == text:
            self.next += 1
            return True
        return False

    def level(self, rank: int) -> Piece:
        if rank == len(_LEVELS):
            return self.unit()
        piece = self.level(rank + 1)
        while self.token.kind == "mark" and self.token.text in _LEVELS[rank]:
            sign = self.token.text
            self.next += 1
            piece = joined(sign, piece, self.level(rank + 1))
        return piece

    def unit(self) -> Piece:
        self.depth += 1
        if self.depth > DEEPEST:
            raise CannotSay("brackets that are too deep")
        piece = self._unit()
        self.depth -= 1
        return piece

    def _unit(self) -> Piece:
        token = self.token
        if self.take("!"):
            return say.turned(say.holds(self.unit()))
        if self.take("-"):
            return say.negative(self.unit())
        if self.take("("):
            piece = self.level(0)
            if not self.take(")"):
                raise CannotSay("a bracket that is never closed")
            return piece
        self.next += token is not _END
        match token.kind:
            case "text":
                word = token.text[1:-1]
                return say.words(self.codes.get(word, word)) if word else EMPTY
            case "number":
                found = say.decimal(token.text)
                return EMPTY if found is None else say.number(found)
            case "word":
                return self.word(token.text)
        raise CannotSay(f"a value is missing at '{token.text[:20]}'")

    def word(self, text: str) -> Piece:
        if not self.take("("):
            low = text.lower()
            suffix = next((one for one in _SUFFIXES if low.endswith(one)), "")
            return self.named(text[: len(text) - len(suffix)])
        arguments: list[Piece] = []
        if not self.take(")"):
            arguments.append(self.level(0))
            while self.take(","):
                arguments.append(self.level(0))
            if not self.take(")"):
                raise CannotSay("a bracket that is never closed")
        return called(text.lower(), arguments)


def joined(sign: str, one: Piece, other: Piece) -> Piece:
    """Two sides and the sign between them."""
    if sign in {"and", "or"}:
        parts = (say.holds(one), say.holds(other))
        return say.both(*parts) if sign == "and" else say.either(*parts)
    if sign in {"==", "!="}:
        same = say.equal(one, other)
        return same if sign == "==" else say.turned(same)
    if sign in {"<", "<=", ">", ">="}:
        return say.compared(sign, one, other)
    return say.reckoned(sign, one, other)


_ONE_NUMBER = {"floor": "floor", "abs": "abs", "round": "round"}


def called(name: str, parts: list[Piece]) -> Piece:
    """A function of ExpressionScript."""
    handler = _FUNCTIONS.get(name)
    if handler is None:
        raise CannotSay(f"the function {name}()")
    try:
        return handler(parts)
    except (IndexError, ValueError) as error:
        if isinstance(error, CannotSay):
            raise
        raise CannotSay(f"{name}() with {len(parts)} arguments") from None


def _count(parts: list[Piece]) -> Piece:
    given = [part for part in parts if not part.empty]
    ticks = [
        say.choose(say.answered(part), say.number(1), say.number(0)) for part in given
    ]
    return _sum(ticks)


def _sum(parts: list[Piece]) -> Piece:
    numbers = [say.as_number(part) for part in parts if not part.empty]
    if not numbers:
        return say.number(0)
    total = say.call("sum", *numbers, kind=Kind.NUMBER)
    return Piece(f"coalesce({total.text}, 0)", Kind.NUMBER, sure=True)


def _countif(parts: list[Piece]) -> Piece:
    wanted = parts[0]
    same = [say.equal(part, wanted) for part in parts[1:]]
    return _sum([say.choose(one, say.number(1), say.number(0)) for one in same])


def _numeric(parts: list[Piece]) -> Piece:
    if parts[0].kind is Kind.NUMBER:
        return say.answered(parts[0])
    return say.answered(say.as_number(parts[0]))


def _concat(parts: list[Piece]) -> Piece:
    texts = [say.as_text(part) for part in parts if not part.empty]
    if not texts:
        return EMPTY
    return say.call("concat", *texts, kind=Kind.TEXT) if len(texts) > 1 else texts[0]


def _matched(parts: list[Piece]) -> Piece:
    pattern = str(parts[0].constant or "")
    if len(pattern) > 1 and pattern[0] == pattern.rstrip("iu")[-1:]:
        pattern = pattern.rstrip("iu")[1:-1]
    return say.matches(parts[1], spread(pattern))


def _extreme(name: str) -> Callable[[list[Piece]], Piece]:
    def handler(parts: list[Piece]) -> Piece:
        numbers = [say.as_number(part) for part in parts]
        if len(numbers) == 1:
            return numbers[0]
        return say.call(name, *numbers, kind=Kind.NUMBER)

    return handler


def _simple(name: str) -> Callable[[list[Piece]], Piece]:
    def handler(parts: list[Piece]) -> Piece:
        numbers = [say.as_number(part) for part in parts]
        return say.call(name, *numbers, kind=Kind.NUMBER)

    return handler


def _text(name: str) -> Callable[[list[Piece]], Piece]:
    def handler(parts: list[Piece]) -> Piece:
        kind = Kind.NUMBER if name == "length" else Kind.TEXT
        return say.call(name, say.as_text(parts[0]), kind=kind)

    return handler


def _substr(parts: list[Piece]) -> Piece:
    start = say.reckoned("+", parts[1], say.number(1))
    rest = [say.as_number(part) for part in parts[2:3]]
    return say.call("part", say.as_text(parts[0]), start, *rest, kind=Kind.TEXT)


_FUNCTIONS: Mapping[str, Callable[[list[Piece]], Piece]] = {
    "is_empty": lambda parts: say.turned(say.answered(parts[0])),
    "is_null": lambda parts: say.turned(say.answered(parts[0])),
    "if": lambda parts: say.choose(say.holds(parts[0]), parts[1], parts[2]),
    "sum": _sum,
    "count": _count,
    "countif": _countif,
    "is_numeric": _numeric,
    "is_float": _numeric,
    "is_int": _numeric,
    "intval": lambda parts: say.call(
        "floor", say.as_number(parts[0]), kind=Kind.NUMBER
    ),
    "floatval": lambda parts: say.as_number(parts[0]),
    "floor": _simple("floor"),
    "ceil": lambda parts: say.negative(
        say.call("floor", say.negative(parts[0]), kind=Kind.NUMBER)
    ),
    "round": _simple("round"),
    "abs": _simple("abs"),
    "min": _extreme("min"),
    "max": _extreme("max"),
    "strlen": _text("length"),
    "strtolower": _text("lower"),
    "strtoupper": _text("upper"),
    "substr": _substr,
    "trim": lambda parts: parts[0],
    "strval": lambda parts: say.as_text(parts[0]),
    "concat": _concat,
    "join": _concat,
    "regexmatch": _matched,
}
