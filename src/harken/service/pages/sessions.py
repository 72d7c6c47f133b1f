"""Two kinds of session behind one interface: staff's in the database, a visit's in a cookie.

A respondent's visit is kept in no table: a row a visit, with its moments, would say who
answered when. The cookie is signed, holds opaque words only and dies with the browser;
the interview's own visit mark ends it on the server (interview.visit).
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import signed_cookies
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

STAFF_DOORS = ("/staff/", "/call/", "/field/", "/guard/", "/desk/", "/results/")
LONGEST = 2 * 3600
SEEN = "_seen"


def for_staff(request: HttpRequest) -> bool:
    """Whether an address is behind a door that staff use."""
    return request.path_info.startswith(STAFF_DOORS)


class VisitStore(signed_cookies.SessionStore):
    """A respondent's session, carried by the browser and signed by the house."""

    def load(self) -> dict[str, Any]:
        """What the cookie says, unless it is forged, or rested for too long."""
        data = super().load()
        fresh = time.time() - float(data.get(SEEN, 0)) <= LONGEST
        return data if fresh else {}

    @property
    def rested(self) -> float:
        """Seconds since the cookie was last signed."""
        return time.time() - float(self.get(SEEN, time.time()))

    def save(self, must_create: bool = False) -> None:
        """Sign it anew; the middleware sends it as a cookie."""
        self[SEEN] = int(time.time())
        super().save(must_create)

    def get_expire_at_browser_close(self) -> bool:
        """Always: no cookie outlives the browser."""
        return True


class Sessions(SessionMiddleware):
    """Middleware: gives a request the kind of session that its door uses."""

    def process_request(self, request: HttpRequest) -> None:
        """A staff page gets the stored session, every other page the visit's."""
        if for_staff(request):
            super().process_request(request)
        else:
            cookie = request.COOKIES.get(settings.VISIT_COOKIE_NAME)
            request.session = VisitStore(cookie)

    def process_response(
        self, request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        """Send the cookie of a visit that changed, remove that of one that is over."""
        if for_staff(request):
            return super().process_response(request, response)
        session, name = request.session, settings.VISIT_COOKIE_NAME
        if session.is_empty():
            if name in request.COOKIES:
                response.delete_cookie(name, samesite="Strict")
        elif session.modified and response.status_code < 500:
            session.save()
            response.set_cookie(
                name,
                session.session_key or "",
                secure=settings.HTTPS,
                httponly=True,
                samesite="Strict",
            )
        return response
