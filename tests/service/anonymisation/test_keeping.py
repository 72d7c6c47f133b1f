"""The gate of the kept file on a real study. Proves PRV 37, 38 and 41 in part."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from harken import cli
from harken.method.anonymisation import gate
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.terms import RESPONDENT, SYSTEM, CaseRef
from harken.service.anonymisation import keeping, readiness
from harken.service.interview import actions as interviews
from harken.service.ledger import queries as ledger
from harken.service.response import exports, intake
from harken.service.sampling import queries as sampling
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import FOLDER, OPERATOR, make_study

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
    assert "Passes as proposed" in capsys.readouterr().out
    kept = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert len(kept) == 12
    assert "ref" not in kept[0]
    assert "A secret sentence." not in out.read_text(encoding="utf-8")
    assert len(json.loads(intruder.read_text(encoding="utf-8"))) == 1
    entry = ledger.entries(event=Event.KEPT_FILE_JUDGED).get()
    assert json.loads(entry.body)["reason"] == "passes"
    judged = {p.what: p.holds for p in readiness.points(study, at=NOW)}
    assert judged["The file to be kept was judged and passes"] is True
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
    assert judged["The file to be kept was judged and passes"] is False
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
