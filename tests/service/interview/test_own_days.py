"""Once a promise was extended, a page says whose day is which: PRV 19, Articles 13 and 14."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from harken import cli
from harken.method.terms import RESPONDENT, Language, Role
from harken.service.anonymisation import readiness
from harken.service.interview import actions, aloud
from harken.service.interview.words import words
from harken.service.questionnaire import queries as instruments
from harken.service.redaction import queries as desk
from harken.service.safeguarding import actions as safeguarding
from harken.service.sampling.models import Case
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import witness
from harken.service.vault.holder import LONDON
from harken.service.vault.models import RecontactConsent
from tests.make.accounts import sign_in
from tests.make.cohorts import enrol, signed
from tests.make.contact import make_invitation, ref_of
from tests.make.interview import POLISH
from tests.make.journey import country_without_holiday
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import GUARDIAN, INTERVIEWER, MANAGER
from tests.make.visit import held_by
from tests.service.interview.test_telephone_door import ALWAYS, press
from tests.service.interview.test_web_door import SHIFT, begin, post

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

DEMO = Path(__file__).resolve().parents[3] / "studies/victims-review"
LONGER = dt.timedelta(days=182)
PAGES = ("/privacy", "/privacy-open", "/easy-data", "/message")
LANGUAGES = ("en", "pl", "ur")
WRITTEN = (dt.date(2026, 9, 30), dt.date(2028, 3, 31))


def spoken(day: dt.date, language: str = "en") -> str:
    """A day as a page says it."""
    with translation.override(language):
        return date_format(day, "j E Y")


def make_texts() -> dict[str, str]:
    """The demo's notices, the promised days moved like the study's."""
    texts = {"translations/ur.yaml": POLISH.replace("language: pl", "language: ur", 1)}
    for language in LANGUAGES:
        for name in ("privacy-notice", "privacy-notice-open", "easy-privacy"):
            path = f"messages/{name}.{language}.md"
            text = (DEMO / path).read_text(encoding="utf-8")
            for day in WRITTEN:
                old = spoken(day, language)
                assert name.endswith("open") or old in text, path
                text = text.replace(
                    old, spoken(day + dt.timedelta(days=SHIFT), language)
                )
            texts[path] = text
    return texts


@pytest.fixture
def study() -> Study:
    return make_open_study(
        shift_days=SHIFT, languages="[en, pl, ur]", texts=make_texts()
    )


@pytest.fixture
def extended(study: Study, data: Path) -> Study:
    """Extended today; the promise of everybody drawn is the first."""
    extend(study, data / "controller")
    return study


def extend(study: Study, office: Path) -> None:
    """A later promise, given from today on."""
    first = studies.promised(study)[-1]
    note = signed(
        office,
        study,
        destroy_by=first.destroy_by + LONGER,
        recontact_until=first.recontact_until + LONGER,
    )
    vault.extend(study, note, by=GUARDIAN, at=timezone.now())


@pytest.fixture(autouse=True)
def controller(data: Path) -> None:
    """Named before the first person is enrolled."""
    key = witness.make_key(data / "controller", "controller.example")
    vault.name_controller(key, by=MANAGER)


def days(study: Study, language: str = "en") -> tuple[str, str]:
    """The first and the later day of destruction."""
    first, later = studies.promised(study)
    return spoken(first.destroy_by, language), spoken(later.destroy_by, language)


def text_of(client: Client, page: str) -> str:
    """What a page says."""
    answer = client.get(page)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def come_in(client: Client, study: Study, case: Case | None = None) -> None:
    """Enter the code of a letter."""
    post(client, "code", code=make_invitation(study, case))
    assert "interview" in held_by(client)


def test_with_one_promise_no_page_changes(client: Client, study: Study) -> None:
    for page in PAGES:
        text = text_of(client, page)
        assert words(Language("en"))["days_title"] not in text
        assert "days_" not in text
        first = studies.promised(study)[0]
        assert spoken(first.destroy_by) in text
        assert spoken(first.destroy_by + LONGER) not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_known_reads_every_day_and_whose_it_is(
    client: Client, extended: Study, page: str, language: str
) -> None:
    post(client, "language", language=language)
    text = text_of(client, page)
    for day in days(extended, language):
        assert day in text
    said = words(Language(language))
    if page == "/message":
        assert said["days_see"] in text
        return
    assert said["days_title"] in text
    assert (said["days_letter"] in text) is (page != "/privacy-open")
    assert (said["days_open"] in text) is (page != "/privacy")


def test_the_first_ones_read_the_notice_as_it_was_written(
    client: Client, extended: Study
) -> None:
    come_in(client, extended)
    first, later = days(extended)
    for page in PAGES:
        if page != "/privacy-open":
            text = text_of(client, page)
            assert first in text
            assert later not in text
            assert words(Language("en"))["days_own_title"] not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_those_who_came_later_read_their_own_day_and_no_earlier_one(
    client: Client, extended: Study, language: str
) -> None:
    (ref,) = enrol(extended, 1, at=timezone.now())
    post(client, "language", language=language)
    come_in(client, extended, Case.objects.get(ref=ref))
    first, later = days(extended, language)
    again = [
        spoken(one.recontact_until, language) for one in studies.promised(extended)
    ]
    for page in ("/privacy", "/easy-data", "/message"):
        text = text_of(client, page)
        assert later in text, page
        assert first not in text, page
        assert again[0] not in text, page
        assert (again[1] in text) is (page != "/message")


def test_whoever_begins_without_a_letter_has_the_latest_promise(
    client: Client, extended: Study
) -> None:
    begin(client)
    first, later = days(extended)
    text = text_of(client, "/privacy")
    assert later in text
    assert first not in text


def test_a_third_promise_has_its_own_line(
    client: Client, extended: Study, data: Path
) -> None:
    extend(extended, data / "controller")
    text = text_of(client, "/privacy-open")
    for one in studies.promised(extended):
        assert spoken(one.destroy_by) in text
    today = spoken(timezone.localdate())
    last = spoken(studies.promised(extended)[2].destroy_by)
    assert f"before {today}: {days_of(extended, 0)}" in text
    assert f"after {today}, or now: {last}" in text


def days_of(study: Study, number: int) -> str:
    """The day of one promise."""
    return spoken(studies.promised(study)[number].destroy_by)


def test_a_notice_that_cannot_be_dated_says_which_days_hold_instead(
    client: Client, data: Path
) -> None:
    texts = {"messages/privacy-notice.en.md": "# Notice\n\nDestroyed soon.\n"}
    study = make_open_study(shift_days=SHIFT, texts=texts)
    extend(study, data / "controller")
    (ref,) = enrol(study, 1, at=timezone.now())
    come_in(client, study, Case.objects.get(ref=ref))
    text = text_of(client, "/privacy")
    assert days_of(study, 1) in text
    assert words(Language("en"))["days_instead"] in text


def test_while_the_key_holder_is_away_every_day_is_said(
    client: Client, extended: Study, settings: LazySettings, tmp_path: Path
) -> None:
    come_in(client, extended)
    settings.HOLDER = str(tmp_path / "nobody.sock")
    text = text_of(client, "/privacy")
    for day in days(extended):
        assert day in text


def record(data: Path, text: str, language: str) -> None:
    """A recording of this text."""
    (data / "sound").mkdir(exist_ok=True)
    (data / "sound" / f"{aloud.name_of(text, language)}.mp3").write_bytes(b"sound")


def record_the_first(study: Study, data: Path) -> None:
    """Recordings of everything as it was before the extension."""
    book = instruments.instrument(study)
    for language, text in aloud.texts(studies.folder(study), book):
        record(data, text, language)


def to_record(study: Study) -> list[str]:
    """What the alarm says of recordings."""
    found = readiness.alarms(at=timezone.now())
    return [one.says for one in found if "read aloud" in one.says]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_whose_recording_says_another_day_says_so_in_its_place(
    client: Client, extended: Study, data: Path, language: str
) -> None:
    said = words(Language(language))["listen_not"]
    contact = studies.folder(extended).charter.processor.contact
    told = " ".join(said.format(contact=contact).split())
    post(client, "language", language=language)
    for page in ("/privacy", "/privacy-open"):
        assert told not in text_of(client, page), "nothing was ever recorded"
    record_the_first(extended, data)
    for page in ("/privacy", "/privacy-open"):
        body = client.get(page).content.decode()
        assert "<audio" not in body
        assert told in text_of(client, page)
    # Whoever keeps the first days hears them.
    come_in(client, extended)
    post(client, "language", language=language)
    body = client.get("/privacy").content.decode()
    assert "<audio" in body
    assert told not in text_of(client, "/privacy")


def test_staff_are_told_to_record_it_anew_and_then_it_is_heard(
    client: Client, study: Study, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record_the_first(study, data)
    assert to_record(study) == []
    extend(study, data / "controller")
    # Two notices, in three languages, for those who are not known and the later ones.
    (says,) = to_record(study)
    assert f"harken interview record {study.slug}" in says
    wanted = list(
        aloud.texts(
            studies.folder(study),
            instruments.instrument(study),
            studies.promised(study),
        )
    )
    lacking = [(lang, text) for lang, text in wanted if not aloud.sources(text, lang)]
    assert says.startswith(f"{len(lacking)} notices are")
    assert {lang for lang, _ in lacking} == set(LANGUAGES)
    assert cli.main(["interview", "texts", study.slug]) == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert sorted(line[0] for line in told if line[1:2] == ["no"]) == sorted(
        aloud.name_of(text, lang) for lang, text in lacking
    )
    for lang, text in lacking:
        record(data, text, lang)
    assert to_record(study) == []
    (later,) = enrol(study, 1, at=timezone.now())
    for page in ("/privacy", "/privacy-open"):
        assert "<audio" in client.get(page).content.decode()
    case = Case.objects.get(ref=later)
    come_in(client, study, case)
    assert days(study)[1] in text_of(client, "/privacy")
    assert "<audio" in client.get("/privacy").content.decode()


def test_the_desk_closes_two_days_before_the_day_that_falls_due_next(
    extended: Study,
) -> None:
    first = studies.promised(extended)[0].destroy_by
    assert desk.closes(extended) == first - dt.timedelta(days=2)
    morning = dt.datetime.combine(first - dt.timedelta(days=2), dt.time.min, LONDON)
    assert desk.closed(extended, at=morning)
    assert not desk.closed(extended, at=morning - dt.timedelta(seconds=1))


def test_an_alert_is_kept_until_the_day_of_whom_it_is_about(extended: Study) -> None:
    now = timezone.now()
    early = ref_of(extended)
    (later,) = enrol(extended, 1, at=now)
    for number, ref in enumerate((early, later)):
        alert = safeguarding.raise_alert(
            extended, ref, kind="distress", by=INTERVIEWER, at=now
        )
        assert alert.keep_until == studies.promised(extended)[number].destroy_by


def test_a_consent_to_be_contacted_again_lasts_until_ones_own_day(data: Path) -> None:
    study = make_open_study()
    first = studies.promised(study)[0]
    note = signed(
        data / "controller",
        study,
        destroy_by=first.destroy_by + LONGER,
        recontact_until=first.recontact_until + LONGER,
    )
    vault.extend(study, note, by=GUARDIAN, at=NOW)
    early = ref_of(study)
    (later,) = enrol(study, 1, at=NOW)
    for number, ref in enumerate((early, later)):
        row = make_sitting(study, ref, again="yes")
        actions.submit(row, by=RESPONDENT, at=NOW)
        consent = RecontactConsent.objects.get(ref=ref)
        assert consent.until == studies.promised(study)[number].recontact_until


def test_an_interviewer_can_say_the_day_of_whom_they_call(
    client: Client, data: Path
) -> None:
    country, part = country_without_holiday(timezone.localdate())
    study = make_open_study(
        shift_days=SHIFT, windows=ALWAYS, country=country, subdivision=part
    )
    sign_in(client, Role.INTERVIEWER)
    said = "What shows who they are is destroyed by"
    assert said not in press(client, "next")
    press(client, "give_back")
    extend(study, data / "controller")
    assert f"{said} {days_of(study, 0)}" in press(client, "next")
