"""Who may be approached at all. Proves SAF-02 and SAF-03."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.sampling import ExclusionReason, Row, screen
from harken.method.sampling.screening import Screened
from harken.method.study.charter import ExclusionRules, SampleRules
from tests.make.sampling import TODAY, make_row

OFF = ExclusionRules(
    minimum_age=0,
    domestic_abuse=False,
    safeguarding_marker=False,
    on_duty=False,
    recent_bereavement_days=0,
    interviewed_months=0,
)


def make_rules(
    *, exclusions: ExclusionRules | None = None, homes: bool = True, seed: int = 1
) -> SampleRules:
    """Rules of a sample with the default exclusions."""
    return SampleRules(
        design_variables=(),
        strata=("crime_group",),
        allocation={},
        total=1,
        seed=seed,
        exclusions=exclusions or ExclusionRules(),
        one_per_household=homes,
    )


def screened(
    rows: list[Row],
    rules: SampleRules | None = None,
    opted_out: frozenset[str] = frozenset(),
) -> Screened:
    """The screening of these rows; who opted out is named by surname."""
    return screen(
        rows,
        rules=rules or make_rules(),
        today=TODAY,
        opted_out=lambda row: row.surname in opted_out,
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"do_not_contact": "yes"}, ExclusionReason.DO_NOT_CONTACT),
        ({"date_of_birth": "2008-01-13"}, ExclusionReason.UNDER_AGE),
        ({"domestic_abuse": "yes"}, ExclusionReason.DOMESTIC_ABUSE),
        ({"safeguarding_marker": "yes"}, ExclusionReason.SAFEGUARDING_MARKER),
        ({"on_duty_officer": "yes"}, ExclusionReason.ON_DUTY),
        ({"bereaved_on": "2025-09-01"}, ExclusionReason.BEREAVED),
        ({"last_interviewed": "2025-06-01"}, ExclusionReason.INTERVIEWED_RECENTLY),
        ({"given_name": ""}, ExclusionReason.MISSING_NAME),
        ({"telephone": "", "postcode": ""}, ExclusionReason.NO_ROUTE),
        ({"telephone": "", "safe_contact": "phone_only"}, ExclusionReason.NO_ROUTE),
    ],
)
def test_each_reason_leaves_somebody_out(
    changes: dict[str, str], reason: ExclusionReason
) -> None:
    result = screened([make_row(1, **changes), make_row(2)])
    assert result.excluded == {reason: 1}
    assert [row.surname for row in result.kept] == ["Quenhallow2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"date_of_birth": "2008-01-12"},
        {"bereaved_on": "2025-07-15"},
        {"last_interviewed": "2025-01-11"},
        {"telephone": "", "safe_contact": "post_only"},
    ],
)
def test_on_the_day_a_rule_ends_somebody_may_be_asked(changes: dict[str, str]) -> None:
    assert len(screened([make_row(1, **changes)]).kept) == 1


def test_rules_can_be_switched_off_but_not_do_not_contact() -> None:
    rows = [
        make_row(1, domestic_abuse="yes", safeguarding_marker="yes"),
        make_row(2, on_duty_officer="yes", bereaved_on="2026-01-01"),
        make_row(3, date_of_birth="2012-01-01", last_interviewed="2026-01-01"),
        make_row(4, do_not_contact="yes"),
    ]
    result = screened(rows, make_rules(exclusions=OFF))
    assert len(result.kept) == 3
    assert result.excluded == {ExclusionReason.DO_NOT_CONTACT: 1}


def test_a_marker_on_one_row_stands_for_every_row_of_the_person() -> None:
    same = {"given_name": "Ana", "surname": "O'Vale", "date_of_birth": "1980-01-01"}
    rows = [
        make_row(1, **same),
        make_row(2, **(same | {"surname": "OVALE", "domestic_abuse": "yes"})),
    ]
    result = screened(rows)
    assert result.excluded == {ExclusionReason.DOMESTIC_ABUSE: 2}


def test_somebody_who_opted_out_stays_out() -> None:
    result = screened([make_row(1), make_row(2)], opted_out=frozenset({"Quenhallow1"}))
    assert result.excluded == {ExclusionReason.OPTED_OUT: 1}


def test_a_person_twice_is_one_person() -> None:
    same = {"given_name": "Ana", "surname": "Vale", "date_of_birth": "1980-01-01"}
    result = screened([make_row(1, **same), make_row(2, **same)])
    assert result.excluded == {ExclusionReason.DUPLICATE_PERSON: 1}


def test_a_household_is_one_by_address_or_phone_and_through_a_third() -> None:
    rows = [
        make_row(1, address_line_1="Flat 2, 9 Elm Row"),
        make_row(2, address_line_1="flat 2 9 elm row", telephone="07700 900111"),
        make_row(3, telephone="+447700900111"),
        make_row(4),
    ]
    result = screened(rows)
    assert result.excluded == {ExclusionReason.SAME_HOUSEHOLD: 2}
    assert len(screened(rows, make_rules(homes=False)).kept) == 4


def test_chance_and_not_the_files_order_decides_who_stays() -> None:
    rows = [make_row(n, telephone="07700 900222") for n in range(2)]
    stays = [screened(rows, make_rules(seed=seed)).kept[0].line for seed in range(400)]
    rows_by_name = [
        screened(rows, make_rules(seed=seed)).kept[0].surname for seed in range(400)
    ]
    assert stays[0] == 2
    assert 150 < rows_by_name.count("Quenhallow0") < 250


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=20))
def test_nobody_is_lost_and_no_household_is_left_twice(
    people: list[tuple[int, int]],
) -> None:
    rows = [
        make_row(n, address_line_1=f"{home} Elm Row", telephone=f"07700 900{phone:03}")
        for n, (home, phone) in enumerate(people)
    ]
    result = screened(rows)
    assert len(result.kept) + sum(result.excluded.values()) == len(rows)
    assert len({row.address_key() for row in result.kept}) == len(result.kept)
    assert len({row.telephone for row in result.kept}) == len(result.kept)
    assert bool(rows) == bool(result.kept)


def test_a_row_without_any_address_has_no_household_by_address() -> None:
    row = make_row(address_line_1="", address_line_2="")
    assert row.address_key() == ""
    assert ExclusionReason.SAME_HOUSEHOLD.word == "same household"
    assert len(row.marks()) == 2
    assert len(make_row(telephone="").marks()) == 1
