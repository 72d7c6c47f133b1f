"""Fieldwork's pages and commands: monitoring, print runs, the helpdesk's one card."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import stat
import sys
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from harken.method.contact import Outcome
from harken.method.errors import HarkenError
from harken.method.terms import Role
from harken.service.contact import actions, commands
from harken.service.contact.models import OptOut, PrintRun, WrongCodes
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.contact import (
    CALLING,
    INTERVIEWER,
    make_field_study,
    make_invitation,
    ref_of,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study in the field while the pages' clock stands at CALLING."""
    monkeypatch.setattr(timezone, "now", lambda: CALLING)
    return make_field_study(letters=False)


def run(*words: str) -> int:
    """Run ``harken contact`` with these words."""
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    args = parser.parse_args(["contact", *words])
    return int(args.run(args))


def test_the_desk_is_told_that_somebody_guesses_codes(
    study: Study, client: Client
) -> None:
    sign_in(client, Role.MANAGER)
    pages = [
        reverse("contact:fieldwork"),
        reverse("contact:monitoring", args=[study.slug]),
    ]
    assert all(b"guess" not in client.get(page).content for page in pages)
    WrongCodes.objects.create(scope="alarm", key="", since=CALLING, count=1)
    assert all(
        "Somebody is guessing access codes" in client.get(page).content.decode()
        for page in pages
    )
    WrongCodes.objects.update(since=CALLING - dt.timedelta(hours=3))
    assert "Somebody guessed access codes" in client.get(pages[0]).content.decode()


def test_monitoring_names_each_formula_and_no_case(
    study: Study, client: Client
) -> None:
    sign_in(client, Role.MANAGER)
    actions.record_attempt(
        study, ref_of(study), outcome=Outcome.RANG_OUT, by=INTERVIEWER, at=CALLING
    )
    page = client.get(reverse("contact:monitoring", args=[study.slug])).content.decode()
    assert "I / ((I+P) + (R+NC+O) + (UH+UO))" in page
    assert "rang out" in page
    assert ref_of(study) not in page
    assert study.slug in client.get(reverse("contact:fieldwork")).content.decode()


def test_monitoring_of_an_undrawn_study_says_what_is_missing(client: Client) -> None:
    sign_in(client, Role.MANAGER)
    assert "no study yet" in client.get(reverse("contact:fieldwork")).content.decode()
    assert (
        client.get(reverse("contact:monitoring", args=["nothing"])).status_code == 404
    )


def test_a_print_run_is_downloaded_once_and_confirmed(
    study: Study, client: Client
) -> None:
    sign_in(client, Role.MANAGER)
    letters = reverse("contact:letters", args=[study.slug])
    assert "No letter has been made yet" in client.get(letters).content.decode()
    make = reverse("contact:make", args=[study.slug])
    answer = client.post(make, {"kind": "invitation"})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert len(archive.namelist()) == 1
    assert answer["Cache-Control"] == "no-store"
    again = client.post(make, {"kind": "invitation"})
    assert again.status_code == 400
    assert "CON-014" in again.content.decode()
    made = PrintRun.objects.get()
    confirm = reverse("contact:confirm", args=[study.slug, made.pk])
    assert "written confirmation" in client.get(confirm).content.decode()
    assert client.post(confirm).status_code == 302
    assert client.post(confirm).status_code == 400
    assert "destroyed, confirmed" in client.get(letters).content.decode()


def test_a_specimen_shows_the_letter_and_nobody(
    study: Study, client: Client, tmp_path: Path
) -> None:
    sign_in(client, Role.MANAGER)
    address = reverse("contact:specimen", args=[study.slug, "invitation", "pl"])
    letters = reverse("contact:letters", args=[study.slug])
    assert address in client.get(letters).content.decode()
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "Szanowni" in text
    assert "0000-0000-0000" in text
    unknown = reverse("contact:specimen", args=[study.slug, "bill", "pl"])
    assert client.get(unknown).status_code == 404
    assert run("specimen", study.slug, "--out", str(tmp_path / "proof")) == 0
    assert len(list((tmp_path / "proof").iterdir())) == 4


def test_a_specimen_that_would_reveal_is_refused(study: Study, client: Client) -> None:
    sign_in(client, Role.MANAGER)
    files = dict(study.files)
    files["letters/reminder.en.md"] += "\nAbout your crime report.\n"
    study.files, study.digest = files, "digest of the revealing reminder"
    study.save()
    address = reverse("contact:specimen", args=[study.slug, "reminder", "en"])
    answer = client.get(address)
    assert answer.status_code == 400
    assert "CON-004" in answer.content.decode()


def test_the_helpdesk_sees_one_masked_card_and_passes_a_no_on(
    study: Study, client: Client
) -> None:
    code = make_invitation(study)
    sign_in(client, Role.HELPDESK)
    desk = reverse("contact:desk")
    assert "no search by name" in client.get(desk).content.decode()
    page = client.post(desk, {"code": code}).content.decode()
    assert "V… Q…" in page
    assert "Vireo" not in page
    assert page.count('name="channel"') == 5
    done = client.post(desk, {"code": code, "channel": "phone"}).content.decode()
    assert "will not be contacted again" in done
    assert OptOut.objects.get().channel == "phone"
    refused = client.post(desk, {"code": code})
    assert refused.status_code == 400
    assert "does not open the survey" in refused.content.decode()


def test_each_page_is_for_its_role(study: Study, client: Client) -> None:
    sign_in(client, Role.HELPDESK)
    assert client.get(reverse("contact:fieldwork")).status_code == 403
    assert client.post(reverse("contact:make", args=[study.slug])).status_code == 403
    sign_in(client, Role.MANAGER)
    assert client.get(reverse("contact:desk")).status_code == 403


def test_the_desk_without_a_study_says_so(client: Client) -> None:
    sign_in(client, Role.HELPDESK)
    assert "No study is running" in client.get(reverse("contact:desk")).content.decode()


def test_the_command_writes_letters_that_only_the_owner_reads(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    assert run("runs", study.slug) == 0
    assert run("letters", study.slug, "--out", str(out)) == 0
    (file,) = out.iterdir()
    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(HarkenError, match="CON-023"):
        run("remind", study.slug, "--out", str(out))
    number = PrintRun.objects.get().pk
    assert run("confirm", study.slug, str(number)) == 0
    assert run("runs", study.slug) == 0
    assert run("rates", study.slug, "--e", "0.5") == 0
    assert run("queue", study.slug) == 0
    shown = capsys.readouterr().out
    assert "6 letters in 1 files" in shown
    assert "RR3" in shown
    for words in (("rates", study.slug, "--e", "2"), ("confirm", study.slug, "4711")):
        with pytest.raises(HarkenError):
            run(*words)


def test_the_command_takes_a_code_from_standard_input(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = make_invitation(study)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{code}\n"))
    assert run("opt-out", study.slug, "--channel", "email") == 0
    assert OptOut.objects.get().channel == "email"
