"""What an author does at the shell, with a lone file. Proves: issue 3, an author's habit."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from harken.cli import main
from harken.method.errors import Exit
from harken.service.questionnaire import authoring, preview
from tests.make.questionnaire import AGREE, RECONTACT, REPORTED, question, section
from tests.make.questionnaire import source_of as text_of
from tests.make.sound import FOLDER

SOUND = text_of(AGREE, REPORTED, RECONTACT)
NEVER = section(question("y", if_="\"reported == 'yes' and reported == 'no'\""))
FAULTY = text_of(AGREE, REPORTED, NEVER, RECONTACT)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "questionnaire.yaml"
    path.write_text(SOUND, encoding="utf-8")
    return path


def test_a_lone_file_is_checked_and_proved(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["questionnaire", "check", str(file)]) == Exit.DONE
    said = capsys.readouterr().out
    assert "excluded by proof, 0 left open" in said
    assert "at the longest (3 pages)" in said
    assert "everything is in order" in said


def test_a_finding_is_shown_as_an_editor_takes_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(FAULTY, encoding="utf-8")
    assert main(["questionnaire", "check", str(file)]) == Exit.BAD_INPUT
    said = capsys.readouterr()
    assert f"{file}:20:" in said.err
    assert ": error: QUE-200 'y' is never asked" in said.err
    assert "1 to settle" in said.out
    assert main(["questionnaire", "check", str(file.parent), "--quick"]) == Exit.DONE
    file.write_text("questionnaire: [", encoding="utf-8")
    assert main(["questionnaire", "check", str(file)]) == Exit.BAD_INPUT
    assert f"{file}:2:" in capsys.readouterr().err


def test_a_file_may_have_any_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, other = tmp_path / "mine.yaml", tmp_path / "questionnaire.yaml"
    mine.write_text(FAULTY, encoding="utf-8")
    other.write_text(SOUND, encoding="utf-8")
    assert main(["questionnaire", "check", str(mine)]) == Exit.BAD_INPUT
    assert f"{mine}:20:" in capsys.readouterr().err


def test_findings_come_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(FAULTY, encoding="utf-8")
    assert main(["questionnaire", "check", str(file), "--json"]) == Exit.BAD_INPUT
    body = json.loads(capsys.readouterr().out)
    (finding,) = body["findings"]
    assert (finding["code"], finding["id"]) == ("QUE-200", "y")
    assert finding["line"] == 20
    assert finding["answers"]["agree"] == "yes"
    assert body["proof"]["open"] == 0
    long = ["questionnaire", "check", str(file), "--json", "--minutes", "0.1"]
    assert main(long) == Exit.BAD_INPUT
    codes = [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]]
    assert "QUE-222" in codes


def test_a_file_is_simulated_covered_and_drawn(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    simulate = ["questionnaire", "simulate", str(file), "--count", "200"]
    assert main(simulate) == Exit.DONE
    assert "200 interviews" in capsys.readouterr().out
    given = tmp_path / "marginals.yaml"
    given.write_text("agree: {yes: 1}\nreported: {yes: 3, dont_know: 1}\n")
    assert main([*simulate, "--json", "--marginals", str(given)]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["completed"] == 200
    given.write_text("agree: {maybe: 1}\nrepoted: {yes: 3}\n")
    assert main([*simulate, "--marginals", str(given)]) == Exit.BAD_INPUT
    assert capsys.readouterr().err.count("QUE-065") == 2
    assert main(["questionnaire", "cover", str(file)]) == Exit.DONE
    assert "respondents see" in capsys.readouterr().out
    assert main(["questionnaire", "cover", str(file), "--json"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["unseen"] == []
    picture = tmp_path / "routing.svg"
    assert main(["questionnaire", "draw", str(file), "--out", str(picture)]) == 0
    assert picture.read_text("utf-8").startswith("<svg")


class Visitor:
    """A browser at the preview."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, host: str = ""
    ) -> tuple[int, str, str]:
        link = HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Host": host or f"127.0.0.1:{self.port}"}
        link.request(method, path, urlencode(form or {}), headers)
        answer = link.getresponse()
        body = answer.read().decode()
        link.close()
        return answer.status, answer.headers.get("Location", ""), body


@pytest.fixture
def desk(file: Path) -> Iterator[tuple[preview.Desk, Visitor]]:
    made = preview.Desk(str(file), authoring.examine)
    made.refresh()
    serving = preview.server(made, 0)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield made, Visitor(serving.server_port)
    serving.shutdown()
    serving.server_close()
    thread.join()


def test_the_preview_shows_both_wordings_and_takes_answers(
    desk: tuple[preview.Desk, Visitor],
) -> None:
    held, visitor = desk
    status, _, body = visitor.ask("GET", "/")
    assert status == 200
    assert "Will you take part?" in body
    assert visitor.ask("GET", "/preview.css")[0] == 200
    assert "/stamp" in visitor.ask("GET", "/preview.js")[2]
    token = {"csrf_token": held.token}
    status, place, _ = visitor.ask(
        "POST", "/answer", token | {"question": "agree", "value": "yes"}
    )
    assert (status, place) == (303, "/?page=reported")
    _, _, body = visitor.ask("GET", place)
    assert "Did you report it to the police?" in body
    assert "And did you tell the police?" in body
    visitor.ask("POST", "/answer", token | {"question": "reported", "value": "maybe"})
    assert "INT-004" in visitor.ask("GET", "/?page=reported")[2]
    visitor.ask("POST", "/restart", token | {"mode": "telephone", "arm": "open"})
    assert held.interview is not None
    assert held.interview.mode.value == "telephone"
    assert held.interview.answers == {}


