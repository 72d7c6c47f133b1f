"""The guardian's pages, the helpdesk's withdrawal and the respondent's own.

A view reads its input, calls one action or query and answers. Destroying is confirmed on
a page of its own, and approved on another by somebody else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from harken.method import anonymisation
from harken.method.anonymisation import NotValid, Step
from harken.method.anonymisation.faults import NOT_VALID
from harken.method.errors import Exit, Finding, HarkenError, refuse
from harken.method.study import State
from harken.method.terms import RESPONDENT, Actor
from harken.method.vault.keyring import Retention
from harken.service.accounts.permissions import Permission, actor_of, can, requires
from harken.service.anonymisation import (
    actions,
    execute,
    keeping,
    paper,
    queries,
    readiness,
    registry,
)
from harken.service.anonymisation.faults import INCOMPLETE_COPY, NOT_FOUND
from harken.service.anonymisation.models import Certificate, Run
from harken.service.interview.visit import enter
from harken.service.ledger import queries as ledger
from harken.service.ledger.signing import signer
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import queries as keys

Findings = tuple[Finding, ...]

VERIFIERS = {"verify.py": "text/x-python", "verify.mjs": "text/javascript"}
STEP_WORDS = {
    Step.PLANNED: "Planned; waiting for both approvals and for the run",
    Step.ROTATE: "New keyrings without these people",
    Step.SHRED: "Old epoch keys destroyed, receipts signed",
    Step.SWEEP: "Rows that led to people removed",
    Step.CERTIFY: "Certificate written",
    Step.ENDED: "Ended",
}


@require_GET
@requires(Permission.LEDGER_READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Every study: the promised day, days left, the alarm when it has passed."""
    now = timezone.now()
    rows = [(one, queries.standing(one, at=now)) for one in studies.all_studies()]
    return render(request, "anonymisation/overview.html", {"rows": rows})


@require_GET
@requires(Permission.LEDGER_READ)
def study(request: HttpRequest, slug: str) -> HttpResponse:
    """One study: the promise, what would be destroyed and kept, what to do next."""
    return _study_page(request, studies.at_address(slug))


