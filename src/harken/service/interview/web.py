"""The web door: one address for the whole journey, one thing a page.

Each POST does one thing and redirects to the same address; what is shown follows from
the stored interview. The script, which leaves no entry in the tab's history, is given
the next page at once. A page with a mistake in it changes nothing. Nothing here decides
a route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from harken.method import interview as method
from harken.method.errors import Finding, HarkenError
from harken.method.interview import Status
from harken.method.questionnaire import Purpose, Question
from harken.method.terms import RESPONDENT, CaseRef, Language, Mode
from harken.service.contact import actions as contact
from harken.service.interview import (
    actions,
    aloud,
    ending,
    faults,
    models,
    queries,
    returning,
    sealed,
)
from harken.service.interview.notices import leaflet
from harken.service.interview.queries import Door
from harken.service.interview.screen import said, screen, searched, sent_of
from harken.service.interview.support import services_in
from harken.service.interview.visit import Page, Visit, enter
from harken.service.interview.words import MISTAKE, OVER, told

STRAYED = {"INT-001", "INT-002"}

WAYS: Mapping[Door, Sequence[tuple[str, str]]] = {
    Door.NOT_YET: [("refuse", "refuse_letter")],
    Door.TELEPHONE: [("refuse", "refuse_letter")],
    Door.WEB: [
        ("code", "has_letter"),
        ("open", "no_letter"),
        ("return", "has_return"),
        ("refuse", "refuse_letter"),
    ],
    Door.LETTER: [
        ("code", "has_letter"),
        ("return", "has_return"),
        ("refuse", "refuse_letter"),
    ],
}
"""What the first page offers, by the state of the door: the way and its words."""

Act = Callable[[Visit], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The whole journey: GET shows where the person is, POST takes one step."""
    visit = enter(request)
    try:
        if request.method == "POST" and visit.over:
            return visit.onward()
        if request.method == "POST":
            response = ACTS.get(request.POST.get("do", ""), _stay)(visit)
            return _page(visit) if visit.turned else response
        return _page(visit)
    except HarkenError as error:
        code = error.findings[0].fault.code
        over = code in OVER or code.startswith("VAU")
        if visit.row is None or not over:
            raise
        visit.let_go()
        visit.row = None
        return visit.show("gone")


def _page(visit: Visit) -> HttpResponse:
    if visit.row is not None:
        return _in_interview(visit, visit.row)
    if visit.page in BEFORE:
        return BEFORE[visit.page](visit)
    return _front(visit)


def _front(visit: Visit, *, problem: str = "", status: int = 200) -> HttpResponse:
    days = visit.folder.charter.calendar if visit.folder else None
    return visit.show(
        "front",
        status=status,
        door=visit.door,
        opens=visit.day(days.web_opens) if days else "",
        ways=[(way, visit.words[word]) for way, word in WAYS.get(visit.door, ())],
        problem=problem,
        sound=aloud.sources(aloud.of_front(visit.language), visit.language),
    )


def _stay(visit: Visit) -> HttpResponse:
    return visit.onward()


def _how(visit: Visit) -> HttpResponse:
    """The first page's choice: with a code, without one, or coming back."""
    choice = visit.request.POST.get("how", "")
    if choice == "refuse" and visit.door in WAYS:
        return visit.turn(Page.REFUSE)
    if visit.door not in {Door.WEB, Door.LETTER}:
        return visit.onward()
    if visit.request.POST.get("code"):
        return _enter_code(visit)
    if choice == "open" and visit.door is Door.WEB:
        return _begin(visit, None)
    if choice == "code":
        return visit.turn(Page.CODE)
    if choice == "return":
        return visit.turn(Page.RETURN)
    return _front(visit, problem=visit.words["how_required"], status=MISTAKE)


def _code(visit: Visit, *, problem: str = "", status: int = 200) -> HttpResponse:
    return visit.show("code", problem=problem, status=status)


def _enter_code(visit: Visit) -> HttpResponse:
    """Redeem a letter's code; every bad code gets the same answer, and so does that of
    an interview saved behind a PIN, which only ``_come_back`` opens."""
    if visit.study is None or visit.door not in {Door.WEB, Door.LETTER}:
        return visit.turn(Page.NEXT)
    typed = visit.request.POST.get("code", "")
    try:
        ref = contact.redeem(
            visit.study, typed, at=visit.at, source=visit.source, gate=_unsaved(visit)
        )
        return _begin(visit, ref)
    except HarkenError as error:
        return _code(visit, problem=told(error, visit.language), status=MISTAKE)


def _unsaved(visit: Visit) -> Callable[[CaseRef], bool]:
    def unsaved(ref: CaseRef) -> bool:
        study, today = visit.study, timezone.localdate(visit.at)
        return study is not None and not queries.is_saved(study, ref, today=today)

    return unsaved


def _refuse(visit: Visit, *, problem: str = "", status: int = 200) -> HttpResponse:
    return visit.show("refuse", problem=problem, status=status)


