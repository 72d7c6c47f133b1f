"""The web door while the key holder is away. Proves PRV 15: a calm page, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from harken.method.terms import Language
from harken.service.interview.words import words
from tests.make.sitting import NOW, make_open_study
from tests.service.interview.test_web_door import (
    answer_until,
    begin,
    heading_of,
    post,
    shown,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

SHIFT = (timezone.localdate() - NOW.date()).days


def test_a_respondent_sees_a_calm_page_and_goes_on_where_they_were(
    settings: LazySettings, tmp_path: Path
) -> None:
    make_open_study(shift_days=SHIFT)
    client = Client(raise_request_exception=False)
    begin(client)
    before = answer_until(client, "reported")
    post(client, "language", language="pl")
    before = shown(client)
    within, settings.HOLDER = settings.HOLDER, str(tmp_path / "nobody.sock")
    for answer in (
        client.get("/start"),
        post(client, "answer", question="reported", version="1", value="yes"),
    ):
        assert answer.status_code == 503
        assert answer["Retry-After"] == "10"
        text = answer.content.decode()
        assert heading_of(text) == words(Language("pl"))["calm_title"]
        assert "VAU" not in text
    assert 'name="value" value="yes"' in text
    settings.HOLDER = within
    assert heading_of(shown(client)) == heading_of(before)
