"""Question pages with nobody's answer on them, rendered once and kept in memory.

Most pages that people see are blank forms, alike for everybody who is at that question
in that language. Only the form's token and the version differ, and are put in each time.
A page on which anything was said, chosen, wrong or filled in is never kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from harken.method.questionnaire import Question, Questionnaire
from harken.method.terms import Language

VERSION, TOKEN = "\ue000v\ue000", "\ue000t\ue000"
ROOM = 600
PEOPLE = frozenset({"interview", "version"})
"""What differs from person to person; no page here may show anything else of theirs."""

_PAGES: dict[tuple[object, ...], str] = {}
_ALIKE: dict[tuple[str, str, str], bool] = {}


def is_alike(book: Questionnaire, question: Question, language: Language) -> bool:
    """Whether a question's words are the same for everybody: nothing is filled in."""
    key = (book.digest, question.id, language)
    found = _ALIKE.get(key)
    if found is None:
        parts = ["text", "hint", "note", "unit", *question.codes]
        words = (
            book.text(f"{question.id}.{part}", language=language).value
            for part in parts
        )
        found = not any("{" in text for text in words)
        if len(_ALIKE) >= 10 * ROOM:
            _ALIKE.clear()
        _ALIKE[key] = found
    return found


def blank_page(
    request: HttpRequest, template: str, context: Mapping[str, Any]
) -> HttpResponse:
    """The page of a blank question; rendered when it is asked for the first time.

    It is found by everything that is put into it, so that no two pages are confused.
    """
    key = (
        template,
        request.session.get("size"),
        request.session.get("plain"),
        *(
            (name, value if isinstance(value, str | int) else repr(value))
            for name, value in context.items()
            if name not in PEOPLE and not isinstance(value, Mapping)
        ),
    )
    page = _PAGES.get(key)
    if page is None:
        alike = {name: value for name, value in context.items() if name not in PEOPLE}
        alike |= {"version": VERSION, "csrf_token": TOKEN}
        page = render_to_string(template, alike, request)
        if len(_PAGES) >= ROOM:
            _PAGES.clear()
        _PAGES[key] = page
    page = page.replace(TOKEN, get_token(request))
    return HttpResponse(page.replace(VERSION, str(context["version"])))
