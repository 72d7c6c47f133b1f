"""The pages beside the questions: help, privacy, safety, who asks; and the way out.

They show the study's own messages and nothing personal. Leaving is always possible:
it needs no token, no script and no interview.
"""

from __future__ import annotations

import datetime as dt

import holidays
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from harken.method.errors import HarkenError
from harken.method.study import text_of
from harken.service.interview import actions, queries
from harken.service.interview.prose import prose
from harken.service.interview.visit import Visit, enter

CLEAR = '"cache", "cookies", "storage"'


def _message(request: HttpRequest, path: str, title: str) -> HttpResponse:
    """A message of the study in the reader's language."""
    visit = enter(request)
    text = ""
    if visit.folder is not None:
        text = text_of(visit.folder, f"messages/{path}", visit.language)
    return visit.show("leaflet", body=prose(text), heading=visit.words[title])


@require_safe
@cache_control(no_store=True, private=True)
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice of the person's arm; before a start, of the open arm."""
    visit = enter(request)
    sampled = visit.row is None or visit.row.arm == "sample"
    notice = "privacy-notice" if sampled else "privacy-notice-open"
    return _message(request, notice, "privacy_title")


@require_safe
@cache_control(no_store=True, private=True)
def message(request: HttpRequest) -> HttpResponse:
    """Who is asking, and why: the sponsor's own words."""
    return _message(request, "sponsor", "message_title")


@require_safe
@cache_control(no_store=True, private=True)
def by_phone(request: HttpRequest) -> HttpResponse:
    """How to take part by telephone."""
    return _message(request, "participate", "by_phone_title")


@require_safe
@cache_control(no_store=True, private=True)
def safety(request: HttpRequest) -> HttpResponse:
    """Private windows, history, shared devices; what the exit button does not do."""
    return _message(request, "safety", "safety_title")


@require_safe
@cache_control(no_store=True, private=True)
def support(request: HttpRequest) -> HttpResponse:
    """The help list by need and area (SAF-34)."""
    visit = enter(request)
    services = visit.folder.help_in(visit.language) if visit.folder else ()
    return visit.show("help", services=services)


@csrf_exempt
def leave(request: HttpRequest) -> HttpResponse:
    """Exit this page: end the visit, have the browser forget it, go somewhere neutral.

    Open to every method and without a token, because leaving must never fail; the
    cookie it acts on is never sent from another site. What was answered is discarded
    or kept as the study says and the person was told (SAF-22).
    """
    visit = enter(request)
    _discard(visit)
    target = visit.exit_url
    visit.end()
    response = HttpResponseRedirect(target)
    response.headers["Clear-Site-Data"] = CLEAR
    response.headers["Cache-Control"] = "no-store"
    return response


def _discard(visit: Visit) -> None:
    keeps = visit.folder is None or visit.folder.charter.safety.exit_keeps
    if keeps or visit.row is None or queries.ended(visit.row):
        return
    try:
        actions.stop(visit.row, keep=False, at=visit.at)
    except HarkenError:
        # Ended in another window in the same moment: there is nothing to discard.
        return


@require_safe
def weather(request: HttpRequest) -> HttpResponse:
    """A harmless page to land on: the public holidays of the year ahead."""
    today = timezone.localdate()
    days = holidays.country_holidays(
        "GB", subdiv="ENG", years=(today.year, today.year + 1)
    )
    ahead = sorted(
        (day, name)
        for day, name in days.items()
        if today <= day <= today + dt.timedelta(days=366)
    )
    return Visit(request, None, None, timezone.now()).show("weather", days=ahead)
