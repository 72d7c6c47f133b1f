"""The meaning of expressions and routes, said slowly and straight from the rules.

It shares no closure with ``evaluate`` and no loop with ``route``: a test holds the two
together on generated instruments and answers. Proofs and importers may ask it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from harken.method.questionnaire import days
from harken.method.questionnaire.document import Purpose, Question, Questionnaire
from harken.method.questionnaire.functions import FUNCTIONS
from harken.method.questionnaire.route import Context, ordered
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
from harken.method.questionnaire.values import Kind, Result, Value
from harken.method.terms import REFUSALS, Missing

Answers = Mapping[str, Value]


def meaning(tree: Tree, values: Answers) -> Result:
    """What a tree gives for these values."""
    match tree:
        case Literal(value):
            return value
        case Name(name):
            return values.get(name, Missing.NOT_ASKED)
        case Not(part):
            return not holds(part, values)
        case All(parts):
            return all(holds(part, values) for part in parts)
        case Either(parts):
            return any(holds(part, values) for part in parts)
        case Compare(left, sign, right):
            return compared(meaning(left, values), sign, meaning(right, values))
        case Within(part, wanted, outside):
            return _within(meaning(part, values), wanted, outside)
        case Arithmetic(left, sign, right):
            return _sum(meaning(left, values), sign, meaning(right, values))
        case Call(name, arguments):
            return _called(name, arguments, values)


def holds(tree: Tree, values: Answers) -> bool:
    """Whether a condition is true; what is no condition never is."""
    if isinstance(tree, Name | Arithmetic):
        return False
    return meaning(tree, values) is True


def compared(one: Result, sign: Operator, other: Result) -> bool:
    """Numbers with numbers, texts with texts, dates as far as both are known."""
    if _is_text(one) and _is_text(other):
        first, second = str(one), str(other)
        if days.is_dated(first) and days.is_dated(second):
            known = min(len(first), len(second))
            first, second = first[:known], second[:known]
        return _ordered(first, sign, second)
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return _ordered(one, sign, other)
    return False


def _is_text(value: Result) -> bool:
    return isinstance(value, str)


def _ordered(one: str | Decimal, sign: Operator, other: str | Decimal) -> bool:
    below = one < other  # type: ignore[operator] # both are of one kind
    same = one == other
    table = {
        Operator.IS: same,
        Operator.IS_NOT: not same,
        Operator.BELOW: below,
        Operator.AT_MOST: below or same,
        Operator.ABOVE: not below and not same,
        Operator.AT_LEAST: not below,
    }
    return table[sign]


def _within(value: Result, wanted: tuple[Constant, ...], outside: bool) -> bool:
    if not isinstance(value, str | Decimal):
        return False
    found = any(compared(value, Operator.IS, one) for one in wanted)
    return not found if outside else found


def _sum(one: Result, sign: Sum, other: Result) -> Result:
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return _first_missing(one, other)
    if sign is Sum.OVER and other == 0:
        return Missing.NO_ANSWER
    try:
        match sign:
            case Sum.PLUS:
                return one + other
            case Sum.MINUS:
                return one - other
            case Sum.TIMES:
                return one * other
            case Sum.OVER:
                return one / other
    except ArithmeticError:
        return Missing.NO_ANSWER


def _first_missing(*values: Result) -> Missing:
    for value in values:
        if isinstance(value, Missing):
            return value
    return Missing.NO_ANSWER


def _called(name: str, arguments: tuple[Tree, ...], values: Answers) -> Result:
    function = FUNCTIONS.get(name)
    if function is None or not function.least <= len(arguments) <= function.most:
        return Missing.NO_ANSWER
    if name == "if":
        test, then, otherwise = arguments
        return meaning(then if holds(test, values) else otherwise, values)
    given = [meaning(argument, values) for argument in arguments]
    missing = [isinstance(value, Missing) for value in given]
    match name:
        case "answered":
            return not missing[0]
        case "refused":
            return given[0] in REFUSALS and missing[0]
        case "asked":
            return given[0] is not Missing.NOT_ASKED
        case "missing":
            wanted = given[1:]
            return missing[0] and (not wanted or _word(given[0]) == wanted[0])
        case "coalesce":
            return next(
                (one for one in given if not isinstance(one, Missing)), given[-1]
            )
        case "sum":
            numbers = [one for one in given if isinstance(one, Decimal)]
            return _added(numbers) if numbers else _first_missing(*given)
        case "count_answered":
            return Decimal(missing.count(False))
        case _:
            return _strict(name, given)


def _word(value: Result) -> str:
    return value.word if isinstance(value, Missing) else ""


def _added(numbers: list[Decimal]) -> Result:
    total: Result = Decimal(0)
    for number in numbers:
        total = _sum(total, Sum.PLUS, number)
    return total


def _strict(name: str, given: list[Result]) -> Result:
    """A function that needs every argument; one that is true or false is false then."""
    function = FUNCTIONS[name]
    for place, value in enumerate(given):
        if not _suits(value, function.at(place)):
            is_test = function.gives is Kind.BOOLEAN
            return False if is_test else _first_missing(value)
    try:
        found = function.apply(*given) if function.apply else None
    except (ArithmeticError, ValueError):
        found = None
    return Missing.NO_ANSWER if found is None else found


def _suits(value: Result, kinds: frozenset[Kind]) -> bool:
    if isinstance(value, Decimal):
        return Kind.NUMBER in kinds
    if isinstance(value, tuple):
        return Kind.CODES in kinds
    return isinstance(value, str) and bool(kinds - {Kind.NUMBER, Kind.CODES})


def slow_route(
    questionnaire: Questionnaire, answers: Answers, context: Context
) -> tuple[tuple[str, ...], dict[str, Value]]:
    """The ids asked, in order, and every value that counts."""
    values: dict[str, Value] = dict(context.values())
    asked: list[str] = []
    for question in ordered(questionnaire, context.seed):
        if not _reached(question, values, questionnaire):
            continue
        if question.value is not None:
            found = meaning(question.value.tree, values)
            if isinstance(found, bool):
                found = "yes" if found else "no"
            values[question.id] = found
            continue
        asked.append(question.id)
        if question.id in answers:
            values[question.id] = answers[question.id]
    return tuple(asked), values


def _reached(question: Question, values: Answers, questionnaire: Questionnaire) -> bool:
    """Whether a question's condition holds, and the person takes part or the page was
    made for those who do not."""
    condition = question.condition
    if condition is not None and not holds(condition.tree, values):
        return False
    said = [
        values[one.id]
        for one in questionnaire.questions
        if one.purpose is Purpose.TAKE_PART and one.id in values
    ]
    if said and said[-1] != "yes":
        return condition is not None and not question.valued
    return True
