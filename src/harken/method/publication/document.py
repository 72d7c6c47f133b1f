"""One text, two renderings: Markdown written by a release becomes HTML and Typst.

A paragraph of ``[[table:id]]``, ``[[chart:id]]``, ``[[headlines]]`` or ``[[scorecard]]``
stands for that figure. Raw HTML in the text is never passed on: what a study wrote is
printed, not obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from harken.method.publication.chart import chart_svg
from harken.method.publication.figures import Figures
from harken.method.publication.findings import Headline
from harken.method.publication.scorecard import scorecard_html
from harken.method.publication.table import Kind, Marker, Table, table_html

_INSERT = re.compile(r"\[\[(table|chart|headlines|scorecard)(?::([A-Za-z0-9_-]+))?\]\]")
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_TYPST_SPECIAL = re.compile(r"([\\#$*_`<>@\[\]~/=+\-.\"'])")


@dataclass(frozen=True, slots=True)
class Document:
    """A text in Markdown, with the figures it may insert.

    An insert of a table or chart that the figures lack (nobody was asked) is left out.
    """

    text: str
    figures: Figures


def document_html(document: Document) -> str:
    """The body of a page, without its title: headings from level 2 get an id."""
    tokens = _PARSER.parse(document.text)
    parts: list[str] = []
    run: list[Token] = []
    position = 0
    while position < len(tokens):
        insert = _insert(tokens, position)
        if insert is None:
            run.append(_with_anchor(tokens, position))
            position += 1
            continue
        parts += [_html(run), _insert_html(document, *insert)]
        run = []
        position += 3
    parts.append(_html(run))
    return "".join(parts)


def _insert(tokens: Sequence[Token], position: int) -> tuple[str, str] | None:
    """The kind and id when a paragraph is nothing but an insert."""
    if tokens[position].type != "paragraph_open":
        return None
    match = _INSERT.fullmatch(tokens[position + 1].content.strip())
    return (match[1], match[2] or "") if match else None


def _with_anchor(tokens: Sequence[Token], position: int) -> Token:
    token = tokens[position]
    if token.type == "heading_open":
        words = re.findall(r"[a-z0-9]+", tokens[position + 1].content.lower())
        token.attrSet("id", "-".join(words))
    return token


def _html(tokens: Sequence[Token]) -> str:
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def _insert_html(document: Document, kind: str, name: str) -> str:
    figures = document.figures
    if kind == "headlines":
        items = "".join(_headline_html(item) for item in figures.headlines)
        return f'<ul class="headlines">{items}</ul>\n'
    if kind == "scorecard":
        return scorecard_html(figures.results, figures.edition, figures.words)
    if kind == "table" and name in figures.tables:
        return table_html(figures.tables[name])
    if kind == "table" or name not in figures.charts:
        return ""
    chart = figures.charts[name]
    return (
        f'<figure class="chart">{chart_svg(chart)}<figcaption>'
        f'<a href="charts/{escape(name)}.svg">Download this chart</a> '
        f'<a href="tables/{escape(chart.table)}.html">See the figures as a table</a>'
        "</figcaption></figure>\n"
    )


def _headline_html(item: Headline) -> str:
    share = item.share or str(Marker.CONFIDENTIAL)
    return (
        f'<li><span class="share">{share}</span> '
        f'<span class="what">{escape(item.title)}</span> '
        f'<span class="quiet">{escape(_said(item))}</span></li>'
    )


def _said(item: Headline) -> str:
    """The interval, the base and who is in it, as sentences."""
    if item.share is None:
        return "Not shown: too few people were asked."
    limits = item.interval.replace(" to ", " and ")
    among = f": {item.among[:1].lower()}{item.among[1:]}" if item.among else ""
    unsure = (
        f" Few people: read with care {Marker.LOW_RELIABILITY}." if item.unsure else ""
    )
    return f"Between {limits}. {item.base} people asked{among}.{unsure}"


def document_typst(document: Document) -> str:
    """The text as Typst markup, headings, lists, links, tables and charts included."""
    tokens = _PARSER.parse(document.text)
    parts: list[str] = []
    position = 0
    lists: list[str] = []
    while position < len(tokens):
        insert = _insert(tokens, position)
        if insert is not None:
            parts.append(_insert_typst(document, *insert))
            position += 3
            continue
        parts.append(_block_typst(tokens[position], lists))
        position += 1
    return "".join(parts)


def _block_typst(token: Token, lists: list[str]) -> str:
    if token.type == "inline":
        return "".join(_inline_typst(child) for child in token.children or ())
    if token.type == "heading_open":
        return "\n" + "=" * max(int(token.tag[1]) - 1, 1) + " "
    if token.type in ("bullet_list_open", "ordered_list_open"):
        lists.append("- " if token.type.startswith("bullet") else "+ ")
    elif token.type in ("bullet_list_close", "ordered_list_close"):
        lists.pop()
        return "\n"
    elif token.type == "list_item_open":
        return "\n" + "  " * (len(lists) - 1) + lists[-1]
    elif token.type == "blockquote_open":
        return "\n#quote(block: true)["
    elif token.type == "blockquote_close":
        return "]\n"
    elif token.type in ("paragraph_close", "heading_close"):
        return "" if lists else "\n\n"
    return ""


def _inline_typst(token: Token) -> str:
    if token.type == "link_open":
        return f'#link("{_quoted(str(token.attrGet("href") or ""))}")['
    marks = {
        "strong_open": "#strong[",
        "em_open": "#emph[",
        "strong_close": "]",
        "em_close": "]",
        "link_close": "]",
        "softbreak": " ",
        "hardbreak": " \\\n",
    }
    if token.type in marks:
        return marks[token.type]
    return typst_text(token.content)


def typst_text(text: str) -> str:
    """Any text as Typst markup that prints it and does nothing else."""
    return _TYPST_SPECIAL.sub(r"\\\1", text)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _insert_typst(document: Document, kind: str, name: str) -> str:
    figures = document.figures
    if kind == "headlines":
        items = ", ".join(_headline_typst(item) for item in figures.headlines)
        return f"\n#headlines({items})\n"
    if kind == "table" and name in figures.tables:
        return _table_typst(figures.tables[name])
    if kind != "chart" or name not in figures.charts:
        return ""
    chart = figures.charts[name]
    drawing = _quoted(chart_svg(chart))
    alternative = _quoted(f"{chart.title}. {chart.alternative}")
    return f'\n#drawing("{drawing}", "{alternative}")\n'


def _headline_typst(item: Headline) -> str:
    share = item.share or str(Marker.CONFIDENTIAL)
    parts = (share, item.title, _said(item))
    return "(" + ", ".join(f"[{typst_text(part)}]" for part in parts) + ")"


def _table_typst(table: Table) -> str:
    aligns = ", ".join(
        "left" if c.kind is Kind.TEXT else "right" for c in table.columns
    )
    widths = ", ".join(
        "auto" if c.kind is not Kind.TEXT else "1fr" for c in table.columns
    )
    head = ", ".join(f"[{typst_text(c.title)}]" for c in table.columns)
    rows = []
    for row in table.rows:
        pairs = zip(row, table.columns, strict=True)
        rows.append(", ".join(f"[{typst_text(i.shown(c.kind))}]" for i, c in pairs))
    notes = "".join(f"#note[{typst_text(note)}]\n" for note in table.explanations)
    return (
        f"\n#titled[{typst_text(table.title)}][{typst_text(table.units)}]\n"
        f"#figures(columns: ({widths},), align: ({aligns},), table.header({head}), "
        + ", ".join(rows)
        + f")\n{notes}\n"
    )
