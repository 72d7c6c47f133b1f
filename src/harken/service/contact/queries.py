"""Reads of the contact room: standings, rates, monitoring. Counts only, no person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from harken.method import contact as method
from harken.method.contact import Disposition, Rate
from harken.method.terms import Arm, CaseRef, Mode
from harken.service.contact import codes, rows
from harken.service.contact.calls import Card, callable_now, holidays_of, next_case
from harken.service.contact.models import (
    Attempt,
    OptOut,
    PrintRun,
    SafeWays,
    Standing,
)
from harken.service.sampling import queries as sampling
from harken.service.study.models import Study

__all__ = [
    "Card",
    "Guessing",
    "Monitoring",
    "callable_now",
    "final_dispositions",
    "guessing",
    "holidays_of",
    "monitoring",
    "next_case",
    "print_run",
    "print_runs",
    "rate_rows",
    "rates",
    "standing",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a monitoring table: a group and its counts."""

    name: str
    issued: int
    web: int
    telephone: int
    refused: int
    open: int

    @property
    def interviews(self) -> int:
        """Complete and partial interviews of both modes."""
        return self.web + self.telephone


@dataclass(frozen=True, slots=True)
class Monitoring:
    """How fieldwork stands."""

    issued: int
    letters: int
    open_arm: int
    opt_outs: dict[str, int]
    attempts: dict[str, int]
    dispositions: dict[str, int]
    rates: dict[str, Rate]
    by_area: tuple[Line, ...]
    by_crime_group: tuple[Line, ...]
    by_interviewer: dict[str, int]
    waiting: int
    appointments: int
    safe_ways: dict[str, int]


def standing(ref: CaseRef) -> Disposition:
    """Where a case stands."""
    return rows.standing(ref)


@dataclass(frozen=True, slots=True)
class Guessing:
    """That somebody guessed codes: when last, and whether it goes on."""

    since: dt.datetime
    going_on: bool


def guessing(*, at: dt.datetime) -> Guessing | None:
    """The latest alarm of the last two days; None when nobody was guessing."""
    since = codes.latest_alarm()
    return Guessing(since, codes.alarm(at=at)) if since else None


def rate_rows(found: dict[str, Rate]) -> list[tuple[str, str, str, str]]:
    """Rates for a table: name, title, share in per cent, formula."""
    return [
        (
            rate.name,
            rate.title,
            "no cases" if rate.value is None else f"{100 * rate.value:.1f} %",
            rate.formula,
        )
        for rate in found.values()
    ]


def print_run(study: Study, number: int) -> PrintRun | None:
    """One print run of the study, or None."""
    return PrintRun.objects.filter(study=study, pk=number).first()


def print_runs(study: Study) -> QuerySet[PrintRun]:
    """Print runs, the newest first."""
    return PrintRun.objects.filter(study=study).order_by("-made_at", "-pk")


Final = tuple[dict[str, str], Arm, str]
"""An issued case at the end: design variables, arm and final AAPOR code."""


def final_dispositions(
    study: Study, *, only: Container[str] | None = None
) -> list[Final]:
    """Every issued case, or those of ``only``, as it ends; no reference."""
    rows = sampling.issued(study).values_list("ref", "design", "standing__disposition")
    return [
        (design, Arm.SAMPLE, _disposition(code).at_close().value)
        for ref, design, code in rows
        if only is None or ref in only
    ]


def _disposition(code: str | None) -> Disposition:
    return Disposition(code) if code else Disposition.NOT_STARTED


def rates(study: Study, *, e: float | None = None) -> dict[str, Rate]:
    """Response rates of the sampled arm by name, as if fieldwork closed now."""
    codes = sampling.issued(study).values_list("standing__disposition", flat=True)
    return method.rates((_disposition(code) for code in codes), e=e)


def monitoring(study: Study, at: dt.datetime) -> Monitoring:
    """Everything the monitoring page counts, read in one go."""
    cases = list(
        sampling.issued(study).values_list(
            "design", "standing__disposition", "standing__mode"
        )
    )
    found = [_disposition(code) for _, code, _ in cases]
    attempts = Attempt.objects.filter(case__study=study)
    opt_outs = OptOut.objects.filter(case__study=study).values("channel")
    letters = PrintRun.objects.filter(study=study).values_list("count", flat=True)
    booked = Count("pk", filter=Q(case__appointments__over=False))
    standings = Standing.objects.filter(case__study=study)
    return Monitoring(
        issued=len(cases),
        letters=sum(letters),
        open_arm=sampling.counts(study).open_arm,
        opt_outs=_tally(opt_outs.values_list("channel", flat=True)),
        attempts=_tally(attempts.values_list("outcome", flat=True)),
        dispositions=_tally(disposition.value for disposition in found),
        rates=method.rates(found),
        by_area=_lines("area", cases),
        by_crime_group=_lines("crime_group", cases),
        by_interviewer=_tally(attempts.values_list("by", flat=True)),
        waiting=len(callable_now(study, at=at)),
        appointments=standings.aggregate(n=booked)["n"],
        safe_ways=_safe_ways(study, at),
    )


def _safe_ways(study: Study, at: dt.datetime) -> dict[str, int]:
    """How many records of safe ways stand; to be asked again; waiting for the person."""
    mine = SafeWays.objects.filter(case__study=study)
    old = Q(expires__lte=timezone.localdate(at))
    return mine.aggregate(
        kept=Count("pk"),
        expired=Count("pk", filter=old),
        they_call=Count("pk", filter=Q(they_call=True)),
    )


def _tally(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _lines(
    name: str, cases: Iterable[tuple[dict[str, str], str | None, str | None]]
) -> tuple[Line, ...]:
    counts: dict[str, Counter[str]] = {}
    for design, code, mode in cases:
        tally = counts.setdefault(design.get(name, ""), Counter())
        disposition = _disposition(code)
        tally["issued"] += 1
        if disposition in {Disposition.COMPLETE, Disposition.PARTIAL}:
            tally[mode or Mode.WEB] += 1
        elif disposition in {Disposition.REFUSAL, Disposition.BREAK_OFF}:
            tally["refused"] += 1
        elif not disposition.final:
            tally["open"] += 1
    return tuple(
        Line(
            name=group,
            issued=tally["issued"],
            web=tally[Mode.WEB],
            telephone=tally[Mode.TELEPHONE],
            refused=tally["refused"],
            open=tally["open"],
        )
        for group, tally in sorted(counts.items())
    )
