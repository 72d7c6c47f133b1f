"""Pages of the study room: the studies there are, and taking one in."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from harken.method.errors import HarkenError, refuse
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, actor_of, can, requires
from harken.service.study import actions, faults, files, queries, records
from harken.service.study.models import Study

UPLOAD_LIMIT = 10_000_000


@require_GET
@requires(Permission.INSTRUMENT_READ)
def studies(request: HttpRequest) -> HttpResponse:
    """Every study with its state; an empty list says how to begin."""
    rows = [
        {
            "study": study,
            "charter": queries.folder(study).charter,
            "promised": queries.promised(study),
        }
        for study in queries.all_studies()
    ]
    manages = can(actor_of(request), Permission.STUDY_MANAGE)
    return render(request, "study/studies.html", {"rows": rows, "manages": manages})


@require_http_methods(["GET", "POST"])
@requires(Permission.STUDY_MANAGE)
def load(request: HttpRequest) -> HttpResponse:
    """Take in the ZIP file of a study folder; findings come back on the same page."""
    if request.method == "GET":
        return render(request, "study/load.html")
    try:
        study = _load(request, by=actor_of(request))
    except HarkenError as error:
        context: dict[str, Any] = {"findings": error.findings}
        context["name"] = request.POST.get("name", "")
        return render(request, "study/load.html", context, status=400)
    return redirect("questionnaire:study", slug=study.slug)


@require_GET
@requires(Permission.INSTRUMENT_READ)
def papers(request: HttpRequest, slug: str) -> HttpResponse:
    """What data protection law asks to be written down, made from the study."""
    study = queries.at_address(slug)
    folder = queries.folder(study)
    context = {
        "study": study,
        "papers": [(name, records.PAPERS[name]) for name in records.papers(folder)],
        "lacks": {
            arm.value: records.lacking(folder, arm) for arm in folder.charter.arms
        },
    }
    return render(request, "study/records.html", context)


@require_GET
@requires(Permission.INSTRUMENT_READ)
def paper(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One paper, as a file."""
    study = queries.at_address(slug)
    made = records.papers(queries.folder(study), queries.promised(study))
    text = made.get(name)
    if text is None:
        raise Http404
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{name}"'
    return answer


def _load(request: HttpRequest, *, by: Actor) -> Study:
    upload = request.FILES.get("archive")
    if not isinstance(upload, UploadedFile):
        raise refuse(faults.NO_UPLOAD)
    if upload.size is None or upload.size > UPLOAD_LIMIT:
        raise refuse(faults.TOO_BIG, what="The file", limit=UPLOAD_LIMIT)
    texts = files.read_zip(BytesIO(upload.read()))
    name = request.POST.get("name", "").strip() or None
    return actions.load(texts, by=by, at=timezone.now(), slug=name)
