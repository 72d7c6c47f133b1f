"""The record of processing, the notice's list and the retention schedule: DP-01, DP-02."""

from __future__ import annotations

import pytest

from harken.method.rights import records
from harken.method.rights.records import StoredField
from harken.method.terms import Arm, DataClass
from tests.make.study import make_folder

CHARTER = make_folder().charter
DAYS = CHARTER.calendar


def test_every_class_of_field_has_its_tables_its_end_and_how_it_ends() -> None:
    fields = [StoredField(f"t_{kind}", "x", kind, "default") for kind in DataClass]
    fields.append(StoredField("t_more", "y", DataClass.ANSWER, "answers"))
    found = {one.kind: one for one in records.holdings(CHARTER, fields)}
    assert set(found) == set(DataClass)
    assert found[DataClass.ANSWER].tables == ("t_answer", "t_more")
    assert found[DataClass.ANSWER].fields == 2
    destroy, keep = (
        records.spoken(DAYS.destroy_by),
        records.spoken(DAYS.answers_kept_until),
    )
    assert found[DataClass.IDENTIFYING].until.startswith(destroy)
    assert records.spoken(DAYS.recontact_until) in found[DataClass.IDENTIFYING].until
    assert found[DataClass.LINKING].until == destroy
    assert found[DataClass.ANSWER].until == found[DataClass.DESIGN].until == keep
    assert destroy in found[DataClass.OPERATIONAL].until
    assert found[DataClass.PUBLIC].until == "kept"
    assert "keys" in found[DataClass.IDENTIFYING].how
    assert all(one.what and one.how for one in found.values())


def test_a_class_without_a_field_is_not_listed() -> None:
    (only,) = records.holdings(CHARTER, [StoredField("t", "x", DataClass.DESIGN, "a")])
    assert only.kind is DataClass.DESIGN


@pytest.mark.parametrize("arm", list(Arm))
def test_a_notice_that_says_everything_lacks_nothing_and_each_silence_is_seen(
    arm: Arm,
) -> None:
    items = records.notice_items(CHARTER, arm)
    whole = " ".join(sign for item in items for sign in item.signs)
    assert records.missing_in(f"**{whole}**\n", items) == ()
    for item in items:
        for sign in item.signs:
            others = whole.casefold().replace(sign.casefold(), "")
            assert item in records.missing_in(others, items), item.says
    assert records.missing_in("", items) == items


def test_the_sample_is_told_where_its_data_come_from_and_the_open_arm_that_it_is_free() -> (
    None
):
    sample = {item.article for item in records.notice_items(CHARTER, Arm.SAMPLE)}
    free = {item.article for item in records.notice_items(CHARTER, Arm.OPEN)}
    assert {"14(1)(d)", "14(2)(f)", "14(2)(d)"} <= sample
    assert "13(2)(e)" in free
    assert not {article for article in free if article.startswith("14")}


def test_each_place_in_the_law_has_a_question_and_an_answer() -> None:
    assert all(one.law and one.asks and one.answer for one in records.LAW)
    assert any(one.counsel for one in records.LAW)
