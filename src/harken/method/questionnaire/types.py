"""The type checker: which kinds go together, and what an author is told when not.

A literal in quotes takes the kind of what it stands beside. Where a type is unknown
because of an earlier finding, nothing more is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import assert_never

from harken.method.errors import Fault, Finding, Place, closest
from harken.method.questionnaire import days
from harken.method.questionnaire.faults import (
    BAD_CALL,
    BAD_PATTERN,
    UNKNOWN_CODE,
    UNKNOWN_FUNCTION,
    UNKNOWN_NAME,
    WRONG_TYPE,
)
from harken.method.questionnaire.functions import FUNCTIONS, Function, pattern
from harken.method.questionnaire.syntax import (
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
    Tree,
    Within,
    write,
)
from harken.method.questionnaire.values import DATED, Kind, NameType
from harken.method.terms import Missing

_TRUTH = NameType(Kind.BOOLEAN)
_NUMBER = NameType(Kind.NUMBER)
_EQUAL = {Operator.IS, Operator.IS_NOT}
_SHAPES = {
    Kind.DATE: "a date looks like '2026-03-31'",
    Kind.MONTH: "a month looks like '2026-03'",
    Kind.YEAR: "a year looks like '2026'",
    Kind.ABOUT: "a date looks like '2026', '2026-03' or '2026-03-31'",
    Kind.TIME: "a time looks like '14:30'",
}
_FINEST = {Kind.YEAR: 4, Kind.MONTH: 7, Kind.DATE: 10, Kind.ABOUT: 10}
_SHAPED = {4: Kind.YEAR, 7: Kind.MONTH, 10: Kind.DATE}
_REMEDIES = {
    Kind.DATE: "Write year, month and day.",
    Kind.MONTH: "Write year and month.",
    Kind.YEAR: "Write the year.",
    Kind.ABOUT: "Write as much of the date as matters.",
    Kind.TIME: "Write hour and minute.",
}


def mistakes(
    tree: Tree, names: Mapping[str, NameType], place: Place | None
) -> tuple[Finding, ...]:
    """What is wrong with a tree that should be a condition."""
    held, findings = check(tree, names, place)
    if held is not None and held.kind is not Kind.BOOLEAN:
        detail = {
            "name": write(tree),
            "kind": held.kind.value,
            "problem": "a condition is true or false",
            "remedy": "Compare it with something, or write answered(...).",
        }
        return (*findings, Finding(WRONG_TYPE, place, detail))
    return findings


def check(
    tree: Tree, names: Mapping[str, NameType], place: Place | None
) -> tuple[NameType | None, tuple[Finding, ...]]:
    """What a tree gives, None when unknown, and what is wrong with it."""
    checker = _Checker(names, place)
    held = checker.type(tree)
    return held, tuple(checker.findings)


def fits(kind: Kind, value: str) -> bool:
    """Whether a text in quotes can stand for a value of this kind."""
    match kind:
        case Kind.CODE | Kind.TEXT:
            return True
        case Kind.TIME:
            return days.TIME.fullmatch(value) is not None
        case Kind.DATE | Kind.MONTH | Kind.YEAR | Kind.ABOUT:
            known = days.is_dated(value) and (len(value) < 10 or days.is_day(value))
            return known and len(value) <= _FINEST[kind]
        case _:
            return False


@dataclass
class _Checker:
    """Goes through one tree and gathers what is wrong with it."""

    names: Mapping[str, NameType]
    place: Place | None
    findings: list[Finding] = field(default_factory=list)

    def find(
        self, fault: Fault, suggestion: str | None = None, /, **detail: object
    ) -> None:
        self.findings.append(Finding(fault, self.place, detail, suggestion))

    def wrong(self, tree: Tree, held: NameType, problem: str, remedy: str) -> None:
        detail = {"name": write(tree), "kind": held.kind.value}
        self.find(WRONG_TYPE, None, **detail, problem=problem, remedy=remedy)

    def type(self, tree: Tree) -> NameType | None:
        """What a tree gives."""
        match tree:
            case Literal(value):
                return _of_literal(value)
            case Name(name):
                return self.name(name)
            case Not(part):
                self.truth(part)
                return _TRUTH
            case All(parts) | Either(parts):
                for part in parts:
                    self.truth(part)
                return _TRUTH
            case Compare():
                self.compare(tree)
                return _TRUTH
            case Within():
                self.within(tree)
                return _TRUTH
            case Arithmetic(left, _, right):
                self.number(left)
                self.number(right)
                return _NUMBER
            case Call():
                return self.call(tree)
            case _:
                assert_never(tree)

    def name(self, name: str) -> NameType | None:
        held = self.names.get(name)
        if held is None:
            self.find(UNKNOWN_NAME, closest(name, sorted(self.names)), name=name)
        elif held.kind is Kind.NOTHING:
            problem = "an information page has no answer"
            self.wrong(Name(name), held, problem, "Name another question.")
            return None
        return held

    def truth(self, tree: Tree) -> None:
        """A part that must be true or false."""
        held = self.type(tree)
        if held is not None and held.kind is not Kind.BOOLEAN:
            problem = "and, or and not join conditions"
            self.wrong(tree, held, problem, "Compare it with something.")

    def number(self, tree: Tree) -> None:
        """A part that must be a number."""
        held = self.type(tree)
        if held is not None and held.kind is not Kind.NUMBER:
            remedy = "Reckon with numbers; number(...) makes one of a code or a text."
            if held.kind in DATED:
                remedy = "For dates use days, months, years, add_days or add_months."
            self.wrong(tree, held, "it is no number", remedy)

    def compare(self, tree: Compare) -> None:
        left, right = tree.left, tree.right
        if isinstance(left, Literal) and not isinstance(right, Literal):
            left, right = right, left
        held, other = self.type(left), self.type(right)
        ordered = tree.operator not in _EQUAL
        if held is None or other is None or self.unordered(left, held, ordered):
            return
        if isinstance(right, Literal):
            self.beside(left, held, (right.value,))
        elif held.kind is not other.kind and not {held.kind, other.kind} <= DATED:
            problem = f"'{write(right)}' holds another kind"
            self.wrong(left, held, problem, "Compare like with like.")
        else:
            self.unordered(right, other, ordered)

    def within(self, tree: Within) -> None:
        held = self.type(tree.part)
        if held is not None and not self.unordered(tree.part, held, ordered=False):
            self.beside(tree.part, held, tree.values)

    def unordered(self, tree: Tree, held: NameType, ordered: bool) -> bool:
        """Whether a value cannot be compared in this way."""
        shown = write(tree)
        match held.kind:
            case Kind.CODES:
                self.wrong(
                    tree, held, "it is not one value", f"Write has({shown}, 'code')."
                )
            case Kind.TEXT if isinstance(tree, Literal):
                return False
            case Kind.TEXT:
                remedy = f"Use answered({shown}) only."
                self.wrong(tree, held, "its words route nobody", remedy)
            case Kind.BOOLEAN:
                problem = "it is a condition already"
                self.wrong(tree, held, problem, "Write it, or not and it, alone.")
            case Kind.CODE if ordered:
                self.wrong(tree, held, "codes have no order", "Use ==, != or in.")
            case _:
                return False
        return True

    def beside(self, tree: Tree, held: NameType, values: Iterable[Constant]) -> None:
        """Written values that stand beside a value of some kind."""
        for value in values:
            if isinstance(value, Missing):
                continue
            if held.kind is Kind.NUMBER:
                if not isinstance(value, Decimal):
                    problem = "it is compared with a text"
                    self.wrong(tree, held, problem, "Write the number unquoted.")
                    return
            elif not isinstance(value, str):
                problem = "it is compared with a number"
                self.wrong(tree, held, problem, "Write the value in quotes.")
                return
            elif not fits(held.kind, value):
                shape, remedy = _SHAPES[held.kind], _REMEDIES[held.kind]
                self.wrong(tree, held, shape, remedy)
                return
            else:
                self.code(tree, held, value)

    def code(self, tree: Tree, held: NameType, code: str) -> None:
        """A code that should be among those a name can have."""
        if held.codes is None or code in held.codes:
            return
        few = held.codes if len(held.codes) <= 40 else (*held.codes[:40], "...")
        near = closest(code, held.codes)
        name = write(tree)
        self.find(UNKNOWN_CODE, near, name=name, code=code, known=", ".join(few))

    def call(self, tree: Call) -> NameType | None:
        function = FUNCTIONS.get(tree.function)
        if function is None:
            near = closest(tree.function, sorted(FUNCTIONS))
            self.find(UNKNOWN_FUNCTION, near, name=tree.function)
            return None
        count = len(tree.arguments)
        if not function.least <= count <= function.most:
            wanted = f"{function.least} to {function.most}"
            if function.least == function.most:
                wanted = str(function.least)
            self.find(BAD_CALL, None, name=tree.function, count=count, wanted=wanted)
            return None
        given = [
            self.argument(function, index, argument)
            for index, argument in enumerate(tree.arguments)
        ]
        self.spelled(function, tree, given[0])
        if function.gives is not None:
            return NameType(function.gives)
        if function.apply is not None:
            return given[0]
        return self.joined(tree, given[1:] if function.name == "if" else given)

    def argument(self, function: Function, index: int, tree: Tree) -> NameType | None:
        """The type of an argument; a finding when it is not one the function takes."""
        wanted = function.at(index)
        if isinstance(tree, Literal) and isinstance(tree.value, str):
            kind = _SHAPED.get(len(tree.value))
            if kind is not None and kind in wanted and fits(kind, tree.value):
                return NameType(kind)
        held = self.type(tree)
        must = function.literal is not None and index >= function.literal
        if held is not None and must and not isinstance(tree, Literal):
            problem = f"{function.name}() needs a written value here"
            self.wrong(tree, held, problem, "Write it out, a text in quotes.")
            return None
        if held is None or held.kind in wanted:
            return held
        kinds = ", ".join(sorted(kind.value for kind in wanted))
        remedy = f"{function.name}() takes {kinds}."
        if function.name == "has":
            remedy = "Compare it with == or in."
        problem = f"{function.name}() does not take it"
        self.wrong(tree, held, problem, remedy)
        return None

    def spelled(self, function: Function, tree: Call, held: NameType | None) -> None:
        """Codes, kinds of no answer and patterns that are written out in a call."""
        for argument in tree.arguments[1:]:
            value = argument.value if isinstance(argument, Literal) else None
            if not isinstance(value, str):
                continue
            if function.name in {"has", "any_in", "all_in"} and held is not None:
                self.code(tree.arguments[0], held, value)
            elif function.name == "missing":
                words = [missing.word for missing in Missing]
                if value not in words:
                    known = ", ".join(words)
                    near = closest(value, words)
                    name = write(tree.arguments[0])
                    self.find(UNKNOWN_CODE, near, name=name, code=value, known=known)
            elif function.name == "matches" and pattern(value) is None:
                self.find(BAD_PATTERN, None, pattern=value)

    def joined(self, tree: Call, given: list[NameType | None]) -> NameType | None:
        """The type of what one of several branches gives; one may give nothing."""
        pairs = zip(tree.arguments[-len(given) :], given, strict=True)
        given = [held for part, held in pairs if part != _NOTHING]
        known = [held for held in given if held is not None]
        if len(known) < len(given) or not known:
            return None
        known = self.suited(tree, known)
        kinds = {held.kind for held in known}
        if len(kinds) == 1:
            first = known[0]
            if first.kind not in {Kind.CODE, Kind.CODES}:
                return first
            codes: dict[str, None] = {}
            for held in known:
                if held.codes is None:
                    return NameType(first.kind)
                codes |= dict.fromkeys(held.codes)
            return NameType(first.kind, tuple(codes))
        if kinds <= DATED:
            return NameType(Kind.ABOUT)
        if kinds == {Kind.CODE, Kind.TEXT}:
            return NameType(Kind.TEXT)
        problem = "its parts are of different kinds"
        self.wrong(tree, known[0], problem, "Give parts of one kind.")
        return None

    def suited(self, tree: Call, given: list[NameType]) -> list[NameType]:
        """The types of branches, a written date or time being of its neighbour's kind."""
        branches = [one for one in tree.arguments if one != _NOTHING][-len(given) :]
        pairs = list(zip(branches, given, strict=True))
        kinds = [held.kind for part, held in pairs if not isinstance(part, Literal)]
        kind = next((one for one in kinds if one in _SHAPES), None)
        if kind is None:
            return given
        return [
            NameType(kind)
            if isinstance(part, Literal)
            and isinstance(part.value, str)
            and fits(kind, part.value)
            else held
            for part, held in pairs
        ]


_NOTHING = Literal(Missing.NOT_ASKED)


def _of_literal(value: Constant) -> NameType | None:
    if isinstance(value, Missing):
        return None
    if isinstance(value, bool):
        return _TRUTH
    if isinstance(value, Decimal):
        return _NUMBER
    return NameType(Kind.CODE, (value,))
