"""Shows an author's plain markup on pages, and names languages for staff.

The texts come from a study folder, with a person's answers filled in: every run of words
is escaped on its way out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from babel import Locale, UnknownLocaleError
from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from harken.method.questionnaire.wording import Block, blocks, unbroken

Runs = Sequence[tuple[str, bool]]

register = template.Library()


@register.filter
def in_line(text: str) -> SafeString:
    """All of a text in one line: strong words stay, paragraphs and items run on."""
    if "**" not in text and "\n" not in text:
        return conditional_escape(unbroken(text))
    return _joined(blocks(text))


@register.filter
def lead(text: str) -> SafeString:
    """The first paragraph of a text, for a heading."""
    return _joined(list(blocks(text))[:1])


@register.filter
def rest(text: str) -> SafeString:
    """What follows the first paragraph, as paragraphs and lists."""
    return _shown(list(blocks(text))[1:])


@register.filter
def paragraphs(text: str) -> SafeString:
    """A text as paragraphs and lists."""
    return _shown(list(blocks(text)))


@register.filter
def language_named(tag: str) -> str:
    """A language in English words, or its tag where it has no common name."""
    try:
        return Locale.parse(tag, sep="-").english_name or tag
    except (UnknownLocaleError, ValueError):
        return tag


def _shown(parts: Sequence[Block]) -> SafeString:
    return mark_safe("".join(_block(part) for part in parts))  # noqa: S308 - escaped below


def _block(part: Block) -> SafeString:
    if not part.items:
        return format_html('<p class="govuk-body">{}</p>', _words(part.runs))
    items = format_html_join("", "<li>{}</li>", ((_words(one),) for one in part.items))
    return format_html('<ul class="govuk-list govuk-list--bullet">{}</ul>', items)


def _joined(parts: Iterable[Block]) -> SafeString:
    lines = (_words(runs) for part in parts for runs in (part.items or (part.runs,)))
    return format_html_join(" ", "{}", ((line,) for line in lines))


def _words(runs: Runs) -> SafeString:
    strong, plain = "<strong>{}</strong>", "{}"
    return mark_safe(  # noqa: S308 - each run is escaped
        "".join(
            format_html(strong if loud else plain, unbroken(words))
            for words, loud in runs
        )
    )
