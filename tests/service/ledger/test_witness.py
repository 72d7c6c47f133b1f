"""The operator asks, the controller's program answers. Proves PRV 26, 27 and DP-13."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harken import cli
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.ledger.cosign import open_cosigned
from harken.service.ledger import actions, models, queries, witness
from harken.service.ledger.signing import signer
from tests.make.vault import AT, OPERATOR

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def _write(number: int, *, study: str = "small") -> None:
    for _ in range(number):
        actions.record(Event.REHEARSED, study=study, by=OPERATOR, at=AT)


def _key() -> str:
    return signer("ledger").public_key


def test_a_checkpoint_goes_to_the_witness_and_comes_back_cosigned(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "controller"
    key = witness.make_key(folder, "controller.example/witness")
    actions.appoint_witness(key, by=OPERATOR, at=AT)
    actions.appoint_witness(key, by=OPERATOR, at=AT)
    assert queries.entries(event=Event.WITNESS_APPOINTED).count() == 1
    for _ in range(3):
        _write(5)
        note = actions.checkpoint(at=AT)
        text = queries.request(note).text()
        line = witness.answer(folder, text, log_key=_key(), now=1_800_000_000)
        size = actions.adopt(line, by=OPERATOR, at=AT)
        held = queries.cosigned()
        assert held is not None
        assert held.size == size
        assert open_cosigned(held.note, key)[0].size == size
        assert actions.adopt(line, by=OPERATOR, at=AT) == size
    assert queries.entries(event=Event.CHECKPOINT_COSIGNED).count() == 3
    queries.verify(lodged=held.note)


def test_a_house_restored_from_an_old_copy_is_caught(tmp_path: Path) -> None:
    folder = tmp_path / "controller"
    actions.appoint_witness(witness.make_key(folder, "controller"), by=OPERATOR, at=AT)
    _write(4)
    first = queries.request(actions.checkpoint(at=AT)).text()
    witness.answer(folder, first, log_key=_key(), now=1)
    models.Entry.objects.filter(position__gte=3).delete()
    frontier = queries.edge(3)
    models.Head.objects.update(size=3, peaks=b"".join(frontier).hex())
    _write(9, study="other")
    forked = actions.checkpoint(at=AT)
    for seen, code in ((None, "LED-011"), (5, "LED-005")):
        text = queries.request(forked, seen=seen).text()
        with pytest.raises(HarkenError, match=code):
            witness.answer(folder, text, log_key=_key(), now=2)


def test_a_witness_keeps_what_it_saw_before_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "controller"
    witness.make_key(folder, "controller")
    _write(4)
    text = queries.request(actions.checkpoint(at=AT)).text()
    shutil.copytree(folder, tmp_path / "before")
    line = witness.answer(folder, text, log_key=_key(), now=1)
    assert "controller" in line
    assert (folder / "seen.json").read_text() != ""
    assert not (tmp_path / "before" / "seen.json").exists()
    with pytest.raises(HarkenError, match="LED-011"):
        witness.answer(folder, text, log_key=_key(), now=2)
    with pytest.raises(FileExistsError):
        witness.make_key(folder, "controller")


def test_without_a_witness_nothing_is_asked_or_adopted() -> None:
    assert queries.cosigned() is None
    with pytest.raises(HarkenError, match="LED-012"):
        actions.adopt("x", by=OPERATOR, at=AT)
    with pytest.raises(HarkenError, match="LED-008"):
        actions.appoint_witness(_key(), by=OPERATOR, at=AT)


def test_a_cosignature_of_something_else_is_not_adopted(tmp_path: Path) -> None:
    folder = tmp_path / "controller"
    actions.appoint_witness(witness.make_key(folder, "controller"), by=OPERATOR, at=AT)
    actions.checkpoint(at=AT)
    with pytest.raises(HarkenError, match="LED-013"):
        actions.adopt("\u2014 controller AAAA", by=OPERATOR, at=AT)


def test_both_sides_work_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "controller")
    assert cli.main(["ledger", "witness", folder]) == 2
    assert cli.main(["ledger", "witness", folder, "--make", "controller"]) == 0
    assert cli.main(["ledger", "appoint", f"{folder}/witness.pub"]) == 0
    asked, answered = str(tmp_path / "asked"), str(tmp_path / "answered")
    assert cli.main(["ledger", "request"]) == 0
    assert cli.main(["ledger", "request", "--out", asked]) == 0
    log = tmp_path / "operator.pub"
    log.write_text(_key(), encoding="utf-8")
    words = ["ledger", "witness", folder, "--log", str(log), "--request", asked]
    assert cli.main([*words, "--out", answered]) == 0
    assert cli.main(["ledger", "adopt", answered]) == 0
    assert "vouches for the first" in capsys.readouterr().out
    assert cli.main(words) == 4
