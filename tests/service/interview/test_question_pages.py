"""Every type of question on the web page, without a browser.

Proves that each page is valid HTML in each state, that a list is searched without
script, that an unusual answer is asked about and can be mended or stand, and that what
was answered is shown again and read back in words.
"""

from __future__ import annotations

import datetime as dt
import html
import json
from decimal import Decimal
from pathlib import Path

import html5lib
import pytest
from django.test import Client

from harken.method.questionnaire import Question, QuestionType
from harken.method.terms import Language
from harken.service.interview import filled, leaflets, models, queries
from harken.service.interview.filled import form_of, found_in, in_words
from tests.make.showcase import make_showcase, other_pages, question_pages
from tests.service.interview.test_web_door import heading_of, post, shown, version_of

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def test_every_page_is_valid_turned_round_and_leads_to_the_end() -> None:
    study = make_showcase()
    pages = [*question_pages("ur"), *other_pages(study, "ur")]
    for one in pages:
        html5lib.HTMLParser(strict=True).parse(one.html)
        assert '<html lang="ur" dir="rtl"' in one.html, one.label
        assert "govuk-frontend.rtl.min.css" in one.html, one.label
    by_label = {(one.name, one.state): html.unescape(one.html) for one in pages}
    assert ">Barking</label>" in by_label["place", "found"]
    assert 'role="status"' in by_label["place", "nothing"]
    assert 'name="confirm" value="yes"' in by_label["hours", "unusual"]
    assert 'value="20"' in by_label["hours", "unusual"]
    assert 'name="part_minutes" type="text" value="30"' in by_label["lasted", "filled"]
    assert 'value="12.50"' in by_label["cost", "filled"]
    assert '<option value="1" selected>' in by_label["rank", "filled"]
    assert "پہلا دفتر" not in by_label["one", "empty"]
    assert "app-code" in by_label["done", "empty"]


def test_an_unusual_answer_is_mended_or_stands(client: Client) -> None:
    make_showcase()
    post(client, "how", how="open")
    for question, value in (("agree", "yes"), ("private_ok", "continue")):
        post(client, "understood")
        sent = {"question": question, "version": version_of(shown(client))}
        post(client, "answer", value=value, **sent)
    while 'value="hours"' not in shown(client):
        page = shown(client)
        asked = page.split('name="question" value="')[1].split('"')[0]
        post(client, "skip", question=asked, version=version_of(page))
    sent = {"question": "hours", "version": version_of(shown(client))}
    answer = post(client, "answer", value="20", **sent)
    assert heading_of(answer.content.decode()) == "Is this right?"
    mended = post(client, "amend", value="20", confirm="yes", **sent)
    assert heading_of(mended.content.decode()) == "How many hours did it take?"
    post(client, "answer", value="20", confirm="yes", reason="It was so.", **sent)
    row = models.Interview.objects.get()
    interview = queries.sitting(row).interview
    assert interview.answers["hours"] == Decimal(20)
    assert interview.confirmed["hours"] == "It was so."


@pytest.mark.parametrize(
    ("kind", "value", "form", "words"),
    [
        ("date", "2025-03-27", {"day": ["27"], "month": ["3"]}, "27 March 2025"),
        ("month", "2025-03", {"month": ["3"], "year": ["2025"]}, "March 2025"),
        ("about", "2025", {"year": ["2025"]}, "2025"),
        ("time", "14:30", {"hour": ["14"], "minute": ["30"]}, "14:30"),
        ("currency", Decimal("12.5"), {"value": ["12.50"]}, "12.50 GBP"),
        ("ranking", ("b", "a"), {"rank_b": ["1"], "rank_a": ["2"]}, "1. B\n2. A"),
        ("duration", Decimal(90), {"part_hours": ["1"]}, "1 HOURS, 30 MINUTES"),
    ],
)
def test_a_stored_answer_fills_its_boxes_and_is_read_back(
    kind: str, value: object, form: dict[str, list[str]], words: str
) -> None:
    question = Question(
        "q",
        QuestionType(kind),
        "s",
        currency="GBP" if kind == "currency" else "",
        units=("hours", "minutes") if kind == "duration" else (),
    )
    assert form_of(question, value).items() >= form.items()  # type: ignore[arg-type]

    def word(key: str) -> str:
        return "" if key.endswith(".unit") else key.rpartition(".")[2].upper()

    assert in_words(question, value, word, Language("en")) == words  # type: ignore[arg-type]


def test_a_list_is_searched_without_accents_and_capitals() -> None:
    names = [("a", "Żółw"), ("b", "Nowa Żuławka"), ("c", "Brent")]
    assert found_in(names, "zu", (), most=5) == ["b"]
    assert found_in(names, "Z", (), most=5) == ["a", "b"]
    assert found_in(names, "", {"c"}, most=5) == ["c"]
    assert found_in(names, "n", (), most=1) == ["b"]
    assert filled.DATES


def test_the_statement_is_made_from_the_latest_run(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = {
        "date": dt.date(2026, 3, 3).isoformat(),
        "browsers": ["Chromium 1", "Firefox 2"],
        "pages": 7,
        "languages": ["en", "pl"],
        "cells": 28,
        "cells_of_the_second": 9,
        "findings": ["start, empty, en: image-alt"],
        "unsure": {"color-contrast": 2},
    }
    file = tmp_path / "accessibility.json"
    file.write_text(json.dumps(run), encoding="utf-8")
    for path, words in (
        (file, "28 views in Chromium 1"),
        (file, "9 views in Firefox 2"),
        (tmp_path / "no", "not tested"),
    ):
        monkeypatch.setattr(leaflets, "RUN", path)
        leaflets.latest_run.cache_clear()
        page = client.get("/accessibility").content.decode()
        assert words in page
    leaflets.latest_run.cache_clear()
