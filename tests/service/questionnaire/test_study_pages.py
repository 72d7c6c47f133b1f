"""The field manager's pages of a study. Proves: SAF-50 shown as a checklist, issue 2."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from harken.method.study import State
from harken.method.terms import Role
from harken.service.questionnaire import actions
from harken.service.study import queries
from tests.make.accounts import sign_in
from tests.make.study import MANAGER, OPENING, make_files, make_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def today_shift() -> int:
    """How far the calendar must move for its web to open yesterday."""
    return (timezone.localdate() - dt.date(2026, 2, 3)).days


def manager() -> Client:
    client = Client()
    sign_in(client, Role.MANAGER)
    return client


def zipped(files: dict[str, str]) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"trial/{name}", text)
    stream.seek(0)
    stream.name = "trial.zip"
    return stream


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def test_the_empty_list_says_how_to_begin() -> None:
    page = text(manager(), "/field/studies/")
    assert "No study has been loaded yet" in page
    assert "/field/studies/load" in page


def test_a_statistician_sees_studies_but_no_buttons() -> None:
    make_study()
    client = Client()
    sign_in(client, Role.STATISTICIAN)
    assert "Load a study" not in text(client, "/field/studies/")
    assert "Open the study" not in text(client, "/field/studies/trial/")
    assert client.get("/field/studies/load").status_code == 403
    assert client.post("/field/studies/trial/open").status_code == 403


def test_a_study_is_loaded_from_an_archive() -> None:
    client = manager()
    answer = client.post(
        "/field/studies/load", {"archive": zipped(make_files()), "name": "again"}
    )
    assert answer.headers["Location"] == "/field/studies/again/"
    assert queries.get("again").state == State.DRAFT.value
    assert "A trial of the house" in text(client, "/field/studies/")


def test_a_broken_archive_is_explained_and_nothing_kept() -> None:
    client = manager()
    broken = make_files() | {"study.yaml": "study: trial\ntitel: x\n"}
    answer = client.post("/field/studies/load", {"archive": zipped(broken)})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "study.yaml:2:1" in page
    assert "Did you mean title?" in page
    assert not queries.all_studies().exists()


def test_loading_without_a_file_is_explained() -> None:
    answer = manager().post("/field/studies/load", {})
    assert answer.status_code == 400
    assert "No file was chosen" in answer.content.decode()


def test_an_archive_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harken.service.study.views.UPLOAD_LIMIT", 10)
    answer = manager().post("/field/studies/load", {"archive": zipped(make_files())})
    assert "STU-048" in answer.content.decode()


def test_the_gate_is_a_checklist_and_hides_the_button_while_shut() -> None:
    make_study(shift_days=-4000)
    page = text(manager(), "/field/studies/trial/")
    assert "The launch gate is shut" in page
    assert "its fieldwork closed on" in page
    assert "/field/studies/trial/open" not in page


def test_a_study_is_opened_and_closed_after_a_question() -> None:
    make_study(shift_days=today_shift())
    client = manager()
    assert "Everything the launch gate asks for" in text(
        client, "/field/studies/trial/"
    )
    assert "Open the study trial?" in text(client, "/field/studies/trial/open")
    answer = client.post("/field/studies/trial/open")
    assert answer.headers["Location"] == "/field/studies/trial/"
    assert queries.get("trial").state == State.OPEN.value
    assert "/field/studies/trial/close" in text(client, "/field/studies/trial/")
    assert "ends fieldwork for good" in text(client, "/field/studies/trial/close")
    client.post("/field/studies/trial/close")
    assert queries.get("trial").state == State.CLOSED.value


def test_a_refused_opening_says_why_and_changes_nothing() -> None:
    make_study(shift_days=-4000)
    answer = manager().post("/field/studies/trial/open")
    assert answer.status_code == 409
    assert "STU-027" in answer.content.decode()
    assert queries.get("trial").state == State.DRAFT.value


def test_an_expired_open_study_is_marked() -> None:
    study = make_study()
    actions.launch(study, by=MANAGER, at=OPENING)
    shown = text(manager(), "/field/studies/trial/")
    expired = timezone.localdate() > dt.date(2026, 4, 30)
    assert ("This study has expired" in shown) == expired


def test_the_page_list_shows_routing_in_words() -> None:
    study = make_study()
    actions.freeze(study, by=MANAGER, at=OPENING)
    page = text(manager(), "/field/studies/trial/questionnaire?mode=telephone")
    assert "And did you tell the police?" in page
    assert "Version 1 was frozen on" in page
    assert "The check found nothing to settle" in page


def test_a_questionnaire_that_cannot_be_read_shows_its_findings() -> None:
    files = make_files(questionnaire="questionnaire: x\nversion: 1\nsections: no\n")
    client = manager()
    client.post("/field/studies/load", {"archive": zipped(files)})
    page = text(client, "/field/studies/trial/questionnaire")
    assert "questionnaire.yaml:3:11" in page
    text(client, "/field/studies/trial/questionnaire/form", 404)


def test_the_printed_form_comes_as_page_and_tagged_pdf() -> None:
    make_study()
    client = manager()
    assert "Did you report it" in text(
        client, "/field/studies/trial/questionnaire/form?language=xx"
    )
    answer = client.get("/field/studies/trial/questionnaire/form.pdf?mode=telephone")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert (
        "trial-questionnaire-telephone-en.pdf" in answer.headers["Content-Disposition"]
    )
    reader = PdfReader(io.BytesIO(answer.content))
    assert "And did you tell the police?" in reader.pages[0].extract_text()
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    again = client.get("/field/studies/trial/questionnaire/form.pdf?mode=telephone")
    assert again.content == answer.content


def test_an_unknown_study_is_not_found() -> None:
    text(manager(), "/field/studies/nobody/", 404)
