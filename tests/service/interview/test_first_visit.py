"""The first look at the start page: from memory, without a cookie, never out of date.

Proves SAF-24 (one answer for everybody), SAF-23 (no cookie before it is needed), PRV 64
(every header on the remembered answer too) and the bar of 1,500 start pages a second.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from harken.method.study import State
from harken.service.study.models import Study
from tests.make.sitting import NOW, make_open_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

TOKEN = r'name="csrfmiddlewaretoken" value="(\w+)"'
SHIFT = (timezone.localdate() - NOW.date()).days


@pytest.fixture
def study() -> Study:
    return make_open_study(shift_days=SHIFT)


def first_look(**headers: str) -> tuple[str, dict[str, str], Client]:
    client = Client(headers=headers)
    answer = client.get("/start")
    assert answer.status_code == 200
    return answer.content.decode(), dict(answer.items()), client


def test_the_first_look_is_the_same_page_with_the_same_headers(study: Study) -> None:
    made, headers, _ = first_look()
    kept, again, client = first_look()
    assert kept == made
    assert again == headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert not client.cookies


def test_a_study_that_closes_closes_the_page_at_once(study: Study) -> None:
    opened, _, _ = first_look()
    study.state = State.CLOSED.value
    study.closed_at = timezone.now()
    study.save()
    closed, _, _ = first_look()
    assert 'name="how"' in opened
    assert 'name="how"' not in closed


def test_each_language_has_its_own_first_look(study: Study) -> None:
    english, _, _ = first_look(accept_language="en")
    polish, _, _ = first_look(accept_language="pl")
    assert 'lang="en"' in english
    assert 'lang="pl"' in polish


def test_a_first_form_needs_no_token_and_the_next_one_does(study: Study) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/start")
    assert client.post("/start", {"do": "how", "how": "open"}).status_code == 302
    page = client.get("/start").content.decode()
    assert 'name="question" value="agree"' in page
    sent = {"do": "answer", "question": "agree", "version": "0", "value": "yes"}
    assert client.post("/start", sent).status_code == 403
    token = re.search(TOKEN, page)
    assert token
    sent["csrfmiddlewaretoken"] = token[1]
    assert client.post("/start", sent).status_code == 302


def test_the_secret_of_the_forms_rides_in_the_cookie_of_the_visit(study: Study) -> None:
    client = Client(enforce_csrf_checks=True)
    client.post("/start", {"do": "how", "how": "open"})

    def press(button: str) -> int:
        token = re.search(TOKEN, client.get("/start").content.decode())
        assert token
        sent = {"do": button, "csrfmiddlewaretoken": token[1]}
        return client.post("/start", sent).status_code

    assert press("idle") == 302
    assert "This page was closed" in client.get("/start").content.decode()
    assert press("front") == 302
    assert set(client.cookies) == {"visit"}
    other = Client(enforce_csrf_checks=True)
    other.post("/start", {"do": "how", "how": "open"})
    theirs = re.search(TOKEN, other.get("/start").content.decode())
    client.get("/start")
    assert theirs
    sent = {"do": "front", "csrfmiddlewaretoken": theirs[1]}
    assert client.post("/start", sent).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "null"},
        {"origin": "https://elsewhere.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_first_form_from_elsewhere_is_refused(
    study: Study, headers: dict[str, str]
) -> None:
    client = Client(enforce_csrf_checks=True, headers=headers)
    assert client.post("/start", {"do": "how", "how": "open"}).status_code == 403
    assert not client.cookies
