"""What others do while a part is planned, run or certified. Proves PRV 19, 22, 24."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from harken.method.anonymisation import Step, verify
from harken.method.errors import HarkenError
from harken.method.terms import SYSTEM
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import actions, execute, queries
from harken.service.response import intake
from harken.service.study import actions as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from tests.make.anonymisation import operator_key
from tests.make.cohorts import (
    FIRST_NOON,
    LATER_NOON,
    enrol,
    make_extended,
    signed,
)
from tests.make.vault import AT, CONTROLLER, GUARDIAN, HELPDESK, MANAGER

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

AGAIN = Retention.RECONTACT
RECONTACT_ENDS = dt.datetime(2028, 3, 31, 12, 0, tzinfo=dt.UTC)


def approve(
    study: Study, at: dt.datetime, retention: Retention, *, part: bool = True
) -> None:
    """Plan a part, and have both sides agree."""
    run = actions.plan(study, by=GUARDIAN, at=at, retention=retention, part=part)
    for actor in (GUARDIAN, CONTROLLER):
        actions.approve(study, digest=run.digest, by=actor, at=at, retention=retention)


@pytest.mark.parametrize("step", [Step.SWEEP, Step.CERTIFY])
def test_one_enrolled_while_a_part_is_certified_is_on_a_valid_certificate(
    tmp_path: Path, step: Step
) -> None:
    made = make_extended(tmp_path)
    approve(made.study, FIRST_NOON, Retention.STANDARD)

    def come(done: int, of: int) -> None:
        if list(Step)[done] is step:
            enrol(made.study, 1, at=FIRST_NOON)
            vault.withdraw(made.study, made.later[2], by=HELPDESK, at=FIRST_NOON)
            vault.rotate(made.study, by=GUARDIAN, at=FIRST_NOON)

    text = execute.execute(
        made.study, by=GUARDIAN, at=FIRST_NOON, progress=come
    ).text.encode()
    found = verify(text, operator_key())
    assert (found.enrolled, found.withdrawn, found.live) == (11, 1, 4)
    assert not found.late
    studies.close_study(made.study, by=MANAGER, at=LATER_NOON)
    intake.close_sample(made.study, by=SYSTEM, at=LATER_NOON)
    approve(made.study, LATER_NOON, Retention.STANDARD, part=False)
    last = execute.execute(made.study, by=GUARDIAN, at=LATER_NOON)
    found = verify(last.text.encode(), operator_key())
    assert (found.enrolled, found.live, found.late) == (11, 0, False)


def test_a_plan_of_those_kept_gives_way_to_one_of_names(tmp_path: Path) -> None:
    """Else it would be run after the other, and its certificate hold what came between."""
    made = make_extended(tmp_path)
    far = dt.date(2029, 3, 31)
    note = signed(made.office, made.study, destroy_by=far, recontact_until=far)
    vault.extend(made.study, note, by=GUARDIAN, at=AT)
    enrol(made.study, 1)
    approve(made.study, FIRST_NOON, Retention.STANDARD)
    execute.execute(made.study, by=GUARDIAN, at=FIRST_NOON)
    approve(made.study, FIRST_NOON, AGAIN)
    approve(made.study, LATER_NOON, Retention.STANDARD)
    with pytest.raises(HarkenError, match="ANO-104"):
        execute.execute(made.study, by=GUARDIAN, at=LATER_NOON, retention=AGAIN)
    execute.execute(made.study, by=GUARDIAN, at=LATER_NOON)
    approve(made.study, RECONTACT_ENDS, AGAIN)
    last = execute.execute(
        made.study, by=GUARDIAN, at=RECONTACT_ENDS, retention=AGAIN
    ).text
    found = verify(last.encode(), operator_key())
    assert not found.late
    assert len(json.loads(last)["certificate"]["earlier"]) == 2
    assert queries.current_run(made.study) is None
