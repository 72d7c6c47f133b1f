"""An instrument with rosters of every kind, one in another, a split and a lottery."""

from __future__ import annotations

from harken.method.questionnaire import Questionnaire, read_questionnaire
from harken.method.terms import Language
from tests.make.questionnaire import AGREE

ROSTERS = """\
questionnaire: rosters
version: "1"
banks: [banks/about-you.yaml]
sections:
AGREED
  - id: start_two
    title: Start
    questions:
      - id: met
        type: multiple
        text: Whom did you meet?
        options:
          - {code: police, text: the police}
          - {code: court, text: the court}
          - {code: none, text: Nobody, exclusive: yes}
      - id: times
        type: number
        minimum: 0
        maximum: 3
        text: How often?
  - id: agencies
    title: "About {label}"
    roster: {over: met}
    questions:
      - {id: kind, type: yes_no, text: "Was {label} kind?", telephone: "And {label}?"}
      - {id: still, type: yes_no, text: Still?, if: "previous(kind) == 'yes'"}
  - id: incidents
    title: "Time {line}"
    sensitive: yes
    announcement: Hard questions.
    roster: {count: times, maximum: 3}
    questions:
      - {id: hours, type: number, text: "Hours of time {line}?"}
      - {id: who, type: number, minimum: 0, maximum: 2, text: How many people?}
  - id: people
    title: People
    within: incidents
    roster: {count: who, maximum: 2}
    questions:
      - {id: age, type: number, text: "Their age? You said {hours|no} hours."}
  - id: places
    title: Places
    roster: {more: Another place?, maximum: 3}
    questions:
      - {id: place, type: line, text: Where?}
  - id: ballots
    title: Ballots
    split: {ways: 2}
    order: random
    questions:
      - {id: left_q, type: yes_no, text: Left?, if: ballot == 1}
      - {id: right_q, type: yes_no, text: Right?, if: ballot == 2}
      - {id: third, type: yes_no, text: Third?}
      - {id: third_more, type: yes_no, text: More?, if: "third == 'yes'"}
      - {id: fourth, type: yes_no, text: Fourth?}
  - use: about_you.person
    if: "any(kind == 'yes')"
  - id: end
    title: End
    questions:
      - {id: total, type: computed, value: sum(hours)}
      - {id: long_ones, type: computed, value: count(hours > 3)}
      - {id: said_hours, type: computed, value: count(hours)}
      - {id: first_hours, type: computed, value: first(hours)}
      - {id: last_hours, type: computed, value: last(hours)}
      - {id: all_kind, type: information, text: All kind., if: "all(kind == 'yes')"}
      - {id: any_old, type: information, text: Old., if: any(age > 60)}
      - {id: second, type: information, text: Second., if: hours#2 > 1}
"""

BANK = """\
bank: about_you
sections:
  - id: person
    title: About you
    questions:
      - {id: sex, type: single, text: Sex?, options: [{code: f, text: F}, {code: m, text: M}]}
"""


def make_rosters(
    text: str = ROSTERS, translations: dict[Language, str] | None = None
) -> Questionnaire:
    """The instrument with rosters of every kind."""
    return read_questionnaire(
        text.replace("AGREED", AGREE.strip("\n")),
        translations=translations,
        files={"banks/about-you.yaml": BANK},
    )
