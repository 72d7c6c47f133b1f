"""The record of processing, the notice's list and the retention schedule: DP-01, DP-02."""

from __future__ import annotations

import pytest

from harken.method.rights import records
from harken.method.rights.records import StoredField
from harken.method.terms import Arm, DataClass
from tests.make.study import make_folder

CHARTER = make_folder().charter
DAYS = CHARTER.calendar


END = records.spoken(DAYS.destroy_by)
KEPT = records.spoken(DAYS.answers_kept_until)
AGAIN = records.spoken(DAYS.recontact_until)


@pytest.mark.parametrize(
    ("table", "zone", "kind", "until", "how"),
    [
        (
            "room.Who",
            "identity",
            DataClass.IDENTIFYING,
            END,
            "the keys in every holder",
        ),
        ("room.Code", "identity", DataClass.LINKING, END, "codes' and marks' secret"),
        ("vault.Sealed", "identity", DataClass.LINKING, AGAIN, "marks' secret"),
        ("response.Response", "answers", DataClass.ANSWER, KEPT, "Deletion"),
        ("response.IssuedCase", "answers", DataClass.DESIGN, KEPT, "Deletion"),
        (
            "response.Trace",
            "answers",
            DataClass.DESIGN,
            END,
            "together with the people's",
        ),
        (
            "anonymisation.KeptFrame",
            "identity",
            DataClass.DESIGN,
            END,
            "together with the people's",
        ),
        ("publication.Release", "answers", DataClass.PUBLIC, "kept", "proof"),
        ("room.Draw", "identity", DataClass.DESIGN, "kept", "proof"),
        ("ledger.Entry", "identity", DataClass.OPERATIONAL, "kept", "proof"),
    ],
)
def test_a_table_ends_by_its_zone_and_by_what_its_fields_lead_to(
    table: str, zone: str, kind: DataClass, until: str, how: str
) -> None:
    fields = [
        StoredField(table, "study", DataClass.OPERATIONAL, zone),
        StoredField(table, "x", kind, zone),
    ]
    (made,) = records.tables(CHARTER, fields, {table: "A row."})
    assert (made.name, made.says, made.zone) == (table, "A row.", zone)
    assert until in made.until
    assert how in made.how
    assert "x" in dict(made.fields)[kind]


def test_a_row_that_holds_a_sealed_answer_ends_with_its_keys() -> None:
    fields = [
        StoredField("t", "case", DataClass.LINKING, "identity"),
        StoredField("t", "document", DataClass.ANSWER, "identity"),
    ]
    (made,) = records.tables(CHARTER, fields, {})
    assert made.how.startswith("Destruction of the keys")


def test_every_class_of_field_has_its_tables_and_all_their_ends() -> None:
    fields = [StoredField("a.T", "one", DataClass.LINKING, "identity")]
    fields += [StoredField("b.T", name, DataClass.LINKING, "answers") for name in "xy"]
    (only,) = records.holdings(CHARTER, fields)
    assert (only.kind, only.fields, only.tables) == (
        DataClass.LINKING,
        3,
        ("a.T", "b.T"),
    )
    assert only.until == f"{END}; {KEPT}"
    assert set(records.WHAT) == set(DataClass)
    assert records.holdings(CHARTER, []) == ()


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
    # The two articles count differently: (b) to (f) of one are (c) to (g) of the other.
    assert {"14(2)(c)", "14(2)(e)", "14(2)(g)"} <= sample
    assert {"13(2)(b)", "13(2)(d)", "13(2)(f)"} <= free
    assert "13(2)(e)" in free
    assert not {article for article in free if article.startswith("14")}


def test_each_place_in_the_law_has_a_question_and_an_answer() -> None:
    assert all(one.law and one.asks and one.answer for one in records.LAW)
    assert any(one.counsel for one in records.LAW)
    cited = " ".join(one.law for one in records.LAW)
    for place in ("84B", "8A", "section 36(4)", "paragraph 27", "section 164A", "171"):
        assert place in cited


@pytest.mark.parametrize(
    "name", ["Information Commissioner's Office", "Information Commission"]
)
def test_a_notice_may_name_the_commissioner_or_the_commission(name: str) -> None:
    items = records.notice_items(CHARTER, Arm.OPEN)
    lacks = {
        item.says for item in records.missing_in(f"Complain to the {name}.", items)
    }
    assert "the Commissioner" not in lacks
