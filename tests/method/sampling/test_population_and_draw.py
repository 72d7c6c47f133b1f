"""Population tables, design variables and the stratified draw."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.sampling import Population, design_of, draw
from harken.method.sampling.variables import age_band, age_on, quarter
from tests.make.sampling import TODAY, make_population, make_row

HEADER = "area,crime_group,sex,age_band,count\n"


def refused(text: str) -> list[str]:
    """The codes of a refused table."""
    with pytest.raises(HarkenError) as error:
        Population.read(text)
    return [finding.fault.code for finding in error.value.findings]


def test_a_table_gives_margins_and_strata() -> None:
    table = Population.read(
        HEADER + "A01,burglary,male,18-24,3\n\nA01,robbery,male,18-24,4\n"
        "A02,robbery,female,65+,5\n"
    )
    assert table.total == 12
    assert table.values("area") == ("A01", "A02")
    assert table.margin(["crime_group"]) == {("burglary",): 3, ("robbery",): 9}
    assert table.margin(["sex", "area"])["male", "A01"] == 7
    assert table.stratum_sizes(["area", "crime_group"])["A02|robbery"] == 5
    with pytest.raises(HarkenError, match="SAM-034"):
        table.margin(["height"])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["SAM-030"]),
        ("area;count\n", ["SAM-030"]),
        (HEADER, ["SAM-033"]),
        (HEADER + "A01,burglary,male,18-24,0\n", ["SAM-033"]),
        (HEADER + "A01,burglary,male,18-24,many\nA01,x\n", ["SAM-031", "SAM-031"]),
        (HEADER + "A01,b,male,18-24,-1\n", ["SAM-031"]),
        (HEADER + "A01,b,male,18-24,1\nA01,b,male,18-24,2\n", ["SAM-032"]),
        (HEADER + '"A01,b\n', ["SAM-008"]),
    ],
)
def test_a_bad_table_is_refused_with_its_lines(text: str, codes: list[str]) -> None:
    assert refused(text) == codes


@given(st.text(max_size=200))
def test_no_text_breaks_the_table_reader(text: str) -> None:
    for start in ("", HEADER):
        with contextlib.suppress(HarkenError):
            Population.read(start + text)


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (17, "under 18"),
        (18, "18-24"),
        (24, "18-24"),
        (25, "25-34"),
        (64, "55-64"),
        (90, "65+"),
    ],
)
def test_ages_fall_into_bands(age: int, band: str) -> None:
    assert age_band(age) == band


def test_ages_and_quarters_are_counted_by_the_calendar() -> None:
    assert age_on(dt.date(2008, 2, 29), dt.date(2026, 2, 28)) == 17
    assert age_on(dt.date(2008, 2, 29), dt.date(2026, 3, 1)) == 18
    assert [quarter(dt.date(2025, month, 1)) for month in (1, 3, 4, 12)] == [
        "2025-Q1",
        "2025-Q1",
        "2025-Q2",
        "2025-Q4",
    ]


def test_a_design_holds_bands_and_no_identity() -> None:
    design = design_of(make_row(3), strata=["crime_group", "sex"], today=TODAY)
    assert design["stratum"] == f"{design['crime_group']}|{design['sex']}"
    assert "Quenhallow" not in str(design)
    assert set(design) == {
        "area",
        "crime_group",
        "sex",
        "age_band",
        "enhanced",
        "quarter",
        "stratum",
    }


def test_a_draw_by_total_is_proportional_and_adds_up() -> None:
    frame = ["a"] * 50 + ["b"] * 50 + ["c"] * 50
    selection = draw(frame, sizes={"a": 100, "b": 200, "c": 301}, allocation=20, seed=7)
    assert len(selection.issued) == 20
    taken = {name: stratum.issued for name, stratum in selection.strata.items()}
    assert taken == {"a": 3, "b": 7, "c": 10}
    stratum = selection.strata["a"]
    assert stratum.probability * stratum.weight == pytest.approx(1)
    assert (
        draw(frame, sizes={"a": 100, "b": 200, "c": 301}, allocation=20, seed=7)
        == selection
    )


def test_every_member_of_a_stratum_has_the_same_chance() -> None:
    counts = [0] * 6
    for seed in range(3000):
        for position in draw(
            ["a"] * 6, sizes={"a": 6}, allocation={"a": 2}, seed=seed
        ).issued:
            counts[position] += 1
    assert all(abs(count - 1000) < 110 for count in counts)


def test_a_short_stratum_is_taken_whole_with_a_warning() -> None:
    selection = draw(
        ["a", "b", "b"], sizes={"a": 9, "b": 9}, allocation={"a": 5, "b": 0}, seed=1
    )
    assert [finding.fault.code for finding in selection.findings] == ["SAM-044"]
    assert selection.issued == (0,)
    assert selection.strata["a"].weight == 9
    assert selection.strata["b"].weight == 0


@pytest.mark.parametrize(
    ("frame", "sizes", "allocation", "codes"),
    [
        ([], {}, 1, ["SAM-040"]),
        (["a"], {}, 1, ["SAM-043"]),
        (["a"], {"a": 2}, {"a": 1, "z": 1}, ["SAM-041"]),
        (["a", "b"], {"a": 2}, {"a": 1}, ["SAM-043", "SAM-042"]),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(
    frame: list[str],
    sizes: dict[str, int],
    allocation: int | dict[str, int],
    codes: list[str],
) -> None:
    with pytest.raises(HarkenError) as error:
        draw(frame, sizes=sizes, allocation=allocation, seed=1)
    assert [finding.fault.code for finding in error.value.findings] == codes


def test_the_table_of_the_makers_is_sound() -> None:
    assert Population.read(make_population(2)).total == 2 * 3 * 3 * 3 * 6
