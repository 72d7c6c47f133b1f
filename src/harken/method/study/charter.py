"""What the commissioner and the collector agreed and promised, as frozen values.

Everything a respondent was promised is here, so that other rooms can be bound to it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from harken.method.terms import Arm, Language, Mode


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation of the study: its name, how to reach it, its DPO's address."""

    name: str
    contact: str
    dpo: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One decision or document the launch stands on, such as the ethics approval."""

    kind: str
    value: str
    date: dt.date

    @property
    def spoken(self) -> str:
        """The kind as words on a page."""
        return "DPIA" if self.kind == "dpia" else self.kind.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a study; ``telephone_closes`` is also the close of fieldwork."""

    sample_drawn: dt.date
    letters: dt.date
    web_opens: dt.date
    telephone_opens: dt.date
    open_arm_closes: dt.date
    telephone_closes: dt.date
    publish: dt.date
    destroy_by: dt.date
    recontact_until: dt.date
    answers_kept_until: dt.date

    def shifted(self, days: int) -> Calendar:
        """Every day moved by so many days. Raises OverflowError beyond the calendar."""
        step = dt.timedelta(days=days)
        moved = {name: day + step for name, day in self.days().items()}
        return Calendar(**moved)

    def days(self) -> dict[str, dt.date]:
        """Every day by name, in the order of the fields."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


@dataclass(frozen=True, slots=True)
class ExclusionRules:
    """Who is never approached, and why (SAF-02)."""

    minimum_age: int = 18
    domestic_abuse: bool = True
    safeguarding_marker: bool = True
    do_not_contact: bool = True
    on_duty: bool = True
    recent_bereavement_days: int = 180
    interviewed_months: int = 12


@dataclass(frozen=True, slots=True)
class SampleRules:
    """How the sample is drawn: strata, sizes, seed, and who is left out.

    ``allocation`` gives the size per stratum; where it is empty, ``total`` is spread
    over the strata in proportion to their size.
    """

    design_variables: tuple[str, ...]
    strata: tuple[str, ...]
    allocation: Mapping[str, int]
    total: int
    seed: int
    exclusions: ExclusionRules = field(default_factory=ExclusionRules)
    one_per_household: bool = True


@dataclass(frozen=True, slots=True)
class ContactRules:
    """When and how often a person may be approached (SAF-01, SAF-06, SAF-07, SAF-14).

    ``windows`` holds the calling hours (from, to) under ``weekday``, ``saturday`` and
    ``sunday``; a day that is absent has none.
    """

    opt_out_days: int = 14
    reminder_after_days: int = 14
    max_attempts: int = 5
    min_hours_between: int = 20
    windows: Mapping[str, tuple[dt.time, dt.time]] = field(default_factory=dict)
    country: str = "GB"
    subdivision: str = "ENG"
    voicemail: str = "none"
    caller_display: str = ""
    soft_refusals_allowed: int = 1


@dataclass(frozen=True, slots=True)
class SafetyRules:
    """What happens on exit, how long an unfinished interview waits, and what one
    interviewer is asked to bear in a shift (SAF-45)."""

    exit_keeps: bool = False
    exit_url: str = "/weather"
    resume_days: int = 14
    idle_minutes: int = 20
    sensitive_a_shift: int = 4
    rest_minutes: int = 15
    longest_minutes: int = 120


@dataclass(frozen=True, slots=True)
class Charter:
    """study.yaml: who, why, when, how, and what was promised."""

    id: str
    title: str
    neutral_title: str
    languages: tuple[Language, ...]
    modes: tuple[Mode, ...]
    arms: tuple[Arm, ...]
    code_edition: str
    policy_version: int
    controller: Party
    processor: Party
    lawful_basis: str
    special_condition: str
    transfers: str
    sub_processors: tuple[str, ...]
    references: tuple[Reference, ...]
    calendar: Calendar
    sampling: SampleRules
    contact: ContactRules
    safety: SafetyRules

    @property
    def source_language(self) -> Language:
        """The language the instrument is written in; the others are translations."""
        return self.languages[0]

    def reference(self, kind: str) -> Reference | None:
        """The reference of a kind, or None."""
        return next((one for one in self.references if one.kind == kind), None)

    def policy(self) -> dict[str, str]:
        """The promise made to respondents, all values text, with its own ``digest``.

        The digest is the SHA-256 of the other entries as canonical JSON (sorted keys,
        no blanks, UTF-8), so that sealed records can be bound to exactly this promise.
        """
        notice = self.reference("privacy_notice")
        promise = {
            "study": self.id,
            "policy_version": str(self.policy_version),
            "controller": self.controller.name,
            "processor": self.processor.name,
            "privacy_notice": notice.value if notice else "",
            "telephone_closes": self.calendar.telephone_closes.isoformat(),
            "destroy_by": self.calendar.destroy_by.isoformat(),
            "recontact_until": self.calendar.recontact_until.isoformat(),
            "answers_kept_until": self.calendar.answers_kept_until.isoformat(),
        }
        text = json.dumps(
            promise, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return promise | {"digest": hashlib.sha256(text.encode()).hexdigest()}
