"""Whether a question can ever be asked, by simple rules: contradictions in its condition.

A contradiction found is one; not every contradiction is found. Conditions of the
questions that a condition needs count too, since an unasked answer satisfies nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from harken.method.questionnaire.document import Question, Questionnaire
from harken.method.questionnaire.syntax import (
    All,
    Call,
    Compare,
    Either,
    Literal,
    Name,
    Not,
    Operator,
    Tree,
    Within,
)
from harken.method.questionnaire.values import Kind, NameType

Bound = Decimal | str


def why_never(
    questionnaire: Questionnaire, question: Question, names: Mapping[str, NameType]
) -> str | None:
    """Why a question can never be asked, as a phrase; None when nothing is found."""
    if question.condition is None:
        return None
    facts = _Facts(questionnaire, names)
    facts.require(question.condition.tree)
    return facts.contradiction()


@dataclass(slots=True)
class _Fact:
    """What must hold of one name: codes left, bounds, chosen codes, answered or not."""

    codes: frozenset[str] | None = None
    barred: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    low: Bound | None = None
    high: Bound | None = None
    open_low: bool = False
    open_high: bool = False
    asked: bool = False
    refused: bool = False
    unrefused: bool = False
    answered: bool = False
    unanswered: bool = False

    def clash(self) -> bool:
        """Whether nothing can satisfy this any more."""
        if (self.answered and (self.unanswered or self.refused)) or (
            self.refused and self.unrefused
        ):
            return True
        if self.chosen & self.barred:
            return True
        if self.answered and self.codes is not None:
            return not self.codes - self.barred
        return self.answered and self._empty()

    def _empty(self) -> bool:
        low, high = self.low, self.high
        if isinstance(low, Decimal) and isinstance(high, Decimal):
            return low > high or (low == high and (self.open_low or self.open_high))
        if isinstance(low, str) and isinstance(high, str):
            return low > high or (low == high and (self.open_low or self.open_high))
        return False

    def at_least(self, bound: Bound, *, beyond: bool) -> None:
        """Raise the lower bound."""
        if (
            self.low is None
            or _above(bound, self.low)
            or (bound == self.low and beyond)
        ):
            self.low, self.open_low = bound, beyond

    def at_most(self, bound: Bound, *, beyond: bool) -> None:
        """Lower the upper bound."""
        if (
            self.high is None
            or _above(self.high, bound)
            or (bound == self.high and beyond)
        ):
            self.high, self.open_high = bound, beyond


def _above(one: Bound, other: Bound) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one > other
    return isinstance(one, str) and isinstance(other, str) and one > other


@dataclass
class _Facts:
    """Everything that must hold at once for a question to be asked."""

    questionnaire: Questionnaire
    types: Mapping[str, NameType]
    facts: dict[str, _Fact] = field(default_factory=dict)
    choices: list[tuple[Tree, ...]] = field(default_factory=list)

    def contradiction(self) -> str | None:
        """The first contradiction as a phrase, or None."""
        clashing = self.clashing()
        if clashing is not None:
            return f"no value of '{clashing}' fits"
        for branches in self.choices:
            names = [self.copy().tried(branch) for branch in branches]
            if all(name is not None for name in names):
                return f"no value of '{names[0]}' fits"
        return None

    def clashing(self) -> str | None:
        """The first name of which nothing is left."""
        return next((name for name, fact in self.facts.items() if fact.clash()), None)

    def copy(self) -> _Facts:
        """The same facts, free to grow in another direction."""
        facts = {name: replace(fact) for name, fact in self.facts.items()}
        return _Facts(self.questionnaire, self.types, facts)

    def tried(self, branch: Tree) -> str | None:
        """The name that clashes when a branch is required too."""
        self.require(branch)
        return self.clashing()

    def require(self, tree: Tree) -> None:
        """Note what must hold for a tree to be true."""
        match tree:
            case All(parts):
                for part in parts:
                    self.require(part)
            case Either(parts):
                self.choices.append(parts)
            case Not(part):
                self.refute(part)
            case _:
                self.hold(tree)

    def refute(self, tree: Tree) -> None:
        """Note what must hold for a tree to be false; an unasked answer is enough."""
        match tree:
            case Not(part):
                self.require(part)
            case All(parts):
                self.choices.append(tuple(Not(part) for part in parts))
            case Either(parts):
                for part in parts:
                    self.refute(part)
            case Call("answered", (Name(name),)):
                self.fact(name).unanswered = True
            case Call("refused", (Name(name),)):
                self.fact(name).unrefused = True
            case Call("has", (Name(name), Literal(str() as code))):
                self.fact(name).barred |= {code}
            case Compare(Name(name), Operator.IS, Literal(str() as code)):
                self.fact(name).barred |= {code}
            case Within(Name(name), values, False):
                self.fact(name).barred |= {v for v in values if isinstance(v, str)}
            case _:
                pass

    def hold(self, leaf: Tree) -> None:
        """Note what a true leaf says of its names, and that they were asked."""
        match leaf:
            case Call("refused", (Name(name),)):
                self.ask(name)
                self.fact(name).refused = True
            case Call("answered", (Name(name),)):
                self.answer(name)
            case Call("has", (Name(name), Literal(str() as code))):
                self.answer(name).chosen |= {code}
            case Within(Name(name), values, outside):
                given = [v for v in values if isinstance(v, str | Decimal)]
                _narrow(self.answer(name), given, outside=outside)
            case Compare(Name(name), _, Name(other)):
                self.answer(name)
                self.answer(other)
            case Compare(Name(name), sign, Literal(str() | Decimal() as value)):
                fact = self.answer(name)
                if sign in {Operator.IS, Operator.IS_NOT}:
                    _narrow(fact, (value,), outside=sign is Operator.IS_NOT)
                else:
                    _bound(fact, sign, value)
            case _:
                pass

    def answer(self, name: str) -> _Fact:
        """The fact of a name that must have been asked and answered."""
        self.ask(name)
        fact = self.fact(name)
        fact.answered = True
        return fact

    def ask(self, name: str) -> None:
        """A name that must be asked brings its own condition along, once."""
        fact = self.fact(name)
        if fact.asked:
            return
        fact.asked = True
        if name not in self.questionnaire.ids:
            return
        question = self.questionnaire.question(name)
        if question.minimum is not None:
            fact.at_least(question.minimum, beyond=False)
        if question.maximum is not None:
            fact.at_most(question.maximum, beyond=False)
        if question.condition is not None:
            self.require(question.condition.tree)

    def fact(self, name: str) -> _Fact:
        """The fact of a name, begun with all the codes it has; mode, arm and language
        always have one."""
        found = self.facts.get(name)
        if found is None:
            held = self.types[name]
            whole = held.kind is Kind.CODE and held.codes is not None
            codes = frozenset(held.codes or ()) if whole else None
            always = name not in self.questionnaire.ids
            found = self.facts[name] = _Fact(codes=codes, answered=always)
        return found


def _narrow(fact: _Fact, values: Iterable[Bound], *, outside: bool) -> None:
    given = list(values)
    codes = frozenset(value for value in given if isinstance(value, str))
    if fact.codes is not None:
        fact.codes = fact.codes - codes if outside else fact.codes & codes
        return
    if outside:
        return
    low, high = given[0], given[0]
    for value in given:
        low = value if _above(low, value) else low
        high = value if _above(value, high) else high
    fact.at_least(low, beyond=False)
    fact.at_most(high, beyond=False)


def _bound(fact: _Fact, sign: Operator, bound: Bound) -> None:
    if sign in {Operator.ABOVE, Operator.AT_LEAST}:
        fact.at_least(bound, beyond=sign is Operator.ABOVE)
    else:
        fact.at_most(bound, beyond=sign is Operator.BELOW)
