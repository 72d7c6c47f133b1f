"""Sets a text as a tagged PDF (PDF/UA-1), in memory, the same bytes for the same text.

Only the fonts inside Typst are used and the creation day is an argument, so neither the
machine nor the clock shows in the file.
"""

from __future__ import annotations

import datetime as dt

import typst

FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def page_count(source: str) -> int:
    """How many pages a source would fill."""
    made = typst.Compiler(font_paths=FONTS).compile(input=source.encode(), format="svg")
    return len(made) if isinstance(made, list) else 1


def pdf(source: str, *, issued: dt.date) -> bytes:
    """The PDF of a Typst source. A missing title or alternative text fails the build."""
    midnight = dt.datetime(issued.year, issued.month, issued.day, tzinfo=dt.UTC)
    made = typst.Compiler(font_paths=FONTS).compile(
        input=source.encode(),
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=midnight,
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no PDF")
    return made
