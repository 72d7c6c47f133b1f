"""A calm page for staff while the key holder, or the controller's witness, cannot be
reached. Respondents have one of their own, in their language (interview.calm)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from harken.service.pages.sessions import for_staff
from harken.service.vault.reach import HolderAway

AGAIN_AFTER = "30"


class Absence:
    """Answers 503 instead of a fault of ours; what was acknowledged before is stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """The page, when it is an absence on a staff page; else the error is left to others."""
        if not isinstance(error, HolderAway) or not for_staff(request):
            return None
        answer = render(request, "pages/500.html", status=503)
        answer["Retry-After"] = AGAIN_AFTER
        return answer
