"""Headers that every answer carries, whatever the view forgot: they are the same for all.

``no-store`` is the default: an answer page must not come out of a shared computer's
cache. Only static files and public results may be kept.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from harken.service.pages.sessions import for_staff

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "screen-wake-lock",
        "usb",
    )
)


def _public(path: str) -> bool:
    """Published results may be kept; the staff's preview of them may not."""
    return path.startswith("/results/") and not path.startswith("/results/staff/")


def _policy(request: HttpRequest) -> str:
    """Staff's browsers say when a page breaks it; a respondent's says nothing to anybody.

    A report holds the address of a page, and would be one more line about a visit.
    """
    if for_staff(request) and not _public(request.path):
        return f"{settings.CONTENT_SECURITY_POLICY}; report-uri /staff/policy-report"
    return settings.CONTENT_SECURITY_POLICY


class Headers:
    """Middleware: isolation, no features, no storing, no indexing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add what is missing."""
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = _policy(request)
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.path.startswith(settings.STATIC_URL):
            return response
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        if not _public(request.path):
            response.headers["Cache-Control"] = "no-store"
        return response
