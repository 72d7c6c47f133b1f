"""Loading and drawing a sample. Proves SAF-02, SAF-03 and the load's all-or-nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from harken.method.errors import HarkenError
from harken.method.terms import Actor, Arm, CaseRef, Role
from harken.service.ledger.models import Entry
from harken.service.sampling import actions, queries
from harken.service.sampling.load import load_sample
from harken.service.sampling.models import Case, ExclusionCount, SampleFile
from harken.service.vault.models import Commitment, Sealed
from tests.make.sampling import (
    LOADED,
    MANAGER,
    load_people,
    make_csv,
    make_drawn_study,
    make_sampled_study,
    make_values,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def code_of(error: pytest.ExceptionInfo[HarkenError]) -> str:
    """The code of the first finding."""
    return error.value.findings[0].fault.code


def test_people_are_sealed_and_cases_carry_design_variables_only(data: Path) -> None:
    study = make_sampled_study()
    report = load_people(study, [make_values(n) for n in range(6)])
    assert (report.read, report.loaded, report.excluded) == (6, 6, {})
    assert Sealed.objects.filter(study=study.slug).count() == 12
    case = Case.objects.filter(study=study).order_by("pk")[1]
    assert case.design == {
        "area": "A02",
        "crime_group": "robbery",
        "sex": "male",
        "age_band": "65+",
        "enhanced": "no",
        "quarter": "2025-Q2",
        "stratum": "robbery",
    }
    assert case.status == Case.Status.FRAME
    everything = b"".join(p.read_bytes() for p in data.rglob("*") if p.is_file())
    assert b"Quenhallow" not in everything


def test_each_exclusion_is_counted_by_its_reason() -> None:
    study = make_sampled_study()
    people = [make_values(n) for n in range(20)]
    people[1] |= {"do_not_contact": "yes"}
    people[2] |= {"date_of_birth": "2010-01-01"}
    people[3] |= {"domestic_abuse": "yes"}
    people[4] |= {"surname": ""}
    people[5] |= {"address_line_1": "4 Sallowmere Rise"}
    people[6] |= {"address_line_1": "7 sallowmere rise"}
    people[8] |= {"area": "Z99"}
    report = load_people(study, people)
    assert report.excluded == {
        "do_not_contact": 1,
        "under_age": 1,
        "domestic_abuse": 1,
        "missing_name": 1,
        "same_household": 1,
        "unreadable": 1,
    }
    assert queries.exclusions(study) == report.excluded
    assert report.loaded == 14
    assert Sealed.objects.filter(study=study.slug).count() == 28


def test_a_file_that_breaks_midway_leaves_nothing(data: Path) -> None:
    study = make_sampled_study()
    broken = make_csv([make_values(n) for n in range(5)]) + b'"open quote\n\xff'
    with pytest.raises(HarkenError):
        load_sample(study, io.BytesIO(broken), by=MANAGER, at=LOADED)
    assert not Case.objects.exists()
    assert not Sealed.objects.exists()
    assert not Commitment.objects.exists()
    assert not SampleFile.objects.exists()
    assert not Entry.objects.filter(event="sample_loaded").exists()


def test_a_file_that_is_mostly_unreadable_is_refused_with_its_findings() -> None:
    study = make_sampled_study()
    people = [make_values(n, date_reported="15.06.2025") for n in range(300)]
    with pytest.raises(HarkenError) as error:
        load_people(study, people)
    assert code_of(error) == "SAM-021"
    assert error.value.findings[-1].fault.code == "SAM-023"
    assert len(error.value.findings) == 202
    assert not SampleFile.objects.exists()


def test_a_sample_is_loaded_once_unless_discarded_before_the_draw() -> None:
    study = make_sampled_study()
    load_people(study, [make_values(n) for n in range(4)])
    with pytest.raises(HarkenError) as error:
        load_people(study, [make_values(9)])
    assert code_of(error) == "SAM-050"
    assert actions.discard(study, by=MANAGER, at=LOADED) == 4
    assert not Case.objects.exists()
    assert not ExclusionCount.objects.exists()
    assert not Sealed.objects.exists()
    assert load_people(study, [make_values(9)]).loaded == 1


def test_the_draw_issues_by_plan_with_design_weights_and_only_once() -> None:
    study = make_drawn_study(people=20, total=10)
    issued = queries.issued(study)
    assert issued.count() == 10
    # 150 x 6 people in each of two strata of the table; five of each are issued.
    assert {case.weight for case in issued} == {3 * 3 * 6 * 50 / 5}
    assert queries.counts(study).reserve == 10
    with pytest.raises(HarkenError) as error:
        actions.draw(study, by=MANAGER, at=LOADED)
    assert code_of(error) == "SAM-051"
    with pytest.raises(HarkenError) as error:
        actions.discard(study, by=MANAGER, at=LOADED)
    assert code_of(error) == "SAM-051"


def test_the_same_file_and_seed_draw_the_same_people() -> None:
    first, second = make_drawn_study(slug="one"), make_drawn_study(slug="two")
    drawn = [
        list(
            Case.objects.filter(study=study)
            .order_by("pk")
            .values_list("status", flat=True)
        )
        for study in (first, second)
    ]
    assert drawn[0] == drawn[1]


def test_somebody_who_opted_out_is_left_out_of_a_new_import() -> None:
    study = make_sampled_study()
    load_people(study, [make_values(n) for n in range(3)])
    case = Case.objects.order_by("pk")[1]
    marks = bytes(case.marks)
    actions.remember_opt_out(study, [marks[:32], marks[32:]])
    actions.discard(study, by=MANAGER, at=LOADED)
    report = load_people(study, [make_values(n, email="") for n in range(3)])
    assert report.excluded == {"opted_out": 1}


def test_without_a_sample_there_is_nothing_to_draw_or_discard() -> None:
    study = make_sampled_study()
    for act in (actions.draw, actions.discard):
        with pytest.raises(HarkenError) as error:
            act(study, by=MANAGER, at=LOADED)
        assert code_of(error) == "SAM-055"
    study.state, study.opened_at = "closed", LOADED
    study.save()
    with pytest.raises(HarkenError) as error:
        load_people(study, [make_values()])
    assert code_of(error) == "SAM-052"
    with pytest.raises(HarkenError) as error:
        queries.case(CaseRef("0" * 32))
    assert code_of(error) == "SAM-053"


def test_an_interviewer_may_not_load_or_draw() -> None:
    study = make_sampled_study()
    interviewer = Actor("i.1", Role.INTERVIEWER)
    for act in (
        lambda: load_sample(study, io.BytesIO(b""), by=interviewer, at=LOADED),
        lambda: actions.draw(study, by=interviewer, at=LOADED),
        lambda: actions.discard(study, by=interviewer, at=LOADED),
    ):
        with pytest.raises(HarkenError) as error:
            act()
        assert code_of(error) == "ACC-001"


def test_an_open_case_needs_a_running_open_arm() -> None:
    study = make_sampled_study()
    with pytest.raises(HarkenError) as error:
        actions.open_case(study, language="en", at=LOADED)
    assert code_of(error) == "SAM-054"
    study.state = "open"
    study.opened_at = LOADED
    study.save()
    ref = actions.open_case(study, language="en", at=LOADED.replace(month=3))
    assert queries.case(ref).arm == Arm.OPEN
    assert queries.issued(study).count() == 0
