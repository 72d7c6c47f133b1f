"""One invented respondent: who they are, and what they answer to each question.

Answers come from the chosen truths and a lottery that is an argument. What is answered
goes through the interview engine like anybody's answers; nothing here knows a route.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from numpy.random import Generator

from harken.method import interview as engine
from harken.method.interview import Interview
from harken.method.questionnaire import (
    Purpose,
    Question,
    Questionnaire,
    QuestionType,
    Value,
)
from harken.method.questionnaire import route as routing
from harken.method.rehearsal import replies
from harken.method.rehearsal.invented import one_of
from harken.method.rehearsal.population import AGES, CRIMES
from harken.method.rehearsal.truths import DISABLED, Reply, Weights
from harken.method.rehearsal.words import write
from harken.method.terms import REFUSALS, Arm, Language, Missing, Mode

KINDS = {kind.word: kind for kind in REFUSALS}
DATES = {
    QuestionType.DATE: "2025-{month:02}-{day:02}",
    QuestionType.ABOUT: "2025-{month:02}",
    QuestionType.MONTH: "2025-{month:02}",
    QuestionType.YEAR: "2025",
    QuestionType.TIME: "{month:02}:{day:02}",
}
SKIPPED = 0.004
"""The share of questions that people leave by going on without an answer."""
UNKNOWN_REFUSED = 0.02
OPEN_AGES: Weights = tuple(zip(AGES, (0.16, 0.24, 0.23, 0.18, 0.13, 0.06), strict=True))
OPEN_CRIMES: Weights = tuple(
    zip(CRIMES, (0.13, 0.07, 0.32, 0.12, 0.24, 0.12), strict=True)
)


@dataclass(frozen=True, slots=True)
class Person:
    """The few facts about somebody that bend their answers."""

    arm: Arm
    crime: str
    sex: str
    age: str
    enhanced: bool
    disabled: bool


def person_of(design: Mapping[str, str], arm: Arm, rng: Generator) -> Person:
    """Somebody with these design variables; what they do not say is left to chance."""
    age = design.get("age_band") or one_of(OPEN_AGES, rng)
    crime = design.get("crime_group") or one_of(OPEN_CRIMES, rng)
    sex = design.get("sex") or ("female" if rng.random() < 0.6 else "male")
    enhanced = design.get("enhanced") == "yes"
    disabled = rng.random() < DISABLED.get(age, 0.2)
    return Person(arm, crime, sex, age, enhanced, disabled)


def hold(
    questionnaire: Questionnaire,
    person: Person,
    *,
    mode: Mode,
    language: Language,
    rng: Generator,
) -> Interview:
    """A whole interview, question by question through the engine, handed in."""
    interview = engine.begin(
        questionnaire, mode=mode, arm=person.arm, language=language
    )
    while interview.position is not None:
        question = questionnaire.question(interview.position)
        form = form_of(reply(question, person, rng, language=language))
        interview = engine.answer(questionnaire, interview, question.id, form)
    return engine.submit(questionnaire, interview)


def at_once(
    questionnaire: Questionnaire,
    person: Person,
    *,
    mode: Mode,
    language: Language,
    rng: Generator,
) -> dict[str, Value]:
    """The final answers that ``hold`` would give, in one pass over the questions.

    For benchmarks of many thousand people; a test holds the two together.
    """
    values: dict[str, Value | str] = {
        "mode": mode.value,
        "arm": person.arm.value,
        "language": language,
    }
    answers: dict[str, Value] = {}
    for question in questionnaire.questions:
        condition = question.condition
        if condition is not None and not condition.evaluate(values):
            continue
        if question.computed:
            value = routing.computed(question, values)
            values[question.id] = answers[question.id] = value
            continue
        value = reply(question, person, rng, language=language)
        if question.answerable:
            values[question.id] = answers[question.id] = value
    return answers


def form_of(value: Value) -> dict[str, list[str]]:
    """What a page would send for a value."""
    if value is Missing.NO_ANSWER:
        return {}
    if isinstance(value, Missing):
        return {"value": [value.word]}
    if isinstance(value, tuple):
        return {"value": list(value)}
    return {"value": [str(value)]}


def reply(
    question: Question,
    person: Person,
    rng: Generator,
    *,
    language: Language,
) -> Value:
    """What this person answers to this question."""
    if not question.answerable:
        return Missing.NO_ANSWER
    if not question.required and rng.random() < SKIPPED:
        return Missing.NO_ANSWER
    own = _own(question, person, rng)
    if own is not None:
        return _value(own)
    known = replies.REPLIES.get(question.id)
    if known is not None:
        return _value(_measured(question.id, known, person, rng))
    if question.id in replies.SEVERAL:
        return _several(question, rng)
    routes = replies.ROUTES.get(question.id)
    if person.arm is Arm.OPEN:
        routes = replies.OPEN_ROUTES.get(question.id, routes)
    if routes is not None:
        return _value(one_of(routes, rng))
    return _anything(question, rng, language)


def _own(question: Question, person: Person, rng: Generator) -> str | None:
    """Facts about the person, for the questions that ask them."""
    facts = {
        "crime_kind": person.crime,
        "own_sex": person.sex,
        "age_group": "65_over" if person.age == "65+" else person.age,
        "disability": "yes" if person.disabled else "no",
    }
    fact = facts.get(question.id)
    if fact is not None and rng.random() < 0.02:
        return Missing.PREFER_NOT_TO_SAY.word
    return fact


def _measured(name: str, known: Reply, person: Person, rng: Generator) -> str:
    if name == "later_hearings" and rng.random() < replies.NONE_LATER:
        return "none"
    if rng.random() < known.leaving:
        return one_of(known.leave, rng)
    share = known.share.of(
        person.crime, enhanced=person.enhanced, disabled=person.disabled
    )
    if person.arm is Arm.OPEN:
        share = _open(share, bad=known.bad)
    return one_of(known.positive if rng.random() < share else known.negative, rng)


def _open(share: float, *, bad: bool) -> float:
    """The share in the open arm: worse, and still a share."""
    if bad:
        return min(share + replies.OPEN_PENALTY, 0.95)
    return max(share - replies.OPEN_PENALTY, 0.35 * share)


def _several(question: Question, rng: Generator) -> Value:
    chances = replies.SEVERAL[question.id]
    chosen = [code for code, chance in chances.items() if rng.random() < chance]
    if chosen:
        return tuple(sorted(chosen))
    alone = [option.code for option in question.options if option.exclusive]
    return tuple(alone[:1]) if alone else Missing.PREFER_NOT_TO_SAY


def _anything(question: Question, rng: Generator, language: Language) -> Value:
    """A question the rehearsal knows nothing of is answered at random.

    Only those who take part are played, so that consent is always given.
    """
    if question.purpose is Purpose.TAKE_PART:
        return "yes"
    if question.refusals and rng.random() < UNKNOWN_REFUSED:
        return question.refusals[0]
    match question.type:
        case QuestionType.NUMBER | QuestionType.CURRENCY | QuestionType.DURATION:
            low = int(question.minimum or 0)
            return Decimal(low + int(rng.geometric(0.3)) - 1)
        case QuestionType.TEXT | QuestionType.LINE:
            return write(question.id, language, rng)
        case kind if kind in DATES:
            return DATES[kind].format(
                month=rng.integers(1, 13), day=rng.integers(1, 29)
            )
        case QuestionType.MULTIPLE | QuestionType.RANKING:
            return (question.codes[int(rng.random() * len(question.codes))],)
        case _:
            return question.codes[int(rng.random() * len(question.codes))]


def _value(text: str) -> Value:
    return KINDS.get(text, text)
