"""What a page gives away, and how a visit ends: without a browser.

Proves SAF-05 and PRV 47 (0 words of a list on every page before the code is in), SAF-16
(a letter's opt-out while letters are about), SAF-21 (a page on leaving before the first
sensitive part), SAF-22, SAF-24, SAF-34, DP-05 (the notice of the person's arm, by version).
"""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from harken.method.contact import Disposition
from harken.method.study import State
from harken.method.terms import Language, Mode
from harken.service.contact import queries as contact
from harken.service.interview import models, queries
from harken.service.interview.queries import Door
from harken.service.interview.words import FOLDER, direction, spoken, words
from harken.service.pages import sessions
from harken.service.study.models import Study
from tests.make.contact import make_invitation, ref_of
from tests.make.sitting import make_open_study
from tests.make.telling import TELLING, told_in
from tests.service.interview.test_web_door import (
    SHIFT,
    answer_until,
    begin,
    heading_of,
    post,
    shown,
    version_of,
)

DEMO = Path(__file__).resolve().parents[3] / "studies/victims-review"
pytestmark = pytest.mark.django_db(databases=["default", "answers"])


@pytest.fixture
def study() -> Study:
    return make_open_study(shift_days=SHIFT)


def test_the_list_of_telling_words_is_long_enough() -> None:
    assert len(set(TELLING)) >= 60


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("page", ["", "code", "return", "refuse"])
def test_no_page_before_the_code_says_what_it_is_about(
    client: Client, study: Study, page: str, language: str
) -> None:
    post(client, "language", language=language)
    if page:
        post(client, "how", how=page)
    answer = client.get("/start")
    text = answer.content.decode() + str(dict(answer.headers))
    assert told_in(text) == []
    wrong = post(client, "code", code="2222-2222-2222")
    assert told_in(wrong.content.decode() + str(dict(wrong.headers))) == []


@pytest.mark.parametrize("state", [State.CLOSED, State.OPEN])
@pytest.mark.parametrize("days", [0, -60, 30, 60])
def test_no_state_of_the_door_says_what_it_is_about(
    client: Client, state: State, days: int
) -> None:
    make_open_study(shift_days=SHIFT + days)
    Study.objects.update(state=state)
    assert told_in(shown(client)) == []


def test_what_every_page_loads_says_nothing_either() -> None:
    for name in ("pages/favicon.svg", "pages/theme.css", "interview/journey.js"):
        path = finders.find(name)
        assert isinstance(path, str)
        with open(path, encoding="utf-8") as file:
            assert told_in(file.read()) == []


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_the_first_page_in_easy_words_is_as_harmless(language: str) -> None:
    easy = (DEMO / f"messages/easy-start.{language}.md").read_text(encoding="utf-8")
    # The last part says where help is, as the help page does.
    assert told_in(easy.partition("## [help]")[0]) == []
    assert "جرم" not in easy


@pytest.mark.parametrize("days", [0, -25])
def test_a_letter_s_holder_can_refuse_while_letters_are_about(
    client: Client, days: int
) -> None:
    study = make_open_study(shift_days=SHIFT)
    code = make_invitation(study)
    post(client, "how", how="refuse")
    assert heading_of(shown(client)) == "No more contact"
    assert post(client, "no_contact", code="4HQ7").status_code == 422
    post(client, "no_contact", code=code)
    assert contact.standing(ref_of(study)) is Disposition.REFUSAL


def test_before_the_survey_opens_a_letter_can_be_refused(client: Client) -> None:
    make_open_study(shift_days=SHIFT + 40)
    page = shown(client)
    assert heading_of(page) == "The survey is not open yet"
    assert 'name="how" value="refuse"' in page
    assert 'type="radio"' not in page, "one way is a button, not a choice"
    post(client, "how", how="refuse")
    assert heading_of(shown(client)) == "No more contact"


def test_a_study_by_telephone_only_says_so() -> None:
    study = make_open_study()
    folder = queries.folder(study)
    charter = replace(folder.charter, modes=(Mode.TELEPHONE,))
    folder = replace(folder, charter=charter)
    day = dt.date(2026, 3, 3)
    assert queries.door(study, folder, today=day) is Door.TELEPHONE


def test_the_way_out_is_explained_once_before_the_first_sensitive_part(
    client: Client, study: Study
) -> None:
    begin(client)
    for question, value in (("agree", "yes"), ("reported", "yes")):
        version = version_of(shown(client))
        post(client, "answer", question=question, version=version, value=value)
    page = shown(client)
    assert heading_of(page) == "Before you go on"
    assert "are deleted" in page
    assert 'href="/safety"' in page
    post(client, "understood")
    assert "about reporting" in heading_of(shown(client))
    post(client, "back")
    version = version_of(shown(client))
    post(client, "answer", question="reported", version=version, value="yes")
    assert "about reporting" in heading_of(shown(client))


def test_stopping_is_offered_on_every_page_of_an_interview(
    client: Client, study: Study
) -> None:
    begin(client)
    for path in ("start", "help", "privacy", "safety", "message", "by-phone", "easy"):
        page = client.get(f"/{path}").content.decode()
        assert 'value="stop_page"' in page, path
        assert 'data-app-idle="' in page, path
        assert 'href="/help"' in page, path


