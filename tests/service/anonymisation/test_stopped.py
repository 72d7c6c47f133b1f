"""A whole destruction stopped anywhere, from plan to certificate. Proves PRV 13.

The power fails before, inside or after any write that a promise depends on, again while it
recovers, and once more; then it is run to its end. The keys alone are stopped at every
step in tests/service/vault/test_crash.py; here some of all steps are taken, and every one
with ``script/bench stopped``.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

from harken.method.anonymisation import verify
from harken.method.study import State
from harken.service.anonymisation import execute
from harken.service.anonymisation.models import Certificate
from harken.service.ledger import queries as ledger
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
from tests.make.vault import GUARDIAN
from tests.service.vault.test_crash import Crash, Fuse, fused

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "answers"]),
]

SOME = 6
AGAIN = 2
EVERY = "HARKEN_STOP_EVERYWHERE"


def _approved() -> Ready:
    ready = make_ready(people=6, kept=1, withdrawn=1)
    approve(ready.study)
    return ready


def _run(ready: Ready, fuse: Fuse) -> bool:
    """Run it as a process that has just started; whether it came to its end."""
    reach._DESKS.clear()
    try:
        with fused(fuse):
            execute.execute(ready.study, by=GUARDIAN, at=DAY)
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


def test_a_destruction_stopped_anywhere_ends_with_one_certificate(data: Path) -> None:
    count = Fuse()
    assert _run(_approved(), count)
    assert count.passed > 100
    lots = random.Random(20261127)
    points = range(1, count.passed + 1)
    chosen = points if os.environ.get(EVERY) else sorted(lots.sample(points, SOME))
    for first in chosen:
        ready = _approved()
        ended = _run(ready, Fuse(first))
        for _ in range(AGAIN):
            if not ended:
                ended = _run(ready, Fuse(lots.randint(1, count.passed)))
        if not ended:
            assert _run(ready, Fuse())
        _check(ready, data)
    ledger.verify()
    sys.stdout.write(f"stopped at {len(chosen)} of {count.passed}\n")
