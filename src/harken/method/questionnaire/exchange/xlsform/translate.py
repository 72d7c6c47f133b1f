"""An XPath tree to a piece of Harken, where it stands in the form.

Empty text and no answer are one thing there; ``say`` keeps that meaning. What has no
words here raises CannotSay; what is said only nearly is noted on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from harken.method.questionnaire.exchange import say
from harken.method.questionnaire.exchange.say import EMPTY, CannotSay, Piece
from harken.method.questionnaire.exchange.xlsform.elements import (
    Element,
    Option,
    Scope,
)
from harken.method.questionnaire.exchange.xlsform.meaning import (
    TODAY,
    Meanings,
    as_code,
)
from harken.method.questionnaire.exchange.xlsform.xpath import (
    Binary,
    Function,
    Minus,
    Node,
    Number,
    Path,
    Reference,
    Text,
)
from harken.method.questionnaire.values import Kind

_NOT_ASKED = frozenset({"media", "device", "note", "unknown"})
_SIGNS = {"+": "+", "-": "-", "*": "*", "div": "/"}
_ORDERS = frozenset({"<", "<=", ">", ">="})


@dataclass(slots=True)
class Translator:
    """Reads expressions of one element. ``facts``: the columns of the option looked at."""

    here: Element
    scope: Scope
    meanings: Meanings
    lists: Mapping[str, list[Option]]
    facts: Mapping[str, str] | None = None
    nearly: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    helpers: list[tuple[str, Piece]] = field(default_factory=list)
    """Computed values that a long expression is built from, by their ids."""

    functions: Mapping[str, Callable[[Translator, tuple[Node, ...]], Piece]] = field(
        default_factory=dict
    )
    loose: list[str] = field(default_factory=list)
    """Patterns that need not fit the whole of a text."""

    several: bool = False
    """Whether the first of several values is wanted, so that one may be nowhere."""

    def say(self, node: Node) -> Piece:
        """What an expression is in Harken. Raises CannotSay."""
        match node:
            case Number(value):
                return say.number(value)
            case Text(value):
                return EMPTY if not value else say.words(value)
            case Reference() | Path():
                return self.single(self.nodes(node))
            case Minus(part):
                return say.negative(self.say(part))
            case Binary():
                return self.binary(node)
            case Function(name, arguments):
                return self.call(name, arguments)

    def condition(self, node: Node) -> Piece:
        """An expression where true or false is wanted."""
        piece = self.chosen(node)
        if isinstance(node, Reference | Path) and piece.codes == ("true", "false"):
            self.nearly.append(
                "there any text counts as true, 'false' as well; here only 'true' does"
            )
        return say.holds(piece)

    def chosen(self, node: Node) -> Piece:
        """A value to compare with the name of an option; a tick is *yes* here."""
        element = self.element(node)
        if element is not None and element.kind == "acknowledge":
            return self.single(self.value(element))
        return self.say(node)

    def ticked(self, element: Element) -> Piece:
        """An element's value; a tick has the value that its only option has there."""
        piece = self.value(element)
        if element.kind != "acknowledge" or piece.many or piece.empty:
            return piece
        name = element.options[0].name if element.options else "OK"
        if name == "yes":
            return piece
        return say.choose(say.equal(piece, say.words("yes")), say.words(name), EMPTY)

    def single(self, piece: Piece) -> Piece:
        """One value where several lines have one: the first line's."""
        if not piece.many:
            return piece
        made = say.call("first", piece, kind=piece.kind)
        return Piece(made.text, piece.kind, codes=piece.codes)

    def nodes(self, node: Node) -> Piece:
        """A name or a path, as one value or (``many``) a value on each line."""
        if isinstance(node, Reference):
            if node.saved:
                return self.not_here(f"last-saved#{node.name}")
            found = self.scope.named(node.name, self.here)
            if found is None:
                return self.nowhere(node.name)
            return self.ticked(found)
        if isinstance(node, Path):
            found = self.element(node)
            if found is not None:
                return self.ticked(found)
            if self.facts is not None and len(node.steps) == 1:
                return self.fact(node.steps[0].name)
            return self.lookup(node)
        return self.say(node)

    def fact(self, name: str) -> Piece:
        """A column of the option looked at."""
        value = (self.facts or {}).get(name, "")
        return say.words(value) if value else EMPTY

    def value(self, element: Element) -> Piece:
        """An element's value, noted when it is not asked here."""
        if element.kind in _NOT_ASKED or (
            element.kind == "hidden"
            and not element.cells.get("default")
            and not element.cells.get("calculation")
        ):
            return self.not_here(element.name)
        if element is self.here and element.kind in {"calculate", "hidden"}:
            self.meanings.looped.add(id(element))
            return EMPTY
        if element.kind in {"group", "repeat"}:
            return self.not_here(f"all of the group '{element.name}' as one value")
        return self.meanings.of(element, self.here)

    def nowhere(self, name: str) -> Piece:
        """A name that no row has: one of several values goes without it."""
        if not self.several:
            raise CannotSay(f"'{name}' is no question of the form")
        return self.not_here(f"'{name}', which is no question of the form")

    def not_here(self, what: str) -> Piece:
        """Something that is empty here, with a note that it is."""
        self.outside.append(what)
        return EMPTY

    def element(self, node: Node) -> Element | None:
        """Who a name or path without conditions means."""
        if isinstance(node, Reference):
            return None if node.saved else self.scope.named(node.name, self.here)
        if not isinstance(node, Path) or any(step.predicates for step in node.steps):
            return None
        steps = [step.name for step in node.steps]
        if node.base is not None:
            if isinstance(node.base, Function) and node.base.name == "current":
                return self.scope.at(steps, self.here)
            start = self.element(node.base)
            return None if start is None else self.scope.at(steps, start)
        if node.absolute:
            return self.scope.absolute(steps, self.here)
        if self.facts is not None and len(steps) == 1 and steps[0] not in {".", ".."}:
            return None
        if len(steps) == 1 and steps[0] not in {".", ".."}:
            return self.scope.named(steps[0], self.here)
        return self.scope.at(steps, self.here)

    def binary(self, node: Binary) -> Piece:
        """Two sides and a sign."""
        if node.sign in {"and", "or"}:
            parts = [self.condition(one) for one in _row(node, node.sign)]
            return say.both(*parts) if node.sign == "and" else say.either(*parts)
        if node.sign in {"=", "!="}:
            left, right = self.sides(node)
            same = say.equal(left, right)
            return same if node.sign == "=" else say.turned(same)
        left, right = self.say(node.left), self.say(node.right)
        if node.sign in _ORDERS:
            return say.compared(node.sign, left, right)
        if node.sign == "mod":
            numbers = (say.as_number(left), say.as_number(right))
            return say.call("mod", *numbers, kind=Kind.NUMBER)
        if node.sign == "|":
            raise CannotSay("the sum of two sets of nodes")
        return say.reckoned(_SIGNS[node.sign], left, right)

    def sides(self, node: Binary) -> tuple[Piece, Piece]:
        """The two sides of an equation, option names turned into codes."""
        left, right = self.chosen(node.left), self.chosen(node.right)
        one, other = self.element(node.left), self.element(node.right)
        if one is not None:
            right = as_code(one, right)
        if other is not None:
            left = as_code(other, left)
        return left, right

    def kept(self, piece: Piece) -> Piece:
        """A value worked out once under a name of its own, when it is long."""
        if len(piece.text) < LONG:
            return piece
        for name, known in self.helpers:
            if known.text == piece.text:
                return replace(piece, text=name, level=say.UNIT, guard=None, sure=False)
        name = f"{self.here.id}_w{len(self.helpers) + 1}"
        self.helpers.append((name, piece))
        return replace(piece, text=name, level=say.UNIT, guard=None, sure=False)

    def call(self, name: str, arguments: tuple[Node, ...]) -> Piece:
        """A function of XPath, of ODK or of a vendor."""
        handler = self.functions.get(name) or self.functions.get(name.lower())
        if handler is None:
            raise CannotSay(f"the function {name}()")
        return handler(self, arguments)

    def lookup(self, node: Path) -> Piece:
        """A column of an attached list where its rows meet conditions, and the like."""
        base = node.base
        if not (isinstance(base, Function) and base.name == "instance"):
            text = "/".join(step.name for step in node.steps)
            if any(step.predicates for step in node.steps) or base is not None:
                raise CannotSay(f"a condition within the path {text}")
            if text.lower() in {"true", "yes", "false", "no"}:
                return say.truth(text.lower() in {"true", "yes"})
            return self.not_here(text)
        source = base.arguments[0] if base.arguments else Text("")
        name = source.value if isinstance(source, Text) else ""
        options = self.lists.get(name)
        if options is None:
            return self.not_here(f"the file or list '{name}'")
        predicates = [p for step in node.steps for p in step.predicates]
        return self.found(options, predicates, node.steps[-1].name)

    def found(
        self, options: list[Option], predicates: list[Node], column: str
    ) -> Piece:
        """The column of the first option that meets the conditions."""
        rows: list[tuple[Piece, Piece]] = []
        for option in (row for one in options for row in one.rows()):
            inner = self.on(option)
            met = say.both(*(inner.condition(one) for one in predicates))
            if met.constant is False:
                continue
            rows.append((met, inner.fact(column)))
            if met.constant is True:
                break
        return first_row(rows)

    def on(self, option: Option) -> Translator:
        """The same reader with an option's columns as names."""
        facts = dict(option.facts) | {"name": option.name}
        facts.setdefault("label", next(iter(option.words.values()), option.name))
        return Translator(
            self.here,
            self.scope,
            self.meanings,
            self.lists,
            facts,
            self.nearly,
            self.outside,
            self.helpers,
            self.functions,
            self.loose,
            self.several,
        )


