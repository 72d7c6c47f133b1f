"""The telephone door: one case at a time, safe to talk first, then the same questions.

The interviewer never browses cases and sees no answer of an earlier visit. Every ending
is an outcome, and whoever was spoken to hears where support is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from harken.method import interview as method
from harken.method.contact import Outcome
from harken.method.errors import Finding, HarkenError
from harken.method.interview import Status
from harken.method.questionnaire import Question
from harken.method.terms import Mode, Speaker
from harken.service.accounts.permissions import Permission, requires
from harken.service.contact import actions as contact
from harken.service.contact import queries as contacts
from harken.service.interview import actions, faults, queries, reaching, sealed
from harken.service.interview.calling import Call, Stage, call_of
from harken.service.interview.screen import screen, searched, sent_of
from harken.service.safeguarding import actions as safeguarding
from harken.service.safeguarding import care
from harken.service.vault import queries as keys

MISTAKE = 422
LOST = {"CON-016", faults.ENDED.code}
KEEP = {Outcome.PARTIAL: True, Outcome.BROKEN_OFF: False, Outcome.REFUSAL: False}
"""Whether an outcome ends an interview, and keeps what was said when it does."""

Act = Callable[[Call], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CALL)
def call(request: HttpRequest) -> HttpResponse:
    """The whole console: GET shows where the call is, POST takes one step."""
    now = call_of(request)
    try:
        if request.method == "POST":
            return ACTS.get(request.POST.get("do", ""), _stay)(now)
        return PAGES[now.stage](now)
    except HarkenError as error:
        if error.findings[0].fault.code in LOST:
            now.drop()
            return now.show("desk", problem=now.told(error), waiting=None)
        return now.show("trouble", problem=now.told(error), status=MISTAKE)


def _stay(now: Call) -> HttpResponse:
    return now.turn(now.stage)


def _desk(now: Call, *, nobody: bool = False) -> HttpResponse:
    waiting = resting = None
    if now.study is not None:
        waiting = 0 if nobody else len(contacts.callable_now(now.study, at=now.at))
        resting = care.resting(now.study, by=now.by, at=now.at)
    shift = care.current(now.by, at=now.at)
    return now.show(
        "desk", waiting=waiting, nobody=nobody, shift=shift, resting=resting
    )


def _begin_shift(now: Call) -> HttpResponse:
    """The interviewer says where they sit, and whether sensitive cases are for today."""
    post = now.request.POST
    care.begin(
        private_room=post.get("room") == "private",
        willing="willing" in post,
        by=now.by,
        at=now.at,
    )
    return now.drop()


def _end_shift(now: Call) -> HttpResponse:
    """The shift is over; how it was goes to the supervisor."""
    care.end(debrief=now.request.POST.get("debrief", ""), by=now.by, at=now.at)
    return now.drop()


def _next(now: Call) -> HttpResponse:
    if now.study is None or care.resting(now.study, by=now.by, at=now.at):
        return _desk(now)
    card = contacts.next_case(now.study, interviewer=now.by, at=now.at)
    if card is None:
        return _desk(now, nobody=True)
    return now.turn(
        Stage.CARD,
        ref=card.ref,
        language=card.language,
        spoke=False,
        begun=False,
        speaker=Speaker.PERSON.value,
    )


def _card(now: Call) -> HttpResponse:
    if now.study is None:
        return now.drop()
    card = contacts.next_case(now.study, interviewer=now.by, at=now.at)
    if card is None:
        return now.drop()
    now.keep(ref=card.ref, language=card.language)
    return now.show("card", card=card, kept=reaching.known(now), outcomes=now.outcomes)


def _answered(now: Call) -> HttpResponse:
    """The named person is on the line: first of all, is it safe to talk?"""
    return now.turn(Stage.GATE, spoke=True, speaker=Speaker.PERSON.value)


def _spoken_for(now: Call) -> HttpResponse:
    """Somebody speaks for the person: as the Code allows, or the call ends neutrally."""
    said = now.request.POST.get("speaker", "")
    if said in now.proxies:
        return now.turn(Stage.GATE, spoke=True, speaker=said)
    return _write_down(now, Outcome.SOMEBODY_ELSE)


def _gate(now: Call) -> HttpResponse:
    return now.show("gate", resuming=bool(now.held.get("begun")))


def _safe(now: Call) -> HttpResponse:
    """The person said it is safe to talk; only now may the subject be named."""
    if now.study is None or now.ref is None:
        return now.drop()
    kept = reaching.known(now)
    if kept and kept.expired:
        return now.turn(Stage.SAFE_WAYS)
    if now.held.get("begun"):
        return now.turn(Stage.INTERVIEW)
    contact.renew(now.ref, by=now.by, at=now.at)
    row = actions.begin(
        now.study,
        ref=now.ref,
        mode=Mode.TELEPHONE,
        language=now.language,
        speaker=now.speaker,
        by=now.by,
        at=now.at,
    )
    sitting = queries.sitting(row)
    here = sitting.question
    since = sitting.book.questions.index(here) if here and row.version else 0
    return now.turn(Stage.INTERVIEW, begun=True, since=since)


def _interview(now: Call) -> HttpResponse:
    if now.row is None:
        return _at(now, Stage.OUTCOME)
    if queries.ended(now.row):
        return _at(now, Stage.SUPPORT)
    question = now.sitting.question
    if question is not None:
        return _question(now, question)
    if now.row.status == Status.DECLINED:
        return _at(now, Stage.OUTCOME)
    return now.show("end")


def _at(now: Call, stage: Stage) -> HttpResponse:
    """Show another page of the call than the one asked for, and stay there."""
    now.keep(stage=stage.value)
    return PAGES[stage](now)


def _question(
    now: Call,
    question: Question,
    *,
    findings: Sequence[Finding] = (),
    sent: Mapping[str, Sequence[str]] | None = None,
    problem: str = "",
) -> HttpResponse:
    sitting = now.sitting
    number = sitting.book.questions.index(question)
    since = int(now.held.get("since", 0))
    before = method.back(sitting.book, sitting.interview).position
    earlier = before is not None and before != question.id
    return now.show(
        "question",
        status=MISTAKE if findings or problem else 200,
        keys=True,
        screen=screen(
            sitting,
            question,
            form=sent,
            show_stored=number >= since,
            findings=findings,
        ),
        version=sitting.row.version,
        share=sitting.share,
        section=sitting.book.text(f"section.{question.section}.title").value,
        back=earlier and number > since,
        problem=problem,
    )


def _answer(now: Call) -> HttpResponse:
    """Store what was said. An empty page is a slip here: leaving has its own button."""
    row = now.row
    if row is None or now.ref is None:
        return now.drop()
    post = now.request.POST
    asked = post.get("question", "")
    version = post.get("version", "")
    known = {question.id: question for question in now.sitting.book.questions}
    question = known.get(asked)
    if question is None or not version.isdecimal():
        return now.turn(Stage.INTERVIEW)
    sent = sent_of(question, dict(post.lists()))
    if post.get("do") in {"search", "amend"} or searched(
        screen(now.sitting, question, form=sent)
    ):
        kept = {name: sent[name] for name in sent if name not in {"confirm", "reason"}}
        return _question(now, question, sent=kept)
    leaving = post.get("do") == "skip"
    filled = any(text.strip() for texts in sent.values() for text in texts)
    if question.answerable and not filled and not leaving:
        return _question(now, question, problem="nothing")
    contact.renew(now.ref, by=now.by, at=now.at)
    try:
        if leaving:
            actions.skip(row, asked, version=int(version), by=now.by)
        else:
            actions.answer(row, asked, sent, version=int(version), by=now.by, at=now.at)
    except HarkenError as error:
        code = error.findings[0].fault.code
        if code == faults.STALE.code or code in {"INT-001", "INT-002"}:
            return now.turn(Stage.INTERVIEW)
        if code in LOST:
            raise
        return _question(now, question, sent=sent, findings=error.findings)
    return now.turn(Stage.INTERVIEW)


def _back(now: Call) -> HttpResponse:
    if now.row is None:
        return now.drop() if now.ref is None else now.turn(now.stage)
    sitting = now.sitting
    since = int(now.held.get("since", 0))
    before = method.back(sitting.book, sitting.interview).position
    pages = sitting.book.questions
    if before and pages.index(sitting.book.question(before)) >= since:
        actions.go_back(sitting.row, by=now.by)
    return now.turn(Stage.INTERVIEW)


def _submit(now: Call) -> HttpResponse:
    """Hand the interview in and write the call down."""
    row = now.row
    if row is None or now.study is None or now.ref is None:
        return now.drop()
    actions.submit(row, by=now.by, at=now.at)
    done = queries.find(row.handle)
    screened = done is not None and done.status == Status.SCREENED
    outcome = Outcome.NOT_ELIGIBLE if screened else Outcome.INTERVIEW
    return _write_down(now, outcome)


def _write_down(now: Call, outcome: Outcome) -> HttpResponse:
    """Record the attempt; whoever was spoken to hears about support."""
    if now.study is None or now.ref is None:
        return now.drop()
    contact.record_attempt(
        now.study,
        now.ref,
        outcome=outcome,
        by=now.by,
        at=now.at,
    )
    if not now.held.get("spoke"):
        return now.drop()
    return now.turn(Stage.SUPPORT, outcome=outcome.value)


def _outcome_page(now: Call, *, problem: str = "") -> HttpResponse:
    status = MISTAKE if problem else 200
    return now.show("outcome", outcomes=now.outcomes, problem=problem, status=status)


def _outcome(now: Call) -> HttpResponse:
    """End the call with one of the outcomes that fit."""
    chosen = now.request.POST.get("outcome", "")
    fitting = {one.value: one for one in now.outcomes}
    if chosen not in fitting:
        return _outcome_page(now, problem="choose")
    outcome = fitting[chosen]
    row = now.row
    if row is not None and not queries.ended(row):
        ends = row.status == Status.DECLINED or outcome in KEEP
        if ends:
            keep = KEEP.get(outcome, False)
            actions.stop(row, keep=keep, at=now.at, by=now.by)
    return _write_down(now, outcome)


def _appointment_page(now: Call, *, problem: str = "") -> HttpResponse:
    status = MISTAKE if problem else 200
    return now.show("appointment", problem=problem, status=status)


def _appointment(now: Call) -> HttpResponse:
    """Book a time the person asked for, and end the call with it."""
    if now.study is None or now.ref is None:
        return now.drop()
    when = _moment(now.request.POST.get("day", ""), now.request.POST.get("time", ""))
    if when is None:
        return _appointment_page(now, problem="Write a day and a time.")
    try:
        contact.book(now.study, now.ref, when=when, by=now.by, at=now.at)
    except HarkenError as error:
        return _appointment_page(now, problem=now.told(error))
    return _write_down(now, Outcome.APPOINTMENT)


def _moment(day: str, clock: str) -> dt.datetime | None:
    """A local day and time as the browser's boxes send them."""
    try:
        naive = dt.datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        return None
    return naive.replace(tzinfo=timezone.get_current_timezone())


