"""Pages of the desk: one text at a time, nothing in the address, a step back until it is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from harken.method.errors import Finding, HarkenError, refuse
from harken.method.redaction import MarkKind
from harken.method.study import State
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, actor_of, requires
from harken.service.redaction import actions, crossing, faults, queries
from harken.service.redaction.models import Reading
from harken.service.study import queries as studies
from harken.service.study.models import Study

KEYS = {
    MarkKind.NAME: "n",
    MarkKind.PLACE: "p",
    MarkKind.ORGANISATION: "o",
    MarkKind.DATE: "d",
    MarkKind.AGE: "a",
    MarkKind.NUMBER: "m",
    MarkKind.REFERENCE: "r",
    MarkKind.OTHER: "x",
}
"""One key for each kind that a reader takes out by hand."""
CODE_KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
MISTAKE = 422

Act = Callable[[HttpRequest, Study, Actor, dt.datetime], object]


@require_safe
@requires(Permission.REDACT)
def texts(request: HttpRequest) -> HttpResponse:
    """The studies that have texts to read."""
    return render(request, "redaction/texts.html", {"rows": _standings()})


@require_safe
@requires(Permission.CODE)
def coding(request: HttpRequest) -> HttpResponse:
    """The studies that have redacted texts to code."""
    return render(request, "redaction/coding.html", {"rows": _standings()})


@require_safe
@requires(Permission.INTAKE)
def progress(request: HttpRequest) -> HttpResponse:
    """How far every study's texts have come."""
    return render(request, "redaction/progress.html", {"rows": _standings()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.INTAKE)
def study(request: HttpRequest, slug: str) -> HttpResponse:
    """One study's texts as counts, and the button that lets the finished ones cross."""
    found, at = studies.at_address(slug), timezone.now()
    context: dict[str, object] = {}
    if request.method == "POST":
        context["crossed"] = crossing.hand_over(found, by=actor_of(request), at=at)
    context |= {"progress": queries.progress(found, at=at)}
    return render(request, "redaction/study.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REDACT)
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """The text before this reader, or the way to the next one."""
    found, by, at = studies.at_address(slug), actor_of(request), timezone.now()
    findings = _acted(READER, request, found, by, at)
    if findings is None:
        return redirect("redaction:read", slug)
    page = queries.page(found, by=by, at=at)
    typed = request.POST.get("words") if findings else None
    context = {
        "page": page,
        "pieces": list(page.pieces()) if page else [],
        "words": (typed or page.words) if page else "",
        "progress": queries.progress(found, at=at),
        "undo": queries.last_step(found, by=by),
        "findings": findings,
        "stays": any(one.fault.code == "RED-002" for one in findings),
        "keys": [(key, kind.value, kind.placeholder) for kind, key in KEYS.items()],
        "kinds": list(MarkKind),
    }
    status = MISTAKE if findings else 200
    return render(request, "redaction/read.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CODE)
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """The redacted text before this coder, with its frame."""
    found, by, at = studies.at_address(slug), actor_of(request), timezone.now()
    findings = _acted(CODER, request, found, by, at)
    if findings is None:
        return redirect("redaction:code", slug)
    sheet = queries.sheet(found, by=by, at=at)
    context = {
        "sheet": sheet,
        "codes": list(zip(CODE_KEYS, sheet.frame.codes, strict=False)) if sheet else [],
        "progress": queries.progress(found, at=at),
        "undo": queries.last_step(found, by=by),
        "findings": findings,
    }
    status = MISTAKE if findings else 200
    return render(request, "redaction/code.html", context, status=status)


def _acted(
    acts: Mapping[str, Act],
    request: HttpRequest,
    study: Study,
    by: Actor,
    at: dt.datetime,
) -> Sequence[Finding] | None:
    """Do what a form asks: what is wrong with it, or None when it was done."""
    if request.method != "POST":
        return ()
    try:
        acts.get(request.POST.get("do", ""), _nothing_asked)(request, study, by, at)
    except HarkenError as error:
        return error.findings
    return None


def _next(request: HttpRequest, study: Study, by: Actor, at: dt.datetime) -> None:
    actions.take_next(study, by=by, at=at)


def _confirm(request: HttpRequest, study: Study, by: Actor, at: dt.datetime) -> None:
    words, looked = request.POST.get("words", ""), "looked" in request.POST
    reading = _reading(study, queries.BEING_READ, by, at)
    actions.confirm(reading, words, looked=looked, by=by, at=at)
    _and_then(_next, request, study, by, at)


def _keep_nothing(
    request: HttpRequest, study: Study, by: Actor, at: dt.datetime
) -> None:
    reading = _reading(study, queries.BEING_READ, by, at)
    actions.keep_nothing(reading, by=by, at=at)
    _and_then(_next, request, study, by, at)


def _give_back(request: HttpRequest, study: Study, by: Actor, at: dt.datetime) -> None:
    states = (*queries.BEING_READ, Reading.State.READ)
    actions.give_back(_reading(study, states, by, at), by=by, at=at)


def _undo(request: HttpRequest, study: Study, by: Actor, at: dt.datetime) -> None:
    states = (*queries.BEING_READ, Reading.State.READ)
    here = queries.held(study, states=states, by=by, at=at)
    if here is not None:
        actions.give_back(here, by=by, at=at)
    actions.undo(study, by=by, at=at)


def _concern(request: HttpRequest, study: Study, by: Actor, at: dt.datetime) -> None:
    reading = _reading(study, queries.BEING_READ, by, at)
    facts = request.POST.get("facts", "")
    actions.raise_concern(reading, facts=facts, by=by, at=at)


def _next_to_code(
    request: HttpRequest, study: Study, by: Actor, at: dt.datetime
) -> None:
    actions.take_next_to_code(study, by=by, at=at)


def _code(request: HttpRequest, study: Study, by: Actor, at: dt.datetime) -> None:
    reading = _reading(study, (Reading.State.READ,), by, at)
    actions.code(reading, request.POST.getlist("codes"), by=by, at=at)
    _and_then(_next_to_code, request, study, by, at)


def _and_then(
    act: Act, request: HttpRequest, study: Study, by: Actor, at: dt.datetime
) -> None:
    """Go on to the next after a step that is done, whatever stands against the next.

    Its refusal would read as if the step had failed; *Next text* says it when pressed.
    """
    with suppress(HarkenError):
        act(request, study, by, at)


def _nothing_asked(
    request: HttpRequest, study: Study, by: Actor, at: dt.datetime
) -> None:
    """A form without a step changes nothing."""


READER: dict[str, Act] = {
    "next": _next,
    "confirm": _confirm,
    "nothing": _keep_nothing,
    "give_back": _give_back,
    "undo": _undo,
    "concern": _concern,
}
CODER: dict[str, Act] = {
    "next": _next_to_code,
    "code": _code,
    "give_back": _give_back,
    "undo": _undo,
}


def _reading(
    study: Study, states: tuple[Reading.State, ...], by: Actor, at: dt.datetime
) -> Reading:
    """What this person has before them; no address or form says which it is."""
    found = queries.held(study, states=states, by=by, at=at)
    if found is None:
        raise refuse(faults.NOT_HELD)
    return found


def _standings() -> list[queries.Progress]:
    at = timezone.now()
    running = {State.OPEN.value, State.CLOSED.value}
    return [
        queries.progress(study, at=at)
        for study in studies.all_studies()
        if study.state in running
    ]
