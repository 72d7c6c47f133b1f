"""Inviting and changing staff: ISSUE-2 flow 10; privacy.md 9."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken.method.errors import HarkenError
from harken.method.terms import Actor, Role
from harken.service.accounts import actions, queries
from harken.service.accounts.models import User
from harken.service.ledger.models import Entry
from tests.make.accounts import OPERATOR, PASSWORD, make_staff, sign_in

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
MANAGER = Actor("manager-0", Role.MANAGER)


def invited(username: str = "interviewer-9", role: Role = Role.INTERVIEWER) -> str:
    return actions.invite(username, role, by=MANAGER, at=AT)


def code_of(error: pytest.ExceptionInfo[HarkenError]) -> str:
    return error.value.findings[0].fault.code


def test_a_set_up_code_works_once() -> None:
    code = invited()
    user = actions.set_up("interviewer-9", code, PASSWORD, at=AT)
    assert user.check_password(PASSWORD)
    with pytest.raises(HarkenError) as error:
        actions.set_up("interviewer-9", code, PASSWORD, at=AT)
    assert code_of(error) == "ACC-007"


def test_a_set_up_code_dies_after_three_days() -> None:
    code = invited()
    late = AT + dt.timedelta(days=3, seconds=1)
    with pytest.raises(HarkenError) as error:
        actions.set_up("interviewer-9", code, PASSWORD, at=late)
    assert code_of(error) == "ACC-007"


@pytest.mark.parametrize("username", ["interviewer-9", "nobody"])
def test_a_wrong_set_up_code_never_says_which_part_was_wrong(username: str) -> None:
    invited()
    with pytest.raises(HarkenError) as error:
        actions.set_up(username, "0" * 32, PASSWORD, at=AT)
    assert code_of(error) == "ACC-007"


def test_the_set_up_code_is_not_in_the_database() -> None:
    code = invited()
    row = User.objects.filter(username="interviewer-9").values().get()
    assert code.replace("-", "") not in repr(row)


@pytest.mark.parametrize("password", ["sh0rt!", "1q2w3e4r5t6y7u8i9o0p", "a" * 14])
def test_weak_passwords_are_refused_with_a_reason(password: str) -> None:
    code = invited()
    with pytest.raises(HarkenError) as error:
        actions.set_up("interviewer-9", code, password, at=AT)
    assert code_of(error) == "ACC-006"
    assert password not in str(error.value)


@pytest.mark.parametrize(
    "username", ["", "Jo", "Maria Kowalska", "1st", "x" * 31, "a_b"]
)
def test_account_names_are_short_labels(username: str) -> None:
    with pytest.raises(HarkenError) as error:
        invited(username)
    assert code_of(error) == "ACC-005"


def test_account_names_are_never_used_twice() -> None:
    invited()
    with pytest.raises(HarkenError) as error:
        invited()
    assert code_of(error) == "ACC-004"


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.ADMINISTRATOR])
def test_a_manager_cannot_make_those_who_approve_the_managers_work(role: Role) -> None:
    with pytest.raises(HarkenError) as error:
        invited("someone-else", role)
    assert code_of(error) == "ACC-010"


@pytest.mark.parametrize("role", [Role.RESPONDENT, Role.SYSTEM])
def test_only_staff_roles_have_accounts(role: Role) -> None:
    with pytest.raises(HarkenError) as error:
        actions.invite("robot", role, by=OPERATOR, at=AT)
    assert code_of(error) == "ACC-009"


@pytest.mark.parametrize(
    "role",
    [role for role in Role if role not in {Role.MANAGER, Role.ADMINISTRATOR}],
)
def test_other_roles_change_no_account(role: Role) -> None:
    with pytest.raises(HarkenError) as error:
        actions.invite("someone", Role.HELPDESK, by=Actor("x", role), at=AT)
    assert code_of(error) == "ACC-001"


def test_nobody_changes_their_own_account() -> None:
    user = make_staff(Role.MANAGER)
    by = Actor(user.username, Role.MANAGER)
    for act in (actions.disable, actions.reset):
        with pytest.raises(HarkenError) as error:
            act(user, by=by, at=AT)
        assert code_of(error) == "ACC-008"


def test_each_change_is_one_entry_in_the_ledger() -> None:
    code = invited()
    actions.set_up("interviewer-9", code, PASSWORD, at=AT)
    user = queries.account("interviewer-9")
    actions.change_role(user, Role.HELPDESK, by=OPERATOR, at=AT)
    actions.reset(user, by=OPERATOR, at=AT)
    actions.disable(user, by=OPERATOR, at=AT)
    events = list(Entry.objects.order_by("position").values_list("event", flat=True))
    assert events == [
        "staff_added",
        "staff_changed",
        "staff_changed",
        "staff_changed",
        "staff_removed",
    ]


@pytest.mark.parametrize("act", [actions.reset, actions.disable])
def test_taking_an_account_away_takes_its_sessions_mark(
    act: Callable[..., object],
) -> None:
    user = make_staff(Role.HELPDESK)
    user.session_mark = "a" * 32
    user.save(update_fields=["session_mark"])
    act(user, by=OPERATOR, at=AT)
    user.refresh_from_db()
    assert user.session_mark == ""


def test_the_list_says_who_is_ready() -> None:
    invited("a-new")
    make_staff(Role.HELPDESK, username="b-ready")
    make_staff(Role.HELPDESK, username="c-half", secured=False)
    gone = make_staff(Role.HELPDESK, username="d-gone")
    actions.disable(gone, by=OPERATOR, at=AT)
    states = {row.username: row.state for row in queries.staff()}
    assert states == {
        "a-new": "invited",
        "b-ready": "ready",
        "c-half": "no second factor yet",
        "d-gone": "disabled",
    }


def test_a_manager_invites_on_the_page_and_sees_the_code_once(client: Client) -> None:
    sign_in(client, Role.MANAGER)
    page = client.post(
        reverse("accounts:invite"), {"username": "helpdesk-7", "role": "helpdesk"}
    )
    assert page.status_code == 200
    code = page.context["code"]
    assert code in page.content.decode()
    assert code not in client.get(reverse("accounts:staff")).content.decode()
    answer = Client().post(
        reverse("accounts:first"),
        {
            "username": "helpdesk-7",
            "code": code,
            "password": PASSWORD,
            "repeated": PASSWORD,
        },
    )
    assert answer.status_code == 302


def test_what_ends_somebodys_sign_in_is_said_before_it_is_done(client: Client) -> None:
    sign_in(client, Role.MANAGER)
    make_staff(Role.HELPDESK, username="b-ready")
    page = client.get(reverse("accounts:staff")).content.decode()
    for word in ("reset", "disable"):
        button = page.index(f'value="{word}"')
        around = page[page.rindex("<details", 0, button) : button]
        assert "</details" not in around
        assert "session" in around


@pytest.mark.parametrize("do", ["reset", "disable", "role"])
def test_a_manager_changes_accounts_on_the_page(client: Client, do: str) -> None:
    sign_in(client, Role.MANAGER)
    user = make_staff(Role.HELPDESK)
    address = reverse("accounts:change", args=[user.pk])
    answer = client.post(address, {"do": do, "role": "interviewer"})
    assert answer.status_code == (200 if do == "reset" else 302)
    user.refresh_from_db()
    assert user.is_active is (do != "disable")
    assert user.has_usable_password() is (do != "reset")
    assert user.role == ("interviewer" if do == "role" else "helpdesk")


def test_bad_input_on_the_pages_is_said_without_repeating_secrets(
    client: Client,
) -> None:
    sign_in(client, Role.MANAGER)
    invite = reverse("accounts:invite")
    assert client.post(invite, {"username": "x", "role": "owl"}).status_code == 400
    answer = client.post(invite, {"username": "X Y", "role": "helpdesk"})
    assert answer.status_code == 400
    first = reverse("accounts:first")
    answer = client.post(first, {"password": "one", "repeated": "two"})
    assert answer.status_code == 400
    assert "not the same" in answer.content.decode()
    answer = client.post(first, {"username": "nobody", "code": "é"})
    assert answer.status_code == 400
    assert client.get(first).status_code == 200


def test_wrong_codes_at_the_same_moment_count_one_by_one() -> None:
    user = make_staff()
    windows = [User.objects.get(pk=user.pk) for _ in range(actions.FAILURES_ALLOWED)]
    for window in windows:  # each was read before the others were written
        actions.second_factor_failed(window, at=timezone.now())
    user.refresh_from_db()
    assert user.failures == actions.FAILURES_ALLOWED
    assert not user.is_active


def test_a_right_code_forgets_wrong_ones_it_had_not_read_of() -> None:
    user = make_staff()
    early = User.objects.get(pk=user.pk)
    actions.second_factor_failed(user, at=timezone.now())
    actions.second_factor_passed(early, at=timezone.now())
    user.refresh_from_db()
    assert user.failures == 0
    assert Entry.objects.filter(event="access_refused").count() == 1
