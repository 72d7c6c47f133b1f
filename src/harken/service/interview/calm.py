"""A calm page while something behind the house is away, and the way on from it.

The database, its disk or the key holder may be gone for a minute. Nothing that was
acknowledged is lost; what was sent just now is kept on the page itself, so that *Try
again* sends it once more. Needs no database, no session and no study.
"""

from __future__ import annotations

import errno
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation.trans_real import parse_accept_lang_header

from harken.method.errors import AwayError
from harken.method.terms import Language
from harken.service.interview.words import FIRST, direction, spoken, words
from harken.service.pages.sessions import VisitStore, for_staff
from harken.service.pages.views import server_error

AGAIN_SECONDS = 10
FULL = {errno.ENOSPC, errno.EDQUOT}
SECRET = {"code", "pin", "phrase"}
"""Fields that are never written into a page; whoever sent one types it again."""


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that the database, its disk or the key holder is away."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return isinstance(error, AwayError | OperationalError | InterfaceError)


def trouble(request: HttpRequest) -> HttpResponse:
    """The answer to an unforeseen error: calm where waiting helps, else the plain page."""
    if for_staff(request) or not is_away(sys.exc_info()[1]):
        return server_error(request)
    language = _language(request)
    sent = [(name, one) for name, values in request.POST.lists() for one in values]
    open_fields = not SECRET & set(request.POST)
    response = render(
        request,
        "interview/calm.html",
        {
            "w": words(language),
            "language": language,
            "direction": direction(language),
            "sent": sent if open_fields else [],
            "method": "post" if sent and open_fields else "get",
        },
        status=503,
    )
    response.headers["Retry-After"] = str(AGAIN_SECONDS)
    return response


def _language(request: HttpRequest) -> Language:
    """The visit's language, else the browser's: neither needs a database."""
    visit = VisitStore(request.COOKIES.get(settings.VISIT_COOKIE_NAME))
    header = request.headers.get("Accept-Language", "")
    tags = [tag.split("-")[0] for tag, _ in parse_accept_lang_header(header)]
    wanted = [str(visit.get("language", "")), *tags]
    return next((Language(tag) for tag in wanted if tag in spoken()), FIRST)
