"""Every role at every staff address and object, deny by default: PRV 56."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from harken.method.errors import HarkenError
from harken.method.terms import SYSTEM, Actor, Role
from harken.service.accounts import session
from harken.service.accounts.models import User
from harken.service.accounts.permissions import (
    ROLE_PERMISSIONS,
    SECOND_FACTOR,
    Permission,
    can,
    check,
)
from tests.make.accounts import sign_in

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

STAFF_DOORS = ("call/", "field/", "guard/", "desk/", "staff/", "results/staff/")

# The way in needs no permission: that is where one proves who one is.
THE_WAY_IN = {
    "/staff/",
    "/staff/first/",
    "/staff/login/",
    "/staff/logout/",
    "/staff/inactive/",
    "/staff/again/",
    "/staff/second/",
    "/staff/second/again/",
    "/staff/second/set-up/",
    "/staff/second/passkey/",
    "/staff/second/again/passkey/",
    "/staff/second/codes/",
    "/staff/sso/start/",
    "/staff/sso/a1/callback/",
    "/staff/sso/nobody/",
    "/staff/sso/stopped/",
    "/staff/policy-report",
}
# One's own proofs need both factors and no permission: every role has proofs.
ONES_OWN = {
    "/staff/proofs/",
    "/staff/proofs/password/",
    "/staff/proofs/1/remove/",
    "/staff/proofs/codes/",
    "/staff/proofs/unlink/",
}
STAFF = [role for role in Role if role not in {Role.RESPONDENT, Role.SYSTEM}]


@dataclass(frozen=True)
class Address:
    """One address of the site with what it needs; ``need`` None is open to all."""

    url: str
    need: Permission | None


def addresses() -> Iterator[Address]:
    """Every address the resolver knows, filled with harmless values."""
    yield from _walk(get_resolver().url_patterns, "/")


def _walk(patterns: list[Any], prefix: str) -> Iterator[Address]:
    for pattern in patterns:
        route = str(pattern.pattern)
        for name, converter in pattern.pattern.converters.items():
            value = "1" if isinstance(converter, IntConverter) else "a1"
            for kind in ("int", "str", "slug", "uuid", "path"):
                route = route.replace(f"<{kind}:{name}>", value)
            route = route.replace(f"<{name}>", value)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, prefix + route)
        elif isinstance(pattern, URLPattern):
            need = getattr(pattern.callback, "permission", None)
            yield Address(prefix + route, need)


def staff_addresses() -> list[Address]:
    """The addresses behind the staff doors."""
    return [
        address
        for address in addresses()
        if address.url.startswith(tuple(f"/{door}" for door in STAFF_DOORS))
        and address.url not in THE_WAY_IN | ONES_OWN
    ]


def ones_own() -> list[Address]:
    """The addresses of one's own proofs, as the resolver has them."""
    found = [address for address in addresses() if address.url in ONES_OWN]
    assert len(found) == len(ONES_OWN)
    return found


def statuses(client: Client, url: str) -> set[int | str]:
    """What GET and POST answer; a redirect to the way in counts as ``in``."""
    found: set[int | str] = set()
    for answer in (client.get(url), client.post(url)):
        to = answer.headers.get("Location", "")
        if answer.status_code == 302 and to.split("?")[0] in THE_WAY_IN:
            found.add("in")
        else:
            found.add(answer.status_code)
    return found


def test_every_staff_address_names_the_permission_it_needs() -> None:
    assert staff_addresses()
    bare = [address.url for address in staff_addresses() if address.need is None]
    assert bare == []


def test_nothing_of_the_staff_lies_outside_the_staff_doors() -> None:
    outside = [
        address.url
        for address in addresses()
        if address.need is not None
        and not address.url.startswith(tuple(f"/{door}" for door in STAFF_DOORS))
    ]
    assert outside == []


def test_who_is_not_signed_in_is_sent_to_the_way_in(client: Client) -> None:
    open_to_all = {
        address.url: statuses(client, address.url)
        for address in [*staff_addresses(), *ones_own()]
        if not statuses(client, address.url) <= {"in", 405}
    }
    assert open_to_all == {}


