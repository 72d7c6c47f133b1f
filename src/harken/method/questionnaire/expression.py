"""Typed conditions: names checked against questions, evaluated by closures made once.

A comparison with a missing or unasked value is false, whatever the operator; ``not``
turns a result round. Conditions never run host code.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, assert_never

from harken.method.errors import Finding, HarkenError, Place, closest
from harken.method.questionnaire.faults import UNKNOWN_CODE, UNKNOWN_NAME, WRONG_TYPE
from harken.method.questionnaire.syntax import (
    All,
    Answered,
    Compare,
    Either,
    Has,
    Leaf,
    Literal,
    Name,
    Not,
    Operator,
    Refused,
    Tree,
    Within,
    leaves,
    names_of,
    parse,
)
from harken.method.terms import REFUSALS, Missing

Value = str | tuple[str, ...] | Decimal | Missing
"""An answer: a code, a text or a 'YYYY-MM'; sorted codes; a number; or why none."""

Values = Mapping[str, Value]
Predicate = Callable[[Values], bool]

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class Kind(StrEnum):
    """What a name holds."""

    CODE = "one code"
    CODES = "several codes"
    NUMBER = "a number"
    MONTH = "a month"
    TEXT = "free text"
    NOTHING = "no answer"


@dataclass(frozen=True, slots=True)
class NameType:
    """What a name in a condition may hold; ``codes`` None means any code."""

    kind: Kind
    codes: tuple[str, ...] | None = None

    @classmethod
    def code(cls, codes: Iterable[str] | None = None) -> NameType:
        """A name that holds one code, such as a design variable."""
        return cls(Kind.CODE, None if codes is None else tuple(codes))


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition that was read and can be asked of a set of answers."""

    text: str
    tree: Tree = field(compare=False, repr=False)
    names: tuple[str, ...] = field(compare=False, repr=False)
    place: Place | None = field(compare=False, repr=False)
    evaluate: Predicate = field(compare=False, repr=False)
    """``evaluate(values) -> bool``: an absent name counts as not asked."""

    @classmethod
    def parse(
        cls,
        text: str,
        place: Place | None = None,
        *,
        names: Mapping[str, NameType] | None = None,
    ) -> Expression:
        """Read a condition; with ``names``, check its names, codes and types too.

        Raises HarkenError (QUE-001 to QUE-005) with every finding.
        """
        expression = cls._of(text.strip(), parse(text, place), place)
        if names is not None:
            findings = expression.mistakes(names)
            if findings:
                raise HarkenError(*findings)
        return expression

    @classmethod
    def both(cls, *parts: Expression | None) -> Expression | None:
        """The condition that holds when every given part holds; None when none is."""
        given = [part for part in parts if part is not None]
        if len(given) < 2:
            return given[0] if given else None
        text = " and ".join(_bracketed(part) for part in given)
        flat: list[Tree] = []
        for part in given:
            flat += part.tree.parts if isinstance(part.tree, All) else (part.tree,)
        return cls._of(text, All(tuple(flat)), given[-1].place)

    @classmethod
    def _of(cls, text: str, tree: Tree, place: Place | None) -> Expression:
        return cls(text, tree, names_of(tree), place, _closure(tree))

    def mistakes(self, names: Mapping[str, NameType]) -> tuple[Finding, ...]:
        """Unknown names, codes an option list lacks, and wrong kinds of comparison."""
        return tuple(
            finding
            for leaf in leaves(self.tree)
            for finding in _mistakes(leaf, names, self.place)
        )


def _bracketed(expression: Expression) -> str:
    text = expression.text
    return f"({text})" if isinstance(expression.tree, Either) else text


def _closure(tree: Tree) -> Predicate:
    match tree:
        case All(parts):
            return _all([_closure(part) for part in parts])
        case Either(parts):
            return _either([_closure(part) for part in parts])
        case Not(part):
            inner = _closure(part)
            return lambda values: not inner(values)
        case Answered(name):
            return lambda values: (
                not isinstance(values.get(name, Missing.NOT_ASKED), Missing)
            )
        case Refused(name):
            return lambda values: (
                isinstance(value := values.get(name), Missing) and value in REFUSALS
            )
        case Has(name, code):
            return lambda values: (
                isinstance(value := values.get(name), tuple) and code in value
            )
        case Within(name, wanted, outside):
            return _within(name, wanted, outside)
        case Compare(name, sign, operand):
            return _compare(name, sign, operand)
        case _:
            assert_never(tree)


def _all(parts: list[Predicate]) -> Predicate:
    if len(parts) == 2:
        first, second = parts
        return lambda values: first(values) and second(values)

    def every(values: Values) -> bool:
        for part in parts:  # noqa: SIM110 - a generator would double the cost here
            if not part(values):
                return False
        return True

    return every


