"""Turns an author's Markdown message into clean HTML with GOV.UK classes.

Only the study's own messages come here, never anything a person typed; raw HTML and
images are dropped all the same.
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from harken.method.questionnaire.wording import unbroken

PARSER = MarkdownIt("commonmark", {"html": False})
CLASSES = {
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "h1": "govuk-heading-l",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "a": "govuk-link",
}
ALLOWED = {*CLASSES, "li", "strong", "em", "br"}


@lru_cache(maxsize=64)
def prose(markdown: str, *, top: int = 1) -> SafeString:
    """The message as HTML; links leave without a referrer.

    Its first heading becomes level ``top``, so that a page keeps one heading of level 1.
    """
    tokens = PARSER.parse(unbroken(markdown))
    for token in [*tokens, *(child for t in tokens for child in t.children or ())]:
        if token.type.startswith("heading"):
            token.tag = f"h{min(int(token.tag[1]) + top - 1, 3)}"
        if token.nesting == 1 and token.tag in CLASSES:
            token.attrSet("class", CLASSES[token.tag])
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    clean = nh3.clean(
        html,
        tags=ALLOWED,
        attributes={tag: {"class"} for tag in CLASSES} | {"a": {"href", "class"}},
        url_schemes={"https", "http", "tel", "mailto"},
        link_rel="noreferrer noopener",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned on the line above


def below_heading(body: SafeString, more: SafeString) -> SafeString:
    """A message with something of ours below its main heading; first where it has none."""
    place = body.find("</h1>") + len("</h1>") if "</h1>" in body else 0
    return mark_safe(body[:place] + more + body[place:])  # noqa: S308 - both are clean
