"""What only a staff page needs, out of a respondent's way.

A respondent has no account, no messages and no fragments. Each layer costs every page
its share of processor time, so these stand behind the staff's doors alone.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from harken.service.pages.sessions import for_staff


class Staffed:
    """Middleware: passes staff pages through settings.STAFF_MIDDLEWARE, others on.

    Layers in that list act before and after the view only; one that needs to see the
    view or its fault belongs in MIDDLEWARE.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.plain = self.staffed = get_response
        for name in reversed(settings.STAFF_MIDDLEWARE):
            self.staffed = import_string(name)(self.staffed)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer by the way that belongs to the address."""
        return (self.staffed if for_staff(request) else self.plain)(request)
