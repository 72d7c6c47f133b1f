"""An instrument on its way in: what every foreign format is first turned into.

Importers fill it, ``emit`` writes it as Harken source. Expressions are Harken text
already; words stand by language, the form's own language under its own tag.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Words = dict[str, str]
"""What is said, by language."""


@dataclass(slots=True)
class Choice:
    """One thing to choose. ``condition``: offered only then."""

    code: str
    words: Words
    condition: str = ""
    exclusive: bool = False
    say: bool = False
    facts: dict[str, str] = field(default_factory=dict)
    """Further columns of a list, by which it is filtered or looked up."""


@dataclass(slots=True)
class Check:
    """When an answer is wrong, or unlikely (``soft``), and what is then said."""

    wrong: str
    words: Words
    soft: bool = False


@dataclass(slots=True)
class Item:
    """One question, page of words or computed value."""

    id: str
    type: str
    words: Words = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    note: Words = field(default_factory=dict)
    options: list[Choice] = field(default_factory=list)
    rows: list[Choice] = field(default_factory=list)
    """The rows of a matrix; each has a code, words and perhaps a condition."""

    condition: str = ""
    required: bool = False
    value: str = ""
    checks: list[Check] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    """Further keys of the question, such as ``minimum``, ``unit`` or ``max_length``."""

    order: str = ""
    """``random`` when the options are shown in a random order."""


@dataclass(slots=True)
class Roster:
    """How many lines a part has: exactly one of the first four is set."""

    over: str = ""
    count: str = ""
    fixed: int = 0
    more: Words = field(default_factory=dict)
    maximum: int = 0


@dataclass(slots=True)
class Part:
    """A section of the instrument."""

    id: str
    words: Words
    items: list[Item] = field(default_factory=list)
    condition: str = ""
    roster: Roster | None = None
    within: str = ""
    order: str = ""


@dataclass(slots=True)
class Form:
    """The whole instrument."""

    id: str
    version: str
    language: str
    languages: tuple[str, ...] = ()
    parts: list[Part] = field(default_factory=list)
    made_from: str = ""
    reading_age: int = 0
    """The limit for its words: what those of the form taken in ask for; 0 for the house's."""
