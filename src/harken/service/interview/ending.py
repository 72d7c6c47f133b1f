"""Ways to end or interrupt a visit: stop, delete, save for later, say no, a page left open.

Each says beforehand what becomes of the answers, and does just that.
"""

from __future__ import annotations

from django.http import HttpResponse

from harken.method.errors import HarkenError
from harken.method.interview import Status
from harken.method.terms import RESPONDENT, CaseRef
from harken.service.contact import actions as contact
from harken.service.interview import actions, queries
from harken.service.interview.support import services_in
from harken.service.interview.visit import Page, Visit
from harken.service.interview.words import MISTAKE, told


def stop_page(visit: Visit, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The question whether to stop, and what is to happen to the answers."""
    sampled = visit.sitting.interview.arm == "sample"
    return visit.show("stop", problem=problem, status=status, sampled=sampled)


def stop(visit: Visit) -> HttpResponse:
    """Stop for good: keep or delete what was said, as the person chooses (SAF-32)."""
    row, study = visit.row, visit.study
    choice = visit.request.POST.get("stop", "")
    if row is None or study is None or choice == "go_on":
        return visit.turn(Page.NEXT)
    if choice not in {"keep", "delete"}:
        problem = visit.words["stop_required"]
        return stop_page(visit, problem=problem, status=MISTAKE)
    opted = row.arm == "sample" and bool(visit.request.POST.get("no_contact"))
    actions.stop(row, keep=choice == "keep", at=visit.at)
    if opted:
        contact.opt_out(
            study, CaseRef(row.case), channel="web", by=RESPONDENT, at=visit.at
        )
    visit.let_go()
    visit.request.session["stopped"] = [choice, opted]
    return visit.turn(Page.STOPPED)


def stopped(visit: Visit) -> HttpResponse:
    """What was done with the answers, and where support is."""
    choice, opted = visit.request.session.get("stopped", ["delete", False])
    kept = choice == "keep"
    services = services_in(visit.folder, visit.language)
    return visit.show("stopped", kept=kept, opted=opted, services=services)


def decline(visit: Visit) -> HttpResponse:
    """A no to taking part: nothing is kept, and a person with a letter is left alone."""
    row, study = visit.row, visit.study
    if row is None or study is None or row.status != Status.DECLINED:
        return visit.turn(Page.NEXT)
    actions.stop(row, keep=False, at=visit.at)
    if row.arm == "sample":
        contact.opt_out(
            study, CaseRef(row.case), channel="web", by=RESPONDENT, at=visit.at
        )
    visit.let_go()
    visit.request.session["stopped"] = ["delete", False]
    return visit.turn(Page.STOPPED)


def reconsider(visit: Visit) -> HttpResponse:
    """Back to the question of consent."""
    if visit.row is not None and visit.row.status == Status.DECLINED:
        for question in visit.sitting.book.questions:
            if question.purpose and question.id in visit.sitting.interview.answers:
                actions.go_to(visit.row, question.id, by=RESPONDENT)
                break
    return visit.turn(Page.NEXT)


def save_page(visit: Visit, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page on which a PIN is chosen."""
    return visit.show("save", problem=problem, status=status)


def save(visit: Visit) -> HttpResponse:
    """Put the interview aside; the return code is shown once, on the answer itself."""
    row = visit.row
    if row is None:
        return visit.turn(Page.NEXT)
    pin = visit.request.POST.get("pin", "").strip()
    try:
        code = actions.save_for_later(row, pin=pin, by=RESPONDENT, at=visit.at)
    except HarkenError as error:
        return save_page(visit, problem=told(error, visit.language), status=MISTAKE)
    kept = queries.find(row.handle)
    until = visit.day(kept.return_by) if kept and kept.return_by else ""
    visit.let_go()
    visit.row = None
    return visit.show("saved", code=code, until=until)


def idle(visit: Visit) -> HttpResponse:
    """Nobody used the page: end the visit gently, with the answers kept or deleted as
    the warning said."""
    if visit.row is None:
        return visit.turn(Page.NEXT)
    visit.time_out()
    return visit.onward()


def timed_out(visit: Visit) -> HttpResponse:
    """What a person finds who comes back to a page that was closed."""
    kept = visit.request.session.get("timed_out") == "kept"
    return visit.show("timed_out", kept=kept)
