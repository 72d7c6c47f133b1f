"""Harken expressions in the making: typed pieces of text, put together by rules.

Other formats know one kind of empty: no answer and an empty text are the same, and
*not equal to* holds when there is no answer. Here that meaning is spelled out in a
language where a comparison with something missing is false. Constants are folded, so
that ``true and a`` is written ``a``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import reduce

from harken.method.questionnaire.exchange.pieces import (
    AND,
    COMPARED,
    EMPTY,
    NO_DATE,
    NO_NUMBER,
    NOT,
    OR,
    PRODUCT,
    SUM,
    UNIT,
    CannotSay,
    Piece,
    both,
    call,
    either,
    number,
    quoted,
    truth,
    turned,
    words,
)
from harken.method.questionnaire.values import DATED, Kind

__all__ = [
    "AND",
    "COMPARED",
    "EMPTY",
    "NOT",
    "NO_DATE",
    "NO_NUMBER",
    "OR",
    "PRODUCT",
    "SUM",
    "UNIT",
    "CannotSay",
    "Piece",
    "alike",
    "answered",
    "as_number",
    "as_text",
    "both",
    "call",
    "choose",
    "compared",
    "decimal",
    "either",
    "equal",
    "first_of",
    "holds",
    "includes",
    "matches",
    "negative",
    "number",
    "quoted",
    "reckoned",
    "settled",
    "truth",
    "turned",
    "within",
    "words",
]

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def holds(part: Piece) -> Piece:
    """A value taken for true or false: a number but zero, a text but the empty one."""
    if part.kind is Kind.BOOLEAN:
        return part
    if part.guard is not None:
        return both(part.guard, holds(replace(part, guard=None)))
    if part.constant is not None:
        return truth(bool(part.constant))
    if part.codes == ("true", "false"):
        return Piece(f"{part.text} == 'true'", Kind.BOOLEAN, COMPARED)
    if part.kind is Kind.NUMBER:
        return compared("!=", part, number(0))
    return answered(part)


def answered(part: Piece) -> Piece:
    """There is a value."""
    if part.guard is not None:
        return part.guard
    if part.constant is not None:
        return truth(not part.empty)
    if part.kind is Kind.BOOLEAN or part.sure:
        return truth(True)
    return Piece(f"answered({part.text})", Kind.BOOLEAN)


def as_number(part: Piece) -> Piece:
    """The number a value stands for."""
    if part.guard is not None:
        bare = as_number(replace(part, guard=None))
        text = f"if({part.guard.text}, {bare.text}, {NO_NUMBER.text})"
        return Piece(text, Kind.NUMBER)
    if part.kind is Kind.NUMBER:
        return part
    if part.kind is Kind.BOOLEAN:
        return choose(part, number(1), number(0))
    if part.constant is not None and part.kind not in DATED:
        found = decimal(str(part.constant))
        return NO_NUMBER if found is None else number(found)
    if part.kind in {Kind.CODE, Kind.TEXT}:
        return call("number", part, kind=Kind.NUMBER)
    if part.kind is Kind.CODES:
        one = Piece(f"number(chosen({part.text}, 1))", Kind.NUMBER)
        alone = Piece(f"count({part.text}) == 1", Kind.BOOLEAN, COMPARED)
        return as_number(replace(one, guard=alone))
    if part.kind in DATED:
        origin = Piece("'1970-01-01'", Kind.DATE)
        return call("days", origin, part, kind=Kind.NUMBER)
    raise CannotSay(f"{part.kind.value} as a number")


def decimal(text: str) -> Decimal | None:
    """The finite number a text spells, or None."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal(10) ** 15 else None


def as_text(part: Piece) -> Piece:
    """The text a value is shown as; nothing is the empty text."""
    if part.guard is not None:
        bare = as_text(replace(part, guard=None))
        text = f"if({part.guard.text}, {bare.text}, '')"
        return Piece(text, Kind.TEXT, sure=True)
    if part.kind is Kind.BOOLEAN:
        return choose(part, words("true"), words("false"))
    if part.constant is not None:
        return words(str(part.text if part.kind is Kind.NUMBER else part.constant))
    if part.kind is Kind.CODES:
        return _listed(part)
    shown = part if part.kind is Kind.TEXT else call("text", part, kind=Kind.TEXT)
    if part.sure:
        return replace(shown, sure=True)
    return Piece(f"coalesce({shown.text}, '')", Kind.TEXT, sure=True)


