"""An author's plain markup on pages, and what a person wrote that looks like markup."""

from __future__ import annotations

import pytest

from harken.service.questionnaire.templatetags import marked

TEXT = "Thank **you**.\n\nTwo things:\n\n- one & two\n- **three**\n\n\n<b>End</b>"


def test_the_first_paragraph_is_the_heading() -> None:
    assert marked.lead(TEXT) == "Thank <strong>you</strong>."


def test_the_rest_are_paragraphs_and_lists() -> None:
    assert marked.rest(TEXT) == (
        '<p class="govuk-body">Two things:</p>'
        '<ul class="govuk-list govuk-list--bullet">'
        "<li>one &amp; two</li><li><strong>three</strong></li></ul>"
        '<p class="govuk-body">&lt;b&gt;End&lt;/b&gt;</p>'
    )


def test_in_a_line_everything_is_there() -> None:
    assert marked.in_line(TEXT) == (
        "Thank <strong>you</strong>. Two things: one &amp; two <strong>three</strong> "
        "&lt;b&gt;End&lt;/b&gt;"
    )
    assert marked.in_line("a < b") == "a &lt; b"


@pytest.mark.parametrize("text", ["", "One."])
def test_a_short_text_has_no_rest(text: str) -> None:
    assert marked.lead(text) == text
    assert marked.rest(text) == ""


@pytest.mark.parametrize(
    ("tag", "name"), [("ur", "Urdu"), ("pl", "Polish"), ("en", "English"), ("x", "x")]
)
def test_staff_read_a_languages_name(tag: str, name: str) -> None:
    assert marked.language_named(tag) == name
