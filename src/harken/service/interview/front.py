"""The start page as most people first see it: without a cookie, and then without work.

Middleware around everything else. The answer to a visitor who carries no cookie depends
on the study's state, the day, the host and the languages asked for, and on nothing else;
it is made once and kept with every header it went out with. The study is looked at each
time, so that a state that changed shows at once.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from harken.service.interview import aloud

PATH = "/start"
ROOM = 200
STANDS = "SELECT id, state, digest, shift_days FROM study_study ORDER BY id"


class Front:
    """Middleware: answers a first visit to the start page from memory."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.kept: dict[tuple[object, ...], tuple[bytes, dict[str, str]]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from memory when this very page was made before, else as usual."""
        meta = request.META
        if (
            request.path_info != PATH
            or request.method != "GET"
            or meta.get("HTTP_COOKIE")
        ):
            return self.get_response(request)
        with connections["default"].cursor() as cursor:
            cursor.execute(STANDS)
            stands = tuple(cursor.fetchall())
        key = (
            stands,
            timezone.localdate(),
            meta.get("HTTP_HOST"),
            meta.get("HTTP_ACCEPT_LANGUAGE"),
            settings.STATIC_URL,
            aloud.stamp(),
        )
        found = self.kept.get(key)
        if found is not None:
            return HttpResponse(found[0], headers=found[1])
        response = self.get_response(request)
        if response.status_code == 200 and not response.cookies:
            if len(self.kept) >= ROOM:
                self.kept.clear()
            self.kept[key] = (response.content, dict(response.items()))
        return response
