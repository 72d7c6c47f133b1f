"""A study is loaded, opened, closed, ended. Proves: SAF-50, DP-01, DP-04 (dates held)."""

from __future__ import annotations

import datetime as dt

import pytest

from harken.method.errors import HarkenError
from harken.method.study import State
from harken.method.terms import Actor, Role
from harken.service.ledger.models import Entry
from harken.service.study import actions, queries
from harken.service.study.models import Study
from tests.make.study import MANAGER, OPENING, make_charter, make_files, make_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

GUARDIAN = Actor("g.data", Role.GUARDIAN)
INTERVIEWER = Actor("i.caller", Role.INTERVIEWER)


def codes_of(error: HarkenError) -> list[str]:
    return [finding.fault.code for finding in error.findings]


def opened(**more: object) -> Study:
    study = make_study(**more)  # type: ignore[arg-type]
    actions.open_study(study, instrument=(), by=MANAGER, at=OPENING)
    return study


def test_a_loaded_study_is_a_draft_with_its_texts_unchanged() -> None:
    study = make_study()
    assert study.state == State.DRAFT.value
    assert queries.get("trial").files == make_files()
    assert queries.folder(study).charter.title == "A trial of the house"


def test_loading_is_written_in_the_ledger_once() -> None:
    study = make_study()
    entry = Entry.objects.get(study="trial")
    assert (entry.event, entry.subject) == ("study_loaded", study.digest)


def test_a_draft_is_replaced_by_a_new_load() -> None:
    make_study()
    changed = make_files(study=make_charter(title="Another title"))
    study = actions.load(changed, by=MANAGER, at=OPENING)
    assert Study.objects.count() == 1
    assert queries.folder(study).charter.title == "Another title"


def test_one_folder_can_be_loaded_twice_under_another_name() -> None:
    make_study()
    again = make_study(slug="trial-live", shift_days=30)
    charter = queries.folder(again).charter
    assert charter.id == "trial-live"
    assert charter.calendar.letters == dt.date(2026, 3, 4)
    assert charter.policy()["study"] == "trial-live"


def test_an_open_study_is_not_replaced() -> None:
    opened()
    with pytest.raises(HarkenError) as caught:
        make_study()
    assert codes_of(caught.value) == ["STU-041"]


def test_a_broken_folder_leaves_nothing_behind() -> None:
    with pytest.raises(HarkenError):
        actions.load({"study.yaml": "study: ["}, by=MANAGER, at=OPENING)
    assert not Study.objects.exists()
    assert not Entry.objects.exists()


def test_a_bad_name_is_refused() -> None:
    with pytest.raises(HarkenError) as caught:
        make_study(slug="Not A Name")
    assert codes_of(caught.value) == ["STU-005"]


def test_an_interviewer_may_not_load() -> None:
    with pytest.raises(HarkenError) as caught:
        actions.load(make_files(), by=INTERVIEWER, at=OPENING)
    assert caught.value.findings[0].fault.code.startswith("ACC-")


def test_a_study_opens_closes_and_ends_one_step_at_a_time() -> None:
    study = opened()
    assert (study.state, study.opened_at) == (State.OPEN.value, OPENING)
    with pytest.raises(HarkenError) as caught:
        actions.mark_destroyed(study, by=GUARDIAN, at=OPENING)
    assert codes_of(caught.value) == ["STU-042"]
    actions.close_study(study, by=MANAGER, at=OPENING)
    actions.mark_destroyed(study, by=GUARDIAN, at=OPENING)
    assert study.state == State.DESTROYED.value
    events = list(Entry.objects.order_by("position").values_list("event", flat=True))
    assert events == [
        "study_loaded",
        "study_opened",
        "study_closed",
        "study_destroyed",
    ]


def test_the_gate_refuses_and_lists_what_is_missing() -> None:
    files = make_files()
    del files["messages/privacy-notice.en.md"]
    study = actions.load(files, by=MANAGER, at=OPENING)
    with pytest.raises(HarkenError) as caught:
        actions.open_study(study, instrument=(), by=MANAGER, at=OPENING)
    assert codes_of(caught.value) == ["STU-043", "STU-025"]
    assert queries.get("trial").state == State.DRAFT.value


def test_an_expired_study_does_not_open() -> None:
    late = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
    study = make_study()
    with pytest.raises(HarkenError) as caught:
        actions.open_study(study, instrument=(), by=MANAGER, at=late)
    assert "STU-027" in codes_of(caught.value)
    assert int(caught.value.exit) == 4


def test_fieldwork_is_refused_before_opening_and_after_expiry() -> None:
    study = make_study()
    with pytest.raises(HarkenError) as caught:
        queries.check_fieldwork(study, at=OPENING)
    assert codes_of(caught.value) == ["STU-044"]
    actions.open_study(study, instrument=(), by=MANAGER, at=OPENING)
    assert queries.can_fieldwork(study, at=OPENING)
    late = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
    assert not queries.can_fieldwork(study, at=late)
    with pytest.raises(HarkenError) as caught:
        queries.check_fieldwork(study, at=late)
    assert codes_of(caught.value) == ["STU-045"]


def test_the_current_study_is_the_newest_open_one_else_the_newest_ended() -> None:
    assert queries.current() is None
    first = opened()
    assert queries.current() == first
    actions.close_study(first, by=MANAGER, at=OPENING)
    assert queries.current() == first
    draft = make_study(slug="draft")
    assert queries.current() == first
    later = OPENING + dt.timedelta(days=1)
    actions.open_study(draft, instrument=(), by=MANAGER, at=later)
    assert queries.current() == draft
    assert list(queries.all_studies()) == [draft, first]


def test_an_unknown_study_gets_a_suggestion() -> None:
    make_study()
    with pytest.raises(HarkenError) as caught:
        queries.get("trail")
    assert caught.value.findings[0].suggestion == "trial"


def test_many_folders_are_kept_without_growing() -> None:
    for number in range(10):
        study = make_study(slug=f"trial-{number}")
        assert queries.folder(study) is queries.folder(study)
    assert len(queries._FOLDERS) <= 8
