"""Pages are read aloud from files of this house, never started by themselves.

Proves SAF-34 (the help list in text and audio), SAF-23 (no third party hears a text) and
SAF-26 (works without script).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from harken import cli
from harken.method.terms import Language
from harken.service.interview import aloud
from harken.service.questionnaire import queries as instruments
from harken.service.study import queries as studies
from harken.service.study.models import Study
from tests.make.sitting import NOW, make_open_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

EN, PL = Language("en"), Language("pl")


@pytest.fixture
def study() -> Study:
    return make_open_study(shift_days=(timezone.localdate() - NOW.date()).days)


def record(text: str, language: str, *endings: str) -> None:
    """A recording, as people would put one there."""
    aloud.folder().mkdir(exist_ok=True)
    for ending in endings:
        file = aloud.folder() / f"{aloud.name_of(text, language)}.{ending}"
        file.write_bytes(f"sound of {language}".encode())
    os.utime(aloud.folder(), ns=(0, aloud.stamp() + 1))


def begin(client: Client) -> str:
    client.post("/start", {"do": "how", "how": "open"})
    return client.get("/start").content.decode()


def test_without_recordings_no_page_offers_one(client: Client, study: Study) -> None:
    for path in ("start", "help", "safety", "privacy"):
        assert "<audio" not in client.get(f"/{path}").content.decode()
    assert "<audio" not in begin(client)
    assert client.get("/sound/aaaa.wav").status_code == 404


def test_the_help_list_is_offered_in_audio_and_never_starts_by_itself(
    client: Client, study: Study
) -> None:
    record(aloud.of_help(studies.folder(study), EN), "en", "wav", "opus")
    page = client.get("/help").content.decode()
    player = re.search(r"<audio[^>]*>.*?</audio>", page, re.DOTALL)
    assert player
    assert 'preload="none"' in player[0]
    assert "autoplay" not in player[0]
    assert page.count("<audio") == 1
    assert page.index("<audio") < page.index('class="app-service"')
    found = re.findall(r'src="([^"]+)" type="([^"]+)"', player[0])
    assert [kind for _, kind in found] == ["audio/ogg", "audio/wav"]
    assert all(address.startswith("/sound/") for address, _ in found)
    assert "<audio" not in client.get("/safety").content.decode()


def test_a_recording_is_served_whole_and_in_parts(client: Client, study: Study) -> None:
    record(aloud.of_front(EN), "en", "mp3")
    (address, kind), *rest = aloud.sources(aloud.of_front(EN), EN)
    assert not rest
    whole = client.get(address)
    assert (whole.status_code, whole.content) == (200, b"sound of en")
    assert whole["Content-Type"] == kind == "audio/mpeg"
    assert not whole.cookies
    part = client.get(address, headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, b"sound")
    assert part["Content-Range"] == "bytes 0-4/11"
    end = client.get(address, headers={"Range": "bytes=9-"})
    assert (end.status_code, end.content) == (206, b"en")
    assert client.get(address, headers={"Range": "bytes=11-"}).status_code == 416
    assert client.get("/sound/..%2Fkeys.wav").status_code == 404


def test_a_question_is_read_to_everybody_alike(client: Client, study: Study) -> None:
    page = begin(client)
    assert "<audio" not in page
    book = instruments.instrument(study)
    first = book.questions[0]
    text = aloud.of_question(book, first, EN)
    assert "Do you agree to take part?" in text
    record(text, "en", "opus")
    assert "<audio" in client.get("/start").content.decode()
    changed = text.replace("agree", "consent")
    assert not aloud.sources(changed, EN)
    assert not aloud.sources(text, PL)


def test_what_is_not_wholly_in_the_readers_language_is_not_read(study: Study) -> None:
    folder, book = studies.folder(study), instruments.instrument(study)
    for language, text in aloud.texts(folder, book):
        assert text.strip()
        assert language in folder.charter.languages
    assert aloud.of_message(folder, "safety", Language("xx")) == ""
    assert aloud.of_question(book, book.questions[0], Language("cy")) == ""


def test_without_a_voice_the_command_says_what_to_install(
    study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert cli.main(["interview", "record", study.slug]) == 3
    assert "apt-get install espeak-ng" in capsys.readouterr().err


@pytest.mark.slow
def test_the_command_makes_a_recording_of_each_text_once(
    study: Study, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["interview", "record", study.slug]) == 0
    first = capsys.readouterr().out
    assert cli.main(["interview", "record", study.slug]) == 0
    assert "; 0 of them" in capsys.readouterr().out
    wanted = list(aloud.texts(studies.folder(study), instruments.instrument(study)))
    assert f"{len(wanted)} of them" in first
    waves = list(aloud.folder().glob("*.wav"))
    assert len(waves) == len(wanted) > 5
    assert all(file.read_bytes()[:4] == b"RIFF" for file in waves)
    assert cli.main(["interview", "texts", study.slug]) == 0
    assert " no " not in capsys.readouterr().out
