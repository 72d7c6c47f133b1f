"""Functions that reckon: powers and roots, and those of a pocket calculator."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from harken.method.questionnaire.exchange import say
from harken.method.questionnaire.exchange.say import Piece
from harken.method.questionnaire.exchange.xlsform.table import (
    Arguments,
    Entering,
    Handlers,
)
from harken.method.questionnaire.exchange.xlsform.translate import Translator
from harken.method.questionnaire.values import Kind

NUMBERS: Handlers = {}
handles = Entering(NUMBERS)
PI = Decimal("3.14159265358979")


def _reckoner(name: str) -> Callable[[Translator, Arguments], Piece]:
    def handler(reader: Translator, arguments: Arguments) -> Piece:
        return _called(name, say.as_number(reader.say(arguments[0])))

    return handler


def _called(name: str, *parts: Piece) -> Piece:
    return say.call(name, *parts, kind=Kind.NUMBER)


for _there, _here in (("sqrt", "sqrt"), ("exp", "exp"), ("log", "ln")):
    handles(_there, least=1, most=1)(_reckoner(_here))


@handles("log10", least=1, most=1)
def _log10(reader: Translator, arguments: Arguments) -> Piece:
    one = _called("ln", say.as_number(reader.say(arguments[0])))
    return say.reckoned("/", one, _called("ln", say.number(10)))


@handles("exp10", least=1, most=1)
def _exp10(reader: Translator, arguments: Arguments) -> Piece:
    return _power(say.number(10), say.as_number(reader.say(arguments[0])))


@handles("pow", least=2, most=2)
def _pow(reader: Translator, arguments: Arguments) -> Piece:
    base, times = (say.as_number(reader.say(one)) for one in arguments)
    return _power(base, times)


def _power(base: Piece, times: Piece) -> Piece:
    """A small whole power as a product, any other by its logarithm."""
    power = times.constant
    if base.empty or times.empty:
        return say.EMPTY
    if power == Decimal("0.5"):
        return _called("sqrt", base)
    if isinstance(power, Decimal) and power in {Decimal(n) for n in range(1, 9)}:
        made = base
        for _ in range(int(power) - 1):
            made = say.reckoned("*", made, base)
        return made
    return _called("exp", say.reckoned("*", times, _called("ln", base)))


@handles("pi", most=0)
def _pi(reader: Translator, arguments: Arguments) -> Piece:
    return say.number(PI)


for _name in ("sin", "cos", "atan"):
    handles(_name, least=1, most=1)(_reckoner(_name))


@handles("tan", least=1, most=1)
def _tan(reader: Translator, arguments: Arguments) -> Piece:
    angle = say.as_number(reader.say(arguments[0]))
    return say.reckoned("/", _called("sin", angle), _called("cos", angle))


@handles("asin", least=1, most=1)
def _asin(reader: Translator, arguments: Arguments) -> Piece:
    return _arc(say.as_number(reader.say(arguments[0])))


@handles("acos", least=1, most=1)
def _acos(reader: Translator, arguments: Arguments) -> Piece:
    arc = _arc(say.as_number(reader.say(arguments[0])))
    return say.reckoned("-", say.number(PI / 2), arc)


def _arc(side: Piece) -> Piece:
    """The angle of a sine: the half of it from its tangent, so that a right one counts."""
    square = say.reckoned("-", say.number(1), say.reckoned("*", side, side))
    below = say.reckoned("+", say.number(1), _called("sqrt", square))
    return say.reckoned(
        "*", say.number(2), _called("atan", say.reckoned("/", side, below))
    )


@handles("atan2", least=2, most=2)
def _atan2(reader: Translator, arguments: Arguments) -> Piece:
    up, along = (say.as_number(reader.say(one)) for one in arguments)
    squares = (say.reckoned("*", one, one) for one in (up, along))
    far = _called("sqrt", say.reckoned("+", *squares))
    half = say.reckoned("/", up, say.reckoned("+", far, along))
    return say.reckoned("*", say.number(2), _called("atan", half))
