"""What an interview keeps from its first moment: its day, and the seed of its lotteries.

Proves: issue 3 (a resumed interview keeps its route; randomised order with its seed).
"""

from __future__ import annotations

import pytest
from django.utils import timezone

from harken.service.interview import queries
from tests.make.sitting import NOW, make_open_study, make_sitting

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def test_an_interview_keeps_its_first_day_and_a_seed_of_its_own() -> None:
    study = make_open_study()
    held = [
        queries.sitting(make_sitting(study, until="days")).interview for _ in range(3)
    ]
    assert {one.started for one in held} == {timezone.localdate(NOW)}
    assert len({one.seed for one in held}) == 3
