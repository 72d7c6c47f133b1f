"""Fills, markup and translations as tables: what is written, what is shown.

Proves: issue 3 (fills with grammar; gettext in and out; right to left; plain markup).
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from harken.method.errors import HarkenError
from harken.method.questionnaire import Value, check
from harken.method.questionnaire.wording import (
    Block,
    Wording,
    blocks,
    fills,
    right_to_left,
    translators_file,
    unbroken,
)
from harken.method.terms import Language, Missing, Mode
from tests.make.questionnaire import make_questionnaire
from tests.make.types import TYPES, make_types

EN, PL = Language("en"), Language("pl")
VALUES: dict[str, Value] = {
    "one": "b",
    "some": ("a", "b"),
    "order": ("wales", "london"),
    "age": Decimal(1),
    "hours": Decimal("1234.5"),
    "cost": Decimal("1250.5"),
    "born": "1980-02-03",
    "since": "2024-05",
    "in_year": "2024",
    "at": "14:30",
    "name_it": "so {it} is",
    "tell": Missing.PREFER_NOT_TO_SAY,
    "grown": "no",
    "mode": "web",
}

SAID = [
    ("You said {one}.", "You said B."),
    ("{some}", "A and B"),
    ("{list(some, 'or')}", "A or B"),
    ("{list(order)}", "Wales and London"),
    ("{hours}", "1,234.5"),
    ("{age + 1}", "2"),
    ("{money(cost)}", "£1,250.50"),
    ("{money(hours, 'EUR')}", "€1,234.50"),
    ("{born}", "3 February 1980"),
    ("{date(born, 'short')}", "03/02/1980"),
    ("{since}", "May 2024"),
    ("{date(in_year)}", "2024"),
    ("{at}", "14:30"),
    ("{plural(age, 'one year', '{age} years')}", "one year"),
    ("{plural(hours, 'one hour', '{hours} hours')}", "1,234.5 hours"),
    ("{plural(sure, 'one', 'many')|no number}", "no number"),
    ("{tell|nothing yet}", "nothing yet"),
    ("{tell}!", "!"),
    ("{name_it}", "so {it} is"),
    ("{selected_label(one)}", "B"),
    ("{grown}", "No"),
    ("{if(age > 1, 'old', 'young')}", "young"),
    ("{{one}}", "{one}"),
    ("{mode}", "web"),
]


@pytest.mark.parametrize(("text", "said"), SAID)
def test_a_fill_says_what_the_table_says(text: str, said: str) -> None:
    quoted = text.replace('"', '\\"')
    book = make_types(TYPES.replace("You are grown.", f'"{quoted}"'))
    if "plural(sure" not in text:
        assert book.texts["grown_page.text"] == text
    words = Wording(book, VALUES, Mode.WEB, EN)
    assert words.of(book.question("grown_page")).value == said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{nobody}", "QUE-002"),
        ("{one", "QUE-082"),
        ("one}", "QUE-082"),
        ("{one's}", "QUE-082"),
        ("{one ==}", "QUE-001"),
        ("{line}", "QUE-002"),
        ("{plural(age)}", "QUE-007"),
        ("{age + one}", "QUE-004"),
        ("{plural(age, '{nobody}', 'x')}", "QUE-002"),
    ],
)
def test_a_fill_that_cannot_be_is_a_finding(text: str, code: str) -> None:
    with pytest.raises(HarkenError) as caught:
        make_types(TYPES.replace("You are grown.", f'"{text}"'))
    assert code in [finding.fault.code for finding in caught.value.findings]
    assert str(caught.value)


def test_a_fill_knows_the_names_it_shows() -> None:
    (fill,) = fills("{plural(age, 'one', '{hours} of {line}')|none}")
    assert fill.names == ("age", "hours")
    assert fill.instead == "none"


def test_plurals_follow_the_language_of_the_words() -> None:
    forms = "{plural(age, '{age} rok', '{age} lata', '{age} lat')}"
    texts = f'language: pl\ntexts:\n  sure.text: "{forms}"\n'
    book = make_types(translations={PL: texts})
    for number, said in ((1, "1 rok"), (3, "3 lata"), (5, "5 lat"), (22, "22 lata")):
        words = Wording(book, {"age": Decimal(number)}, Mode.WEB, PL)
        assert words.of(book.question("sure")).value == said


def test_languages_know_their_direction() -> None:
    assert right_to_left(Language("ar"))
    assert right_to_left(Language("ur"))
    assert not right_to_left(EN)
    assert not right_to_left(Language("xx-unheard"))


def test_markup_is_paragraphs_lists_and_strong_words() -> None:
    found = list(blocks("Hello **you** and\nme.\n\n- one\n- **two**\n\n\n*not* this"))
    assert found == [
        Block(runs=(("Hello ", False), ("you", True), (" and me.", False))),
        Block(items=((("one", False),), (("two", True),))),
        Block(runs=(("*not* this", False),)),
    ]
    assert list(blocks("")) == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("0808 157 0100", "0808\u00a0157\u00a00100"),
        ("Ring 0800 1111 now", "Ring 0800\u00a01111 now"),
        ("27 3 2025, or 999 and 55", "27 3 2025, or 999 and 55"),
    ],
)
def test_a_telephone_number_stays_whole(text: str, whole: str) -> None:
    assert unbroken(text) == whole


PO = """
msgid ""
msgstr "Language: pl\\n"

#, fuzzy
msgctxt "agree.text"
msgid "Will you take part?"
msgstr "Udział?"

msgctxt "reported.text"
msgid "Did you once report it?"
msgstr "Zgłoszono?"

msgctxt "reported.yes"
msgid "Yes"
msgstr ""
"""


def test_gettext_files_are_read_and_say_what_is_out_of_date() -> None:
    book = make_questionnaire(translations={"pl": PO})
    assert book.text("agree.text", language=PL).value == "Udział?"
    assert book.text("reported.yes", language=PL).language == "en"
    found = check(book, languages=[EN, PL])
    old = [one.detail["key"] for one in found if one.fault.code == "QUE-081"]
    missing = [one.detail["key"] for one in found if one.fault.code == "QUE-033"]
    assert sorted(map(str, old)) == ["agree.text", "reported.text"]
    assert "reported.yes" in missing
    assert "agree.text" not in missing


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('msgid "x', "QUE-083"),
        ('msgctxt "nothing.text"\nmsgid "x"\nmsgstr "y"\n', "QUE-023"),
        ('msgctxt "agree.text"\nmsgid "x"\nmsgstr "{y"\n', "QUE-082"),
    ],
)
def test_a_mistake_in_a_gettext_file_is_a_finding(text: str, code: str) -> None:
    with pytest.raises(HarkenError) as caught:
        make_questionnaire(translations={"pl": text})
    assert [finding.fault.code for finding in caught.value.findings] == [code]


def test_a_translators_file_comes_back_as_it_went_out() -> None:
    book = make_questionnaire(translations={"pl": PO})
    text, left, stale = translators_file(book, PL)
    assert stale == 2
    assert left > 3
    again = make_questionnaire(translations={"pl": text})
    assert again.translations == book.translations
    assert again.stale == {PL: ("agree.text", "reported.text")}
    filled = text.replace('msgstr ""\n\n', 'msgstr "słowo"\n\n').replace(
        "#, fuzzy\n", ""
    )
    done = make_questionnaire(translations={"pl": filled})
    assert len(done.translations[PL]) > len(book.translations[PL])
