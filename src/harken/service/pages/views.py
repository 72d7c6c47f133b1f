"""Small pages that belong to no subject: text size and the neutral error pages.

They must never say what the survey is about, nor repeat anything that was sent.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST


@require_POST
def size(request: HttpRequest) -> HttpResponse:
    """Keep the chosen text size for this visit and go back to the page."""
    chosen = request.POST.get("size")
    request.session["size"] = "large" if chosen == "large" else "standard"
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe else "/")


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
