"""The steps of an interview: the same for the web page, the telephone and the rehearsal.

The route follows from the answers and is found anew at every step; nothing about it is
stored. No step reads a clock or keeps timings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from harken.method.errors import Finding, HarkenError, refuse
from harken.method.interview.faults import (
    CHECK_FAILS,
    CHECK_WARNS,
    NO_SUCH_QUESTION,
    NOT_ON_ROUTE,
    NOT_OPEN,
    OTHER_VERSION,
    REQUIRED,
    UNFINISHED,
)
from harken.method.interview.reading import Form, read_value, reason
from harken.method.interview.state import Interview, Status
from harken.method.questionnaire import (
    Purpose,
    Question,
    Questionnaire,
    Value,
)
from harken.method.questionnaire import (
    route as routing,
)
from harken.method.terms import Arm, Language, Missing, Mode

AGREED = "yes"
LIVE = frozenset({Status.OPEN, Status.DECLINED})


def begin(
    questionnaire: Questionnaire,
    *,
    mode: Mode,
    arm: Arm,
    language: Language,
    started: dt.date | None = None,
    seed: int = 0,
) -> Interview:
    """A new interview, standing at the first question of its route.

    ``started`` is what *today* means in its conditions for as long as it lasts;
    ``seed`` decides whatever is left to chance. The caller draws it.
    """
    interview = Interview(
        mode,
        arm,
        language,
        questionnaire.version,
        started=started,
        seed=seed,
    )
    first = _following(route(questionnaire, interview), None)
    return replace(interview, position=first)


def route(questionnaire: Questionnaire, interview: Interview) -> tuple[Question, ...]:
    """The questions this person is asked, in order, as far as the answers tell.

    Raises HarkenError (INT-014) for another version.
    """
    return _route(questionnaire, interview).questions


def answer(
    questionnaire: Questionnaire, interview: Interview, question_id: str, form: Form
) -> Interview:
    """Answer a question on the route and go to the next one.

    ``form`` holds the field ``value`` (repeated for *multiple*; a kind of no answer,
    such as ``dont_know``, travels in it too), or the boxes of the question's type. An
    empty form leaves the question, as ``skip`` does. A soft check is passed with the
    field ``confirm`` (``yes``) and, if the person likes, ``reason``.

    Raises HarkenError with field findings (INT-001 to INT-010, INT-040 to INT-046), or
    INT-012 when the interview is no longer open.
    """
    question = _open_question(questionnaire, interview, question_id)
    offered = None
    if question.codes and any(option.condition for option in question.options):
        values = _route(questionnaire, interview).values
        offered = frozenset(one.code for one in routing.offered(question, values))
    value = read_value(question, form, offered)
    sure = "yes" in form.get("confirm", ())
    return _put(
        questionnaire, interview, question, value, reason(form) if sure else None
    )


def skip(
    questionnaire: Questionnaire, interview: Interview, question_id: str
) -> Interview:
    """Leave a question and go to the next; a required one cannot be left (INT-003)."""
    question = _open_question(questionnaire, interview, question_id)
    if question.required:
        raise refuse(REQUIRED, question=question.id)
    return _put(questionnaire, interview, question, Missing.NO_ANSWER)


def back(questionnaire: Questionnaire, interview: Interview) -> Interview:
    """Go to the question before; at the first one, stay. No answer changes."""
    _check_open(interview)
    earlier: str | None = None
    for question in route(questionnaire, interview):
        if question.id == interview.position:
            break
        earlier = question.id
    return replace(interview, position=earlier or interview.position)


def go_to(
    questionnaire: Questionnaire, interview: Interview, question_id: str | None = None
) -> Interview:
    """Go to a question on the route, or (None) to the first one not yet shown, or whose
    answer no longer passes its checks.

    When every question was shown, None leads to the end. A question behind one that
    must be answered first, or off the route, is refused (INT-001, INT-002).
    """
    _check_open(interview)
    found = _route(questionnaire, interview)
    if question_id is None:
        return replace(interview, position=_first_open(interview, found))
    for question in found.questions:
        if question.id == question_id:
            return replace(interview, position=question.id)
        if question.required and question.id not in interview.answers:
            break
    raise _not_reached(questionnaire, question_id)


def submit(questionnaire: Questionnaire, interview: Interview) -> Interview:
    """Hand the interview in. Raises HarkenError (INT-011) before its end.

    When nothing but consent and eligibility was asked, the person was screened out.
    """
    _check_open(interview)
    found = _route(questionnaire, interview)
    asked = found.questions
    unfinished = _first_open(interview, found) is not None
    if unfinished or interview.status is not Status.OPEN:
        raise refuse(UNFINISHED)
    screened = not any(q.answerable and not q.required for q in asked)
    status = Status.SCREENED if screened else Status.SUBMITTED
    return replace(interview, position=None, status=status)


def final_answers(
    questionnaire: Questionnaire, interview: Interview
) -> dict[str, Value]:
    """The answers that count: those on the route and what is computed from them, in the
    questions' order.

    A question that is absent was not asked. Pages without a question are left out;
    free text is in it, and it is the caller's duty not to let it cross (DP-08).
    """
    values = _route(questionnaire, interview).values
    return {
        question.id: values[question.id]
        for question in questionnaire.questions
        if question.id in values and question.valued
    }


def _route(questionnaire: Questionnaire, interview: Interview) -> routing.Route:
    if interview.version != questionnaire.version:
        raise refuse(
            OTHER_VERSION, theirs=interview.version, ours=questionnaire.version
        )
    return routing.route(questionnaire, interview.answers, interview.context)


def _failing(
    question: Question, interview: Interview, values: routing.Values
) -> tuple[routing.Check, ...]:
    if not question.checks or question.id not in values:
        return ()
    sure = question.id in interview.confirmed
    found = routing.failing(question, values)
    return tuple(check for check in found if not (check.soft and sure))


def _check_open(interview: Interview) -> None:
    if interview.status not in LIVE:
        raise refuse(NOT_OPEN)


def _open_question(
    questionnaire: Questionnaire, interview: Interview, question_id: str
) -> Question:
    """The question, when the interview is open and the question can be reached."""
    _check_open(interview)
    for question in route(questionnaire, interview):
        if question.id == question_id:
            return question
        if question.required and question.id not in interview.answers:
            break
    raise _not_reached(questionnaire, question_id)


def _not_reached(questionnaire: Questionnaire, question_id: str) -> Exception:
    known = any(question.id == question_id for question in questionnaire.questions)
    return refuse(NOT_ON_ROUTE if known else NO_SUCH_QUESTION, question=question_id)


def _put(
    questionnaire: Questionnaire,
    interview: Interview,
    question: Question,
    value: Value,
    reason: str | None = None,
) -> Interview:
    """The interview with an answer that passes its checks, gone on to the next page.

    ``reason`` confirms an answer that a soft check warns of; None does not.
    """
    answers = {**interview.answers, question.id: value}
    confirmed = dict(interview.confirmed)
    confirmed.pop(question.id, None)
    status = interview.status
    if question.purpose is Purpose.TAKE_PART:
        status = Status.OPEN if value == AGREED else Status.DECLINED
    changed = replace(interview, answers=answers, status=status, confirmed=confirmed)
    found = _route(questionnaire, changed)
    failing = _failing(question, changed, found.values)
    if failing and not (reason is not None and all(one.soft for one in failing)):
        raise HarkenError(*(_finding(question, check) for check in failing))
    if failing and reason is not None:
        changed = replace(changed, confirmed={**confirmed, question.id: reason})
    return replace(changed, position=_following(found.questions, question.id))


def _finding(question: Question, check: routing.Check) -> Finding:
    detail = {"question": question.id, "check": check.key}
    return Finding(CHECK_WARNS if check.soft else CHECK_FAILS, None, detail)


def _following(asked: Iterable[Question], question_id: str | None) -> str | None:
    """The id of the question that follows; None at the end."""
    left = iter(asked)
    if question_id is not None:
        for question in left:
            if question.id == question_id:
                break
    following = next(left, None)
    return following.id if following else None


def _first_open(interview: Interview, found: routing.Route) -> str | None:
    """The first question not shown yet, or whose answer does not pass its checks."""
    for question in found.questions:
        if question.id not in interview.answers:
            return question.id
        if _failing(question, interview, found.values):
            return question.id
    return None
