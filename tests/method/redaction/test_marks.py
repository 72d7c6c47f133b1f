"""What the machine marks in a text: forms, what is known, context, names. PRV 42 in part."""

from __future__ import annotations

import datetime as dt

import pytest

from harken.method.redaction import Known, Mark, MarkKind, MarkSource, mark, propose
from harken.method.redaction.context import loud
from harken.method.redaction.kinds import merged

WRITER = Known(
    names=("Thandekile Grace", "Rowanborska"),
    lines=("Flat 7", "24 Teasel Rise", "Tidemouth"),
    postcode="ZZ12 3AB",
    telephone="07700 900123",
    email="thandi.r@post.example",
    reference="4512/0012345/26",
    born=dt.date(1980, 3, 14),
)


def kinds(text: str, known: Known | None = None) -> list[tuple[str, str]]:
    """Every marked word with its kind."""
    found = mark(text, known) if known else mark(text)
    return [(text[one.start : one.end], one.kind.value) for one in found]


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("ring 07700 900123 please", "07700 900123", "phone"),
        ("ring 020-7946-0123 please", "020-7946-0123", "phone"),
        ("ring +44 7700 900 123 please", "+44 7700 900 123", "phone"),
        ("ring +48 601 234 567 please", "+48 601 234 567", "phone"),
        ("write to a.b@post.example now", "a.b@post.example", "email"),
        ("write to ab at gmail dot com", "ab at gmail dot com", "email"),
        ("see www.example.org/x today", "www.example.org/x", "web"),
        ("she is @someone_there", "@someone_there", "web"),
        ("we live in zz12 3ab now", "zz12 3ab", "postcode"),
        ("we live in ZZ12 now", "ZZ12", "postcode"),
        ("a car, AB12 CDE, stood there", "AB12 CDE", "plate"),
        ("a car, A123 BCD, stood there", "A123 BCD", "plate"),
        ("a car, ABC 123D, stood there", "ABC 123D", "plate"),
        (
            "my crime number 4512/0012345/26 is",
            "crime number 4512/0012345/26",
            "reference",
        ),
        ("CAD 1234 was the", "CAD 1234", "reference"),
        ("they wrote CRI20261234 on it", "CRI20261234", "reference"),
        ("PC 4521 came round", "PC 4521", "number"),
        ("my insurance AB 12 34 56 C too", "AB 12 34 56 C", "number"),
        ("number 943 476 5919 was", "943 476 5919", "number"),
        ("it was on 14th March 2021 that", "14th March 2021", "date"),
        ("it was 03/11/2025 that", "03/11/2025", "date"),
        ("it was 2025-11-03 that", "2025-11-03", "date"),
        ("it was March 14, 2021 that", "March 14, 2021", "date"),
        ("in June 2025 they", "June 2025", "date"),
        ("they came last Tuesday and", "last Tuesday", "date"),
        ("it was on christmas eve that", "on christmas eve", "date"),
        ("the day of my birthday", "my birthday", "date"),
        ("with my 7 year old there", "7 year old", "age"),
        ("we are at 24 Teasel Rise now", "24 Teasel Rise", "place"),
        ("we are at 24 teasel road now", "24 teasel road", "place"),
        ("it was on mill road again", "on mill road", "place"),
        ("in flat 12b upstairs", "flat 12b", "place"),
    ],
)
def test_forms_are_marked(text: str, word: str, kind: str) -> None:
    assert (word, kind) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "They were kind. Send letters that can be understood.",
        "The Police and the Crown Prosecution Service kept me waiting 3 weeks to close it.",
        "I had to explain it all again to each new person.",
        "Victim Support helped; the Witness Service too. Thank you.",
        "In may they said nothing. It will be grace that helps.",
        "On the street nobody would mark it.",
    ],
)
def test_words_that_tell_nothing_are_left(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("my brother dave rang", "dave", "name"),
        ("my ex-husband Kwabenion came", "Kwabenion", "name"),
        ("pc jones was rude", "jones", "name"),
        ("a nice DC Sorrelgarthe came", "Sorrelgarthe", "name"),
        ("the officer, Beatrizel, said", "Beatrizel", "name"),
        ("a lady called Zofianna helped", "Zofianna", "name"),
        ("she was called joan i think", "joan", "name"),
        ("my friend, Will, came", "Will", "name"),
        ("her mum rose cried", "rose", "name"),
        (
            "the teachers of Marrowfield Primary knew",
            "Marrowfield Primary",
            "organisation",
        ),
        (
            "the teachers of marrowfield primary school knew",
            "marrowfield primary school",
            "organisation",
        ),
        ("she went to st annes church then", "st annes church", "organisation"),
        ("I work at Larkfield so", "Larkfield", "organisation"),
        ("we moved to Tidemouth then", "Tidemouth", "place"),
        ("then sarah helped", "sarah", "name"),
        ("then I saw Grace there", "Grace", "name"),
        ("he said Kosisocho did it", "Kosisocho", "name"),
        ("Kosisocho Kestrelborska rang", "Kosisocho Kestrelborska", "name"),
        ("THE OFFICER SARAH JONES WAS RUDE", "SARAH JONES", "name"),
    ],
)
def test_context_names_and_capitals(text: str, word: str, kind: str) -> None:
    assert (word, kind) in kinds(text)


