"""Makers of study folders: the texts of a small study that passes its gate."""

from __future__ import annotations

import datetime as dt

from harken.method.study import Folder, read_folder
from harken.method.terms import Actor, Role
from harken.service.study import actions
from harken.service.study.models import Study
from tests.make.questionnaire import AGREE, RECONTACT, REPORTED, source_of

MANAGER = Actor("m.field", Role.MANAGER)
OPENING = dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)

CHARTER = """\
study: trial
title: A trial of the house
neutral_title: Public Services Review
languages: [en]
modes: [web, telephone]
arms: [sample, open]
code_edition: code-2015
policy_version: 1
controller: {name: The Office, contact: office@example.org, dpo: dpo@example.org}
processor: {name: The Company, contact: co@example.org, dpo: dpo@co.example.org}
lawful_basis: Public task
special_condition: Research
transfers: None
references:
  ethics: {value: Panel 1, date: 2025-11-20}
  dpia: {value: DPIA 1, date: 2025-12-04}
  contract: {value: Contract 1, date: 2025-10-30}
  privacy_notice: {value: Notice 1, date: 2026-01-05}
  safeguarding_lead: {value: Duty rota, date: 2025-12-15}
  distress_protocol: {value: Protocol 1, date: 2025-12-15}
calendar:
  sample_drawn: 2026-01-12
  letters: 2026-02-02
  web_opens: 2026-02-02
  telephone_opens: 2026-02-23
  open_arm_closes: 2026-04-12
  telephone_closes: 2026-04-30
  publish: 2026-07-15
  destroy_by: 2026-09-30
  recontact_until: 2028-03-31
  answers_kept_until: 2036-03-31
sampling:
  design_variables: [area, crime_group, sex, age_band, enhanced, quarter]
  strata: [crime_group]
  total: 100
  seed: 1
contact:
  windows: {weekday: ["10:00", "20:00"], saturday: ["10:00", "16:00"]}
  caller_display: "0808 157 0100"
safety: {exit_keeps: no}
"""

SUPPORT = """\
services:
  - name: Emergency services
    need: You are in danger now
    area: United Kingdom
    phone: "999"
    hours: Day and night
    owner: Study desk
    review_by: 2026-12-31
    in: {pl: {need: Grozi Ci niebezpieczeństwo}}
"""

PLAN = """\
code: code-2015
weights: {margins: [[crime_group]], seed: 1}
disclosure: {threshold: 10, flag_below: 30, round_to: 1, policy: SAF-53, owner: Desk,
  reviewed: 2026-01-15}
breakdowns: [mode]
headlines: []
indicators:
  - {id: I01, title: Spoken to, stage: report, agency: police, question: agree,
     base: "answered(agree)", positive: "agree == 'yes'", entitlements: [C15-POL-01]}
"""

CODE = """\
meta: {title: A made-up Code, published: "2015-10"}
agencies: {police: The police}
stages: [report]
entitlements:
  - {id: C15-POL-01, title: Acknowledged, summary: s, agencies: [police], stage: report,
     applies_to: all, victim_reportable: "yes", evidence: seen}
"""

TEXTS = (
    "letters/invitation",
    "letters/reminder",
    "messages/sponsor",
    "messages/privacy-notice",
    "messages/privacy-notice-open",
    "messages/participate",
    "messages/safety",
    "messages/consent",
)


def make_files(**changes: str) -> dict[str, str]:
    """The texts of a small study; a keyword replaces one file's text.

    Keywords name files of the top folder without their ending: ``study="..."``.
    """
    files = {
        "study.yaml": CHARTER,
        "questionnaire.yaml": source_of(AGREE, REPORTED, RECONTACT),
        "analysis.yaml": PLAN,
        "support.yaml": SUPPORT,
        "population.csv": "area,crime_group,sex,age_band,count\n",
        "code/code-2015.yaml": CODE,
    }
    files |= {f"{name}.en.md": f"The text of {name}.\n" for name in TEXTS}
    return files | {f"{name}.yaml": text for name, text in changes.items()}


def make_folder(*, shift_days: int = 0, **changes: str) -> Folder:
    """A small study as read."""
    return read_folder(make_files(**changes), shift_days=shift_days)


def make_charter(**changes: str) -> str:
    """The text of study.yaml with lines replaced: ``title="New"`` changes that key."""
    lines = CHARTER.splitlines()
    for key, value in changes.items():
        lines = [
            f"{line.split(key)[0]}{key}: {value}" if _is(line, key) else line
            for line in lines
        ]
    return "\n".join(lines) + "\n"


def _is(line: str, key: str) -> bool:
    return line.strip().startswith(f"{key}:")


def make_study(*, slug: str | None = None, shift_days: int = 0) -> Study:
    """A small study, loaded as a draft (database)."""
    return actions.load(
        make_files(), by=MANAGER, at=OPENING, slug=slug, shift_days=shift_days
    )
