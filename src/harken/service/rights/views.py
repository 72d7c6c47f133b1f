"""Pages of the registers, and the respondent's own page to ask.

A view reads its input, calls one action or query and answers. The copy of one person's
data is shown once, to the guardian who made sure of them, and is stored nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from harken.method.errors import Finding, HarkenError
from harken.method.rights import Ground, RequestKind, faults
from harken.method.terms import Actor, Role
from harken.method.vault.keyring import Fact
from harken.service.accounts.permissions import Permission, actor_of, can, requires
from harken.service.anonymisation import queries as anonymisation
from harken.service.interview.visit import enter
from harken.service.rights import actions, days, emergency, pauses, queries
from harken.service.rights import registers as other
from harken.service.rights.models import Complaint, Emergency, Incident, Request
from harken.service.study import queries as studies
from harken.service.study.models import Study

Findings = tuple[Finding, ...]
Row = TypeVar("Row")
FORM = ("GET", "HEAD", "POST")
FACTS = [
    (Fact.TELEPHONE.value, "Telephone number"),
    (Fact.EMAIL.value, "E-mail address"),
    (Fact.CRIME_REFERENCE.value, "Reference of their case"),
    (Fact.NAME.value, "Surname and postcode"),
]
"""What a person without a code may be found by, as the helpdesk reads it."""


@require_GET
@requires(Permission.REGISTER_READ)
def registers(request: HttpRequest) -> HttpResponse:
    """Everything that is due, the most urgent first, and what is done."""
    by = actor_of(request)
    rows = queries.due(at=timezone.now())
    context: dict[str, Any] = {
        "open": [row for row in rows if row.open],
        "done": [row for row in rows if not row.open],
        "takes": can(by, Permission.HELPDESK),
        "reviews": can(by, Permission.REVIEW),
        "emergencies": list(Emergency.objects.select_related("study")[:20]),
        "untold": "not by mail: ring them",
    }
    if by.role is Role.CONTROLLER:
        context["untold"] = "now, by this page"
        for row in context["emergencies"]:
            emergency.seen(row, by=by, at=timezone.now())
    return render(request, "rights/registers.html", context)


@never_cache
@require_http_methods(FORM)
@requires(Permission.HELPDESK)
def new_request(request: HttpRequest) -> HttpResponse:
    """Take a request in, for somebody who rings or writes."""
    form, by = request.POST, actor_of(request)

    def take() -> str:
        row = actions.take_in(
            _study(form.get("study", "")),
            _kind(form.get("kind", "")),
            channel=form.get("channel", ""),
            code=form.get("code", ""),
            known=(form.get("fact", ""), form.get("known", "")),
            received_on=days.read(form.get("received_on", "")),
            by=by,
            at=timezone.now(),
        )
        return row.number

    return _new(request, "rights/new_request.html", take, "rights:request")


@never_cache
@require_http_methods(FORM)
@requires(Permission.REGISTER_READ)
def request(request: HttpRequest, number: str) -> HttpResponse:
    """One request: its clock, and for the guardian its decision."""
    row = _found(queries.request, number)
    by = actor_of(request)
    findings: Findings = ()
    if request.method == "POST":
        findings = _tried(lambda: _decide(request, row, by=by))
        if not findings:
            return redirect("rights:request", number)
        row = queries.request(number)
    decides = can(by, Permission.RIGHTS)
    context = {
        "row": row,
        "due": next(d for d in queries.due(at=timezone.now()) if d.number == number),
        "decides": decides and row.state == Request.State.OPEN,
        "takes": can(by, Permission.HELPDESK),
        "linked": hasattr(row, "asker"),
        "reason": queries.reason(row) if decides else "",
        "gone": anonymisation.partings(row.study.slug),
        "others_live": queries.others_live(row.study),
        "kept": queries.kept(row),
        "checks": actions.CHECKS,
        "late": pauses.over(row, at=timezone.now()),
        "questions": [
            one for one in Request.Lacking.choices if one[0] in pauses.questions(row)
        ],
        "longer": Request.Longer.choices,
        "ends": RequestKind(row.kind) in actions.LEAVING,
        "today": timezone.localdate(),
        "grounds": [g for g in Ground if RequestKind(row.kind) in g.kinds],
        "typed": request.POST,
        "findings": findings,
    }
    status = 422 if findings else 200
    return render(request, "rights/request.html", context, status=status)


@never_cache
@require_POST
@requires(Permission.RIGHTS, fresh=True)
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """The document that answers a request for a copy, to be printed and handed over."""
    row = _found(queries.request, number)
    try:
        document = actions.copy_for(
            row,
            checked=request.POST.get("checked", ""),
            by=actor_of(request),
            at=timezone.now(),
        )
    except HarkenError as error:
        context = {"number": number, "findings": error.findings}
        return render(request, "rights/no_copy.html", context, status=422)
    return render(request, "rights/copy.html", {"document": document, "number": number})


@never_cache
@require_POST
@requires(Permission.RIGHTS, fresh=True)
def facts(request: HttpRequest, number: str) -> HttpResponse:
    """What to make sure of the person by, before anything is done or handed over."""
    row = _found(queries.request, number)
    context: dict[str, Any] = {"number": number}
    try:
        context["facts"] = actions.facts_of(
            row, by=actor_of(request), at=timezone.now()
        )
    except HarkenError as error:
        context["findings"] = error.findings
    status = 422 if "findings" in context else 200
    return render(request, "rights/facts.html", context, status=status)


@never_cache
@require_http_methods(FORM)
@requires(Permission.HELPDESK)
def new_complaint(request: HttpRequest) -> HttpResponse:
    """Write a complaint down."""
    form, by = request.POST, actor_of(request)

    def take() -> str:
        row = other.complain(
            _study(form.get("study", "")),
            about=form.get("about", ""),
            channel=form.get("channel", ""),
            received_on=days.read(form.get("received_on", "")),
            by=by,
            at=timezone.now(),
        )
        return row.number

    return _new(request, "rights/new_complaint.html", take, "rights:complaint")


@never_cache
@require_http_methods(FORM)
@requires(Permission.REGISTER_READ)
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """One complaint: acknowledge it, answer it."""
    row = _found(queries.complaint, number)
    by, at = actor_of(request), timezone.now()
    findings: Findings = ()
    if request.method == "POST":
        act = request.POST.get("act")
        findings = _tried(
            lambda: (
                other.acknowledge(row, by=by, at=at)
                if act == "acknowledge"
                else other.settle(
                    row,
                    request.POST.get("outcome", ""),
                    reason=request.POST.get("reason", ""),
                    by=by,
                    at=at,
                )
            )
        )
        if not findings:
            return redirect("rights:complaint", number)
    context = {
        "row": row,
        "due": next(d for d in queries.due(at=at) if d.number == number),
        "outcomes": Complaint.Outcome.choices,
        "typed": request.POST,
        "acknowledges": can(by, Permission.HELPDESK) and not row.acknowledged_at,
        "decides": can(by, Permission.RIGHTS) and not row.answered_at,
        "findings": findings,
    }
    status = 422 if findings else 200
    return render(request, "rights/complaint.html", context, status=status)


@never_cache
@require_http_methods(FORM)
@requires(Permission.NOTICE)
def new_incident(request: HttpRequest) -> HttpResponse:
    """Anybody on the staff says that something went wrong; the 72 hours begin."""
    form, by = request.POST, actor_of(request)
    at = timezone.now()

    def take() -> str:
        people = form.get("people", "").strip() or "0"
        hours = form.get("hours", "").strip() or "0"
        row = other.notice(
            _study(form.get("study", "")),
            kind=form.get("kind", ""),
            people=int(people) if people.isascii() and people.isdigit() else -1,
            noticed_at=at - dt.timedelta(hours=_hours(hours)),
            by=by,
            at=at,
        )
        return row.number

    seen = can(by, Permission.REGISTER_READ)
    to = "rights:incident" if seen else ""
    return _new(request, "rights/new_incident.html", take, to)


@never_cache
@require_http_methods(FORM)
@requires(Permission.REGISTER_READ)
def incident(request: HttpRequest, number: str) -> HttpResponse:
    """One incident: judge, report, tell, close; and the text that is safe to send."""
    row = _found(queries.incident, number)
    by = actor_of(request)
    findings: Findings = ()
    text: list[str] = []
    if request.method == "POST":
        findings = _tried(lambda: _on_incident(request, row, text, by=by))
        if not findings and not text:
            return redirect("rights:incident", number)
        row = queries.incident(number)
    context = {
        "row": row,
        "due": next(d for d in queries.due(at=timezone.now()) if d.number == number),
        "risks": Incident.Risk.choices,
        "decides": can(by, Permission.RIGHTS) and row.closed_at is None,
        "text": text[0] if text else "",
        "typed": request.POST,
        "findings": findings,
    }
    status = 422 if findings else 200
    return render(request, "rights/incident.html", context, status=status)


@never_cache
@require_http_methods(FORM)
def ask(request: HttpRequest) -> HttpResponse:
    """The person's own page. What it answers is the same whatever the code was."""
    kinds = [kind for kind in RequestKind if kind is not RequestKind.WITHDRAWAL]
    visit = enter(request)
    if gone := anonymisation.severed(visit.study):
        rows = [(visit.day(one.day), one.number) for one in gone]
        return visit.show("anonymisation/severed", rows=rows)
    context: dict[str, Any] = {
        "kinds": [(kind.value, visit.words[f"ask_kind_{kind.value}"]) for kind in kinds]
    }
    if request.method == "POST" and visit.study is not None:
        kind = request.POST.get("kind", "")
        if kind not in kinds:
            return visit.show("rights/ask", missing=True, **context, status=422)
        try:
            context["number"] = actions.take_in_on_the_web(
                visit.study,
                RequestKind(kind),
                request.POST.get("code", ""),
                at=timezone.now(),
                source=visit.source,
            )
        except HarkenError as error:
            if error.findings[0].fault.code != actions.TOO_MANY:
                raise
            context |= {"problem": visit.words["error_busy"], "chosen": kind}
            return visit.show("rights/ask", **context, status=422)
    return visit.show("rights/ask", **context)


