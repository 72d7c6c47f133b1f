"""Study folders are YAML. This file reads YAML text into values that remember their place.

Every scalar is kept as the author's text (so ``no`` and ``2026-03-01`` stay what was
written); the typed readers below turn it into what a room wants and collect findings
with line and column instead of stopping at the first.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from harken.method.errors import Fault, Finding, HarkenError, Place, closest

NOT_YAML = Fault(
    "SRC-001",
    "The file is not readable YAML: {problem}.",
    "The text breaks YAML's rules: often indentation, a tab, or an unclosed quote.",
    "Mend the line named; quote text that holds a colon followed by a space.",
)
TWICE = Fault(
    "SRC-002",
    "The key '{key}' stands twice in one mapping.",
    "YAML would silently keep the last one.",
    "Remove or rename one of the two.",
)
UNKNOWN_KEY = Fault(
    "SRC-003",
    "The key '{key}' is not known here.",
    "The key is misspelt or belongs to another place of the file.",
    "Use one of: {known}.",
)
MISSING_KEY = Fault(
    "SRC-004",
    "The key '{key}' is missing.",
    "Without it the file cannot be used.",
    "Add it here.",
)
WRONG_KIND = Fault(
    "SRC-005",
    "'{key}' should be {wanted}.",
    "The value is of another kind.",
    "Write {wanted}.",
)
TOO_LARGE = Fault(
    "SRC-006",
    "The file has {size} characters; the limit is {limit}.",
    "A study file of that size is a mistake, or an attack.",
    "Split it, or check that the right file was given.",
)
NO_ALIAS = Fault(
    "SRC-007",
    "Anchors and aliases are not used in study folders.",
    "An alias makes one place say what another means, and can blow up in memory.",
    "Write the value out.",
)

LIMIT = 5_000_000
DEPTH = 50

EnumT = TypeVar("EnumT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place: text, a list of nodes, or a mapping of text to nodes."""

    value: str | tuple[Node, ...] | dict[str, Node]
    place: Place
    keys: dict[str, Place]


def read(text: str, source: str) -> Node:
    """Read one YAML document; ``source`` names the file in findings.

    Raises HarkenError (SRC-001, 002, 006, 007) when it cannot be read.
    """
    if len(text) > LIMIT:
        raise HarkenError(
            Finding(TOO_LARGE, Place(source), {"size": len(text), "limit": LIMIT})
        )
    try:
        root = _Composer(text, source).document()
    except yaml.MarkedYAMLError as error:
        place = _place(source, error.problem_mark or error.context_mark)
        problem = {"problem": error.problem or "unreadable"}
        raise HarkenError(Finding(NOT_YAML, place, problem)) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        kind = type(error).__name__
        raise HarkenError(Finding(NOT_YAML, Place(source), {"problem": kind})) from None
    if root is None:
        raise HarkenError(
            Finding(NOT_YAML, Place(source), {"problem": "the file is empty"})
        )
    return root


def _place(source: str, mark: yaml.Mark | yaml._yaml.Mark | None) -> Place:
    return Place(source, mark.line + 1, mark.column + 1) if mark else Place(source)


class _Composer:
    """Puts the parser's events together, in one pass, with every value's place.

    Aliases are refused, and nesting that would exhaust the stack and kill the process.
    """

    def __init__(self, text: str, source: str) -> None:
        self.source = source
        self.events: Iterator[Any] = iter(yaml.CSafeLoader(text).get_event, None)
        self.depth = 0

    def document(self) -> Node | None:
        """The only document; None when there is none."""
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self.wrong(event, "a file holds one document")
                root = self.node(next(self.events))
        return root

    def node(self, event: Any) -> Node:
        """The value that begins with this event."""
        mark = event.start_mark
        place = Place(self.source, mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):
            return Node(event.value, place, {})
        if isinstance(event, yaml.AliasEvent):
            raise HarkenError(Finding(NO_ALIAS, place))
        self.depth += 1
        if self.depth > DEPTH:
            raise self.wrong(event, "nested too deeply")
        node = (
            self.sequence(place)
            if isinstance(event, yaml.SequenceStartEvent)
            else self.mapping(place)
        )
        self.depth -= 1
        return node

    def sequence(self, place: Place) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event))
        return Node(tuple(items), place, {})

    def mapping(self, place: Place) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                if isinstance(event, yaml.AliasEvent):
                    raise HarkenError(
                        Finding(NO_ALIAS, _place(self.source, event.start_mark))
                    )
                raise self.wrong(event, "a key is not text")
            where = _place(self.source, event.start_mark)
            if event.value in values:
                raise HarkenError(Finding(TWICE, where, {"key": event.value}))
            keys[event.value] = where
            values[event.value] = self.node(next(self.events))
        return Node(values, place, keys)

    def wrong(self, event: Any, problem: str) -> HarkenError:
        place = _place(self.source, event.start_mark)
        return HarkenError(Finding(NOT_YAML, place, {"problem": problem}))


