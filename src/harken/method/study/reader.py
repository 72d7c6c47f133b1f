"""study.yaml to a Charter; findings gather with their places, nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import TypeVar

from harken.method.errors import Finding
from harken.method.source import Node, Reader
from harken.method.study import faults
from harken.method.study.charter import (
    Calendar,
    Charter,
    ContactRules,
    ExclusionRules,
    Party,
    Reference,
    SafetyRules,
    SampleRules,
)
from harken.method.study.promised import out_of_order
from harken.method.terms import Arm, Language, Mode

MemberT = TypeVar("MemberT", Mode, Arm)

SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")

DESIGN_VARIABLES = ("area", "crime_group", "sex", "age_band", "enhanced", "quarter")
MOST = 10**9
_DAYS = ("weekday", "saturday", "sunday")


def read_charter(root: Node, findings: list[Finding], *, shift_days: int) -> Charter:
    """The charter below ``root``; what is wrong with it is added to ``findings``."""
    reader = Reader(root, findings)
    charter = Charter(
        id=_slug(reader),
        title=reader.text("title"),
        neutral_title=reader.text("neutral_title"),
        languages=_languages(reader),
        modes=_members(reader, "modes", Mode),
        arms=_members(reader, "arms", Arm),
        code_edition=reader.text("code_edition"),
        policy_version=_count(reader, "policy_version", None, 1),
        controller=_party(reader, "controller"),
        processor=_party(reader, "processor"),
        lawful_basis=reader.text("lawful_basis"),
        special_condition=reader.text("special_condition"),
        transfers=reader.text("transfers"),
        sub_processors=reader.words("sub_processors", ()),
        references=_references(reader),
        calendar=_calendar(reader, shift_days),
        sampling=_sampling(reader),
        contact=_contact(reader),
        safety=_safety(reader),
    )
    reader.done()
    return charter


def _slug(reader: Reader) -> str:
    slug = reader.text("study")
    if slug and not SLUG.fullmatch(slug):
        reader.find(faults.BAD_NAME, reader.at("study"), id=slug[:60])
    return slug


def _languages(reader: Reader) -> tuple[Language, ...]:
    words = reader.words("languages")
    place = reader.at("languages")
    for word in words:
        if not LANGUAGE.fullmatch(word) or words.count(word) > 1:
            reader.find(faults.BAD_LANGUAGE, place, language=word[:20])
    if reader.has("languages") and not words:
        reader.find(faults.BAD_LANGUAGE, place, language="")
    return tuple(Language(word) for word in words) or (Language("en"),)


def _members(reader: Reader, key: str, kind: type[MemberT]) -> tuple[MemberT, ...]:
    """The members of a closed list that are named under ``key``, each once."""
    known = [member.value for member in kind]
    members: list[MemberT] = []
    for word in reader.words(key):
        if word not in known:
            _bad(reader, key, word[:40], "it is not known", f"Use {', '.join(known)}.")
        elif kind(word) in members:
            reader.find(faults.TWICE, reader.at(key), what=word, key=key)
        else:
            members.append(kind(word))
    if reader.has(key) and not members:
        _bad(reader, key, "empty", "one is needed", f"Use {', '.join(known)}.")
    return tuple(members)


def _bad(reader: Reader, key: str, value: object, problem: str, remedy: str) -> None:
    detail = {"key": key, "value": value, "problem": problem, "remedy": remedy}
    reader.findings.append(Finding(faults.BAD_VALUE, reader.at(key), detail))


def _count(reader: Reader, key: str, default: int | None, least: int) -> int:
    """A whole number that is at least ``least`` and fits a database column."""
    before = len(reader.findings)
    number = reader.number(key, default)
    if len(reader.findings) > before or not reader.has(key):
        return number
    if not least <= number <= MOST:
        remedy = f"Write a whole number from {least} to {MOST}."
        _bad(reader, key, str(number)[:20], "it is out of range", remedy)
        return least
    return number


def _party(reader: Reader, key: str) -> Party:
    child = reader.child(key)
    if child is None:
        return Party("", "", "")
    party = Party(child.text("name"), child.text("contact"), child.text("dpo"))
    child.done()
    return party


def _references(reader: Reader) -> tuple[Reference, ...]:
    references: list[Reference] = []
    for kind, node in reader.entries("references"):
        child = Reader(node, reader.findings)
        references.append(Reference(kind, child.text("value"), child.day("date")))
        child.done()
    return tuple(references)


def _calendar(reader: Reader, shift_days: int) -> Calendar:
    child = reader.child("calendar")
    names = [item.name for item in fields(Calendar)]
    if child is None:
        return Calendar(**dict.fromkeys(names, dt.date.min))
    calendar = Calendar(**{name: child.day(name) for name in names})
    child.done()
    days = calendar.days()
    for earlier, later in out_of_order(days):
        if days[later] != dt.date.min:
            place = child.at(later)
            detail = {"later": later, "late": days[later]}
            detail |= {"earlier": earlier, "early": days[earlier]}
            reader.findings.append(Finding(faults.CALENDAR_ORDER, place, detail))
    if not shift_days or dt.date.min in days.values():
        return calendar
    try:
        return calendar.shifted(shift_days)
    except OverflowError:
        child.find(faults.OUT_OF_TIME, days=shift_days)
        return calendar


def _sampling(reader: Reader) -> SampleRules:
    child = reader.child("sampling")
    if child is None:
        return SampleRules((), (), {}, 0, 0)
    variables = child.words("design_variables")
    for name in variables:
        if name not in DESIGN_VARIABLES:
            known = ", ".join(DESIGN_VARIABLES)
            _bad(child, "design_variables", name[:40], "unknown", f"Use {known}.")
    strata = child.words("strata")
    for name in strata:
        if name not in variables:
            child.find(faults.UNKNOWN_STRATUM, child.at("strata"), name=name[:40])
    rules = SampleRules(
        design_variables=variables,
        strata=strata,
        allocation=_allocation(child),
        total=_count(child, "total", 0, 1),
        seed=_count(child, "seed", None, 0),
        exclusions=_exclusions(child),
        one_per_household=child.flag("one_per_household", True),
    )
    if bool(rules.allocation) == child.has("total"):
        remedy = "Give 'total', or 'allocation' with a number for each stratum."
        _bad(child, "allocation", "unclear", "exactly one size is needed", remedy)
    child.done()
    return rules


def _allocation(reader: Reader) -> Mapping[str, int]:
    child = reader.child("allocation", required=False)
    if child is None:
        return MappingProxyType({})
    sizes = {stratum: _count(child, stratum, None, 0) for stratum in child.node.keys}
    return MappingProxyType(sizes)


def _exclusions(reader: Reader) -> ExclusionRules:
    child = reader.child("exclusions", required=False)
    if child is None:
        return ExclusionRules()
    rules = ExclusionRules(
        minimum_age=_count(child, "minimum_age", 18, 0),
        domestic_abuse=child.flag("domestic_abuse", True),
        safeguarding_marker=child.flag("safeguarding_marker", True),
        do_not_contact=child.flag("do_not_contact", True),
        on_duty=child.flag("on_duty", True),
        recent_bereavement_days=_count(child, "recent_bereavement_days", 180, 0),
        interviewed_months=_count(child, "interviewed_months", 12, 0),
    )
    child.done()
    return rules


def _contact(reader: Reader) -> ContactRules:
    child = reader.child("contact")
    if child is None:
        return ContactRules()
    rules = ContactRules(
        opt_out_days=_count(child, "opt_out_days", 14, 0),
        reminder_after_days=_count(child, "reminder_after_days", 14, 1),
        max_attempts=_count(child, "max_attempts", 5, 1),
        min_hours_between=_count(child, "min_hours_between", 20, 0),
        windows=_windows(child),
        country=child.text("country", "GB"),
        subdivision=child.text("subdivision", "ENG"),
        voicemail=child.text("voicemail", "none"),
        caller_display=child.text("caller_display"),
        soft_refusals_allowed=_count(child, "soft_refusals_allowed", 1, 0),
    )
    if rules.voicemail != "none":
        remedy = "Write none: a message may be heard by somebody else (SAF-06)."
        _bad(child, "voicemail", rules.voicemail[:40], "nothing is left", remedy)
    child.done()
    return rules


def _windows(reader: Reader) -> Mapping[str, tuple[dt.time, dt.time]]:
    """Calling hours such as ``weekday: [\"10:00\", \"20:00\"]``."""
    child = reader.child("windows")
    windows: dict[str, tuple[dt.time, dt.time]] = {}
    for day in _DAYS:
        if child is None or not child.has(day):
            continue
        try:
            start, end = (dt.time.fromisoformat(word) for word in child.words(day))
        except ValueError:
            start = end = dt.time.min
        if start >= end or start.tzinfo or end.tzinfo:
            _bad(child, day, "no span of time", "from, to", 'Write ["10:00", "20:00"].')
        else:
            windows[day] = (start, end)
    if child is not None:
        for day in _DAYS:
            child.get(day)
        child.done()
    return MappingProxyType(windows)


def _safety(reader: Reader) -> SafetyRules:
    child = reader.child("safety")
    if child is None:
        return SafetyRules()
    rules = SafetyRules(
        exit_keeps=child.flag("exit_keeps"),
        exit_url=child.text("exit_url", "/weather"),
        resume_days=_count(child, "resume_days", 14, 1),
        idle_minutes=_count(child, "idle_minutes", 20, 1),
        sensitive_a_shift=_count(child, "sensitive_a_shift", 4, 0),
        rest_minutes=_count(child, "rest_minutes", 15, 1),
        longest_minutes=_count(child, "longest_minutes", 120, 1),
    )
    local = rules.exit_url.startswith("/") and not rules.exit_url.startswith("//")
    if not local and not rules.exit_url.startswith("https://"):
        remedy = "Write an address that starts with https://, or /weather."
        _bad(child, "exit_url", "not safe", "it must be a safe address", remedy)
    child.done()
    return rules