def test_the_preview_fills_in_what_was_answered(
    desk: tuple[preview.Desk, Visitor], file: Path
) -> None:
    held, visitor = desk
    told = section(
        question(
            "told",
            text='"You said **{reported}**:\\n\\n- so"',
            if_="answered(reported)",
        )
    )
    file.write_text(text_of(AGREE, REPORTED, told), encoding="utf-8")
    held.refresh()
    held.answer({"question": ["agree"], "value": ["yes"]})
    held.answer({"question": ["reported"], "value": ["no"]})
    body = visitor.ask("GET", "/?page=told")[2]
    assert "You said <strong>No</strong>:" in body
    assert "<li>so</li>" in body


def test_the_preview_answers_nobody_else(desk: tuple[preview.Desk, Visitor]) -> None:
    held, visitor = desk
    assert visitor.ask("GET", "/", host="evil.example")[0] == 403
    form = {"csrf_token": "guess", "question": "agree", "value": "yes"}
    assert visitor.ask("POST", "/answer", form)[0] == 403
    assert visitor.ask("GET", "/elsewhere")[0] == 404
    assert visitor.ask("POST", "/elsewhere", {"csrf_token": held.token})[0] == 404
    big = {"csrf_token": held.token, "value": "x" * (preview.LONGEST_FORM + 1)}
    assert visitor.ask("POST", "/answer", big)[0] == 413
    assert held.interview is not None
    assert held.interview.answers == {}


def test_a_save_is_seen_and_the_answers_stay(
    desk: tuple[preview.Desk, Visitor], file: Path
) -> None:
    held, visitor = desk
    held.answer({"question": ["agree"], "value": ["yes"]})
    before = preview.stamp_of(str(file))
    time.sleep(0.02)
    file.write_text(FAULTY, encoding="utf-8")
    assert preview.stamp_of(str(file)) != before
    held.refresh()
    assert visitor.ask("GET", "/stamp")[2] == "2"
    body = visitor.ask("GET", "/?page=y")[2]
    assert "QUE-200" in body
    assert "this page is not asked" in body
    assert held.interview is not None
    assert held.interview.answers == {"agree": "yes"}
    file.write_text("sections: 3", encoding="utf-8")
    held.refresh()
    body = visitor.ask("GET", "/?page=agree")[2]
    assert "Will you take part?" in body
    assert "cannot be read as it now is" in body
    assert f"{file}:1:" in body
    file.write_text(SOUND, encoding="utf-8")
    held.refresh()
    assert "cannot be read" not in visitor.ask("GET", "/?page=agree")[2]


def test_watching_ends_with_the_keyboard(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*found: object) -> None:
        raise KeyboardInterrupt

    done = preview.watch(str(file), port=0, examine=authoring.examine, tell=interrupted)
    assert done == Exit.DONE
    said = capsys.readouterr().out
    assert "Preview: http://127.0.0.1:" in said
    assert "The preview has ended." in said


def test_the_codebook_is_written_as_page_table_and_data(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = ["questionnaire", "codebook", str(file), "--out"]
    for name in ("book.html", "book.csv", "book.json"):
        assert main([*book, str(tmp_path / name)]) == Exit.DONE
        assert "Wrote book" in capsys.readouterr().out
    page = (tmp_path / "book.html").read_text(encoding="utf-8")
    assert '<th scope="row" class="govuk-table__header">reported</th>' in page
    rows = (tmp_path / "book.csv").read_text(encoding="utf-8").splitlines()
    asked = "reported,Did you report it to the police?,code,,,,,,,yes,Yes,no"
    assert asked in rows
    assert rows[1] == "ref,Random reference of the response,reference,,,,,,,,,"
    data = json.loads((tmp_path / "book.json").read_text(encoding="utf-8"))
    assert data["questionnaire"] == "trial"


def test_a_study_folders_codebook_has_its_design_variables(tmp_path: Path) -> None:
    folder = Path(__file__).parents[3] / "studies" / "victims-review"
    out = tmp_path / "book.csv"
    assert main(["questionnaire", "codebook", str(folder), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert '\nstratum,"Known before the interview' in text


def test_the_blank_form_is_a_page_or_a_pdf(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rich = str(FOLDER)
    form = ["questionnaire", "print", rich, "--out"]
    assert main([*form, str(tmp_path / "form.html")]) == Exit.DONE
    page = (tmp_path / "form.html").read_text(encoding="utf-8")
    assert "Thank you. You spoke of [question 4] times." in page
    assert "Did [...] treat you well?" in page
    assert '<html lang="en">' in page
    assert main([*form, str(tmp_path / "form.pdf")]) == Exit.DONE
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF-")


def test_the_preview_says_when_nothing_has_been_read(file: Path) -> None:
    made = preview.Desk(str(file), authoring.examine)
    page = made.page("")
    assert "is being read and proved" in page
    assert "everything is in order" not in page
    file.write_text("questionnaire: [", encoding="utf-8")
    made.refresh()
    assert "cannot be read yet" in made.page("")
