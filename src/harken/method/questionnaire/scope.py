"""What a name means on one line of a roster, and what is said of all lines at once.

Inside a roster a plain name is the same line's. From outside, ``count``, ``sum``, ``min``,
``max``, ``any``, ``all``, ``first`` and ``last`` speak of every line; ``previous`` is the line
before, ``on_line`` the line of a number; ``join`` puts the texts of all lines together.
All of it becomes plain expressions over unrolled names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from harken.method.errors import Finding, Place
from harken.method.questionnaire.faults import OTHER_LINE
from harken.method.questionnaire.syntax import (
    All,
    Call,
    Compare,
    Either,
    Literal,
    Name,
    Not,
    Operator,
    Tree,
    names_of,
    rewrite,
)
from harken.method.terms import Missing

Line = tuple[int, ...]
Chain = tuple[str, ...]
"""The rosters a question stands in, the outer one first."""

TOGETHER = ("any", "all", "count", "sum", "min", "max", "first", "last")


def at(identity: str, line: Line) -> str:
    """The id of a question on a line."""
    return f"{identity}#{'.'.join(map(str, line))}" if line else identity


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands. ``ballot`` is the id of its section's split.

    ``homes`` gives the rosters of every question that has any, ``lines`` every line of
    a roster below a line, ``present`` the condition under which a line is there.
    """

    homes: Mapping[str, Chain]
    lines: Callable[[Chain, Line], Sequence[Line]]
    present: Callable[[Chain, Line], Tree | None]
    chain: Chain = ()
    line: Line = ()
    ballot: str = ""

    def of(self, chain: Chain, line: Line, ballot: str = "") -> Scope:
        """The same seen from another line."""
        return replace(self, chain=chain, line=line, ballot=ballot or self.ballot)

    def here(self, chain: Chain) -> bool:
        """Whether a roster is this one or the one around it."""
        return chain == self.chain[: len(chain)]

    def resolve(self, tree: Tree, place: Place | None, findings: list[Finding]) -> Tree:
        """The tree with every name that of an unrolled question."""

        def change(node: Tree) -> Tree | None:
            match node:
                case Name(name):
                    return self._name(name, place, findings)
                case Call("previous", (Name(name),)):
                    return self._previous(name)
                case Call("on_line", (Name(name), number)):
                    return self._on_line(name, number, place, findings)
                case Call(function, (part,)) if function in TOGETHER:
                    return self._together(function, part, place, findings)
                case Call("join", (Literal() as between, part)):
                    each = self._each(part, place, findings)
                    return None if each is None else _joined(between, each)
                case _:
                    return None

        return rewrite(tree, change)

    def _name(
        self, name: str, place: Place | None, findings: list[Finding]
    ) -> Tree | None:
        if name == "line" and self.line:
            return Literal(Decimal(self.line[-1]))
        if name == "ballot" and self.ballot:
            return Name(self.ballot)
        chain = self.homes.get(name)
        if chain is None:
            return None
        if self.here(chain):
            return Name(at(name, self.line[: len(chain)])) if chain else None
        findings.append(Finding(OTHER_LINE, place, {"name": name}))
        return Literal(Missing.NOT_ASKED)

    def _previous(self, name: str) -> Tree | None:
        chain = self.homes.get(name)
        if chain is None or not self.here(chain):
            return None
        line = self.line[: len(chain)]
        if line[-1] == 1:
            return Literal(Missing.NOT_ASKED)
        return Name(at(name, (*line[:-1], line[-1] - 1)))

    def _on_line(
        self, name: str, number: Tree, place: Place | None, findings: list[Finding]
    ) -> Tree | None:
        """A question on the line of that number; in its own roster an earlier line."""
        chain = self.homes.get(name)
        if chain is None:
            return None
        which = self.resolve(number, place, findings)
        outer = len(chain) - 1
        if chain[:outer] != self.chain[:outer]:
            findings.append(Finding(OTHER_LINE, place, {"name": name}))
            return Literal(Missing.NOT_ASKED)
        lines = self.lines(chain, self.line[:outer])
        if self.here(chain):
            lines = lines[: self.line[outer] - 1]
        tree: Tree = Literal(Missing.NOT_ASKED)
        for line in reversed(lines):
            there = Literal(Decimal(line[-1]))
            if which == there:
                return Name(at(name, line))
            if not isinstance(which, Literal):
                same = Compare(which, Operator.IS, there)
                tree = Call("if", (same, Name(at(name, line)), tree))
        return tree

    def _together(
        self, function: str, part: Tree, place: Place | None, findings: list[Finding]
    ) -> Tree | None:
        each = self._each(part, place, findings)
        if each is None:
            return None
        if not each:
            return Literal(Missing.NOT_ASKED)
        match function:
            case "any":
                return Either(tuple(each)) if len(each) > 1 else each[0]
            case "all":
                chain = self._other(part) or ()
                there = [self.present(chain, one) for one in self._lines(chain)]
                return _every(there, each)
            case "first":
                return Call("coalesce", tuple(each))
            case "last":
                return Call("coalesce", tuple(reversed(each)))
            case "min" | "max" if len(each) > 1:
                known = Call("coalesce", tuple(each))
                filled = [Call("coalesce", (one, known)) for one in each]
                return Call(function, tuple(filled))
            case "count" if isinstance(part, Name):
                return Call("count_answered", tuple(each))
            case "count":
                one, none = Literal(Decimal(1)), Literal(Decimal(0))
                marks = [Call("if", (held, one, none)) for held in each]
                return Call("sum", tuple(marks))
            case _:
                return Call("sum", tuple(each))

    def _lines(self, chain: Chain) -> Sequence[Line]:
        """Every line of another roster that belongs to this line."""
        common = 0
        while common < len(chain) and chain[: common + 1] == self.chain[: common + 1]:
            common += 1
        return self.lines(chain, self.line[:common])

    def _each(
        self, part: Tree, place: Place | None, findings: list[Finding]
    ) -> list[Tree] | None:
        """What a tree is on every line of the other roster it speaks of."""
        chain = self._other(part)
        if chain is None:
            return None
        lines = self._lines(chain)
        return [self.of(chain, line).resolve(part, place, findings) for line in lines]

    def _other(self, part: Tree) -> Chain | None:
        """The innermost roster that a tree speaks of and that is not around here."""
        chains = [
            chain
            for name in names_of(part)
            if (chain := self.homes.get(name)) is not None and not self.here(chain)
        ]
        return max(chains, key=len) if chains else None


def _joined(between: Literal, each: Sequence[Tree]) -> Tree:
    """The texts of all lines that have one, with a sign between each two."""
    if not each:
        return Literal(Missing.NOT_ASKED)
    nothing = Literal("")
    there = [Call("answered", (one,)) for one in each]
    parts: list[Tree] = []
    for number, one in enumerate(each):
        said: Tree = Call("text", (one,))
        if number:
            earlier = there[:number]
            some = Either(tuple(earlier)) if number > 1 else earlier[0]
            said = Call("if", (some, Call("concat", (between, said)), said))
        parts.append(Call("if", (there[number], said, nothing)))
    return Call("concat", tuple(parts))


def _every(present: Sequence[Tree | None], each: Sequence[Tree]) -> Tree:
    parts = tuple(
        tree if there is None else Either((Not(there), tree))
        for there, tree in zip(present, each, strict=True)
    )
    return All(parts) if len(parts) > 1 else parts[0]
