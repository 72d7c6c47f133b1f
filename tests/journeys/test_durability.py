"""Several people answer while the server is killed under them; nothing they were told is lost.

The lighter form of ``script/bench durability``: real server, real sockets, kill -9.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.crowd import house, trial

pytestmark = pytest.mark.slow


def test_kills_at_random_moments_lose_and_double_nothing(tmp_path: Path) -> None:
    house.prepare(tmp_path)
    found = trial.run(tmp_path, people=5, trouble=trial.killing(6, pause=0.8))
    assert found.troubles == 6
    assert found.acknowledged >= 5 * 9
    assert found.submitted >= 5
    assert (found.lost, found.duplicates, found.unsent) == (0, 0, 0)
    assert found.broken_histories == 0