AT_ONCE = 20


def _listed(part: Piece) -> Piece:
    """The names of what was chosen, one after another."""
    if part.codes is None:
        raise CannotSay("a multiple choice as a text")
    texts = [
        Piece(
            f"if(has({part.text}, {quoted(one)}), {quoted(one + ' ')}, '')", Kind.TEXT
        )
        for one in part.codes
    ]
    while len(texts) > AT_ONCE:
        groups = [texts[n : n + AT_ONCE] for n in range(0, len(texts), AT_ONCE)]
        texts = [call("concat", *group, kind=Kind.TEXT) for group in groups]
    return replace(call("concat", *texts, kind=Kind.TEXT), sure=True)


def choose(condition: Piece, yes: Piece, no: Piece) -> Piece:
    """One value or another; a missing branch becomes the guard of the whole."""
    if isinstance(condition.constant, bool):
        return yes if condition.constant else no
    if Kind.BOOLEAN in {yes.kind, no.kind}:
        return either(both(condition, holds(yes)), both(turned(condition), holds(no)))
    if yes.empty and no.empty:
        return EMPTY
    guard = None
    if yes.empty or yes.guard or no.empty or no.guard:
        first = _given(yes)
        second = _given(no)
        guard = either(both(condition, first), both(turned(condition), second))
    if yes.empty or no.empty:
        only = no if yes.empty else yes
        codes = only.codes
        if isinstance(only.constant, str) and only.kind is Kind.TEXT:
            codes = (only.constant,)
        return replace(only, guard=guard, sure=False, constant=None, codes=codes)
    yes, no = alike(yes, no)
    codes = _codes(yes, no)
    kind = Kind.TEXT if codes is None and yes.kind is Kind.CODE else yes.kind
    text = f"if({condition.text}, {yes.text}, {no.text})"
    sure = yes.sure and no.sure
    return Piece(text, kind, codes=codes, sure=sure, guard=guard)


def _given(part: Piece) -> Piece:
    if part.empty:
        return truth(False)
    return part.guard or truth(True)


def _codes(*parts: Piece) -> tuple[str, ...] | None:
    """The codes that texts and choices can be, when all are known."""
    found: dict[str, None] = {}
    for part in parts:
        if part.codes is not None and part.kind is Kind.CODE:
            found |= dict.fromkeys(part.codes)
        elif isinstance(part.constant, str):
            found[part.constant] = None
        else:
            return None
    return tuple(found)


def alike(one: Piece, other: Piece) -> tuple[Piece, Piece]:
    """Two values as values of one kind: numbers when both can be, texts otherwise."""
    if one.kind is other.kind:
        return one, other
    if one.kind in DATED and other.kind in DATED:
        return one, other
    textual = {Kind.TEXT, Kind.CODE}
    if one.kind in textual and other.kind in textual:
        return one, other
    for first, second in ((one, other), (other, one)):
        if first.kind is Kind.NUMBER and isinstance(second.constant, str):
            found = decimal(second.constant)
            if found is not None:
                changed = number(found)
                return (one, changed) if first is one else (changed, other)
        written = second.constant if isinstance(second.constant, str) else ""
        if first.kind in DATED and _DATE.fullmatch(written):
            changed = replace(second, kind=Kind.DATE)
            return (one, changed) if first is one else (changed, other)
    return as_text(one), as_text(other)


def equal(one: Piece, other: Piece) -> Piece:
    """The two are the same, two of nothing included."""
    if one.constant is not None and other.constant is None:
        one, other = other, one
    if one.guard is not None and one.constant is not None and other.empty:
        return turned(one.guard)
    if other.empty:
        return turned(answered(one))
    if one.guard is not None or other.guard is not None:
        return _equal_guarded(one, other)
    if one.constant is not None and other.constant is not None:
        return truth(_same(one, other))
    if other.constant is not None:
        return _equal_to(one, other)
    if Kind.BOOLEAN in {one.kind, other.kind}:
        one, other = holds(one), holds(other)
        return either(both(one, other), both(turned(one), turned(other)))
    same = _same_value(one, other)
    if one.sure or other.sure:
        return same
    return either(same, both(turned(answered(one)), turned(answered(other))))


def _equal_guarded(one: Piece, other: Piece) -> Piece:
    guards = [part.guard for part in (one, other) if part.guard is not None]
    same = equal(replace(one, guard=None), replace(other, guard=None))
    both_there = both(*guards, same)
    if other.constant is not None or one.sure or other.sure:
        return both_there
    return either(both_there, both(turned(answered(one)), turned(answered(other))))


