"""``harken publication``: what each command does, says and answers.

Proves QA-07: anyone with a copy can check it against the digest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from harken import cli
from harken.method.errors import Exit
from tests.make.publication import make_published_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path / "data"):
        yield


def due() -> None:
    """A study whose day has come."""
    shift = (timezone.localdate() - dt.date(2026, 7, 15)).days
    make_published_study(shift_days=shift)


def test_publish_writes_a_copy_that_verifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    due()
    copy = tmp_path / "copy"
    assert cli.main(["publication", "publish", "trial", "--folder", str(copy)]) == 0
    digest = capsys.readouterr().out.split()[-1].rstrip(".")
    assert cli.main(["publication", "verify", str(copy)]) == Exit.DONE
    assert digest in capsys.readouterr().out
    assert cli.main(["publication", "list"]) == Exit.DONE
    assert digest in capsys.readouterr().out


def test_a_changed_copy_does_not_verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    due()
    copy = tmp_path / "copy"
    cli.main(["publication", "make", "trial", str(copy)])
    (copy / "index.html").write_text("other")
    assert cli.main(["publication", "verify", str(copy)]) == Exit.NOT_VERIFIED
    assert "PUB-006" in capsys.readouterr().err


def test_a_folder_that_is_no_release_is_said_to_be_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        assert cli.main(["publication", "verify", str(folder)]) == Exit.BAD_INPUT
        assert "PUB-005" in capsys.readouterr().err


def test_an_embargo_is_an_exit_code_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_published_study(shift_days=4000)
    assert cli.main(["publication", "publish", "trial"]) == Exit.REFUSED
    assert "PUB-007" in capsys.readouterr().err


def test_withdrawing_asks_for_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    due()
    assert cli.main(["publication", "list"]) == Exit.DONE
    assert "Nothing is published yet" in capsys.readouterr().out
    cli.main(["publication", "publish", "trial"])
    command = ["publication", "withdraw", "trial", "1", "--reason", "Wrong frame."]
    assert cli.main(command) == Exit.DONE
    assert "withdrawn" in capsys.readouterr().out
    assert cli.main(command) == Exit.BAD_INPUT
