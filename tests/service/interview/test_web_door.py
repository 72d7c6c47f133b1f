"""The web door without a browser: states, codes, steps, leaving.

Proves SAF-20 (leaving ends the visit), SAF-22, SAF-23 (one session cookie), SAF-24 (one
address, no-store, neutral title), SAF-25, SAF-34 (help on every page),
PRV 51 (a letter's code alone shows no earlier answer).
"""

from __future__ import annotations

import datetime as dt
import os
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from harken.method.contact import Disposition
from harken.method.interview import Status
from harken.method.study import State
from harken.method.terms import RESPONDENT, CaseRef
from harken.method.vault import make_code
from harken.service.contact import queries as contact
from harken.service.interview import actions, models, queries
from harken.service.interview.queries import Door
from harken.service.interview.words import FOLDER, spoken, words
from harken.service.pages.forgery import SECRET
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from tests.make.contact import first_case, make_invitation, ref_of
from tests.make.interview import ANSWERS
from tests.make.sitting import NOW, make_open_study
from tests.make.visit import held_by

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

SHIFT = (timezone.localdate() - NOW.date()).days


@pytest.fixture
def study() -> Study:
    return make_open_study(shift_days=SHIFT)


def post(client: Client, do: str, **fields: object) -> HttpResponse:
    return client.post("/start", {"do": do, **fields})  # type: ignore[return-value]


def shown(client: Client) -> str:
    answer = client.get("/start")
    assert answer.status_code == 200
    return answer.content.decode()


def heading_of(page: str) -> str:
    found = re.search(r"<h1[^>]*>(?:<label[^>]*>)?([^<]*)", page)
    assert found
    return found[1].strip()


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def begin(client: Client) -> str:
    assert post(client, "how", how="open").status_code == 302
    return shown(client)


def answer_until(client: Client, place: str, **answers: object) -> str:
    page = shown(client)
    for question, given in ANSWERS.items():
        if heading_of(page) == "Before you go on":
            post(client, "understood")
            page = shown(client)
        if question == place:
            return page
        sent = answers.get(question, list(given))
        fields = {"question": question, "version": version_of(page), "value": sent}
        post(client, "answer", **fields)
        page = shown(client)
    return page


def test_without_a_study_the_page_says_so(client: Client) -> None:
    assert "There is no survey here" in shown(client)
    assert client.get("/help").status_code == 200
    assert client.get("/privacy").status_code == 200


@pytest.mark.parametrize(
    ("day", "door"),
    [
        (dt.date(2026, 2, 1), Door.NOT_YET),
        (dt.date(2026, 2, 2), Door.WEB),
        (dt.date(2026, 4, 12), Door.WEB),
        (dt.date(2026, 4, 13), Door.LETTER),
        (dt.date(2026, 4, 30), Door.LETTER),
        (dt.date(2026, 5, 1), Door.CLOSED),
    ],
)
def test_the_first_page_follows_the_calendar(day: dt.date, door: Door) -> None:
    study = make_open_study()
    folder = queries.folder(study)
    assert queries.door(study, folder, today=day) is door


def test_a_closed_study_takes_nobody(client: Client, study: Study) -> None:
    Study.objects.update(state=State.CLOSED, closed_at=timezone.now())
    assert "The survey has closed" in shown(client)
    post(client, "how", how="open")
    assert not models.Interview.objects.exists()


def test_every_page_forbids_storing_and_has_a_neutral_title(
    client: Client, study: Study
) -> None:
    for path in ("start", "help", "privacy", "message", "by-phone", "safety"):
        answer = client.get(f"/{path}")
        assert "no-store" in answer["Cache-Control"]
        page = answer.content.decode()
        title = re.search(r"<title>([^<]*)</title>", page)
        assert title
        assert title[1] == "Public Services Review"
        assert 'href="/help"' in page
        assert 'href="/exit"' in page


def test_the_whole_journey_has_one_address_and_ends_with_a_receipt(
    client: Client, study: Study
) -> None:
    code = make_invitation(study)
    assert post(client, "code", code=code)["Location"] == "/start"
    page = answer_until(client, "end")
    assert heading_of(page) == "You have reached the end"
    assert set(client.cookies) == {"visit"}
    post(client, "send")
    page = shown(client)
    assert heading_of(page) == "Thank you"
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert contact.standing(ref_of(study)) is Disposition.COMPLETE
    post(client, "send")
    assert shown(client) == page or heading_of(shown(client)) == "Thank you"


