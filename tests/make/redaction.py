"""Makes studies with collected interviews whose free text waits on the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from harken.method.terms import RESPONDENT, SYSTEM, Actor, Role
from harken.service.interview import actions as interviews
from harken.service.response import intake
from harken.service.sampling import queries as sampling
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from tests.make.sitting import NOW, make_open_study, make_sitting

READER = Actor("r.one", Role.REDACTOR)
SECOND = Actor("r.two", Role.REDACTOR)
CODER = Actor("c.one", Role.CODER)
LATER = NOW + dt.timedelta(hours=1)
FRAMES = """\
frames:
  words:
    codes:
      - {code: slow, text: It took too long}
      - {code: kind, text: Somebody was kind}
      - {code: other, text: Something else}
"""
TEXTS = ("My brother Dave rang 07700 900123 and nobody came.", "They were kind.")


def make_desk(
    *texts: str,
    frames: str = "",
    sensitive: Sequence[int] = (),
    shift_days: int = 0,
) -> Study:
    """An open study whose first cases wrote these texts, collected.

    ``sensitive`` names those of them, counted from 0, whose case is a sensitive one.
    """
    files = {"coding.yaml": frames} if frames else {}
    study = make_open_study(texts=files, shift_days=shift_days)
    at = NOW + dt.timedelta(days=shift_days)
    cases = list(sampling.issued(study).order_by("pk"))
    for number, text in enumerate(texts or TEXTS):
        case = cases[number]
        Case.objects.filter(pk=case.pk).update(sensitive=number in sensitive)
        row = make_sitting(study, case.ref, words=text, at=at)
        interviews.submit(row, by=RESPONDENT, at=at)
    intake.collect(study, by=SYSTEM, at=at)
    return study
