"""The whole review end to end, as the operator runs it. Proves DP-04 and DP-05 in one
go, PRV 1, 12, 24 and 28 on the demo, and that a demo never touches another folder."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from harken.service.vault.keyholder import address

SRC = Path(__file__).resolve().parents[3] / "src"
STUDY = SRC.parent / "studies" / "victims-review"


def run_demo(data: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """``harken demo`` in a process of its own, with its own data folder."""
    environment = {
        **os.environ,
        "HARKEN_DATA": str(data),
        "PYTHONPATH": str(SRC),
        "HARKEN_HOLDER": "",
        "HARKEN_IDENTITY_DSN": "",
        "HARKEN_ANSWERS_DSN": "",
    }
    command = [sys.executable, "-m", "harken.cli", "demo", *more]
    command += ["--study", str(STUDY)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], str]:
    """One small demo: its folder, its summary, what it said."""
    folder = tmp_path_factory.mktemp("demo")
    done = run_demo(folder / "data", "--people", "300", "--no-serve")
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return folder, summary, done.stdout


Demo = tuple[Path, dict[str, Any], str]


@pytest.mark.slow
def test_the_demo_counts_everybody(demo: Demo) -> None:
    _, summary, _ = demo
    people = summary["people"]
    assert people["read"] == 300
    assert people["loaded"] + sum(people["excluded"].values()) == 300
    assert people["issued"] <= people["loaded"]
    assert set(summary["letters"]) == {"invitation", "reminder"}
    found = summary["interviews"]
    assert found["interviews_sample_web"] > 0
    assert found["interviews_sample_telephone"] > 0
    assert found["interviews_open"] > 0
    assert 0.25 < summary["rates"]["RR1"]["value"] < 0.65


@pytest.mark.slow
def test_headlines_stand_beside_their_truths(demo: Demo) -> None:
    _, summary, said = demo
    assert [row["indicator"] for row in summary["headlines"]] == ["I01", "I08", "I16"]
    for row in summary["headlines"]:
        assert row["low"] <= row["estimate"] <= row["high"]
        assert row["open_arm"] is None or 0 <= row["open_arm"] <= 1
    assert "hold their simulated truth" in said


@pytest.mark.slow
def test_nobody_destroyed_is_found_and_the_willing_can_be_reached(demo: Demo) -> None:
    folder, summary, _ = demo
    told = summary["destruction"]
    assert told["found"] == 0
    # Four took their answers back by receipt, nine days after fieldwork had closed.
    assert told["withdrawn"] == 4
    assert told["needles"] > 1000
    assert told["destroyed"] > 0
    assert told["agreed_to_recontact"] == told["can_be_contacted"] == told["recontact"]
    assert told["same_results"]
    assert told["same_release"]
    assert told["stage"] == "final"
    assert Path(told["certificate"]).parent == folder / "data" / "certificates"


@pytest.mark.slow
def test_the_search_bites_on_the_files_outside(demo: Demo) -> None:
    """The needles are those of the force's file, which lies outside the data folder."""
    folder, _, _ = demo
    sample = (folder / "outside" / "force" / "sample.csv").read_text(encoding="utf-8")
    surname = sample.splitlines()[1].split(",")[2].strip()
    holding = [
        path
        for path in (folder / "data").rglob("*")
        if path.is_file() and surname.encode() in path.read_bytes()
    ]
    assert holding == []
    assert any((folder / "outside" / "print-house").iterdir())


@pytest.mark.slow
def test_the_certificate_verifies_with_nothing_but_itself_and_the_key(
    demo: Demo,
) -> None:
    _, summary, _ = demo
    told = summary["destruction"]
    command = [sys.executable, "-m", "harken.cli", "destroy", "verify"]
    command += [told["certificate"], "--key", told["key"]]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_summary_holds_no_person(demo: Demo) -> None:
    folder, _, said = demo
    sample = (folder / "outside" / "force" / "sample.csv").read_text(encoding="utf-8")
    text = (folder / "summary.json").read_text(encoding="utf-8") + said
    for line in sample.splitlines()[1:]:
        reference, _, surname = line.split(",")[:3]
        assert reference not in text
        assert surname.strip() not in text


@pytest.mark.slow
def test_a_demo_that_serves_nothing_leaves_no_key_holder(demo: Demo) -> None:
    folder, _, _ = demo
    with address.lock_of(folder / "data" / "keys").open("rb") as lock:
        # It answers before it is gone; by itself it would stay a minute.
        until = time.monotonic() + 5
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                assert time.monotonic() < until, "a key holder still serves"
                time.sleep(0.05)
            else:
                return


@pytest.mark.slow
def test_a_folder_that_is_not_a_demo_is_never_touched(tmp_path: Path) -> None:
    database = tmp_path / "data" / "databases" / "identity.sqlite3"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"somebody's study")
    done = run_demo(tmp_path / "data", "--people", "300", "--no-serve")
    assert done.returncode == 4
    assert "REH-001" in done.stderr
    assert database.read_bytes() == b"somebody's study"


@pytest.mark.slow
def test_a_demo_of_three_people_is_refused(tmp_path: Path) -> None:
    done = run_demo(tmp_path / "data", "--people", "3", "--no-serve")
    assert done.returncode == 3
    assert "REH-003" in done.stderr