def _decide(request: HttpRequest, row: Request, *, by: Actor) -> None:
    form, at = request.POST, timezone.now()
    reason = form.get("reason", "")
    match form.get("act"):
        case "answer":
            checked = form.get("checked", "")
            actions.answer(row, checked=checked, reason=reason, by=by, at=at)
        case "refuse":
            words = {ground.value for ground in Ground}
            word = form.get("ground", "")
            if word not in words:
                raise actions.unknown_word("on which ground")
            actions.turn_down(row, Ground(word), reason=reason, by=by, at=at)
        case "extend":
            actions.extend(row, form.get("longer", ""), by=by, at=at)
        case "ask_back":
            on, lacking = days.read(form.get("on", "")), form.get("lacking", "")
            pauses.ask_back(row, lacking, on=on, by=by, at=at)
        case "answered_back":
            on = days.read(form.get("on", ""))
            pauses.answered_back(row, on=on, by=by, at=at)
        case _:
            raise actions.unknown_word()


def _on_incident(
    request: HttpRequest, row: Incident, text: list[str], *, by: Actor
) -> None:
    form, at = request.POST, timezone.now()
    match form.get("act"):
        case "judge":
            reason = form.get("reason", "")
            other.judge(row, form.get("risk", ""), reason=reason, by=by, at=at)
        case "reported":
            other.reported(row, by=by, at=at)
        case "told":
            other.told(row, by=by, at=at)
        case "close":
            other.close(row, by=by, at=at)
        case "message":
            words = {
                name: form.get(name, "") for name in ("happened", "done", "can_do")
            }
            text.append(other.message(row, **words))
        case _:
            raise actions.unknown_word()


