"""One Markdown text as HTML and as Typst: the study's words are printed, never obeyed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harken.method.publication import Document, document_html, document_typst
from harken.method.publication.document import typst_text
from tests.make.publication import make_figures_of

FIGURES = make_figures_of()


def html(text: str) -> str:
    """The text as HTML."""
    return document_html(Document(text, FIGURES))


def markup(text: str) -> str:
    """The text as Typst."""
    return document_typst(Document(text, FIGURES))


def test_html_in_a_text_is_shown_as_text() -> None:
    assert "<script>" not in html("<script>alert(1)</script>")
    assert "<img" not in html("A <img src=x onerror=alert(1)> b")


def test_a_link_cannot_run_script() -> None:
    assert "javascript:" not in html("[x](javascript:alert(1))").replace(
        "](javascript:", ""
    )


def test_headings_get_an_address() -> None:
    assert '<h2 id="how-it-was-done">' in html("## How it was done")


def test_a_table_a_chart_the_headlines_and_the_scorecard_can_be_inserted() -> None:
    page = html(
        "[[headlines]]\n\n[[table:indicators-sample]]\n\n[[chart:headlines]]\n\n"
        "[[scorecard]]"
    )
    assert 'class="headlines"' in page
    assert '<table id="indicators-sample">' in page
    assert "<svg" in page
    assert 'class="cards"' in page
    assert "[[" not in page


def test_an_insert_that_the_figures_lack_is_left_out() -> None:
    assert html("Before.\n\n[[chart:none]]\n\n[[table:none]]\n\nAfter.") == (
        "<p>Before.</p>\n<p>After.</p>\n"
    )
    assert markup("[[chart:none]]\n\n[[table:none]]\n\n[[scorecard]]") == ""


def test_every_block_and_mark_has_its_typst_form() -> None:
    made = markup(
        "## One\n\n### Two\n\nA *b* **c** [d](https://e.org) `f`.\nNext\n\n- g\n- h\n"
        "  - i\n\n1. j\n\n> k\n"
    )
    for wanted in (
        "\n= One",
        "\n== Two",
        "#emph[b]",
        "#strong[c]",
        '#link("https://e.org")[d]',
        "\n- g",
        "\n  - i",
        "\n+ j",
        "#quote(block: true)[k",
    ):
        assert wanted in made


def test_tables_charts_and_headlines_are_set_in_typst() -> None:
    made = markup("[[headlines]]\n\n[[table:indicators-sample]]\n\n[[chart:headlines]]")
    assert "#headlines(([31%]" in made
    assert "table.header([Indicator]" in made
    assert '#drawing("<svg' in made


@given(st.text())
def test_no_text_is_a_typst_command(text: str) -> None:
    made = typst_text(text)
    position = 0
    while position < len(made):
        if made[position] == "\\":
            position += 2
            continue
        assert made[position] not in "#$*_`<>@[]"
        position += 1
