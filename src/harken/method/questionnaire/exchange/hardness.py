"""How hard the words of a form are, as the check will find once they are read."""

from __future__ import annotations

from collections.abc import Iterator

from harken.method.questionnaire.exchange.tree import Form, Words
from harken.method.questionnaire.wording.readability import (
    OPTIONS,
    ended,
    reading_age,
)


def hardest(form: Form) -> float:
    """The highest reading age that any words of a form ask for; 0 when none is known."""
    return max(
        (
            reading_age(text, language) or 0.0
            for language in {form.language, *form.languages}
            for text in _pages(form, language)
        ),
        default=0.0,
    )


def _pages(form: Form, language: str) -> Iterator[str]:
    """What is read in one go: in English page by page, else the whole."""
    items = [item for part in form.parts for item in part.items]
    pages = [_said(language, item.words, item.hint) for item in items]
    if language.partition("-")[0] != "en":
        yield "\n\n".join(pages)
        return
    yield from pages
    for item in items:
        yield from (_said(language, one.words) for one in item.options[:OPTIONS])
        yield from (_said(language, one.words) for one in item.checks)
    yield from (_said(language, part.words) for part in form.parts)


def _said(language: str, *given: Words) -> str:
    """Words in one language, each ended as a sentence."""
    texts = (words.get(language, "") for words in given)
    return " ".join(ended(text) for text in texts if text)