def settled(part: Piece) -> Piece:
    """The piece with its guard written into it."""
    if part.guard is None:
        return part
    bare = replace(part, guard=None)
    if part.kind is Kind.NUMBER:
        return as_number(part)
    if part.kind in DATED:
        text = f"if({part.guard.text}, {bare.text}, {NO_DATE.text})"
        return Piece(text, part.kind)
    return as_text(part)


def _same(one: Piece, other: Piece) -> bool:
    if isinstance(one.constant, bool) or isinstance(other.constant, bool):
        return holds(one).constant == holds(other).constant
    first, second = decimal(str(one.constant)), decimal(str(other.constant))
    if Kind.NUMBER in {one.kind, other.kind}:
        return first is not None and first == second
    return one.constant == other.constant


def _same_value(one: Piece, other: Piece) -> Piece:
    if Kind.CODES in {one.kind, other.kind}:
        raise CannotSay("a comparison of two multiple choices")
    if one.kind is other.kind is Kind.CODE:
        return _sign("==", one, other)
    if Kind.NUMBER in {one.kind, other.kind}:
        return _sign("==", as_number(one), as_number(other))
    same = one.kind is other.kind or {one.kind, other.kind} <= DATED
    if same and one.kind is not Kind.TEXT:
        return _sign("==", one, other)
    first, second = (p if p.kind is Kind.TEXT else as_text(p) for p in (one, other))
    there = call("starts_with", first, second, kind=Kind.BOOLEAN)
    back = call("starts_with", second, first, kind=Kind.BOOLEAN)
    return both(there, back)


def _equal_to(part: Piece, other: Piece) -> Piece:
    """A value against a written one."""
    value = other.constant
    if part.kind is Kind.BOOLEAN:
        if isinstance(value, bool):
            return part if value else turned(part)
        if str(value) in {"true", "1", "false", "0"}:
            return part if str(value) in {"true", "1"} else turned(part)
        return truth(False)
    if isinstance(value, bool):
        return holds(part) if value else turned(holds(part))
    if part.kind in {Kind.CODE, Kind.CODES}:
        return _code_is(part, other)
    if part.kind is Kind.NUMBER:
        found = decimal(str(value))
        return truth(False) if found is None else _sign("==", part, number(found))
    if part.kind is Kind.TEXT:
        if other.kind is Kind.NUMBER:
            return _sign("==", as_number(part), other)
        pattern = re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", str(value))
        return matches(part, pattern)
    text = str(value)
    fits = _TIME if part.kind is Kind.TIME else _DATE
    if not fits.match(text):
        return truth(False)
    return _sign("==", part, words(text[:10] if fits is _DATE else text[:5]))


def _code_is(part: Piece, other: Piece) -> Piece:
    value = str(other.text if other.kind is Kind.NUMBER else other.constant)
    exact = decimal(value) if other.kind is Kind.NUMBER else None
    if part.codes is None:
        found = [value]
    else:
        found = [code for code in part.codes if code == value]
        if exact is not None and not found:
            found = [code for code in part.codes if decimal(code) == exact]
    if part.kind is Kind.CODES:
        chosen = value.split() if exact is None else found
        if not chosen or (
            part.codes is not None and not set(chosen) <= set(part.codes)
        ):
            return truth(False)
        several = number(len(chosen))
        all_of = [includes(part, code) for code in chosen]
        counted = _sign("==", call("count", part, kind=Kind.NUMBER), several)
        return both(*all_of, counted)
    if not found:
        return truth(False)
    return within(part, found)


def within(part: Piece, codes: Sequence[str]) -> Piece:
    """The choice is one of these codes."""
    if not codes:
        return truth(False)
    if len(codes) == 1:
        return Piece(
            f"{part.inside(SUM)} == {quoted(codes[0])}", Kind.BOOLEAN, COMPARED
        )
    listed = ", ".join(quoted(code) for code in codes)
    return Piece(f"{part.inside(SUM)} in [{listed}]", Kind.BOOLEAN, COMPARED)


def includes(part: Piece, code: str) -> Piece:
    """A multiple choice holds the code; any other value is the code."""
    if part.kind is Kind.CODES:
        if part.codes is not None and code not in part.codes:
            return truth(False)
        return Piece(f"has({part.text}, {quoted(code)})", Kind.BOOLEAN)
    if part.kind is Kind.NUMBER and decimal(code) is None:
        return truth(False)
    return equal(part, words(code))


