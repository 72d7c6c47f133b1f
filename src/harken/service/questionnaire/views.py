"""Pages of a study: its calendar and gate, opening and closing, its questions on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from harken.method.errors import Finding, HarkenError, errors_in
from harken.method.questionnaire import Questionnaire, printed_form
from harken.method.study import State
from harken.method.terms import Language, Mode
from harken.service.accounts.permissions import Permission, actor_of, can, requires
from harken.service.questionnaire import actions, queries
from harken.service.questionnaire.forms import form_pdf as make_pdf
from harken.service.study import actions as study_actions
from harken.service.study import queries as studies
from harken.service.study.models import Study

Step = Callable[[Study], None]


@require_GET
@requires(Permission.INSTRUMENT_READ)
def study(request: HttpRequest, slug: str) -> HttpResponse:
    """One study: what was promised, where it stands, what the gate still asks."""
    return render(
        request, "questionnaire/study.html", _about(request, studies.at_address(slug))
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.STUDY_MANAGE)
def open_it(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask whether to open the study; on yes, freeze the instrument and open it."""
    by = actor_of(request)
    now = timezone.now()
    return _confirmed(
        request, slug, "open", lambda held: actions.launch(held, by=by, at=now)
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.STUDY_MANAGE)
def close_it(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask whether to close the study; on yes, end its fieldwork for good."""
    by = actor_of(request)
    now = timezone.now()
    return _confirmed(
        request,
        slug,
        "close",
        lambda held: study_actions.close_study(held, by=by, at=now),
    )


@require_GET
@requires(Permission.INSTRUMENT_READ)
def pages(request: HttpRequest, slug: str) -> HttpResponse:
    """The page list: every question with its routing in words, and the findings."""
    held = studies.at_address(slug)
    findings = queries.findings(held)
    context: dict[str, Any] = {"study": held, "findings": findings}
    context |= _chosen(request, held)
    try:
        read = queries.instrument(held)
    except HarkenError as error:
        context["findings"] = error.findings
        return render(request, "questionnaire/pages.html", context)
    context["form"] = printed_form(
        read, mode=context["mode"], language=context["language"]
    )
    context["versions"] = queries.versions(held)
    return render(request, "questionnaire/pages.html", context)


@require_GET
@requires(Permission.INSTRUMENT_READ)
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """The printed form as a page of HTML."""
    held = studies.at_address(slug)
    context: dict[str, Any] = {"study": held} | _chosen(request, held)
    context["form"] = printed_form(
        _read(held),
        mode=context["mode"],
        language=context["language"],
        paper=context["mode"] is Mode.WEB,
    )
    return render(request, "questionnaire/form.html", context)


@require_GET
@requires(Permission.INSTRUMENT_READ)
def form_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The printed form as a tagged PDF."""
    held = studies.at_address(slug)
    chosen = _chosen(request, held)
    mode, language = chosen["mode"], chosen["language"]
    pdf = make_pdf(_read(held), title=chosen["title"], mode=mode, language=language)
    name = f"{held.slug}-questionnaire-{mode.value}-{language}.pdf"
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _read(held: Study) -> Questionnaire:
    try:
        return queries.instrument(held)
    except HarkenError as error:
        raise Http404 from error


def _chosen(request: HttpRequest, held: Study) -> dict[str, Any]:
    """Mode and language asked for in the address, else web and the source language."""
    charter = studies.folder(held).charter
    mode, language = request.GET.get("mode"), request.GET.get("language")
    return {
        "title": charter.title,
        "mode": Mode(mode) if mode in set(Mode) else Mode.WEB,
        "language": Language(language)
        if language in charter.languages
        else charter.source_language,
        "modes": charter.modes,
        "languages": charter.languages,
    }


def _about(request: HttpRequest, held: Study) -> dict[str, Any]:
    charter = studies.folder(held).charter
    draft = held.state == State.DRAFT.value
    findings: tuple[Finding, ...] = ()
    if draft:
        instrument = queries.findings(held)
        findings = studies.gate(held, instrument=instrument, at=timezone.now())
    return {
        "study": held,
        "charter": charter,
        "calendar": [
            (name.replace("_", " "), day) for name, day in studies.calendar(held)
        ],
        "promised": studies.promised(held),
        "findings": findings,
        "errors": errors_in(findings),
        "draft": draft,
        "manages": can(actor_of(request), Permission.STUDY_MANAGE),
        "expired": held.state == State.OPEN.value
        and not studies.can_fieldwork(held, at=timezone.now()),
    }


def _confirmed(request: HttpRequest, slug: str, verb: str, step: Step) -> HttpResponse:
    """One confirmation page: GET asks, POST does it or says why not."""
    held = studies.at_address(slug)
    context = _about(request, held) | {"verb": verb}
    if request.method == "GET":
        return render(request, "questionnaire/confirm.html", context)
    try:
        step(held)
    except HarkenError as error:
        context["refused"] = error.findings
        return render(request, "questionnaire/confirm.html", context, status=409)
    return redirect("questionnaire:study", slug=held.slug)
