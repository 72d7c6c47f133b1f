"""An instrument with a question of every type, and interviews at one of its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from harken.method import interview as method
from harken.method.interview import Interview
from harken.method.questionnaire import Questionnaire, read_questionnaire
from harken.method.terms import Arm, Language, Mode
from tests.make.questionnaire import AGREE

AREAS = "code,text,region\nE1,Barking,london\nE2,Barnet,london\nW1,Cardiff,wales\n"

TYPES = """\
questionnaire: types
version: "1"
lists:
  areas: {file: lists/areas.csv}
  regions: {options: [{code: london, text: London}, {code: wales, text: Wales}]}
sections:
AGREED
  - id: choices
    title: Choices
    questions:
      - id: one
        type: single
        text: Which one?
        options:
          - {code: a, text: A}
          - {code: b, text: B}
          - {code: other, text: Another, say: Which other?}
      - {id: sure, type: yes_no, text: Are you sure?}
      - {id: rate, type: scale, from: 0, to: 10, labels: {0: Bad, 10: Good}, text: Rate it.}
      - id: some
        type: multiple
        text: Which ones?
        options:
          - {code: a, text: A}
          - {code: b, text: B, say: yes}
          - {code: none, text: None, exclusive: yes}
      - {id: order, type: ranking, list: regions, text: In which order?}
      - {id: chosen, type: single, list: regions, text: Which region?}
      - {id: area, type: lookup, list: areas, filter: "region == chosen", text: Where?}
      - id: treated
        type: matrix
        text: How did {row} treat you?
        rows:
          - {id: police, text: the police}
          - {id: court, text: the court, if: "sure == 'yes'"}
        options: [{code: well, text: Well}, {code: badly, text: Badly}]
  - id: amounts
    title: Amounts
    questions:
      - {id: age, type: number, minimum: 0, maximum: 120, decimals: 0, text: How old?}
      - id: hours
        type: number
        text: How many hours?
        checks:
          - {if: "hours > 24", say: A day has 24 hours.}
          - {if: "hours > 16", say: That is long., soft: yes}
      - {id: cost, type: currency, text: What did it cost?}
      - {id: lasted, type: duration, units: [hours, minutes], text: How long?}
      - {id: born, type: date, text: When were you born?}
      - {id: since, type: month, text: Since when?}
      - {id: in_year, type: year, text: In which year?}
      - {id: happened, type: about, text: When was it?}
      - {id: at, type: time, text: At what time?}
      - {id: name_it, type: line, text: In a word?}
      - {id: tell, type: text, text: In your words?}
      - {id: total, type: computed, value: "hours + age"}
      - {id: grown, type: computed, value: "age >= 18"}
      - {id: band, type: computed, value: "if(age < 30, 'young', 'old')"}
      - {id: young, type: information, text: You are young., if: "band == 'young'"}
      - {id: grown_page, type: information, text: You are grown., if: "grown == 'yes'"}
"""


def make_types(
    text: str = TYPES, translations: Mapping[Language, str] | None = None
) -> Questionnaire:
    """The instrument with a question of every type."""
    text = text.replace("AGREED", AGREE.strip("\n"))
    files = {"lists/areas.csv": AREAS}
    return read_questionnaire(text, translations=translations, files=files)


ANSWERS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "agree": {"value": ["yes"]},
    "one": {"value": ["a"]},
    "sure": {"value": ["yes"]},
    "chosen": {"value": ["london"]},
    "age": {"value": ["40"]},
    "hours": {"value": ["8"]},
}


def make_interview(
    book: Questionnaire,
    *,
    until: str | None = None,
    seed: int = 7,
    mode: Mode = Mode.WEB,
    answers: Mapping[str, Mapping[str, Sequence[str]]] = ANSWERS,
) -> Interview:
    """An interview answered to the question named, or to its end."""
    here = method.begin(
        book,
        mode=mode,
        arm=Arm.SAMPLE,
        language=Language("en"),
        started=dt.date(2026, 3, 2),
        seed=seed,
    )
    while here.position and here.position != until:
        form = answers.get(here.position, {})
        here = method.answer(book, here, here.position, form)
    return here
