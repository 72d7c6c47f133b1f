"""Pages on those who agreed to be contacted again: counts, one person, how it ended.

A page opens one person, once: its mark is used up by opening, so that neither going back
nor loading again opens another. No address, title or session says who anybody is.
"""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from harken.method.contact.again import CHOICES, Ending
from harken.method.errors import Finding, HarkenError, refuse
from harken.method.terms import Role
from harken.service.accounts.permissions import Permission, actor_of, requires
from harken.service.contact import again as work
from harken.service.contact import faults
from harken.service.study import queries as studies
from harken.service.study.models import Study

MARK = "again"
"""The session key of the mark: a random word that says nothing of anybody."""


@never_cache
@require_GET
@requires(Permission.FIELD_MANAGE)
def again(request: HttpRequest, slug: str) -> HttpResponse:
    """How many agreed, for what and until when, and the way to the next person."""
    return _page(request, studies.at_address(slug))


@never_cache
@require_POST
@requires(Permission.FIELD_MANAGE)
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the next person for one purpose; this answer is the one time they are shown."""
    study, form, by = studies.at_address(slug), request.POST, actor_of(request)
    mark, sent = request.session.pop(MARK, ""), form.get("mark", "")
    try:
        if not mark or not secrets.compare_digest(mark.encode(), sent.encode()):
            waiting = any(work.pending(by=by))
            raise refuse(faults.STILL_OPEN if waiting else faults.OLD_PAGE)
        card = work.open_next(study, form.get("purpose", ""), by=by, at=timezone.now())
    except HarkenError as error:
        return _page(request, study, error.findings)
    context = {"study": study, "card": card, "choices": CHOICES}
    return render(request, "contact/again_person.html", context)


@never_cache
@require_POST
@requires(Permission.FIELD_MANAGE)
def ended(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down how it ended; who wants no more is refused after a second yes."""
    study, form = studies.at_address(slug), request.POST
    word = form.get("ending", "")
    try:
        if word not in {one.value for one, _ in CHOICES}:
            raise refuse(faults.NOT_SAID)
        if word == Ending.REFUSED and "sure" not in form:
            return render(request, "contact/again_sure.html", {"study": study})
        work.settle(study, Ending(word), by=actor_of(request), at=timezone.now())
    except HarkenError as error:
        return _page(request, study, error.findings)
    return redirect("contact:again", slug)


def _page(
    request: HttpRequest, study: Study, findings: tuple[Finding, ...] = ()
) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    request.session[MARK] = secrets.token_urlsafe(16)
    where, what = work.pending(by=by)
    context = {
        "study": study,
        "seen": work.counts(study, by=by, at=at),
        "opens": by.role is Role.MANAGER,
        "mark": request.session[MARK],
        "where": where,
        "what": what,
        "choices": CHOICES,
        "findings": findings,
        "unsaid": next((f.message for f in findings if f.fault is faults.NOT_SAID), ""),
    }
    status = 400 if findings else 200
    return render(request, "contact/again.html", context, status=status)