def _new(
    request: HttpRequest, template: str, take: Callable[[], str], to: str
) -> HttpResponse:
    """The form, or what came of it: the new entry's page, or its number alone."""
    taken: list[str] = []
    findings: Findings = ()
    if request.method == "POST":
        findings = _tried(lambda: taken.append(take()))
        if taken and to:
            return redirect(to, taken[0])
    context = {
        "studies": studies.all_studies(),
        # The class itself would be called by the template, and vanish.
        "kinds": list(RequestKind),
        "facts": FACTS,
        "channels": [c for c in Request.Channel if c is not Request.Channel.WEB],
        "abouts": Complaint.About.choices,
        "harms": Incident.Kind.choices,
        "number": taken[0] if taken else "",
        "today": timezone.localdate(),
        "wrong_day": [f.message for f in findings if f.fault is faults.NOT_THAT_DAY],
        "typed": request.POST,
        "findings": findings,
    }
    return render(request, template, context, status=422 if findings else 200)


def _tried(act: Callable[[], object]) -> Findings:
    try:
        act()
    except HarkenError as error:
        return error.findings
    return ()


def _found(query: Callable[[str], Row], number: str) -> Row:
    try:
        return query(number)
    except HarkenError:
        raise Http404 from None


def _study(slug: str) -> Study:
    return studies.get(slug)


def _kind(word: str) -> RequestKind:
    if word not in {kind.value for kind in RequestKind}:
        raise actions.unknown_word("what they ask for")
    return RequestKind(word)


def _hours(word: str) -> int:
    if not (word.isascii() and word.isdigit()) or int(word) > 10_000:
        raise actions.unknown_word("how many hours ago it was noticed, in digits")
    return int(word)
