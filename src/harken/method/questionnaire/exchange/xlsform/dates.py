"""Functions on dates, in Harken's words; a time of day is empty here."""

from __future__ import annotations

import re

from harken.method.questionnaire.exchange import say
from harken.method.questionnaire.exchange.say import EMPTY, CannotSay, Piece
from harken.method.questionnaire.exchange.xlsform.meaning import TODAY
from harken.method.questionnaire.exchange.xlsform.table import (
    Arguments,
    Entering,
    Handler,
    Handlers,
)
from harken.method.questionnaire.exchange.xlsform.translate import Translator
from harken.method.questionnaire.values import DATED, Kind

DATES: Handlers = {}
handles = Entering(DATES)
_EPOCH = Piece("'1970-01-01'", Kind.DATE)
_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@handles("today", most=0)
def _today(reader: Translator, arguments: Arguments) -> Piece:
    return TODAY


@handles("now", most=0)
def _now(reader: Translator, arguments: Arguments) -> Piece:
    reader.nearly.append("the time of day is not kept, only the interview's first day")
    return TODAY


@handles("date-time", "format-date-iso", "parse-timestamp-to-date", least=1, most=1)
def _date_alone(reader: Translator, arguments: Arguments) -> Piece:
    return _dated(reader, reader.say(arguments[0]))


@handles("date", least=1, most=2)
def _date(reader: Translator, arguments: Arguments) -> Piece:
    if len(arguments) == 1:
        return _date_alone(reader, arguments)
    text, shape = reader.say(arguments[0]), reader.say(arguments[1])
    if text.kind in DATED or text.empty:
        return text
    if not isinstance(shape.constant, str):
        raise CannotSay("date() with a form that is not written out")
    return reader.kept(_parsed(say.as_text(reader.kept(text)), shape.constant))


def _parsed(text: Piece, shape: str) -> Piece:
    """A date from a text that is written in a form of its own, such as 12-Jan-2026."""
    found: dict[str, Piece] = {}
    place = 1
    for one in re.findall(r"%.|[^%]", shape):
        kind, many = _PARTS.get(one, ("", 1))
        if kind:
            where = (say.number(place), say.number(many))
            bit = say.call("part", text, *where, kind=Kind.TEXT)
            found[kind] = _month(bit) if one == "%b" else say.as_number(bit)
        elif one[0] == "%":
            raise CannotSay(f"date() with {one} in its form")
        place += many
    if len(found) < 3:
        raise CannotSay("date() with a form that lacks a day, a month or a year")
    whole = (found["year"], found["month"], found["day"])
    return say.call("date", *whole, kind=Kind.DATE)


def _month(short: Piece) -> Piece:
    """The number of a month by its short name; none for another text."""
    cases = (
        say.choose(say.matches(short, f"(?i){name}"), say.number(place), say.number(0))
        for place, name in enumerate(_MONTHS, start=1)
    )
    return say.call("sum", *cases, kind=Kind.NUMBER)


_PARTS = {
    "%Y": ("year", 4),
    "%m": ("month", 2),
    "%d": ("day", 2),
    "%b": ("month", 3),
}
"""Parts of a date with the signs they take; what has no fixed width is not read."""


def _dated(reader: Translator, part: Piece) -> Piece:
    if part.kind in DATED or part.empty:
        return part
    if isinstance(part.constant, str):
        if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", part.constant):
            return Piece(
                say.quoted(part.constant[:10]), Kind.DATE, constant=part.constant[:10]
            )
        raise CannotSay("a text that is no date")
    if part.kind is Kind.NUMBER:
        whole = say.call("floor", part, kind=Kind.NUMBER)
        return say.call("add_days", _EPOCH, whole, kind=Kind.DATE)
    text = say.as_text(reader.kept(part))

    def at(start: int, many: int) -> Piece:
        bit = say.call(
            "part", text, say.number(start), say.number(many), kind=Kind.TEXT
        )
        return say.call("number", bit, kind=Kind.NUMBER)

    made = say.call("date", at(1, 4), at(6, 2), at(9, 2), kind=Kind.DATE)
    return reader.kept(made)


@handles("decimal-date-time", "decimal-date", least=1, most=1)
def _decimal_date(reader: Translator, arguments: Arguments) -> Piece:
    return say.as_number(_dated(reader, reader.say(arguments[0])))


