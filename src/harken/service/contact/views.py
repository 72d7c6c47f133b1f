"""Pages of the contact room: monitoring, print runs, and the helpdesk's one card."""

from __future__ import annotations

import io
import zipfile

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from harken.method.contact import Disposition, Outcome
from harken.method.errors import HarkenError
from harken.method.terms import Language
from harken.service.accounts.permissions import Permission, actor_of, requires
from harken.service.contact import actions, queries
from harken.service.contact.letters import Kind, make_letters, recipients
from harken.service.contact.letters import specimen as letter_specimen
from harken.service.study import queries as studies
from harken.service.study.models import Study

SECONDS_A_LETTER = 0.04
KINDS: dict[str, Kind] = {"invitation": "invitation", "reminder": "reminder"}


@require_GET
@requires(Permission.FIELD_MANAGE)
def fieldwork(request: HttpRequest) -> HttpResponse:
    """Every study, with the way to its monitoring and letters."""
    return render(
        request,
        "contact/fieldwork.html",
        {
            "studies": studies.all_studies(),
            "guessing": queries.guessing(at=timezone.now()),
        },
    )


@require_GET
@requires(Permission.FIELD_MANAGE)
def monitoring(request: HttpRequest, slug: str) -> HttpResponse:
    """How fieldwork stands: rates with their formula, outcomes, groups, interviewers."""
    study = studies.at_address(slug)
    seen = queries.monitoring(study, timezone.now())
    context = {
        "study": study,
        "seen": seen,
        "guessing": queries.guessing(at=timezone.now()),
        "rates": queries.rate_rows(seen.rates),
        "dispositions": [
            (code, Disposition(code).word, n) for code, n in seen.dispositions.items()
        ],
        "attempts": [(Outcome(word).word, n) for word, n in seen.attempts.items()],
        "groups": (("Area", seen.by_area), ("Crime group", seen.by_crime_group)),
    }
    return render(request, "contact/monitoring.html", context)


@require_GET
@requires(Permission.FIELD_MANAGE)
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """The print runs, and how many letters are due."""
    return render(request, "contact/letters.html", _letters(studies.at_address(slug)))


@require_GET
@requires(Permission.FIELD_MANAGE)
def specimen(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """A letter to nobody, to read before anything is sent."""
    study = studies.at_address(slug)
    languages = studies.folder(study).charter.languages
    if kind not in KINDS or language not in languages:
        raise Http404
    try:
        pdf = letter_specimen(study, KINDS[kind], Language(language), at=timezone.now())
    except HarkenError as error:
        context = _letters(study) | {"findings": error.findings}
        return render(request, "contact/letters.html", context, status=400)
    return HttpResponse(pdf, content_type="application/pdf")


@never_cache
@require_POST
@requires(Permission.FIELD_MANAGE)
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a print run; the answer is the file for the printing house."""
    study = studies.at_address(slug)
    kind = KINDS.get(request.POST.get("kind", ""), "invitation")
    files: dict[str, bytes] = {}
    try:
        run = make_letters(
            study,
            kind=kind,
            out=files.__setitem__,
            by=actor_of(request),
            at=timezone.now(),
            address=request.build_absolute_uri("/").rstrip("/"),
            large="large" in request.POST,
        )
    except HarkenError as error:
        context = _letters(study) | {"findings": error.findings}
        return render(request, "contact/letters.html", context, status=400)
    answer = HttpResponse(_archive(files), content_type="application/zip")
    name = f"{study.slug}-{kind}-{run.pk}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "POST"])
@requires(Permission.FIELD_MANAGE)
def confirm(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The printing house confirmed that its copy is destroyed."""
    study = studies.at_address(slug)
    run = queries.print_run(study, number)
    if run is None:
        raise Http404
    context: dict[str, object] = {"study": study, "run": run}
    if request.method == "POST":
        try:
            actions.confirm_destroyed(run, by=actor_of(request), at=timezone.now())
        except HarkenError as error:
            context["findings"] = error.findings
            return render(request, "contact/confirm.html", context, status=400)
        return redirect("contact:letters", slug)
    return render(request, "contact/confirm.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.HELPDESK)
def desk(request: HttpRequest) -> HttpResponse:
    """One masked card by its exact code, and the way to say no."""
    study = studies.current()
    context: dict[str, object] = {"study": study, "channels": list(actions.Channel)}
    code, channel = request.POST.get("code", ""), request.POST.get("channel")
    if request.method == "GET" or study is None:
        return render(request, "contact/desk.html", context)
    by, at = actor_of(request), timezone.now()
    try:
        if channel in set(actions.Channel):
            actions.opt_out_by_code(study, code, channel=channel, by=by, at=at)
            context["done"] = True
        else:
            card = actions.look_up(study, code, by=by, at=at)
            context |= {"card": card, "code": code}
    except HarkenError as error:
        context["findings"] = error.findings
    status = 400 if "findings" in context else 200
    return render(request, "contact/desk.html", context, status=status)


def _letters(study: Study) -> dict[str, object]:
    at = timezone.now()
    due = {
        "invitation": recipients(study, "invitation", at=at).count(),
        "reminder": recipients(study, "reminder", at=at).count(),
    }
    minutes = {kind: round(n * SECONDS_A_LETTER / 60) for kind, n in due.items()}
    return {
        "study": study,
        "due": due,
        "minutes": minutes,
        "kinds": list(KINDS),
        "languages": studies.folder(study).charter.languages,
        "runs": queries.print_runs(study),
        "in_field": studies.can_fieldwork(study, at=at),
    }


def _archive(files: dict[str, bytes]) -> bytes:
    """The PDFs as one ZIP file, in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, pdf in files.items():
            archive.writestr(name, pdf)
    return out.getvalue()
