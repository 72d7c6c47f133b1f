"""The results door: everyone reads what is published, and nothing else.

Proves SAF-51: what is served is the release, never another file of the data folder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from harken.method.terms import Actor, Role
from harken.service.publication import actions, store
from harken.service.publication.models import Release
from tests.make.accounts import sign_in
from tests.make.publication import (
    make_estimate,
    make_published_study,
    make_result,
    make_results,
    make_run,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

STATISTICIAN = Actor("s.figures", Role.STATISTICIAN)
DAY = dt.datetime(2026, 7, 15, 9, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path / "data"):
        yield


def publish() -> Release:
    """Publish the small study."""
    make_published_study()
    return actions.publish("trial", by=STATISTICIAN, at=DAY)


def past(slug: str = "trial") -> None:
    """A study whose day of publication has come today."""
    shift = (timezone.localdate() - dt.date(2026, 7, 15)).days
    make_published_study(slug, shift_days=shift)


def test_the_list_says_when_there_is_nothing(client: Client) -> None:
    page = client.get("/results/")
    assert page.status_code == 200
    assert "Nothing is published yet" in page.content.decode()


def test_the_list_names_each_release_with_its_publisher_and_day(client: Client) -> None:
    publish()
    text = client.get("/results/").content.decode()
    assert "A trial of the house" in text
    assert "The Office. Published 15 July 2026, version 1." in text
    assert 'href="/results/trial/"' in text


def test_a_release_is_served_as_published(client: Client) -> None:
    row = publish()
    folder = store.folder_of("trial", row.version)
    for path, kind in (
        ("", "text/html"),
        ("scorecard.html", "text/html"),
        ("release.css", "text/css"),
        ("release.json", "application/json"),
        ("summary.pdf", "application/pdf"),
        ("charts/headlines.svg", "image/svg+xml"),
    ):
        answer = client.get(f"/results/trial/{path}")
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(kind)
        assert answer.content == (folder / (path or "index.html")).read_bytes()


def test_tables_are_offered_to_keep_under_their_own_name(client: Client) -> None:
    publish()
    answer = client.get("/results/trial/tables/indicators-sample.csv")
    assert answer["Content-Disposition"] == (
        'attachment; filename="indicators-sample.csv"'
    )


@pytest.mark.parametrize(
    "address",
    [
        "/results/none/",
        "/results/none/versions",
        "/results/trial/v2/",
        "/results/trial/none.html",
        "/results/trial/../../keys/session.key",
        "/results/trial/%2e%2e/%2e%2e/%2e%2e/keys/session.key",
        "/results/trial/v1/..%2f..%2fsecret",
        "/results/trial/%00",
    ],
)
def test_nothing_else_can_be_asked_for(client: Client, address: str) -> None:
    publish()
    assert client.get(address).status_code == 404


def test_a_changed_file_is_not_served(client: Client) -> None:
    publish()
    (store.folder_of("trial", 1) / "scorecard.html").write_text("Better figures")
    assert client.get("/results/trial/scorecard.html").status_code == 404


def test_versions_show_digests_corrections_and_withdrawals(client: Client) -> None:
    row = publish()
    found = [make_result(estimate=make_estimate(0.44, 900))]
    make_run(results=make_results(indicators=found, headlines=("I01",)))
    later = DAY + dt.timedelta(days=9)
    actions.publish("trial", by=STATISTICIAN, at=later, reason="Mended weights.")
    actions.withdraw("trial", 1, reason="Wrong weights.", by=STATISTICIAN, at=later)
    text = client.get("/results/trial/versions").content.decode()
    for said in (
        row.digest,
        "Mended weights.",
        "Version 1, withdrawn",
        "Wrong weights",
    ):
        assert said in text
    assert client.get("/results/trial/v1/").status_code == 404
    assert "replaces version 1" in client.get("/results/trial/v2/").content.decode()


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.MANAGER, Role.HELPDESK])
def test_staff_pages_are_for_those_who_release(client: Client, role: Role) -> None:
    past()
    sign_in(client, role)
    for address in ("/results/staff/", "/results/staff/trial/publish"):
        assert client.get(address).status_code == 403


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/results/staff/")
    assert answer.status_code == 302
    assert "/staff/" in answer["Location"]


def test_a_statistician_previews_confirms_and_publishes(client: Client) -> None:
    past()
    sign_in(client, Role.STATISTICIAN)
    assert "Make a preview" in client.get("/results/staff/").content.decode()
    made = client.post(reverse("publication:make_preview", args=["trial"]))
    seen = client.get(made["Location"])
    assert "Preview, not for publication" in seen.content.decode()
    assert Client().get(made["Location"]).status_code == 302
    address = reverse("publication:publish", args=["trial"])
    assert client.get(address).status_code == 200
    unsure = client.post(address)
    assert unsure.status_code == 400
    assert "There is a problem" in unsure.content.decode()
    assert not Release.objects.exists()
    assert client.post(address, {"sure": "yes"}).status_code == 302
    assert Client().get("/results/trial/").status_code == 200


def test_a_refusal_is_told_with_its_cause_and_cure(client: Client) -> None:
    past()
    sign_in(client, Role.STATISTICIAN)
    address = reverse("publication:publish", args=["trial"])
    client.post(address, {"sure": "yes"})
    found = [make_result(estimate=make_estimate(0.44, 900))]
    make_run(results=make_results(indicators=found, headlines=("I01",)))
    refused = client.post(address, {"sure": "yes", "reason": ""})
    assert refused.status_code == 409
    assert "PUB-009" in refused.content.decode()
    withdraw = reverse("publication:withdraw", args=["trial", 1])
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, {"reason": ""}).status_code == 409
    assert client.post(withdraw, {"reason": "Wrong."}).status_code == 302
    assert Client().get("/results/trial/").status_code == 404


def test_a_study_under_embargo_or_without_results_offers_less(client: Client) -> None:
    make_published_study("later", shift_days=4000)
    sign_in(client, Role.CONTROLLER)
    text = client.get("/results/staff/").content.decode()
    assert "Embargoed" in text
    assert reverse("publication:publish", args=["later"]) not in text
    assert client.post("/results/staff/unknown/preview").status_code == 409
    assert client.get("/results/staff/unknown/preview/index.html").status_code == 404
