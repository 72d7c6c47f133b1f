"""Pages of those kept: one person, shown once, whatever is pressed. Proves DP-05, PRV 63.

Loading again, going back, sending twice, two studies, and a key holder that is away.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken.method.terms import Role
from harken.service.study.models import Study
from harken.service.vault.models import RecontactConsent
from tests.make.accounts import sign_in
from tests.make.again import FOR, NOW, make_kept, openings
from tests.make.anonymisation import Ready, make_certificate, make_ready

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


@pytest.fixture
def ready() -> Ready:
    """A destroyed study of which two people are kept."""
    return make_kept()


@pytest.fixture
def page(ready: Ready, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The manager's browser, while the clock stands after the promised day."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    sign_in(client, Role.MANAGER)
    return client


def mark(client: Client, url: str) -> str:
    """The mark of the page as it is now."""
    found = re.search(r'name="mark" value="([^"]+)"', client.get(url).content.decode())
    return found[1] if found else ""


def test_the_page_opens_one_person_once(ready: Ready, page: Client) -> None:
    urls = [
        reverse(f"contact:{name}", args=[ready.study.slug])
        for name in ("again", "again_next", "again_ended")
    ]
    start, then, ended = urls
    assert b"Vireo" not in page.get(start).content
    form = {"purpose": FOR, "mark": mark(page, start)}
    shown = page.post(then, form)
    said = shown.content.decode()
    assert shown.status_code == 200
    assert "Vireo" in said
    assert said.index("ask first whether") < said.index("Vireo")
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Content-Disposition" not in shown.headers
    title = re.search(r"<title>(.*?)</title>", said)
    assert title
    assert "Vireo" not in title[1]
    held = " ".join(str(one.get_decoded()) for one in Session.objects.all())
    surname = f"{re.search(r'Quenhallow[0-9]+', said)[0]}"  # type: ignore[index]  # shown
    assert surname not in held + then
    for old in (form, form | {"mark": ""}, {"purpose": FOR}):
        again_sent = page.post(then, old)
        assert again_sent.status_code == 400
        assert "CON-026" in again_sent.content.decode()
        assert surname not in again_sent.content.decode()
    assert page.get(then).status_code == 405
    waiting = page.get(start).content.decode()
    assert "They are shown once" in waiting
    assert surname not in waiting
    assert page.post(ended, {"ending": "opened"}).status_code == 400
    assert page.post(ended, {"ending": "try_again"}).status_code == 302
    late = page.post(ended, {"ending": "contacted"})
    assert (late.status_code, "CON-028" in late.content.decode()) == (400, True)
    # Back to the person's page and sent once more: that mark is used up.
    back = page.post(then, form)
    assert (back.status_code, "CON-029" in back.content.decode()) == (400, True)
    assert openings(ready.study) == [f"recontact: {FOR}"]


def test_a_page_that_opened_somebody_opens_nobody_again_once_that_is_said(
    ready: Ready, page: Client
) -> None:
    start, then, ended = (
        reverse(f"contact:{name}", args=[ready.study.slug])
        for name in ("again", "again_next", "again_ended")
    )
    form = {"purpose": FOR, "mark": mark(page, start)}
    assert page.post(then, form).status_code == 200
    assert page.post(ended, {"ending": "contacted"}).status_code == 302
    # Straight back to the page that showed them, and loaded again.
    sent = page.post(then, form)
    assert sent.status_code == 400
    assert "CON-029" in sent.content.decode()
    assert openings(ready.study) == [f"recontact: {FOR}"]


def test_who_wants_no_more_is_ended_after_a_second_yes(
    ready: Ready, page: Client
) -> None:
    slug = [ready.study.slug]
    start, ended = (
        reverse("contact:again", args=slug),
        reverse("contact:again_ended", args=slug),
    )
    page.post(
        reverse("contact:again_next", args=slug),
        {"purpose": FOR, "mark": mark(page, start)},
    )
    sure = page.post(ended, {"ending": "refused"}).content.decode()
    assert "Do they want no more contact?" in sure
    assert RecontactConsent.objects.count() == 2
    done = page.post(ended, {"ending": "refused", "sure": "yes"}, follow=True)
    assert RecontactConsent.objects.count() == 1
    assert "How did it end?" not in done.content.decode()


def test_the_pages_say_what_stands_when_nobody_can_be_opened(
    page: Client, ready: Ready
) -> None:
    def said(study: Study) -> str:
        return page.get(reverse("contact:again", args=[study.slug])).content.decode()

    study = ready.study
    assert said(study).count("Open the next person") == 1
    RecontactConsent.objects.update(until=dt.date(2026, 9, 30))
    assert "every consent is over" in said(study)
    RecontactConsent.objects.all().delete()
    assert "Nobody has agreed" in said(study)
    gathering = make_ready()
    assert "Nobody can be opened yet" in said(gathering.study)
    assert "Open the next person" not in said(gathering.study)
    assert page.get(reverse("contact:again", args=["nothing"])).status_code == 404
    sign_in(page, Role.ADMINISTRATOR)
    make_certificate(gathering)
    assert "Open the next person" not in said(gathering.study)


def test_fieldwork_of_a_destroyed_study_does_not_say_that_it_never_began(
    ready: Ready, page: Client
) -> None:
    said = page.get(
        reverse("contact:monitoring", args=[ready.study.slug])
    ).content.decode()
    assert "nothing is left to be shown" in said
    assert "has not been drawn" not in said
    assert reverse("contact:again", args=[ready.study.slug]) in said


def test_a_manager_with_somebody_of_another_study_open_is_led_there(
    ready: Ready, page: Client
) -> None:
    other = make_ready()
    make_certificate(other)
    there = reverse("contact:again", args=[ready.study.slug])
    page.post(
        reverse("contact:again_next", args=[ready.study.slug]),
        {"purpose": FOR, "mark": mark(page, there)},
    )
    elsewhere = page.get(reverse("contact:again", args=[other.study.slug]))
    assert f'href="{there}"' in elsewhere.content.decode()
    assert "How did it end?" not in elsewhere.content.decode()


def test_while_the_holder_is_away_nobody_is_opened_and_nothing_is_noted(
    ready: Ready, page: Client, settings: LazySettings, tmp_path: Path
) -> None:
    study = ready.study
    start = reverse("contact:again", args=[study.slug])
    form = {"purpose": FOR, "mark": mark(page, start)}
    here = settings.HOLDER

    def away(url: str, sent: dict[str, str]) -> None:
        before = list(RecontactConsent.objects.values_list("lent_to", "done"))
        settings.HOLDER = str(tmp_path / "nobody")
        answer = page.post(url, sent)
        settings.HOLDER = here
        assert answer.status_code == 503
        assert "Vireo" not in answer.content.decode()
        assert list(RecontactConsent.objects.values_list("lent_to", "done")) == before

    then = reverse("contact:again_next", args=[study.slug])
    away(then, form)
    assert openings(study) == []
    assert page.post(then, form | {"mark": mark(page, start)}).status_code == 200
    ended = reverse("contact:again_ended", args=[study.slug])
    away(ended, {"ending": "contacted"})
    assert page.post(ended, {"ending": "contacted"}).status_code == 302
