"""Pages of an emergency: ask, allow, open one identity, end it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from harken.method.errors import Finding, HarkenError
from harken.method.vault import Identity
from harken.service.accounts.permissions import Permission, actor_of, requires
from harken.service.rights import emergency as act
from harken.service.rights.models import Emergency
from harken.service.study import queries as studies


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EMERGENCY)
def emergencies(request: HttpRequest) -> HttpResponse:
    """Those there are, and the form that asks for one."""
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        form = request.POST
        try:
            row = act.ask(
                studies.get(form.get("study", "")),
                form.get("code", ""),
                reason=form.get("reason", ""),
                by=actor_of(request),
                at=timezone.now(),
            )
            return redirect("rights:emergency", row.number)
        except HarkenError as error:
            findings = error.findings
    context = {
        "rows": Emergency.objects.select_related("study")[:50],
        "studies": studies.all_studies(),
        "findings": findings,
        "typed": request.POST,
        "now": timezone.now(),
    }
    status = 422 if findings else 200
    return render(request, "rights/emergencies.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EMERGENCY)
def emergency(request: HttpRequest, number: str) -> HttpResponse:
    """One emergency: allow it, or open the person while it lasts."""
    rows = Emergency.objects.select_related("study")
    row = rows.filter(number=number).first()
    if row is None:
        raise Http404
    by, at = actor_of(request), timezone.now()
    person: Identity | None = None
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            match request.POST.get("act"):
                case "allow":
                    act.allow(row, by=by, at=at)
                case "open":
                    person = act.open_person(row, by=by, at=at)
                case "end":
                    act.end(row, by=by, at=at)
                case _:
                    pass  # a form without a step changes nothing
        except HarkenError as error:
            findings = error.findings
        else:
            if person is None:
                return redirect("rights:emergency", number)
        row.refresh_from_db()
    context = {
        "row": row,
        "person": person,
        "mine": row.asked_by == by.label,
        "why": act.why(row),
        "runs": row.until is not None and at <= row.until,
        "findings": findings,
    }
    status = 422 if findings else 200
    return render(request, "rights/emergency.html", context, status=status)
