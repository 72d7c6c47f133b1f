"""The commands of studies and questionnaires. Proves: issue 2, exit codes and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from harken.cli import main
from harken.method.errors import Exit
from harken.service.study import queries
from tests.make.study import OPENING, make_charter, make_files

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "trial", make_files())


def write(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: OPENING)


def test_a_study_goes_through_its_commands(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "list"]) == Exit.DONE
    assert "No study is loaded" in capsys.readouterr().out
    assert main(["study", "load", str(folder)]) == Exit.DONE
    assert main(["study", "gate", "trial"]) == Exit.DONE
    assert main(["questionnaire", "freeze", "trial"]) == Exit.DONE
    assert main(["study", "open", "trial"]) == Exit.DONE
    assert main(["study", "show", "trial"]) == Exit.DONE
    assert main(["study", "list"]) == Exit.DONE
    assert "A trial of the house" in capsys.readouterr().out
    assert main(["study", "close", "trial"]) == Exit.DONE
    assert queries.get("trial").state == "closed"
    assert main(["study", "open", "trial"]) == Exit.REFUSED


def test_a_folder_is_checked_without_loading(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "check", str(folder)]) == Exit.DONE
    assert "everything is in order" in capsys.readouterr().out
    assert main(["questionnaire", "check", str(folder)]) == Exit.DONE
    assert main(["questionnaire", "check", str(folder / "questionnaire.yaml")]) == 0
    assert main(["study", "gate", str(folder), "--today", "2026-06-01"]) == Exit.REFUSED
    assert not queries.all_studies().exists()


def test_bad_input_has_its_exit_code_and_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = write(tmp_path / "bad", make_files(study=make_charter(title="")))
    (bad / "support.yaml").write_bytes(b"services:\n  - name: Caf\xe9\n")
    assert main(["study", "load", str(bad)]) == Exit.BAD_INPUT
    assert "support.yaml:2:14: STU-047" in capsys.readouterr().err
    assert main(["study", "check", str(tmp_path / "none")]) == Exit.BAD_INPUT
    assert main(["study", "show", "none"]) == Exit.BAD_INPUT


def test_pages_and_print_take_a_file_a_folder_or_a_name(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["study", "load", str(folder), "--as", "again", "--shift", "7"])
    for source in (str(folder), str(folder / "questionnaire.yaml"), "again"):
        assert main(["questionnaire", "pages", source, "--mode", "telephone"]) == 0
        assert "And did you tell the police?" in capsys.readouterr().out
    out = tmp_path / "form.pdf"
    assert main(["questionnaire", "print", str(folder), "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF-")
    wrong = ["questionnaire", "pages", str(folder), "--language", "xx"]
    assert main(wrong) == Exit.BAD_INPUT
