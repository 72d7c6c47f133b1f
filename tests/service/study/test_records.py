"""The papers of data protection law, made from the study and the fields: DP-01, DP-02, DP-04."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from harken import cli
from harken.method.rights import records as method
from harken.method.study import read_folder
from harken.method.terms import Arm, DataClass, Role
from harken.service.anonymisation import sweep
from harken.service.contact.models import SafeWays
from harken.service.response.actions import ROWS
from harken.service.study import files, records
from tests.make.accounts import sign_in
from tests.make.study import make_study

FOLDER = Path(__file__).parents[3] / "studies" / "victims-review"
pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def test_the_record_names_every_table_that_holds_anything() -> None:
    folder = read_folder(files.read_directory(FOLDER))
    text = records.papers(folder)["record-of-processing.md"]
    for field in records.stored_fields():
        assert field.table in text
    for words in (
        folder.charter.controller.dpo,
        folder.charter.lawful_basis,
        "30 September 2026",
        "Article 84B",
        "**counsel**",
        "Larkfield Print Room",
    ):
        assert words in text
    assert "{{" not in text


def test_a_new_field_stands_in_the_record_with_its_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = read_folder(files.read_directory(FOLDER))
    assert "shoe_size" not in records.papers(folder)["record-of-processing.md"]
    monkeypatch.setitem(SafeWays.DATA_CLASS, "shoe_size", DataClass.IDENTIFYING)
    rows = records.papers(folder)["record-of-processing.md"].splitlines()
    (row,) = [one for one in rows if one.startswith("| contact.SafeWays ")]
    assert "**identifying:** sealed, shoe_size" in row
    assert "How a case may safely be reached" in row


def test_no_table_of_the_database_is_left_out_of_the_record() -> None:
    folder = read_folder(files.read_directory(FOLDER))
    made = records.papers(folder)
    for model in apps.get_models():
        label = model._meta.label
        if label in records.EMPTY:
            assert not model._base_manager.exists() or label.startswith(
                ("auth.", "contenttypes.")
            )
            continue
        for paper in ("record-of-processing.md", "retention-schedule.md"):
            assert f"| {label} |" in made[paper], label
    assert all(said and "(id, " not in said for said in records.says().values())


def test_the_schedule_ends_at_the_promised_day_what_a_destruction_removes() -> None:
    folder = read_folder(files.read_directory(FOLDER))
    known = method.tables(folder.charter, records.stored_fields(), {})
    promised = method.spoken(folder.charter.calendar.destroy_by)
    removed = {
        model._meta.label
        for room in sweep.ROOMS
        for model, _ in sweep.people_models(room)
    }
    removed |= {"vault.Sealed", "vault.RecontactConsent", "response.Trace"}
    removed |= {"anonymisation.KeptFrame"}
    assert {one.name for one in known if one.until.startswith(promised)} == removed
    kept = method.spoken(folder.charter.calendar.answers_kept_until)
    of_answers = {model._meta.label for model in ROWS.values()} - {"response.Trace"}
    assert {one.name for one in known if one.until == kept} == of_answers


def test_the_papers_tell_how_those_kept_are_contacted_again() -> None:
    made = records.papers(read_folder(files.read_directory(FOLDER)))
    for name, words in {
        "record-of-processing.md": "one person at a time, by hand",
        "retention-schedule.md": "on the day of their own consent",
        "impact-assessment.md": "Contacts of those kept are copied as a list",
        "privacy-notice-sample.md": "only for what you agreed to",
    }.items():
        assert words in made[name], name
    assert "contacted again" not in made["privacy-notice-open.md"]


def test_who_is_not_known_is_not_told_that_what_identifies_them_is_destroyed() -> None:
    folder = read_folder(files.read_directory(FOLDER))
    made = records.papers(folder)
    assert "What identifies you is destroyed" in made["privacy-notice-sample.md"]
    free = made["privacy-notice-open.md"]
    assert "What identifies you" not in free
    assert "The key that ties your receipt code to your answers is destroyed" in free


def test_no_paper_has_a_gap_or_a_leftover() -> None:
    folder = read_folder(files.read_directory(FOLDER))
    bare = replace(folder, charter=replace(folder.charter, sub_processors=()))
    for one in (folder, bare):
        for name, text in records.papers(one).items():
            for left in (
                "{{",
                "{%",
                "None",
                ";  |",
                "; |",
                "|  |",
                "crime_group",
                "until kept",
            ):
                assert left not in text.replace("|  |\n", "|\n"), (name, left)
    assert (
        "| Sub-processors | none |" in records.papers(bare)["record-of-processing.md"]
    )


@pytest.mark.parametrize("arm", Arm)
def test_the_demos_notices_say_all_and_a_drafted_notice_does(arm: Arm) -> None:
    folder = read_folder(files.read_directory(FOLDER))
    assert records.lacking(folder, arm) == ()
    name = {Arm.SAMPLE: "privacy-notice-sample.md", Arm.OPEN: "privacy-notice-open.md"}
    draft = records.papers(folder)[name[arm]]
    items = method.notice_items(folder.charter, arm)
    assert method.missing_in(draft, items) == ()


@pytest.mark.parametrize(
    ("gone", "article"),
    [
        ("dpo@fair-services.example", "14(1)(b)"),
        ("Information Commissioner", "14(2)(e)"),
        ("copy of your data", "14(2)(c)"),
        ("30 September 2026", "14(2)(a)"),
        ("gave us your details", "14(2)(f)"),
        ("automated", "14(2)(g)"),
    ],
)
def test_a_notice_that_leaves_something_out_is_noticed(gone: str, article: str) -> None:
    texts = files.read_directory(FOLDER)
    path = "messages/privacy-notice.en.md"
    texts[path] = texts[path].replace(gone, "…")
    found = records.lacking(read_folder(texts), Arm.SAMPLE)
    assert article in {item.article for item in found}


def test_the_command_writes_all_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "papers"
    assert cli.main(["study", "records", str(FOLDER), "--to", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == set(records.PAPERS)
    assert "notice-check.md" in capsys.readouterr().out
    broken = tmp_path / "study"
    for name, text in files.read_directory(FOLDER).items():
        path = broken / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("automated", "…"), encoding="utf-8")
    assert cli.main(["study", "records", str(broken), "--to", str(out)]) == 3
    assert "does not say no automated decisions" in capsys.readouterr().out
    file = tmp_path / "file"
    file.write_text("x")
    assert cli.main(["study", "records", str(FOLDER), "--to", str(file)]) == 3


def test_the_controller_reads_them_on_a_page() -> None:
    study = make_study()
    client = Client()
    sign_in(client, Role.CONTROLLER)
    page = client.get(f"/field/studies/{study.slug}/papers/").content.decode()
    assert "record of processing" in page
    assert "does not say" in page
    answer = client.get(f"/field/studies/{study.slug}/papers/retention-schedule.md")
    assert answer["Content-Disposition"].endswith('trial-retention-schedule.md"')
    assert "destroyed" not in answer["Content-Type"]
    assert b"30 September 2026" in answer.content
    assert client.get(f"/field/studies/{study.slug}/papers/x.md").status_code == 404
    assert client.get("/field/studies/none/papers/").status_code == 404
