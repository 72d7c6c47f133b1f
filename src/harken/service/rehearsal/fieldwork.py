"""Fieldwork day by day: opt-outs, web interviews, calls, and people who just came by.

Every day passes through the same actions that pages call; only the people are invented.
Attempts obey the calling rules because cases come from the call queue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from django.db import transaction
from numpy.random import Generator

from harken.method import rehearsal as method
from harken.method.contact import Outcome
from harken.method.interview import Interview
from harken.method.questionnaire import Questionnaire
from harken.method.rehearsal import Fate
from harken.method.study import Calendar
from harken.method.terms import RESPONDENT, SYSTEM, Arm, CaseRef, Language, Mode
from harken.service.contact import actions as contact
from harken.service.contact import queries as contacts
from harken.service.interview import actions as interviews
from harken.service.questionnaire import queries as instruments
from harken.service.rehearsal.cast import INTERVIEWER
from harken.service.rehearsal.scenery import moment
from harken.service.sampling import queries as sampling
from harken.service.study import queries as studies
from harken.service.study.models import Study

CALL_HOURS = (11, 14, 18)
REACHED = 0.55
BOOKS, THURSDAY = 0.12, 3
ONE_BY_ONE = 8
GIVES_UP = 3
"""Attempts after which the rehearsal's interviewers leave a case that never answers."""
CHANNELS = ("letter", "phone", "web", "email")


@dataclass(slots=True)
class Party:
    """One issued case, what will become of it, and its own two lotteries."""

    ref: CaseRef
    design: dict[str, str]
    language: Language
    fate: Fate
    rng: Generator
    answers: Generator
    day: dt.date | None = None
    attempts: int = 0
    soft: bool = False
    booked: bool = False
    has_phone: bool = True
    done: bool = False

    @property
    def worth_a_call(self) -> bool:
        """Whether calls are still needed for this case's sake."""
        if self.done or not self.has_phone or self.fate in (Fate.WEB, Fate.OPT_OUT):
            return False
        return self.attempts < GIVES_UP or self.fate in (Fate.TELEPHONE, Fate.REFUSAL)


@dataclass(slots=True)
class Field:
    """The field of one study: its people, its lottery, and what has been said."""

    study: Study
    rng: Generator
    book: Questionnaire
    calendar: Calendar
    parties: dict[CaseRef, Party]
    texts: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, study: Study, rng: Generator) -> Field:
        """Everybody issued, each with a fate and, for those who act first, a day."""
        calendar = studies.folder(study).charter.calendar
        book = instruments.instrument(study)
        parties = {}
        cases = list(sampling.issued(study).order_by("pk"))
        # Two lotteries a person, so that neither the order of calls nor of references,
        # which are random, moves anybody's answers: a seed gives one set of figures.
        lots = iter(rng.spawn(2 * len(cases)))
        for case, own, answers in zip(cases, lots, lots, strict=True):
            fate = method.fate_of(case.design, own)
            if fate in (Fate.WEB, Fate.OPT_OUT) and case.no_post:
                # Whoever had no letter has no code and no letter to answer to.
                fate = Fate.TELEPHONE if fate is Fate.WEB else Fate.REFUSAL
            party = Party(
                CaseRef(case.ref),
                case.design,
                Language(case.language),
                fate,
                own,
                answers,
            )
            party.day = _own_day(party, calendar, own)
            parties[party.ref] = party
        return cls(study, rng, book, calendar, parties)

    def hold(self, party: Party, mode: Mode) -> Interview:
        """The interview of a sampled person, through the engine."""
        rng = party.answers
        person = method.person_of(party.design, Arm.SAMPLE, rng)
        language = party.language
        if language not in self.book.languages:
            language = self.book.source_language
        return self._note(
            method.hold(self.book, person, mode=mode, language=language, rng=rng)
        )

    def hold_open(self, language: Language) -> Interview:
        """The interview of somebody who came to the page by themselves."""
        person = method.person_of({}, Arm.OPEN, self.rng)
        return self._note(
            method.hold(
                self.book, person, mode=Mode.WEB, language=language, rng=self.rng
            )
        )

    def _note(self, interview: Interview) -> Interview:
        """Remember what was written in own words, to search for it after destruction."""
        for question in self.book.questions:
            answer = interview.answers.get(question.id)
            if question.free_text and isinstance(answer, str):
                self.texts.append(answer)
        return interview


def _own_day(party: Party, calendar: Calendar, rng: Generator) -> dt.date | None:
    """When somebody acts who needs no call: most soon after a letter."""
    if party.fate is Fate.WEB:
        days = min(3 + int(rng.gamma(1.6, 9.0)), _length(calendar) - 1)
        return calendar.web_opens + dt.timedelta(days=days)
    if party.fate is Fate.OPT_OUT:
        return calendar.letters + dt.timedelta(days=2 + int(rng.integers(11)))
    return None