def _row(node: Node, sign: str) -> list[Node]:
    """The parts of a long row of *and* or *or*, which is read as pairs of pairs."""
    parts: list[Node] = []
    while isinstance(node, Binary) and node.sign == sign:
        parts.append(node.right)
        node = node.left
    return [node, *reversed(parts)]


LONG = 48
"""Longer than this, a part used several times is worked out once."""

MOST_ROWS = 60


def first_row(rows: list[tuple[Piece, Piece]]) -> Piece:
    """The value beside the first condition that holds; nothing when none does."""
    by_value: dict[str, tuple[Piece, Piece]] = {}
    for met, value in rows:
        known = by_value.get(value.text)
        joined = met if known is None else say.either(known[0], met)
        by_value[value.text] = (joined, value)
    grouped = list(by_value.values())
    if not grouped:
        return EMPTY
    if len(grouped) > MOST_ROWS:
        raise CannotSay(f"a look-up among {len(grouped)} different values")
    guard = say.either(*(met for met, value in grouped if not value.empty))
    numbers = [
        say.decimal(str(value.constant)) for _, value in grouped if value.constant
    ]
    if numbers and all(one is not None for one in numbers):
        cases = [
            say.choose(met, say.number(Decimal(str(value.constant))), say.number(0))
            for met, value in grouped
            if not value.empty
        ]
        total = say.call("sum", *cases, kind=Kind.NUMBER)
        return Piece(total.text, Kind.NUMBER, guard=guard)
    texts = [
        Piece(f"if({met.text}, {value.text}, '')", Kind.TEXT)
        for met, value in grouped
        if not value.empty
    ]
    if len(texts) < 2:
        only = next((value for _, value in grouped if not value.empty), EMPTY)
        return Piece(only.text, Kind.TEXT, guard=guard) if texts else EMPTY
    made = say.call("concat", *texts, kind=Kind.TEXT)
    return Piece(made.text, Kind.TEXT, guard=guard)


__all__ = ["TODAY", "Translator", "first_row"]
