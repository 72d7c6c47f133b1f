"""Passkeys, single sign-on, recovery codes, fresh proofs, known passwords: PRV 60, PRV 61."""

from __future__ import annotations

import datetime as dt
import json
import re
import urllib.request
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from harken.method.terms import Role
from harken.service.accounts import actions, queries, session
from harken.service.accounts.models import User
from harken.service.accounts.permissions import SECOND_FACTOR
from tests.make.accounts import (
    OPERATOR,
    PASSWORD,
    SECRET,
    make_staff,
    sign_in,
    stop_the_codes,
)
from tests.make.passkey import Passkey
from tests.make.provider import CLIENT, KEY, Provider, provider
from tests.make.provider import SECRET as CLIENT_SECRET
from tests.service.accounts.test_sign_in import give_code, give_password

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

ROLES = [role for role in Role if role not in {Role.RESPONDENT, Role.SYSTEM}]


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client() -> Client:
    """Passkeys are bound to the host, so the browser of the test sits at localhost."""
    return Client(SERVER_NAME="localhost")


def options(page: Any) -> dict[str, Any]:
    """What the page hands the browser's passkey window."""
    found: dict[str, Any] = json.loads(page.context["options"])
    return found


def add_passkey(client: Client) -> Passkey:
    """Add a passkey to the account signed in."""
    key = Passkey()
    page = client.get("/staff/second/passkey/")
    assert page.status_code == 200
    form = {"name": "work laptop", "credential": key.made(options(page))}
    assert client.post("/staff/second/passkey/", form).status_code == 302
    return key


def stale(client: Client) -> None:
    """Let ten minutes pass since the last proof of who it is."""
    store = client.session
    ago = timezone.now().timestamp() - 600
    store[session.BEGAN] = ago
    records = store.get("account_authentication_methods", [])
    for record in records:
        record["at"] = ago
    store["account_authentication_methods"] = records
    store.save()


@pytest.mark.parametrize("role", ROLES)
def test_a_passkey_is_a_first_factor_set_up_and_then_opens_the_door(
    client: Client, role: Role
) -> None:
    user = make_staff(role, secured=False)
    give_password(client, user)
    assert client.get("/staff/").status_code == 302
    key = add_passkey(client)
    assert client.get("/staff/").status_code == 200
    other = Client(SERVER_NAME="localhost")
    give_password(other, user)
    assert other.get("/staff/")["Location"].startswith("/staff/login/")
    page = other.get("/staff/second/")
    answer = other.post("/staff/second/", {"credential": key.given(options(page))})
    assert answer.status_code == 302
    assert other.get("/staff/").status_code == 200


def test_a_strange_passkey_a_replayed_answer_and_another_site_open_nothing(
    client: Client,
) -> None:
    user = make_staff(Role.MANAGER, secured=False)
    give_password(client, user)
    key = add_passkey(client)
    for wrong in (
        Passkey(),
        Passkey(number=key.number),
        Passkey(key=key.key, number=key.number, origin="http://evil.example"),
        Passkey(key=key.key, number=key.number, host="evil.example"),
    ):
        other = Client(SERVER_NAME="localhost")
        give_password(other, user)
        page = other.get("/staff/second/")
        answer = wrong.given(options(page))
        assert other.post("/staff/second/", {"credential": answer}).status_code == 200
        assert SECOND_FACTOR not in other.session
    other = Client(SERVER_NAME="localhost")
    give_password(other, user)
    old = key.given(options(other.get("/staff/second/")))
    other.get("/staff/second/")
    assert other.post("/staff/second/", {"credential": old}).status_code == 200
    assert SECOND_FACTOR not in other.session


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.MANAGER, Role.CONTROLLER])
def test_where_passkeys_are_demanded_a_code_lets_only_interviewers_in(
    client: Client, settings: LazySettings, role: Role
) -> None:
    settings.PASSKEYS_REQUIRED = True
    user = make_staff(role)
    give_password(client, user)
    give_code(client)
    inside = client.get("/staff/").status_code == 200
    assert inside is (role is Role.INTERVIEWER)
    if inside:
        return
    assert client.get("/staff/second/set-up/")["Location"] == "/staff/second/passkey/"
    add_passkey(client)
    assert client.get("/staff/").status_code == 200
    other = Client(SERVER_NAME="localhost")
    give_password(other, user)
    assert give_code(other) == 200
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
    assert give_code(other, codes.get_unused_codes()[0]) == 200
    assert SECOND_FACTOR not in other.session


def test_a_recovery_code_opens_once(client: Client) -> None:
    user = make_staff(Role.INTERVIEWER, secured=False)
    give_password(client, user)
    add_passkey(client)
    code = Authenticator.objects.get(user=user, type="recovery_codes")
    word = code.wrap().get_unused_codes()[0]
    for status in (302, 200):
        other = Client(SERVER_NAME="localhost")
        give_password(other, user)
        assert give_code(other, word) == status