def _length(calendar: Calendar) -> int:
    return (calendar.telephone_closes - calendar.web_opens).days


def days_of(calendar: Calendar) -> Iterator[dt.date]:
    """The days of fieldwork."""
    for number in range(_length(calendar) + 1):
        yield calendar.web_opens + dt.timedelta(days=number)


def run_day(field: Field, day: dt.date, *, open_arm: int) -> None:
    """Everything that happens on one day; ``open_arm`` people come by themselves."""
    with transaction.atomic():
        for party in field.parties.values():
            if party.day != day:
                continue
            if party.fate is Fate.WEB:
                _web(field, party, day)
            else:
                _opt_out(field, party, day)
    _calls(field, day)
    with transaction.atomic():
        for _ in range(open_arm):
            at = moment(day, 9 + int(field.rng.integers(12)))
            language = Language("pl" if field.rng.random() < 0.05 else "en")
            interviews.record(
                field.study, None, field.hold_open(language), by=SYSTEM, at=at
            )


def open_arm_plan(
    calendar: Calendar, people: int, rng: Generator
) -> dict[dt.date, int]:
    """How many come by themselves on each day the open arm runs."""
    days = [day for day in days_of(calendar) if day <= calendar.open_arm_closes]
    lots = rng.multinomial(people, np.full(len(days), 1 / len(days))).tolist()
    return dict(zip(days, lots, strict=True))


def _web(field: Field, party: Party, day: dt.date) -> None:
    at = moment(day, 8 + int(party.rng.integers(14)))
    held = field.hold(party, Mode.WEB)
    interviews.record(field.study, party.ref, held, by=RESPONDENT, at=at)


def _opt_out(field: Field, party: Party, day: dt.date) -> None:
    channel = CHANNELS[int(party.rng.integers(len(CHANNELS)))]
    contact.opt_out(
        field.study, party.ref, channel=channel, by=SYSTEM, at=moment(day, 12)
    )


def _calls(field: Field, day: dt.date) -> None:
    """Three shifts a day, each through the call queue."""
    if not field.calendar.telephone_opens <= day <= field.calendar.telephone_closes:
        return
    if not any(party.worth_a_call for party in field.parties.values()):
        return
    for hour in CALL_HOURS:
        at = moment(day, hour)
        if day == field.calendar.telephone_opens:
            _one_by_one(field, at)
        with transaction.atomic():
            for ref in contacts.callable_now(field.study, at=at):
                party = field.parties[ref]
                if party.attempts < GIVES_UP or party.worth_a_call:
                    _call(field, party, at)


def _one_by_one(field: Field, at: dt.datetime) -> None:
    """A few calls as the console makes them: lend one case, open it, call, give it back.

    The others are called from the same queue without opening an identity each time.
    """
    for _ in range(ONE_BY_ONE):
        card = contacts.next_case(field.study, interviewer=INTERVIEWER.actor, at=at)
        if card is None:
            return
        _call(field, field.parties[card.ref], at)


def _call(field: Field, party: Party, at: dt.datetime) -> None:
    party.attempts += 1
    outcome = _outcome(party, at.date())
    by = INTERVIEWER.actor
    if outcome is Outcome.INTERVIEW:
        held = field.hold(party, Mode.TELEPHONE)
        interviews.record(field.study, party.ref, held, by=by, at=at)
    standing = contact.record_attempt(
        field.study, party.ref, outcome=outcome, by=by, at=at
    )
    party.done = standing.final
    if outcome is Outcome.APPOINTMENT:
        when = moment(at.date() + dt.timedelta(days=1), CALL_HOURS[-1])
        contact.book(field.study, party.ref, when=when, by=by, at=at)


def _outcome(party: Party, day: dt.date) -> Outcome:
    lot = party.rng.random()
    if party.fate is Fate.WRONG_NUMBER:
        return Outcome.WRONG_NUMBER if lot < 0.6 else Outcome.DEAD_LINE
    waiting = party.attempts < GIVES_UP and party.rng.random() > REACHED
    if party.fate not in (Fate.TELEPHONE, Fate.REFUSAL) or waiting:
        return _nobody(lot)
    if party.fate is Fate.TELEPHONE:
        books = lot < BOOKS and not party.booked and day.weekday() < THURSDAY
        party.booked = party.booked or books
        return Outcome.APPOINTMENT if books else Outcome.INTERVIEW
    if lot < 0.4 and not party.soft:
        party.soft = True
        return Outcome.SOFT_REFUSAL
    return Outcome.REFUSAL


def _nobody(lot: float) -> Outcome:
    if lot < 0.55:
        return Outcome.RANG_OUT
    if lot < 0.85:
        return Outcome.MACHINE
    return Outcome.SOMEBODY_ELSE if lot < 0.92 else Outcome.BUSY
