"""Who of a sample file may be approached at all (SAF-02, SAF-03), with counted reasons.

Keys of persons and households live in memory during one call and are never returned.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from harken.method.sampling.columns import Row
from harken.method.sampling.variables import age_on
from harken.method.study.charter import ExclusionRules, SampleRules


class ExclusionReason(StrEnum):
    """Why a row of the sample file is not a case. The first that applies is counted."""

    UNREADABLE = "unreadable"
    OPTED_OUT = "opted_out"
    DO_NOT_CONTACT = "do_not_contact"
    UNDER_AGE = "under_age"
    DOMESTIC_ABUSE = "domestic_abuse"
    SAFEGUARDING_MARKER = "safeguarding_marker"
    ON_DUTY = "on_duty"
    BEREAVED = "bereaved"
    INTERVIEWED_RECENTLY = "interviewed_recently"
    MISSING_NAME = "missing_name"
    NO_ROUTE = "no_route"
    DUPLICATE_PERSON = "duplicate_person"
    SAME_HOUSEHOLD = "same_household"

    @property
    def word(self) -> str:
        """The reason in words, such as ``do not contact``."""
        return self.value.replace("_", " ")


MARKERS = frozenset(
    {
        ExclusionReason.OPTED_OUT,
        ExclusionReason.DO_NOT_CONTACT,
        ExclusionReason.DOMESTIC_ABUSE,
        ExclusionReason.SAFEGUARDING_MARKER,
        ExclusionReason.BEREAVED,
        ExclusionReason.INTERVIEWED_RECENTLY,
    }
)
"""Reasons that follow the person: one marked row stands for all rows of that person."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening leaves: the rows kept, in file order, and counts by reason."""

    kept: tuple[Row, ...]
    excluded: Mapping[ExclusionReason, int]


def screen(
    rows: Iterable[Row],
    *,
    rules: SampleRules,
    today: dt.date,
    opted_out: Callable[[Row], bool],
) -> Screened:
    """Screen a whole file by the study's rules.

    Do-not-contact is no rule to be switched off. Of a person's rows, and of the people
    of one household, chance alone decides who stays: the rules' seed makes the lots.
    """
    candidates: list[Row] = []
    marked: dict[str, ExclusionReason] = {}
    excluded: Counter[ExclusionReason] = Counter()
    for row in rows:
        reason = _reason(row, rules.exclusions, today)
        if reason is None and opted_out(row):
            reason = ExclusionReason.OPTED_OUT
        if reason is None:
            candidates.append(row)
            continue
        excluded[reason] += 1
        if reason in MARKERS:
            marked.setdefault(row.person_key(), reason)
    free = []
    for row in candidates:
        reason = marked.get(row.person_key())
        if reason is None:
            free.append(row)
        else:
            excluded[reason] += 1
    # One lot a row, used for both choices: the order of the file has no say.
    lots = np.random.default_rng(rules.seed).permutation(len(free)).tolist()
    persons = _lowest([[row.person_key()] for row in free], lots)
    excluded[ExclusionReason.DUPLICATE_PERSON] += len(free) - len(persons)
    kept = persons
    if rules.one_per_household:
        keys = [_household_keys(free[index]) for index in persons]
        among = _lowest(keys, [lots[index] for index in persons])
        kept = [persons[index] for index in among]
        excluded[ExclusionReason.SAME_HOUSEHOLD] += len(persons) - len(kept)
    counts = {reason: n for reason, n in sorted(excluded.items()) if n}
    return Screened(tuple(free[index] for index in kept), counts)


def _reason(row: Row, rules: ExclusionRules, today: dt.date) -> ExclusionReason | None:
    """The first reason that applies to this row alone."""
    reasons = ExclusionReason
    age = age_on(row.date_of_birth, today)
    bereaved = _within(row.bereaved_on, rules.recent_bereavement_days, today)
    asked = _within(row.last_interviewed, rules.interviewed_months * 365 // 12, today)
    marker = rules.safeguarding_marker and row.safeguarding_marker
    tests: tuple[tuple[bool, ExclusionReason], ...] = (
        (row.do_not_contact, reasons.DO_NOT_CONTACT),
        (age < rules.minimum_age, reasons.UNDER_AGE),
        (rules.domestic_abuse and row.domestic_abuse, reasons.DOMESTIC_ABUSE),
        (marker, reasons.SAFEGUARDING_MARKER),
        (rules.on_duty and row.on_duty_officer, reasons.ON_DUTY),
        (bereaved, reasons.BEREAVED),
        (asked, reasons.INTERVIEWED_RECENTLY),
        (not (row.given_name and row.surname), reasons.MISSING_NAME),
        (not (row.phone_ok or row.post_ok), reasons.NO_ROUTE),
    )
    return next((reason for applies, reason in tests if applies), None)


def _within(day: dt.date | None, days: int, today: dt.date) -> bool:
    return day is not None and (today - day).days < days


def _household_keys(row: Row) -> list[str]:
    """Address and phone, each enough to make two rows one household."""
    return [key for key in (row.address_key(), row.telephone) if key]


def _lowest(keys: Sequence[Sequence[str]], lots: Sequence[int]) -> list[int]:
    """Join rows that share any key (union-find); of each group keep the lowest lot."""
    parent = list(range(len(keys)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[str, int] = {}
    for index, shared in enumerate(keys):
        for key in shared:
            parent[root(index)] = root(first.setdefault(key, index))
    best: dict[int, int] = {}
    for index in range(len(keys)):
        group = root(index)
        if group not in best or lots[index] < lots[best[group]]:
            best[group] = index
    return sorted(best.values())
