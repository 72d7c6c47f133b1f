"""Fills: what stands in braces in a text, read into trees.

``{name}``, ``{name|words instead}``, ``{plural(n, 'one day', '{n} days')}``. A brace that
is meant as one is written twice. Forms in quotes are texts of their own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harken.method.errors import Finding, HarkenError, Place, closest, refuse
from harken.method.questionnaire import types
from harken.method.questionnaire.document import Question
from harken.method.questionnaire.faults import BAD_CALL, BAD_FILL, UNKNOWN_NAME
from harken.method.questionnaire.parser import parse
from harken.method.questionnaire.shared import SHARED
from harken.method.questionnaire.syntax import (
    Call,
    Literal,
    Name,
    Tree,
    names_of,
    rewrite,
)
from harken.method.questionnaire.values import Kind, NameType

MARKS = ("line", "label", "row")
"""Names that a roster or a matrix gives to the words of its questions."""

SHAPES: Mapping[str, tuple[int, int]] = {
    "plural": (2, 7),
    "list": (1, 2),
    "money": (1, 2),
    "date": (1, 2),
    "selected_label": (1, 1),
}
"""How many values each function of a fill takes."""

_PIECE = re.compile(r"\{\{|\}\}|\{|\}|[^{}]+")
_INSIDE = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|[^'\"{}|]+|[{}|'\"]")


@dataclass(frozen=True, slots=True)
class Fill:
    """One fill; ``instead`` stands for it when there is no answer, None when nothing
    was written."""

    tree: Tree
    instead: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names it shows, those in its forms included, marks left out."""
        found = dict.fromkeys(names_of(self.tree))
        for form in self.forms():
            for part in pieces(form):
                if isinstance(part, Fill):
                    found |= dict.fromkeys(part.names)
        return tuple(name for name in found if name not in MARKS)

    def forms(self) -> tuple[str, ...]:
        """The forms of a plural, each a text that may hold fills."""
        match self.tree:
            case Call("plural", (_, *forms)):
                return tuple(_words(one) for one in forms)
            case _:
                return ()


def _words(tree: Tree) -> str:
    return (
        tree.value if isinstance(tree, Literal) and isinstance(tree.value, str) else ""
    )


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[str | Fill, ...]:
    """A text as plain words and fills. Raises HarkenError (QUE-001, QUE-082)."""
    if "{" not in text and "}" not in text:
        return (text,)
    found: list[str | Fill] = []
    position = 0
    while position < len(text):
        match = _PIECE.match(text, position)
        piece = match[0] if match else ""
        if piece == "{":
            fill, position = _fill(text, position + 1)
            found.append(fill)
            continue
        if piece in {"}", ""}:
            raise refuse(BAD_FILL, None, near=text[position : position + 20])
        found.append({"{{": "{", "}}": "}"}.get(piece, piece))
        position += len(piece)
    return tuple(found)


def _fill(text: str, start: int) -> tuple[Fill, int]:
    """The fill that begins here, and where the text goes on."""
    position, bar = start, -1
    while position < len(text):
        match = _INSIDE.match(text, position)
        piece = match[0] if match else text[position]
        if piece == "}":
            end = position if bar < 0 else bar
            tree = parse(text[start:end])
            instead = None if bar < 0 else text[bar + 1 : position].strip()
            return Fill(tree, instead), position + 1
        if piece == "{" or (piece in "'\"" and bar < 0):
            break
        if piece == "|" and bar < 0:
            bar = position
        position += len(piece)
    raise refuse(BAD_FILL, None, near=text[start : start + 20])


def fills(text: str) -> Iterator[Fill]:
    """Every fill of a text. Raises HarkenError when it cannot be read."""
    return (part for part in pieces(text) if isinstance(part, Fill))


def on_line(tree: Tree, line: tuple[int, ...], known: Container[str]) -> Tree:
    """The tree with plain names those of this line, or of the line around it."""

    def change(node: Tree) -> Tree | None:
        if not isinstance(node, Name) or node.id in known:
            return None
        for depth in range(len(line), 0, -1):
            name = f"{node.id}#{'.'.join(map(str, line[:depth]))}"
            if name in known:
                return Name(name)
        return None

    return rewrite(tree, change) if line else tree


def mistakes(
    text: str,
    line: tuple[int, ...],
    marks: frozenset[str],
    names: Mapping[str, NameType],
    place: Place | None,
) -> list[Finding]:
    """What is wrong with the fills of a text, shown on a line with these marks."""
    try:
        found = list(fills(text))
    except HarkenError as error:
        return [Finding(one.fault, place, one.detail) for one in error.findings]
    known = dict(names) | dict.fromkeys(marks, NameType(Kind.TEXT))
    wrong: list[Finding] = []
    for fill in found:
        tree = on_line(fill.tree, line, known)
        wrong += _wrong(tree, known, place)
        for form in fill.forms():
            wrong += mistakes(form, line, marks, names, place)
    return wrong


def check_texts(
    texts: Mapping[str, str],
    questions: Sequence[Question],
    names: Mapping[str, NameType],
    source: str | None = None,
) -> list[Finding]:
    """What is wrong with the fills of all texts; ``source`` is the file of a
    translation, otherwise findings stand at the question."""
    owners: dict[str, Question] = {}
    for question in questions:
        section = f"section.{question.section}"
        for prefix in (*question.words, question.source, section):
            owners.setdefault(prefix, question)
        if len(question.line) > len(owners[section].line):
            owners[section] = question
    wrong: list[Finding] = []
    for key, text in texts.items():
        if key.startswith(SHARED) or not ("{" in text or "}" in text):
            continue
        parts = key.split(".")
        owner = owners.get(parts[0]) or owners.get(".".join(parts[:2]))
        place = Place(source) if source else owner.place if owner else None
        line = owner.line if owner else ()
        marks = frozenset(mark.name for mark in owner.marks) if owner else frozenset()
        wrong += mistakes(text, line, marks, names, place)
    return wrong


def _wrong(
    tree: Tree, names: Mapping[str, NameType], place: Place | None
) -> list[Finding]:
    match tree:
        case Name(name):
            if name in names:
                return []
            near = closest(name, sorted(names))
            return [Finding(UNKNOWN_NAME, place, {"name": name}, near)]
        case Call(function, (first, *_) as given) if function in SHAPES and not (
            function == "date" and len(given) == 3
        ):
            least, most = SHAPES[function]
            if not least <= len(given) <= most:
                detail = {"name": function, "count": len(given)}
                detail["wanted"] = f"{least} to {most}"
                return [Finding(BAD_CALL, place, detail)]
            return _wrong(first, names, place)
        case _:
            return list(types.check(tree, names, place)[1])
