"""A letter names the day of the person it is for, once a promise was extended: PRV 19."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from harken.method.terms import Role
from harken.method.vault.keyring import Retention
from harken.service.contact import letters
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import holder, witness
from tests.make.accounts import sign_in
from tests.make.cohorts import enrol, signed
from tests.make.contact import (
    CALLING,
    LETTERS_AT,
    make_field_study,
    make_invitation,
)
from tests.make.vault import GUARDIAN, MANAGER
from tests.service.contact.test_letters import ADDRESS, send, words_of

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

FIRST, LATER = "30 September 2026", "31 March 2027"


@pytest.fixture
def study(data: Path) -> Study:
    """Six people under the first promise, two under the later one."""
    office = data / "controller"
    vault.name_controller(witness.make_key(office, "controller.example"), by=MANAGER)
    study = make_field_study(letters=False)
    vault.extend(study, signed(office, study), by=GUARDIAN, at=LETTERS_AT)
    enrol(study, 2, at=LETTERS_AT)
    Case.objects.filter(study=study).update(post_ok=True)
    return study


def days_in(pdf: bytes) -> list[str]:
    """The promised day that each letter of a file names; each names one."""
    found = []
    for page in words_of(pdf):
        text = " ".join(page.split())
        (day,) = [day for day in (FIRST, LATER) if day in text]
        assert f"Your day is {day}." in text
        found.append(day)
    return found


def test_each_letter_names_the_day_of_its_person(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object, **__: object) -> None:
        pytest.fail("the key holder was asked for each person")

    monkeypatch.setattr(holder.Keys, "promise", asked)
    (pdf,) = send(study).values()
    assert sorted(days_in(pdf)) == [FIRST] * 6 + [LATER] * 2
    people = holder.store(study.slug).people(Retention.STANDARD)
    numbers = {str(one.ref): one.promise for one in people}
    written = (
        Case.objects.exclude(mailings=None)
        .order_by("ref")
        .values_list("ref", flat=True)
    )
    assert days_in(pdf) == [(FIRST, LATER)[numbers[ref]] for ref in written]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", "Pana/Pani dzień to 31 marca 2027."),
        ("cy", "Your day is 31 Mawrth 2027."),
    ],
)
def test_it_is_named_in_the_letters_language(
    study: Study, language: str, words: str
) -> None:
    path = f"letters/invitation.{language}.md"
    text = study.files.get(path) or study.files["letters/invitation.en.md"]
    Study.objects.filter(pk=study.pk).update(
        files=study.files | {path: text}, digest="e" * 64
    )
    study.refresh_from_db()
    pdf = letters.specimen(study, "invitation", language, at=LETTERS_AT)  # type: ignore[arg-type]
    assert words in " ".join(" ".join(words_of(pdf)).split())


def test_a_letter_that_says_the_day_itself_gets_no_second_sentence(
    study: Study,
) -> None:
    path = "letters/invitation.en.md"
    text = study.files[path] + "\n\nGone by {destroy_date}.\n"
    Study.objects.filter(pk=study.pk).update(
        files=study.files | {path: text}, digest="f" * 64
    )
    study.refresh_from_db()
    (pdf,) = send(study).values()
    pages = [" ".join(page.split()) for page in words_of(pdf)]
    assert all("Your day is" not in page for page in pages)
    assert sum(f"Gone by {FIRST}." in page for page in pages) == 6
    assert sum(f"Gone by {LATER}." in page for page in pages) == 2


def test_a_study_with_one_promise_sends_the_letter_as_it_was_written() -> None:
    study = make_field_study(letters=False)
    pdf = letters.specimen(
        study,
        "invitation",
        "en",  # type: ignore[arg-type]
        at=LETTERS_AT,
        address=ADDRESS,
    )
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "Your day" not in text
    assert FIRST not in text


def test_the_helpdesk_can_say_whose_day_is_which(
    client: Client, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: CALLING)
    sign_in(client, Role.HELPDESK)
    issued = Case.objects.filter(study=study, status=Case.Status.ISSUED).order_by("pk")
    for case, day in ((issued.first(), FIRST), (issued.last(), LATER)):
        code = make_invitation(study, case)
        page = client.post(reverse("contact:desk"), {"code": code}).content.decode()
        assert f"What shows who they are is destroyed by {day}" in page


def test_nobody_is_told_of_days_where_all_have_the_same(
    client: Client, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: CALLING)
    study = make_field_study(letters=False)
    sign_in(client, Role.HELPDESK)
    code = make_invitation(study)
    page = client.post(reverse("contact:desk"), {"code": code}).content.decode()
    assert "Letter sent" in page
    assert "Their day" not in page
