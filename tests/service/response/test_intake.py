"""Interviews collected across the wall, the sample closed, files written.

Proves DP-03 (no row of the answers zone leads back), DP-08 (no free text crosses),
DP-14 (ISO week only), DP-06 (a response can be taken out), DP-04 in part.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken import cli
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.rights.records import REIDENTIFYING
from harken.method.terms import RESPONDENT, SYSTEM, Actor, Missing, Role
from harken.service.interview import actions as interviews
from harken.service.interview import queries as submitted
from harken.service.interview.models import FreeText, Interview
from harken.service.ledger import queries as ledger
from harken.service.response import actions, exports, intake, models, queries
from harken.service.study import actions as fieldwork
from harken.service.study.models import Study
from harken.service.vault.holder import LONDON
from tests.make.accounts import sign_in
from tests.make.contact import ref_of
from tests.make.interview import ANSWERS, POLISH, QUESTIONNAIRE
from tests.make.sampling import MANAGER
from tests.make.sitting import NOW, form_of, make_open_study, make_sitting

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

UNIT = "        unit: days\n"
CHECK = '        checks: [{if: "days > 60", say: That is long., soft: yes}]\n'
WARNED = {
    "questionnaire.yaml": QUESTIONNAIRE.replace(UNIT, UNIT + CHECK),
    "translations/pl.yaml": f"{POLISH}  days.check.1: Długo.\n",
}


def make_submitted(study: Study) -> Interview:
    row = make_sitting(study, ref_of(study), words="A secret sentence.")
    interviews.submit(row, by=RESPONDENT, at=NOW)
    return Interview.objects.get(handle=row.handle)


def test_an_interview_becomes_a_response_with_its_design_and_week() -> None:
    study = make_open_study()
    make_submitted(study)
    assert intake.collect(study, by=SYSTEM, at=NOW) == 1
    (response,) = queries.dataset(study.slug).responses
    assert response.week == "2026-W10"
    assert response.answers["how"] == ("phone", "web")
    assert "words" not in response.answers
    assert response.design["area"].startswith("A")
    assert response.design["stratum"]
    assert queries.count(study.slug)["sample_web"] == 1


def test_nothing_of_the_person_is_in_the_response() -> None:
    study = make_open_study()
    row = make_submitted(study)
    intake.collect(study, by=SYSTEM, at=NOW)
    stored = json.dumps(list(models.Response.objects.values()))
    assert row.case not in stored
    assert row.handle not in stored
    assert "secret" not in stored
    assert FreeText.objects.count() == 1


def test_why_an_answer_was_let_stand_goes_to_the_free_text_desk() -> None:
    """The file says that it stands; the words wait until a person has read them."""
    study = make_open_study(texts=WARNED)
    row = make_sitting(study, ref_of(study), until="days")
    sure = {"value": ("90",), "confirm": ("yes",), "reason": ("I was in hospital.",)}
    row = interviews.answer(
        row, "days", sure, version=row.version, by=RESPONDENT, at=NOW
    )
    interviews.submit(_to_the_end(row), by=RESPONDENT, at=NOW)
    kept = Interview.objects.get(handle=row.handle)
    assert submitted.sitting(kept).interview.confirmed == {"days": ""}
    intake.collect(study, by=SYSTEM, at=NOW)
    (response,) = queries.dataset(study.slug).responses
    assert response.answers["days!"] == "1"
    text = FreeText.objects.get(question="days")
    assert b"hospital" not in bytes(text.sealed)


def _to_the_end(row: Interview) -> Interview:
    while (place := submitted.sitting(row).interview.position) is not None:
        form = form_of(ANSWERS.get(place, ()))
        row = interviews.answer(
            row, place, form, version=row.version, by=RESPONDENT, at=NOW
        )
    return row


def test_collecting_again_changes_nothing() -> None:
    study = make_open_study()
    make_submitted(study)
    intake.collect(study, by=SYSTEM, at=NOW)
    assert intake.collect(study, by=SYSTEM, at=NOW) == 0
    assert models.Response.objects.count() == 1


def test_a_crash_between_the_two_databases_doubles_nothing() -> None:
    study = make_open_study()
    row = make_submitted(study)
    document = bytes(row.document)
    intake.collect(study, by=SYSTEM, at=NOW)
    Interview.objects.update(collected=False, document=document)
    assert intake.collect(study, by=SYSTEM, at=NOW) == 1
    assert models.Response.objects.count() == 1


def test_the_draft_is_emptied_once_it_was_collected() -> None:
    study = make_open_study()
    row = make_submitted(study)
    intake.collect(study, by=SYSTEM, at=NOW)
    row.refresh_from_db()
    assert row.collected
    assert bytes(row.document) == bytes(row.receipt) == b""


def test_a_partial_interview_says_what_was_not_asked() -> None:
    study = make_open_study()
    row = make_sitting(study, until="days")
    interviews.stop(row, keep=True, at=NOW)
    intake.collect(study, by=SYSTEM, at=NOW)
    (response,) = queries.dataset(study.slug).responses
    assert response.arm == "open"
    assert not response.design
    assert "days" not in response.answers


def test_a_withdrawn_response_is_gone() -> None:
    study = make_open_study()
    make_submitted(study)
    intake.collect(study, by=SYSTEM, at=NOW)
    ref = submitted.response_ref(study, ref_of(study))
    assert ref is not None
    assert actions.remove(study.slug, ref, by=RESPONDENT, at=NOW)
    assert not actions.remove(study.slug, ref, by=RESPONDENT, at=NOW)
    assert not queries.dataset(study.slug).responses


def test_the_closed_sample_has_a_row_a_case_and_no_reference() -> None:
    study = make_open_study()
    make_submitted(study)
    for _ in range(2):
        assert intake.close_sample(study, by=SYSTEM, at=NOW) == 4
    cases = queries.issued(study.slug)
    assert len(cases) == 4
    assert sorted(case.disposition for case in cases)[0] == "1.1"
    assert all("stratum" in case.design for case in cases)


def test_the_same_responses_give_the_same_bytes(tmp_path: Path) -> None:
    study = make_open_study()
    make_submitted(study)
    intake.collect(study, by=SYSTEM, at=NOW)
    statistician = Actor("s.one", Role.STATISTICIAN)
    for name in ("one", "two"):
        exports.write(study, tmp_path / name, by=statistician, at=NOW)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
    frame = pl.read_parquet(tmp_path / "one" / "responses.parquet")
    assert frame.height == 1
    assert frame["days"].to_list() == [40.0]
    assert pl.read_csv(tmp_path / "one" / "responses.csv").columns == frame.columns
    assert "Not asked" in (tmp_path / "one" / "codebook.html").read_text()


def test_files_can_be_written_before_anybody_answered(tmp_path: Path) -> None:
    study = make_open_study()
    exports.write(study, tmp_path, by=SYSTEM, at=NOW)
    assert pl.read_parquet(tmp_path / "responses.parquet").height == 0


def test_intake_needs_its_permission() -> None:
    study = make_open_study()
    for act in (intake.collect, intake.close_sample):
        with pytest.raises(HarkenError):
            act(study, by=Actor("i.one", Role.INTERVIEWER), at=NOW)
    assert not ledger.entries(event=Event.RESPONSES_COLLECTED)


def test_a_refusal_keeps_its_kind_on_the_way() -> None:
    study = make_open_study()
    row = make_sitting(study, reported="dont_know")
    interviews.submit(row, by=RESPONDENT, at=NOW)
    intake.collect(study, by=SYSTEM, at=NOW)
    (response,) = queries.dataset(study.slug).responses
    assert response.answers["reported"] is Missing.DONT_KNOW


def test_answers_are_deleted_once_their_promised_day_has_passed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """DP-04: the second clock of a study."""
    study = make_open_study()
    make_submitted(study)
    intake.collect(study, by=SYSTEM, at=NOW)
    fieldwork.close_study(study, by=MANAGER, at=NOW)
    intake.close_sample(study, by=SYSTEM, at=NOW)
    day = queries.kept_until(study)
    last = dt.datetime.combine(day, dt.time(23, 50), LONDON)
    monkeypatch.setattr(timezone, "now", lambda: last)
    with pytest.raises(HarkenError, match="RES-101"):
        actions.end_answers(study, by=SYSTEM, at=last)
    with pytest.raises(HarkenError, match="ACC-001"):
        actions.end_answers(study, by=Actor("x", Role.STATISTICIAN), at=last)
    assert cli.main(["response", "end", study.slug]) == 4
    assert cli.main(["response", "end", study.slug, "--due"]) == 0
    assert models.Response.objects.count() == 1
    after = last + dt.timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: after)
    assert cli.main(["response", "end", study.slug, "--due"]) == 0
    assert "Deleted: 1 responses" in capsys.readouterr().out
    for model in actions.ROWS.values():
        assert not model._base_manager.exists()
    entry = ledger.entries(event=Event.ANSWERS_DELETED).get()
    counts = json.loads(entry.body)["counts"]
    assert counts["responses"] == 1
    assert counts["issued_cases"] > 0
    assert actions.end_answers(study, by=SYSTEM, at=after) == 0
    assert ledger.entries(event=Event.ANSWERS_DELETED).count() == 1


def test_every_row_of_the_answers_has_its_end() -> None:
    mine = set(apps.get_app_config("response").get_models())
    assert set(actions.ROWS.values()) == mine


def test_whoever_is_handed_rows_reads_that_recognising_people_is_an_offence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = make_open_study()
    assert cli.main(["response", "export", study.slug, str(tmp_path)]) == 0
    assert REIDENTIFYING in " ".join(capsys.readouterr().out.split())
    client = Client()
    sign_in(client, Role.STATISTICIAN)
    page = client.get(reverse("response:codebook", args=[study.slug])).content.decode()
    assert "section 171" in page
