"""The charter of a study, read with its mistakes. Proves: DP-01, DP-04, SAF-02, SAF-06."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest

from harken.method.errors import HarkenError
from harken.method.study import Charter, ContactRules, State, read_folder
from harken.method.study.charter import SampleRules
from harken.method.terms import Arm, Language, Mode
from tests.make.study import CHARTER, make_charter, make_files, make_folder


def charter(**changes: str) -> Charter:
    return make_folder(study=make_charter(**changes)).charter


def codes_in(text: str, *, shift_days: int = 0) -> list[str]:
    with pytest.raises(HarkenError) as caught:
        read_folder(make_files(study=text), shift_days=shift_days)
    return [finding.fault.code for finding in caught.value.findings]


def test_a_charter_is_understood_as_written() -> None:
    read = charter()
    assert (read.id, read.policy_version) == ("trial", 1)
    assert read.modes == (Mode.WEB, Mode.TELEPHONE)
    assert read.arms == (Arm.SAMPLE, Arm.OPEN)
    assert read.source_language == Language("en")
    assert read.controller.dpo == "dpo@example.org"
    assert read.calendar.destroy_by == dt.date(2026, 9, 30)
    assert read.contact.windows["saturday"] == (dt.time(10), dt.time(16))
    assert "sunday" not in read.contact.windows
    ethics = read.reference("ethics")
    assert ethics is not None
    assert (ethics.value, ethics.spoken) == ("Panel 1", "ethics")
    assert read.reference("none") is None


def test_rules_that_are_not_written_are_the_careful_ones() -> None:
    rules = charter().sampling
    assert rules.one_per_household
    assert (rules.total, dict(rules.allocation)) == (100, {})
    assert rules.exclusions.minimum_age == 18
    assert rules.exclusions.domestic_abuse
    contact = charter().contact
    assert (contact.voicemail, contact.opt_out_days) == ("none", 14)
    assert not charter().safety.exit_keeps


def test_rules_that_are_written_are_kept() -> None:
    text = CHARTER.replace("  total: 100\n", "  allocation: {burglary: 60, hate: 40}\n")
    text = text.replace(
        "  seed: 1\n",
        "  seed: 1\n  one_per_household: no\n"
        "  exclusions: {minimum_age: 16, on_duty: no, interviewed_months: 6}\n",
    )
    rules = make_folder(study=text).charter.sampling
    assert dict(rules.allocation) == {"burglary": 60, "hate": 40}
    assert not rules.one_per_household
    assert (rules.exclusions.minimum_age, rules.exclusions.on_duty) == (16, False)


def test_the_calendar_moves_as_a_whole() -> None:
    moved = make_folder(shift_days=10).charter.calendar
    assert moved == charter().calendar.shifted(10)
    assert moved.letters == dt.date(2026, 2, 12)
    assert codes_in(CHARTER, shift_days=10**7) == ["STU-008"]


def test_the_promise_has_a_digest_that_anybody_can_check() -> None:
    policy = charter().policy()
    rest = {key: value for key, value in policy.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert policy["digest"] == hashlib.sha256(text.encode()).hexdigest()
    assert policy["destroy_by"] == "2026-09-30"
    assert charter(policy_version="2").policy()["digest"] != policy["digest"]


def test_a_charter_without_a_privacy_reference_still_states_its_promise() -> None:
    text = CHARTER.replace(
        "  privacy_notice: {value: Notice 1, date: 2026-01-05}\n", ""
    )
    assert make_folder(study=text).charter.policy()["privacy_notice"] == ""


MISTAKES = [
    (make_charter(study="Not A Name"), ["STU-005"]),
    (make_charter(title=""), ["SRC-004"]),
    (make_charter(languages="[English]"), ["STU-006"]),
    (make_charter(languages="[en, en]"), ["STU-006", "STU-006"]),
    (make_charter(languages="[]"), ["STU-006"]),
    (make_charter(modes="[paper]"), ["STU-009", "STU-009"]),
    (make_charter(modes="[web, web]"), ["STU-010"]),
    (make_charter(arms="[]"), ["STU-009"]),
    (make_charter(policy_version="0"), ["STU-009"]),
    (make_charter(policy_version="one"), ["SRC-005"]),
    (make_charter(letters="2026-01-01"), ["STU-007"]),
    (make_charter(destroy_by="2026-04-01"), ["STU-007"]),
    (make_charter(publish="1 July"), ["SRC-005"]),
    (make_charter(total="0"), ["STU-009"]),
    (make_charter(seed="-1"), ["STU-009"]),
    (make_charter(strata="[colour]"), ["STU-011"]),
    (make_charter(design_variables="[crime_group, colour]"), ["STU-009"]),
    (make_charter(windows='{weekday: ["20:00", "10:00"]}'), ["STU-009"]),
    (make_charter(windows='{weekday: ["10:00"]}'), ["STU-009"]),
    (make_charter(windows='{weekday: ["10:00+01:00", "20:00+01:00"]}'), ["STU-009"]),
    (make_charter(windows='{friday: ["10:00", "20:00"]}'), ["SRC-003"]),
    (make_charter(safety="{exit_keeps: no, exit_url: //evil.example}"), ["STU-009"]),
    (make_charter(safety="{exit_keeps: no, exit_url: http://a.example}"), ["STU-009"]),
    (make_charter(controller="The Office"), ["SRC-005", *["SRC-004"] * 3]),
    (CHARTER.replace("  total: 100\n", ""), ["STU-009"]),
    (CHARTER.replace("total: 100", "total: 5\n  allocation: {a: 5}"), ["STU-009"]),
    (CHARTER + "colour: red\n", ["SRC-003"]),
    (
        CHARTER.replace("  caller_display", "  voicemail: name\n  caller_display"),
        ["STU-009"],
    ),
    ("study: [", ["SRC-001"]),
]


@pytest.mark.parametrize(("text", "codes"), MISTAKES)
def test_a_mistake_in_the_charter_has_its_number(text: str, codes: list[str]) -> None:
    assert codes_in(text) == codes


@pytest.mark.parametrize(
    "key", ["controller", "calendar", "sampling", "contact", "safety", "references"]
)
def test_a_part_that_is_missing_is_named(key: str) -> None:
    lines = CHARTER.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(key))
    end = start + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    text = "\n".join(lines[:start] + lines[end:]) + "\n"
    assert codes_in(text) == ["SRC-004"]


def test_a_charter_without_calling_hours_is_told_so() -> None:
    text = CHARTER.replace('  windows: {weekday: ["10:00", "20:00"], ', "  # {")
    assert codes_in(text) == ["SRC-004"]


def test_values_stand_alone_for_other_rooms_tests() -> None:
    assert SampleRules((), (), {}, 1, 2).exclusions.minimum_age == 18
    assert ContactRules().max_attempts == 5


def test_the_life_of_a_study_has_no_way_back() -> None:
    order = [State.DRAFT, State.OPEN, State.CLOSED, State.DESTROYED]
    for place, state in enumerate(order):
        for other in order:
            assert state.may_become(other) == (order[place + 1 : place + 2] == [other])
