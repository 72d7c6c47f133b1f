"""Print runs read back from the PDF. Proves SAF-04, SAF-16 and that nothing is half sent."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from harken.method.errors import HarkenError
from harken.method.terms import RESPONDENT, Actor, CaseRef, Mode, Role
from harken.service.contact import actions, letters
from harken.service.contact.models import AccessCode, Mailing, PrintRun, Standing
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from tests.make.contact import LETTERS_AT, MANAGER, make_field_study, ref_of
from tests.make.sampling import make_sampled_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

ADDRESS = "https://review.example"


def send(
    study: Study,
    kind: letters.Kind = "invitation",
    *,
    at: dt.datetime = LETTERS_AT,
    large: bool = False,
) -> dict[str, bytes]:
    """Make the letters; the PDFs by name."""
    files: dict[str, bytes] = {}
    letters.make_letters(
        study,
        kind=kind,
        out=files.__setitem__,
        by=MANAGER,
        at=at,
        address=ADDRESS,
        large=large,
    )
    return files


def words_of(pdf: bytes) -> list[str]:
    """The text of each page that is not blank."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return [page for page in pages if page.strip()]


def refused(error: pytest.ExceptionInfo[HarkenError]) -> str:
    """The code of the first finding."""
    return error.value.findings[0].fault.code


def test_each_person_gets_one_letter_with_a_code_that_opens_their_case() -> None:
    study = make_field_study(letters=False)
    files = send(study)
    (pdf,) = files.values()
    pages = words_of(pdf)
    assert len(pages) == 6
    opened = set()
    for page in pages:
        (code,) = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
        opened.add(actions.redeem(study, code, at=LETTERS_AT))
        assert "Quenhallow" in page
        assert "review.example/start" in page
        assert "16 February 2026" in page
    assert len(opened) == 6
    assert Mailing.objects.count() == 6
    assert set(Standing.objects.values_list("letter_on", flat=True)) == {
        LETTERS_AT.date()
    }
    run = PrintRun.objects.get()
    ((name, data),) = files.items()
    digest = hashlib.sha256(data).hexdigest()
    assert run.files == [{"name": name, "sha256": digest}]


def test_the_file_is_tagged_and_names_the_study_neutrally() -> None:
    study = make_field_study(letters=False)
    (pdf,) = send(study).values()
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "Public Services Review"


def test_nothing_of_a_person_or_code_is_left_on_the_disk(data: Path) -> None:
    study = make_field_study(letters=False)
    send(study)
    stored = b"".join(p.read_bytes() for p in data.rglob("*") if p.is_file())
    assert b"Quenhallow" not in stored


def test_who_must_not_have_post_gets_none() -> None:
    study = make_field_study(letters=False)
    Case.objects.filter(ref=ref_of(study)).update(no_post=True)
    send(study)
    assert Mailing.objects.count() == 5
    with pytest.raises(HarkenError) as error:
        send(study)
    assert refused(error) == "CON-014"


def test_who_must_be_reached_with_care_gets_a_square_without_the_code() -> None:
    study = make_field_study(letters=False)
    folder = letters.studies.folder(study)
    layout = letters.Layout(folder, "invitation", LETTERS_AT, ADDRESS, large=False)
    cases = list(Case.objects.filter(status="issued")[:2])
    cases[0].sensitive = True
    made = [
        letters.Issued(CaseRef(case.ref), "4HQ7-W9RX-C2PM", AccessCode(case=case))
        for case in cases
    ]
    careful, usual = (letters._qr(layout, one) for one in made)
    other = letters._qr(layout, letters.Issued(made[1].ref, "X" * 14, made[1].row))
    assert careful != usual != other
    made[0] = letters.Issued(made[0].ref, "X" * 14, made[0].row)
    assert letters._qr(layout, made[0]) == careful


def test_a_letter_that_shows_what_it_is_about_is_refused_for_sensitive_cases() -> None:
    study = make_field_study(letters=False)
    files = dict(study.files)
    files["letters/invitation.en.md"] += "\nThe police gave us your name.\n"
    study.files, study.digest = files, "digest of the revealing letter"
    study.save()
    Case.objects.filter(ref=ref_of(study)).update(sensitive=True)
    with pytest.raises(HarkenError) as error:
        send(study)
    assert refused(error) == "CON-004"
    assert not Mailing.objects.exists()
    assert not AccessCode.objects.exists()