@handles("decimal-time", least=1, most=1)
def _decimal_time(reader: Translator, arguments: Arguments) -> Piece:
    text = say.as_text(reader.say(arguments[0]))
    hour = say.call("part", text, say.number(1), say.number(2), kind=Kind.TEXT)
    minute = say.call("part", text, say.number(4), say.number(2), kind=Kind.TEXT)
    hours = say.reckoned("/", say.as_number(hour), say.number(24))
    return say.reckoned(
        "+", hours, say.reckoned("/", say.as_number(minute), say.number(1440))
    )


@handles("format-date", "format-date-time", least=2, most=2)
def _format(reader: Translator, arguments: Arguments) -> Piece:
    day, shape = _dated(reader, reader.say(arguments[0])), reader.say(arguments[1])
    if day.empty:
        return EMPTY
    if not isinstance(shape.constant, str):
        raise CannotSay("format-date() with a form that is not written out")
    if day.kind is Kind.TEXT:
        raise CannotSay("a text as a date")
    day = reader.kept(say.settled(day))
    whole = say.call("text", day, kind=Kind.TEXT)
    if shape.constant == "%Y-%m-%d":
        return whole
    parts: list[Piece] = []
    for one in re.findall(r"%.|[^%]+", shape.constant):
        if one[0] != "%":
            parts.append(say.words(one))
        else:
            parts.append(_formatted(reader, day, whole, one[1]))
    kept = [part for part in parts if not part.empty]
    if not kept:
        return EMPTY
    return say.call("concat", *kept, kind=Kind.TEXT) if len(kept) > 1 else kept[0]


def _formatted(reader: Translator, day: Piece, whole: Piece, letter: str) -> Piece:
    """One part of a date by its letter; times of day are empty."""
    cuts = {"Y": (1, 4), "y": (3, 2), "m": (6, 2), "d": (9, 2)}
    if letter in cuts:
        start, many = cuts[letter]
        return say.call(
            "part", whole, say.number(start), say.number(many), kind=Kind.TEXT
        )
    names = {"e": "day", "n": "month"}
    if letter in names:
        number = say.call(names[letter], day, kind=Kind.NUMBER)
        return say.call("text", number, kind=Kind.TEXT)
    if letter in {"b", "B", "a", "A"}:
        inner = "weekday" if letter in "aA" else "month"
        number = say.call(inner, day, kind=Kind.NUMBER)
        listed = _DAYS if letter in "aA" else _MONTHS
        cases = [
            f"if({number.text} == {place}, {say.quoted(word)}, '')"
            for place, word in enumerate(listed, start=1)
        ]
        return Piece(f"concat({', '.join(cases)})", Kind.TEXT)
    reader.nearly.append("the time of day is not kept, only the day")
    return EMPTY


@handles("add-date", "cht:add-date", least=2)
def _add_date(reader: Translator, arguments: Arguments) -> Piece:
    day = _dated(reader, reader.say(arguments[0]))
    zero = say.number(0)
    moves = [say.as_number(reader.say(one)) for one in arguments[1:4]]
    years, months, days = [*moves, zero, zero][:3]
    by = months
    if years.constant != 0:
        by = say.reckoned("*", years, say.number(12))
        by = by if months.constant == 0 else say.reckoned("+", by, months)
    made = day
    if by.constant != 0:
        made = say.call("add_months", made, by, kind=Kind.DATE)
    if days.constant != 0:
        made = say.call("add_days", made, days, kind=Kind.DATE)
    return made


def _between(name: str) -> Handler:
    def handler(reader: Translator, arguments: Arguments) -> Piece:
        days = [
            reader.kept(say.settled(_dated(reader, reader.say(one))))
            for one in arguments
        ]
        if any(day.empty for day in days):
            return EMPTY
        return say.call(name, *days, kind=Kind.NUMBER)

    return handler


for _name, _names in (
    ("months", ("difference-in-months", "cht:difference-in-months")),
    ("days", ("difference-in-days", "cht:difference-in-days")),
    ("years", ("difference-in-years", "cht:difference-in-years")),
):
    handles(*_names, least=2, most=2)(_between(_name))


@handles("difference-in-weeks", "cht:difference-in-weeks", least=2, most=2)
def _weeks(reader: Translator, arguments: Arguments) -> Piece:
    apart = _between("days")(reader, arguments)
    weeks = say.reckoned("/", apart, say.number(7))
    return say.call("floor", weeks, kind=Kind.NUMBER)
