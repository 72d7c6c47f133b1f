"""The papers of data protection law, made from the study and the fields: DP-01, DP-02, DP-04."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from harken import cli
from harken.method.rights import records as method
from harken.method.study import read_folder
from harken.method.terms import Arm, DataClass, Role
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


def test_every_class_of_field_has_its_end() -> None:
    charter = read_folder(files.read_directory(FOLDER)).charter
    made = method.holdings(charter, records.stored_fields())
    assert {one.kind for one in made} == set(DataClass)
    ends = {one.kind: one.until for one in made}
    assert ends[DataClass.LINKING] == "30 September 2026"
    assert "31 March 2028" in ends[DataClass.IDENTIFYING]
    assert ends[DataClass.ANSWER] == "31 March 2036"
    assert method.holdings(charter, []) == ()


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
        ("Information Commissioner", "14(2)(d)"),
        ("30 September 2026", "14(2)(a)"),
        ("gave us your details", "14(2)(f)"),
        ("automated", "14(2)(f)"),
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
