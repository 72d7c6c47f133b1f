"""Signing in: ISSUE-2 flow 10; privacy.md 9.2; PRV 60, PRV 61."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal import auth
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from harken.method.terms import Role
from harken.service.accounts import actions, queries, session
from harken.service.accounts.models import User
from harken.service.accounts.permissions import SECOND_FACTOR
from harken.service.ledger.models import Entry
from tests.make.accounts import (
    OPERATOR,
    PASSWORD,
    SECRET,
    make_staff,
    sign_in,
    stop_the_codes,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

ROLES = [role for role in Role if role not in {Role.RESPONDENT, Role.SYSTEM}]


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    stop_the_codes(monkeypatch)
    yield
    cache.clear()


def give_password(client: Client, user: User, password: str = PASSWORD) -> int:
    answer = client.post(
        reverse("account_login"), {"login": user.username, "password": password}
    )
    return answer.status_code


def fresh_code() -> str:
    """The code of the moment at which this test's codes stand still."""
    return code_now(SECRET)


def code_now(secret: str) -> str:
    return queries.totp_code(
        secret, at=dt.datetime.fromtimestamp(auth.time.time(), dt.UTC)
    )


def give_code(client: Client, code: str | None = None) -> int:
    code = code or fresh_code()
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code


@pytest.mark.parametrize("role", ROLES)
def test_password_alone_opens_nothing_for_any_role(client: Client, role: Role) -> None:
    user = make_staff(role)
    assert give_password(client, user) == 302
    assert SECOND_FACTOR not in client.session
    answer = client.get("/staff/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/staff/login/")


@pytest.mark.parametrize("role", ROLES)
def test_password_and_code_open_the_landing_page(client: Client, role: Role) -> None:
    user = make_staff(role)
    give_password(client, user)
    assert give_code(client) == 302
    assert client.get("/staff/").status_code == 200


def test_first_sign_in_without_a_factor_leads_to_its_set_up_only(
    client: Client,
) -> None:
    user = make_staff(Role.MANAGER, secured=False)
    give_password(client, user)
    for address in ("/staff/", "/staff/accounts/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"] == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    code = code_now(secret)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get("/staff/accounts/").status_code == 200


def test_a_used_code_does_not_open_twice(client: Client) -> None:
    user = make_staff()
    code = fresh_code()
    give_password(client, user)
    give_code(client, code)
    other = Client()
    give_password(other, user)
    assert give_code(other, code) == 200
    assert SECOND_FACTOR not in other.session


def test_ten_wrong_codes_in_a_row_close_the_account(client: Client) -> None:
    user = make_staff()
    give_password(client, user)
    for _ in range(10):
        give_code(client, "000000")
    user.refresh_from_db()
    assert not user.is_active
    assert Entry.objects.filter(event="staff_removed").exists()


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_reset_password",
        "account_email",
        "account_set_password",
        "account_change_password",
        "mfa_deactivate_totp",
        "mfa_login_webauthn",
        "account_request_login_code",
    ],
)
def test_ways_round_the_second_factor_have_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_five_wrong_passwords_lock_the_account_for_that_address(
    client: Client,
) -> None:
    user = make_staff()
    for _ in range(5):
        give_password(client, user, "wrong wrong wrong wrong")
    assert give_password(client, user) == 429
    other = make_staff()
    assert give_password(Client(), other) == 302


def test_what_was_typed_at_sign_in_is_not_kept(client: Client) -> None:
    secret = "my password in the wrong box"
    client.post(reverse("account_login"), {"login": secret, "password": secret})
    rows = list(AccessAttempt.objects.values())
    assert rows
    assert secret not in repr(rows)


def test_a_sign_in_begins_a_session_of_a_new_name(client: Client) -> None:
    user = make_staff()
    client.get(reverse("account_login"))
    give_password(client, user)
    before = client.session.session_key
    give_code(client)
    assert client.get("/staff/").status_code == 200
    assert client.session.session_key != before


def test_a_second_sign_in_ends_the_first_session(client: Client) -> None:
    user = make_staff()
    give_password(client, user)
    give_code(client)
    assert client.get("/staff/").status_code == 200
    other = Client()
    cache.clear()
    give_password(other, user)
    give_code(other)
    assert other.get("/staff/").status_code == 200
    assert client.get("/staff/").status_code == 302


def test_a_stolen_cookie_dies_with_sign_out(client: Client) -> None:
    sign_in(client, Role.MANAGER)
    thief = Client()
    thief.cookies = client.cookies.copy()
    assert thief.get("/staff/").status_code == 200
    client.post(reverse("account_logout"))
    assert thief.get("/staff/").status_code == 302


@pytest.mark.parametrize("what", ["role", "disable", "reset"])
def test_a_session_dies_when_its_account_changes(client: Client, what: str) -> None:
    actor = sign_in(client, Role.MANAGER)
    user = queries.account(actor.label)
    at = timezone.now()
    match what:
        case "role":
            actions.change_role(user, Role.HELPDESK, by=OPERATOR, at=at)
        case "disable":
            actions.disable(user, by=OPERATOR, at=at)
        case _:
            actions.reset(user, by=OPERATOR, at=at)
    assert client.get("/staff/").status_code == 302


@pytest.mark.parametrize(
    ("key", "ago", "status"),
    [
        (session.SEEN, dt.timedelta(minutes=14), 200),
        (session.SEEN, dt.timedelta(minutes=16), 302),
        (session.BEGAN, dt.timedelta(hours=7, minutes=59), 200),
        (session.BEGAN, dt.timedelta(hours=8, minutes=1), 302),
    ],
)
def test_a_session_ends_idle_or_old(
    client: Client, key: str, ago: dt.timedelta, status: int
) -> None:
    sign_in(client, Role.MANAGER)
    store = client.session
    store[key] = (timezone.now() - ago).timestamp()
    store.save()
    assert client.get("/staff/").status_code == status


def test_a_sign_in_stands_in_the_ledger_without_a_name(client: Client) -> None:
    user = make_staff(Role.GUARDIAN)
    give_password(client, user)
    give_code(client)
    entry = Entry.objects.get(event="staff_signed_in")
    assert entry.role == "guardian"
    assert entry.subject == f"guardian/{user.pk}"


def test_at_the_door_people_read_what_happened_to_their_sign_in(client: Client) -> None:
    user = make_staff(Role.INTERVIEWER)
    give_password(client, user)
    give_code(client)
    first = client.get("/staff/").content.decode()
    assert "wrong code" not in first
    assert "You signed in before" not in first
    stranger = Client()
    give_password(stranger, user)
    for _ in range(3):
        give_code(stranger, "000000")
    actions.second_factor_set(user, at=timezone.now())
    told = at_the_door(user)
    for words in ("3 wrong codes", "second factor set", "You signed in before on"):
        assert words in told
    later = at_the_door(user)
    for words in ("wrong code", "second factor set"):
        assert words not in later


def at_the_door(user: User) -> str:
    """The landing page of a fresh sign-in."""
    cache.clear()
    client = Client()
    give_password(client, user)
    give_code(client)
    return client.get("/staff/").content.decode()
