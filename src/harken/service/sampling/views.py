"""Pages of the sampling room: upload, findings, exclusions, draw, discard."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from harken.method.errors import HarkenError, refuse
from harken.method.sampling import COLUMNS, ExclusionReason
from harken.service.accounts.permissions import Permission, actor_of, requires
from harken.service.sampling import actions, faults, queries
from harken.service.sampling.load import load_sample
from harken.service.study import queries as studies
from harken.service.study.models import Study

MEGABYTE = 1 << 20


@require_GET
@requires(Permission.SAMPLE_LOAD)
def samples(request: HttpRequest) -> HttpResponse:
    """Every study and how its sample stands."""
    rows = [
        {"study": study, "counts": queries.counts(study), "draw": queries.drawn(study)}
        for study in studies.all_studies()
    ]
    return render(request, "sampling/samples.html", {"rows": rows})


@require_GET
@requires(Permission.SAMPLE_LOAD)
def sample(request: HttpRequest, slug: str) -> HttpResponse:
    """One study's sample: what was loaded, left out and drawn."""
    return render(request, "sampling/sample.html", _context(_study(slug)))


@require_http_methods(["GET", "POST"])
@requires(Permission.SAMPLE_LOAD)
def load(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload a sample file; it stays in memory. Findings come back on the page."""
    study = _study(slug)
    context: dict[str, object] = {"study": study, "columns": COLUMNS}
    if request.method == "GET":
        return render(request, "sampling/load.html", context)
    try:
        upload = _upload(request)
        # The upload is a file object; the loader reads it in chunks as any stream.
        load_sample(study, upload, by=actor_of(request), at=timezone.now())
    except HarkenError as error:
        context |= {"findings": error.findings}
        return render(request, "sampling/load.html", context, status=400)
    return redirect("sampling:sample", slug)


@require_http_methods(["GET", "POST"])
@requires(Permission.SAMPLE_LOAD)
def draw(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw the sample, after a page that says what it means."""
    return _confirmed(
        request,
        _study(slug),
        "sampling/draw.html",
        lambda study: actions.draw(study, by=actor_of(request), at=timezone.now()),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SAMPLE_LOAD)
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget a loaded sample before its draw, after a page that says what it means."""
    return _confirmed(
        request,
        _study(slug),
        "sampling/discard.html",
        lambda study: actions.discard(study, by=actor_of(request), at=timezone.now()),
    )


def _confirmed(
    request: HttpRequest, study: Study, page: str, act: Callable[[Study], object]
) -> HttpResponse:
    """Ask on GET, do on POST, and show findings on the same page."""
    context = _context(study)
    if request.method == "GET":
        return render(request, page, context)
    try:
        act(study)
    except HarkenError as error:
        context |= {"findings": error.findings}
        return render(request, page, context, status=400)
    return redirect("sampling:sample", study.slug)


def _context(study: Study) -> dict[str, object]:
    return {
        "study": study,
        "rules": studies.folder(study).charter.sampling,
        "counts": queries.counts(study),
        "file": queries.sample_file(study),
        "draw": queries.drawn(study),
        "excluded": [
            (ExclusionReason(reason).word, count)
            for reason, count in queries.exclusions(study).items()
        ],
    }


def _upload(request: HttpRequest) -> IO[bytes]:
    upload = request.FILES.get("sample")
    if isinstance(upload, UploadedFile) and upload.file is not None:
        return upload.file
    limit = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise refuse(faults.UPLOAD_LARGE, limit=limit // MEGABYTE)
    raise refuse(faults.NO_UPLOAD)


def _study(slug: str) -> Study:
    try:
        return studies.get(slug)
    except HarkenError:
        raise Http404 from None
