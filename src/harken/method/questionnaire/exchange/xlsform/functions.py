"""The functions of XPath, ODK, Enketo, SurveyCTO and CHT in Harken's words.

A handler takes the reader and the arguments as read. What only a device, an account or
another form knows is empty here, and said so.
"""

from __future__ import annotations

import re
from decimal import Decimal

from harken.method.questionnaire.exchange import say
from harken.method.questionnaire.exchange.patterns import spread
from harken.method.questionnaire.exchange.pieces import compiled
from harken.method.questionnaire.exchange.say import EMPTY, CannotSay, Piece
from harken.method.questionnaire.exchange.xlsform.elements import Element
from harken.method.questionnaire.exchange.xlsform.meaning import as_code
from harken.method.questionnaire.exchange.xlsform.table import (
    Arguments,
    Entering,
    Handler,
    Handlers,
)
from harken.method.questionnaire.exchange.xlsform.translate import Translator
from harken.method.questionnaire.exchange.xlsform.xpath import (
    Path,
    Reference,
)
from harken.method.questionnaire.values import Kind

FUNCTIONS: Handlers = {}
handles = Entering(FUNCTIONS)
DEEPEST = 12
"""More branches than this within one another are worked out under a name."""


@handles("selected", "in_set", least=2, most=2)
def _selected(reader: Translator, arguments: Arguments) -> Piece:
    chosen, code = reader.chosen(arguments[0]), reader.say(arguments[1])
    element = reader.element(arguments[0])
    if element is not None:
        code = as_code(element, code)
    if chosen.empty:
        return say.truth(False)
    if code.constant is not None:
        if chosen.kind is Kind.TEXT and chosen.codes is None and code.constant != "":
            return say.matches(chosen, rf"(.* )?{re.escape(str(code.constant))}( .*)?")
        if isinstance(code.constant, Decimal):
            code = say.words(code.text)
        return (
            say.includes(chosen, str(code.constant))
            if code.constant
            else say.truth(False)
        )
    if chosen.kind is not Kind.CODES:
        return say.both(say.answered(code), say.equal(chosen, code))
    codes = chosen.codes or ()
    if not codes or len(codes) > 40:
        raise CannotSay("selected() with a code that is not written out")
    return say.either(
        *(
            say.both(say.equal(code, say.words(one)), say.includes(chosen, one))
            for one in codes
        )
    )


@handles("count-selected", "count-items", "item-count", least=1, most=2)
def _count_selected(reader: Translator, arguments: Arguments) -> Piece:
    chosen = reader.say(arguments[-1])
    if chosen.empty:
        return say.number(0)
    if chosen.kind is Kind.CODES:
        counted = say.call("count", chosen, kind=Kind.NUMBER)
        return Piece(f"coalesce({counted.text}, 0)", Kind.NUMBER, sure=True)
    if chosen.kind is Kind.TEXT:
        return say.call("words", say.as_text(chosen), kind=Kind.NUMBER)
    return say.choose(say.answered(chosen), say.number(1), say.number(0))


@handles("selected-at", "item-at", least=2, most=3)
def _selected_at(reader: Translator, arguments: Arguments) -> Piece:
    pair = arguments[-2:] if len(arguments) == 2 else (arguments[1], arguments[2])
    chosen, place = reader.say(pair[0]), say.as_number(reader.say(pair[1]))
    if chosen.empty:
        return EMPTY
    following = say.reckoned("+", place, say.number(1))
    if place.constant is not None and isinstance(place.constant, Decimal):
        following = say.number(place.constant + 1)
    if chosen.kind is Kind.TEXT:
        return say.call("word", say.as_text(chosen), following, kind=Kind.TEXT)
    if chosen.kind is not Kind.CODES:
        return say.choose(say.equal(place, say.number(0)), chosen, EMPTY)
    made = say.call("chosen", chosen, following, kind=Kind.CODE)
    return Piece(made.text, Kind.CODE, codes=chosen.codes)


@handles("if", least=2, most=3)
def _if(reader: Translator, arguments: Arguments) -> Piece:
    condition = reader.condition(arguments[0])
    yes = reader.say(arguments[1])
    no = reader.say(arguments[2]) if len(arguments) > 2 else EMPTY
    if no.text.count("if(") > DEEPEST and no.constant is None:
        no = reader.kept(no)
    return say.choose(condition, yes, no)


@handles("coalesce", least=1)
def _coalesce(reader: Translator, arguments: Arguments) -> Piece:
    outer, reader.several = reader.several, True
    try:
        return say.first_of(*(reader.say(one) for one in arguments))
    finally:
        reader.several = outer


