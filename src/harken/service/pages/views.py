"""Small pages that belong to no subject: text size and the neutral error pages.

They must never say what the survey is about, nor repeat anything that was sent.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

STEP_HEADER = "X-Step"
NEXT_HEADER = "X-Next"


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep the chosen text size, or text without any styling, and go back to the page.

    For the respondent's script, which leaves no trace in the tab's history, the address
    to put in place comes in a header.
    """
    size, dress = request.POST.get("size"), request.POST.get("look")
    if size:
        request.session["size"] = "large" if size == "large" else "standard"
    if dress:
        request.session["plain"] = dress == "plain"
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    if request.headers.get(STEP_HEADER):
        return HttpResponse(status=204, headers={NEXT_HEADER: back})
    return redirect(back)


def bad_request(request: HttpRequest, exception: object = None) -> HttpResponse:
    """400: the request could not be understood."""
    return render(request, "pages/400.html", status=400)


def forbidden(request: HttpRequest, exception: object = None) -> HttpResponse:
    """403: not allowed, said without a reason that would teach an intruder."""
    return render(request, "pages/403.html", status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token was missing or old; the visitor can simply go back."""
    return render(request, "pages/csrf.html", status=403)


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    """404: nothing lives at this address."""
    return render(request, "pages/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the page needs no database and no session."""
    return render(request, "pages/500.html", status=500)
