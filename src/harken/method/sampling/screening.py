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


@dataclass(frozen=True, slots=True)
class Screening:
    """A study's exclusion rules. A rule set to False or 0 is switched off."""

    minimum_age: int = 18
    domestic_abuse: bool = True
    safeguarding_marker: bool = True
    on_duty: bool = True
    bereavement_days: int = 180
    interviewed_months: int = 12
    one_per_household: bool = True

    def apply(
        self,
        rows: Iterable[Row],
        *,
        today: dt.date,
        seed: int,
        opted_out: Callable[[Row], bool],
    ) -> Screened:
        """Screen a whole file. ``seed`` decides who stays of a person or household."""
        candidates: list[Row] = []
        marked: dict[str, ExclusionReason] = {}
        excluded: Counter[ExclusionReason] = Counter()
        for row in rows:
            reason = self._reason(row, today=today, opted_out=opted_out)
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
        lots = np.random.default_rng(seed).permutation(len(free)).tolist()
        kept = self._lottery(free, lots, excluded)
        return Screened(kept, dict(sorted(excluded.items())))

    def _lottery(
        self,
        rows: Sequence[Row],
        lots: Sequence[int],
        excluded: Counter[ExclusionReason],
    ) -> tuple[Row, ...]:
        """One row a person, then one person a household: the lowest lot stays."""
        persons = _lowest([[row.person_key()] for row in rows], lots)
        excluded[ExclusionReason.DUPLICATE_PERSON] += len(rows) - len(persons)
        homes = persons
        if self.one_per_household:
            keys = [_household_keys(rows[index]) for index in persons]
            among = _lowest(keys, [lots[index] for index in persons])
            homes = [persons[index] for index in among]
            excluded[ExclusionReason.SAME_HOUSEHOLD] += len(persons) - len(homes)
        for reason in [reason for reason, count in excluded.items() if not count]:
            del excluded[reason]
        return tuple(rows[index] for index in homes)

    def _reason(
        self, row: Row, *, today: dt.date, opted_out: Callable[[Row], bool]
    ) -> ExclusionReason | None:
        """The first reason that applies to this row alone."""
        reasons = ExclusionReason
        tests: tuple[tuple[bool, ExclusionReason], ...] = (
            (row.do_not_contact, reasons.DO_NOT_CONTACT),
            (age_on(row.date_of_birth, today) < self.minimum_age, reasons.UNDER_AGE),
            (self.domestic_abuse and row.domestic_abuse, reasons.DOMESTIC_ABUSE),
            (
                self.safeguarding_marker and row.safeguarding_marker,
                reasons.SAFEGUARDING_MARKER,
            ),
            (self.on_duty and row.on_duty_officer, reasons.ON_DUTY),
            (
                _within(row.bereaved_on, self.bereavement_days, today),
                reasons.BEREAVED,
            ),
            (
                _within(
                    row.last_interviewed, self.interviewed_months * 365 // 12, today
                ),
                reasons.INTERVIEWED_RECENTLY,
            ),
            (not (row.given_name and row.surname), reasons.MISSING_NAME),
            (not (row.phone_ok or row.post_ok), reasons.NO_ROUTE),
        )
        for applies, reason in tests:
            if applies:
                return reason
        return reasons.OPTED_OUT if opted_out(row) else None


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
