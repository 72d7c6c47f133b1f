"""The printed form as a tagged PDF (PDF/UA-1), made in memory by Typst."""

from __future__ import annotations

import typst

from harken.method.questionnaire import Questionnaire, printed_form
from harken.method.terms import Language, Mode


def form_pdf(
    questionnaire: Questionnaire, *, title: str, mode: Mode, language: Language
) -> bytes:
    """The blank form of one mode and language; the same input gives the same bytes."""
    form = printed_form(questionnaire, mode=mode, language=language)
    pdf: bytes = typst.compile(
        form.typst(title=title).encode(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        timestamp=0,
    )
    return pdf
