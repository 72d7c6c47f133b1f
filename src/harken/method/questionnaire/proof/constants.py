"""The constants that stand for one question's answer, and what always holds of them.

``|id?|`` asked, ``|id!|`` answered, ``|id:kind|`` a kind of no answer, ``|id=code|`` a
case, ``|id#|`` a number or a time, ``|id@day|``, ``|id@month|``, ``|id@year|`` a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harken.method.questionnaire.document import Question
from harken.method.questionnaire.proof.respondent import TODAY
from harken.method.questionnaire.proof.terms import (
    FALSE,
    FIRST_DAY,
    LAST_DAY,
    TRUE,
    Term,
    disj,
    month_of,
    real,
)
from harken.method.questionnaire.syntax import (
    All,
    Call,
    Compare,
    Either,
    Literal,
    Name,
    Not,
    Tree,
    Within,
    children,
)
from harken.method.questionnaire.values import Kind
from harken.method.terms import Missing

_LOOKED = frozenset({"answered", "refused", "asked", "missing", "count_answered"})


def kinds_of(question: Question) -> tuple[Missing, ...]:
    """The kinds of no answer that a page can end with."""
    if question.computed:
        return (Missing.NO_ANSWER,)
    if question.required:
        return question.refusals
    return (*question.refusals, Missing.NO_ANSWER)


def one_of(cases: Sequence[str], when: str) -> list[str]:
    """Exactly one of them when the text holds, none when it does not."""
    lines = [f"(assert (= {when} {disj(cases)}))\n"]
    if len(cases) > 1:
        lines.append(f"(assert ((_ at-most 1) {' '.join(cases)}))\n")
    return lines


def sort_of(kind: Kind) -> str:
    """The solver's sort of a number, or of a time in minutes."""
    return "Int" if kind is Kind.TIME else "Real"


def limits_of(question: Question, kind: Kind) -> list[str]:
    """The smallest and the largest answer."""
    name = question.id
    if kind is Kind.TIME:
        return [f"(assert (<= 0 |{name}#| 1439))\n"]
    lines = []
    if question.decimals == 0:
        lines.append(f"(assert (is_int |{name}#|))\n")
    if question.minimum is not None:
        lines.append(f"(assert (<= {real(question.minimum)} |{name}#|))\n")
    if question.maximum is not None:
        lines.append(f"(assert (<= |{name}#| {real(question.maximum)}))\n")
    return lines


def dated_term(name: str, kind: Kind, there: str) -> Term:
    """A date as far as its kind says; its parts have constants of their own."""
    day, month = f"|{name}@day|", f"|{name}@month|"
    if kind is Kind.YEAR:
        return Term(kind, there, year=f"|{name}@year|")
    by_day = {Kind.DATE: TRUE, Kind.MONTH: FALSE}.get(kind, f"|{name}@has_day|")
    by_month = f"|{name}@has_month|" if kind is Kind.ABOUT else TRUE
    return Term(
        kind,
        there,
        year=f"(div {month} 12)",
        month=month,
        day=FALSE if by_day == FALSE else day,
        has_month=by_month,
        has_day=by_day,
    )


def calendar_of(name: str, kind: Kind, spare: int = 0) -> list[str]:
    """The constants of a date and what binds them; ``spare`` years more on each side."""
    day, month = f"|{name}@day|", f"|{name}@month|"
    first, last = FIRST_DAY.year - spare, LAST_DAY.year + spare
    if kind is Kind.YEAR:
        year = f"|{name}@year|"
        return [
            f"(declare-const {year} Int)\n",
            f"(assert (<= {first} {year} {last}))\n",
        ]
    lines = [
        f"(declare-const {month} Int)\n",
        f"(assert (<= {12 * first} {month} {12 * last + 11}))\n",
    ]
    if kind is Kind.MONTH:
        return lines
    low, high = (TODAY.toordinal(), TODAY.toordinal() + 3650)
    if name != "today":
        low = FIRST_DAY.toordinal() - 365 * spare
        high = LAST_DAY.toordinal() + 365 * spare
    lines += [
        f"(declare-const {day} Int)\n",
        f"(assert (<= {low} {day} {high}))\n",
        f"(assert {month_of(day, month)})\n",
    ]
    if kind is Kind.ABOUT:
        has = [f"|{name}@has_month|", f"|{name}@has_day|"]
        lines += [f"(declare-const {one} Bool)\n" for one in has]
        lines.append(f"(assert (=> {has[1]} {has[0]}))\n")
    return lines


def mention(tree: Tree, found: dict[str, dict[str, None] | None]) -> None:
    """Note which codes of which names a tree tells apart."""
    pairs: list[tuple[Tree, tuple[object, ...]]] = []
    match tree:
        case Compare(left, _, Literal(value)):
            pairs = [(left, (value,))]
        case Compare(Literal(value), _, right):
            pairs = [(right, (value,))]
        case Within(part, wanted):
            pairs = [(part, wanted)]
        case Call(function, (first, *codes)) if function in {"has", "any_in", "all_in"}:
            given = tuple(c.value for c in codes if isinstance(c, Literal))
            pairs = [(first, given)]
        case Call(function, (first, *_)) if function in _LOOKED:
            pairs = [(one, ()) for one in children(tree)]
    seen: set[int] = set()
    for part, values in pairs:
        seen.add(id(part))
        if isinstance(part, Name):
            _tell(part.id, values, found)
        else:
            mention(part, found)
    for part in children(tree):
        if id(part) in seen:
            continue
        if isinstance(part, Name) and not isinstance(tree, All | Either | Not):
            found[part.id] = None
        else:
            mention(part, found)


def _tell(
    name: str, values: Iterable[object], found: dict[str, dict[str, None] | None]
) -> None:
    held = found.setdefault(name, {})
    if held is not None:
        held.update({value: None for value in values if isinstance(value, str)})