def _no_contact(visit: Visit) -> HttpResponse:
    """A person with a letter says no to every contact, as the letter offers."""
    if visit.study is None or visit.row is not None:
        return visit.turn(Page.NEXT)
    typed = visit.request.POST.get("code", "")
    try:
        ref = contact.redeem(visit.study, typed, at=visit.at, source=visit.source)
        contact.opt_out(visit.study, ref, channel="web", by=RESPONDENT, at=visit.at)
    except HarkenError as error:
        return _refuse(visit, problem=told(error, visit.language), status=MISTAKE)
    return visit.show("opted_out")


def _begin(visit: Visit, ref: CaseRef | None) -> HttpResponse:
    if visit.study is None:
        return visit.onward()
    row = actions.begin(
        visit.study,
        ref=ref,
        mode=Mode.WEB,
        language=visit.language,
        by=RESPONDENT,
        at=visit.at,
        device=visit.device,
    )
    return visit.hold(row)


def _return(visit: Visit, *, problem: str = "", status: int = 200) -> HttpResponse:
    return visit.show("return", problem=problem, status=status)


def _come_back(visit: Visit) -> HttpResponse:
    """Take an interview up again with the PIN and a code."""
    if visit.study is None:
        return visit.turn(Page.NEXT)
    code = visit.request.POST.get("code", "")
    pin = visit.request.POST.get("pin", "").strip()
    try:
        row = returning.resume(
            visit.study, code, pin=pin, at=visit.at, source=visit.source
        )
    except HarkenError as error:
        return _return(visit, problem=told(error, visit.language), status=MISTAKE)
    return visit.hold(row)


def _in_interview(visit: Visit, row: models.Interview) -> HttpResponse:
    if row.status == Status.SUBMITTED:
        services = services_in(visit.folder, visit.language)
        receipt = sealed.open_receipt(row)
        return visit.show(
            "done",
            shape=bool(receipt),
            slots={"receipt": receipt} if receipt else {},
            services=services,
        )
    if queries.ended(row):
        return visit.show("screened")
    if visit.page in DURING:
        return DURING[visit.page](visit)
    question = visit.sitting.question
    if question is not None and _not_yet_told(visit, question):
        back = _earlier(visit)
        return visit.show("before", shape=back, back=back)
    if question is not None:
        return _question(visit, question)
    if row.status == Status.DECLINED:
        return visit.show("declined")
    back = _earlier(visit)
    return visit.show("end", shape=back, back=back)


def _not_yet_told(visit: Visit, question: Question) -> bool:
    """Whether the page on leaving quickly must come before this question (SAF-21)."""
    begins = question.sensitive or question.announces is not None
    return begins and not visit.request.session.get("told")


def _understood(visit: Visit) -> HttpResponse:
    """The page before the first sensitive part was read."""
    visit.request.session["told"] = True
    return visit.turn(Page.NEXT, row=visit.row)


def _question(
    visit: Visit,
    question: Question,
    *,
    findings: Sequence[Finding] = (),
    sent: Mapping[str, Sequence[str]] | None = None,
    elsewhere: bool = False,
) -> HttpResponse:
    sitting = visit.sitting
    number = queries.number_of(sitting.book, question.id)
    shown = screen(
        sitting,
        question,
        form=sent,
        show_stored=number >= visit.since,
        findings=findings,
    )
    back = _earlier(visit)
    asks = question.purpose is Purpose.TAKE_PART
    shape = None
    if shown.shape is not None and not elsewhere:
        shape = (shown.shape, sitting.share, back, visit.own_days if asks else None)
    return visit.show(
        "question",
        status=MISTAKE if findings or elsewhere else 200,
        shape=shape,
        slots={"version": str(sitting.row.version), "since": visit.page_since},
        screen=shown,
        share=sitting.share,
        back=back,
        elsewhere=elsewhere,
        sound=aloud.of_page(sitting.book, question, visit.language),
        before=leaflet(visit, "consent", top=2) if asks else None,
    )


def _earlier(visit: Visit) -> bool:
    """Whether there is a page of this visit to go back to."""
    sitting = visit.sitting
    before = method.back(sitting.book, sitting.interview).position
    if before is None or before == sitting.interview.position:
        return False
    return queries.number_of(sitting.book, before) >= visit.since


def _answer(visit: Visit) -> HttpResponse:
    row = visit.row
    if row is None:
        return visit.turn(Page.NEXT)
    post = visit.request.POST
    asked = post.get("question", "")
    book = visit.sitting.book
    if asked not in book.ids:
        return visit.turn(Page.NEXT)
    question = book.question(asked)
    sent = sent_of(question, dict(post.lists()))
    again = _asked_again(visit, question, sent)
    if again is not None:
        return again
    version = int(post.get("version", "0") or 0) if _is_number(post) else 0
    try:
        if post.get("do") == "skip":
            row = actions.skip(
                row, asked, version=version, by=RESPONDENT, seconds=visit.page_seconds
            )
        else:
            row = actions.answer(
                row,
                asked,
                sent,
                version=version,
                by=RESPONDENT,
                at=visit.at,
                seconds=visit.page_seconds,
            )
    except HarkenError as error:
        return _not_stored(visit, asked, sent, error)
    return _stored(visit, row)


