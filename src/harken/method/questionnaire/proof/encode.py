"""Expressions as SMT-LIB text, with the meaning that ``evaluate`` gives them.

What the solver cannot hold exactly (patterns, working days, part-dates of a date) becomes
a free value with sound bounds: then "never" stays a proof, and a respondent is shown only
after the interview's own evaluation has agreed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from harken.method.questionnaire.functions import FUNCTIONS
from harken.method.questionnaire.proof.terms import (
    FALSE,
    FIRST_DAY,
    LAST_DAY,
    REST,
    TRUE,
    Term,
    chooses,
    conj,
    dated,
    day_of,
    disj,
    ite,
    minutes,
    month_of,
    negate,
    plain,
    real,
    weekdays_to,
    whole,
)
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
    Sum,
    Tree,
    Within,
    write,
)
from harken.method.questionnaire.values import DATED, Kind
from harken.method.terms import Missing

_SIGNS = {
    Operator.BELOW: "<",
    Operator.AT_MOST: "<=",
    Operator.ABOVE: ">",
    Operator.AT_LEAST: ">=",
}
_WORDS = {missing.word: missing for missing in Missing}


class Encoder:
    """Turns trees into text; ``names`` gives each name's term, ``status`` its kinds of
    no answer, ``asked`` whether it was asked.

    ``declared`` gathers the free values that were needed: symbol to lines of text.
    """

    def __init__(
        self,
        names: Callable[[str], Term],
        asked: Callable[[str], str],
        status: Callable[[str, Missing], str],
    ) -> None:
        self.names = names
        self.asked = asked
        self.status = status
        self.declared: dict[str, str] = {}
        self.rough: dict[str, Tree] = {}

    def truth(self, tree: Tree) -> str:
        """The text that is true exactly when a condition is."""
        match tree:
            case Not(part):
                return negate(self.truth(part))
            case All(parts):
                return conj(self.truth(part) for part in parts)
            case Either(parts):
                return disj(self.truth(part) for part in parts)
            case Compare(left, sign, right):
                return self.compared(*self.pair(left, right), sign, tree)
            case Within(part, values, outside):
                held = self.term(part)
                hits = [
                    self.compared(held, self.literal(one, held.kind), Operator.IS, tree)
                    for one in values
                ]
                inside = disj(hits)
                return conj((held.there, negate(inside) if outside else inside))
            case Literal(value):
                return TRUE if value is True else FALSE
            case Call(function, arguments):
                return self.called(function, arguments, tree)
            case Name() | Arithmetic():
                return FALSE
            case _:
                assert_never(tree)

    def pair(self, left: Tree, right: Tree) -> tuple[Term, Term]:
        """Two sides of a comparison; a literal is read as the other side's kind."""
        if isinstance(left, Literal) and not isinstance(right, Literal):
            other = self.term(right)
            return self.literal(left.value, other.kind), other
        first = self.term(left)
        if isinstance(right, Literal):
            return first, self.literal(right.value, first.kind)
        return first, self.term(right)

    def literal(self, value: object, kind: Kind) -> Term:
        """A value as written, read as a kind."""
        if isinstance(value, Decimal):
            return Term(Kind.NUMBER, number=real(value))
        if isinstance(value, str):
            day = dated(value) if kind in DATED else None
            if day is not None:
                return day
            minute = minutes(value) if kind is Kind.TIME else None
            if minute is not None:
                return Term(Kind.TIME, number=whole(minute))
            return Term(Kind.TEXT, cases={value: TRUE})
        return Term(Kind.TEXT, there=FALSE)

    def compared(self, one: Term, other: Term, sign: Operator, tree: Tree) -> str:
        """A comparison of two terms; false when either is missing."""
        there = conj((one.there, other.there))
        if there == FALSE:
            return FALSE
        if one.kind in DATED and other.kind in DATED:
            by_month = ite(
                conj((one.has_month, other.has_month)),
                _sign(one.month, sign, other.month),
                _sign(one.year, sign, other.year),
            )
            both = conj((one.has_day, other.has_day))
            return conj((there, ite(both, _sign(one.day, sign, other.day), by_month)))
        if one.number and other.number:
            return conj((there, _sign(one.number, sign, other.number)))
        if one.cases and other.cases:
            return conj((there, self.alike(one, other, sign, tree)))
        return conj((there, self.free(f"{write(tree)}", "Bool", tree)))

    def alike(self, one: Term, other: Term, sign: Operator, tree: Tree) -> str:
        """Two codes or texts compared case by case; two unnamed ones may be anything."""
        hits = []
        for first, holds in one.cases.items():
            for second, holds_too in other.cases.items():
                if REST in {first, second}:
                    equal = TRUE if first == second else FALSE
                    if equal == TRUE or sign not in {Operator.IS, Operator.IS_NOT}:
                        free = self.free(f"{write(tree)}", "Bool", tree)
                        hits.append(conj((holds, holds_too, free)))
                        continue
                    result = sign is Operator.IS_NOT
                else:
                    result = _ordered(first, sign, second)
                if result:
                    hits.append(conj((holds, holds_too)))
        return disj(hits)

    def term(self, tree: Tree) -> Term:
        """A value with its missingness."""
        match tree:
            case Name(identity):
                return self.names(identity)
            case Literal(value):
                return self.written(value)
            case Arithmetic(left, sign, right):
                return self.sum(self.term(left), sign, self.term(right))
            case Call(function, arguments):
                return self.value(function, arguments, tree)
            case _:
                return Term(Kind.BOOLEAN, cases={})

    def written(self, value: object) -> Term:
        """A literal by itself: a text that looks like a date may be used as one."""
        if isinstance(value, str):
            day = dated(value)
            text = {value: TRUE}
            return replace(day, cases=text) if day else Term(Kind.TEXT, cases=text)
        return self.literal(value, Kind.TEXT)

    def sum(self, one: Term, sign: Sum, other: Term) -> Term:
        """Two numbers put together; a division by zero is missing."""
        there = conj((one.there, other.there))
        left, right = one.number or "0.0", other.number or "0.0"
        if sign is Sum.OVER:
            there = conj((there, f"(not (= {right} 0.0))"))
            right = ite(f"(= {right} 0.0)", "1.0", right)
        return Term(Kind.NUMBER, there, number=f"({sign.value} {left} {right})")

    def called(self, function: str, arguments: Sequence[Tree], tree: Tree) -> str:
        """A function that gives true or false."""
        first = arguments[0]
        name = first.id if isinstance(first, Name) else ""
        match function:
            case "answered":
                return self.term(first).there
            case "asked":
                return self.asked(name) if name else TRUE
            case "refused":
                return self.refusals(name) if name else FALSE
            case "missing":
                return self.missing(first, arguments[1:])
            case "has" | "any_in" | "all_in":
                held = self.term(first)
                hits = [held.chosen.get(_code(one), FALSE) for one in arguments[1:]]
                join = conj if function == "all_in" else disj
                return conj((held.there, join(hits)))
            case "if":
                condition = self.truth(first)
                return ite(condition, *(self.truth(one) for one in arguments[1:3]))
            case _:
                return self.tabled(function, arguments, tree)

    def refusals(self, name: str) -> str:
        """The person chose not to say, did not know or could not remember."""
        kinds = (
            Missing.DONT_KNOW,
            Missing.CANT_REMEMBER,
            Missing.PREFER_NOT_TO_SAY,
        )
        said = disj(self.status(name, kind) for kind in kinds)
        return conj((self.asked(name), said))

    def missing(self, first: Tree, kinds: Sequence[Tree]) -> str:
        """No answer, or no answer of a kind."""
        there = self.term(first).there
        if not kinds:
            return negate(there)
        kind = _WORDS.get(_code(kinds[0]))
        if kind is None or not isinstance(first, Name):
            return FALSE
        asked = self.asked(first.id)
        if kind is Missing.NOT_ASKED:
            return negate(asked)
        return conj((asked, self.status(first.id, kind)))

    def tabled(self, function: str, arguments: Sequence[Tree], tree: Tree) -> str:
        """A strict test of one text with few possibilities, worked out for each."""
        terms = [self.term(one) for one in arguments]
        there = conj(term.there for term in terms)
        table = self.table(function, arguments, terms)
        if table is None:
            return conj((there, self.free(write(tree), "Bool", tree)))
        hits = [holds for holds, result in table if result is True]
        rest = [holds for holds, result in table if result is REST]
        if rest:
            free = self.free(write(tree), "Bool", tree)
            hits.append(conj((disj(rest), free)))
        return conj((there, disj(hits)))

    def table(
        self, function: str, arguments: Sequence[Tree], terms: Sequence[Term]
    ) -> list[tuple[str, object]] | None:
        """A function's result for each case of its one open argument, or None."""
        apply = FUNCTIONS[function].apply
        loose = [n for n, one in enumerate(arguments) if not isinstance(one, Literal)]
        if apply is None or len(loose) != 1 or not terms[loose[0]].cases:
            return None
        given = [one.value if isinstance(one, Literal) else "" for one in arguments]
        found: list[tuple[str, object]] = []
        for case, holds in terms[loose[0]].cases.items():
            given[loose[0]] = case
            found.append((holds, REST if case == REST else apply(*given)))
        return found

    def value(self, function: str, arguments: Sequence[Tree], tree: Tree) -> Term:
        """A function that gives a value."""
        lazy = self.lazily(function, arguments)
        if lazy is not None:
            return lazy
        terms = [self.term(one) for one in arguments]
        there = conj(term.there for term in terms)
        known = self.known(function, terms, arguments, tree)
        if known is not None:
            return replace(known, there=conj((there, known.there)))
        table = self.table(function, arguments, terms)
        if table is not None and all(
            result is None or isinstance(result, Decimal) for _, result in table
        ):
            return self.numbered(table, there)
        return self.unknown(function, tree, there)

    def numbered(self, table: Sequence[tuple[str, object]], there: str) -> Term:
        """A number that depends on which case holds."""
        text, missing = "0.0", []
        for holds, result in table:
            if isinstance(result, Decimal):
                text = ite(holds, real(result), text)
            else:
                missing.append(holds)
        there = conj((there, negate(disj(missing))))
        return Term(Kind.NUMBER, there, number=text)

    def lazily(self, function: str, arguments: Sequence[Tree]) -> Term | None:
        """The functions that look at missingness themselves."""
        match function:
            case "if":
                one, other = (self.term(part) for part in arguments[1:3])
                return chooses(self.truth(arguments[0]), one, other)
            case "coalesce":
                found = self.term(arguments[-1])
                for part in reversed(arguments[:-1]):
                    term = self.term(part)
                    found = chooses(term.there, term, found)
                return found
            case "sum":
                terms = [self.term(part) for part in arguments]
                parts = [ite(one.there, one.number or "0.0", "0.0") for one in terms]
                total = parts[0] if len(parts) == 1 else f"(+ {' '.join(parts)})"
                return Term(Kind.NUMBER, disj(t.there for t in terms), number=total)
            case "count_answered":
                parts = [ite(self.term(part).there, "1.0", "0.0") for part in arguments]
                total = parts[0] if len(parts) == 1 else f"(+ {' '.join(parts)})"
                return Term(Kind.NUMBER, number=total)
            case _:
                return None

    def known(
        self,
        function: str,
        terms: Sequence[Term],
        arguments: Sequence[Tree],
        tree: Tree,
    ) -> Term | None:
        """The strict functions the solver holds exactly, or with a bound."""
        first = terms[0]
        numbers = [term.number for term in terms]
        match function:
            case "count":
                parts = [ite(holds, "1.0", "0.0") for holds in first.chosen.values()]
                total = f"(+ 0.0 {' '.join(parts)})"
                return Term(Kind.NUMBER, number=total)
            case "min" | "max":
                sign = "<=" if function == "min" else ">="
                best = numbers[0]
                for one in numbers[1:]:
                    best = ite(f"({sign} {best} {one})", best, one)
                return Term(Kind.NUMBER, number=best)
            case "abs":
                text = ite(f"(< {numbers[0]} 0.0)", f"(- {numbers[0]})", numbers[0])
                return Term(Kind.NUMBER, number=text)
            case "floor":
                return Term(Kind.NUMBER, number=f"(to_real (to_int {numbers[0]}))")
            case "number" if first.number:
                return first
            case "days":
                gap = f"(to_real (- {terms[1].day} {first.day}))"
                there = conj((first.has_day, terms[1].has_day))
                return Term(Kind.NUMBER, there, number=gap)
            case "year" if first.year:
                return Term(Kind.NUMBER, number=f"(to_real {first.year})")
            case "month" if first.year:
                text = f"(to_real (+ 1 (mod {first.month} 12)))"
                return Term(Kind.NUMBER, first.has_month, number=text)
            case "weekday" if first.year:
                text = f"(to_real (+ 1 (mod (+ {first.day} 6) 7)))"
                return Term(Kind.NUMBER, first.has_day, number=text)
            case "months" | "years":
                return self.apart(function, first, terms[1], tree)
            case "day" if first.year:
                free = self.free(write(tree), "Real", tree)
                self.bound(free, f"(<= 1.0 {free} 31.0)")
                self.bound(free, day_of(first.day, first.month, free))
                return Term(Kind.NUMBER, first.has_day, number=free)
            case "ballot":
                free = self.free(write(tree), "Int", tree)
                self.bound(free, f"(<= 1 {free} (to_int {numbers[2]}))")
                return Term(Kind.NUMBER, number=f"(to_real {free})")
            case "working_days":
                return self.worked(first, terms[1], tree)
            case "add_days":
                return self.moved(first, arguments[1], tree)
            case _:
                return None

    def apart(self, function: str, one: Term, other: Term, tree: Tree) -> Term:
        """Whole months or years between two dates: exact to the month, else one off."""
        there = conj((one.has_month, other.has_month))
        gap = f"(- {other.month} {one.month})"
        both = conj((one.has_day, other.has_day))
        if both != FALSE:
            free = self.free(f"months:{write(tree)}", "Int", tree)
            self.bound(free, f"(<= (- {gap} 1) {free} (+ {gap} 1))")
            gap = ite(both, free, gap)
        if function == "months":
            return Term(Kind.NUMBER, there, number=f"(to_real {gap})")
        years = f"(ite (>= {gap} 0) (div {gap} 12) (- (div (- {gap}) 12)))"
        rough = ite(there, years, f"(- {other.year} {one.year})")
        return Term(Kind.NUMBER, number=f"(to_real {rough})")

    def worked(self, one: Term, other: Term, tree: Tree) -> Term:
        """Working days between two dates: of the days' sign, never more than days from
        Monday to Friday, and fewer by no more than bank holidays can be."""
        free = self.free(write(tree), "Real", tree)
        gap = f"(to_real (- {other.day} {one.day}))"
        at_work = f"(to_real (- {weekdays_to(other.day)} {weekdays_to(one.day)}))"
        fewest = f"(- {at_work} (+ 4.0 (/ {gap} 30.0)))"
        later = f"(and (<= 0.0 {free} {at_work}) (<= {fewest} {free}))"
        self.bound(free, f"(=> (>= {gap} 0.0) {later})")
        self.bound(free, f"(=> (< {gap} 0.0) (<= {gap} {free} 0.0))")
        there = conj((one.has_day, other.has_day))
        return Term(Kind.NUMBER, there, number=free)

    def moved(self, day: Term, count: Tree, tree: Tree) -> Term:
        """A date so many days later."""
        number = self.term(count).number or "0.0"
        later = f"(+ {day.day} (to_int {number}))"
        there = conj((day.has_day, f"(is_int {number})"))
        return replace(self.date(f"day:{write(tree)}", tree, later), there=there)

    def date(self, symbol: str, tree: Tree | None, day: str = "") -> Term:
        """A date whose month is bound to its day within the lengths of months."""
        at = self.free(f"{symbol}@day", "Int", tree)
        month = self.free(f"{symbol}@month", "Int", None)
        if day:
            self.bound(at, f"(= {at} {day})")
        self.bound(month, month_of(at, month))
        return Term(
            Kind.DATE,
            year=f"(div {month} 12)",
            month=month,
            day=at,
            has_month=TRUE,
            has_day=TRUE,
        )

    def unknown(self, function: str, tree: Tree, there: str) -> Term:
        """A value of which only the kind is known."""
        text = write(tree)
        given = self.free(f"there:{text}", "Bool", tree)
        there = conj((there, given))
        kind = FUNCTIONS[function].gives or Kind.DATE
        if kind in DATED:
            day = self.date(text, tree)
            self.bound(
                day.day,
                f"(<= {FIRST_DAY.toordinal()} {day.day} {LAST_DAY.toordinal()})",
            )
            return replace(day, there=there)
        if kind is Kind.TEXT:
            return Term(Kind.TEXT, there, cases={REST: TRUE})
        return Term(Kind.NUMBER, there, number=self.free(text, "Real", tree))

    def free(self, name: str, sort: str, tree: Tree | None) -> str:
        """A free value; the same tree has the same one everywhere."""
        symbol = f"|~{plain(name)}|"
        self.declared.setdefault(symbol, f"(declare-const {symbol} {sort})\n")
        if tree is not None:
            self.rough[symbol] = tree
        return symbol

    def bound(self, symbol: str, text: str) -> None:
        """Something that always holds of a free value."""
        line = f"(assert {text})\n"
        held = self.declared.get(symbol, "")
        if line not in held:
            self.declared[symbol] = held + line


def _code(tree: Tree) -> str:
    return str(tree.value) if isinstance(tree, Literal) else ""


def _sign(one: str, sign: Operator, other: str) -> str:
    if sign is Operator.IS:
        return f"(= {one} {other})"
    if sign is Operator.IS_NOT:
        return f"(not (= {one} {other}))"
    return f"({_SIGNS[sign]} {one} {other})"


def _ordered(one: str, sign: Operator, other: str) -> bool:
    results: Mapping[Operator, bool] = {
        Operator.IS: one == other,
        Operator.IS_NOT: one != other,
        Operator.BELOW: one < other,
        Operator.AT_MOST: one <= other,
        Operator.ABOVE: one > other,
        Operator.AT_LEAST: one >= other,
    }
    return results[sign]