class Reader:
    """Typed reading of one mapping; findings gather in ``findings``, shared by children.

    Each ``text``, ``number``, ``day`` ... method takes a key and a default; without a
    default the key is required. ``done()`` reports keys that nobody asked for.
    """

    def __init__(self, node: Node, findings: list[Finding]) -> None:
        self.node = node
        self.place = node.place
        self.findings = findings
        self._asked: set[str] = set()
        self._map: dict[str, Node] = {}
        if isinstance(node.value, dict):
            self._map = node.value
        else:
            self.wrong(node.place, "this", "a mapping of keys to values")

    def find(self, fault: Fault, place: Place | None = None, **detail: object) -> None:
        """Add a finding, at this mapping's place unless another is given."""
        self.findings.append(Finding(fault, place or self.place, detail))

    def wrong(self, place: Place, key: str, wanted: str) -> None:
        """Add the finding that a value is of another kind than wanted."""
        self.find(WRONG_KIND, place, key=key, wanted=wanted)

    def has(self, key: str) -> bool:
        """Whether the key was written."""
        return key in self._map

    def at(self, key: str) -> Place:
        """The place of a key's value, or of the mapping when it is absent."""
        node = self._map.get(key)
        return node.place if node else self.place

    def get(self, key: str, *, required: bool = False) -> Node | None:
        """The raw node of a key; a finding when it is required and absent."""
        self._asked.add(key)
        node = self._map.get(key)
        if node is None and required:
            self.find(MISSING_KEY, key=key)
        return node

    def text(self, key: str, default: str | None = None) -> str:
        """A text; surrounding blanks are stripped."""
        node = self.get(key, required=default is None)
        if node is None:
            return default or ""
        if not isinstance(node.value, str):
            self.wrong(node.place, key, "a text")
            return default or ""
        value = node.value.strip()
        if not value and default is None:
            self.find(MISSING_KEY, node.place, key=key)
        return value

    def optional(self, key: str) -> str | None:
        """A text, or None when the key is absent."""
        return self.text(key, "") or None

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        raw = self.text(key, None if default is None else str(default))
        try:
            return int(raw)
        except ValueError:
            if raw:
                self.wrong(self.at(key), key, "a whole number")
            return default or 0

    def decimal(self, key: str, default: float | None = None) -> float:
        """A number with or without decimals."""
        raw = self.text(key, None if default is None else str(default))
        try:
            number = float(raw)
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            return number
        if raw and self.has(key):
            self.wrong(self.at(key), key, "a number")
        return default or 0.0

    def flag(self, key: str, default: bool | None = None) -> bool:
        """``yes`` or ``no`` (also ``true`` or ``false``)."""
        fall_back = None if default is None else ("yes" if default else "no")
        raw = self.text(key, fall_back).lower()
        if raw in {"yes", "true"}:
            return True
        if raw and raw not in {"no", "false"}:
            self.wrong(self.at(key), key, "yes or no")
        return False

    def day(self, key: str, default: dt.date | None = None) -> dt.date:
        """A date written as 2026-03-31."""
        raw = self.text(key, None if default is None else default.isoformat())
        try:
            return dt.date.fromisoformat(raw)
        except ValueError:
            if raw:
                self.wrong(self.at(key), key, "a date such as 2026-03-31")
            return default or dt.date.min

    def choice(
        self, key: str, kind: type[EnumT], default: EnumT | None = None
    ) -> EnumT:
        """One word of a closed list."""
        words = [member.value for member in kind]
        raw = self.text(key, default.value if default else None)
        try:
            return kind(raw)
        except ValueError:
            if raw:
                wanted = "one of " + ", ".join(words)
                detail = {"key": key, "wanted": wanted}
                near = closest(raw, words)
                self.findings.append(Finding(WRONG_KIND, self.at(key), detail, near))
            return default or next(iter(kind))

    def words(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        node = self.get(key, required=default is None)
        if node is None:
            return tuple(default or ())
        if not isinstance(node.value, tuple):
            self.wrong(node.place, key, "a list")
            return tuple(default or ())
        words: list[str] = []
        for item in node.value:
            if isinstance(item.value, str):
                words.append(item.value.strip())
            else:
                self.wrong(item.place, key, "a list of texts")
        return tuple(words)

    def child(self, key: str, *, required: bool = True) -> Reader | None:
        """The reader of a mapping below this key."""
        node = self.get(key, required=required)
        return Reader(node, self.findings) if node else None

    def children(self, key: str, *, required: bool = True) -> Iterator[Reader]:
        """The readers of a list of mappings below this key."""
        node = self.get(key, required=required)
        if node is None:
            return
        if not isinstance(node.value, tuple):
            self.wrong(node.place, key, "a list")
            return
        for item in node.value:
            yield Reader(item, self.findings)

    def entries(self, key: str, *, required: bool = True) -> Iterator[tuple[str, Node]]:
        """The key-node pairs of a mapping below this key, in the author's order."""
        node = self.get(key, required=required)
        if node is None:
            return
        if not isinstance(node.value, dict):
            self.wrong(node.place, key, "a mapping of keys to values")
            return
        yield from node.value.items()

    def done(self) -> None:
        """Report every key that no reader asked for."""
        known = ", ".join(sorted(self._asked))
        for key, place in self.node.keys.items():
            if key not in self._asked:
                detail = {"key": key, "known": known}
                near = closest(key, sorted(self._asked))
                self.findings.append(Finding(UNKNOWN_KEY, place, detail, near))
