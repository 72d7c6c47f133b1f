"""A web process ends once it has opened somebody's identity: PRV 6."""

from __future__ import annotations

import os
import signal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from gunicorn.config import Config

from harken.method.terms import Role
from harken.service import retire, serve
from tests.make.accounts import sign_in
from tests.make.contact import make_invitation
from tests.make.sampling import make_csv, make_sampled_study, make_values
from tests.make.sitting import NOW, make_open_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


class Process:
    """A process of gunicorn, as far as it matters here."""

    def __init__(self) -> None:
        self.age = 1
        self.alive = True
        self.ppid = os.getppid()
        self.cfg = Config()
        retire.pre_fork(None, self)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The signals by which processes ask for another; no process is really there."""
    got: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _process, number: got.append(number))
    return got


def lives(environ: dict[str, object]) -> bool:
    """Whether the process goes on after this answer, by the server's own configuration."""
    command = serve.server("127.0.0.1:0")
    assert f"python:{retire.__name__}" in command
    config = Config()
    config.set("post_request", retire.post_request)
    worker = Process()
    config.post_request(worker, None, environ, None)
    return worker.alive


def test_after_a_page_that_opened_somebody_the_process_ends_and_after_others_not() -> (
    None
):
    shift = (timezone.now().date() - NOW.date()).days
    study = make_open_study(shift_days=shift)
    client = Client()
    sign_in(client, Role.HELPDESK)
    empty = client.get("/field/desk/")
    assert lives(empty.wsgi_request.META)
    card = client.post("/field/desk/", {"code": make_invitation(study)})
    assert b"Number ends in" in card.content
    assert not lives(card.wsgi_request.META)
    wrong = client.post("/field/desk/", {"code": "4HQ7-W9RX-C2PM"})
    assert lives(wrong.wsgi_request.META)
    assert lives(client.get("/start").wsgi_request.META)


@pytest.mark.parametrize("columns", [list(make_values()), list(make_values())[3:]])
def test_after_a_sample_file_the_process_ends_whether_it_was_taken_or_not(
    columns: list[str],
) -> None:
    study, client = make_sampled_study(), Client()
    sign_in(client, Role.MANAGER)
    data = make_csv([make_values(n) for n in range(3)], columns=columns)
    file = SimpleUploadedFile("people.csv", data, "text/csv")
    sent = client.post(f"/field/samples/{study.slug}/load", {"sample": file})
    taken = len(columns) == len(make_values())
    assert sent.status_code == (302 if taken else 400)
    assert not lives(sent.wsgi_request.META)
    assert lives(client.get(f"/field/samples/{study.slug}/").wsgi_request.META)


def test_an_answer_that_fails_after_the_opening_ends_it_too() -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        retire.opened()
        raise ConnectionError

    request = RequestFactory().get("/field/desk/")
    with pytest.raises(ConnectionError):
        retire.Retire(broken)(request)
    assert not lives(request.META)


def test_a_process_asks_once_for_another_before_it_ends(asked: list[int]) -> None:
    worker = Process()
    for _ in range(3):
        retire.post_request(worker, None, {retire.MARK: "yes"}, None)
    assert asked == [signal.SIGTTIN]


def test_a_process_whose_first_process_is_gone_ends_and_asks_nobody(
    asked: list[int],
) -> None:
    worker = Process()
    worker.ppid = 0
    retire.post_request(worker, None, {retire.MARK: "yes"}, None)
    assert asked == []
    assert not worker.alive
