"""The printed form as a tagged PDF (PDF/UA-1), made in memory by Typst, or as HTML."""

from __future__ import annotations

import base64
from pathlib import Path

import typst
from django.template.loader import render_to_string

from harken.method.questionnaire import Questionnaire, printed_form
from harken.method.questionnaire.wording import right_to_left
from harken.method.terms import Language, Mode

LOOKS = Path(__file__).parent / "static" / "questionnaire" / "form.css"


def form_pdf(
    questionnaire: Questionnaire, *, title: str, mode: Mode, language: Language
) -> bytes:
    """The blank form of one mode and language; the same input gives the same bytes."""
    paper = mode is Mode.WEB
    form = printed_form(questionnaire, mode=mode, language=language, paper=paper)
    pdf: bytes = typst.compile(
        form.typst(title=title).encode(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        timestamp=0,
    )
    return pdf


def form_page(
    questionnaire: Questionnaire, *, title: str, mode: Mode, language: Language
) -> str:
    """The same as one HTML page that needs no other file."""
    paper = mode is Mode.WEB
    form = printed_form(questionnaire, mode=mode, language=language, paper=paper)
    context = {
        "form": form,
        "looks": looks(),
        "title": title,
        "right_to_left": right_to_left(language),
    }
    return render_to_string("questionnaire/form_file.html", context)


def looks() -> str:
    """The style of papers as an address that needs no other file."""
    css = base64.b64encode(LOOKS.read_bytes()).decode()
    return f"data:text/css;base64,{css}"
