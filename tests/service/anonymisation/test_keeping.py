"""The gate of the kept file on a real study. Proves PRV 37, 38 and 41 in part."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from harken import cli
from harken.method.anonymisation import gate, verify
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.terms import RESPONDENT, SYSTEM, CaseRef, Role
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import (
    actions,
    execute,
    keeping,
    paper,
    queries,
    readiness,
)
from harken.service.anonymisation.models import Certificate, Run
from harken.service.interview import actions as interviews
from harken.service.interview.models import Interview
from harken.service.ledger import queries as ledger
from harken.service.response import exports, intake
from harken.service.sampling import queries as sampling
from harken.service.sampling.models import Case
from harken.service.study import actions as fieldwork
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.anonymisation import DAY, operator_key
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import (
    CONTROLLER,
    FOLDER,
    GUARDIAN,
    INTERVIEWER,
    MANAGER,
    OPERATOR,
    make_study,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)


def make_collected(answered: int) -> Study:
    study = make_open_study(people=40, total=36)
    for case in list(sampling.issued(study))[:answered]:
        row = make_sitting(study, CaseRef(case.ref), words="A secret sentence.")
        interviews.submit(row, by=RESPONDENT, at=NOW)
    intake.collect(study, by=SYSTEM, at=NOW)
    return study


def columns_of(study: Study) -> list[str]:
    text = exports.make(study, by=OPERATOR, at=NOW)["responses.csv"].decode()
    return next(csv.reader(io.StringIO(text)))


def make_declaration(study: Study, path: Path, **changes: list[str]) -> Path:
    columns = columns_of(study)
    lists = {"keys": ["crime_group"], "sensitive": []}
    lists["harmless"] = [c for c in columns if c not in {"crime_group", "ref", "proxy"}]
    said = lists | {"leave_out": ["ref", "proxy"]} | changes
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


def test_a_file_is_written_only_when_every_record_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = make_collected(12)
    said = str(make_declaration(study, tmp_path / "declared.yaml"))
    words = ["destroy", "judge", study.slug, "--declaration", said]
    out, intruder = tmp_path / "kept.csv", tmp_path / "twentieth.json"
    assert cli.main([*words, "--out", str(out), "--intruder", str(intruder)]) == 0
    said_so = capsys.readouterr().out
    assert "Passes as proposed" in said_so
    assert "section 171" in said_so
    assert "l was not judged" in said_so
    kept = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert len(kept) == 12
    assert "ref" not in kept[0]
    assert "A secret sentence." not in out.read_text(encoding="utf-8")
    assert len(json.loads(intruder.read_text(encoding="utf-8"))) == 1
    entry = ledger.entries(event=Event.KEPT_FILE_JUDGED).get()
    assert json.loads(entry.body)["reason"] == "passes"
    judged = {p.what: p.holds for p in readiness.points(study, at=NOW)}
    assert judged["The kept file was judged and passes, or nothing is kept"] is True
    for people, confirmed in ((0, 0), (2, 3), (2, -1)):
        with pytest.raises(HarkenError, match="ANO-118"):
            keeping.tried(
                study, people=people, confirmed=confirmed, by=OPERATOR, at=NOW
            )
    assert cli.main(["destroy", "tried", study.slug, "2", "0"]) == 0
    assert cli.main(["destroy", "tried", study.slug, "2", "1"]) == 4
    assert "Somebody was recognised" in capsys.readouterr().out
    last = ledger.entries(event=Event.KEPT_FILE_JUDGED).last()
    assert last is not None
    assert json.loads(last.body)["counts"] == {"tried": 2, "confirmed": 1}


def test_too_few_records_or_an_undeclared_column_or_no_frame_is_refused(
    tmp_path: Path,
) -> None:
    study = make_collected(2)
    with pytest.raises(HarkenError, match="ANO-118"):
        keeping.tried(study, people=1, confirmed=0, by=OPERATOR, at=NOW)
    said = str(make_declaration(study, tmp_path / "declared.yaml"))
    out = tmp_path / "kept.csv"
    words = ["destroy", "judge", study.slug, "--declaration", said, "--out", str(out)]
    assert cli.main(words) == 4
    assert not out.exists()
    judged = {p.what: p.holds for p in readiness.points(study, at=NOW)}
    assert judged["The kept file was judged and passes, or nothing is kept"] is False
    path = make_declaration(study, tmp_path / "declared.yaml", harmless=[])
    declared = gate.read_declaration(path.read_text(encoding="utf-8"), path.name)
    with pytest.raises(HarkenError, match="ANO-004"):
        keeping.judge(study, declared, by=OPERATOR, at=NOW)
    Case.objects.update(design={})
    with pytest.raises(HarkenError, match="ANO-116"):
        keeping.judge(study, declared, by=OPERATOR, at=NOW)


def test_a_study_declares_its_kept_file_in_its_folder() -> None:
    study = make_study()
    with pytest.raises(HarkenError, match="ANO-117"):
        keeping.declaration(study)
    text = (FOLDER / keeping.FILE).read_text(encoding="utf-8")
    study.files[keeping.FILE] = text
    declared = keeping.declaration(study)
    assert declared.fixed == ("arm",)
    assert declared.leave_out_rest


def close(study: Study) -> None:
    """End fieldwork, and write the issued cases to the answers zone."""
    fieldwork.close_study(study, by=MANAGER, at=NOW)
    intake.close_sample(study, by=SYSTEM, at=NOW)
    study.refresh_from_db()


def plan_and_approve(study: Study) -> Run:
    run = actions.plan(study, by=GUARDIAN, at=DAY)
    for actor in (GUARDIAN, CONTROLLER):
        actions.approve(study, digest=run.digest, by=actor, at=DAY)
    return run


def test_a_destruction_waits_for_the_judgement_of_the_answers_as_they_are(
    tmp_path: Path,
) -> None:
    study = make_collected(12)
    close(study)
    path = make_declaration(study, tmp_path / "declared.yaml")
    declared = gate.read_declaration(path.read_text(encoding="utf-8"), path.name)
    with pytest.raises(HarkenError, match="ANO-119"):
        actions.plan(study, by=GUARDIAN, at=DAY)
    keeping.judge(study, declared, by=OPERATOR, at=NOW)
    plan_and_approve(study)
    first = CaseRef(Interview.objects.filter(study=study)[0].case)
    actions.withdraw_case(study, first, by=INTERVIEWER, at=DAY)
    with pytest.raises(HarkenError, match="ANO-110"):
        execute.execute(study, by=GUARDIAN, at=DAY)
    with pytest.raises(HarkenError, match="ANO-119"):
        actions.plan(study, by=GUARDIAN, at=DAY)
    _, made = keeping.judge(study, declared, by=OPERATOR, at=DAY)
    keeping.tried(study, people=2, confirmed=1, by=OPERATOR, at=DAY)
    with pytest.raises(HarkenError, match="ANO-119"):
        actions.plan(study, by=GUARDIAN, at=DAY)
    keeping.judge(study, declared, by=OPERATOR, at=DAY)
    run = plan_and_approve(study)
    file = hashlib.sha256(keeping.write(made).encode()).hexdigest()
    assert run.plan["kept"] == {"responses": 11, "judged": file}
    certificate = execute.execute(study, by=GUARDIAN, at=DAY)
    verify(certificate.text.encode(), operator_key())
    assert f"judged against the frame and passes. Its SHA-256: {file}" in on_paper(
        certificate
    )
    with pytest.raises(HarkenError, match="ANO-116"):
        keeping.judge(study, declared, by=OPERATOR, at=DAY)


def test_a_plan_without_a_judged_file_says_so_to_both_sides_and_on_the_certificate() -> (
    None
):
    study = make_collected(2)
    close(study)
    client = Client()
    sign_in(client, Role.CONTROLLER)
    guardian = Client()
    sign_in(guardian, Role.GUARDIAN)
    page = reverse("anonymisation:study", args=[study.slug])
    plan = reverse("anonymisation:plan", args=[study.slug])
    said = "2 responses are kept in a file that was not judged"
    assert "although the answers that stay" in guardian.get(page).content.decode()
    refused = guardian.post(plan)
    assert refused.status_code == 422
    assert "was not judged as its answers are now" in refused.content.decode()
    assert guardian.post(plan, {"without_kept_file": "yes"}).status_code == 302
    approving = client.get(reverse("anonymisation:approve", args=[study.slug]))
    assert said in approving.content.decode()
    run = queries.need_run(study, Retention.STANDARD)
    for actor in (GUARDIAN, CONTROLLER):
        actions.approve(study, digest=run.digest, by=actor, at=DAY)
    certificate = execute.execute(study, by=GUARDIAN, at=DAY)
    verify(certificate.text.encode(), operator_key())
    assert said in on_paper(certificate)


def test_the_shell_plans_without_a_judged_file_only_when_told_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    study = make_collected(2)
    close(study)
    assert cli.main(["destroy", "plan", study.slug]) == 4
    assert "ANO-119" in capsys.readouterr().err
    assert cli.main(["destroy", "plan", study.slug, "--without-kept-file"]) == 0
    assert "stays personal data" in capsys.readouterr().out


def on_paper(certificate: Certificate) -> str:
    """What the certificate's PDF says, without its line breaks."""
    made = paper.pdf(certificate.text, operator_key())
    pages = PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(
    ("answered", "status", "said"),
    [
        (12, 200, "nobody stands alone"),
        (2, 422, "2 records would still stand alone"),
        (0, 422, "does not say what the columns"),
    ],
)
def test_the_guardian_judges_by_a_button_and_sees_counts_alone(
    answered: int, status: int, said: str, tmp_path: Path
) -> None:
    study = make_collected(answered or 1)
    if answered:
        path = make_declaration(study, tmp_path / "declared.yaml")
        study.files[keeping.FILE] = path.read_text(encoding="utf-8")
        study.save()
    client = Client()
    sign_in(client, Role.GUARDIAN)
    page = client.get(reverse("anonymisation:study", args=[study.slug]))
    assert "Judge the file that is kept" in page.content.decode()
    answer = client.post(reverse("anonymisation:judge", args=[study.slug]))
    assert (answer.status_code, said in answer.content.decode()) == (status, True)
    assert "A secret sentence." not in answer.content.decode()
    assert queries.needs_judging(study, Retention.STANDARD) is (status != 200)
    sign_in(client, Role.STATISTICIAN)
    assert (
        client.post(reverse("anonymisation:judge", args=[study.slug])).status_code
        == 403
    )