@handles(
    "once", "string-value", "cht:strip-whitespace", "normalize-space", "trim", most=1
)
def _same(reader: Translator, arguments: Arguments) -> Piece:
    if not arguments:
        return reader.value(reader.here)
    return reader.say(arguments[0])


@handles("true", most=0)
def _true(reader: Translator, arguments: Arguments) -> Piece:
    return say.truth(True)


@handles("false", most=0)
def _false(reader: Translator, arguments: Arguments) -> Piece:
    return say.truth(False)


@handles("not", least=1, most=1)
def _not(reader: Translator, arguments: Arguments) -> Piece:
    return say.turned(reader.condition(arguments[0]))


@handles("boolean", "boolean-from-string", least=1, most=1)
def _boolean(reader: Translator, arguments: Arguments) -> Piece:
    return reader.condition(arguments[0])


@handles("number", least=1, most=1)
def _number(reader: Translator, arguments: Arguments) -> Piece:
    return say.as_number(reader.say(arguments[0]))


@handles("int", least=1, most=1)
def _int(reader: Translator, arguments: Arguments) -> Piece:
    value = say.as_number(reader.say(arguments[0]))
    if isinstance(value.constant, Decimal):
        return say.number(int(value.constant))
    down = say.call("floor", value, kind=Kind.NUMBER)
    up = say.negative(say.call("floor", say.negative(value), kind=Kind.NUMBER))
    return say.choose(say.compared("<", value, say.number(0)), up, down)


@handles("floor", least=1, most=1)
def _floor(reader: Translator, arguments: Arguments) -> Piece:
    return say.call("floor", say.as_number(reader.say(arguments[0])), kind=Kind.NUMBER)


@handles("ceiling", "ceil", least=1, most=1)
def _ceiling(reader: Translator, arguments: Arguments) -> Piece:
    turned = say.negative(say.as_number(reader.say(arguments[0])))
    return say.negative(say.call("floor", turned, kind=Kind.NUMBER))


@handles("round", least=1, most=2)
def _round(reader: Translator, arguments: Arguments) -> Piece:
    parts = [say.as_number(reader.say(one)) for one in arguments]
    return say.call("round", *parts, kind=Kind.NUMBER)


@handles("abs", least=1, most=1)
def _abs(reader: Translator, arguments: Arguments) -> Piece:
    return say.call("abs", say.as_number(reader.say(arguments[0])), kind=Kind.NUMBER)


def _values(reader: Translator, arguments: Arguments) -> list[Piece]:
    """The values of arguments, each one value or one on every line."""
    return [
        reader.nodes(one) if isinstance(one, Reference | Path) else reader.say(one)
        for one in arguments
    ]


def _aggregate(name: str) -> Handler:
    def handler(reader: Translator, arguments: Arguments) -> Piece:
        parts = _values(reader, arguments)
        if len(parts) == 1 and parts[0].many and parts[0].kind is Kind.NUMBER:
            return say.call(name, parts[0], kind=Kind.NUMBER)
        numbers = [say.as_number(reader.single(part)) for part in parts]
        if len(numbers) == 1:
            return numbers[0]
        return say.call(name, *numbers, kind=Kind.NUMBER)

    return handler


for _name in ("sum", "min", "max"):
    FUNCTIONS[_name] = _aggregate(_name)


@handles("count", "count-non-empty", least=1, most=1)
def _count(reader: Translator, arguments: Arguments) -> Piece:
    element = reader.element(arguments[0])
    if element is not None and element.kind == "repeat":
        return _lines(reader, element)
    part = reader.nodes(arguments[0])
    if part.many:
        return say.call("count", part, kind=Kind.NUMBER)
    return say.choose(say.answered(part), say.number(1), say.number(0))


def _lines(reader: Translator, repeat: Element) -> Piece:
    """How many lines a repeat has: those on which a question without condition stands."""
    stands = standing(repeat)
    if not stands:
        return say.number(0)
    if repeat in (reader.here, *reader.here.above()):
        reader.nearly.append("the number of lines, seen from one of them")
        return Piece("line", Kind.NUMBER, sure=True)
    pieces = (reader.value(one) for one in stands)
    piece = next((one for one in pieces if one.many), None)
    if piece is None:
        raise CannotSay("the lines of a repeat that asks nothing here")
    counted = Piece(f"count(asked({piece.text}))", Kind.NUMBER)
    return Piece(f"coalesce({counted.text}, 0)", Kind.NUMBER, sure=True)


def standing(repeat: Element) -> list[Element]:
    """What tells that a line of a repeat is there: questions without a condition first,
    then those with one, then what is computed."""
    below = [one for one in repeat.walk() if one.id and one.repeats[-1:] == (repeat,)]
    asked = [one for one in below if one.kind in _ASKED]
    always = [one for one in asked if not one.cells.get("relevant")]
    computed = [one for one in below if one.kind == "calculate"]
    return [*always, *asked, *computed]


