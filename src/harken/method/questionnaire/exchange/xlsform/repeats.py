"""Functions on the lines of a repeat, and on the words of an option."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from harken.method.questionnaire.exchange import say
from harken.method.questionnaire.exchange.say import EMPTY, CannotSay, Piece
from harken.method.questionnaire.exchange.wording import unbraced
from harken.method.questionnaire.exchange.xlsform.elements import Element
from harken.method.questionnaire.exchange.xlsform.functions import standing
from harken.method.questionnaire.exchange.xlsform.table import (
    Arguments,
    Entering,
    Handler,
    Handlers,
)
from harken.method.questionnaire.exchange.xlsform.translate import Translator
from harken.method.questionnaire.exchange.xlsform.xpath import (
    Binary,
    Function,
    Node,
    Number,
    Reference,
    Text,
)
from harken.method.questionnaire.values import Kind

REPEATS: Handlers = {}
handles = Entering(REPEATS)


@handles("position", "index", most=1)
def _position(reader: Translator, arguments: Arguments) -> Piece:
    here = reader.here
    if not here.repeats and here.kind != "repeat":
        return say.number(1)
    meant = reader.element(arguments[0]) if arguments else None
    outer = reader.meanings.lines.get(id(meant)) if meant in here.repeats[:-1] else None
    return Piece(outer or "line", Kind.NUMBER, sure=True)


@handles("indexed-repeat", least=3, most=7)
def _indexed(reader: Translator, arguments: Arguments) -> Piece:
    element = reader.element(arguments[0])
    if element is None:
        raise CannotSay("indexed-repeat() of something that is no question")
    piece = reader.meanings.plain(element)
    if piece.empty or not element.repeats:
        return piece
    if any(one not in reader.here.repeats for one in element.repeats[:-1]):
        raise CannotSay("indexed-repeat() of a repeat within a repeat")
    place = arguments[-1]
    own = element.repeats[-1] in reader.here.repeats
    if own and _one_before(place):
        made = say.call("previous", piece, kind=piece.kind)
        return Piece(made.text, piece.kind, codes=piece.codes)
    if own:
        reader.nearly.append("only lines before this one can be looked at")
    number = say.settled(say.as_number(reader.say(place)))
    made = say.call("on_line", piece, number, kind=piece.kind)
    return Piece(made.text, piece.kind, codes=piece.codes)


def _one_before(place: Node) -> bool:
    """``index() - 1`` or ``position(..) - 1``."""
    if not (isinstance(place, Binary) and place.sign == "-"):
        return False
    left, right = place.left, place.right
    return (
        isinstance(left, Function)
        and left.name in {"index", "position"}
        and right == Number(Decimal(1))
    )


def _on_lines(reader: Translator, node: Node) -> tuple[Translator, Piece]:
    """A reader on the lines of the repeat that is meant, and what says that one is there."""
    element = reader.element(node)
    if element is None:
        raise CannotSay("the lines of something that is no question")
    repeat = element if element.kind == "repeat" else (None, *element.repeats)[-1]
    if not isinstance(repeat, Element) or repeat in reader.here.repeats:
        raise CannotSay("a condition on other lines of the same repeat")
    known = [(one, reader.meanings.plain(one)) for one in standing(repeat)]
    first, piece = next((pair for pair in known if not pair[1].empty), (None, EMPTY))
    if first is None:
        raise CannotSay("the lines of a repeat that asks nothing here")
    inner = replace(reader, here=first, helpers=[])
    there = say.call("asked", piece, kind=Kind.BOOLEAN)
    return inner, there


def _met(reader: Translator, field: Node, condition: Node) -> tuple[Piece, Piece]:
    """A field's value on a line, and when the line is there and meets the condition."""
    inner, there = _on_lines(reader, field)
    met = say.both(there, inner.condition(condition))
    element = reader.element(field)
    value = EMPTY
    if element is not None and element.kind != "repeat":
        value = say.settled(inner.value(element))
    if inner.helpers:
        raise CannotSay("a condition that is too long")
    return value, met


@handles("count-if", least=2, most=2)
def _count_if(reader: Translator, arguments: Arguments) -> Piece:
    _, met = _met(reader, *arguments)
    return Piece(f"coalesce(count({met.text}), 0)", Kind.NUMBER, sure=True)


def _picked(name: str, otherwise: str) -> Handler:
    def handler(reader: Translator, arguments: Arguments) -> Piece:
        value, met = _met(reader, *arguments)
        number = say.as_number(value)
        if number.empty:
            return EMPTY
        found = f"{name}(if({met.text}, {number.text}, {otherwise}))"
        return Piece(found, Kind.NUMBER)

    return handler


_NONE = say.NO_NUMBER.text
for _name, _otherwise in (("sum", "0"), ("min", _NONE), ("max", _NONE)):
    handles(f"{_name}-if", least=2, most=2)(_picked(_name, _otherwise))


@handles("join-if", least=3, most=3)
def _join_if(reader: Translator, arguments: Arguments) -> Piece:
    between = reader.say(arguments[0])
    if not isinstance(between.constant, str):
        raise CannotSay("join-if() with a sign that is not written out")
    value, met = _met(reader, *arguments[1:])
    if value.empty:
        return EMPTY
    met = say.both(met, say.answered(value))
    text = f"if({met.text}, {say.as_text(value).text}, {_NO_TEXT})"
    listed = f"join({say.quoted(between.constant)}, {text})"
    return Piece(f"coalesce({listed}, '')", Kind.TEXT, sure=True)


_NO_TEXT = "before('', '.')"
"""A text that is missing."""


@handles("jr:choice-name", "choice-label", least=2, most=2)
def _choice_name(reader: Translator, arguments: Arguments) -> Piece:
    for one in arguments:
        named = one
        if isinstance(one, Text):
            inside = one.value.strip().removeprefix("${").removesuffix("}")
            named = Reference(inside.rsplit("/", 1)[-1])
        element = reader.element(named)
        if element is not None and element.options:
            piece = reader.single(reader.value(element))
            if piece.empty:
                return EMPTY
            value = reader.say(arguments[0 if one is arguments[1] else 1])
            return _label_of(element, piece, value, reader)
    return say.as_text(reader.say(arguments[0]))


def _label_of(
    element: Element, piece: Piece, value: Piece, reader: Translator
) -> Piece:
    """The words of the option chosen, in the form's first language."""
    several = any(len(option.words) > 1 for option in element.options)
    if several:
        reader.nearly.append("the option's words stand in the first language only")
    chosen = value if value.kind is Kind.CODE and value.codes else piece
    if len(element.options) > 59:
        reader.nearly.append("the option's code stands for its words")
        return say.as_text(chosen)
    cases = []
    for option in element.options:
        label = next(iter(option.words.values()), option.name)
        met = say.includes(chosen, option.code)
        if met.constant is not False:
            cases.append(f"if({met.text}, {say.quoted(unbraced(label))}, '')")
    if not cases:
        return EMPTY
    text = f"concat({', '.join(cases)})" if len(cases) > 1 else cases[0]
    return Piece(text, Kind.TEXT, guard=say.answered(piece))
