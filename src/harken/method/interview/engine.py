"""The steps of an interview: the same for the web page, the telephone and the rehearsal.

The route follows from the answers and is found anew at every step; nothing about it is
stored. No step reads a clock or keeps timings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from harken.method.errors import refuse
from harken.method.interview.faults import (
    NO_SUCH_QUESTION,
    NOT_ON_ROUTE,
    NOT_OPEN,
    OTHER_VERSION,
    REQUIRED,
    UNFINISHED,
)
from harken.method.interview.reading import Form, read_value
from harken.method.interview.state import Interview, Status
from harken.method.questionnaire import (
    Purpose,
    Question,
    Questionnaire,
    QuestionType,
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
    return replace(interview, position=_after(questionnaire, interview, None))


def route(questionnaire: Questionnaire, interview: Interview) -> tuple[Question, ...]:
    """The questions this person is asked, in order, as far as the answers tell.

    Raises HarkenError (INT-014) for another version.
    """
    if interview.version != questionnaire.version:
        raise refuse(
            OTHER_VERSION, theirs=interview.version, ours=questionnaire.version
        )
    found = routing.route(questionnaire, interview.answers, interview.context)
    return found.questions


def answer(
    questionnaire: Questionnaire, interview: Interview, question_id: str, form: Form
) -> Interview:
    """Answer a question on the route and go to the next one.

    ``form`` holds the field ``value`` (repeated for *multiple*; a kind of no answer,
    such as ``dont_know``, travels in it too) or, for a month, ``month`` and ``year``.
    An empty form leaves the question, as ``skip`` does. Raises HarkenError with field
    findings (INT-001 to INT-010), or INT-012 when the interview is no longer open.
    """
    question = _open_question(questionnaire, interview, question_id)
    return _put(questionnaire, interview, question, read_value(question, form))


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
    """Go to a question on the route, or (None) to the first one not yet shown.

    When every question was shown, None leads to the end. A question behind one that
    must be answered first, or off the route, is refused (INT-001, INT-002).
    """
    _check_open(interview)
    asked = route(questionnaire, interview)
    if question_id is None:
        return replace(interview, position=_first_unanswered(interview, asked))
    for question in asked:
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
    asked = route(questionnaire, interview)
    unfinished = _first_unanswered(interview, asked) is not None
    if unfinished or interview.status is not Status.OPEN:
        raise refuse(UNFINISHED)
    screened = not any(q.answerable and not q.required for q in asked)
    status = Status.SCREENED if screened else Status.SUBMITTED
    return replace(interview, position=None, status=status)


def final_answers(
    questionnaire: Questionnaire, interview: Interview
) -> dict[str, Value]:
    """The answers that count: those on the route, in the questions' order.

    A question that is absent was not asked. Pages without a question are left out;
    free text is in it, and it is the caller's duty not to let it cross (DP-08).
    """
    return {
        question.id: interview.answers[question.id]
        for question in route(questionnaire, interview)
        if question.id in interview.answers
        and question.type is not QuestionType.INFORMATION
    }


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
) -> Interview:
    answers = {**interview.answers, question.id: value}
    declined = question.purpose is Purpose.TAKE_PART and value != AGREED
    status = interview.status
    if question.purpose is Purpose.TAKE_PART:
        status = Status.DECLINED if declined else Status.OPEN
    changed = replace(interview, answers=answers, status=status)
    return replace(changed, position=_after(questionnaire, changed, question.id))


def _after(
    questionnaire: Questionnaire, interview: Interview, question_id: str | None
) -> str | None:
    """The id of the question that follows on the route; None at the end."""
    asked = iter(route(questionnaire, interview))
    if question_id is not None:
        for question in asked:
            if question.id == question_id:
                break
    following = next(asked, None)
    return following.id if following else None


def _first_unanswered(interview: Interview, asked: Iterable[Question]) -> str | None:
    for question in asked:
        if question.id not in interview.answers:
            return question.id
    return None