def test_when_handing_over_fails_nobody_counts_as_written_to() -> None:
    study = make_field_study(letters=False)

    def full(name: str, pdf: bytes) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        letters.make_letters(
            study, kind="invitation", out=full, by=MANAGER, at=LETTERS_AT
        )
    assert not Mailing.objects.exists()
    assert not AccessCode.objects.exists()
    assert not PrintRun.objects.exists()
    assert not Standing.objects.exclude(letter_on=None).exists()


def test_a_reminder_waits_and_spares_those_who_answered_or_said_no() -> None:
    study = make_field_study(letters=False)
    send(study)
    with pytest.raises(HarkenError) as error:
        send(study, "reminder", at=LETTERS_AT + dt.timedelta(days=13))
    assert refused(error) == "CON-020"
    refs = [
        CaseRef(ref)
        for ref in Case.objects.filter(status="issued").values_list("ref", flat=True)
    ]
    actions.complete(study, refs[0], mode=Mode.WEB, at=LETTERS_AT)
    actions.opt_out(study, refs[1], channel="web", by=RESPONDENT, at=LETTERS_AT)
    (pdf,) = send(study, "reminder", at=LETTERS_AT + dt.timedelta(days=14)).values()
    assert len(words_of(pdf)) == 4


def test_reminders_and_invitations_are_refused_when_nobody_is_due() -> None:
    study = make_sampled_study()
    study.state, study.opened_at = "open", LETTERS_AT
    study.save()
    for kind, code in (("invitation", "CON-013"), ("reminder", "CON-013")):
        with pytest.raises(HarkenError) as error:
            send(study, kind)  # type: ignore[arg-type]  # both are kinds
        assert refused(error) == code
    drawn = make_field_study(slug="second", letters=False)
    with pytest.raises(HarkenError) as error:
        send(drawn, "reminder")
    assert refused(error) == "CON-014"


def test_a_no_while_the_letters_are_set_stops_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_field_study(letters=False)
    real = letters._pdf

    def meanwhile(*args: Any, **options: Any) -> tuple[str, bytes]:
        actions.opt_out(
            study, ref_of(study), channel="web", by=RESPONDENT, at=LETTERS_AT
        )
        return real(*args, **options)

    monkeypatch.setattr(letters, "_pdf", meanwhile)
    with pytest.raises(HarkenError) as error:
        send(study)
    assert refused(error) == "CON-022"
    assert not Mailing.objects.exists()


def test_a_letter_the_typesetter_refuses_says_nothing_of_its_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_field_study(letters=False)

    def broken(*args: Any, **options: Any) -> bytes:
        raise RuntimeError("unknown variable: Quenhallow")

    monkeypatch.setattr(letters.typst, "compile", broken)
    with pytest.raises(HarkenError) as error:
        send(study)
    assert refused(error) == "CON-019"
    assert "Quenhallow" not in str(error.value)


def test_batches_are_cut_at_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "BATCH", 4)
    study = make_field_study(letters=False)
    files = send(study)
    assert [len(words_of(pdf)) for pdf in files.values()] == [4, 2]


def test_large_print_and_languages_come_in_files_of_their_own() -> None:
    study = make_field_study(letters=False)
    Case.objects.filter(ref=ref_of(study)).update(language="pl")
    files = send(study, large=True)
    assert sorted(name[-6:] for name in files) == ["en.pdf", "pl.pdf"]
    polish = next(pdf for name, pdf in files.items() if name.endswith("pl.pdf"))
    assert "16 lutego 2026" in " ".join(words_of(polish))


def test_the_printing_house_confirms_once() -> None:
    study = make_field_study(letters=False)
    send(study)
    run = PrintRun.objects.get()
    assert run.destroy_by == dt.date(2026, 2, 9)
    actions.confirm_destroyed(run, by=MANAGER, at=LETTERS_AT)
    with pytest.raises(HarkenError) as error:
        actions.confirm_destroyed(run, by=MANAGER, at=LETTERS_AT)
    assert refused(error) == "CON-018"
    with pytest.raises(HarkenError) as error:
        letters.make_letters(
            study,
            kind="invitation",
            out=lambda name, pdf: None,
            by=Actor("i.one", Role.INTERVIEWER),
            at=LETTERS_AT,
        )
    assert refused(error) == "ACC-001"
