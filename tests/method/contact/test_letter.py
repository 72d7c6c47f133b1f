"""Letters as plain blocks, and the lint of revealing words. Proves SAF-04."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.contact import Letter
from harken.method.contact.letter import FIELDS
from harken.method.errors import HarkenError

STUDY = Path(__file__).parents[3] / "studies" / "victims-review" / "letters"
VALUES = {name: f"<{name}>" for name in FIELDS}


def refused(markdown: str) -> list[str]:
    """The codes of a refused letter."""
    with pytest.raises(HarkenError) as error:
        Letter.read(markdown, "x.md")
    return [finding.fault.code for finding in error.value.findings]


def test_a_letter_becomes_blocks_with_the_code_in_a_run_of_its_own() -> None:
    letter = Letter.read(
        "# Hello\n\nDear *{given_name}*,\nyour code: **{code}** at {web_address}\n\n- one\n",
        "x.md",
    )
    heading, body, item = letter.filled(VALUES)
    assert (heading["kind"], body["kind"], item["kind"]) == (
        "heading",
        "paragraph",
        "item",
    )
    runs = body["runs"]
    assert isinstance(runs, list)
    assert [run["text"] for run in runs if run["kind"] == "code"] == ["<code>"]
    assert [run["text"] for run in runs if run["emphasis"]] == ["<given_name>"]
    assert [run["text"] for run in runs if run["strong"]] == ["<code>"]


def test_a_name_with_marks_stays_a_name() -> None:
    letter = Letter.read("Dear {given_name} {code} {web_address}", "x.md")
    odd = VALUES | {"given_name": "#[*_{surname}_*]$x$"}
    (block,) = letter.filled(odd)
    assert "#[*_{surname}_*]$x$" in str(block)


@pytest.mark.parametrize(
    ("markdown", "codes"),
    [
        ("", ["CON-006"]),
        ("<!-- only a comment -->", ["CON-006"]),
        ("Dear {giver_name}", ["CON-002"]),
        ("A [link](https://example.org) {nothing}", ["CON-003", "CON-002"]),
        ("![x](y.png)", ["CON-003"]),
        ("a `code` b", ["CON-003"]),
        ("hello\n\n    indented code\n", ["CON-003"]),
    ],
)
def test_what_letters_cannot_hold_is_refused_with_a_code(
    markdown: str, codes: list[str]
) -> None:
    assert set(refused(markdown)) == set(codes)


def test_a_misspelt_field_gets_a_suggestion_and_a_line() -> None:
    with pytest.raises(HarkenError) as error:
        Letter.read("Dear\n\n{giver_name}", "x.md")
    (finding,) = error.value.findings
    assert finding.suggestion == "given_name"
    assert str(finding.place) == "x.md:3"


def test_a_letter_must_show_the_code_and_the_address() -> None:
    letter = Letter.read("Dear {given_name}", "x.md")
    codes = [f.fault.code for f in letter.findings(outside=())]
    assert codes == ["CON-005", "CON-005"]


@pytest.mark.parametrize(
    "word",
    ["Victims' Review", "Metropolitan Police", "crimes", "Sexual Offences", "policja"],
)
def test_nothing_outside_the_letter_may_tell_what_it_is_about(word: str) -> None:
    letter = Letter.read("{code} {web_address}", "x.md")
    assert {f.fault.code for f in letter.findings(outside=[word])} == {"CON-004"}
    assert letter.findings(outside=["Public Services Review"]) == ()


def test_sensitive_letters_are_held_to_it_throughout_with_their_fields() -> None:
    letter = Letter.read("{code} {web_address} {controller}", "x.md")
    assert letter.findings(outside=()) == ()
    assert letter.findings(outside=(), sensitive={"controller": "The Office"}) == ()
    found = letter.findings(outside=(), sensitive={"controller": "Police Office"})
    assert [finding.detail["word"] for finding in found] == ["police"]


def test_the_demo_studys_letters_reveal_nothing() -> None:
    for path in sorted(STUDY.glob("*.md")):
        letter = Letter.read(path.read_text(encoding="utf-8"), path.name)
        assert letter.findings(outside=(), sensitive={}) == ()


@given(st.text(max_size=300))
def test_no_text_breaks_the_letter_reader(text: str) -> None:
    with contextlib.suppress(HarkenError):
        letter = Letter.read(text, "x.md")
        letter.filled(VALUES)
        letter.findings(outside=[text], sensitive=VALUES)
