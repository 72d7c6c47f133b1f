"""The forms of the registers say what is missing, and what to tell a person: DP-05, DP-11."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from harken.method.rights import RequestKind
from harken.method.terms import Role
from harken.service.rights import actions
from tests.make.accounts import sign_in
from tests.make.sitting import NOW, make_open_study
from tests.make.vault import HELPDESK

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

SHIFT = (timezone.now().date() - NOW.date()).days


@pytest.mark.parametrize(
    ("page", "form", "says"),
    [
        ("requests/new", {}, "Choose what they ask for."),
        ("requests/new", {"kind": "access"}, "Choose how they asked."),
        ("complaints/new", {}, "Choose what it is about."),
        ("complaints/new", {"about": "contact"}, "Choose how it came."),
        ("incidents/new", {}, "Choose what happened to the data."),
        ("incidents/new", {"kind": "lost", "people": "two"}, "Choose a whole number"),
        (
            "incidents/new",
            {"kind": "lost", "hours": "two"},
            "Choose how many hours ago",
        ),
    ],
)
def test_a_form_says_which_choice_is_missing(
    page: str, form: dict[str, str], says: str
) -> None:
    client = Client()
    sign_in(client, Role.HELPDESK)
    address = f"/guard/rights/{page}"
    assert "There is no study here yet" in client.get(address).content.decode()
    study = make_open_study(shift_days=SHIFT)
    assert "There is no study" not in client.get(address).content.decode()
    answer = client.post(address, {"study": study.slug} | form)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_who_takes_a_request_in_reads_what_to_tell_the_person() -> None:
    study = make_open_study(shift_days=SHIFT)
    row = actions.take_in(
        study, RequestKind.ACCESS, channel="phone", by=HELPDESK, at=timezone.now()
    )
    said = f"Tell them the number {row.number}"
    for role, told in (
        (Role.HELPDESK, True),
        (Role.CONTROLLER, False),
        (Role.GUARDIAN, False),
    ):
        client = Client()
        sign_in(client, role)
        page = client.get(f"/guard/rights/requests/{row.number}/").content.decode()
        assert (said in page) is told, role