@pytest.mark.parametrize("role", STAFF)
def test_a_role_without_the_permission_is_refused(client: Client, role: Role) -> None:
    sign_in(client, role)
    let_in = {}
    for address in staff_addresses():
        assert address.need is not None
        if address.need not in ROLE_PERMISSIONS[role]:
            User.objects.update(denials=0)
            found = statuses(client, address.url)
            if not found <= {403, 405} or 403 not in found:
                let_in[address.url] = found
    assert let_in == {}


@pytest.mark.parametrize("role", STAFF)
def test_without_the_second_factor_no_role_opens_anything(
    client: Client, role: Role
) -> None:
    sign_in(client, role)
    store = client.session
    del store[SECOND_FACTOR]
    store.save()
    assert store[session.MARK]
    let_in = {
        address.url
        for address in [*staff_addresses(), *ones_own()]
        if not statuses(client, address.url) <= {"in", 405}
    }
    assert let_in == set()


@pytest.mark.parametrize("role", STAFF)
def test_the_landing_page_lists_only_doors_of_the_role(
    client: Client, role: Role
) -> None:
    sign_in(client, role)
    page = client.get("/staff/")
    assert page.status_code == 200
    needs = {address.url: address.need for address in addresses()}
    for door in page.context["doors"]:
        need = needs[door.url]
        assert need is not None
        assert need in ROLE_PERMISSIONS[role], door.url
        behind = client.get(door.url)
        assert behind.status_code == 200, door.url
        assert "Sign out" in behind.content.decode(), door.url


def test_every_role_of_the_staff_has_a_door(client: Client) -> None:
    for role in STAFF:
        other = Client()
        sign_in(other, role)
        assert other.get("/staff/").context["doors"], role


@pytest.mark.parametrize("role", list(Role))
def test_check_and_can_agree(role: Role) -> None:
    for permission in Permission:
        actor = Actor("someone", role)
        if can(actor, permission):
            check(actor, permission)
        else:
            with pytest.raises(HarkenError) as error:
                check(actor, permission)
            assert error.value.findings[0].fault.code == "ACC-001"


WORK = {
    Role.INTERVIEWER: "call notice",
    Role.MANAGER: "study_manage instrument_read sample_load field_manage intake "
    "staff_manage ledger_read notice emergency",
    Role.HELPDESK: "helpdesk register_read notice",
    Role.STATISTICIAN: "instrument_read response_read analyse release notice",
    Role.GUARDIAN: "instrument_read destroy_plan destroy_approve ledger_read rights "
    "register_read notice emergency review",
    Role.SAFEGUARDING: "safeguard notice emergency",
    Role.REDACTOR: "redact notice",
    Role.CODER: "code notice",
    Role.CONTROLLER: "instrument_read release destroy_approve ledger_read register_read "
    "notice review",
    Role.ADMINISTRATOR: "study_manage instrument_read sample_load field_manage intake "
    "response_read analyse release destroy_plan ledger_read staff_manage register_read "
    "notice",
    Role.SYSTEM: "study_manage instrument_read sample_load field_manage intake "
    "response_read analyse release destroy_plan ledger_read register_read notice",
    Role.RESPONDENT: "",
}
"""The matrix as it was decided, said a second time: the other tests go by the code's own."""


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_the_work_that_was_decided_and_no_more(role: Role) -> None:
    held = {permission.value for permission in ROLE_PERMISSIONS[role]}
    assert held == set(WORK[role].split())


def test_the_roles_keep_apart_what_must_be_apart() -> None:
    opening = {
        Permission.CALL,
        Permission.HELPDESK,
        Permission.SAFEGUARD,
        Permission.RIGHTS,
    }
    reading = {Permission.RESPONSE_READ, Permission.ANALYSE}
    for role in STAFF:
        held = ROLE_PERMISSIONS[role]
        if role is not Role.ADMINISTRATOR:
            assert not (held & opening and held & reading), role
        assert not {Permission.STAFF_MANAGE, Permission.DESTROY_APPROVE} <= held, role
    assert not ROLE_PERMISSIONS[Role.RESPONDENT]
    assert not can(SYSTEM, Permission.DESTROY_APPROVE)
    assert not opening & ROLE_PERMISSIONS[Role.ADMINISTRATOR]