@require_POST
@requires(Permission.DESTROY_PLAN)
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan the destruction of the class that stands next."""
    found = studies.at_address(slug)
    try:
        actions.plan(
            found,
            by=actor_of(request),
            at=timezone.now(),
            retention=queries.coming(found)[0],
            without_kept_file=request.POST.get("without_kept_file") == "yes",
            part=request.POST.get("people") == "due",
        )
    except HarkenError as error:
        return _study_page(request, found, error.findings)
    return redirect("anonymisation:study", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DESTROY_APPROVE)
def approve(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the plan, tick, and agree to it for one's side."""
    found = studies.at_address(slug)
    by = actor_of(request)
    findings: Findings = ()
    missing = False
    if request.method == "POST":
        missing = request.POST.get("agree") != "yes"
        if not missing:
            try:
                actions.approve(
                    found,
                    digest=request.POST.get("digest", ""),
                    by=by,
                    at=timezone.now(),
                    retention=queries.coming(found)[0],
                )
            except HarkenError as error:
                findings = error.findings
            else:
                return redirect("anonymisation:study", slug)
    context = {
        **_planned(found),
        "side": actions.SIDES.get(by.role),
        "findings": findings,
        "missing": missing,
    }
    status = 422 if findings or missing else 200
    return render(request, "anonymisation/approve.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DESTROY_PLAN)
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm by typing the study's name, run, and show what was done."""
    found = studies.at_address(slug)
    findings: Findings = ()
    differs = False
    if request.method == "POST":
        differs = request.POST.get("name", "").strip() != found.slug
        if not differs:
            try:
                execute.execute(
                    found,
                    by=actor_of(request),
                    at=timezone.now(),
                    retention=queries.coming(found)[0],
                )
            except HarkenError as error:
                findings = error.findings
            else:
                return redirect("anonymisation:study", slug)
    context = {**_planned(found), "findings": findings, "differs": differs}
    status = 422 if findings or differs else 200
    return render(request, "anonymisation/run.html", context, status=status)


@require_GET
@requires(Permission.LEDGER_READ)
def certificate(request: HttpRequest, number: int) -> HttpResponse:
    """A certificate as a file."""
    found = get_object_or_404(Certificate.objects.select_related("run"), pk=number)
    return _file(found.text.encode("utf-8"), found.file_name, "application/json")


@require_GET
@requires(Permission.LEDGER_READ)
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """The same on paper, made anew from the file; refused when the file is not valid."""
    found = get_object_or_404(Certificate.objects.select_related("run"), pk=number)
    name = found.file_name.replace(".json", ".pdf")
    try:
        made = paper.pdf(found.text, signer("ledger").public_key)
    except NotValid as reason:
        raise refuse(NOT_VALID, reason=str(reason)) from None
    return _file(made, name, "application/pdf")


@require_GET
@requires(Permission.LEDGER_READ)
def verified(request: HttpRequest, number: int) -> HttpResponse:
    """What the verifier says of a certificate, here and now; and how to ask it elsewhere."""
    found = get_object_or_404(Certificate.objects.select_related("run"), pk=number)
    shown, why = None, ""
    try:
        shown = anonymisation.verify(found.text.encode(), signer("ledger").public_key)
    except NotValid as reason:
        why = str(reason)
    context = {"one": found, "shown": shown, "why": why}
    status = 422 if why else 200
    return render(request, "anonymisation/verified.html", context, status=status)


@require_GET
@requires(Permission.LEDGER_READ)
def verifier(request: HttpRequest, name: str) -> HttpResponse:
    """One of the two programs that check a certificate, or the operator's public key."""
    if name == "ledger.pub":
        key = signer("ledger").public_key + "\n"
        return _file(key.encode("utf-8"), name, "text/plain")
    if name not in VERIFIERS:
        raise Http404
    program = Path(anonymisation.__file__).with_name(name)
    return _file(program.read_bytes(), name, VERIFIERS[name])


@require_POST
@requires(Permission.DESTROY_PLAN)
def rehearse(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down that the list was gone through; nothing dies."""
    found = studies.at_address(slug)
    retention, part = queries.coming(found)
    by = actor_of(request)
    actions.rehearse(found, by=by, at=timezone.now(), retention=retention, part=part)
    return redirect("anonymisation:study", slug)


@require_POST
@requires(Permission.DESTROY_PLAN)
def judge(request: HttpRequest, slug: str) -> HttpResponse:
    """Judge the file of answers that is kept, and show what it costs; counts only."""
    found = studies.at_address(slug)
    try:
        declared = keeping.declaration(found)
        before, made = keeping.judge(
            found, declared, by=actor_of(request), at=timezone.now()
        )
    except HarkenError as error:
        return _study_page(request, found, error.findings)
    context = {
        "study": found,
        "before": before,
        "passes": made.verdict.passes,
        "failing": len(made.verdict.failing),
        "costs": keeping.cost(made),
        "diverse": bool(declared.sensitive),
    }
    status = 200 if made.verdict.passes else 422
    return render(request, "anonymisation/judged.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DESTROY_PLAN)
def copies(request: HttpRequest, slug: str) -> HttpResponse:
    """Identities that left the house; POST notes a recipient's confirmation."""
    found = studies.at_address(slug)
    by = actor_of(request)
    findings: Findings = ()
    if request.method == "POST":
        try:
            registry.adopt(found, by=by, at=timezone.now())
            _copy(found, request, by)
            if queries.certificates(slug).exists():
                execute.issue(found, None, by=by, at=timezone.now())
        except HarkenError as error:
            findings = error.findings
        else:
            return redirect("anonymisation:copies", slug)
    context = {
        "study": found,
        "copies": registry.out(found),
        "findings": findings,
        "typed": request.POST,
    }
    status = 422 if findings else 200
    return render(request, "anonymisation/copies.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.HELPDESK)
def withdrawals(request: HttpRequest) -> HttpResponse:
    """The helpdesk takes a response back for a person who reads out a receipt code."""
    findings: Findings = ()
    done = False
    if request.method == "POST":
        by = actor_of(request)
        findings = _withdraw(request, by, source=f"staff {by.label}")
        done = not findings
    context = {"findings": findings, "done": done, "studies": studies.all_studies()}
    status = 422 if findings else 200
    return render(request, "anonymisation/withdrawals.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """The person's own page. The answer is the same whatever the code was."""
    visit = enter(request)
    if gone := queries.severed(visit.study):
        rows = [(visit.day(one.day), one.number) for one in gone]
        return visit.show("anonymisation/severed", rows=rows)
    done, problem, status = request.method == "POST", "", 200
    if done:
        for one in _withdraw(request, RESPONDENT, source=visit.source):
            if one.fault.code == actions.TOO_MANY:
                done, problem, status = False, visit.words["error_busy"], 422
    page = "anonymisation/withdraw"
    return visit.show(page, done=done, problem=problem, status=status)


def _copy(found: Study, request: HttpRequest, by: Actor) -> None:
    """Note a recipient's confirmation, or a copy that the house did not know of."""
    now = timezone.now()
    recipient = request.POST.get("recipient", "").strip()[:200]
    copy, people = request.POST.get("copy", ""), request.POST.get("people", "").strip()
    if copy:
        vault.confirm_copy(found, copy, by=by, at=now)
        return
    if not recipient or not (people.isascii() and people.isdecimal()):
        raise refuse(INCOMPLETE_COPY)
    vault.register_copy(
        found,
        recipient=recipient,
        purpose=request.POST.get("purpose", "").strip()[:200],
        people=int(people),
        file_hash=hashlib.sha256(
            f"{recipient}|{request.POST.get('purpose', '')}|{now}".encode()
        ).hexdigest(),
        by=by,
        at=now,
    )


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _withdraw(request: HttpRequest, by: Actor, *, source: str) -> Findings:
    slug = request.POST.get("study", "")
    try:
        found = studies.get(slug) if slug else studies.current()
    except HarkenError:
        found = None
    if found is None:
        return (Finding(NOT_FOUND),)
    code = request.POST.get("code", "")
    try:
        actions.withdraw_response(found, code, at=timezone.now(), by=by, source=source)
    except HarkenError as error:
        if error.exit not in (Exit.REFUSED, Exit.BUSY):
            raise
        return error.findings
    return ()


def _study_page(
    request: HttpRequest, found: Study, findings: Findings = ()
) -> HttpResponse:
    now = timezone.now()
    by = actor_of(request)
    standing = queries.standing(found, at=now)
    seen = keys.overview(found.slug)
    retention, part = queries.coming(found)
    side, given = actions.SIDES.get(by.role), _given(standing.run)
    context = {
        "study": found,
        "standing": standing,
        "points": readiness.points(found, at=now),
        "rehearsed": readiness.rehearsed(found),
        "steps": _steps(standing.step),
        "witness": ledger.witness(),
        "seen": seen,
        "happened": queries.happened(found.slug),
        "ahead": bool(
            seen.live or seen.withdrawn_waiting or seen.recontact or standing.run
        )
        or found.state != State.DESTROYED,
        "cohorts": _cohorts(found.slug, retention),
        "part": part,
        "foresight": queries.foresee(found, retention, at=now, part=part),
        "unjudged": queries.needs_judging(found, retention),
        "given": given,
        "certificates": queries.certificates(found.slug),
        "may_plan": can(by, Permission.DESTROY_PLAN),
        "may_approve": side is not None and side.value not in given,
        "findings": findings,
    }
    status = 422 if findings else 200
    return render(request, "anonymisation/study.html", context, status=status)


def _steps(step: Step | None) -> list[tuple[str, str]]:
    """Each step of a destruction and whether it is done, at work or waiting."""
    if step is None:
        return []
    order = list(Step)
    at = order.index(step)
    states = ("done", "at work", "waiting")
    return [
        (STEP_WORDS[one], states[(n >= at) + (n > at)]) for n, one in enumerate(order)
    ]


def _cohorts(slug: str, retention: Retention) -> list[tuple[dt.date, int, str]]:
    """The promised day of people with different ones, how many they are, and why."""
    if not queries.has_parts(slug, retention):
        return []
    people = keys.cohorts(slug, retention)
    rows = zip(keys.promises(slug), people, strict=False)
    return [
        (promise.day(retention.day), count, promise.policy.get("reason", ""))
        for promise, count in rows
        if count
    ]


def _planned(found: Study) -> dict[str, object]:
    """The plan that stands, in its counts and words, for the pages that act on it."""
    current = queries.current_run(found)
    return {
        "study": found,
        "run": current,
        "given": _given(current),
        "kept_words": paper.kept_words(current.plan) if current else "",
    }


def _given(run: Run | None) -> dict[str, str]:
    """Who approved, by side, for the template."""
    if run is None:
        return {}
    return {side.value: by for side, by in queries.approvals(run).items()}
