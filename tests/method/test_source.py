"""Reading YAML with places: ISSUE-2 bad input; STYLE 4.7. Fuzzed: it never fails otherwise."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import Finding, HarkenError, Place
from harken.method.source import DEPTH, LIMIT, Reader, read


class Colour(StrEnum):
    """A closed list for these tests."""

    RED = "red"
    GREEN = "green"


def reader(text: str) -> Reader:
    return Reader(read(text, "study.yaml"), [])


def first(error: pytest.ExceptionInfo[HarkenError]) -> Finding:
    return error.value.findings[0]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: [1, 2", "SRC-001", 2),
        ("a: 1\n\tb: 2", "SRC-001", 2),
        ("", "SRC-001", None),
        ("a: 1\nb: 2\na: 3", "SRC-002", 3),
        ("? [a, b]\n: 1", "SRC-001", 1),
        ("a: &x 1\nb: *x", "SRC-007", 2),
        ("a: \x00", "SRC-001", None),
        ("[" * (DEPTH + 5) + "]" * (DEPTH + 5), "SRC-001", 1),
        ("x" * (LIMIT + 1), "SRC-006", None),
    ],
)
def test_unreadable_text_is_a_finding_with_its_place(
    text: str, code: str, line: int | None
) -> None:
    with pytest.raises(HarkenError) as error:
        read(text, "study.yaml")
    found = first(error)
    assert found.fault.code == code
    assert found.place is not None
    assert found.place.line == line
    assert str(found).startswith("study.yaml")


def test_scalars_stay_what_the_author_wrote() -> None:
    node = read("a: no\nb: 2026-03-01\nc: 1e3\nd: ~", "x")
    assert isinstance(node.value, dict)
    assert [item.value for item in node.value.values()] == [
        "no",
        "2026-03-01",
        "1e3",
        "~",
    ]


def test_readers_give_typed_values() -> None:
    of = reader(
        "t: ' hello '\nn: 7\nd: 1.5\nf: yes\nday: 2026-03-31\nc: green\nw: [a, b]\n"
        "m: {k: v}\nl:\n  - {k: 1}\n  - {k: 2}\n"
    )
    assert of.text("t") == "hello"
    assert of.number("n") == 7
    assert of.decimal("d") == 1.5
    assert of.flag("f") is True
    assert of.day("day") == dt.date(2026, 3, 31)
    assert of.choice("c", Colour) is Colour.GREEN
    assert of.words("w") == ("a", "b")
    child = of.child("m")
    assert child is not None
    assert child.text("k") == "v"
    assert [item.number("k") for item in of.children("l")] == [1, 2]
    assert [key for key, _ in of.entries("m")] == ["k"]
    of.done()
    assert of.findings == []


def test_defaults_stand_in_for_absent_keys() -> None:
    of = reader("{}")
    day = dt.date(2026, 1, 1)
    assert of.text("t", "d") == "d"
    assert of.optional("o") is None
    assert of.number("n", 3) == 3
    assert of.decimal("x", 0.5) == 0.5
    assert of.flag("f", default=True) is True
    assert of.day("y", day) == day
    assert of.choice("c", Colour, Colour.RED) is Colour.RED
    assert of.words("w", ["a"]) == ("a",)
    assert of.child("m", required=False) is None
    assert list(of.children("l", required=False)) == []
    assert list(of.entries("e", required=False)) == []
    assert not of.has("t")
    assert of.at("t") == of.place
    assert of.findings == []


@pytest.mark.parametrize(
    "read_it",
    [
        lambda of: of.text("a"),
        lambda of: of.number("a"),
        lambda of: of.decimal("a"),
        lambda of: of.flag("a"),
        lambda of: of.day("a"),
        lambda of: of.choice("a", Colour),
        lambda of: of.words("a"),
        lambda of: of.child("a"),
        lambda of: list(of.children("a")),
        lambda of: list(of.entries("a")),
    ],
)
def test_a_required_key_that_is_absent_is_one_finding(read_it: object) -> None:
    assert callable(read_it)
    of = reader("{}")
    read_it(of)
    assert [found.fault.code for found in of.findings] == ["SRC-004"]


@pytest.mark.parametrize(
    ("text", "read_it"),
    [
        ("a: [1]", lambda of: of.text("a")),
        ("a: seven", lambda of: of.number("a")),
        ("a: seven", lambda of: of.number("a", 1)),
        ("a: x", lambda of: of.decimal("a")),
        ("a: maybe", lambda of: of.flag("a")),
        ("a: 31.3.2026", lambda of: of.day("a")),
        ("a: gren", lambda of: of.choice("a", Colour)),
        ("a: b", lambda of: of.words("a")),
        ("a: [[b]]", lambda of: of.words("a")),
        ("a: b", lambda of: list(of.children("a"))),
        ("a: b", lambda of: list(of.entries("a"))),
        ("a: b", lambda of: of.child("a")),
    ],
)
def test_a_value_of_another_kind_is_one_finding_with_its_place(
    text: str, read_it: object
) -> None:
    assert callable(read_it)
    of = reader(text)
    read_it(of)
    assert [found.fault.code for found in of.findings] == ["SRC-005"]
    place = of.findings[0].place
    assert place is not None
    assert place.line == 1
    assert place.column == 4 or text == "a: [[b]]"


def test_an_empty_text_is_missing() -> None:
    of = reader("a: ''")
    of.text("a")
    assert [found.fault.code for found in of.findings] == ["SRC-004"]


def test_a_misspelt_key_is_named_with_what_may_be_meant() -> None:
    of = reader("questoins: 1\nother: 2")
    of.text("questions", "")
    of.text("other")
    of.done()
    assert [found.suggestion for found in of.findings] == ["questions"]
    assert "Did you mean questions?" in str(of.findings[0])
    assert of.findings[0].place == Place("study.yaml", 1, 1)


def test_a_misspelt_word_of_a_list_is_named_with_what_may_be_meant() -> None:
    of = reader("a: gren")
    of.choice("a", Colour)
    assert of.findings[0].suggestion == "green"


def test_a_list_where_a_mapping_should_be_is_a_finding() -> None:
    of = reader("- a\n- b")
    assert [found.fault.code for found in of.findings] == ["SRC-005"]


def read_or_refused(text: str) -> tuple[Finding, ...]:
    """The findings of a refusal, or none; any other exception fails the test."""
    try:
        of = Reader(read(text, "fuzz.yaml"), [])
    except HarkenError as error:
        return error.findings
    of.text("a", "")
    of.done()
    return tuple(of.findings)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_finding(text: str) -> None:
    for found in read_or_refused(text):
        assert found.fault.code.startswith("SRC")
        assert found.place is not None


@given(
    st.recursive(
        st.text(alphabet="abc:-[]{}#&*!|>'\"% \n\t", max_size=12),
        lambda inner: st.lists(inner, max_size=4).map(" ".join),
        max_leaves=12,
    )
)
def test_text_that_looks_like_yaml_is_read_or_refused(text: str) -> None:
    for found in read_or_refused(text):
        assert found.place is not None


def test_deep_nesting_is_refused_before_it_can_hurt() -> None:
    for text in ("[" * 100_000, "[" * 100_000 + "]" * 100_000, "{a: " * 100_000):
        assert read_or_refused(text)[0].fault.code == "SRC-001"
