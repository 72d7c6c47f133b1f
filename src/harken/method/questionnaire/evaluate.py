"""A tree made into closures once, so that a condition costs well under a microsecond.

Two kinds of closure: a predicate gives true or false, a yield gives any value, or which
kind of missing. ``reference`` says the same slowly, and a test holds the two together.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, assert_never

from harken.method.questionnaire.days import alike, is_dated
from harken.method.questionnaire.functions import FUNCTIONS, Function
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
    Sum,
    Tree,
    Within,
)
from harken.method.questionnaire.values import Kind, Result, Values
from harken.method.terms import REFUSALS, Missing

Predicate = Callable[[Values], bool]
Yield = Callable[[Values], Result]

_PLAIN = (str, Decimal)
_UNASKED = Missing.NOT_ASKED
_NOTHING = Missing.NO_ANSWER
_WORDS = {missing.word: missing for missing in Missing}

SIGNS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: operator.eq,
    Operator.IS_NOT: operator.ne,
    Operator.BELOW: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.ABOVE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}
SUMS: dict[Sum, Callable[[Decimal, Decimal], Decimal]] = {
    Sum.PLUS: operator.add,
    Sum.MINUS: operator.sub,
    Sum.TIMES: operator.mul,
    Sum.OVER: operator.truediv,
}


def predicate(tree: Tree) -> Predicate:
    """The test that a condition is; what is no condition is never true."""
    match tree:
        case All(parts):
            return every([predicate(part) for part in parts])
        case Either(parts):
            return _either([predicate(part) for part in parts])
        case Not(part):
            inner = predicate(part)
            return lambda values: not inner(values)
        case Compare(left, sign, right):
            return _compare(left, sign, right)
        case Within(part, wanted, outside):
            return _within(part, wanted, outside)
        case Call(function, arguments):
            return _test(function, arguments)
        case Literal(value):
            return lambda values: value is True
        case Name() | Arithmetic():
            return lambda values: False
        case _:
            assert_never(tree)


def value_of(tree: Tree) -> Yield:
    """What gives a tree's value, or which kind of missing it has."""
    match tree:
        case Literal(value):
            return lambda values: value
        case Name(name):
            return lambda values: values.get(name, _UNASKED)
        case Arithmetic(left, sign, right):
            return _arithmetic(value_of(left), SUMS[sign], value_of(right))
        case Call(function, arguments):
            return _call(function, arguments)
        case Not() | All() | Either() | Compare() | Within():
            return predicate(tree)
        case _:
            assert_never(tree)


def every(parts: list[Predicate]) -> Predicate:
    """The test that all of these hold."""
    if len(parts) == 2:
        first, second = parts
        return lambda values: first(values) and second(values)

    def held(values: Values) -> bool:
        for part in parts:  # noqa: SIM110 - a generator would double the cost here
            if not part(values):
                return False
        return True

    return held


def _either(parts: list[Predicate]) -> Predicate:
    if len(parts) == 2:
        first, second = parts
        return lambda values: first(values) or second(values)

    def some(values: Values) -> bool:
        for part in parts:  # noqa: SIM110 - a generator would double the cost here
            if part(values):
                return True
        return False

    return some


def _compare(left: Tree, sign: Operator, right: Tree) -> Predicate:
    if isinstance(left, Name) and isinstance(right, Literal):
        quick = _quick(left.id, sign, right.value)
        if quick is not None:
            return quick
    one, other, test = value_of(left), value_of(right), SIGNS[sign]

    def compared(values: Values) -> bool:
        return compare(one(values), test, other(values))

    return compared


def _quick(name: str, sign: Operator, value: Constant) -> Predicate | None:
    """A name against a written value: most of what conditions are."""
    test = SIGNS[sign]
    if isinstance(value, Decimal):
        return _number(name, sign, value)
    if not isinstance(value, str):
        return None
    if is_dated(value):
        return _dated(name, sign, value)
    if sign is Operator.IS:
        return lambda values: values.get(name) == value
    return lambda values: (
        isinstance(held := values.get(name), str) and test(held, value)
    )


def _number(name: str, sign: Operator, value: Decimal) -> Predicate:
    """A number that is written; the commonest signs without a call."""
    if sign is Operator.AT_LEAST:
        return lambda values: (
            type(held := values.get(name)) is Decimal and held >= value
        )
    if sign is Operator.ABOVE:
        return lambda values: type(held := values.get(name)) is Decimal and held > value
    test = SIGNS[sign]
    return lambda values: (
        type(held := values.get(name)) is Decimal and test(held, value)
    )


def _dated(name: str, sign: Operator, value: str) -> Predicate:
    """A date that is written; one given as precisely needs no second look."""
    test, length = SIGNS[sign], len(value)

    def compared(values: Values) -> bool:
        held = values.get(name)
        if not isinstance(held, str):
            return False
        if len(held) == length:
            return test(held, value)
        return test(*alike(held, value))

    return compared