def _asked_again(
    visit: Visit, question: Question, sent: Mapping[str, Sequence[str]]
) -> HttpResponse | None:
    """The same page once more, nothing stored: a list was searched, or a person wants
    to mend an unusual answer."""
    do = visit.request.POST.get("do", "")
    if do == "amend":
        kept = {name: sent[name] for name in sent if name not in {"confirm", "reason"}}
        return _question(visit, question, sent=kept)
    if do == "search" or (
        do == "answer" and searched(screen(visit.sitting, question, form=sent))
    ):
        return _question(visit, question, sent=sent)
    return None


def _is_number(post: Mapping[str, str]) -> bool:
    return post.get("version", "").isdecimal()


def _not_stored(
    visit: Visit, asked: str, sent: Mapping[str, Sequence[str]], error: HarkenError
) -> HttpResponse:
    """Show the page again with what was sent, or go to where the person really is."""
    code = error.findings[0].fault.code
    if code in OVER or code in STRAYED:
        return visit.turn(Page.NEXT)
    on_route = {
        question.id: question
        for question in method.route(visit.sitting.book, visit.sitting.interview)
    }
    if asked not in on_route:
        return visit.turn(Page.NEXT)
    if code == faults.STALE.code:
        return _question(visit, on_route[asked], sent=sent, elsewhere=True)
    return _question(visit, on_route[asked], sent=sent, findings=error.findings)


def _stored(visit: Visit, row: models.Interview) -> HttpResponse:
    """Onward; a person who is checking answers goes back to the list of them."""
    if not visit.request.session.pop("checking", False):
        return visit.turn(Page.NEXT, row=row)
    row = actions.go_to(row, by=RESPONDENT)
    ended = queries.sitting(row).interview.position is None
    return visit.turn(Page.CHECK if ended else Page.NEXT, row=row)


def _back(visit: Visit) -> HttpResponse:
    row = visit.row
    if visit.page is Page.NEXT and row is not None and _earlier(visit):
        row = actions.go_back(row, by=RESPONDENT)
    return visit.turn(Page.NEXT, row=row)


def _language(visit: Visit) -> HttpResponse:
    """Go on in another language at the same place."""
    wanted = Language(visit.request.POST.get("language", ""))
    if wanted in visit.languages:
        visit.request.session["language"] = wanted
        if visit.row is not None and not queries.ended(visit.row):
            actions.speak(visit.row, wanted, by=RESPONDENT)
    return visit.onward()


def _check(visit: Visit) -> HttpResponse:
    """The answers of this visit outside sensitive parts, each with a way to change."""
    sitting = visit.sitting
    answers = [
        (screen(sitting, question), said(sitting, question, visit.language))
        for question in method.route(sitting.book, sitting.interview)
        if _may_show(question)
        and queries.number_of(sitting.book, question.id) >= visit.since
    ]
    return visit.show("check", answers=answers)


def _may_show(question: Question) -> bool:
    """Whether an answer may be read again: not if that could hurt or give away."""
    private = question.sensitive or question.free_text or question.identifying
    return question.answerable and not private and question.announces is None


def _change(visit: Visit) -> HttpResponse:
    if visit.row is None:
        return visit.turn(Page.NEXT)
    wanted = visit.request.POST.get("question", "")
    book = visit.sitting.book
    if wanted not in book.ids or not _may_show(book.question(wanted)):
        return visit.turn(Page.NEXT)
    if queries.number_of(book, wanted) < visit.since:
        return visit.turn(Page.NEXT)
    actions.go_to(visit.row, wanted, by=RESPONDENT)
    visit.request.session["checking"] = True
    return visit.turn(Page.NEXT)


def _send(visit: Visit) -> HttpResponse:
    if visit.row is not None:
        actions.submit(visit.row, by=RESPONDENT, at=visit.at)
    return visit.turn(Page.NEXT)


def _to(page: Page) -> Act:
    return lambda visit: visit.turn(page)


BEFORE: Mapping[Page, Act] = {
    Page.CODE: _code,
    Page.RETURN: _return,
    Page.REFUSE: _refuse,
    Page.STOPPED: ending.stopped,
    Page.TIMED_OUT: ending.timed_out,
}
DURING: Mapping[Page, Act] = {
    Page.CHECK: _check,
    Page.STOP: ending.stop_page,
    Page.SAVE: ending.save_page,
}
ACTS: Mapping[str, Act] = {
    "how": _how,
    "code": _enter_code,
    "no_contact": _no_contact,
    "return": _come_back,
    "answer": _answer,
    "skip": _answer,
    "search": _answer,
    "amend": _answer,
    "back": _back,
    "language": _language,
    "check": _to(Page.CHECK),
    "change": _change,
    "send": _send,
    "stop_page": _to(Page.STOP),
    "stop": ending.stop,
    "save_page": _to(Page.SAVE),
    "save": ending.save,
    "decline": ending.decline,
    "reconsider": ending.reconsider,
    "front": _to(Page.NEXT),
    "understood": _understood,
    "idle": ending.idle,
}
