"""The console without a browser: who may enter, what a call can end with.

Proves SAF-07 in part, SAF-08, SAF-09, SAF-10 in part, SAF-15,
SAF-40, SAF-41 (alerts reach safeguarding), and that the console is shut to every role
but the interviewer's.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from harken.method.contact import Disposition
from harken.method.terms import SYSTEM, CaseRef, Language, Mode, Role, Speaker
from harken.service.contact import queries as contact
from harken.service.contact.models import Attempt, SafeWays
from harken.service.interview import actions, models, queries
from harken.service.response import intake
from harken.service.response import queries as responses
from harken.service.response.models import Response
from harken.service.safeguarding.models import Alert
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.contact import ref_of
from tests.make.journey import country_without_holiday
from tests.make.sitting import NOW, make_open_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

ALWAYS = (
    '{weekday: ["00:00", "23:59"], saturday: ["00:00", "23:59"],'
    ' sunday: ["00:00", "23:59"]}'
)


@pytest.fixture
def study() -> Study:
    today = timezone.localdate()
    country, part = country_without_holiday(today)
    return make_open_study(
        shift_days=(today - NOW.date()).days,
        windows=ALWAYS,
        country=country,
        subdivision=part,
    )


@pytest.fixture
def caller(client: Client, study: Study) -> Client:
    sign_in(client, Role.INTERVIEWER)
    return client


def press(client: Client, do: str, **fields: object) -> str:
    answer = client.post("/call/", {"do": do, **fields}, follow=True)
    return answer.content.decode()


def reach(client: Client, question: str = "agree") -> str:
    press(client, "next")
    press(client, "answered")
    page = press(client, "safe")
    if question == "agree":
        return page
    return say(client, page, "agree", "yes")


def say(client: Client, page: str, question: str, *values: str) -> str:
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    return press(
        client, "answer", question=question, version=version[1], value=list(values)
    )


def ref_of_call(client: Client) -> CaseRef:
    return CaseRef(client.session["call"]["ref"])


@pytest.mark.parametrize(
    "role", [r for r in Role if r not in {Role.RESPONDENT, Role.SYSTEM}]
)
def test_only_interviewers_enter(client: Client, role: Role) -> None:
    sign_in(client, role)
    wanted = 200 if role is Role.INTERVIEWER else 403
    assert client.get("/call/").status_code == wanted


def test_nothing_of_the_topic_or_the_person_stands_at_the_gate(caller: Client) -> None:
    page = press(caller, "next")
    assert "may I speak to Vireo" in page
    assert "Their telephone shows" in page
    assert "0808 157 0100" in page
    page = press(caller, "answered")
    assert "Is it safe to talk?" in page
    assert "Vireo" not in page
    assert "report" not in page
    assert not models.Interview.objects.exists()


def test_a_call_nobody_answered_is_one_attempt(caller: Client) -> None:
    press(caller, "next")
    ref = ref_of_call(caller)
    page = press(caller, "outcome", outcome="rang_out")
    assert "Take the next case" in page
    assert Attempt.objects.get().outcome == "rang_out"
    assert contact.standing(ref) is Disposition.NO_REPLY


def test_a_call_cannot_end_with_an_outcome_that_does_not_fit(caller: Client) -> None:
    reach(caller)
    page = press(caller, "outcome", outcome="rang_out")
    assert "Choose what happened." in page
    assert not Attempt.objects.exists()


def test_a_call_never_reached_the_person_offers_no_interview_outcome(
    caller: Client,
) -> None:
    press(caller, "next")
    assert "partial" not in press(caller, "outcome_page")


def test_an_empty_page_is_a_slip_and_stores_nothing(caller: Client) -> None:
    page = reach(caller, "reported")
    page = say(caller, page, "reported")
    assert "Nothing was chosen" in page
    page = press(caller, "skip", question="reported", version="1")
    assert "You are nearly there" in page


def test_a_stopped_interview_is_counted_or_deleted_as_the_person_says(
    caller: Client,
) -> None:
    for outcome, left, disposition in (
        ("partial", 1, Disposition.PARTIAL),
        ("broken_off", 1, Disposition.BREAK_OFF),
    ):
        reach(caller, "reported")
        ref = ref_of_call(caller)
        page = press(caller, "outcome", outcome=outcome)
        assert "Before you hang up" in page
        assert models.Interview.objects.count() == left
        assert contact.standing(ref) is disposition
        press(caller, "done")


def test_calling_again_keeps_the_answers_and_hides_them(
    caller: Client, study: Study
) -> None:
    reach(caller, "reported")
    ref = ref_of_call(caller)
    press(caller, "outcome", outcome="call_back")
    row = queries.of_case(study, ref)
    assert row is not None
    assert queries.sitting(row).interview.position == "reported"


def test_a_pause_tells_the_supervisor_and_asks_again(caller: Client) -> None:
    reach(caller, "reported")
    page = press(caller, "distress_page")
    assert "There is no hurry" in page
    page = press(caller, "distress", step="continue")
    assert "Is it still all right to talk now" in page
    alert = Alert.objects.get()
    assert (alert.kind, alert.stage, alert.step) == ("distress", "start", "continue")
    assert "Can I ask whether you reported" in press(caller, "safe")


def test_a_disclosure_is_sealed_for_the_safeguarding_lead(caller: Client) -> None:
    reach(caller)
    assert "have to tell one person here" in press(caller, "disclosure_page")
    press(caller, "disclosure", facts="A child is in danger.")
    alert = Alert.objects.get()
    assert alert.kind == "disclosure"
    assert b"child" not in bytes(alert.facts)


def test_someone_listening_sees_harmless_questions(caller: Client) -> None:
    reach(caller, "reported")
    page = press(caller, "listening_page")
    assert "local library" in page
    assert "reported" not in page


def test_an_impossible_appointment_is_refused_on_the_page(caller: Client) -> None:
    reach(caller)
    for fields in ({"day": "", "time": ""}, {"day": "2001-01-01", "time": "12:00"}):
        page = press(caller, "appointment", **fields)
        assert "There is a problem" in page
    assert not Attempt.objects.exists()


def test_a_no_to_taking_part_ends_with_an_outcome(caller: Client) -> None:
    page = reach(caller)
    ref = ref_of_call(caller)
    page = say(caller, page, "agree", "no")
    assert "How did the call end?" in page
    press(caller, "outcome", outcome="refusal")
    assert contact.standing(ref) is Disposition.REFUSAL
    assert not models.Interview.objects.exists()


def test_a_case_is_given_back_without_a_call(caller: Client) -> None:
    press(caller, "next")
    assert "Take the next case" in press(caller, "release")
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("do", ["safe", "answer", "back", "submit", "disclosure", "x"])
def test_a_step_without_a_case_leads_to_the_desk(caller: Client, do: str) -> None:
    assert "Calls" in press(caller, do)


def test_safe_ways_are_kept_shown_before_the_call_and_asked_again(
    caller: Client,
) -> None:
    press(caller, "next")
    ref = ref_of_call(caller)
    press(caller, "answered")
    assert "Safe ways to reach them" in press(caller, "ways_page")
    page = press(caller, "keep_ways", days=["weekday"], call_back="us")
    assert "Write both times" in page
    hours = {"earliest": "23:00", "latest": "01:00", "call_back": "us"}
    page = press(caller, "keep_ways", days=["weekday"], who="my aunt", **hours)
    assert "the hours end before they begin" in page
    assert 'value="23:00"' in page
    assert 'value="my aunt"' in page
    assert 'value="weekday" checked' in page
    assert 'value="sunday" checked' not in page
    days = ["weekday", "saturday", "sunday"]
    fine = {"earliest": "00:01", "latest": "23:58", "call_back": "them"}
    texts = {"who": "my sister Quillanne", "word": "umbrella"}
    page = press(caller, "keep_ways", days=days, phone="yes", **fine, **texts)
    assert "Is it safe to talk?" in page
    assert "Quillanne" not in page
    SafeWays.objects.filter(case__ref=ref).update(expires=timezone.localdate())
    page = press(caller, "safe")
    assert "ask whether it still holds" in page
    assert "Quillanne" in page
    press(caller, "confirm_ways")
    assert "Do you agree to take part?" in press(caller, "safe")


def test_the_card_shows_what_was_said_before_anybody_dials(caller: Client) -> None:
    press(caller, "next")
    press(caller, "answered")
    days = ["weekday", "saturday", "sunday"]
    fine = {"earliest": "00:01", "latest": "23:58", "call_back": "us"}
    press(caller, "keep_ways", days=days, phone="yes", word="umbrella", **fine)
    session = caller.session
    session["call"] = session["call"] | {"stage": "card"}
    session.save()
    page = caller.get("/call/").content.decode()
    assert "umbrella: press F9 when you hear it" in page
    assert "We call on another day" in page


def test_only_whom_the_code_names_may_speak_for_a_person(
    caller: Client, study: Study
) -> None:
    page = press(caller, "next")
    assert "The spokesperson named by somebody disabled" in page
    assert "parent or guardian" not in page  # nobody under 18 is in this study
    page = press(caller, "spoken_for", speaker="spokesperson")
    assert "Is it safe to talk?" in page
    assert "answers for the person" in page
    page = press(caller, "safe")
    page = say(caller, page, "agree", "yes")
    press(caller, "outcome", outcome="partial")
    (row,) = models.Interview.objects.all()
    assert queries.sitting(row).interview.speaker is Speaker.SPOKESPERSON
    # Beside the case it stands nowhere in the open: few have a proxy, so it would join
    # the pseudonymous response to the person.
    for table in (models.Interview, Attempt):
        stored = str(list(table.objects.values()))
        assert not any(one.value in stored for one in Speaker if one != "person")
    intake.collect(study, by=SYSTEM, at=timezone.now())
    assert Response.objects.get().proxy
    assert responses.proxies(study.slug) == 1


def test_once_spoken_for_an_interview_stays_a_proxy_s(study: Study) -> None:
    """A page or two that the person answers later does not undo it."""
    for speaker in (Speaker.PERSON, Speaker.FAMILY, Speaker.PERSON):
        row = actions.begin(
            study,
            ref=ref_of(study),
            mode=Mode.TELEPHONE,
            language=Language("en"),
            speaker=speaker,
            by=SYSTEM,
            at=timezone.now(),
        )
    assert queries.sitting(row).interview.speaker is Speaker.FAMILY


@pytest.mark.parametrize("said", ["nobody", "parent", "person", "husband", ""])
def test_with_anybody_else_the_call_ends_without_the_subject(
    caller: Client, said: str
) -> None:
    press(caller, "next")
    page = press(caller, "spoken_for", speaker=said)
    assert "Take the next case" in page
    assert Attempt.objects.get().outcome == "somebody_else"
    assert not models.Interview.objects.exists()
