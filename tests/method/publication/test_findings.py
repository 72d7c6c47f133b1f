"""From results to figures: arms apart, bases printed, nothing hidden given back.

Proves SAF-51, SAF-53, QA-05.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from harken.method.compliance.results import Pooled, State
from harken.method.disclosure import Suppression
from harken.method.errors import HarkenError
from harken.method.publication import Cover, figure_files, make_figures
from harken.method.publication.chart import Shape
from harken.method.publication.figures import Figures
from harken.method.publication.findings import Words, audit, rounded
from harken.method.publication.table import Cell, Kind, Marker
from harken.method.terms import Arm
from tests.make.publication import (
    CONTEXT,
    WORDS,
    make_card,
    make_edition,
    make_estimate,
    make_figures_of,
    make_result,
    make_results,
)

PRIMARY = Suppression.PRIMARY


def column(figures: Figures, table: str, key: str) -> list[str]:
    """What a column of a table shows."""
    found = figures.tables[table]
    index = [c.key for c in found.columns].index(key)
    return [row[index].shown(found.columns[index].kind) for row in found.rows]


def test_a_figure_under_the_threshold_stops_the_release() -> None:
    results = make_results(indicators=[make_result(estimate=make_estimate(0.5, 9))])
    with pytest.raises(HarkenError, match="PUB-003"):
        make_figures(results, make_edition(), WORDS, CONTEXT)


def test_one_hidden_category_that_the_total_gives_back_stops_the_release() -> None:
    found = [
        make_result(estimate=make_estimate(0.3, 100)),
        make_result(category="burglary", estimate=make_estimate(0.3, 95)),
        make_result(category="hate", hidden=PRIMARY),
    ]
    with pytest.raises(HarkenError, match="PUB-002"):
        audit(make_results(indicators=found), 10)


def test_two_hidden_categories_do_not_give_each_other_back() -> None:
    found = [
        make_result(estimate=make_estimate(0.3, 100)),
        make_result(category="burglary", estimate=make_estimate(0.3, 60)),
        make_result(category="hate", hidden=PRIMARY),
        make_result(category="robbery", hidden=Suppression.SECONDARY),
    ]
    audit(make_results(indicators=found), 10)


def test_without_a_total_nothing_is_given_back() -> None:
    found = [
        make_result(hidden=PRIMARY),
        make_result(category="burglary", estimate=make_estimate(0.3, 60)),
        make_result(category="hate", hidden=PRIMARY),
    ]
    audit(make_results(indicators=found), 10)


def test_the_arms_never_share_a_table() -> None:
    figures = make_figures_of()
    assert column(figures, "indicators-sample", "percent")[0] == "31"
    assert column(figures, "indicators-open", "percent") == ["12"]
    assert "weighted_base" not in [
        c.key for c in figures.tables["indicators-open"].columns
    ]


def test_a_hidden_figure_hides_its_interval_its_bases_and_its_reliability() -> None:
    figures = make_figures_of()
    for key in ("percent", "low", "high", "base", "weighted_base", "effective_base"):
        assert column(figures, "by-crime-group-sample", key)[1:] == ["[c]", "[c]"]


def test_a_small_base_is_marked_and_its_number_stays_a_number() -> None:
    figures = make_figures_of()
    assert column(figures, "indicators-sample", "reliability") == [
        "sound",
        "[u]",
        "[c]",
    ]
    assert column(figures, "indicators-sample", "percent")[1] == "62"


def test_headlines_carry_interval_and_base_or_say_why_not() -> None:
    results = make_results(headlines=("I01", "I02", "I03"))
    first, second, third = make_figures_of(results).headlines
    assert (first.share, first.interval, first.base) == ("31%", "28% to 34%", "1,204")
    assert second.unsure
    assert (third.share, third.base) == (None, "")


def test_pooled_figures_stand_alone_under_a_title_that_says_so() -> None:
    pooled = (Pooled("I01", make_estimate(0.2, 1292), Suppression.NONE, ""),)
    figures = make_figures_of(replace(make_results(), pooled=pooled))
    assert "explicit choice" in figures.tables["indicators-pooled"].title
    assert column(figures, "indicators-pooled", "base") == ["1,292"]


def test_every_chart_has_its_table_twin() -> None:
    figures = make_figures_of()
    assert figures.charts
    assert all(chart.table in figures.tables for chart in figures.charts.values())


def test_a_breakdown_is_a_dot_chart_with_hidden_rows_last() -> None:
    chart = make_figures_of().charts["i01-crime-group"]
    assert chart.shape is Shape.DOT
    assert [bar.value is None for bar in chart.bars] == [False, True, True]


def test_a_stage_whose_figures_are_all_hidden_says_so_in_its_title() -> None:
    assert "too few people to show" in make_figures_of().charts["stage-trial"].title


def test_a_topic_gathers_indicators_by_a_word_of_their_title() -> None:
    lists = {**WORDS.lists, "topic": {"first": "1", "none": "absent"}}
    figures = make_figures(make_results(), make_edition(), Words(lists), CONTEXT)
    assert [m.id for m in figures.topic("first")] == ["I01"]
    assert figures.topic("unknown") == ()
    assert "topic-first" in figures.charts
    assert "topic-none" not in figures.charts


def test_small_counts_of_exclusions_are_hidden_and_not_given_back() -> None:
    figures = make_figures(
        make_results(),
        make_edition(),
        WORDS,
        CONTEXT,
        exclusions=(("a", 200), ("b", 41), ("c", 4), ("d", 0)),
        counts={"sample_file": 6000, "opted_out": 3},
    )
    assert column(figures, "exclusions", "count") == ["200", "[c]", "[c]", "0"]
    shown = dict(
        zip(
            column(figures, "fieldwork", "what"),
            column(figures, "fieldwork", "figure"),
            strict=True,
        )
    )
    assert shown["Opted out"] == "[c]"
    assert shown["Sample file"] == "6,000"


def test_a_lone_small_count_hides_alone_when_there_is_no_other() -> None:
    figures = make_figures(
        make_results(), make_edition(), WORDS, CONTEXT, exclusions=(("c", 4),)
    )
    assert column(figures, "exclusions", "count") == ["[c]"]


def test_the_scorecard_counts_states_by_stage_and_agency() -> None:
    figures = make_figures_of()
    assert column(figures, "scorecard-by-agency", "agency") == ["Police"]
    assert column(figures, "scorecard-by-agency", "all") == ["3"]
    assert column(figures, "scorecard-by-stage", "not_met") == ["1", "0", "0"]


def test_a_state_is_told_by_words_and_a_sign_with_interval_and_base() -> None:
    figures = make_figures_of()
    assert column(figures, "scorecard-sample", "state")[0] == "Not met"
    assert column(figures, "scorecard-sample", "base") == ["1,204", "[c]", "27"]


def test_what_was_not_tested_is_not_applicable_rather_than_hidden() -> None:
    cards = (make_card(1, State.NOT_MEASURED), make_card(2, State.TOO_FEW))
    figures = make_figures_of(make_results(scorecard=cards))
    assert column(figures, "scorecard-sample", "percent") == ["[z]", "[c]"]


def test_an_agency_is_named_without_the_bracketed_explanation() -> None:
    edition = replace(
        make_edition(), agencies={"police": "police forces (all of them)"}
    )
    figures = make_figures(make_results(), edition, WORDS, CONTEXT)
    assert figures.agency("police") == "Police forces"
    assert figures.agency("unknown") == "Unknown"


def test_a_run_without_weights_has_no_weighting_tables() -> None:
    figures = make_figures_of(replace(make_results(), weights=None))
    assert "weighting-steps" not in figures.tables
    assert "weighting-steps" in make_figures_of().tables


def test_an_unweighted_release_of_the_open_arm_alone_has_no_sampled_table() -> None:
    results = make_results(
        indicators=[make_result(arm=Arm.OPEN)], scorecard=(), headlines=()
    )
    figures = make_figures_of(results)
    assert "indicators-sample" not in figures.tables
    assert "headlines" not in figures.charts


def test_all_shorthand_is_explained() -> None:
    assert dict(make_figures_of().shorthand)["[u]"].startswith("low reliability")


def test_a_word_without_a_label_is_made_readable() -> None:
    assert Words({}).of("state", "not_met") == "Not met"
    assert Cell(marker=Marker.LOW_RELIABILITY).plain(Kind.TEXT) == "[u]"


def test_facts_are_printed_as_counts_rates_or_words() -> None:
    facts = {"rate_RR1": 0.4123, "interviews": 1292, "share": 2.5, "note": "said"}
    figures = make_figures_of(replace(make_results(), facts=facts))
    shown = dict(
        zip(
            column(figures, "fieldwork", "what"),
            column(figures, "fieldwork", "figure"),
            strict=True,
        )
    )
    assert shown["Rate rr1"] == "41.2%"
    assert (shown["Interviews"], shown["Share"]) == ("1,292", "2.50")
    assert shown["Note"] == "said"


def test_shares_are_as_coarse_as_the_rule_and_no_coarser() -> None:
    results = make_results(indicators=[make_result(estimate=make_estimate(0.3149))])
    for step, wanted in ((0, 0.3149), (0.1, 0.315), (1, 0.31), (5, 0.3)):
        coarse = rounded(results, step).indicators[0].estimate
        assert coarse is not None
        assert coarse.value == pytest.approx(wanted)
        assert coarse.low <= coarse.value <= coarse.high


def test_a_fine_rule_prints_a_decimal() -> None:
    context = replace(CONTEXT, round_to=0.1)
    results = make_results(indicators=[make_result(estimate=make_estimate(0.3149))])
    figures = make_figures(results, make_edition(), WORDS, context)
    assert column(figures, "indicators-sample", "percent") == ["31.5"]


def test_a_headline_that_nobody_was_asked_has_no_chart_by_group() -> None:
    figures = make_figures_of(make_results(headlines=("I03",)))
    assert "i03-crime-group" not in figures.charts
    assert figures.headlines[0].share is None


def test_a_breakdown_in_which_nobody_stands_makes_no_table_and_no_chart() -> None:
    results = replace(make_results(), breakdowns=("crime_group", "mode"))
    figures = make_figures_of(results)
    assert "by-mode-sample" not in figures.tables
    assert "i01-mode" not in figures.charts


def test_an_age_breakdown_keeps_its_order() -> None:
    ages = [
        replace(
            make_result(category=age, estimate=make_estimate(share, 200)),
            breakdown="age_band",
        )
        for age, share in (("18-24", 0.2), ("25-34", 0.4), ("35-44", 0.3))
    ]
    total = make_result(estimate=make_estimate(0.3, 600))
    results = make_results(indicators=[total, *ages], headlines=("I01",))
    lists = {**WORDS.lists, "variable": {"age_band": "Age"}}
    figures = make_figures(
        replace(results, breakdowns=("age_band",)),
        make_edition(),
        Words(lists),
        CONTEXT,
    )
    labels = [bar.label for bar in figures.charts["i01-age-band"].bars]
    assert labels == ["18-24", "25-34", "35-44"]


def test_an_interval_that_holds_everything_is_still_drawn_within_the_scale() -> None:
    wide = make_result(estimate=make_estimate(0.5, 30, 0.5))
    figures = make_figures_of(make_results(indicators=[wide], headlines=("I01",)))
    bar = figures.charts["headlines"].bars[0]
    assert (bar.low, bar.high) == (0, 100)


def test_one_hidden_category_of_many_people_is_no_secret_of_size() -> None:
    found = [
        make_result(estimate=make_estimate(0.3, 100)),
        make_result(category="burglary", estimate=make_estimate(0.3, 60)),
        make_result(category="hate", hidden=PRIMARY),
    ]
    audit(make_results(indicators=found), 10)


def test_a_stage_of_several_figures_is_headed_by_their_range() -> None:
    results = make_results()
    measures = tuple(replace(m, stage="report") for m in results.measures)
    chart = make_figures_of(replace(results, measures=measures)).charts["stage-report"]
    assert chart.title == "Reporting the crime: from 31% to 62%"


def test_every_figure_becomes_a_file_by_its_id() -> None:
    figures = make_figures_of()
    cover = Cover("A review", "The Office", "en", "2026-07-15", ())
    files = figure_files(figures, cover)
    assert "tables.ods" in files
    for name in figures.tables:
        assert {f"tables/{name}.csv", f"tables/{name}.csv-metadata.json"} <= set(files)
    assert all(f"charts/{name}.svg" in files for name in figures.charts)
