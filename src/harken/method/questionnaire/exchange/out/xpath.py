"""Harken trees to XPath: the same meaning where empty and missing are one thing."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from harken.method.questionnaire.exchange.patterns import whole
from harken.method.questionnaire.exchange.say import CannotSay
from harken.method.questionnaire.syntax import (
    All,
    Arithmetic,
    Call,
    Compare,
    Either,
    Literal,
    Name,
    Not,
    Operator,
    Tree,
    Within,
)
from harken.method.terms import Missing

_SUMS = {"+": "+", "-": "-", "*": "*", "/": "div"}
_SAME = {
    "if": "if",
    "coalesce": "coalesce",
    "round": "round",
    "floor": "floor",
    "abs": "abs",
    "sqrt": "sqrt",
    "exp": "exp",
    "sin": "sin",
    "cos": "cos",
    "atan": "atan",
    "min": "min",
    "max": "max",
    "length": "string-length",
    "contains": "contains",
    "starts_with": "starts-with",
    "concat": "concat",
    "text": "string",
    "number": "number",
    "before": "substring-before",
    "after": "substring-after",
    "words": "count-selected",
    "lower": "lower-case",
    "upper": "upper-case",
}


def xpath(tree: Tree, named: Callable[[str], str]) -> str:
    """An expression as XPath; ``named`` gives a question's name there.

    Raises CannotSay.
    """
    match tree:
        case Literal(value):
            return _literal(value)
        case Name("today"):
            return "today()"
        case Name("mode"):
            return "'web'"
        case Name("arm"):
            return "'sample'"
        case Name(name):
            return f"${{{named(name)}}}"
        case Not(part):
            return f"not({xpath(part, named)})"
        case All(parts):
            return " and ".join(_inside(part, named) for part in parts)
        case Either(parts):
            return "(" + " or ".join(_inside(part, named) for part in parts) + ")"
        case Compare(left, sign, right):
            return _compared(left, sign, right, named)
        case Within(part, values, outside):
            return _within(part, values, outside, named)
        case Arithmetic(left, sign, right):
            one, other = xpath(left, named), xpath(right, named)
            return f"({one} {_SUMS[sign.value]} {other})"
        case Call(function, arguments):
            return _call(function, arguments, named)


def _inside(part: Tree, named: Callable[[str], str]) -> str:
    text = xpath(part, named)
    return f"({text})" if isinstance(part, All) else text


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true()" if value else "false()"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Missing):
        return "''"
    text = str(value)
    return f'"{text}"' if "'" in text else f"'{text}'"


def _compared(
    left: Tree, sign: Operator, right: Tree, named: Callable[[str], str]
) -> str:
    """A comparison; one with something empty holds nowhere here."""
    one, other = xpath(left, named), xpath(right, named)
    if sign is Operator.IS and not isinstance(right, Literal):
        return f"({one} = {other} and {one} != '')"
    if sign is Operator.IS:
        return f"{one} = {other}"
    if sign is Operator.IS_NOT:
        sides = ((one, left), (other, right))
        there = [text for text, part in sides if not isinstance(part, Literal)]
        given = " and ".join(f"{text} != ''" for text in there)
        return f"({one} != {other} and {given})"
    if isinstance(right, Literal) and isinstance(right.value, str):
        other = f"date({other})"
        if not re.fullmatch(r"'\d{4}-\d\d-\d\d'", xpath(right, named)):
            raise CannotSay("a comparison with a part of a date")
    return f"{one} {sign.value} {other}"


def _within(
    part: Tree, values: tuple[object, ...], outside: bool, named: Callable[[str], str]
) -> str:
    one = xpath(part, named)
    chosen = " or ".join(f"{one} = {_literal(value)}" for value in values)
    return f"({one} != '' and not({chosen}))" if outside else f"({chosen})"


def _call(
    function: str, arguments: tuple[Tree, ...], named: Callable[[str], str]
) -> str:
    given = [xpath(one, named) for one in arguments]
    match function:
        case "answered":
            return f"{given[0]} != ''"
        case "missing" if len(given) == 1:
            return f"{given[0]} = ''"
        case "has":
            return f"selected({given[0]}, {given[1]})"
        case "any_in" | "all_in":
            sign = " or " if function == "any_in" else " and "
            return (
                "("
                + sign.join(f"selected({given[0]}, {one})" for one in given[1:])
                + ")"
            )
        case "count":
            return f"if({given[0]} != '', count-selected({given[0]}), '')"
        case "sum":
            terms = " + ".join(f"number(coalesce({one}, 0))" for one in given)
            there = " or ".join(f"{one} != ''" for one in given)
            return f"if({there}, {terms}, '')"
        case "count_answered":
            return "(" + " + ".join(f"if({one} != '', 1, 0)" for one in given) + ")"
        case "matches":
            wanted = arguments[1]
            if not isinstance(wanted, Literal):
                raise CannotSay("a pattern that is not written out")
            return f"regex({given[0]}, {_literal(whole(str(wanted.value)))})"
        case "word":
            return f"selected-at({given[0]}, {given[1]} - 1)"
        case "ln":
            return f"log({given[0]})"
        case "mod":
            return f"({given[0]} mod {given[1]})"
        case "days":
            return f"(int(decimal-date-time({given[1]})) - int(decimal-date-time({given[0]})))"
        case "year":
            return f"number(substr({given[0]}, 0, 4))"
        case "month":
            return f"number(substr({given[0]}, 5, 7))"
        case "day":
            return f"number(substr({given[0]}, 8, 10))"
        case name if name in _SAME:
            return f"{_SAME[name]}({', '.join(given)})"
    raise CannotSay(f"the function {function}()")
