"""Publishing: who may, when, what is recorded, and how a version is corrected.

Proves SAF-53 (a release is refused that would show too little), QA-07.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.test import override_settings

from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.publication import release as method
from harken.method.terms import Actor, Role
from harken.service.ledger import queries as ledger
from harken.service.ledger.actions import record
from harken.service.publication import actions, queries, store
from harken.service.publication.models import Release
from tests.make.publication import (
    make_estimate,
    make_published_study,
    make_result,
    make_results,
    make_run,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

STATISTICIAN = Actor("s.figures", Role.STATISTICIAN)
INTERVIEWER = Actor("i.calls", Role.INTERVIEWER)
DAY = dt.datetime(2026, 7, 15, 9, 30, tzinfo=dt.UTC)
BEFORE = dt.datetime(2026, 7, 14, 22, 59, tzinfo=dt.UTC)
LATER = DAY + dt.timedelta(days=30)


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path) -> object:
    with override_settings(DATA=tmp_path / "data"):
        yield


def publish(at: dt.datetime = DAY, **more: object) -> Release:
    """Publish the small study."""
    return actions.publish("trial", by=STATISTICIAN, at=at, **more)  # type: ignore[arg-type] # any of its keywords


def corrected_run() -> None:
    """A later run with another figure."""
    results = make_results(
        indicators=[make_result(estimate=make_estimate(0.44, 900))], headlines=("I01",)
    )
    make_run(results=results)


def test_a_release_is_kept_whole_and_recorded_once() -> None:
    make_published_study()
    row = publish()
    files = store.read_all(store.folder_of("trial", 1))
    assert method.verify(files) == row.digest
    entry = ledger.entries(study="trial", event=Event.RELEASE_PUBLISHED).get()
    assert entry.subject == row.digest
    assert (row.version, row.published_by) == (1, "s.figures")


def test_the_embargo_holds_until_the_day_begins_where_the_study_is() -> None:
    make_published_study()
    with pytest.raises(HarkenError, match="PUB-007"):
        publish(BEFORE)
    assert not Release.objects.exists()
    assert not store.folder_of("trial", 1).exists()
    publish(BEFORE + dt.timedelta(minutes=1))


def test_only_those_who_may_release_publish_preview_or_withdraw() -> None:
    make_published_study()
    for act in (
        lambda: actions.publish("trial", by=INTERVIEWER, at=DAY),
        lambda: actions.preview("trial", by=INTERVIEWER, at=DAY),
        lambda: actions.withdraw("trial", 1, reason="r", by=INTERVIEWER, at=DAY),
    ):
        with pytest.raises(HarkenError, match="ACC-001"):
            act()


def test_publishing_again_changes_nothing_and_records_nothing() -> None:
    make_published_study()
    first = publish()
    assert publish(LATER) == first
    assert Release.objects.count() == 1
    assert ledger.entries(event=Event.RELEASE_CORRECTED).count() == 0


def test_a_copy_goes_to_the_folder_named_and_again_over_itself(tmp_path: Path) -> None:
    make_published_study()
    copy = tmp_path / "out" / "release"
    row = publish(folder=copy)
    publish(folder=copy)
    assert method.verify(store.read_all(copy)) == row.digest


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    make_published_study()
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(HarkenError, match="PUB-011"):
        actions.preview("trial", by=STATISTICIAN, at=DAY, folder=tmp_path)
    copy = tmp_path / "copy"
    publish(folder=copy)
    (copy / "diary.txt").write_text("mine")
    with pytest.raises(HarkenError, match="PUB-011"):
        publish(folder=copy)
    assert (copy / "diary.txt").read_text() == "mine"


def test_a_correction_needs_a_reason_and_leaves_the_earlier_version() -> None:
    make_published_study()
    first = publish()
    corrected_run()
    with pytest.raises(HarkenError, match="PUB-009"):
        publish(LATER)
    second = publish(LATER, reason=" The weights were mended. ")
    assert (second.version, second.corrects) == (2, 1)
    assert second.reason == "The weights were mended."
    assert queries.latest("trial") == second
    assert method.verify(store.read_all(store.folder_of("trial", 1))) == first.digest
    assert ledger.entries(event=Event.RELEASE_CORRECTED).get().subject == second.digest


def test_a_withdrawn_version_is_no_longer_given_and_its_number_not_used_again() -> None:
    make_published_study()
    publish()
    with pytest.raises(HarkenError, match="PUB-009"):
        actions.withdraw("trial", 1, reason=" ", by=STATISTICIAN, at=LATER)
    row = actions.withdraw("trial", 1, reason="Wrong frame.", by=STATISTICIAN, at=LATER)
    assert row.withdrawn_reason == "Wrong frame."
    assert queries.latest("trial") is None
    with pytest.raises(HarkenError, match="PUB-010"):
        queries.get("trial", 1)
    assert ledger.entries(event=Event.RELEASE_WITHDRAWN).count() == 1
    corrected_run()
    assert publish(LATER).version == 2


def test_a_preview_needs_no_day_and_publishes_nothing() -> None:
    make_published_study()
    folder = actions.preview("trial", by=STATISTICIAN, at=BEFORE)
    assert "Preview, not for publication" in (folder / "index.html").read_text()
    assert not Release.objects.exists()
    assert ledger.entries(event=Event.RELEASE_PREVIEWED).count() == 1


def test_a_run_that_would_show_too_few_people_is_not_released() -> None:
    make_published_study()
    make_run(
        results=make_results(indicators=[make_result(estimate=make_estimate(0.5, 9))])
    )
    with pytest.raises(HarkenError, match="PUB-003"):
        publish()
    assert not Release.objects.exists()


def test_a_study_without_results_is_told_apart() -> None:
    make_published_study()
    make_published_study("second", shift_days=400)
    found = {item.study: item for item in queries.standings(at=DAY)}
    assert found["trial"].has_results
    assert not found["trial"].embargoed
    assert found["second"].embargoed


def test_counts_of_the_fieldwork_come_from_the_ledger_up_to_the_close() -> None:
    study = make_published_study()
    loaded = {"read": 6000, "loaded": 5600, "domestic_abuse": 300, "under_age": 100}
    said = (
        (Event.SAMPLE_LOADED, loaded, ""),
        (Event.SAMPLE_DRAWN, {"frame": 5600, "issued": 3600}, "seed 1"),
        (Event.LETTERS_MADE, {"letters": 3000, "files": 2}, "invitation"),
        (Event.LETTERS_MADE, {"letters": 500, "files": 2}, "invitation"),
        (Event.ATTEMPT_RECORDED, {}, "machine"),
        (Event.OPTED_OUT, {}, "web"),
    )
    for event, counts, reason in said:
        record(
            event,
            study="trial",
            by=STATISTICIAN,
            at=BEFORE,
            counts=counts,
            reason=reason,
        )
    excluded = (("domestic_abuse", 300), ("under_age", 100))
    assert queries.material("trial").exclusions == excluded
    assert queries.material("trial").counts == {}
    study.closed_at, study.opened_at = DAY, BEFORE
    study.state = "closed"
    study.save()
    first = queries.material("trial")
    record(Event.OPTED_OUT, study="trial", by=STATISTICIAN, at=LATER)
    assert queries.material("trial") == first
    assert first.counts == {
        "sample_file": 6000,
        "frame": 5600,
        "letters_invitation": 3500,
        "attempts": 1,
        "opted_out": 1,
    }


def test_a_file_is_read_only_as_listed_and_unchanged() -> None:
    make_published_study()
    publish()
    folder = store.folder_of("trial", 1)
    assert store.read_one(folder, "release.css").startswith(b"/*")
    for path in ("../../secret", "/etc/passwd", "tables", "none.html", ""):
        with pytest.raises(HarkenError, match="PUB-010"):
            store.read_one(folder, path)
    (folder / "index.html").write_text("changed")
    with pytest.raises(HarkenError, match="PUB-006"):
        store.read_one(folder, "index.html")
    (folder / "release.json").write_text(json.dumps({"files": [{}]}))
    with pytest.raises(HarkenError, match="PUB-010"):
        store.read_one(folder, "index.html")
