"""Changing the demo study's texts in memory, and the days of a rehearsal."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from harken.method.errors import HarkenError
from harken.method.study import read_folder
from harken.service.rehearsal import scenery
from harken.service.rehearsal.ending import needles_of
from harken.service.rehearsal.fieldwork import days_of, open_arm_plan
from tests.make.rehearsal import demo_folder, demo_texts


def test_the_size_of_the_sample_is_changed_and_nothing_else() -> None:
    changed = scenery.with_total(demo_texts(), 77)
    assert read_folder(changed).charter.sampling.total == 77
    others = {p: t for p, t in changed.items() if p != "study.yaml"}
    assert others == {p: t for p, t in demo_texts().items() if p != "study.yaml"}


def test_dates_told_to_people_move_with_the_calendar() -> None:
    calendar = demo_folder().charter.calendar
    moved = scenery.moved(demo_texts(), calendar, 100)
    for language, day in (("en", "8 January 2027"), ("pl", "8 stycznia 2027")):
        notice = moved[f"messages/privacy-notice.{language}.md"]
        assert day in notice
        assert "30 September 2026" not in notice
        assert "30 września 2026" not in notice
    rules = read_folder(moved, shift_days=100).charter.contact
    assert set(rules.windows) == {"weekday", "saturday", "sunday"}


def test_a_folder_without_a_study_is_refused_by_name() -> None:
    with pytest.raises(HarkenError, match="REH-002"):
        scenery.read_texts("/nowhere/at/all")


def test_people_come_by_themselves_only_while_the_open_arm_runs() -> None:
    calendar = demo_folder().charter.calendar
    plan = open_arm_plan(calendar, 400, np.random.default_rng(1))
    assert sum(plan.values()) == 400
    assert max(plan) == calendar.open_arm_closes
    assert list(days_of(calendar))[-1] == calendar.telephone_closes


def test_needles_are_what_identifies_and_nothing_short() -> None:
    header = (
        "crime_reference,given_name,surname,date_of_birth,sex,address_line_1,"
        "address_line_2,town,postcode,telephone,email,area,crime_group,date_reported,"
        "case_status,enhanced,language,interpreter,safe_contact,do_not_contact,"
        "domestic_abuse,safeguarding_marker,on_duty_officer,bereaved_on,"
        "last_interviewed"
    )
    row = (
        "EC/2025/6100007,Adiyan,Adderborska,1990-01-01,male,7 Teasel Rise,,Saltern,"
        "ZZ1 1AA,0131 496 0001,a@post.example" + "," * 14
    )
    found = needles_of(f"{header}\n{row}\n", ["Somebody was kind to me."])
    assert {"EC/2025/6100007", "Adderborska", "+441314960001"} <= found
    assert {"0131 496 0001", "7 Teasel Rise", "Somebody was kind to me."} <= found
    assert all(len(needle) >= 8 for needle in found)
    assert "surname" not in found


def test_a_moment_is_in_the_study_s_time_zone() -> None:
    summer = scenery.moment(dt.date(2026, 7, 15), 9)
    assert summer.utcoffset() == dt.timedelta(hours=1)
