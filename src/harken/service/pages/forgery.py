"""The guard against forged forms, without a token where there is nothing to forge.

A visitor without a visit has no session that another site could use. Their first form
is accepted when the browser does not say that it comes from elsewhere; from then on
every form needs its token. A respondent's secret rides in the cookie of the visit, so
that they have no other; staff have one of their own.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware.csrf import (
    CSRF_ALLOWED_CHARS,
    CSRF_SESSION_KEY,
    REASON_BAD_ORIGIN,
    CsrfViewMiddleware,
    get_token,
)

from harken.service.pages.sessions import for_staff


def is_first_visit(request: HttpRequest) -> bool:
    """Whether nothing about this respondent is known yet."""
    return settings.VISIT_COOKIE_NAME not in request.COOKIES and not for_staff(request)


SECRET = CSRF_SESSION_KEY
"""Under this name a visit keeps the secret of its forms."""

PLACES = {letter: place for place, letter in enumerate(CSRF_ALLOWED_CHARS)}
EVEN = 256 - 256 % len(PLACES)
"""Random bytes below this fall on every letter equally often."""


def token(request: HttpRequest) -> str:
    """The token of a form, masked anew each time, as the framework's guard reads it.

    The framework draws each letter of a mask by itself, which costs more than any other
    part of a page; and it asks for the secret to be sent again with each form.
    """
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        return get_token(request)
    mask = [byte % len(PLACES) for byte in os.urandom(3 * len(secret)) if byte < EVEN]
    pairs = list(zip(secret, mask, strict=False))
    letters = [CSRF_ALLOWED_CHARS[drawn] for _, drawn in pairs]
    letters += [
        CSRF_ALLOWED_CHARS[(PLACES[letter] + drawn) % len(PLACES)]
        for letter, drawn in pairs
    ]
    return "".join(letters)


class Forgery(CsrfViewMiddleware):
    """Middleware: the framework's guard, and a lighter one at a first visit."""

    def _get_secret(self, request: HttpRequest) -> str | None:
        guard: Any = super()  # the stubs leave out what the framework gives a subclass
        if for_staff(request):
            secret: str | None = guard._get_secret(request)
            return secret
        return request.session.get(SECRET)

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponse) -> None:
        guard: Any = super()
        if for_staff(request):
            guard._set_csrf_cookie(request, response)
        else:
            request.session[SECRET] = request.META["CSRF_COOKIE"]

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseForbidden | None:
        """Refuse a form that comes from another site."""
        unsafe = request.method not in {"GET", "HEAD", "OPTIONS", "TRACE"}
        if not (unsafe and is_first_visit(request)):
            return super().process_view(
                request, callback, callback_args, callback_kwargs
            )
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        guard: Any = self  # the stubs leave out what the framework gives a subclass
        own = "HTTP_ORIGIN" not in request.META or guard._origin_verified(request)
        if own and site in {"same-origin", "none"}:
            return None
        if getattr(request, "_dont_enforce_csrf_checks", False):
            return None
        origin = request.META.get("HTTP_ORIGIN", site)
        refused: HttpResponseForbidden = guard._reject(
            request, REASON_BAD_ORIGIN % origin
        )
        return refused
