"""A respondent out of the solver's model, and what the model got only roughly right."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

import z3

from harken.method.questionnaire.document import Question, Questionnaire
from harken.method.questionnaire.evaluate import value_of
from harken.method.questionnaire.proof.respondent import TODAY
from harken.method.questionnaire.proof.terms import REST, real, symbol, whole
from harken.method.questionnaire.route import Context
from harken.method.questionnaire.syntax import Call, Tree, names_of
from harken.method.questionnaire.values import DATED, Kind, Value
from harken.method.terms import REFUSALS, Arm, Language, Missing, Mode

_QUANTUM = Decimal("0.0001")
_CONSTANT = re.compile(
    r"\(define-fun (?:\|([^|]*)\||([^\s|]+)) \(\) \w+\s+"
    r"((?:[^()\s]+|\((?:[^()]|\([^()]*\))*\)))\)"
)
_SIGN = re.compile(r"root-obj|[0-9]+(?:\.[0-9]+)?|[-/]")


class Source(Protocol):
    """What a model needs to know of the instrument."""

    questionnaire: Questionnaire

    def cases(self, question: Question) -> tuple[str, ...]:
        """The codes told apart."""

    def rests(self, question: Question) -> tuple[str, ...]:
        """The codes that no expression names."""


class Model:
    """The constants of a model by name, read as answers."""

    def __init__(self, source: Source, model: z3.ModelRef, cone: Sequence[str]) -> None:
        self.source = source
        self.held = {
            plain or quoted: value
            for quoted, plain, value in _CONSTANT.findall(model.sexpr())
        }
        self.answers = {
            name: value
            for name in cone
            if self.true(f"{name}?") and (value := self.answer(name)) is not None
        }
        self.rough = False

    def true(self, name: str) -> bool:
        """Whether a truth holds in the model; what it leaves open does not."""
        return self.held.get(name) == "true"

    def number(self, name: str) -> Fraction:
        """A number of the model; zero when it leaves it open, or has no exact one."""
        signs = _SIGN.findall(self.held.get(name, "0"))
        digits = [Fraction(sign) for sign in signs if sign[0].isdigit()]
        if not digits or any(sign == "root-obj" for sign in signs):
            return Fraction(0)
        value = digits[0] / digits[1] if len(digits) > 1 and digits[1] else digits[0]
        return -value if "-" in signs else value

    def context(self) -> Context:
        """How the respondent came."""
        mode = next((m for m in Mode if self.true(f"mode={m.value}")), Mode.WEB)
        arm = next((a for a in Arm if self.true(f"arm={a.value}")), Arm.SAMPLE)
        languages = self.source.questionnaire.languages
        language = next(
            (one for one in languages if self.true(f"language={one}")), languages[0]
        )
        return Context(mode, arm, Language(language), self.today())

    def today(self) -> dt.date:
        """The interview's first day."""
        if "today@day" not in self.held:
            return TODAY
        return dt.date.fromordinal(max(1, int(self.number("today@day"))))

    def answer(self, name: str) -> Value:
        """What the respondent says to a question."""
        question = self.source.questionnaire.question(name)
        for missing in (*REFUSALS, Missing.NO_ANSWER):
            if self.true(f"{name}:{missing.word}"):
                return missing
        kind = question.name_type.kind
        if kind in {Kind.CODE, Kind.TEXT}:
            return self.code(question)
        if kind is Kind.CODES:
            return self.codes(question)
        if kind is Kind.NUMBER:
            return decimal(self.number(f"{name}#"))
        if kind is Kind.TIME:
            hour, minute = divmod(int(self.number(f"{name}#")), 60)
            return f"{hour:02}:{minute:02}"
        if kind in DATED:
            return self.dated(name, kind)
        return Missing.NO_ANSWER

    def code(self, question: Question) -> Value:
        """The one code that holds."""
        told = [
            code for code in self.source.cases(question) if self.case(question.id, code)
        ]
        for code in told:
            if code != REST:
                return code
        rests = self.source.rests(question)
        return rests[0] if rests else "other words"

    def case(self, name: str, code: str) -> bool:
        """Whether one case of a name holds."""
        return self.true(symbol(name, code).strip("|"))

    def codes(self, question: Question) -> Value:
        """The codes that hold; the unnamed ones stand for each other."""
        told = [code for code in question.codes if self.case(question.id, code)]
        if self.case(question.id, REST):
            rests = self.source.rests(question)
            alone = {o.code for o in question.options if o.exclusive}
            free = [code for code in rests if code not in alone]
            told.append(free[0] if free else rests[0])
        return tuple(sorted(told)) or Missing.NO_ANSWER

    def dated(self, name: str, kind: Kind) -> Value:
        """A date as far as its kind says."""
        if kind is Kind.YEAR:
            return f"{int(self.number(f'{name}@year')):04}"
        year, month = divmod(int(self.number(f"{name}@month")), 12)
        full = kind is Kind.DATE or (
            kind is Kind.ABOUT and self.true(f"{name}@has_day")
        )
        if full:
            day = int(self.number(f"{name}@day"))
            return dt.date.fromordinal(max(1, day)).isoformat()
        if kind is Kind.ABOUT and not self.true(f"{name}@has_month"):
            return f"{year:04}"
        return f"{year:04}-{month + 1:02}"

    def corrections(self, rough: Mapping[str, Tree]) -> set[str]:
        """What is true of the values in this model, though the model says otherwise."""
        lines = set()
        for name in self.held:
            if name.endswith("@month"):
                line = self.month(name.removesuffix("@month"))
                if line:
                    lines.add(line)
        values = self.context().values() | self.answers
        for constant, tree in rough.items():
            line = self.pinned(constant, tree, values)
            if line:
                lines.add(line)
        return lines

    def month(self, name: str) -> str:
        """The month that a day is really in, when the model has another."""
        if f"{name}@day" not in self.held:
            return ""
        ordinal = int(self.number(f"{name}@day"))
        if not 1 <= ordinal <= dt.date.max.toordinal() - 40:
            return ""
        day = dt.date.fromordinal(ordinal)
        month = 12 * day.year + day.month - 1
        if month == self.number(f"{name}@month"):
            return ""
        start = day.replace(day=1)
        after = (start + dt.timedelta(days=40)).replace(day=1)
        at = f"|{name}@day|"
        inside = f"(and (<= {start.toordinal()} {at}) (< {at} {after.toordinal()}))"
        return f"(assert (= {inside} (= |{name}@month| {month})))\n"

    def pinned(self, constant: str, tree: Tree, values: Mapping[str, Value]) -> str:
        """The real value of a rough one for the answers of this model."""
        name = constant.strip("|")
        if name not in self.held:
            return ""
        aim = tree
        if name.startswith("~months:") and isinstance(tree, Call):
            aim = Call("months", tree.arguments)
        result = value_of(aim)(values)
        told = f"~{'there:'}"
        if name.startswith(told):
            text = "false" if isinstance(result, Missing) else "true"
            same = self.true(name) == (text == "true")
        elif isinstance(result, bool):
            text = "true" if result else "false"
            same = self.true(name) == result
        elif isinstance(result, Decimal):
            number = name.startswith("~months:")
            text = whole(int(result)) if number else real(result)
            same = self.number(name) == Fraction(result)
        elif isinstance(result, str) and name.endswith("@day") and len(result) == 10:
            ordinal = dt.date.fromisoformat(result).toordinal()
            text, same = str(ordinal), self.number(name) == ordinal
        else:
            return ""
        if same:
            return ""
        given = [self.equal(one, values.get(one)) for one in names_of(tree)]
        if any(not line for line in given):
            self.rough = True
            return ""
        premise = f"(and true {' '.join(given)})"
        return f"(assert (=> {premise} (= {constant} {text})))\n"

    def equal(self, name: str, value: Value | None) -> str:
        """The text that a name has the value it has here; empty when that has no text."""
        if isinstance(value, Decimal):
            return f"(= |{name}#| {real(value)})"
        if isinstance(value, str) and f"{name}@day" in self.held and len(value) == 10:
            day = dt.date.fromisoformat(value).toordinal()
            return f"(= |{name}@day| {day})"
        if isinstance(value, str) and self.case(name, value):
            return symbol(name, value)
        if isinstance(value, str) and f"{name}@month" in self.held:
            return f"(= |{name}@month| {int(self.number(f'{name}@month'))})"
        return ""


def decimal(number: Fraction) -> Decimal:
    """A number as an answer: exact when four places hold it, else rounded to them."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    rounded = exact.quantize(_QUANTUM)
    if rounded == rounded.to_integral_value():
        return rounded.to_integral_value()
    return rounded.normalize()