def _distress_page(now: Call) -> HttpResponse:
    return now.show("distress", services=_services(now))


def _distress(now: Call) -> HttpResponse:
    """What the person wants after a pause; the supervisor is told in any case (SAF-40)."""
    step = now.request.POST.get("step", "")
    if step not in AFTER_DISTRESS or now.study is None or now.ref is None:
        return now.turn(Stage.DISTRESS)
    safeguarding.raise_alert(
        now.study,
        now.ref,
        kind="distress",
        stage=_place(now),
        step=step,
        by=now.by,
        at=now.at,
    )
    return now.turn(AFTER_DISTRESS[step])


def _disclosure_page(now: Call) -> HttpResponse:
    return now.show("disclosure")


def _disclosure(now: Call) -> HttpResponse:
    """The least that the safeguarding lead needs to act; no investigation (SAF-41)."""
    if now.study is None or now.ref is None:
        return now.drop()
    safeguarding.raise_alert(
        now.study,
        now.ref,
        kind="disclosure",
        stage=_place(now),
        facts=now.request.POST.get("facts", "").strip(),
        by=now.by,
        at=now.at,
    )
    return now.turn(Stage.GATE)


def _place(now: Call) -> str:
    """The section of the interview, never the question: enough for a supervisor."""
    if now.row is None or queries.ended(now.row):
        return ""
    question = now.sitting.question
    return question.section if question else ""