def matches(part: Piece, pattern: str) -> Piece:
    """The whole text fits the pattern."""
    held = part if part.kind in {Kind.TEXT, Kind.CODE} else as_text(part)
    if held.guard is not None:
        return both(held.guard, matches(replace(held, guard=None), pattern))
    flat = pattern.replace("\n", r"\n").replace("\r", "")
    if "'" in flat:
        flat = flat.replace("'", r"\x27")
    return Piece(f"matches({held.text}, '{flat}')", Kind.BOOLEAN)


def _sign(sign: str, one: Piece, other: Piece) -> Piece:
    return Piece(
        f"{one.inside(SUM)} {sign} {other.inside(SUM)}", Kind.BOOLEAN, COMPARED
    )


def compared(sign: str, one: Piece, other: Piece) -> Piece:
    """Which is more; false when either is nothing or no number."""
    if one.constant is not None and other.constant is None:
        return compared(_TURNED.get(sign, sign), other, one)
    guards = [part.guard for part in (one, other) if part.guard is not None]
    if guards:
        bare = (replace(one, guard=None), replace(other, guard=None))
        return both(*guards, compared(sign, *bare))
    if one.kind in DATED or other.kind in DATED:
        one, other = alike(one, other)
        if one.kind in DATED and other.kind in DATED:
            return _sign(sign, one, other)
    if Kind.TIME in {one.kind, other.kind}:
        return _sign(sign, one, other)
    first, second = as_number(one), as_number(other)
    if isinstance(first.constant, Decimal) and isinstance(second.constant, Decimal):
        return truth(_ordered(sign, first.constant, second.constant))
    if NO_NUMBER.text in {first.text, second.text}:
        return truth(False)
    return _sign(sign, first, second)


def _ordered(sign: str, one: Decimal, other: Decimal) -> bool:
    tests: dict[str, bool] = {
        "<": one < other,
        "<=": one <= other,
        ">": one > other,
        ">=": one >= other,
        "!=": one != other,
    }
    return tests[sign]


def reckoned(sign: str, one: Piece, other: Piece) -> Piece:
    """A sum, difference, product or quotient; days are added to dates."""
    one, other = settled(one), settled(other)
    if sign in {"+", "-"} and one.kind is Kind.DATE:
        if sign == "-" and other.kind is Kind.DATE:
            return call("days", other, one, kind=Kind.NUMBER)
        moved = as_number(other)
        if sign == "-":
            moved = negative(moved)
        return call("add_days", one, moved, kind=Kind.DATE)
    if sign == "+" and other.kind is Kind.DATE:
        return reckoned(sign, other, one)
    first, second = as_number(one), as_number(other)
    level = PRODUCT if sign in {"*", "/"} else SUM
    right = second.inside(level + 1)
    text = f"{first.inside(level)} {sign} {right}"
    sure = first.sure and second.sure and sign != "/"
    return Piece(text, Kind.NUMBER, level, sure=sure)


def negative(part: Piece) -> Piece:
    """The number turned round."""
    found = as_number(part)
    if isinstance(found.constant, Decimal):
        return number(-found.constant)
    return Piece(f"0 - {found.inside(PRODUCT)}", Kind.NUMBER, SUM, sure=found.sure)


def first_of(*parts: Piece) -> Piece:
    """The first that has a value."""
    given = [part for part in parts if not part.empty]
    if not given:
        return EMPTY
    if len(given) == 1 or given[0].sure:
        return given[0]
    one, *rest = given
    pairs: Callable[[Piece, Piece], Piece] = _either_value
    return reduce(pairs, rest, one)


def _either_value(one: Piece, other: Piece) -> Piece:
    if Kind.BOOLEAN in {one.kind, other.kind}:
        one, other = as_text(one), as_text(other)
    one, other = alike(one, other)
    guard = either(answered(one), answered(other)) if one.guard or other.guard else None
    if one.guard is not None:
        return choose(one.guard, replace(one, guard=None), other)
    codes = _codes(one, other)
    kind = Kind.TEXT if codes is None and one.kind is Kind.CODE else one.kind
    text = f"coalesce({one.text}, {other.text})"
    return Piece(text, kind, codes=codes, sure=other.sure, guard=guard)
