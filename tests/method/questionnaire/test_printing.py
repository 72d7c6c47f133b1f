"""The instrument on paper, by mode and language. Proves: ARCHITECTURE 5 (one source)."""

from __future__ import annotations

import pytest

from harken.method.questionnaire import printed_form
from harken.method.terms import Language, Mode
from tests.make.questionnaire import (
    AGREE,
    REPORTED,
    make_questionnaire,
    question,
    section,
)

ROUTED = [
    ("reported == 'yes'", "Only if question 2 is “Yes”."),
    ("reported != 'yes'", "Only if question 2 is answered with anything but “Yes”."),
    (
        "reported in ['yes', 'no']",
        "Only if question 2 is one of “Yes”, “No”.",
    ),
    (
        "reported not in ['no']",
        "Only if question 2 is answered with none of “No”.",
    ),
    ("days < 3", "Only if question 3 is below 3."),
    ("days <= 3", "Only if question 3 is at most 3."),
    ("days > 3.5", "Only if question 3 is above 3.5."),
    ("days >= 3", "Only if question 3 is at least 3."),
    ("days == days", "Only if question 3 is question 3."),
    ("has(some, 'a')", "Only if question 4 includes “A”."),
    ("answered(days)", "Only if question 3 is answered."),
    ("refused(days)", "Only if question 3 was declined or not known."),
    ("not answered(days)", "Only if not (question 3 is answered)."),
    ("mode == 'web'", "Only if mode is “web”."),
    (
        "(answered(days) or refused(days)) and mode == 'web'",
        "Only if (question 3 is answered or question 3 was declined or not known) "
        "and mode is “web”.",
    ),
    (
        "answered(days) and answered(some) or mode == 'web'",
        "Only if (question 3 is answered and question 4 is answered) or mode is “web”.",
    ),
]


@pytest.mark.parametrize(("text", "words"), ROUTED)
def test_routing_is_told_in_words(text: str, words: str) -> None:
    read = make_questionnaire(
        AGREE,
        REPORTED,
        section(
            question("days", "number", unit="days"),
            question("some", "multiple"),
            question("last", if_=f'"{text}"'),
        ),
    )
    assert printed_form(read).parts[-1].rows[-1].when == words


def test_a_form_has_the_wording_of_its_mode_and_language() -> None:
    words = (
        "language: pl\ntexts: {reported.text: Czy?, routing.if: 'Gdy {condition}.'}\n"
    )
    told = question(note="Slowly", hint="A leaflet", if_="\"reported == 'yes'\"")
    read = make_questionnaire(
        AGREE, REPORTED, section(told), translations={"pl": words}
    )
    web = printed_form(read).parts
    assert web[1].rows[0].text == "Did you report it to the police?"
    assert (web[2].rows[0].note, web[2].rows[0].hint) == ("", "A leaflet")
    spoken = printed_form(read, mode=Mode.TELEPHONE).parts
    assert spoken[1].rows[0].text == "And did you tell the police?"
    assert spoken[2].rows[0].note == "Slowly"
    polish = printed_form(read, language=Language("pl")).parts
    assert polish[1].rows[0].text == "Czy?"
    assert polish[2].rows[0].when.startswith("Gdy question 2 is")


def test_a_section_says_when_it_is_asked_and_that_it_is_sensitive() -> None:
    part = section(
        question(),
        sensitive="yes",
        announcement="Hard.",
        if_="\"reported == 'yes'\"",
    )
    form = printed_form(make_questionnaire(AGREE, REPORTED, part))
    assert form.parts[2].when == "Only if question 2 is “Yes”."
    assert form.parts[2].sensitive
    assert [row.number for row in form.parts[2].rows] == [3, 4]


def test_an_authors_text_is_never_markup() -> None:
    nasty = "'#panic(\"x\") \\ *b* \\u0007 $x$'"
    read = make_questionnaire(AGREE, section(question(text=nasty)))
    source = printed_form(read).typst(title='A "title" with \\ and #set')
    assert '"#panic(\\"x\\") \\\\ *b* \\\\u0007 $x$"' in source
    assert '#set document(title: "A \\"title\\" with \\\\ and #set"' in source


def test_control_characters_do_not_reach_the_markup() -> None:
    read = make_questionnaire(AGREE, section(question(text='"A\\tb\\nc\\u0007"')))
    assert '"Ab c"' in printed_form(read).typst(title="x")


def test_strong_words_and_lists_are_set_as_on_the_web() -> None:
    words = '"In the **last 12 months**:\\n\\n- once\\n- **twice**\\n"'
    read = make_questionnaire(
        AGREE, section(question(text=words, hint='"Not **this** one"'))
    )
    source = printed_form(read).typst(title="x")
    assert (
        '"In the " + loud("last 12 months") + ":", list("once", loud("twice")), '
        in source
    )
    assert '"Not " + loud("this") + " one"' in source
    assert "**" not in source
