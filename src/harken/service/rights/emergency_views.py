"""Pages of an emergency: ask, allow, open one identity, end it, review it afterwards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from harken.method.errors import Finding, HarkenError
from harken.method.vault import Identity
from harken.service.accounts import queries as accounts
from harken.service.accounts.permissions import Permission, actor_of, can, requires
from harken.service.rights import emergency as act
from harken.service.rights import queries
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
        "lapsed": timezone.now() - act.WAITS,
    }
    status = 422 if findings else 200
    return render(request, "rights/emergencies.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EMERGENCY)
def emergency(request: HttpRequest, number: str) -> HttpResponse:
    """One emergency: allow it, or open the person while it lasts."""
    row = get_object_or_404(Emergency.objects.select_related("study"), number=number)
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
        "allows": act.may_allow(row, at=at),
        "reviews": can(by, Permission.REVIEW) and act.waits(row, at=at),
        "runs": row.until is not None and at <= row.until,
        "findings": findings,
    }
    status = 422 if findings else 200
    return render(request, "rights/emergency.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REVIEW)
def review(request: HttpRequest, number: str) -> HttpResponse:
    """The look afterwards of somebody who neither asked nor allowed it."""
    row = get_object_or_404(Emergency.objects.select_related("study"), number=number)
    by, at, form = actor_of(request), timezone.now(), request.POST
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            if form.get("act") == "incident":
                return redirect("rights:incident", act.open_incident(row, by=by, at=at))
            judgement, reason = form.get("judgement", ""), form.get("reason", "")
            act.review(row, judgement, reason=reason, by=by, at=at)
            return redirect("rights:review", number)
        except HarkenError as error:
            findings = error.findings
    context = {
        "row": row,
        "why": act.why(row),
        "found": act.found(row),
        "due": next((d for d in queries.due(at=at) if d.number == number), None),
        "mine": by.label in (row.asked_by, row.allowed_by),
        "waits": act.waits(row, at=at),
        "wrong": row.judgement == Emergency.Judgement.NOT_JUSTIFIED,
        "given_up": row.judgement == Emergency.Judgement.NOT_REVIEWED,
        "made": sorted({row.asked_by, row.allowed_by} & accounts.handlers(by.label)),
        "judgements": Emergency.Judgement.choices[:2],
        "typed": form,
        "findings": findings,
    }
    status = 422 if findings else 200
    return render(request, "rights/review.html", context, status=status)