def compare(one: object, test: Callable[[Any, Any], bool], other: object) -> bool:
    """Two values of one kind; dates at the coarser precision; false with any other."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return test(one, other)
    if isinstance(one, str) and isinstance(other, str):
        return test(*alike(one, other))
    return False


def _within(part: Tree, wanted: tuple[Constant, ...], outside: bool) -> Predicate:
    codes = frozenset(wanted)
    if any(isinstance(value, str) and is_dated(value) for value in wanted):
        give = value_of(part)

        def among(values: Values) -> bool:
            held = give(values)
            if not isinstance(held, _PLAIN):
                return False
            found = any(compare(held, operator.eq, value) for value in wanted)
            return found is not outside

        return among
    if isinstance(part, Name):
        name = part.id
        if not outside and all(isinstance(value, str) for value in wanted):
            return lambda values: values.get(name) in codes
        if outside:
            return lambda values: (
                isinstance(held := values.get(name), _PLAIN) and held not in codes
            )
        return lambda values: (
            isinstance(held := values.get(name), _PLAIN) and held in codes
        )
    give = value_of(part)
    return lambda values: (
        isinstance(held := give(values), _PLAIN) and (held in codes) != outside
    )


def _arithmetic(
    left: Yield, work: Callable[[Decimal, Decimal], Decimal], right: Yield
) -> Yield:
    def worked(values: Values) -> Result:
        one, other = left(values), right(values)
        if isinstance(one, Decimal) and isinstance(other, Decimal):
            try:
                return work(one, other)
            except ArithmeticError:
                return _NOTHING
        return lacking(one, other)

    return worked


def lacking(*values: Result) -> Missing:
    """The first kind of missing among values that do not all serve."""
    return next((one for one in values if isinstance(one, Missing)), _NOTHING)


def _test(name: str, arguments: tuple[Tree, ...]) -> Predicate:
    """A function used as a condition."""
    if name in {"answered", "refused", "asked"} and len(arguments) == 1:
        return _looked(name, arguments[0])
    if name == "has" and len(arguments) == 2:
        first, second = arguments
        if isinstance(first, Name) and isinstance(second, Literal):
            held, code = first.id, second.value
            return lambda values: (
                isinstance(chosen := values.get(held), tuple) and code in chosen
            )
    give = _call(name, arguments)
    return lambda values: give(values) is True


def _looked(name: str, part: Tree) -> Predicate:
    give = value_of(part)
    if name == "answered" and isinstance(part, Name):
        held_by = part.id
        return lambda values: type(values.get(held_by, _UNASKED)) is not Missing
    if name == "answered":
        return lambda values: not isinstance(give(values), Missing)
    if name == "refused":
        return lambda values: (
            isinstance(held := give(values), Missing) and held in REFUSALS
        )
    return lambda values: give(values) is not _UNASKED


def _call(name: str, arguments: tuple[Tree, ...]) -> Yield:
    parts = [value_of(argument) for argument in arguments]
    function = FUNCTIONS.get(name)
    if function is None or not function.least <= len(parts) <= function.most:
        return lambda values: _NOTHING
    match name:
        case "answered" | "refused" | "asked":
            return _looked(name, arguments[0])
        case "missing":
            return _missing(parts[0], arguments[1:])
        case "if":
            test, then, otherwise = predicate(arguments[0]), parts[1], parts[2]
            return lambda values: then(values) if test(values) else otherwise(values)
        case "coalesce":
            return _coalesce(parts)
        case "sum":
            return _sum(parts)
        case "count_answered":
            return lambda values: Decimal(
                sum(not isinstance(part(values), Missing) for part in parts)
            )
        case _:
            return _strict(function, parts)


def _missing(part: Yield, kinds: tuple[Tree, ...]) -> Yield:
    if not kinds:
        return lambda values: isinstance(part(values), Missing)
    word = kinds[0].value if isinstance(kinds[0], Literal) else None
    wanted = _WORDS.get(word) if isinstance(word, str) else None
    return lambda values: wanted is not None and part(values) is wanted


def _coalesce(parts: list[Yield]) -> Yield:
    def first(values: Values) -> Result:
        held: Result = _NOTHING
        for part in parts:
            held = part(values)
            if not isinstance(held, Missing):
                break
        return held

    return first


def _sum(parts: list[Yield]) -> Yield:
    def total(values: Values) -> Result:
        held = [part(values) for part in parts]
        numbers = [one for one in held if isinstance(one, Decimal)]
        if not numbers:
            return lacking(*held)
        try:
            return sum(numbers, Decimal(0))
        except ArithmeticError:
            return _NOTHING

    return total


_HOLDS = {Kind.NUMBER: Decimal, Kind.CODES: tuple}


def holders(function: Function, count: int) -> list[tuple[type, ...]]:
    """The Python types that each argument of a call may have."""
    return [
        tuple({_HOLDS.get(kind, str) for kind in function.at(index)})
        for index in range(count)
    ]


def _strict(function: Function, parts: list[Yield]) -> Yield:
    pairs = list(zip(parts, holders(function, len(parts)), strict=True))
    truth = function.gives is Kind.BOOLEAN
    apply = function.apply or (lambda *_: None)

    def applied(values: Values) -> Result:
        given = []
        for part, types in pairs:
            held = part(values)
            if not isinstance(held, types):
                return False if truth else lacking(held)
            given.append(held)
        try:
            found: Result | None = apply(*given)
        except (ArithmeticError, ValueError):
            return _NOTHING
        return _NOTHING if found is None else found

    return applied
