"""The one command: help that teaches, exit codes that mean something: ISSUE-2 the ground."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.db.utils import OperationalError

from harken import cli
from harken.method.errors import Exit, Fault, Finding, HarkenError, Level, refuse
from harken.service import serve, terminal
from tests.architecture.tree import ROOT

REFUSAL = Fault("TST-801", "No {what}.", "A cause.", "A cure.", exit=Exit.REFUSED)
CARE = Fault("TST-802", "Care.", "A cause.", "A cure.", level=Level.WARNING)


def parsers(
    parser: argparse.ArgumentParser, title: str = "harken"
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield title, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                yield from parsers(below, f"{title} {word}")


def test_every_command_teaches() -> None:
    for title, parser in parsers(cli.parser()):
        assert "usage" in parser.format_help(), title
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for choice in action._choices_actions:
                    assert choice.help, f"{title} {choice.dest}"


def test_every_last_word_runs_something() -> None:
    for title, parser in parsers(cli.parser()):
        below = [
            a for a in parser._actions if isinstance(a, argparse._SubParsersAction)
        ]
        if not below:
            assert parser.get_default("run"), title


def test_a_command_loads_no_other_rooms_libraries(tmp_path: Path) -> None:
    """The author's check is called at each save; a second more is a second each time."""
    source = tmp_path / "questionnaire.yaml"
    source.write_text("id: x\n", encoding="utf-8")
    script = (
        "import sys; from harken import cli;"
        f"cli.main(['questionnaire', 'check', '--quick', {str(source)!r}]);"
        "heavy = ['polars', 'openpyxl', 'pyxform', 'pkcs11', 'z3', 'scipy.optimize'];"
        "print([name for name in heavy if name in sys.modules])"
    )
    environment = {**os.environ, "HARKEN_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-c", script]
    answer = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "[]"


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert cli.main(["--version"]) == Exit.DONE
    said = capsys.readouterr().out.split()
    assert f'version = "{said[1]}"' in project


def test_verbs_with_libraries_of_their_own_are_known_when_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.parser(["questionnaire", "import"]).parse_args(
            ["questionnaire", "import", "-h"]
        )
    assert ended.value.code == Exit.DONE
    assert "--to OUT" in capsys.readouterr().out


def test_commands_written_wrongly_end_with_two() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["nonsense"])
    assert ended.value.code == Exit.USAGE


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (refuse(REFUSAL, what="way"), Exit.REFUSED, "TST-801 No way."),
        (FileNotFoundError(2, "No such file", "/a/b/c.csv"), Exit.BAD_INPUT, "c.csv"),
        (OperationalError("no such table: x"), Exit.FAULT, "harken prepare"),
        (OperationalError("database is locked"), Exit.BUSY, "TER-003"),
        (KeyboardInterrupt(), Exit.FAULT, "Stopped."),
    ],
)
def test_errors_end_with_a_sentence_and_a_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: Exit,
    says: str,
) -> None:
    def run(args: argparse.Namespace) -> int:
        raise error

    def parser(words: Sequence[str]) -> argparse.ArgumentParser:
        top = argparse.ArgumentParser()
        top.set_defaults(run=run)
        return top

    monkeypatch.setattr(cli, "parser", parser)
    assert cli.main([]) == code
    written = capsys.readouterr().err
    assert says in written
    assert "/a/b" not in written


def test_findings_are_shown_errors_first_and_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = HarkenError(
        *(Finding(CARE) for _ in range(60)), Finding(REFUSAL, None, {"what": "way"})
    )
    terminal.show_findings(error.findings)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("error: TST-801")
    assert lines[-1] == "... and 11 more findings."


def test_tables_are_plain_text_when_nobody_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal.table(["name", "count"], [("[b]a[/b]", 1), ("c", 20)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["[b]a[/b]", "1"]


def test_progress_is_quiet_when_nobody_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with terminal.progress("reading") as report:
        report(1, 2)
    assert capsys.readouterr().err == ""


def test_verifying_a_certificate_needs_no_settings_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("HARKEN", "DJ"))}
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "harken.cli",
            "destroy",
            "verify",
            "no.json",
            "--key",
            "x",
        ],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == Exit.BAD_INPUT
    assert "TER-001" in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unforeseen_error_shows_places_and_no_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        int("Maria Kowalska")
    except ValueError as error:
        terminal.crash(type(error), error, error.__traceback__)
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "test_cli.py" in written
    assert "Maria" not in written


def test_the_server_writes_no_access_log() -> None:
    command = serve.server("127.0.0.1:8000")
    assert "--access-logfile" not in command
    assert "harken.service.serve.ServerLog" in command
    assert "--no-control-socket" in command
