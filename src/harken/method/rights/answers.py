"""Answers in the words of the questionnaire, for the person who gave them."""

from __future__ import annotations

from collections.abc import Mapping

from harken.method.questionnaire import Questionnaire
from harken.method.terms import STANDS, Missing


def in_words(book: Questionnaire, given: Mapping[str, object]) -> list[tuple[str, str]]:
    """Question and answer, in the order of the questionnaire; what was not asked is left out.

    After an answer that a check warned of stands why it was let stand.
    """
    order = {question.id: place for place, question in enumerate(book.questions)}
    known = sorted(given, key=lambda name: (order.get(_owner(name), len(order)), name))
    return [
        (str(book.text(f"{_owner(name)}.text")) or name, _said(book, name, given[name]))
        for name in known
        if given[name] is not Missing.NOT_ASKED
        and (name == _owner(name) or given[name] not in UNSAID)
    ]


UNSAID = ("0", "1", *Missing)
"""Marks beside an answer that are no words of the person's own."""


def _owner(name: str) -> str:
    """The question that an answer, or the reason beside it, belongs to."""
    return name.removesuffix(STANDS)


def _said(book: Questionnaire, name: str, value: object) -> str:
    if isinstance(value, Missing):
        return value.word.replace("_", " ")
    if isinstance(value, tuple | list):
        return ", ".join(_said(book, name, one) for one in value) or "none"
    text = str(value)
    return str(book.text(f"{name}.{text}")) or text