def test_the_session_holds_no_answer(client: Client, study: Study) -> None:
    begin(client)
    answer_until(client, "month")
    held = held_by(client)
    assert "phone" not in str(held)
    assert set(held) <= {
        "interview",
        "mark",
        "_seen",
        "since",
        "page",
        "minute",
        "idle",
        "checking",
        "told",
        SECRET,
    }


def test_every_bad_code_gets_the_same_answer(client: Client, study: Study) -> None:
    used = make_invitation(study)
    post(client, "code", code=used)
    answer_until(client, "end")
    post(client, "send")
    said = set()
    for code in (used, make_code(os.urandom)):
        client.cookies.clear()
        answer = post(client, "code", code=code)
        assert answer.status_code == 422
        found = re.search(r'<a href="#value">([^<]*)', answer.content.decode())
        assert found
        said.add(found[1])
    assert len(said) == 1
    answer = post(client, "code", code="4HQ7")
    assert b"12 letters and figures" in answer.content


def test_a_mistake_is_shown_with_what_was_typed(client: Client, study: Study) -> None:
    begin(client)
    page = answer_until(client, "days")
    answer = post(
        client, "answer", question="days", version=version_of(page), value="lots"
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="lots"' in text
    assert "<title>Error: " in text
    assert 'aria-describedby="value-how value-error"' in text


def test_an_old_page_comes_back_with_what_was_typed(
    client: Client, study: Study
) -> None:
    begin(client)
    page = answer_until(client, "days")
    old = version_of(page)
    post(client, "answer", question="days", version=old, value="4")
    answer = post(client, "answer", question="days", version=old, value="5")
    assert answer.status_code == 422
    assert b"This page was already answered" in answer.content
    assert b'value="5"' in answer.content
    same = post(client, "answer", question="days", version=old, value="4")
    assert same.status_code == 302


def test_a_step_by_script_is_told_the_next_address(
    client: Client, study: Study
) -> None:
    answer = client.post(
        "/start", {"do": "how", "how": "open"}, headers={"X-Step": "1"}
    )
    assert answer.status_code == 204
    assert answer["X-Next"] == "/start"


def without_marks(page: bytes) -> str:
    """A page without what differs from one look at it to the next."""
    return re.sub(
        r'name="(csrfmiddlewaretoken|since)" value="[^"]*"', "", page.decode()
    )


def test_a_step_by_script_is_given_the_page_that_stands_there_at_once(
    client: Client, study: Study
) -> None:
    begin(client)
    seen = []
    for do, fields in (
        ("answer", {"question": "agree", "value": "yes"}),
        ("answer", {"question": "reported", "value": "yes"}),
        ("understood", {}),
        ("back", {}),
        ("skip", {"question": "reported"}),
    ):
        page = shown(client)
        version = version_of(page) if "version" in page else ""
        answer = client.post(
            "/start",
            {"do": do, "version": version, "since": "1", **fields},
            headers={"X-Step": "1"},
        )
        assert answer.status_code == 200
        assert "X-Next" not in answer
        assert 'name="since" value="1"' not in answer.content.decode()
        assert without_marks(answer.content) == without_marks(
            client.get("/start").content
        )
        seen.append(heading_of(answer.content.decode()))
    reported = "Did you report what happened?"
    assert seen[:2] == [reported, "Before you go on"]
    assert seen[2].startswith("The next questions are about reporting.")
    assert seen[3:] == [reported, "You are nearly there."]


def test_a_step_by_script_to_an_ended_interview_shows_no_question(
    client: Client, study: Study
) -> None:
    begin(client)
    models.Interview.objects.all().delete()
    sent = {"do": "answer", "question": "agree", "value": "yes", "version": "0"}
    answer = client.post("/start", sent, headers={"X-Step": "1"})
    assert answer.status_code == 204
    assert heading_of(shown(client)) == "Welcome"


@pytest.mark.parametrize("method", ["get", "post"])
def test_leaving_ends_the_visit_and_discards(
    client: Client, study: Study, method: str
) -> None:
    begin(client)
    answer_until(client, "days")
    answer = getattr(client, method)("/exit")
    assert answer["Location"] == "/weather"
    assert "cookies" in answer["Clear-Site-Data"]
    assert not models.Interview.objects.exists()
    assert heading_of(shown(client)) == "Welcome"


def test_the_harmless_page_brings_no_visit_back_that_ends_in_the_same_moment(
    client: Client, study: Study
) -> None:
    begin(client)
    actions.end_visits(models.Interview.objects.get())
    answer = client.get("/weather")
    assert answer.status_code == 200
    assert not answer.cookies


def test_leaving_after_sending_keeps_what_was_sent(
    client: Client, study: Study
) -> None:
    begin(client)
    answer_until(client, "end")
    post(client, "send")
    client.get("/exit")
    assert models.Interview.objects.get().status == Status.SUBMITTED


def test_a_letter_s_code_alone_never_shows_earlier_answers(
    client: Client, study: Study
) -> None:
    code = make_invitation(study)
    post(client, "code", code=code)
    answer_until(client, "days")
    client.cookies.clear()
    post(client, "code", code=code)
    post(client, "understood")
    page = shown(client)
    assert "After how many days" in page
    assert 'value="back"' not in page
    post(client, "back")
    assert "After how many days" in shown(client)
    row = models.Interview.objects.get()
    assert queries.sitting(row).interview.answers["how"] == ("phone", "web")


def test_a_no_to_taking_part_keeps_nothing_and_ends_contact(
    client: Client, study: Study
) -> None:
    post(client, "code", code=make_invitation(study))
    page = shown(client)
    post(client, "answer", question="agree", version=version_of(page), value="no")
    assert heading_of(shown(client)) == "You chose not to take part"
    post(client, "reconsider")
    page = shown(client)
    assert heading_of(page) == "Do you agree to take part?"
    post(client, "answer", question="agree", version=version_of(page), value="no")
    post(client, "decline")
    assert heading_of(shown(client)) == "You have stopped the survey"
    assert not models.Interview.objects.exists()
    assert contact.standing(ref_of(study)) is Disposition.REFUSAL


def test_stopping_and_keeping_counts_what_was_said(
    client: Client, study: Study
) -> None:
    post(client, "code", code=make_invitation(study))
    answer_until(client, "days")
    post(client, "stop_page")
    assert heading_of(shown(client)) == "Do you want to stop?"
    assert post(client, "stop").status_code == 422
    post(client, "stop", stop="keep", no_contact="yes")
    page = shown(client)
    assert "will not contact you again" in page
    assert page.count("press 55") == 1
    assert models.Interview.objects.get().status == Status.STOPPED


def test_a_person_with_a_letter_can_say_no_to_all_contact(
    client: Client, study: Study
) -> None:
    answer = post(client, "no_contact", code=make_invitation(study))
    assert b"We will not contact you again" in answer.content
    assert contact.standing(ref_of(study)) is Disposition.REFUSAL


def test_answers_can_be_looked_at_and_changed_but_no_sensitive_one(
    client: Client, study: Study
) -> None:
    begin(client)
    answer_until(client, "end")
    post(client, "check")
    page = shown(client)
    assert heading_of(page) == "Your answers"
    assert "Did you report" in page
    assert "After how many days" not in page
    assert "They were kind" not in page
    post(client, "change", question="days")
    assert heading_of(shown(client)) == "You have reached the end"
    post(client, "change", question="reported")
    page = shown(client)
    assert heading_of(page) == "Did you report what happened?"
    post(client, "answer", question="reported", version=version_of(page), value="no")
    assert heading_of(shown(client)) == "Your answers"


def test_the_language_is_switched_at_the_same_place(
    client: Client, study: Study
) -> None:
    begin(client)
    answer_until(client, "reported")
    post(client, "language", language="pl")
    page = shown(client)
    assert '<html lang="pl"' in page
    assert heading_of(page) == "Czy zgłoszono to, co się stało?"
    post(client, "language", language="xx")
    assert '<html lang="pl"' in shown(client)


def test_a_withdrawn_person_finds_a_closed_door(client: Client, study: Study) -> None:
    post(client, "code", code=make_invitation(study))
    answer_until(client, "days")
    vault.withdraw(
        study, CaseRef(first_case(study).ref), by=RESPONDENT, at=timezone.now()
    )
    assert "no longer open" in shown(client)


@pytest.mark.parametrize(
    "do", ["answer", "skip", "back", "check", "change", "send", "stop", "save", "x", ""]
)
def test_a_step_without_an_interview_leads_to_the_first_page(
    client: Client, study: Study, do: str
) -> None:
    post(client, do)
    assert heading_of(shown(client)) == "Welcome"


@pytest.mark.parametrize("version", ["", "x", "999999999999999999999", "-1"])
def test_a_forged_version_changes_nothing(
    client: Client, study: Study, version: str
) -> None:
    begin(client)
    answer_until(client, "reported")
    post(client, "answer", question="reported", version=version, value="yes")
    row = models.Interview.objects.get()
    assert "reported" not in queries.sitting(row).interview.answers


def test_every_language_has_every_word() -> None:
    assert {file.stem for file in FOLDER.glob("*.yaml")} == set(spoken())
    english = words("en")  # type: ignore[arg-type]
    for language in spoken():
        assert words(language).keys() == english.keys()
