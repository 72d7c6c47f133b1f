"""What changed between two versions, as a table: an edit, and what it is called.

Proves: issue 3 (a diff that says what changed in meaning).
"""

from __future__ import annotations

import pytest

from harken.method.questionnaire.versions import Change, difference
from harken.method.terms import Language
from tests.make.rosters import ROSTERS, make_rosters
from tests.make.types import TYPES, make_types

EDITS: list[tuple[str, str, Change, str]] = [
    ("text: Are you sure?", "text: Certain?", Change.WORDING, "sure.text"),
    ("{code: a, text: A}", "{code: a, text: Aa}", Change.WORDING, "one.a"),
    ("minimum: 0, maximum: 120", "maximum: 130", Change.LIMITS, "age"),
    ("hours > 24", "hours > 23", Change.CHECKS, "hours"),
    ("say: That is long., soft: yes", "say: That is long.", Change.CHECKS, "hours"),
    ('value: "hours + age"', 'value: "hours - age"', Change.VALUE, "total"),
    ("if: \"grown == 'yes'\"", "if: \"grown == 'no'\"", Change.ROUTING, "grown_page"),
    ("from: 0, to: 10", "from: 0, to: 11", Change.OPTIONS, "rate"),
    ("id: in_year, type: year", "id: in_year, type: month", Change.TYPE, "in_year"),
    ("type: line, text: In a word?", "type: line, identifying: yes, text: In a word?",
     Change.DUTIES, "name_it"),
    ("{id: at, type: time,", "{id: at_time, type: time,", Change.ADDED, "at_time"),
    ("{id: at, type: time,", "{id: at_time, type: time,", Change.REMOVED, "at"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "change", "name"), EDITS)
def test_an_edit_is_called_by_its_name(
    old: str, new: str, change: Change, name: str
) -> None:
    assert old in TYPES
    found = difference(make_types(), make_types(TYPES.replace(old, new, 1)))
    assert (change, name) in [(one.change, one.id) for one in found]
    if change is Change.WORDING:
        assert not any(one.change.of_meaning for one in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"hours + age"', '"hours+age"'),
        ("if: \"grown == 'yes'\"", "if: '(grown == \"yes\")'"),
        ("title: Choices\n", 'title: "Choices"\n'),
    ],
)
def test_what_is_only_written_otherwise_is_no_difference(old: str, new: str) -> None:
    assert old in TYPES
    assert difference(make_types(), make_types(TYPES.replace(old, new, 1))) == ()


def test_the_order_of_joined_parts_makes_no_difference() -> None:
    first = TYPES.replace("grown == 'yes'", "grown == 'yes' and age > 1")
    other = TYPES.replace("grown == 'yes'", "age > 1 and grown == 'yes'")
    assert difference(make_types(first), make_types(other)) == ()


def test_a_question_that_stands_elsewhere_has_moved() -> None:
    line = "      - {id: since, type: month, text: Since when?}\n"
    moved = TYPES.replace(line, "").replace(
        "      - {id: cost,", f"{line}      - {{id: cost,"
    )
    (one,) = difference(make_types(), make_types(moved))
    assert (one.change, one.id, one.after) == (Change.MOVED, "since", "after hours")
    assert one.before == "after born"


def test_more_lines_of_a_roster_are_a_difference() -> None:
    more = ROSTERS.replace("Another place?, maximum: 3", "Another place?, maximum: 4")
    found = difference(make_rosters(), make_rosters(more))
    assert (Change.LINES, "place") in [(one.change, one.id) for one in found]


def test_words_of_other_languages_are_compared_too() -> None:
    def polish(words: str) -> dict[Language, str]:
        return {Language("pl"): f"language: pl\ntexts: {{met.text: {words}}}\n"}

    old = make_rosters(translations=polish("Kogo?"))
    new = make_rosters(translations=polish("Kogo tam?"))
    (one,) = difference(old, new)
    assert (one.change, one.id, one.after) == (
        Change.WORDING,
        "pl met.text",
        "Kogo tam?",
    )
