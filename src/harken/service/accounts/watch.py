"""Middleware that counts doors tried: a staff page refused, or asked for and not there.

Somebody who steps through numbers or addresses gets nowhere, and it is noticed: the tenth
within an hour ends the session and stands in the ledger (PRV 57).
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from harken.service.accounts import actions
from harken.service.accounts.models import User

DENIED = frozenset({403, 404})
STAFF_DOORS = ("/call/", "/field/", "/guard/", "/desk/", "/staff/", "/results/staff/")


class Watch:
    """Counts after the answer is made; the answer itself tells nothing of the count."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then count it if it was refused."""
        response = self.get_response(request)
        tried = request.path.startswith(STAFF_DOORS)
        if tried and response.status_code in DENIED and isinstance(request.user, User):
            actions.denied(request.user, at=timezone.now())
        return response
