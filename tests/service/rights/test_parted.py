"""After an extension each is named the certificate of the part in which they were parted from
their answers; whoever cannot be found is told of all there are. Proves DP-05, PRV 20, 24."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from harken.method.rights import RequestKind
from harken.method.terms import SYSTEM, Role
from harken.service.anonymisation import actions as destruction
from harken.service.anonymisation import execute
from harken.service.response import intake
from harken.service.rights import actions, queries
from harken.service.study import actions as studies
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.cohorts import FIRST_NOON, LATER_NOON, Extended, make_extended
from tests.make.vault import CONTROLLER, GUARDIAN, HELPDESK, MANAGER

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def destroy(study: Study, *, at: dt.datetime, part: bool) -> str:
    """Plan, approve and run; returns the number of the certificate."""
    run = destruction.plan(study, by=GUARDIAN, at=at, part=part)
    for actor in (GUARDIAN, CONTROLLER):
        destruction.approve(study, digest=run.digest, by=actor, at=at)
    made = execute.execute(study, by=GUARDIAN, at=at)
    return made.file_name.removesuffix(".json")


@pytest.fixture
def parted(tmp_path: Path) -> tuple[Extended, str, str]:
    """A study destroyed in two parts, each of which left one who is kept."""
    made = make_extended(tmp_path)
    first = destroy(made.study, at=FIRST_NOON, part=True)
    studies.close_study(made.study, by=MANAGER, at=LATER_NOON)
    intake.close_sample(made.study, by=SYSTEM, at=LATER_NOON)
    return made, first, destroy(made.study, at=LATER_NOON, part=False)


def page_of(study: Study) -> str:
    """What the helpdesk reads of a request that nobody could be found for."""
    row = actions.take_in(
        study, RequestKind.ACCESS, channel="phone", by=HELPDESK, at=LATER_NOON
    )
    client = Client()
    sign_in(client, Role.HELPDESK)
    page = client.get(reverse("rights:request", args=[row.number])).content.decode()
    return " ".join(page.split())


def test_each_who_is_kept_is_named_the_certificate_of_their_own_part(
    parted: tuple[Extended, str, str],
) -> None:
    made, first, last = parted
    assert first != last
    assert queries.severed(made.study, made.first[0]) == first
    assert queries.severed(made.study, made.later[0]) == last
    assert queries.severed(made.study, made.first[1]) == ""


def test_while_later_ones_live_nobody_of_them_is_named_one(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    first = destroy(made.study, at=FIRST_NOON, part=True)
    assert queries.severed(made.study, made.first[0]) == first
    assert queries.severed(made.study, made.later[0]) == ""
    assert f"certificate {first} proves it" in page_of(made.study)


def test_one_issued_anew_takes_the_place_of_that_part_only(
    parted: tuple[Extended, str, str],
) -> None:
    made, first, last = parted
    again = execute.issue(made.study, None, by=GUARDIAN, at=LATER_NOON)
    newest = again.file_name.removesuffix(".json")
    assert newest != last
    assert queries.severed(made.study, made.first[0]) == first
    assert queries.severed(made.study, made.later[0]) == newest


def test_whoever_cannot_be_found_is_told_of_every_part(
    parted: tuple[Extended, str, str],
) -> None:
    made, first, last = parted
    said = page_of(made.study)
    assert (
        f"certificate {first} (for those promised 30 September 2026) or certificate "
        f"{last} (for those promised 31 March 2027) proves it"
    ) in said
    assert queries.certificate_of(made.study) == last


@pytest.mark.parametrize("page", ["/start/withdraw", "/start/your-data"])
def test_on_the_web_every_part_is_named_with_its_day(
    page: str, parted: tuple[Extended, str, str]
) -> None:
    _, first, last = parted
    said = " ".join(Client().get(page).content.decode().split())
    for words in (first, last, "30 September 2026", "31 March 2027"):
        assert words in said
    assert said.index(first) < said.index(last)
