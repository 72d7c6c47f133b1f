"""The desk's pages: one text, no address that names it, a step back. PRV 41 in part."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken.method.terms import SYSTEM, Role
from harken.service.redaction import crossing
from harken.service.redaction.models import Reading
from harken.service.response import queries as responses
from harken.service.safeguarding.models import Alert
from harken.service.study.models import Study
from harken.service.vault.keyholder.limits import RULES, Purpose
from tests.make.accounts import sign_in
from tests.make.redaction import FRAMES, TEXTS, make_desk
from tests.make.sitting import NOW
from tests.service.redaction.test_desk import LAST_DAY

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of the study's own fieldwork, for the pages' clock."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def post(client: Client, name: str, study: Study, do: str, **more: object) -> str:
    """Press a button of the desk; returns the page that follows."""
    answer = client.post(
        reverse(f"redaction:{name}", args=[study.slug]), {"do": do, **more}, follow=True
    )
    return answer.content.decode()


def test_a_reader_takes_confirms_and_takes_back(client: Client) -> None:
    study = make_desk()
    sign_in(client, Role.REDACTOR)
    address = reverse("redaction:read", args=[study.slug])
    listed = client.get(reverse("redaction:texts")).content.decode()
    assert address in listed
    assert "Next text" in client.get(address).content.decode()
    assert not Reading.objects.exists(), "looking changes nothing"
    first = post(client, "read", study, "next")
    assert ("Dave" in first) != ("They were kind." in first)
    assert client.get(address).headers["Cache-Control"].count("no-store")
    words = client.get(address).context["words"]
    second = post(client, "read", study, "confirm", words=words)
    assert "50 % read" in second
    assert "Take it back" in second
    back = post(client, "read", study, "undo")
    assert Reading.objects.get(state="first", held_by__gt="").work
    assert "0 % read" in back
    given = post(client, "read", study, "give_back")
    assert "Next text" in given
    assert "Dave" not in given


def test_a_refused_redaction_keeps_what_was_typed_and_asks_for_a_look(
    client: Client,
) -> None:
    study = make_desk(TEXTS[0])
    sign_in(client, Role.REDACTOR)
    post(client, "read", study, "next")
    address = reverse("redaction:read", args=[study.slug])
    said = client.post(address, {"do": "confirm", "words": "All was well."})
    assert said.status_code == 422
    page = said.content.decode()
    assert "RED-001" not in page
    assert "says something that was not written" in page
    assert "All was well." in page
    assert 'id="looked"' not in page
    left = client.post(address, {"do": "confirm", "words": TEXTS[0]}).content.decode()
    assert 'id="looked"' in left
    done = post(client, "read", study, "confirm", words=TEXTS[0], looked="yes")
    assert "100 % read" in done
    assert "Nothing waits to be read" in done


def test_a_step_that_was_done_is_not_called_undone_when_no_next_text_opens(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = replace(RULES[Purpose.REDACTION], an_hour=1)
    monkeypatch.setitem(RULES, Purpose.REDACTION, once)
    study = make_desk()
    sign_in(client, Role.REDACTOR)
    post(client, "read", study, "next")
    address = reverse("redaction:read", args=[study.slug])
    words = client.get(address).context["words"]
    done = post(client, "read", study, "confirm", words=words)
    assert "50 % read" in done
    assert "Nothing was changed" not in done
    refused = client.post(address, {"do": "next"})
    assert refused.status_code == 422
    assert "Nothing was changed" in refused.content.decode()


def test_nothing_kept_a_concern_and_a_text_that_went_to_somebody_else(
    client: Client,
) -> None:
    study = make_desk(TEXTS[0])
    sign_in(client, Role.REDACTOR)
    post(client, "read", study, "next")
    post(client, "read", study, "concern", facts="He waits outside.")
    assert Alert.objects.get().stage == "free text"
    post(client, "read", study, "nothing")
    assert Reading.objects.get().state == "nothing"
    lost = client.post(reverse("redaction:read", args=[study.slug]), {"do": "nothing"})
    assert lost.status_code == 422
    assert "do not have this text before you" in lost.content.decode()
    assert client.post(reverse("redaction:read", args=[study.slug])).status_code == 302


def test_a_coder_sees_redacted_words_and_no_raw_text(client: Client) -> None:
    study = make_desk(TEXTS[0], frames=FRAMES)
    sign_in(client, Role.REDACTOR)
    post(client, "read", study, "next")
    words = client.get(reverse("redaction:read", args=[study.slug])).context["words"]
    post(client, "read", study, "confirm", words=words)
    coder = Client()
    sign_in(coder, Role.CODER)
    assert study.slug in coder.get(reverse("redaction:coding")).content.decode()
    sheet = post(coder, "code", study, "next")
    assert "[name]" in sheet
    assert "Dave" not in sheet
    assert "It took too long" in sheet
    none = coder.post(reverse("redaction:code", args=[study.slug]), {"do": "code"})
    assert none.status_code == 422
    done = post(coder, "code", study, "code", codes=["slow", "other"])
    assert "Nothing waits to be coded" in done
    assert "[name]" in post(coder, "code", study, "undo")
    assert "Next text" in post(coder, "code", study, "give_back")


def test_the_manager_lets_them_cross_and_sees_only_counts(client: Client) -> None:
    study = make_desk(TEXTS[0])
    sign_in(client, Role.MANAGER)
    address = reverse("redaction:study", args=[study.slug])
    assert "Nothing is ready to cross" in client.get(address).content.decode()
    reader = Client()
    sign_in(reader, Role.REDACTOR)
    post(reader, "read", study, "next")
    words = reader.get(reverse("redaction:read", args=[study.slug])).context["words"]
    post(reader, "read", study, "confirm", words=words)
    assert "1 are done" in client.get(address).content.decode()
    page = client.post(address).content.decode()
    assert "1 with words have crossed" in page
    assert "Dave" not in page
    assert len(responses.read_texts(study.slug)) == 1
    assert client.get(reverse("redaction:progress")).status_code == 200
    assert client.get(reverse("redaction:study", args=["gone"])).status_code == 404


def test_the_pages_say_when_the_desk_has_closed_and_when_there_is_no_frame(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_desk(TEXTS[0])
    coder = Client()
    sign_in(coder, Role.CODER)
    page = coder.get(reverse("redaction:code", args=[study.slug])).content.decode()
    assert "has no code frame" in page
    crossing.end(study, by=SYSTEM, at=LAST_DAY)
    monkeypatch.setattr(timezone, "now", lambda: LAST_DAY)
    sign_in(client, Role.REDACTOR)
    shown = client.get(reverse("redaction:read", args=[study.slug])).content.decode()
    assert "The desk closed on 28 September 2026" in shown
