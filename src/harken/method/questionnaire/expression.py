"""Expressions as the rest of the house has them: read, typed, ready to be asked.

A comparison with a missing or unasked value is false, whatever the operator; ``not``
turns a result round. Expressions never run host code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from harken.method.errors import Finding, HarkenError, Place
from harken.method.questionnaire.evaluate import (
    Predicate,
    Yield,
    every,
    predicate,
    value_of,
)
from harken.method.questionnaire.parser import parse
from harken.method.questionnaire.syntax import (
    CONDITIONS,
    All,
    Either,
    Tree,
    names_of,
    write,
)
from harken.method.questionnaire.types import check, mistakes
from harken.method.questionnaire.values import NameType


@dataclass(frozen=True)
class Expression:
    """An expression that was read and can be asked of a set of answers.

    What it asks is made ready at its first question: of a large instrument's many lines
    most are never asked anything.
    """

    text: str
    tree: Tree = field(compare=False, repr=False)
    names: tuple[str, ...] = field(compare=False, repr=False)
    place: Place | None = field(compare=False, repr=False)
    parts: tuple[Expression, ...] = field(default=(), compare=False, repr=False)
    """The expressions that this one joins; none when it was read as a whole."""

    @cached_property
    def evaluate(self) -> Predicate:
        """``evaluate(values) -> bool``: an absent name counts as not asked."""
        if self.parts:
            return every([part.evaluate for part in self.parts])
        return predicate(self.tree)

    @cached_property
    def value(self) -> Yield:
        """``value(values)``: what it gives, or which kind of missing."""
        if isinstance(self.tree, CONDITIONS):
            return self.evaluate
        return value_of(self.tree)

    @classmethod
    def parse(
        cls,
        text: str,
        place: Place | None = None,
        *,
        names: Mapping[str, NameType] | None = None,
    ) -> Expression:
        """Read a condition; with ``names``, check its names, codes and types too.

        Raises HarkenError (QUE-001 to QUE-007) with every finding.
        """
        expression = cls.of(parse(text, place), place, text.strip())
        if names is not None:
            findings = expression.mistakes(names)
            if findings:
                raise HarkenError(*findings)
        return expression

    @classmethod
    def of(cls, tree: Tree, place: Place | None = None, text: str = "") -> Expression:
        """The expression of a tree; its text is written from it unless given."""
        return cls(text or write(tree), tree, names_of(tree), place)

    @classmethod
    def both(cls, *parts: Expression | None) -> Expression | None:
        """The condition that holds when every given part holds; None when none is."""
        given = [part for part in parts if part is not None]
        if len(given) < 2:
            return given[0] if given else None
        text = " and ".join(_bracketed(part) for part in given)
        flat: list[Tree] = []
        for part in given:
            flat += part.tree.parts if isinstance(part.tree, All) else (part.tree,)
        names = tuple(dict.fromkeys(name for part in given for name in part.names))
        return cls(text, All(tuple(flat)), names, given[-1].place, tuple(given))

    def mistakes(self, names: Mapping[str, NameType]) -> tuple[Finding, ...]:
        """Unknown names, codes an option list lacks, and kinds that do not go together;
        also when it is no condition."""
        return mistakes(self.tree, names, self.place)

    def type(
        self, names: Mapping[str, NameType]
    ) -> tuple[NameType | None, tuple[Finding, ...]]:
        """What the expression gives, and what is wrong with it."""
        return check(self.tree, names, self.place)


def _bracketed(expression: Expression) -> str:
    text = expression.text
    return f"({text})" if isinstance(expression.tree, Either) else text
