"""Pages of the staff door: your doors, first set-up, second factor, who is on the staff.

A set-up code is shown once, in the answer to the request that made it, and never kept.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from harken.method.errors import HarkenError
from harken.method.terms import Role
from harken.service.accounts import actions, queries
from harken.service.accounts.models import STAFF_ROLES, User
from harken.service.accounts.permissions import (
    SECOND_FACTOR,
    Permission,
    actor_of,
    requires,
)


@require_GET
@login_required
def doors(request: HttpRequest) -> HttpResponse:
    """The landing page: only the doors of this person's role."""
    if not request.session.get(SECOND_FACTOR):
        return redirect("mfa_activate_totp")
    lately = queries.lately(queries.account(actor_of(request).label))
    return render(request, "accounts/doors.html", {"lately": lately})


@sensitive_post_parameters()
def first(request: HttpRequest) -> HttpResponse:
    """Use a set-up code: account name, code, and the person's own new password."""
    context: dict[str, object] = {}
    if request.method == "POST":
        form = request.POST
        try:
            if form.get("password") != form.get("repeated"):
                return _first_again(request, {"different": True})
            actions.set_up(
                form.get("username", "").strip(),
                form.get("code", ""),
                form.get("password", ""),
                at=timezone.now(),
            )
            return redirect("account_login")
        except HarkenError as error:
            return _first_again(request, {"findings": error.findings})
    return render(request, "accounts/first.html", context)


def _first_again(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    context["username"] = request.POST.get("username", "")
    return render(request, "accounts/first.html", context, status=400)


@require_GET
@requires(Permission.STAFF_MANAGE)
def staff(request: HttpRequest) -> HttpResponse:
    """Who is on the staff, and the form that invites."""
    return _staff_page(request)


@require_POST
@requires(Permission.STAFF_MANAGE)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite someone; the answer shows the set-up code once."""
    username = request.POST.get("username", "").strip()
    try:
        role = Role(request.POST.get("role", ""))
        code = actions.invite(username, role, by=actor_of(request), at=timezone.now())
    except ValueError:
        return _staff_page(request, status=400, no_role=True)
    except HarkenError as error:
        return _staff_page(request, status=400, findings=error.findings)
    return _staff_page(request, invited=username, code=code)


@require_POST
@requires(Permission.STAFF_MANAGE)
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Disable, reset or re-role one account."""
    user = get_object_or_404(User, pk=number)
    by, at = actor_of(request), timezone.now()
    try:
        match request.POST.get("do"):
            case "disable":
                actions.disable(user, by=by, at=at)
            case "reset":
                code = actions.reset(user, by=by, at=at)
                return _staff_page(request, invited=user.username, code=code)
            case "role":
                role = Role(request.POST.get("role", ""))
                actions.change_role(user, role, by=by, at=at)
    except ValueError:
        return _staff_page(request, status=400, no_role=True)
    except HarkenError as error:
        return _staff_page(request, status=400, findings=error.findings)
    return redirect("accounts:staff")


def _staff_page(
    request: HttpRequest, *, status: int = 200, **context: object
) -> HttpResponse:
    context |= {
        "rows": queries.staff(),
        "roles": [value for value, _ in STAFF_ROLES],
        "link": request.build_absolute_uri("/staff/first/"),
    }
    return render(request, "accounts/staff.html", context, status=status)


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """429: too many wrong passwords; says how long to wait and nothing more."""
    return render(request, "accounts/locked.html", status=429)


def nobody(request: HttpRequest) -> HttpResponse:
    """The identity provider named somebody whom no account is linked to, or was left."""
    return render(request, "accounts/nobody.html", status=403)
