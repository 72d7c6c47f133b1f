"""While the database or its disk is away a person sees a calm page, and goes on from it.

Proves the issue's *full disk* and *database away*: nothing acknowledged is lost, what was
sent is kept on the page, and neither a code nor a PIN is ever written into one.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from harken.method.errors import AwayError, HarkenError, refuse
from harken.service.interview import faults, models
from harken.service.interview.calm import is_away
from harken.service.study.models import Study
from harken.service.vault.faults import GONE
from tests.make.sitting import NOW, make_open_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

SHIFT = (timezone.localdate() - NOW.date()).days
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>')


@pytest.fixture
def study() -> Study:
    return make_open_study(shift_days=SHIFT)


@pytest.fixture
def begun(client: Client, study: Study) -> Client:
    """A client in an interview, at the first question, that shows errors as pages."""
    client.raise_request_exception = False
    client.post("/start", {"do": "how", "how": "open"})
    return client


@contextmanager
def away(what: str = "") -> Iterator[None]:
    """No statement reaches the database, or none of one kind."""

    def refuse_all(execute: object, sql: str, *rest: object) -> object:
        if sql.startswith(what):
            raise OperationalError("could not connect")
        return execute(sql, *rest)  # type: ignore[operator] # Django's own callable

    with connection.execute_wrapper(refuse_all):
        yield


@contextmanager
def full_disk() -> Iterator[None]:
    """SQLite's own limit stands for the disk's: it refuses with the same error.

    PostgreSQL has no such limit; there every insert is refused.
    """
    if connection.vendor != "sqlite":
        with away("INSERT"):
            yield
        return
    with connection.cursor() as cursor:
        # What tests before this one left free is room on the disk too.
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count={pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=1073741823")


ANSWER = {"do": "answer", "question": "agree", "version": "0", "value": "yes"}


def hidden_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_an_answer_sent_while_the_database_is_away_goes_through_afterwards(
    begun: Client,
) -> None:
    with away():
        answer = begun.post("/start", ANSWER)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "Please wait a moment" in page
    assert hidden_in(page) == ANSWER
    assert begun.post("/start", hidden_in(page)).status_code == 302
    assert models.Interview.objects.get().version == 1


def test_a_page_looked_at_while_the_database_is_away_is_calm_too(begun: Client) -> None:
    with away():
        answer = begun.get("/start", headers={"accept-language": "pl"})
    assert answer.status_code == 503
    assert "Proszę chwilę poczekać" in answer.content.decode()
    assert 'method="get"' in answer.content.decode()
    assert begun.get("/start").status_code == 200


@pytest.mark.django_db(transaction=True, databases=["default", "answers"])
def test_an_answer_sent_to_a_full_disk_is_kept_on_the_page(begun: Client) -> None:
    with full_disk():
        for number in range(200):
            tongue = ("pl", "en")[number % 2]
            answer = begun.post("/start", {"do": "language", "language": tongue})
            if answer.status_code != 302:
                break
    assert answer.status_code == 503
    assert hidden_in(answer.content.decode())["do"] == "language"
    row = models.Interview.objects.get()
    assert row.versions.count() == row.version
    assert begun.post("/start", hidden_in(answer.content.decode())).status_code == 302
    assert models.Interview.objects.get().version == row.version + 1


def test_a_code_is_never_written_into_the_page(client: Client, study: Study) -> None:
    client.raise_request_exception = False
    with away():
        answer = client.post("/start", {"do": "code", "code": "2222-3333-4444"})
    assert answer.status_code == 503
    assert "2222" not in answer.content.decode()


def test_another_fault_keeps_the_plain_page(begun: Client) -> None:
    with connection.execute_wrapper(lambda *given: 1 / 0):
        answer = begun.post("/start", ANSWER)
    assert answer.status_code == 500


def test_what_counts_as_away() -> None:
    assert is_away(OSError(errno.ENOSPC, "full"))
    assert not is_away(OSError(errno.ENOENT, "missing"))
    assert is_away(AwayError(refuse(GONE)))
    assert not is_away(refuse(GONE))
    assert not is_away(refuse(faults.ENDED))
    assert isinstance(refuse(GONE), HarkenError)
