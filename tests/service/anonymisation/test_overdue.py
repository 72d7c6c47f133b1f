"""A promised day that passed with work undone. Proves PRV 17: late is no reason for never.

From that day on nobody reads an answer that still waits, and none may hold up the
destruction that is due.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from harken.method.anonymisation import verify
from harken.method.errors import HarkenError
from harken.method.terms import RESPONDENT, SYSTEM, CaseRef
from harken.service.anonymisation import actions, execute, queries, readiness
from harken.service.interview import actions as interviews
from harken.service.response import intake
from harken.service.response.models import IssuedCase, Response
from harken.service.sampling import queries as sampling
from harken.service.study import actions as studies
from harken.service.vault import custody
from harken.service.vault import queries as keys
from harken.service.vault.custody import Purpose
from tests.make.anonymisation import operator_key
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import CONTROLLER, GUARDIAN, INTERVIEWER, MANAGER

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

DAY = dt.timedelta(days=1)


def test_what_nobody_can_read_any_more_holds_no_destruction_up(data: Path) -> None:
    study = make_open_study()
    refs = [CaseRef(case.ref) for case in sampling.issued(study)]
    early = make_sitting(study, refs[0])
    interviews.submit(early, by=RESPONDENT, at=NOW)
    assert intake.collect(study, by=SYSTEM, at=NOW) == 1
    late = make_sitting(study, refs[1], words="A secret sentence.")
    interviews.submit(late, by=RESPONDENT, at=NOW)
    make_sitting(study, refs[2], until="words")
    deadline = keys.overview(study.slug).deadline
    assert deadline is not None
    assert queries.uncollected(study, at=deadline - DAY) == (1, 0)
    with pytest.raises(HarkenError, match="VAU-104"):
        custody.open_identity(
            study, refs[1], purpose=Purpose.CALL, by=INTERVIEWER, at=deadline
        )

    assert queries.uncollected(study, at=deadline) == (0, 1)
    assert intake.collect(study, by=SYSTEM, at=deadline) == 0
    studies.close_study(study, by=MANAGER, at=deadline)
    intake.close_sample(study, by=SYSTEM, at=deadline)
    assert IssuedCase.objects.exists()
    said = [one.what for one in readiness.points(study, at=deadline)]
    assert (
        "Every answer is collected (0 waiting; 1 that nobody can read any more end "
        "unread)"
    ) in said
    run = actions.plan(study, by=GUARDIAN, at=deadline, without_kept_file=True)
    for actor in (GUARDIAN, CONTROLLER):
        actions.approve(study, digest=run.digest, by=actor, at=deadline)
    made = execute.execute(study, by=GUARDIAN, at=deadline)
    shown = verify(made.text.encode(), operator_key())
    assert (shown.late, shown.destroyed) == (True, shown.enrolled)
    assert Response.objects.count() == 1