def _listening(now: Call) -> HttpResponse:
    """Somebody is listening: a harmless screen, and a call-back (SAF-11)."""
    return now.show("listening")


def _support(now: Call) -> HttpResponse:
    receipt = ""
    row = now.row
    if row is not None and now.study is not None and now.ref is not None:
        alive = keys.status(now.study, now.ref) is keys.KeyStatus.LIVE
        receipt = sealed.open_receipt(row) if alive else ""
    return now.show("support", services=_services(now), receipt=receipt)


def _services(now: Call) -> Sequence[object]:
    return now.folder.help_in(now.language) if now.folder else ()


def _release(now: Call) -> HttpResponse:
    """Give the case back without a call."""
    if now.ref is not None and not now.held.get("spoke"):
        contact.release(now.ref, by=now.by)
        return now.drop()
    return now.turn(Stage.OUTCOME)


def _done(now: Call) -> HttpResponse:
    return now.drop() if now.stage is Stage.SUPPORT else now.turn(now.stage)


def _to(stage: Stage) -> Act:
    def act(now: Call) -> HttpResponse:
        return now.turn(stage) if now.ref else now.drop()

    return act


AFTER_DISTRESS: Mapping[str, Stage] = {
    "continue": Stage.GATE,
    "another_day": Stage.APPOINTMENT,
    "support": Stage.DISTRESS,
    "stop": Stage.OUTCOME,
}
PAGES: Mapping[Stage, Act] = {
    Stage.DESK: _desk,
    Stage.CARD: _card,
    Stage.GATE: _gate,
    Stage.SAFE_WAYS: reaching.page,
    Stage.INTERVIEW: _interview,
    Stage.DISTRESS: _distress_page,
    Stage.DISCLOSURE: _disclosure_page,
    Stage.LISTENING: _listening,
    Stage.OUTCOME: _outcome_page,
    Stage.APPOINTMENT: _appointment_page,
    Stage.SUPPORT: _support,
}
ACTS: Mapping[str, Act] = {
    "next": _next,
    "begin_shift": _begin_shift,
    "end_shift": _end_shift,
    "release": _release,
    "answered": _answered,
    "spoken_for": _spoken_for,
    "safe": _safe,
    "answer": _answer,
    "skip": _answer,
    "search": _answer,
    "amend": _answer,
    "back": _back,
    "submit": _submit,
    "outcome": _outcome,
    "appointment": _appointment,
    "distress": _distress,
    "disclosure": _disclosure,
    "done": _done,
    "keep_ways": reaching.keep,
    "confirm_ways": reaching.confirm,
    "ways_page": _to(Stage.SAFE_WAYS),
    "gate": _to(Stage.GATE),
    "distress_page": _to(Stage.DISTRESS),
    "disclosure_page": _to(Stage.DISCLOSURE),
    "listening_page": _to(Stage.LISTENING),
    "outcome_page": _to(Stage.OUTCOME),
    "appointment_page": _to(Stage.APPOINTMENT),
}
