"""Answers of a question to Harken questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harken.method.questionnaire.exchange import faults, say
from harken.method.questionnaire.exchange.eq import words as wording
from harken.method.questionnaire.exchange.eq.known import (
    KINDS,
    Json,
    Known,
    mapping,
    several,
    texts,
)
from harken.method.questionnaire.exchange.eq.rules import dated, moved, value
from harken.method.questionnaire.exchange.names import code
from harken.method.questionnaire.exchange.say import CannotSay, Piece
from harken.method.questionnaire.exchange.tree import Check, Choice, Item
from harken.method.questionnaire.exchange.wording import unbraced
from harken.method.questionnaire.values import Kind

CHECK_THIS = "Please check this answer."
_TYPES = {
    "TextField": "line",
    "TextArea": "text",
    "MobileNumber": "line",
    "Number": "number",
    "Percentage": "number",
    "Unit": "number",
    "Currency": "currency",
    "Duration": "duration",
    "Date": "date",
    "MonthYearDate": "month",
    "YearDate": "year",
}
MOST_OPTIONS = 500
_UNITS = ("years", "months", "weeks", "days", "hours", "minutes")


def items(question: Json, known: Known, title: str) -> list[Item]:
    """Everything a question asks, one item an answer."""
    answers = [mapping(one) for one in several(question.get("answers"))]
    answers += _dynamic(question, known)
    kind = question.get("type")
    made: list[Item] = []
    if kind == "MutuallyExclusive" and len(answers) > 1:
        answers = _merged(answers, known)
    for answer in answers:
        made += _answer(answer, known, title, len(answers) > 1)
    if kind == "DateRange" and len(made) > 1:
        _range(question, known, made)
    if kind == "Calculated":
        _calculated(question, known, made)
    return made


def _dynamic(question: Json, known: Known) -> list[Json]:
    """Answers asked once for each item of a list: asked once here, with a finding."""
    dynamic = mapping(question.get("dynamic_answers"))
    if not dynamic:
        return []
    problem = "an answer for each item of a list is asked once"
    known.find(faults.NEARLY, column="dynamic_answers", expression="", problem=problem)
    return [mapping(one) for one in several(dynamic.get("answers"))]


def _merged(answers: list[Json], known: Known) -> list[Json]:
    """One exclusive option where a question has an answer that excludes the others."""
    first, last = answers[0], answers[-1]
    options = [mapping(one) for one in several(last.get("options"))]
    if first.get("type") != "Checkbox" or len(answers) != 2 or not options:
        return answers
    alone = [{**one, "exclusive": True} for one in options]
    joined = [*several(first.get("options")), *alone]
    return [{**first, "options": joined, "also": last.get("id")}]


def _answer(answer: Json, known: Known, title: str, several_asked: bool) -> list[Item]:
    identifier = texts(answer.get("id"))
    kind = texts(answer.get("type"))
    label = wording.said(answer.get("label"), known, "label")
    if answer.get("mandatory"):
        known.find(faults.MAY_LEAVE_OUT, name=identifier)
    text = "\n\n".join(
        filter(None, (title, label if several_asked or not title else ""))
    )
    item = Item(_name(identifier, known), _TYPES.get(kind, "line"))
    item.words = {known.language: text or label or identifier}
    hint = wording.said(
        answer.get("description") or answer.get("guidance"), known, "hint"
    )
    if not several_asked and label and title and label != title:
        hint = "\n\n".join(filter(None, (label, hint)))
    item.hint = {known.language: hint} if hint else {}
    if kind in {"Radio", "Checkbox", "Dropdown", "Relationship"}:
        return _choice(answer, item, known)
    if kind == "Address":
        return _address(item, known, identifier)
    if kind not in KINDS:
        known.find(faults.UNKNOWN_TYPE, name=identifier, type=kind)
        return []
    known.pieces[identifier] = Piece(item.id, KINDS[kind])
    _home(identifier, known)
    _settings(answer, kind, item, known)
    return [item]


def _name(identifier: str, known: Known) -> str:
    made = known.ids.id(identifier or "q")
    if made != identifier:
        known.find(faults.RENAMED, name=identifier, new=made)
    return made


def _home(identifier: str, known: Known) -> None:
    if known.home:
        known.homes[identifier] = known.home


def _choice(answer: Json, item: Item, known: Known) -> list[Item]:
    """A choice with its options, and what an option asks further."""
    identifier = texts(answer.get("id"))
    many = answer.get("type") == "Checkbox"
    options = [*_offered(answer, known), *map(mapping, several(answer.get("options")))]
    if not options:
        detail = {"type": "options from a function", "as_type": "line", "why": ""}
        known.find(faults.OTHER_TYPE, name=identifier, **detail)
        known.pieces[identifier] = Piece(item.id, Kind.TEXT)
        _home(identifier, known)
        return [item]
    item.type = "multiple" if many else "single"
    used: set[str] = set()
    codes: dict[str, str] = {}
    details: list[Item] = []
    for option in options[:MOST_OPTIONS]:
        name = texts(option.get("value")) or texts(option.get("label"))
        if name in codes:
            continue
        made = code(name, used)
        codes[name] = made
        label = wording.said(option.get("label"), known, "option") or name
        more = wording.said(option.get("description"), known, "option")
        choice = Choice(made, {known.language: f"{label}: {more}" if more else label})
        choice.exclusive = bool(option.get("exclusive")) and many
        choice.condition = texts(option.get("condition"))
        item.options.append(choice)
        further = mapping(option.get("detail_answer"))
        if further:
            details += _detail(further, item, made, known, label)
    kind = Kind.CODES if many else Kind.CODE
    piece = Piece(item.id, kind, codes=tuple(codes.values()))
    if len(item.options) == 1:
        item.type, item.options = "yes_no", []
        only = next(iter(codes))
        piece, codes = Piece(item.id, Kind.CODE, codes=("yes", "no")), {only: "yes"}
    for one in (identifier, texts(answer.get("also"))):
        if one:
            known.pieces[one], known.codes[one] = piece, codes
            _home(one, known)
    for asked in details:
        if item.type == "yes_no":
            asked.condition = f"{item.id} == 'yes'"
    return [item, *details]


def _offered(answer: Json, known: Known) -> Iterator[Json]:
    """Options made of what was chosen before: each offered when it was."""
    dynamic = mapping(answer.get("dynamic_options"))
    values = mapping(dynamic.get("values"))
    earlier = texts(values.get("identifier"))
    piece = known.pieces.get(earlier)
    if dynamic and piece is not None and piece.kind is Kind.CODES:
        for name, one in known.codes.get(earlier, {}).items():
            met = say.includes(piece, one)
            yield {"value": name, "label": name, "condition": met.text}
    elif dynamic and answer.get("options"):
        problem = "options made by a function are left out"
        expression = str(values)
        known.find(
            faults.NEARLY, column="options", expression=expression, problem=problem
        )


def _detail(
    detail: Json, item: Item, option: str, known: Known, label: str
) -> list[Item]:
    """What is asked further when an option is chosen."""
    made = _answer(detail, known, label, True)
    many = item.type == "multiple"
    chosen = (
        f"has({item.id}, {say.quoted(option)})"
        if many
        else f"{item.id} == {say.quoted(option)}"
    )
    for one in made:
        one.condition = chosen
    return made


def _address(item: Item, known: Known, identifier: str) -> list[Item]:
    detail = {"type": "Address", "as_type": "a text", "why": ""}
    known.find(faults.OTHER_TYPE, name=identifier, **detail)
    item.type = "text"
    known.pieces[identifier] = Piece(item.id, Kind.TEXT)
    _home(identifier, known)
    return [item]


def _settings(answer: Json, kind: str, item: Item, known: Known) -> None:
    """Limits, units and decimals."""
    if kind in {"Number", "Percentage", "Unit", "Currency"}:
        item.settings["decimals"] = str(
            min(6, max(0, _whole(answer.get("decimal_places"))))
        )
    if kind == "Percentage":
        item.settings["unit"] = '"%"'
    if kind == "Unit" and texts(answer.get("unit")):
        item.settings["unit"] = f'"{unbraced(texts(answer["unit"]))}"'
    if kind == "Currency":
        item.settings["currency"] = texts(answer.get("currency"))[:3] or "GBP"
    if kind == "Duration":
        units = [one for one in several(answer.get("units")) if one in _UNITS]
        item.settings["units"] = f"[{', '.join(units or ['months'])}]"
    longest = _whole(answer.get("max_length"))
    if kind in {"TextField", "TextArea"} and longest:
        item.settings["max_length"] = str(min(longest, 10_000))
    if kind in _FROM_NOTHING and not answer.get("minimum"):
        item.settings["minimum"] = "0"
    for side, sign in (("minimum", "<"), ("maximum", ">")):
        limit = mapping(answer.get(side))
        if "value" in limit:
            _limit(item, kind, (side, sign), limit, known)


_FROM_NOTHING = frozenset({"Number", "Currency", "Percentage", "Unit"})
"""Kinds whose smallest answer is 0 unless another is written."""
EARLIEST = "1900-01-01"
"""No earlier day is taken as an answer anyway."""


def _whole(given: object) -> int:
    return given if isinstance(given, int) and not isinstance(given, bool) else 0


def _limit(
    item: Item, kind: str, side: tuple[str, str], limit: Json, known: Known
) -> None:
    """The smallest or largest answer, as a setting where it is written out."""
    given: Any = limit["value"]
    name, sign = side
    if limit.get("exclusive"):
        sign += "="
    plain = isinstance(given, int | float) and not isinstance(given, bool)
    if plain and kind in {"Number", "Currency", "Percentage", "Unit"} and sign in "<>":
        item.settings[name] = f"{say.decimal(str(given)) or 0:f}"
        return
    here = Piece(item.id, KINDS[kind])
    try:
        if KINDS[kind] in {Kind.DATE, Kind.MONTH, Kind.YEAR}:
            other = _day(given, mapping(limit.get("offset_by")), known)
        else:
            other = value(given, known)
        early = isinstance(other.constant, str) and other.constant <= EARLIEST
        if other.empty or (early and sign in "<="):
            return
        wrong = say.compared(sign, here, say.settled(other))
    except CannotSay as error:
        detail = {"column": name, "expression": str(given), "problem": str(error)}
        known.find(faults.NOT_SAID, name=item.id, **detail)
        return
    if wrong.constant is None:
        item.checks.append(Check(wrong.text, {known.language: CHECK_THIS}))


def _day(given: object, offset: Json, known: Known) -> Piece:
    if given == "now":
        return moved(Piece("today", Kind.DATE, sure=True), offset, known)
    day = value(given, known)
    if isinstance(day.constant, str) and day.constant:
        day = Piece(
            say.quoted(day.constant), dated(day.constant), constant=day.constant
        )
    return day if day.empty else moved(day, offset, known)


def _range(question: Json, known: Known, made: list[Item]) -> None:
    """The second date of a range comes after the first, as far apart as is allowed."""
    start, end = made[0], made[1]
    words = {known.language: CHECK_THIS}
    end.checks.append(Check(f"{end.id} < {start.id}", words))
    limits = mapping(question.get("period_limits"))
    first = Piece(
        start.id, {"month": Kind.MONTH, "year": Kind.YEAR}.get(start.type, Kind.DATE)
    )
    for side, sign in (("minimum", "<"), ("maximum", ">")):
        limit = mapping(limits.get(side))
        if limit:
            far = moved(first, limit, known)
            end.checks.append(Check(f"{end.id} {sign} {far.text}", words, soft=True))
    if limits:
        _page_by_page(known, end)


def _calculated(question: Json, known: Known, made: list[Item]) -> None:
    """Answers that must add up: a check on the last of them."""
    for one in several(question.get("calculations")):
        rule = mapping(one)
        parts = [
            known.pieces.get(texts(i))
            for i in several(rule.get("answers_to_calculate"))
        ]
        given = [part for part in parts if part is not None]
        total: object = rule.get("value")
        if rule.get("answer_id"):
            total = {"source": "answers", "identifier": rule["answer_id"]}
        try:
            wanted = value(total, known)
        except CannotSay:
            continue
        if not given or not made or wanted.empty:
            continue
        reached = (
            say.call("sum", *given, kind=Kind.NUMBER) if len(given) > 1 else given[0]
        )
        allowed = several(rule.get("conditions"))
        tests = {"equals": "==", "less than": "<", "greater than": ">"}
        fits = [
            f"{reached.text} {tests[sign]} {wanted.inside(say.SUM)}"
            for sign in allowed
            if sign in tests
        ]
        there = say.answered(wanted).text
        wrong = (
            f"{there} and not ({' or '.join(fits)})"
            if there != "true"
            else f"not ({' or '.join(fits)})"
        )
        if fits:
            words = {known.language: CHECK_THIS}
            made[-1].checks.append(Check(wrong, words, soft=True))
            _page_by_page(known, made[-1])


def _page_by_page(known: Known, last: Item) -> None:
    """Answers of one page there stand on several here, so that an earlier one may be what
    is wrong: nobody is held at the last."""
    problem = (
        "answers that must go together are each on a page: the last one warns only"
    )
    known.find(
        faults.NEARLY,
        name=last.id,
        column="calculations",
        expression=last.id,
        problem=problem,
    )