def test_a_reset_takes_every_proof_away(client: Client) -> None:
    user = make_staff(Role.HELPDESK, secured=False)
    give_password(client, user)
    add_passkey(client)
    SocialAccount.objects.create(user=user, provider="staff", uid="subject-1")
    actions.reset(user, by=OPERATOR, at=timezone.now())
    assert not Authenticator.objects.filter(user=user).exists()
    assert not SocialAccount.objects.filter(user=user).exists()


def test_the_last_proof_cannot_be_removed_and_others_are_not_ones_own(
    client: Client,
) -> None:
    user = make_staff(Role.MANAGER, secured=False)
    give_password(client, user)
    add_passkey(client)
    mine = Authenticator.objects.get(user=user, type="webauthn")
    remove = f"/staff/proofs/{mine.pk}/remove/"
    client.post(remove)
    assert Authenticator.objects.filter(pk=mine.pk).exists()
    stranger = Client()
    sign_in(stranger, Role.MANAGER)
    assert stranger.post(remove).status_code == 404
    add_passkey(client)
    client.post(remove)
    assert not Authenticator.objects.filter(pk=mine.pk).exists()
    page = client.get("/staff/proofs/")
    assert "work laptop" in page.content.decode()


def test_what_weighs_needs_a_proof_younger_than_five_minutes(client: Client) -> None:
    actor = sign_in(client, Role.MANAGER)
    user = make_staff(Role.HELPDESK)
    address = f"/staff/accounts/{user.pk}/"
    stale(client)
    answer = client.post(
        address, {"do": "disable"}, headers={"referer": "http://localhost/staff/x"}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/staff/again/?next=")
    user.refresh_from_db()
    assert user.is_active
    assert client.get("/staff/accounts/").status_code == 200
    for wrong, status in (("not it", 200), (PASSWORD, 302)):
        again = client.post("/staff/again/", {"password": wrong})
        assert again.status_code == status
    client.post(address, {"do": "disable"})
    user.refresh_from_db()
    assert not user.is_active
    assert actor.role is Role.MANAGER


def test_a_fresh_proof_may_be_a_passkey_and_leads_nowhere_else(client: Client) -> None:
    user = make_staff(Role.MANAGER, secured=False)
    give_password(client, user)
    key = add_passkey(client)
    stale(client)
    answer = client.post(
        "/staff/proofs/codes/", headers={"referer": "http://evil.example/"}
    )
    assert answer["Location"] == "/staff/again/?next=%2Fstaff%2F"
    page = client.get("/staff/second/again/passkey/")
    assert page.status_code == 200
    client.post(
        "/staff/second/again/passkey/", {"credential": key.given(options(page))}
    )
    answer = client.post("/staff/proofs/codes/")
    assert answer["Location"] == "/staff/second/codes/"


def test_the_secret_of_an_app_is_sealed_where_it_lies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = stop_the_codes(monkeypatch)
    user = make_staff(Role.INTERVIEWER)
    row = Authenticator.objects.get(user=user, type="totp")
    assert SECRET not in json.dumps(row.data)
    assert row.wrap().validate_code(queries.totp_code(SECRET, at=now))


@pytest.fixture
def idp(settings: LazySettings) -> Iterator[Provider]:
    """A provider that runs, known to this house."""
    with provider() as server:
        settings.OIDC_NAME = "the office's sign-in"
        known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        app = {
            "provider_id": "staff",
            "name": settings.OIDC_NAME,
            "client_id": CLIENT,
            "secret": CLIENT_SECRET,
            "settings": {"server_url": server.address, "fetch_userinfo": False},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": known | {"APPS": [app]}}
        yield server


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect, so that the test can carry it to its own browser."""

    def redirect_request(self, *args: object) -> None:
        return None


def through(client: Client) -> Any:
    """The whole way to the provider and back."""
    page = client.post("/staff/sso/start/")
    found = re.search(r'rel="noreferrer" href="([^"]+)"', page.content.decode())
    assert found
    opener = urllib.request.build_opener(_Stay)
    try:
        opener.open(unescape(found[1]))
    except urllib.error.HTTPError as answer:
        with answer:
            back = answer.headers["Location"]
    return client.get(back.removeprefix("http://localhost"))


def test_a_person_links_their_own_account_and_nothing_else_is_kept(
    client: Client, idp: Provider
) -> None:
    actor = sign_in(client, Role.MANAGER)
    assert through(client)["Location"] == "/staff/proofs/"
    kept = SocialAccount.objects.get(user__username=actor.label)
    assert (kept.uid, kept.extra_data) == ("subject-1", {})
    assert "Linked" in client.get("/staff/proofs/").content.decode()
    client.post("/staff/proofs/unlink/")
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_single_sign_on_replaces_the_password_and_never_the_second_factor(
    client: Client, idp: Provider, role: Role
) -> None:
    user = make_staff(role)
    SocialAccount.objects.create(user=user, provider="staff", uid="subject-1")
    assert through(client)["Location"] == "/staff/second/"
    assert client.get("/staff/")["Location"].startswith("/staff/login/")
    assert SECOND_FACTOR not in client.session
    assert give_code(client) == 302
    assert client.get("/staff/").status_code == 200


def test_whom_no_account_is_linked_to_is_nobody(client: Client, idp: Provider) -> None:
    idp.subject = "a stranger"
    before = User.objects.count()
    answer = through(client)
    assert answer.status_code in {200, 403}
    assert "not signed in" in answer.content.decode()
    assert client.get("/staff/")["Location"].startswith("/staff/login/")
    assert User.objects.count() == before


def test_a_redirect_of_the_provider_is_not_followed(idp: Provider) -> None:
    idp.elsewhere = f"{idp.address}/elsewhere"
    client = Client()
    answer = client.post("/staff/sso/start/")
    assert answer.status_code == 503
    assert idp.asked
    assert "/elsewhere" not in idp.asked
    assert "/authorize" not in answer.content.decode()
    assert client.get("/staff/")["Location"].startswith("/staff/login/")


def _says_it_is_away(answer: Any) -> bool:
    said = answer.content.decode()
    return (
        answer.status_code == 503
        and "the office&#x27;s sign-in does not answer" in said
        and 'href="/staff/login/"' in said
    )


def test_a_provider_that_is_away_is_said_and_the_password_offered(
    client: Client, idp: Provider
) -> None:
    idp.shutdown()
    idp.server_close()
    assert _says_it_is_away(client.post("/staff/sso/start/"))


def test_a_provider_that_leaves_on_the_way_is_said_too(
    client: Client, idp: Provider
) -> None:
    page = client.post("/staff/sso/start/").content.decode()
    state = re.search(r"[?&;]state=([^&]+)", page)
    assert state
    back = f"/staff/sso/staff/callback/?code=x&state={state[1]}&_redir="
    idp.strange = True
    assert _says_it_is_away(client.get(back))
    assert "_auth_user_id" not in client.session


def test_single_sign_on_without_a_second_factor_leads_to_its_set_up(
    client: Client, idp: Provider
) -> None:
    user = make_staff(Role.MANAGER, secured=False)
    SocialAccount.objects.create(user=user, provider="staff", uid="subject-1")
    through(client)
    assert client.get("/staff/accounts/")["Location"] == "/staff/second/set-up/"


def test_a_forged_return_from_the_provider_opens_nothing(
    client: Client, idp: Provider
) -> None:
    user = make_staff(Role.MANAGER)
    SocialAccount.objects.create(user=user, provider="staff", uid="subject-1")
    answer = client.get("/staff/sso/staff/callback/?code=x&state=y&_redir=")
    assert answer.status_code == 401
    assert client.get("/staff/sso/other/callback/?code=x&state=y").status_code == 404
    assert "_auth_user_id" not in client.session


STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize(
    ("forged", "key"),
    [
        ({"exp": 1_700_000_000}, KEY),
        ({"aud": "another-house"}, KEY),
        ({"iss": "https://another.example"}, KEY),
        ({}, STRANGER),
        ({}, None),
    ],
    ids=[
        "expired",
        "for another house",
        "of another issuer",
        "strange key",
        "unsigned",
    ],
)
def test_an_identity_token_that_is_not_right_signs_nobody_in(
    client: Client, idp: Provider, forged: dict[str, object], key: object
) -> None:
    user = make_staff(Role.MANAGER)
    SocialAccount.objects.create(user=user, provider="staff", uid="subject-1")
    idp.forged, idp.key = forged, key
    answer = through(client)
    assert answer.status_code in {401, 503}
    assert "_auth_user_id" not in client.session
    idp.forged, idp.key = {}, KEY
    assert through(client)["Location"] == "/staff/second/"


def test_without_a_provider_there_is_no_single_sign_on(client: Client) -> None:
    assert client.post("/staff/sso/start/").status_code == 404
    assert "sso" not in client.get("/staff/login/").content.decode()


@pytest.mark.parametrize("what", ["role", "logout", "disable"])
def test_a_copied_cookie_is_dead_within_a_second(client: Client, what: str) -> None:
    actor = sign_in(client, Role.MANAGER)
    thief = Client()
    thief.cookies = client.cookies.copy()
    assert thief.get("/staff/accounts/").status_code == 200
    user = queries.account(actor.label)
    began = dt.datetime.now(dt.UTC)
    if what == "role":
        actions.change_role(user, Role.HELPDESK, by=OPERATOR, at=timezone.now())
    elif what == "disable":
        actions.disable(user, by=OPERATOR, at=timezone.now())
    else:
        client.post("/staff/logout/")
    assert thief.get("/staff/accounts/").status_code == 302
    assert dt.datetime.now(dt.UTC) - began < dt.timedelta(seconds=1)