_ASKED = frozenset(
    {"single", "multiple", "integer", "decimal", "text", "date", "time", "acknowledge"}
)


@handles("concat")
def _concat(reader: Translator, arguments: Arguments) -> Piece:
    return _glued(reader, "", arguments)


@handles("join", least=1)
def _join(reader: Translator, arguments: Arguments) -> Piece:
    between = reader.say(arguments[0])
    if not isinstance(between.constant, str):
        raise CannotSay("join() with a sign that is not written out")
    return _glued(reader, between.constant, arguments[1:])


def _glued(reader: Translator, between: str, arguments: Arguments) -> Piece:
    parts: list[Piece] = []
    for part in _values(reader, arguments):
        if part.many:
            listed = say.call("join", say.words(between), part, kind=Kind.TEXT)
            if between:
                reader.nearly.append("a line without an answer leaves no gap")
            parts.append(Piece(f"coalesce({listed.text}, '')", Kind.TEXT, sure=True))
        elif not part.empty:
            parts.append(say.as_text(part))
        if between and parts:
            parts.append(say.words(between))
    if between and parts:
        parts.pop()
    if not parts:
        return EMPTY
    if len(parts) == 1:
        return parts[0]
    return Piece(say.call("concat", *parts, kind=Kind.TEXT).text, Kind.TEXT, sure=True)


@handles("string", least=1, most=1)
def _string(reader: Translator, arguments: Arguments) -> Piece:
    part = reader.say(arguments[0])
    return part if part.empty or part.kind is Kind.CODE else say.as_text(part)


@handles("string-length", most=1)
def _length(reader: Translator, arguments: Arguments) -> Piece:
    part = reader.say(arguments[0]) if arguments else reader.value(reader.here)
    if part.empty:
        return say.number(0)
    return Piece(
        say.call("length", say.as_text(part), kind=Kind.NUMBER).text,
        Kind.NUMBER,
        sure=True,
    )


@handles("substr", "substring", least=2, most=3)
def _substr(reader: Translator, arguments: Arguments) -> Piece:
    text = say.as_text(reader.say(arguments[0]))
    start = say.as_number(reader.say(arguments[1]))
    first = say.reckoned("+", start, say.number(1))
    if isinstance(start.constant, Decimal):
        first = say.number(start.constant + 1)
    if len(arguments) < 3:
        return say.call("part", text, first, kind=Kind.TEXT)
    end = say.as_number(reader.say(arguments[2]))
    many = say.reckoned("-", end, start)
    if isinstance(start.constant, Decimal) and isinstance(end.constant, Decimal):
        many = say.number(end.constant - start.constant)
    return say.call("part", text, first, many, kind=Kind.TEXT)


@handles("substring-before", least=2, most=2)
def _before(reader: Translator, arguments: Arguments) -> Piece:
    parts = (say.as_text(reader.say(one)) for one in arguments)
    return say.call("before", *parts, kind=Kind.TEXT)


@handles("substring-after", least=2, most=2)
def _after(reader: Translator, arguments: Arguments) -> Piece:
    parts = (say.as_text(reader.say(one)) for one in arguments)
    return say.call("after", *parts, kind=Kind.TEXT)


@handles("linebreak", most=0)
def _linebreak(reader: Translator, arguments: Arguments) -> Piece:
    reader.nearly.append("a line break is a blank here")
    return say.words(" ")


@handles("translate", least=3, most=3)
def _translate(reader: Translator, arguments: Arguments) -> Piece:
    text, was, becomes = (reader.say(one) for one in arguments)
    known, wanted = str(was.constant or ""), str(becomes.constant or "")
    if len(known) > 20 and known.upper() == wanted:
        return say.call("upper", say.as_text(text), kind=Kind.TEXT)
    if len(known) > 20 and known.lower() == wanted:
        return say.call("lower", say.as_text(text), kind=Kind.TEXT)
    raise CannotSay("translate() of other signs than letters to small ones or capitals")


@handles("item-present", least=3, most=3)
def _present(reader: Translator, arguments: Arguments) -> Piece:
    return _selected(reader, (arguments[1], arguments[2]))


@handles("de-duplicate", least=2, most=2)
def _once_each(reader: Translator, arguments: Arguments) -> Piece:
    reader.nearly.append("what stands twice in a list stays there twice")
    return reader.say(arguments[1])


@handles("format-number", "thousands-sep", least=1, most=1)
def _grouped(reader: Translator, arguments: Arguments) -> Piece:
    reader.nearly.append("thousands are not parted")
    return say.as_text(reader.say(arguments[0]))


