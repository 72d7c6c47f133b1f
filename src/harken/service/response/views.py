"""Pages of the response room: counts, the codebook and the data file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from harken.method.rights.records import REIDENTIFYING
from harken.method.terms import Arm, Mode
from harken.service.accounts.permissions import Permission, actor_of, requires
from harken.service.response import exports, queries
from harken.service.response import quality as reports
from harken.service.study import queries as studies

FILES = {
    "responses.csv": "text/csv; charset=utf-8",
    "responses.parquet": "application/vnd.apache.parquet",
    "codebook.json": "application/json",
    "codebook.html": "text/html; charset=utf-8",
    "free-text.csv": "text/csv; charset=utf-8",
}


@require_safe
@requires(Permission.RESPONSE_READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Every study with its responses by arm and mode."""
    rows = []
    for study in studies.all_studies():
        counts = queries.count(study.slug)
        cells = [
            (arm.value, mode.value, counts[f"{arm.value}_{mode.value}"])
            for arm in Arm
            for mode in Mode
        ]
        rows.append(
            {
                "study": study,
                "cells": cells,
                "all": sum(counts.values()),
                "proxies": queries.proxies(study.slug),
            }
        )
    return render(request, "response/overview.html", {"rows": rows})


@require_safe
@requires(Permission.RESPONSE_READ)
def codebook(request: HttpRequest, slug: str) -> HttpResponse:
    """The codebook of one study."""
    study = studies.at_address(slug)
    context = {
        "study": study,
        "codebook": queries.codebook(slug),
        "files": FILES,
        "reidentifying": REIDENTIFYING,
    }
    return render(request, "response/codebook.html", context)


@require_safe
@requires(Permission.INSTRUMENT_READ)
def quality(request: HttpRequest, slug: str) -> HttpResponse:
    """How the questionnaire is filled in: for fieldwork and for statisticians."""
    study = studies.at_address(slug)
    found = reports.quality(study)
    context = {
        "study": study,
        "found": found,
        "head": reports.HEAD,
        "lines": [(found.words[line[0]], line) for line in reports.lines(found)],
        "columns": list(reports.columns(found)),
        "ways": list(reports.ways(found)),
    }
    return render(request, "response/quality.html", context)


@require_safe
@requires(Permission.RESPONSE_READ)
def file(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One file of the study's data, written afresh; each download is in the ledger."""
    study = studies.at_address(slug)
    if name not in FILES:
        raise Http404
    made = exports.make(study, by=actor_of(request), at=timezone.now())
    response = HttpResponse(made[name], content_type=FILES[name])
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{name}"'
    return response
