"""Rules of a schema (operators over value sources) to pieces of Harken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from typing import Any

from harken.method.questionnaire.exchange import faults, say
from harken.method.questionnaire.exchange.eq.known import (
    Json,
    Known,
    mapping,
    several,
    texts,
)
from harken.method.questionnaire.exchange.say import EMPTY, CannotSay, Piece
from harken.method.questionnaire.values import DATED, Kind

_ORDERS = frozenset({"<", "<=", ">", ">="})
TODAY = Piece("today", Kind.DATE, sure=True)


def condition(rule: object, known: Known, column: str) -> Piece | None:
    """When a rule holds; None with a finding when it cannot be said."""
    try:
        return say.holds(value(rule, known))
    except (CannotSay, RecursionError) as error:
        detail = {"column": column, "problem": str(error), "expression": str(rule)}
        known.find(faults.NOT_SAID, **detail)
        return None


def value(node: object, known: Known) -> Piece:
    """A literal, a value source or an operator. Raises CannotSay."""
    if node is None:
        return EMPTY
    if isinstance(node, bool):
        return say.truth(node)
    if isinstance(node, int | float):
        found = say.decimal(str(node))
        return EMPTY if found is None else say.number(found)
    if isinstance(node, str):
        return say.words(node) if node else EMPTY
    if not isinstance(node, dict):
        raise CannotSay("a list where one value is meant")
    if "source" in node:
        return source(node, known)
    if len(node) != 1:
        raise CannotSay("a rule of several operators")
    operator, parts = next(iter(node.items()))
    return operation(str(operator), several(parts), known)


def source(node: Json, known: Known) -> Piece:
    """A value source."""
    identifier = texts(node.get("identifier"))
    selector = texts(node.get("selector"))
    match node.get("source"):
        case "answers":
            item = texts(mapping(node.get("list_item_selector")).get("identifier"))
            piece = known.answer(identifier, item)
            if piece.empty:
                return outside(f"the answer '{identifier}'", known)
            return single(piece)
        case "calculated_summary" | "grand_calculated_summary":
            total = known.totals.get(identifier)
            return total or outside(f"the total '{identifier}'", known)
        case "list":
            lines = known.lists.get(identifier)
            if lines and selector == "count":
                return Piece(lines, Kind.NUMBER)
            if selector == "count" and known.rosters.get(known.home) == identifier:
                # While a list is being filled, it has the lines before this one.
                line = Piece("line", Kind.NUMBER, sure=True)
                return say.reckoned("-", line, say.number(1))
            return outside(f"{selector or 'items'} of the list '{identifier}'", known)
        case "progress":
            problem = "a part that comes before is taken as completed"
            known.find(
                faults.NEARLY, column="rule", expression=identifier, problem=problem
            )
            return say.words("COMPLETED")
        case "response_metadata":
            return TODAY
        case other:
            return outside(f"{other} '{identifier}'", known)


def outside(what: str, known: Known) -> Piece:
    """Something that comes from elsewhere and is empty here."""
    known.find(faults.OUTSIDE, column="rule", expression=what, problem=what)
    return EMPTY


def single(piece: Piece) -> Piece:
    """One value where several lines have one: the first line's."""
    if not piece.many:
        return piece
    return Piece(f"first({piece.text})", piece.kind, codes=piece.codes)


def operation(operator: str, parts: list[Any], known: Known) -> Piece:
    """An operator and its arguments."""
    if operator in {"and", "or"}:
        pieces = [say.holds(value(part, known)) for part in parts]
        return say.both(*pieces) if operator == "and" else say.either(*pieces)
    if operator == "not" and parts:
        return say.turned(say.holds(value(parts[0], known)))
    if operator in {"in", "any-in", "all-in"} and len(parts) == 2:
        return _within(operator, parts, known)
    if operator == "count" and parts:
        node = mapping(parts[0])
        if node.get("source") == "list":
            return source({**node, "selector": "count"}, known)
        return counted(value(node or parts[0], known))
    if operator == "date" and parts:
        return _date(parts, known)
    if operator in {"+", "sum"}:
        return added([_term(part, known) for part in parts])
    if len(parts) == 2 and operator in {"-", "*", "/"}:
        left, right = (value(part, known) for part in parts)
        return say.reckoned(operator, left, right)
    if len(parts) == 2 and (operator in _ORDERS or operator in {"==", "!="}):
        return _compared(operator, parts, known)
    raise CannotSay(f"the operator {operator}")


def _compared(operator: str, parts: list[Any], known: Known) -> Piece:
    if any(mapping(one).get("source") == "location" for one in parts):
        return _here(operator, [mapping(one) for one in parts], known)
    counts = _counts(operator, parts, known)
    if counts is not None:
        return counts
    left, right = _coded(parts[0], parts[1], known), _coded(parts[1], parts[0], known)
    there = _there((left, right), known)
    if operator in _ORDERS:
        return say.both(there, say.compared(operator, left, right))
    if right.kind is Kind.TEXT and left.constant is not None:
        left, right = right, left
    if left.kind is Kind.TEXT and left.constant is None and right.constant:
        pattern = re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", str(right.constant))
        same = say.matches(left, f"(?i){pattern}")
    else:
        same = say.equal(left, right)
    same = say.both(there, same)
    return same if operator == "==" else say.turned(same)


def _there(pieces: Iterable[Piece], known: Known) -> Piece:
    """Where a rule keeps out: that those who are meant were asked."""
    partly = [piece for piece in pieces if known.denying and piece.text in known.partly]
    return say.both(*(Piece(f"asked({one.text})", Kind.BOOLEAN) for one in partly))


