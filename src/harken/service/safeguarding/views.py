"""Pages of safeguarding: the lead's alerts, and the supervisor's list without people."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from harken.method.errors import HarkenError
from harken.method.terms import Actor
from harken.method.vault import Identity
from harken.service.accounts.permissions import Permission, actor_of, requires
from harken.service.safeguarding import actions, care, queries
from harken.service.safeguarding.models import Alert


@require_GET
@requires(Permission.SAFEGUARD)
def alerts(request: HttpRequest) -> HttpResponse:
    """Every alert, the most urgent first."""
    return render(request, "safeguarding/alerts.html", _listed(timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.FIELD_MANAGE)
def supervisor(request: HttpRequest) -> HttpResponse:
    """That there are alerts, of which kind and how late; nothing about whom.

    And how interviewers bore their shifts: whom to talk to first.
    """
    at, number = timezone.now(), request.POST.get("shift", "")
    if request.method == "POST" and number.isascii() and number.isdigit():
        found = queries.shift(int(number))
        if found is not None:
            care.spoke(found, by=actor_of(request), at=at)
        return redirect("safeguarding:supervisor")
    context = _listed(at) | {"shifts": queries.shifts(at=at)}
    return render(request, "safeguarding/supervisor.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.SAFEGUARD)
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """One alert: read it, take it, see who it is about, decide."""
    by, at = actor_of(request), timezone.now()
    found = _found(number)
    person: Identity | None = None
    context: dict[str, object] = {"decisions": Alert.Decision.choices}
    if request.method == "POST":
        try:
            person = _done(request, found, by=by, at=at)
        except HarkenError as error:
            context["findings"] = error.findings
        else:
            if person is None:
                return redirect("safeguarding:alert", number)
    row = _found(number)
    context |= {"person": person, "mine": row.taken_by == by.label}
    context |= {"record": queries.record(row, by=by, at=at)}
    context |= {"typed": request.POST.get("reason", "")}
    context |= {"chosen": request.POST.get("decision", "")}
    status = 400 if "findings" in context else 200
    return render(request, "safeguarding/alert.html", context, status=status)


def _done(
    request: HttpRequest, found: Alert, *, by: Actor, at: dt.datetime
) -> Identity | None:
    """Do what the button asks; the identity when it was asked for."""
    act = request.POST.get("act")
    if act == "open":
        return actions.open_person(found, by=by, at=at)
    if act == "take":
        actions.take(found, by=by, at=at)
        return None
    actions.resolve(
        found,
        decision=request.POST.get("decision", ""),
        reason=request.POST.get("reason", ""),
        by=by,
        at=at,
    )
    return None


def _found(number: int) -> Alert:
    try:
        return queries.get(number)
    except HarkenError:
        raise Http404 from None


def _listed(at: dt.datetime) -> dict[str, object]:
    rows = [(row, queries.overdue(row, at=at)) for row in queries.alerts()]
    return {"rows": rows}
