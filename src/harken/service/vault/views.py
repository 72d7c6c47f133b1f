"""Pages to read and to verify the ledger. They show acts and counts, never a person."""

from __future__ import annotations

import json

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from harken.method.errors import Finding, HarkenError
from harken.method.ledger import Event
from harken.service.accounts.permissions import Permission, requires
from harken.service.ledger import queries
from harken.service.ledger.signing import signer

PAGE = 50


@require_GET
@requires(Permission.LEDGER_READ)
def ledger(request: HttpRequest) -> HttpResponse:
    """The newest entries first, narrowed to a study or an event when asked."""
    return _page(request)


@require_POST
@requires(Permission.LEDGER_READ)
def verify(request: HttpRequest) -> HttpResponse:
    """Read every entry again and say whether the record is whole."""
    lodged = request.POST.get("checkpoint", "").replace("\r\n", "\n").strip()
    try:
        point = queries.verify(lodged=f"{lodged}\n" if lodged else None)
    except HarkenError as error:
        return _page(request, findings=error.findings, lodged=lodged, status=422)
    return _page(request, whole=point, lodged=lodged)


def _page(
    request: HttpRequest,
    *,
    findings: tuple[Finding, ...] = (),
    whole: object = None,
    lodged: str = "",
    status: int = 200,
) -> HttpResponse:
    study = request.GET.get("study", "")
    word = request.GET.get("event", "")
    event = Event(word) if word in set(Event) else None
    rows = queries.entries(study=study, event=event).order_by("-position")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    entries = [json.loads(row.body) | {"at": row.at} for row in page.object_list]
    context = {
        "page": page,
        "entries": entries,
        "events": [member.value for member in Event],
        "study": study,
        "event": word,
        "head": queries.head(),
        "public_key": signer("ledger").public_key,
        "findings": findings,
        "whole": whole,
        "lodged": lodged,
    }
    return render(request, "vault/ledger.html", context, status=status)
