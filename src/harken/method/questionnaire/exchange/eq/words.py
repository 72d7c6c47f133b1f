"""Titles, labels and their placeholders to wording with fills."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.eq.known import (
    Json,
    Known,
    mapping,
    several,
    texts,
)
from harken.method.questionnaire.exchange.eq.rules import single, source
from harken.method.questionnaire.exchange.say import CannotSay, Piece
from harken.method.questionnaire.exchange.tree import Words
from harken.method.questionnaire.exchange.wording import filled, unmarked
from harken.method.questionnaire.values import DATED, Kind

_GAP = re.compile(r"\{(\w+)\}")
_SHAPES = {
    "format_currency": "{{money({name})|…}}",
    "format_percentage": "{{{name}|…}}%",
    "format_possessive": "{{{name}|…}}\u2019s",
}


def words(value: object, known: Known, column: str = "title") -> Words:
    """What a text says, under the schema's language; empty when it says nothing."""
    text = said(value, known, column)
    return {known.language: text} if text else {}


def said(value: object, known: Known, column: str = "title") -> str:
    """A text, plain or with placeholders, as wording."""
    if isinstance(value, list):
        return "\n\n".join(filter(None, (said(one, known, column) for one in value)))
    if isinstance(value, dict) and isinstance(value.get("text_plural"), dict):
        forms = mapping(mapping(value["text_plural"]).get("forms"))
        many = next(reversed(list(forms.values())), "") if forms else ""
        problem = "the plural form serves for every number"
        known.find(faults.NEARLY, column=column, expression=str(many), problem=problem)
        return said({**value, "text_plural": None, "text": many}, known, column)
    if isinstance(value, dict):
        gaps = {
            texts(mapping(one).get("placeholder")): mapping(one)
            for one in several(value.get("placeholders"))
        }
        return _plain(texts(value.get("text")), gaps, known, column)
    return _plain(texts(value), {}, known, column)


def _plain(text: str, gaps: dict[str, Json], known: Known, column: str) -> str:
    bare, marked = unmarked(text.replace("%(total)s", "…"))
    if marked:
        known.find(faults.MARKUP, column=column)

    def fill(name: str) -> str:
        gap = gaps.get(name)
        return "…" if gap is None else _fill(gap, known, column)

    return filled(bare, fill, _GAP).strip()


def _fill(gap: Json, known: Known, column: str) -> str:
    if "value" in gap:
        return _shown(gap["value"], known, "")
    made = "…"
    for transform in several(gap.get("transforms")):
        made = _transformed(mapping(transform), made, known, column)
    return made


def _transformed(transform: Json, before: str, known: Known, column: str) -> str:
    """What one transform shows; ``before`` is what the last one showed."""
    name = texts(transform.get("transform"))
    given = mapping(transform.get("arguments"))
    sources = list(_sources(given))
    if name == "concatenate_list":
        between = texts(given.get("delimiter")) or " "
        return between.join(_shown(one, known, "") for one in sources) or before
    if name == "first_non_empty_item" and sources:
        return _shown(sources[0], known, "")
    if sources and any(one.get("source") == "previous_transform" for one in sources):
        return before + ("\u2019s" if name == "format_possessive" else "")
    if sources and name in {
        *_SHAPES, "format_number", "format_date", "format_unit", "format_list",
        "option_label_from_value", "format_name", "telephone_number_link", "email_link",
    }:  # fmt: skip
        return _shown(sources[0], known, _SHAPES.get(name, ""))
    problem = f"the transform {name}"
    known.find(faults.NEARLY, column=column, expression=name, problem=problem)
    return before


def _sources(given: object) -> Iterator[Json]:
    if isinstance(given, dict):
        if "source" in given:
            yield given
            return
        for value in given.values():
            yield from _sources(value)
    elif isinstance(given, list):
        for value in given:
            yield from _sources(value)


def _shown(node: Any, known: Known, shape: str) -> str:
    if not isinstance(node, dict):
        return texts(node) or str(node)
    identifiers = node.get("identifier")
    if isinstance(identifiers, list):
        return " ".join(
            _shown({**node, "identifier": one}, known, shape) for one in identifiers
        )
    try:
        piece = known.shown(single(source(node, known)))
    except CannotSay:
        return "…"
    if piece.empty or piece.constant is not None:
        return "…"
    return shown(piece, shape)


def shown(piece: Piece, shape: str = "") -> str:
    """A value as a fill, dates and lists in words."""
    if shape:
        return shape.format(name=piece.text)
    if piece.kind in DATED:
        return f"{{date({piece.text})|…}}"
    if piece.kind is Kind.CODES:
        return f"{{list({piece.text})|…}}"
    return f"{{{piece.text}|…}}"


def contents(content: Json, known: Known) -> str:
    """The title and paragraphs of a page of words."""
    parts = [said(content.get("title"), known)]
    for one in several(content.get("contents")):
        block = mapping(one)
        parts.append(said(block.get("title"), known, "content"))
        parts.append(said(block.get("description"), known, "content"))
        listed = [said(item, known, "content") for item in several(block.get("list"))]
        parts.append("\n".join(f"- {item}" for item in listed if item))
    return "\n\n".join(part for part in parts if part)