@handles("lower-case", "lower", "cht:lower", least=1, most=1)
def _lower(reader: Translator, arguments: Arguments) -> Piece:
    return say.call("lower", say.as_text(reader.say(arguments[0])), kind=Kind.TEXT)


@handles("upper-case", "upper", least=1, most=1)
def _upper(reader: Translator, arguments: Arguments) -> Piece:
    return say.call("upper", say.as_text(reader.say(arguments[0])), kind=Kind.TEXT)


@handles("contains", least=2, most=2)
def _contains(reader: Translator, arguments: Arguments) -> Piece:
    parts = (say.as_text(reader.say(one)) for one in arguments)
    return say.call("contains", *parts, kind=Kind.BOOLEAN)


@handles("starts-with", least=2, most=2)
def _starts(reader: Translator, arguments: Arguments) -> Piece:
    parts = (say.as_text(reader.say(one)) for one in arguments)
    return say.call("starts_with", *parts, kind=Kind.BOOLEAN)


@handles("ends-with", least=2, most=2)
def _ends(reader: Translator, arguments: Arguments) -> Piece:
    text, end = reader.say(arguments[0]), reader.say(arguments[1])
    if not isinstance(end.constant, str):
        raise CannotSay("ends-with() with an end that is not written out")
    return say.matches(say.as_text(text), rf".*{re.escape(end.constant)}")


@handles("regex", least=2, most=2)
def _regex(reader: Translator, arguments: Arguments) -> Piece:
    text, pattern = reader.say(arguments[0]), reader.say(arguments[1])
    if not isinstance(pattern.constant, str):
        raise CannotSay("regex() with a pattern that is not written out")
    wanted = _BARE_HYPHEN.sub(r"\1\\-", pattern.constant)
    whole = spread(wanted)
    if whole != wanted:
        reader.loose.append(wanted)
    wanted = whole
    plain = text.kind is Kind.TEXT and not compiled(wanted).fullmatch("")
    return say.matches(text if plain else say.as_text(text), wanted)


_BARE_HYPHEN = re.compile(r"(\\[wdsWDS])-")
"""A hyphen after a class of signs within brackets; elsewhere it is plain as well."""


@handles("relevant", least=1, most=1)
def _relevant(reader: Translator, arguments: Arguments) -> Piece:
    return say.call("asked", reader.say(arguments[0]), kind=Kind.BOOLEAN)


@handles("empty", "is-null", least=1, most=1)
def _empty(reader: Translator, arguments: Arguments) -> Piece:
    return say.turned(say.answered(reader.say(arguments[0])))


@handles("random", most=0)
def _random(reader: Translator, arguments: Arguments) -> Piece:
    reader.nearly.append("the draw is one of a million, kept by the interview's seed")
    drawn = Piece(
        f"ballot(seed, {say.quoted(reader.here.id or 'draw')}, 1000000)", Kind.NUMBER
    )
    less = say.reckoned("-", drawn, say.number(1))
    return say.reckoned("/", less, say.number(1_000_000))


@handles("checklist", "weighted-checklist", least=2)
def _checklist(reader: Translator, arguments: Arguments) -> Piece:
    low, high = (say.as_number(reader.say(one)) for one in arguments[:2])
    ticks = [
        say.choose(reader.condition(one), say.number(1), say.number(0))
        for one in arguments[2:]
    ]
    total = say.call("sum", *ticks, kind=Kind.NUMBER) if ticks else say.number(0)
    bounds = []
    if low.constant != -1:
        bounds.append(say.compared(">=", total, low))
    if high.constant != -1:
        bounds.append(say.compared("<=", total, high))
    return say.both(*bounds)


def _elsewhere(name: str) -> Handler:
    def handler(reader: Translator, arguments: Arguments) -> Piece:
        return reader.not_here(f"{name}()")

    return handler


for _name in (
    "pulldata",
    "duration",
    "device-info",
    "phone-call-log",
    "phone-call-duration",
    "collect-is-phone-app",
    "version",
    "uuid",
    "username",
    "linebreak-audio",
    "distance",
    "area",
    "enclosed-area",
    "distance-between",
    "geofence",
    "short-geopoint",
    "digest",
    "hash",
    "plug-in-metadata",
    "cht:extension-lib",
    "area-of",
    "jr:itext",
    "once-random",
    "thousands-separators",
    "gps-accuracy",
    "simserial",
    "cht:lookup-table",
    "cht:validate-luhn",
    "comment-value",
    "data-source",
    "enumerator-id",
    "enum-id",
    "enum-name",
    "extract-signed",
    "geo-scatter",
    "intersects",
    "jr:timestamp",
    "property",
    "to-bikram-sambat",
    "bikram-sambat",
    "version-info",
    "z-score",
):
    FUNCTIONS[_name] = _elsewhere(_name)
