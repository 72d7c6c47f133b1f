"""What has been read of a questionnaire so far: words, places, findings.

The readers of sections, questions and options write into one draft; nothing of it is
kept once the questionnaire is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from harken.method.errors import Finding, HarkenError, Place, closest
from harken.method.questionnaire import faults
from harken.method.questionnaire.document import Option
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.shared import ID, NOT_IDS, WORDS
from harken.method.source import Node, Reader


@dataclass(frozen=True, slots=True)
class OptionList:
    """A named list of options; ``columns`` are further facts of each code."""

    options: tuple[Option, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Draft:
    """Words by key, places by id, lists by name, and every finding."""

    findings: list[Finding]
    texts: dict[str, str] = field(default_factory=lambda: dict(WORDS))
    places: dict[str, Place] = field(default_factory=dict)
    lists: dict[str, OptionList] = field(default_factory=dict)
    untranslated: set[str] = field(default_factory=set)

    def id(self, reader: Reader, kind: str) -> str:
        """The id below ``reader``, well formed, not reserved and not yet used."""
        identity = reader.text("id")
        place = reader.at("id")
        if not identity:
            return f"unnamed_{len(self.places)}"
        if not ID.fullmatch(identity):
            reader.find(faults.BAD_ID, place, id=identity[:60])
        elif identity in NOT_IDS:
            why = "It is a word of the condition language or of the answers file."
            reader.find(faults.RESERVED_ID, place, id=identity, why=why)
        else:
            self.claim(kind + identity, place)
        return identity

    def claim(self, owner: str, place: Place) -> None:
        """Note that an id is taken; a finding when it already was."""
        first = self.places.setdefault(owner, place)
        if first is not place:
            detail = {"id": owner.removeprefix("section "), "first": str(first)}
            self.findings.append(Finding(faults.SAME_ID, place, detail))

    def text(
        self, reader: Reader, key: str, name: str, *, required: bool = False
    ) -> str:
        """A text, kept under ``name`` when it is there."""
        value = reader.text(key, None if required else "")
        if value:
            self.texts[name] = value
        return value

    def expression(self, reader: Reader, key: str) -> Expression | None:
        """The expression under a key, or None; its names are looked at later."""
        text = reader.optional(key)
        if text is None:
            return None
        try:
            return Expression.parse(text, reader.at(key))
        except HarkenError as error:
            self.findings.extend(error.findings)
            return None

    def decimal(self, reader: Reader, key: str, identity: str) -> Decimal | None:
        """A limit as an exact number."""
        raw = reader.optional(key)
        if raw is None:
            return None
        try:
            value = Decimal(raw)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) > Decimal(10) ** 15:
            reader.find(faults.BAD_RANGE, reader.at(key), id=identity)
            return None
        return value

    def words(self, reader: Reader) -> None:
        """The top-level ``words``: replacements of the built-in words."""
        for key, node in reader.entries("words", required=False):
            if key not in WORDS:
                self.unknown_text(key, node.place, sorted(WORDS))
            elif isinstance(node.value, str) and node.value.strip():
                self.texts[key] = node.value.strip()
            else:
                reader.wrong(node.place, key, "a text")

    def unknown_text(self, key: str, place: Place, known: list[str]) -> None:
        """A text key that nothing in the questionnaire has."""
        near = closest(key, known[:2000])
        self.findings.append(Finding(faults.UNKNOWN_TEXT, place, {"key": key}, near))


def is_empty(node: Node | None) -> bool:
    """Whether a list was written without anything in it."""
    return node is not None and node.value == ()


def mappings(reader: Reader, key: str, *, required: bool = True) -> Iterator[Reader]:
    """The items of a list that are mappings; the others become findings."""
    for child in reader.children(key, required=required):
        if isinstance(child.node.value, dict):
            yield child