def test_a_page_left_open_deletes_what_nobody_could_come_back_to(
    client: Client, study: Study
) -> None:
    begin(client)
    assert "are then deleted" in shown(client)
    post(client, "idle")
    page = shown(client)
    assert heading_of(page) == "This page was closed"
    assert "Nothing of what was done here is kept" in page
    assert not models.Interview.objects.exists()


def test_a_page_left_open_keeps_what_a_letter_leads_back_to(
    client: Client, study: Study
) -> None:
    code = make_invitation(study)
    post(client, "code", code=code)
    answer_until(client, "days")
    assert "Your answers so far are kept" in shown(client)
    post(client, "idle")
    assert "is kept" in shown(client)
    post(client, "front")
    assert heading_of(shown(client)) == "Welcome"
    post(client, "code", code=code)
    post(client, "understood")
    assert "After how many days" in shown(client)


def test_the_house_s_own_clock_ends_a_page_left_open_as_gently(
    client: Client, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes = queries.folder(study).charter.safety.idle_minutes
    later = time.time() + 60 * minutes
    begin(client)
    monkeypatch.setattr(sessions.time, "time", lambda: later + 1)
    assert "Do you agree" in shown(client)
    monkeypatch.setattr(sessions.time, "time", lambda: later + 60 * minutes + 62)
    sent = {"question": "agree", "version": "0", "value": "yes"}
    assert post(client, "answer", **sent).status_code == 302
    assert heading_of(shown(client)) == "This page was closed"
    assert not models.Interview.objects.exists()
    post(client, "front")
    assert heading_of(shown(client)) == "Welcome"


def test_the_page_s_own_end_comes_in_time(
    client: Client, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes = queries.folder(study).charter.safety.idle_minutes
    begin(client)
    later = time.time() + 60 * minutes + 2
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    post(client, "idle")
    assert heading_of(shown(client)) == "This page was closed"
    assert not models.Interview.objects.exists()


def test_looking_at_help_does_not_bring_a_visit_back_that_is_over(
    client: Client, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = make_invitation(study)
    post(client, "code", code=code)
    later = time.time() + 2 * 60 * queries.folder(study).charter.safety.idle_minutes
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    assert 'value="stop_page"' not in client.get("/help").content.decode()
    assert heading_of(shown(client)) == "This page was closed"
    assert models.Interview.objects.count() == 1


def test_a_page_left_open_after_the_end_loses_nothing(
    client: Client, study: Study
) -> None:
    begin(client)
    answer_until(client, "end")
    post(client, "send")
    post(client, "idle")
    assert models.Interview.objects.count() == 1
    post(client, "idle")
    assert heading_of(shown(client)) == "Welcome"


def test_the_notice_is_that_of_the_person_s_arm(client: Client, study: Study) -> None:
    page = client.get("/privacy").content.decode()
    assert 'href="/privacy-open"' in page
    assert "Notice version 1, fingerprint" in page
    begin(client)
    page = client.get("/privacy").content.decode()
    assert "About privacy-notice-open" in page
    assert 'href="/privacy-open"' not in page


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (40, "has not opened yet"),
        (0, "The survey is open"),
        (-50, "The open survey has closed"),
        (-90, "The survey has closed"),
    ],
)
def test_the_page_on_who_asks_says_how_the_study_stands(
    client: Client, days: int, words: str
) -> None:
    make_open_study(shift_days=SHIFT + days)
    page = client.get("/message").content.decode()
    assert words in page
    assert "The Company destroys whatever shows who you are" in page


def test_easy_read_shows_its_parts_and_marks_what_is_not_translated(
    client: Client,
) -> None:
    study = make_open_study(shift_days=SHIFT)
    assert "There is no easy-read text" in client.get("/easy").content.decode()
    easy = (
        "# Easy\n\n## [talk] What it is\n\nA survey.\n\n## [clock] How long\n\nShort.\n"
    )
    study.files = {**study.files, "messages/easy-start.en.md": easy}
    study.digest = "0" * 64
    study.save()
    page = client.get("/easy").content.decode()
    assert "pictures.svg#talk" in page
    assert page.count("app-easy__part") == 2
    post(client, "language", language="pl")
    assert 'lang="en" dir="ltr"' in client.get("/easy").content.decode()


def test_the_help_list_marks_what_is_not_translated(
    client: Client, study: Study
) -> None:
    post(client, "language", language="pl")
    page = client.get("/help").content.decode()
    assert '<dd class="govuk-summary-list__value" lang="en">Day and night</dd>' in page
    assert ">Grozi Ci niebezpieczeństwo</h3>" in page


def test_directions_of_writing() -> None:
    assert [direction(tag) for tag in ("en", "ur", "ar-eg", "pl")] == [
        "ltr",
        "rtl",
        "rtl",
        "ltr",
    ]


def test_every_word_is_used_and_takes_the_same_blanks_in_each_language() -> None:
    english = words(Language("en"))
    room = FOLDER.parent
    # Later rooms have pages below /start/ as well.
    files = [*room.parent.rglob("*.html"), *room.glob("*.py")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    unused = [
        key
        for key in english
        if not re.search(rf"\b{re.escape(key)}\b", text)
        and not key.startswith(("error_", "state_", "how_", "box_", "ask_kind_"))
    ]
    assert unused == []
    for language in spoken():
        for key, value in words(language).items():
            blanks = set(re.findall(r"{\w+}", value))
            assert blanks == set(re.findall(r"{\w+}", english[key])), (language, key)
