"""The fills of a page's words: what the page shows of answers given before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from harken.method.errors import Place
from harken.method.questionnaire.document import Question, Questionnaire
from harken.method.questionnaire.syntax import Tree, names_of
from harken.method.questionnaire.wording.fills import Fill, fills
from harken.method.terms import Mode

MOST_OPTIONS = 60
"""The words of longer lists are looked at no further: their codes come from a file."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A fill in the words of a page, where it stands, and when those words are shown."""

    fill: Fill
    place: Place | None
    only_if: Tree | None = None


def shown_fills(questionnaire: Questionnaire, question: Question) -> Iterator[Shown]:
    """Every fill in the words of a page, in any mode and language, each once."""
    owners = (question.id, *question.words, "section")
    if questionnaire.filled.isdisjoint(owners):
        return
    section = questionnaire.section_of(question.id)
    keys: list[tuple[str, Place | None, Tree | None]] = [
        (f"{question.id}.{part}", question.place, None)
        for part in ("text", "hint", "note", *question.codes[:MOST_OPTIONS])
    ]
    keys += [(c.key, c.place, c.condition.tree) for c in question.checks]
    if section.questions[0] == question.id:
        keys.append((f"section.{section.id}.title", section.place, None))
    seen: set[str] = set()
    for language in questionnaire.languages:
        for key, place, only_if in keys:
            for mode in Mode:
                text = questionnaire.text(key, mode=mode, language=language)
                if "{" not in text.value or text.value in seen:
                    continue
                seen.add(text.value)
                if language != questionnaire.source_language:
                    place = Place(f"translations/{language}.yaml")
                for fill in _all(text.value):
                    yield Shown(fill, place, only_if)


def _all(text: str) -> Iterator[Fill]:
    """The fills of a text, those in the forms of a plural with what stands instead."""
    for fill in fills(text):
        yield fill
        for form in fill.forms():
            for inner in fills(form):
                guarded = set(inner.names) <= set(names_of(fill.tree))
                if fill.instead is None or not guarded:
                    yield inner
                else:
                    yield replace(inner, instead="")
