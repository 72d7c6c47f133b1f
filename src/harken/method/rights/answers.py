"""Answers in the words of the questionnaire, for the person who gave them."""

from __future__ import annotations

from collections.abc import Mapping

from harken.method.questionnaire import Questionnaire
from harken.method.terms import Missing


def in_words(book: Questionnaire, given: Mapping[str, object]) -> list[tuple[str, str]]:
    """Question and answer, in the order of the questionnaire; what was not asked is left out."""
    order = {question.id: place for place, question in enumerate(book.questions)}
    known = sorted(given, key=lambda name: (order.get(name, len(order)), name))
    return [
        (str(book.text(f"{name}.text")) or name, _said(book, name, given[name]))
        for name in known
        if given[name] is not Missing.NOT_ASKED
    ]


def _said(book: Questionnaire, name: str, value: object) -> str:
    if isinstance(value, Missing):
        return value.word.replace("_", " ")
    if isinstance(value, tuple | list):
        return ", ".join(_said(book, name, one) for one in value) or "none"
    text = str(value)
    return str(book.text(f"{name}.{text}")) or text
