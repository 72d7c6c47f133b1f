"""The pages beside the questions: help, privacy, safety, who asks; and the way out.

They show the study's own messages and nothing personal. Leaving is always possible:
it needs no token, no script and no interview.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import holidays
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from harken.method.errors import HarkenError
from harken.method.terms import Arm
from harken.service.interview import actions, aloud, days, notices, queries
from harken.service.interview.prose import prose
from harken.service.interview.queries import Door
from harken.service.interview.support import services_in
from harken.service.interview.visit import Visit, enter

RUN = Path(__file__).with_name("accessibility.json")
CLEAR = '"cache", "cookies", "storage"'


def _message(request: HttpRequest, name: str, title: str) -> HttpResponse:
    visit = enter(request)
    found = notices.leaflet(visit, name)
    return visit.show(
        "leaflet",
        leaflet=found,
        heading=visit.words[title],
        heard=notices.heard(visit, name, found),
    )


@require_safe
@cache_control(no_store=True, private=True)
def privacy(request: HttpRequest, *, arm: str = "") -> HttpResponse:
    """The privacy notice that holds for this person, by version (Art 13 or 14).

    In an interview it is that of the person's arm; before one, either can be read.
    """
    visit = enter(request)
    if visit.row is not None:
        arm = visit.row.arm
    arm = arm or Arm.SAMPLE.value
    name = "privacy-notice" if arm == Arm.SAMPLE else "privacy-notice-open"
    found = notices.notice(visit, name)
    version = visit.folder.charter.policy_version if visit.folder else 0
    line = visit.words["notice_version"].format(version=version, digest=found.digest)
    return visit.show(
        "privacy",
        leaflet=found,
        heading=visit.words["privacy_title"],
        arm=arm,
        both=visit.row is None and _both_arms(visit),
        heard=notices.heard(visit, name, found),
        version=line if found.body else "",
    )


def _both_arms(visit: Visit) -> bool:
    return visit.folder is not None and set(Arm) <= set(visit.folder.charter.arms)


@require_safe
@cache_control(no_store=True, private=True)
def message(request: HttpRequest) -> HttpResponse:
    """Who is asking: where the study stands today, the sponsor's own words, the promise."""
    visit = enter(request)
    charter = visit.folder.charter if visit.folder else None
    promise, opens = "", None
    found = notices.leaflet(visit, "sponsor")
    if charter is not None:
        opens = charter.calendar.web_opens
        promise = visit.words["promise"].format(
            controller=charter.controller.name,
            processor=charter.processor.name,
            date=days.each(visit),
        )
    return visit.show(
        "message",
        leaflet=found,
        heading=visit.words["message_title"],
        state=visit.words.get(f"state_{visit.door.value}", visit.words["no_study"]),
        opens=visit.day(opens) if opens and visit.door == Door.NOT_YET else "",
        promise=promise,
        several=visit.own_days is None,
        heard=notices.heard(visit, "sponsor", found),
    )


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
def easy(request: HttpRequest, *, about: str = "start") -> HttpResponse:
    """The start page or the notice in easy words, large, a picture beside each part."""
    visit = enter(request)
    arm = visit.row.arm if visit.row else ""
    box = days.box(visit, arm) if about == "privacy" else None
    return visit.show(
        "easy",
        about=about,
        parts=parts_of(visit, f"easy-{about}"),
        days=box.html(visit) if box else "",
    )


def parts_of(visit: Visit, name: str) -> list[tuple[str, notices.Leaflet]]:
    """An easy-read message in parts: a line ``## [phone] Heading`` begins each and
    names its picture. Empty when the study has no such message."""
    folder = visit.folder
    source = folder.charter.source_language if folder else visit.language
    for language in (visit.language, source):
        text = folder.files.get(f"messages/{name}.{language}.md") if folder else None
        if text is not None:
            lang = "" if language == visit.language else language
            text = days.dated(visit, text, language)
            pieces = re.split(r"(?m)^## \[([a-z]+)\] ", text)
            return [
                (picture, notices.Leaflet(prose(f"## {words}"), lang))
                for picture, words in zip(pieces[1::2], pieces[2::2], strict=True)
            ]
    return []


@require_safe
@cache_control(no_store=True, private=True)
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, from the latest run of `script/bench accessibility`."""
    visit = enter(request)
    charter = visit.folder.charter if visit.folder else None
    run = latest_run()
    return visit.show(
        "accessibility",
        run=run,
        tested=dt.date.fromisoformat(str(run["date"])) if run else None,
        contact=charter.processor.contact if charter else "",
    )


@cache
def latest_run() -> Mapping[str, object]:
    """What the accessibility bench kept; empty when it never ran."""
    if not RUN.exists():
        return {}
    found: Mapping[str, object] = json.loads(RUN.read_text(encoding="utf-8"))
    return found


@require_safe
@cache_control(no_store=True, private=True)
def support(request: HttpRequest) -> HttpResponse:
    """The help list by need and area (SAF-34)."""
    visit = enter(request)
    language = visit.language
    return visit.show(
        "help",
        services=services_in(visit.folder, language),
        sound=aloud.offered(lambda: aloud.of_help(visit.folder, language), language),
    )


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
    if visit.keeps_on_exit or visit.row is None or queries.ended(visit.row):
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
    visit = enter(request)
    page = visit.show("weather", days=[(visit.day(day), name) for day, name in ahead])
    # It is asked for in the moment in which the visit ends, and must not renew its cookie.
    request.session.modified = False
    return page
