"""Pages of the staff door: which doors are yours, who is on the staff, first set-up."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from harken.service.accounts.permissions import SECOND_FACTOR


@login_required
def doors(request: HttpRequest) -> HttpResponse:
    """The landing page: only the doors of this person's role."""
    if not request.session.get(SECOND_FACTOR):
        return redirect("mfa_activate_totp")
    return render(request, "accounts/doors.html")
