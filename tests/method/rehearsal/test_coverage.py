"""The benchmark that counts how often intervals hold the truth gives its report."""

from __future__ import annotations

import json

import pytest

from bench import coverage


@pytest.mark.slow
@pytest.mark.unwatched
def test_one_seed_gives_a_hit_or_miss_for_every_interval() -> None:
    found = coverage.hits(1)
    assert len({hit.indicator for hit in found}) == len(found) == 72
    assert len({coverage.main_id(hit.indicator) for hit in found}) == 40
    assert sum(hit.holds for hit in found) > 0.8 * len(found)


def test_the_report_counts_the_forty_apart_from_their_parts() -> None:
    found = [
        coverage.Hit("I09", 1, holds=True, base=100, half_width=0.1),
        coverage.Hit("I09b", 1, holds=False, base=50, half_width=0.2),
        coverage.Hit("I09", 2, holds=False, base=102, half_width=0.1),
    ]
    report = coverage.report(found, 2, 1.0)
    assert report["intervals"] == 2
    assert report["coverage"] == 0.5
    assert report["intervals_with_parts"] == 3
    assert json.loads(json.dumps(report))["indicators"]["I09"]["mean_base"] == 101