def _either(parts: list[Predicate]) -> Predicate:
    def some(values: Values) -> bool:
        for part in parts:  # noqa: SIM110 - a generator would double the cost here
            if part(values):
                return True
        return False

    return some


def _within(name: str, wanted: tuple[Literal, ...], outside: bool) -> Predicate:
    codes = frozenset(wanted)
    if outside:
        return lambda values: (
            isinstance(value := values.get(name), str | Decimal) and value not in codes
        )
    return lambda values: (
        isinstance(value := values.get(name), str | Decimal) and value in codes
    )


_SIGNS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: operator.eq,
    Operator.IS_NOT: operator.ne,
    Operator.BELOW: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.ABOVE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}


def _compare(name: str, sign: Operator, operand: Literal | Name) -> Predicate:
    test = _SIGNS[sign]
    if isinstance(operand, Name):
        other = operand.id

        def alike(values: Values) -> bool:
            left, right = values.get(name), values.get(other)
            if isinstance(left, str) and isinstance(right, str):
                return test(left, right)
            if isinstance(left, Decimal) and isinstance(right, Decimal):
                return test(left, right)
            return False

        return alike
    if isinstance(operand, str) and sign is Operator.IS:
        return lambda values: values.get(name) == operand
    kind = type(operand)
    return lambda values: (
        isinstance(value := values.get(name), kind) and test(value, operand)
    )


def _mistakes(
    leaf: Leaf, names: Mapping[str, NameType], place: Place | None
) -> Iterable[Finding]:
    used = [leaf.name]
    if isinstance(leaf, Compare) and isinstance(leaf.operand, Name):
        used.append(leaf.operand.id)
    unknown = [name for name in used if name not in names]
    for name in unknown:
        near = closest(name, sorted(names))
        yield Finding(UNKNOWN_NAME, place, {"name": name}, near)
    if not unknown:
        yield from _typed(leaf, names, place)


def _typed(
    leaf: Leaf, names: Mapping[str, NameType], place: Place | None
) -> Iterable[Finding]:
    held = names[leaf.name]

    def wrong(problem: str, remedy: str) -> Finding:
        detail = {"name": leaf.name, "kind": held.kind.value}
        return Finding(
            WRONG_TYPE, place, detail | {"problem": problem, "remedy": remedy}
        )

    if held.kind is Kind.NOTHING:
        yield wrong("an information page has no answer", "Name another question.")
    elif isinstance(leaf, Has):
        if held.kind is Kind.CODES:
            yield from _codes(leaf.name, [leaf.code], held, place)
        else:
            yield wrong("has() is for multiple choice", "Compare it with == or in.")
    elif isinstance(leaf, Compare | Within):
        yield from _compared(leaf, names, place, wrong)


def _compared(
    leaf: Compare | Within,
    names: Mapping[str, NameType],
    place: Place | None,
    wrong: Callable[[str, str], Finding],
) -> Iterable[Finding]:
    held = names[leaf.name]
    if held.kind is Kind.CODES:
        yield wrong("it is not one value", f"Write has({leaf.name}, 'code').")
        return
    if held.kind is Kind.TEXT:
        yield wrong("its words route nobody", f"Use answered({leaf.name}) only.")
        return
    ordered = isinstance(leaf, Compare) and leaf.operator not in {
        Operator.IS,
        Operator.IS_NOT,
    }
    if ordered and held.kind is Kind.CODE:
        yield wrong("codes have no order", "Use ==, != or in.")
        return
    if isinstance(leaf, Compare) and isinstance(leaf.operand, Name):
        if names[leaf.operand.id].kind is not held.kind:
            yield wrong(
                f"'{leaf.operand.id}' holds another kind", "Compare like with like."
            )
        return
    given = leaf.values if isinstance(leaf, Within) else (leaf.operand,)
    literals = [value for value in given if not isinstance(value, Name)]
    if held.kind is Kind.NUMBER:
        if any(isinstance(value, str) for value in literals):
            yield wrong("it is compared with a text", "Write the number unquoted.")
    elif any(isinstance(value, Decimal) for value in literals):
        yield wrong("it is compared with a number", "Write the value in quotes.")
    elif held.kind is Kind.MONTH:
        if not all(MONTH.fullmatch(str(value)) for value in literals):
            yield wrong("a month looks like '2026-03'", "Write year and month.")
    else:
        yield from _codes(leaf.name, [str(value) for value in literals], held, place)


def _codes(
    name: str, codes: Iterable[str], held: NameType, place: Place | None
) -> Iterable[Finding]:
    known = held.codes
    for code in codes:
        if known is not None and code not in known:
            detail = {"name": name, "code": code, "known": ", ".join(known)}
            yield Finding(UNKNOWN_CODE, place, detail, closest(code, known))