def _counts(operator: str, parts: list[Any], known: Known) -> Piece | None:
    """A rule on the number of lines that holds for everybody, or for nobody."""
    node, number = mapping(parts[0]), parts[1]
    inner = mapping(next(iter(several(node.get("count"))), node))
    listed = inner.get("source") == "list" and (inner is not node or "selector" in node)
    name = inner.get("identifier")
    filling = known.rosters.get(known.home) == name and name not in known.lists
    if not listed or filling or name not in known.filled:
        return None
    never = (operator, number) in {("==", 0), ("<", 1), ("<=", 0)}
    always = (operator, number) in {("!=", 0), (">", 0), (">=", 1)}
    return say.truth(always) if never or always else None


def _here(operator: str, parts: list[Json], known: Known) -> Piece:
    """Whether the line that is looked at is the first of its list."""
    listed = next((one for one in parts if one.get("source") == "list"), {})
    mine = known.rosters.get(known.home) == listed.get("identifier")
    if listed.get("selector") == "first" and mine and not known.pair:
        first = say.compared("<=", Piece("line", Kind.NUMBER, sure=True), say.number(1))
        return first if operator == "==" else say.turned(first)
    outside("whether this is the person who answers", known)
    return say.truth(operator == "!=")


def _coded(part: object, other: object, known: Known) -> Piece:
    """A value, written options turned into the codes of the answer beside them."""
    if isinstance(part, str) and isinstance(other, dict):
        codes = known.codes.get(texts(other.get("identifier")))
        if codes is not None:
            return say.words(codes.get(part, part))
    return value(part, known)


def _within(operator: str, parts: list[Any], known: Known) -> Piece:
    one, other = parts
    if isinstance(one, list) and not isinstance(other, list):
        one, other = other, one
    if operator == "in" and not isinstance(other, list):
        one, other = other, [one]
    piece = value(one, known)
    codes = [_coded(part, one, known) for part in several(other)]
    if piece.empty:
        return say.truth(False)
    there = _there((piece,), known)
    if piece.kind is Kind.CODES:
        chosen = [
            say.both(there, say.includes(piece, str(code.constant))) for code in codes
        ]
    else:
        chosen = [say.both(there, say.equal(piece, code)) for code in codes]
        if piece.kind is Kind.CODE and all(isinstance(c.constant, str) for c in codes):
            known_codes = [c for c in codes if str(c.constant) in (piece.codes or ())]
            within = say.within(piece, [str(code.constant) for code in known_codes])
            return say.both(there, within)
    return say.both(*chosen) if operator == "all-in" else say.either(*chosen)


def counted(piece: Piece) -> Piece:
    """How many were chosen; nothing is none."""
    if piece.empty:
        return say.number(0)
    if piece.kind is Kind.CODES:
        return Piece(f"coalesce(count({piece.text}), 0)", Kind.NUMBER, sure=True)
    return say.choose(say.answered(piece), say.number(1), say.number(0))


def _date(parts: list[Any], known: Known) -> Piece:
    given = parts[0]
    day = TODAY if given == "now" else value(given, known)
    if day.empty:
        return EMPTY
    if isinstance(day.constant, str):
        day = Piece(
            say.quoted(day.constant), dated(day.constant), constant=day.constant
        )
    if day.kind not in DATED:
        raise CannotSay("a text as a date")
    return moved(day, mapping(parts[1] if len(parts) > 1 else {}), known)


def dated(text: str) -> Kind:
    """What a written date is: a day, a month or a year."""
    return {4: Kind.YEAR, 7: Kind.MONTH}.get(len(text), Kind.DATE)


def moved(day: Piece, offset: Json, known: Known) -> Piece:
    """A date so many days, months and years later."""
    if offset.get("day_of_week"):
        problem = "the day of the week of an offset"
        known.find(
            faults.NEARLY, column="rule", expression=str(offset), problem=problem
        )
    numbers = {
        key: say.decimal(str(offset.get(key, 0))) or 0
        for key in ("days", "months", "years")
    }
    months = numbers["months"] + numbers["years"] * 12
    made = day
    if day.kind is Kind.YEAR and day.constant is None:
        whole = say.call("year", day, kind=Kind.NUMBER)
        later = say.reckoned("+", whole, say.number(months // 12))
        one = say.number(1)
        return say.call("date", later, one, one, kind=Kind.DATE)
    if months:
        made = say.call("add_months", made, say.number(months), kind=day.kind)
    if numbers["days"]:
        made = say.call("add_days", made, say.number(numbers["days"]), kind=Kind.DATE)
    return made


def _term(part: object, known: Known) -> Piece:
    """A part of a sum: an answer on every line counts on every line."""
    node = mapping(part)
    if node.get("source") == "answers":
        piece = known.answer(texts(node.get("identifier")))
        if piece.many and piece.kind is Kind.NUMBER:
            return Piece(f"sum({piece.text})", Kind.NUMBER)
    return value(part, known)


def added(pieces: list[Piece]) -> Piece:
    """The sum of what there is."""
    numbers = [say.as_number(piece) for piece in pieces if not piece.empty]
    if not numbers:
        return EMPTY
    if len(numbers) == 1:
        return numbers[0]
    return say.call("sum", *numbers, kind=Kind.NUMBER)


def any_of(pieces: list[Piece]) -> Piece:
    """At least one holds."""
    return reduce(lambda one, other: say.either(one, other), pieces, say.truth(False))