def test_a_lone_capital_at_the_beginning_is_no_name_unless_it_is_listed() -> None:
    assert kinds("Marvellous help.") == []
    assert kinds("Sarah helped.") == [("Sarah", "name")]
    assert loud("THEY WERE RUDE")
    assert not loud("...")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("they called me thandékile all day", "thandékile"),
        ("mrs rowanborska this", "rowanborska"),
        ("07700.900.123 is mine", "07700.900.123"),
        ("+44 7700900123 is mine", "+44 7700900123"),
        ("outside teasel rise", "teasel rise"),
        ("flat 7, please", "flat 7"),
        ("all of tidemouth knows", "tidemouth"),
        ("it is zz123ab", "zz123ab"),
        ("thandi.r is my name there", "thandi.r"),
        ("ref 45120012345-26 it said", "45120012345-26"),
        ("born in 1980 you see", "1980"),
    ],
)
def test_what_is_known_of_the_writer_is_found_however_it_is_written(
    text: str, word: str
) -> None:
    assert any(word in found for found, _ in kinds(text, WRITER))
    sure = mark(text, WRITER, sources=[MarkSource.VAULT])
    assert [text[one.start : one.end] for one in sure]


def test_what_is_known_never_shows_itself_and_nothing_known_marks_nothing() -> None:
    assert "Thandekile" not in repr(WRITER)
    nobody = Known(
        names=("", "A", "May"), telephone="123", reference="12", postcode="E1"
    )
    assert mark("a may 123 12 e1", nobody, sources=[MarkSource.VAULT]) == ()


def test_only_the_sources_asked_for_are_used() -> None:
    text = "Sarah rang 07700 900123"
    assert [one.kind for one in mark(text, sources=[MarkSource.PATTERN])] == [
        MarkKind.PHONE
    ]
    assert [one.kind for one in mark(text, sources=[MarkSource.NAMES])] == [
        MarkKind.NAME
    ]


def test_overlaps_become_one_mark_of_the_surer_kind_and_names_join() -> None:
    text = "Kosisocho Smith rang"
    name, place = MarkKind.NAME, MarkKind.PLACE
    whole = merged(
        text,
        [
            Mark(0, 9, name, MarkSource.CAPITALS),
            Mark(4, 9, place, MarkSource.VAULT),
        ],
    )
    assert whole == (Mark(0, 9, place, MarkSource.VAULT),)
    joined = merged(
        text,
        [Mark(0, 9, name, MarkSource.CAPITALS), Mark(10, 15, name, MarkSource.NAMES)],
    )
    assert joined == (Mark(0, 15, name, MarkSource.NAMES),)
    assert propose(text, joined) == "[name] rang"
