"""Forms of others, kept here under their licences: all are taken in, none raises an alarm.

Requirement: the test schemas import and the checker raises no false alarm (issue 3).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.questionnaire import check
from harken.method.questionnaire.exchange import Carriage, carriage, import_file
from tests.method.questionnaire.exchange.workbooks import codes

FORMS = Path(__file__).parent / "forms"
SCHEMAS = sorted((FORMS / "eq").glob("*.json"))
BOOKS = sorted((FORMS / "xlsform").glob("*.xls*"))
HOUSE = {"QUE-037", "QUE-040"}
"""No consent is asked in a schema of another house; that is no false alarm."""


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_is_taken_in_without_alarm(path: Path) -> None:
    made = import_file(path.read_bytes(), path.name)
    lost = [one for one in made.findings if carriage(one) is Carriage.LOST]
    assert [str(one) for one in lost] == []
    errors = [one for one in check(made.questionnaire) if one.fault.code not in HOUSE]
    assert [str(one) for one in errors if one.fault.level == "error"] == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_workbook_is_taken_in(path: Path) -> None:
    made = import_file(path.read_bytes(), path.name)
    assert made.questionnaire.questions
    assert all(one.place is not None for one in made.findings)
    assert "EXC-105" not in codes(made)


def test_jumps_become_conditions() -> None:
    path = FORMS / "eq" / "routing_checkbox_contains_any.json"
    read = import_file(path.read_bytes(), path.name).questionnaire
    pages = [question for question in read.questions if question.own]
    chosen = (
        "has(country_checkbox_answer, 'India') or has(country_checkbox_answer, 'Malta')"
    )
    assert [question.own.text for question in pages if question.own] == [
        f"not ({chosen})",
        chosen,
    ]


def test_a_section_for_each_person_of_a_list_speaks_of_that_person() -> None:
    path = FORMS / "eq" / "repeating_sections_with_hub_and_spoke.json"
    source = import_file(path.read_bytes(), path.name).files["questionnaire.yaml"]
    assert 'value: "on_line(first_name_2, line)"' in source


def test_a_question_about_every_pair_is_asked_of_each_later_line() -> None:
    path = FORMS / "eq" / "relationships_unrelated.json"
    read = import_file(path.read_bytes(), path.name).questionnaire
    pairs = [one.id for one in read.questions if one.source == "relationship_answer"]
    assert len(pairs) == 10 * 9
    assert read.question("relationship_answer#3.2").condition is not None


def _answer(data: bytes, name: str) -> bool:
    """Whether a file is taken in, or refused with an entry of the catalogue."""
    try:
        return bool(import_file(data, name).questionnaire.questions)
    except HarkenError as error:
        return error.findings[0].fault.code.startswith("EXC-00")


@pytest.mark.parametrize(
    "path", [BOOKS[0], BOOKS[-1], SCHEMAS[0]], ids=lambda p: p.stem
)
@given(data=st.data())
@settings(max_examples=25)
def test_a_damaged_file_gets_an_answer_in_words(
    path: Path, data: st.DataObject
) -> None:
    whole = path.read_bytes()
    end = data.draw(st.integers(0, len(whole)))
    place = data.draw(st.integers(0, max(0, end - 1)))
    byte = data.draw(st.binary(min_size=1, max_size=8))
    broken = whole[:place] + byte + whole[place:end]
    assert _answer(broken, path.name)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["sections", "groups", "blocks", "question", "answers", "type",
                             "id", "when", "==", "options", "routing_rules", "title"]),
            inner, max_size=4,
        ),
        max_leaves=12,
    )
)  # fmt: skip
@settings(max_examples=120)
def test_any_json_gets_an_answer_in_words(tree: object) -> None:
    text = json.dumps({"sections": [{"groups": [{"blocks": [tree]}]}]})
    assert _answer(text.encode(), "s.json")
