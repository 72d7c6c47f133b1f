"""The respondents that the proof writes, sent through the real pages of both doors.

Proves, of issue 3: the covering respondents are the test cases of the web and telephone
journeys (the pages come in the order of the proof's route, and what is kept is what was
said); a look-up of ten thousand codes is searched at both doors.
"""

from __future__ import annotations

import html
import re
import time

import pytest
from django.test import Client
from django.utils import timezone

from harken.method.interview import Status
from harken.method.questionnaire import Question, Questionnaire
from harken.method.questionnaire.proof import cover
from harken.method.questionnaire.proof.respondent import Respondent
from harken.method.terms import Missing, Mode, Role
from harken.service.interview import models, queries
from harken.service.interview.filled import form_of
from harken.service.questionnaire import queries as instruments
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.journey import country_without_holiday
from tests.make.sitting import NOW, make_open_study
from tests.service.interview.test_telephone_door import ALWAYS
from tests.service.interview.test_web_door import heading_of

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

CODES = 10_000
MOST = 3
"""How many of the covering respondents walk through each door."""
SEARCH_SECONDS = 2.0
INSTRUMENT = """\
questionnaire: covered
version: "1"
lists:
  areas: {file: lists/areas.csv, translate: no}
sections:
  - id: start
    title: Taking part
    questions:
      - {id: agree, type: consent, purpose: take_part, required: yes, text: Do you agree?}
  - id: first
    title: First
    questions:
      - id: met
        type: multiple
        text: Who helped?
        options:
          - {code: office, text: The office}
          - {code: line, text: The line}
          - {code: none, text: No one, exclusive: yes}
        refusals: [dont_know]
      - {id: times, type: number, minimum: 0, maximum: 2, decimals: 0, text: How often?}
      - {id: wait, type: duration, units: [hours, minutes], text: How long?}
      - {id: since, type: month, text: Since when?, if: times > 0}
      - {id: place, type: lookup, list: areas, text: Where was it?}
  - id: helpers
    title: "About {label}"
    roster: {over: met}
    questions:
      - {id: good, type: yes_no, text: "Was {label} good?"}
      - {id: why, type: line, text: Why not?, if: "good == 'no'"}
  - id: visits
    title: "Visit {line}"
    roster: {count: times, maximum: 2}
    questions:
      - {id: fair, type: scale, from: 0, to: 2, text: How fair was it?}
  - id: private
    title: Private
    sensitive: yes
    announcement: The next question is more personal.
    questions:
      - {id: home, type: yes_no, text: Was it at home?, telephone: "Yes or no?"}
  - id: end
    title: End
    questions:
      - {id: again, type: consent, purpose: recontact, text: May we write?}
"""


@pytest.fixture
def study() -> Study:
    today = timezone.localdate()
    country, part = country_without_holiday(today)
    areas = [f"E{number},Area {number:05}" for number in range(CODES)]
    return make_open_study(
        shift_days=(today - NOW.date()).days,
        languages="[en]",
        windows=ALWAYS,
        country=country,
        subdivision=part,
        texts={
            "questionnaire.yaml": INSTRUMENT,
            "lists/areas.csv": "\n".join(("code,text", *areas)) + "\n",
            "translations/pl.yaml": "language: pl\ntexts: {}\n",
        },
    )


class Door:
    """One of the two doors: posts a step and reads what is shown next."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address

    def post(self, do: str, **fields: object) -> str:
        sent = {"do": do, **fields}
        return self.client.post(self.address, sent, follow=True).content.decode()

    def shown(self) -> str:
        return self.client.get(self.address).content.decode()

    def asked(self, page: str) -> str | None:
        """The question that a page asks; None at the end."""
        found = re.search(r'name="question" value="([^"]+)"', page)
        return html.unescape(found[1]) if found else None

    def answer(self, page: str, question: Question, respondent: Respondent) -> str:
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version, question.id
        said = respondent.answers.get(question.id, Missing.NO_ANSWER)
        form = form_of(question, said)
        sent = {"question": question.id, "version": version[1], **form}
        return self.post("answer" if form else "skip", **sent)


def walk(door: Door, page: str, book: Questionnaire, one: Respondent) -> list[str]:
    """Answer as a respondent does, to the end; the pages in the order they came."""
    met: list[str] = []
    while True:
        if heading_of(page) == "Before you go on":
            page = door.post("understood")
        name = door.asked(page)
        if name is None:
            return met
        assert name not in met, (name, heading_of(page))
        met.append(name)
        if name == "place" and isinstance(one.answers["place"], str):
            page = searched(door, page, one.answers["place"])
        page = door.answer(page, book.question(name), one)


def searched(door: Door, page: str, code: str) -> str:
    """Look one of ten thousand codes up: the page stays small, the search costs little."""
    assert len(page) < 60_000
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    start = time.process_time()
    found = door.post(
        "answer", question="place", version=version[1], search=f"{int(code[1:]):05}"
    )
    spent = time.process_time() - start
    assert f"Area {int(code[1:]):05}" in found
    assert found.count("Area 0") + found.count("Area 1") < 10
    assert len(found) < 60_000
    assert spent < SEARCH_SECONDS
    return found


def respondents(book: Questionnaire, mode: Mode) -> list[Respondent]:
    found = cover(book, modes=[mode])
    assert found.unseen == frozenset()
    taking_part = [one for one in found.respondents if one.answers["agree"] == "yes"]
    return taking_part[:MOST]


def kept(book: Questionnaire, before: set[str]) -> models.Interview:
    """The interview that was not there before."""
    (row,) = models.Interview.objects.exclude(handle__in=before)
    return row


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(Mode))
def test_covering_respondents_walk_the_pages(
    client: Client, study: Study, mode: Mode
) -> None:
    if mode is Mode.TELEPHONE:
        sign_in(client, Role.INTERVIEWER)
    book = instruments.instrument(study)
    before: set[str] = set()
    for one in respondents(book, mode):
        if mode is Mode.TELEPHONE:
            door = Door(client, "/call/")
            for step in ("next", "answered"):
                door.post(step)
            page = door.post("safe")
        else:
            door = Door(Client(), "/start")
            page = door.post("how", how="open")
        assert walk(door, page, book, one) == list(one.answers)
        row = kept(book, before)
        before.add(row.handle)
        interview = queries.sitting(row).interview
        assert dict(interview.answers) == dict(one.answers)
        assert (interview.status, interview.position) == (Status.OPEN, None)
        if mode is Mode.TELEPHONE:
            door.post("submit")
