"""Passwords: which are refused, how one is changed, what the door tells: PRV 60 in part."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from harken.method.terms import Role
from harken.service.accounts import passwords, queries
from harken.service.accounts.models import User
from harken.service.ledger.models import Entry
from tests.make.accounts import PASSWORD, make_staff, sign_in
from tests.service.accounts.test_proofs import stale

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize(
    "known",
    [
        "passwordpassword",
        "abcabcabcabcabcabc",
        "letmeinletmeinletmein",
        "harken-harken-1234567",
        "111111111111111111",
    ],
)
def test_known_passwords_are_refused(known: str) -> None:
    with pytest.raises(ValidationError):
        passwords.KnownPasswords().validate(known, User(username="helpdesk-1"))


def test_good_passwords_of_any_length_pass() -> None:
    check = passwords.KnownPasswords()
    check.validate(PASSWORD, User(username="helpdesk-1"))
    check.validate("ein langes Lied über 7 Fahrräder " * 3 + "und ein Schluss")
    assert "stolen" in check.get_help_text()


def test_a_breached_password_is_found_in_a_list_of_any_size_without_reading_it_all(
    settings: LazySettings, tmp_path: Path
) -> None:
    words = [f"a stolen sentence number {n}" for n in range(5000)]
    hashes = sorted(
        hashlib.sha1(w.encode(), usedforsecurity=False).hexdigest().upper()
        for w in words
    )
    path = tmp_path / "breached.txt"
    path.write_text("".join(f"{h}:{n}\r\n" for n, h in enumerate(hashes)))
    settings.BREACHED = path
    assert all(passwords.breached(word) for word in words[::50])
    for number in (0, 1, 2499, 4998, 4999):
        path.write_text("".join(f"{h}:9\n" for h in hashes if h != hashes[number]))
        gone = {
            hashlib.sha1(w.encode(), usedforsecurity=False).hexdigest().upper(): w
            for w in words
        }[hashes[number]]
        assert not passwords.breached(gone)
    assert not passwords.breached(PASSWORD)
    path.write_text("")
    assert not passwords.breached(words[0])


def test_a_person_changes_their_password_with_the_one_before(client: Client) -> None:
    actor = sign_in(client, Role.INTERVIEWER)
    address = "/staff/proofs/password/"
    new = "eight calm rivers turn"
    assert client.get(address).status_code == 200
    for form, said in (
        ({"old": "not it", "password": new, "repeated": new}, "not your password"),
        ({"old": PASSWORD, "password": new, "repeated": "x"}, "not the same"),
        ({"old": PASSWORD, "password": "short", "repeated": "short"}, "too short"),
    ):
        answer = client.post(address, form)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    thief = Client()
    thief.cookies = client.cookies.copy()
    form = {"old": PASSWORD, "password": new, "repeated": new}
    assert client.post(address, form)["Location"] == "/staff/proofs/"
    assert client.get("/staff/").status_code == 200
    assert thief.get("/staff/").status_code == 302
    user = queries.account(actor.label)
    assert user.check_password(new)
    entry = Entry.objects.filter(event="staff_changed").latest("position")
    assert "password changed" in entry.body
    assert "change your password" in client.get("/staff/").content.decode()


def test_an_open_screen_is_not_enough_to_guess_the_password_before(
    client: Client,
) -> None:
    sign_in(client, Role.INTERVIEWER)
    address = "/staff/proofs/password/"
    form = {"old": "wrong", "password": "x" * 20, "repeated": "x" * 20}
    for _ in range(5):
        client.post(address, form)
    right = {"old": PASSWORD, "password": "eight calm rivers turn"}
    right["repeated"] = right["password"]
    assert client.post(address, right).status_code != 302
    stale(client)
    assert client.get(address)["Location"].startswith("/staff/again/")


def test_nobody_learns_at_the_door_whether_an_account_exists(client: Client) -> None:
    user = make_staff(Role.MANAGER)
    said = []
    for name in (user.username, "nobody-9"):
        answer = client.post("/staff/login/", {"login": name, "password": "not it"})
        said.append((answer.status_code, answer.content.decode().replace(name, "")))
    assert re.sub(r'value="[^"]+"', "", said[0][1]) == re.sub(
        r'value="[^"]+"', "", said[1][1]
    )
    assert said[0][0] == said[1][0]
