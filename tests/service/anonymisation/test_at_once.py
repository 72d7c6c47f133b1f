"""Two approvals at the same moment: one a side, by two people. PRV 21, DP-04."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.terms import Actor, Role
from harken.service.anonymisation import actions
from harken.service.anonymisation.models import Approval, Run
from harken.service.ledger import queries as ledger
from harken.service.study.models import Study
from tests.make.anonymisation import make_ready
from tests.make.vault import AT, CONTROLLER, GUARDIAN

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

OTHER = Actor("guardian-2", Role.GUARDIAN)
BOTH = Actor(GUARDIAN.label, Role.CONTROLLER)
"""Somebody whose role changed between two windows: one person for both sides."""


def at_once(study: Study, run: Run, *actors: Actor) -> list[str]:
    """Each approves on a connection of their own, all let go together; what came of it.

    SQLite has one writer at a time in any case: there they come one after another.
    """
    beside = connection.vendor != "sqlite"
    line = threading.Barrier(len(actors) if beside else 1, timeout=30)
    said: list[str] = []

    def approve(by: Actor) -> None:
        try:
            connections["default"].ensure_connection()
            line.wait()
            side = actions.approve(study, digest=run.digest, by=by, at=AT)
            said.append(side.value)
        except HarkenError as error:
            said.append(error.findings[0].fault.code)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test says it
            said.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=[by]) for by in actors]
    for one in threads:
        one.start()
        if not beside:
            one.join()
    for one in threads:
        one.join()
    return sorted(said)


@pytest.mark.parametrize(
    ("actors", "said", "given"),
    [
        ((GUARDIAN, GUARDIAN), ["processor", "processor"], 1),
        ((GUARDIAN, OTHER), ["processor", "processor"], 1),
        ((GUARDIAN, CONTROLLER), ["controller", "processor"], 2),
        ((GUARDIAN, OTHER, CONTROLLER, GUARDIAN), None, 2),
    ],
)
def test_approvals_at_the_same_moment_leave_one_a_side_by_two_people(
    actors: tuple[Actor, ...], said: list[str] | None, given: int
) -> None:
    study = make_ready().study
    run = actions.plan(study, by=GUARDIAN, at=AT)
    found = at_once(study, run, *actors)
    assert set(found) <= {"processor", "controller"}
    assert said in (found, None)
    rows = list(Approval.objects.filter(run=run))
    assert len(rows) == len({row.side for row in rows}) == given
    assert len({row.by for row in rows}) == given
    entries = ledger.entries(event=Event.DESTRUCTION_APPROVED)
    assert entries.count() == given


def test_one_person_for_both_sides_at_the_same_moment_gives_one() -> None:
    study = make_ready().study
    run = actions.plan(study, by=GUARDIAN, at=AT)
    found = at_once(study, run, GUARDIAN, BOTH)
    assert len(found) == 2
    assert sum(one in ("processor", "controller") for one in found) == 1
    assert "ANO-109" in found
    assert Approval.objects.filter(run=run).count() == 1
    assert ledger.entries(event=Event.DESTRUCTION_APPROVED).count() == 1
