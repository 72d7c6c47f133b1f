"""Pages kept for everybody: nobody's answer is on one, and each person gets their own token.

Proves that a kept page is byte for byte the page rendered for one person alone, in every
state of every type of question (SAF-24: nothing of another's interview is ever shown).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.test import Client

from harken.method.interview import Interview, begin
from harken.method.questionnaire import read_questionnaire
from harken.method.terms import Arm, Language, Mode
from harken.service.interview import models, screen, shapes
from harken.service.interview.queries import Sitting
from harken.service.interview.screen import Screen
from tests.make.showcase import make_showcase, question_pages
from tests.service.interview.test_web_door import begin as enter
from tests.service.interview.test_web_door import heading_of, post, shown, version_of

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

OWN = re.compile(
    r'(csrfmiddlewaretoken" value="|name="since" value="|app-code">)[\w-]*'
)


def pages() -> Mapping[tuple[str, str], str]:
    """Every question page in every state, without tokens and receipts."""
    return {
        (one.name, one.state): OWN.sub(r"\1", one.html) for one in question_pages("pl")
    }


def test_a_kept_page_is_the_page_made_for_one_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_showcase()
    shapes._PAGES.clear()
    with monkeypatch.context() as alone:
        alone.setattr(Screen, "shape", None)
        made_alone = pages()
    kept = pages()
    assert kept.keys() == made_alone.keys()
    differing = [name for name, html in kept.items() if html != made_alone[name]]
    assert not differing
    assert len(shapes._PAGES) >= 20
    for page in shapes._PAGES.values():
        text = b"".join(part for part in page if isinstance(part, bytes)).decode()
        assert not re.search(r"<input[^>]* checked|<option[^>]* selected", text)
        assert shapes.MARK not in text
        assert shapes.TOKEN in page


def test_two_people_have_their_own_tokens_versions_and_answers() -> None:
    make_showcase()
    tokens, versions = set(), set()
    for look in range(2):
        client = Client()
        enter(client)
        for _ in range(look):
            post(client, "language", language="en")
        page = shown(client)
        tokens |= set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page))
        versions.add(version_of(page))
    assert len(tokens) == 2
    assert versions == {"0", "1"}
    sent = {"question": "agree", "version": version_of(page)}
    post(client, "answer", value="yes", **sent)
    post(client, "back")
    assert heading_of(shown(client)) == "Do you agree?"
    assert re.search(r'value="yes"[^>]* checked', shown(client))
    other = Client()
    assert "checked" not in enter(other)


FILLED = """\
questionnaire: filled
version: "1"
sections:
  - id: start
    title: Taking part
    questions:
      - {id: agree, type: consent, purpose: take_part, required: yes, text: Do you agree?}
      - {id: days, type: number, text: How many days did it take?}
      - id: long
        type: single
        text: "Was it right that it took {days|some} days?"
        options: [{code: a, text: "Yes"}, {code: b, text: "No"}]
"""


def test_words_with_a_fill_are_nobody_elses() -> None:
    book = read_questionnaire(FILLED)
    row = models.Interview(version=1)

    def page(interview: Interview, name: str) -> Screen:
        return screen.screen(Sitting(row, book, interview), book.question(name))

    begun = begin(book, mode=Mode.WEB, arm=Arm.OPEN, language=Language("en"))
    assert page(begun, "days").shape is not None
    assert page(begun, "long").shape is None
    assert page(begun, "long").text == "Was it right that it took some days?"


def test_a_mode_shows_the_refusals_it_offers() -> None:
    choices = 'options: [{code: a, text: "Yes"}, {code: b, text: "No"}]\n'
    offered = "refusals: {telephone: [dont_know]}\n"
    book = read_questionnaire(FILLED.replace(choices, f"{choices}        {offered}"))
    row = models.Interview(version=1)
    shown = {}
    for mode in Mode:
        begun = begin(book, mode=mode, arm=Arm.OPEN, language=Language("en"))
        page = screen.screen(Sitting(row, book, begun), book.question("long"))
        shown[mode] = [choice.code for choice in page.refusals]
    assert shown == {
        Mode.WEB: ["prefer_not_to_say"],
        Mode.TELEPHONE: ["dont_know", "prefer_not_to_say"],
    }
