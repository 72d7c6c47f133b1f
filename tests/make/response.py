"""Makes responses and datasets for the tests of the rooms after the interview."""

from __future__ import annotations

from collections.abc import Mapping

from harken.method.questionnaire import Questionnaire, Value
from harken.method.response import Dataset, Response, make_codebook
from harken.method.terms import Arm, Language, Mode, ResponseRef
from tests.make.interview import make_questionnaire

DESIGN = {"area": "A01", "crime_group": "burglary", "stratum": "burglary"}


def make_response(
    number: int = 1,
    *,
    arm: Arm = Arm.SAMPLE,
    mode: Mode = Mode.WEB,
    answers: Mapping[str, Value] | None = None,
) -> Response:
    """One response; its reference is the number in hexadecimal."""
    return Response(
        ref=ResponseRef(f"{number:032x}"),
        arm=arm,
        mode=mode,
        language=Language("en"),
        week="2026-W12",
        design=DESIGN if arm is Arm.SAMPLE else {},
        answers={"agree": "yes", "reported": "yes"} if answers is None else answers,
    )


def make_dataset(
    *responses: Response, questionnaire: Questionnaire | None = None
) -> Dataset:
    """A dataset with the codebook of the small questionnaire."""
    codebook = make_codebook(questionnaire or make_questionnaire(), tuple(DESIGN))
    return Dataset(responses or (make_response(),), codebook)
