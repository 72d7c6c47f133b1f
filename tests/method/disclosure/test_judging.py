"""Small cells are hidden, and nothing gives them back. Proves: SAF-53.

The intruder of these tests is written apart from the room's own: it counts, by hand,
which tables agree with what is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.method.disclosure import (
    Figure,
    Policy,
    Reason,
    Suppression,
    Verdict,
    judge,
    rules,
)
from harken.method.disclosure.judge import Judgement
from harken.method.disclosure.verdict import primary

POLICY = Policy(10, 30, 3, 1.0, "SAF-53", "The owner", dt.date(2026, 1, 15))


def people(
    bases: Sequence[int], positives: Sequence[int]
) -> tuple[Figure, np.ndarray, int]:
    """A figure with these counts by category, over just the people it counts."""
    category = np.repeat(np.arange(len(bases)), bases)
    positive = np.concatenate(
        [np.arange(base) < yes for base, yes in zip(bases, positives, strict=True)]
    )
    everyone = np.ones(len(category), dtype=bool)
    figure = Figure("I01", everyone, everyone, positive.astype(bool), True)
    return figure, category, len(bases)


def verdicts(bases: Sequence[int], positives: Sequence[int]) -> list[Verdict | None]:
    figure, category, size = people(bases, positives)
    return list(judge([figure], category, size, POLICY).verdicts[0])


def reasons(bases: Sequence[int], positives: Sequence[int]) -> list[Reason | None]:
    return [one.reason if one else None for one in verdicts(bases, positives)]


def test_a_figure_on_too_few_people_takes_another_with_it() -> None:
    assert reasons([50, 9, 40], [20, 4, 20]) == [None, Reason.BASE, Reason.COMPLEMENT]


def test_small_bases_are_marked_and_shown() -> None:
    found = verdicts([50, 29, 30], [20, 10, 20])
    assert [one.flag for one in found if one] == ["", "u", ""]
    assert all(one.shown for one in found if one)


def test_a_category_in_which_nobody_was_asked_has_no_verdict() -> None:
    assert verdicts([50, 0, 40], [20, 0, 20])[1] is None


def test_small_groups_of_one_mind_are_hidden() -> None:
    found = reasons([50, 12, 40], [20, 12, 20])
    assert found[1] is Reason.MINORITY
    assert Reason.COMPLEMENT in found


def test_large_groups_of_one_mind_are_shown() -> None:
    assert reasons([50, 40], [50, 0]) == [None, None]


def test_two_small_cells_that_stay_small_together_take_a_third() -> None:
    found = verdicts([60, 4, 5, 50], [30, 2, 2, 20])
    assert sum(one.suppression is Suppression.PRIMARY for one in found if one) == 2
    assert sum(one.suppression is Suppression.SECONDARY for one in found if one) == 1


def test_two_small_cells_that_are_large_together_protect_each_other() -> None:
    found = verdicts([60, 9, 9, 50], [30, 4, 4, 20])
    assert [one.shown for one in found if one] == [True, False, False, True]


def test_a_hidden_total_hides_its_categories() -> None:
    figure, category, size = people([15, 12], [8, 5])
    hidden = Figure("I01", figure.asked, figure.base, figure.positive, False)
    found = judge([hidden], category, size, POLICY).verdicts[0]
    assert all(one is not None and not one.shown for one in found)
    assert {one.reason for one in found if one} == {Reason.TOTAL}


@given(
    bases=st.lists(st.integers(0, 40), min_size=1, max_size=6),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=150)
def test_no_hidden_count_can_be_worked_out(bases: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    positives = [int(rng.integers(0, base + 1)) for base in bases]
    total, yes = sum(bases), sum(positives)
    if primary(total, yes, POLICY) is not None:
        return  # The overall figure is hidden, and with it every category.
    found = verdicts(bases, positives)
    held = [at for at, one in enumerate(found) if one is not None]
    hidden = [at for at in held if (one := found[at]) and not one.shown]
    rest = sum(bases[at] for at in hidden)
    rest_yes = sum(positives[at] for at in hidden)
    most_of_all = total - (len(held) - 1)
    for at in hidden:
        one = found[at]
        assert one is not None
        if one.reason is Reason.BASE:
            # The others hold at least one person each; this cell may hold the rest.
            most = rest - (len(hidden) - 1)
            assert most >= min(POLICY.threshold, most_of_all)
            assert most > bases[at] or most_of_all <= bases[at]
        if one.reason is Reason.MINORITY:
            assert len(hidden) > 1 or len(held) == 1
            for own, left, whole in (
                (positives[at], rest_yes, yes),
                (bases[at] - positives[at], rest - rest_yes, total - yes),
            ):
                if own < POLICY.minority:
                    assert left >= min(POLICY.minority, whole)


def figure(name: str, asked: np.ndarray, positive: np.ndarray) -> Figure:
    return Figure(name, asked, asked, asked & positive, True)


def hidden_in(found: Judgement, figure: int) -> set[int]:
    return {
        at
        for at, one in enumerate(found.verdicts[figure])
        if one is not None and not one.shown
    }


def test_tables_on_the_same_people_hide_the_same_categories() -> None:
    rng = np.random.default_rng(1)
    category = np.repeat(np.arange(4), [200, 6, 60, 90])
    asked = np.ones(len(category), dtype=bool)
    pair = [
        figure("I01", asked, rng.random(len(category)) < 0.5),
        figure("I02", asked, rng.random(len(category)) < 0.2),
    ]
    found = judge(pair, category, 4, POLICY)
    assert hidden_in(found, 0) == hidden_in(found, 1)
    assert 1 in hidden_in(found, 0)


def test_a_base_that_another_table_shows_does_not_give_an_answer_back() -> None:
    """Offered, then used of those offered: the second base is an answer to the first."""
    category = np.repeat(np.arange(3), [100, 26, 80])
    asked = np.ones(len(category), dtype=bool)
    offered = np.concatenate(
        [np.arange(n) < k for n, k in ((100, 50), (26, 25), (80, 40))]
    )
    used = offered & (np.arange(len(category)) % 2 == 0)
    pair = [figure("I08", asked, offered), figure("I09", offered, used)]
    found = judge(pair, category, 3, POLICY)
    assert 1 in hidden_in(found, 0)  # All but one were offered.
    assert 1 in hidden_in(found, 1)  # Its base would say so.
    first, second = found.verdicts[0][1], found.verdicts[1][1]
    assert first is not None
    assert second is not None
    assert (first.reason, second.reason) == (Reason.MINORITY, Reason.DIFFERENCE)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40)
def test_linked_tables_leave_no_open_end_but_the_totals_own(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 6))
    category = rng.choice(size, 300, p=rng.dirichlet(np.ones(size)))
    everyone = np.ones(300, dtype=bool)
    figures = [figure("I0", everyone, rng.random(300) < 0.5)]
    for k in range(1, 6):
        wider = figures[int(rng.integers(len(figures)))]
        asked = wider.positive if rng.random() < 0.6 else wider.asked
        figures.append(figure(f"I{k}", asked, rng.random(300) < rng.uniform(0.2, 0.8)))
    figures = [Figure(f.name, f.asked, f.base, f.positive, _shown(f)) for f in figures]
    found = judge(figures, category, size, POLICY)
    for at, item in enumerate(figures):
        hidden = hidden_in(found, at)
        alone = found.verdicts[at][min(hidden)] if len(hidden) == 1 else None
        if alone is not None and item.total_shown:
            # Alone it is given back by its total, so it must not be hidden for its own
            # sake; a linked table needed it.
            assert alone.suppression is Suppression.SECONDARY
    assert found.open_ends <= found.audited


def _shown(item: Figure) -> bool:
    return primary(int(item.base.sum()), int(item.positive.sum()), POLICY) is None


def test_the_same_tables_get_the_same_verdicts() -> None:
    first = verdicts([60, 4, 5, 50], [30, 2, 2, 20])
    assert first == verdicts([60, 4, 5, 50], [30, 2, 2, 20])


def test_the_rules_are_sentences_with_authority_and_date() -> None:
    text = " ".join(rules(POLICY))
    assert "SAF-53" in text
    assert "2026-01-15" in text
    assert "fewer than 10 people is hidden" in text


def test_a_policy_refuses_negative_thresholds() -> None:
    with pytest.raises(ValueError, match="never negative"):
        Policy(-1, 30, 3, 1.0, "", "", dt.date(2026, 1, 15))
