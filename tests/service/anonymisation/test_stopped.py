"""A whole destruction stopped anywhere, from plan to certificate. Proves PRV 13.

The power fails before, inside or after any write that a promise depends on, again while it
recovers, and once more; then it is run to its end. The keys alone are stopped at every
step in tests/service/vault/test_crash.py; here some of all steps are taken, and every one
with ``script/bench stopped``.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from harken.method.anonymisation import verify
from harken.method.study import State
from harken.service.anonymisation import execute
from harken.service.anonymisation.models import Certificate, KeptFrame
from harken.service.ledger import queries as ledger
from harken.service.response.models import IssuedCase
from harken.service.study.models import Study
from harken.service.vault import holder, reach
from harken.service.vault import queries as keys
from tests.make.anonymisation import (
    DAY,
    Ready,
    approve,
    make_ready,
    operator_key,
    reached_again,
)
from tests.make.cohorts import FIRST_NOON, Extended, make_extended
from tests.make.vault import GUARDIAN
from tests.service.anonymisation.test_parts import approve as agree
from tests.service.anonymisation.test_parts import counts, shown
from tests.service.vault.test_crash import Crash, Fuse, fused

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "answers"]),
]

SOME = 6
AGAIN = 2
EVERY = "HARKEN_STOP_EVERYWHERE"


Stop = Callable[[Fuse], bool]


def _approved() -> Ready:
    ready = make_ready(people=6, kept=1, withdrawn=1)
    approve(ready.study)
    return ready


def _run(study: Study, fuse: Fuse, *, at: dt.datetime = DAY) -> bool:
    """Run it as a process that has just started; whether it came to its end."""
    reach._DESKS.clear()
    try:
        with fused(fuse):
            execute.execute(study, by=GUARDIAN, at=at)
    except Crash:
        return False
    return True


def _check(ready: Ready, data: Path) -> None:
    made = Certificate.objects.get(run__study=ready.study.slug)
    text = (data / "certificates" / made.file_name).read_bytes()
    shown = verify(text, operator_key())
    assert (shown.enrolled, shown.withdrawn, shown.recontact, shown.destroyed) == (
        6,
        1,
        1,
        4,
    )
    ready.study.refresh_from_db()
    assert ready.study.state == State.DESTROYED
    for ref in (*ready.doomed, *ready.withdrawn):
        assert keys.status(ready.study, ref) is keys.KeyStatus.GONE
    found = reached_again(ready)
    assert found.telephone
    dead = [epoch for epoch in holder.store(ready.study.slug).epochs() if epoch.receipt]
    assert len(dead) + 1 == len(holder.store(ready.study.slug).epochs())


def _stops(run: Stop) -> Iterator[tuple[int, int, int]]:
    """Where to stop a run first and twice more: at some of its steps, or at every one."""
    count = Fuse()
    assert run(count)
    assert count.passed > 100
    lots = random.Random(20261127)
    points = range(1, count.passed + 1)
    chosen = points if os.environ.get(EVERY) else sorted(lots.sample(points, SOME))
    for first in chosen:
        yield first, lots.randint(1, count.passed), lots.randint(1, count.passed)
    sys.stdout.write(f"stopped at {len(chosen)} of {count.passed}\n")


def _through(run: Stop, stops: tuple[int, int, int]) -> None:
    """Stopped so often, then run to its end."""
    ended = False
    for at in stops:
        ended = ended or run(Fuse(at))
    assert ended or run(Fuse())


def test_a_destruction_stopped_anywhere_ends_with_one_certificate(data: Path) -> None:
    for stops in _stops(lambda fuse: _run(_approved().study, fuse)):
        ready = _approved()
        _through(partial(_run, ready.study), stops)
        _check(ready, data)
    ledger.verify()


def test_a_part_stopped_anywhere_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    def planned() -> Extended:
        made = make_extended(tmp_path)
        agree(made.study)
        return made

    run = partial(_run, at=FIRST_NOON)
    for stops in _stops(lambda fuse: run(planned().study, fuse)):
        made = planned()
        _through(partial(run, made.study), stops)
        found = shown(Certificate.objects.get(run__study=made.study.slug))
        assert counts(found) == (0, 1, 5, 4)
        for ref in made.later:
            assert keys.status(made.study, ref) is keys.KeyStatus.LIVE
        rows = IssuedCase.objects.filter(study=made.study.slug)
        assert rows.count() == 6
        framed = KeptFrame.objects.filter(study=made.study.slug)
        assert sum(row.people for row in framed) == 6
    ledger.verify()
