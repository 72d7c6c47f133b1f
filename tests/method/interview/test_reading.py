"""Reading what a form sent, and the stored form of an interview.

Proves SAF-30 (refusals apart from no answer) and that a mistake names the field, never
what was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method import interview as method
from harken.method.errors import HarkenError
from harken.method.interview import Interview
from harken.method.questionnaire import Value
from harken.method.terms import Missing
from tests.make.interview import make_interview, make_questionnaire

BOOK = make_questionnaire()
PLACES = {name: make_interview(until=name) for name in BOOK.names() if name != "slow"}


def value_of(question: str, form: Mapping[str, Sequence[str]]) -> Value:
    start = make_interview(until=question)
    return method.answer(BOOK, start, question, form).answers[question]


def fault_of(question: str, form: Mapping[str, Sequence[str]]) -> str:
    with pytest.raises(HarkenError) as error:
        value_of(question, form)
    finding = error.value.findings[0]
    assert finding.detail["question"] == question
    for texts in form.values():
        assert not any(len(text) > 3 and text in str(finding) for text in texts)
    return finding.fault.code


@pytest.mark.parametrize(
    ("question", "sent", "value"),
    [
        ("reported", ["no"], "no"),
        ("reported", ["dont_know"], Missing.DONT_KNOW),
        ("reported", ["", "prefer_not_to_say"], Missing.PREFER_NOT_TO_SAY),
        ("how", ["web", "phone"], ("phone", "web")),
        ("how", ["none"], ("none",)),
        ("how", ["prefer_not_to_say"], Missing.PREFER_NOT_TO_SAY),
        ("days", ["14"], Decimal(14)),
        ("days", [" 2,5 "], Decimal("2.5")),
        ("days", ["", "prefer_not_to_say"], Missing.PREFER_NOT_TO_SAY),
        ("month", ["2025-03"], "2025-03"),
        ("month", ["3/2025"], "2025-03"),
        ("words", ["One\r\ntwo\x00"], "One\ntwo"),
        ("words", [" \x07 "], Missing.NO_ANSWER),
        ("thanks", ["anything"], Missing.NO_ANSWER),
    ],
)
def test_a_form_becomes_a_value_of_its_type(
    question: str, sent: list[str], value: Value
) -> None:
    assert value_of(question, {"value": sent}) == value


def test_a_month_comes_in_two_boxes() -> None:
    assert value_of("month", {"month": ["3"], "year": ["2025"]}) == "2025-03"


@pytest.mark.parametrize(
    ("question", "sent", "code"),
    [
        ("reported", ["perhaps"], "INT-004"),
        ("reported", ["yes", "no"], "INT-005"),
        ("reported", ["yes", "dont_know"], "INT-006"),
        ("reported", ["dont_know", "prefer_not_to_say"], "INT-005"),
        ("reported", ["cant_remember"], "INT-004"),
        ("how", ["phone", "none"], "INT-006"),
        ("how", ["phone", "prefer_not_to_say"], "INT-006"),
        ("how", ["smoke"], "INT-004"),
        ("days", ["many"], "INT-007"),
        ("days", ["4", "5"], "INT-005"),
        ("days", ["1e5"], "INT-007"),
        ("days", ["NaN"], "INT-007"),
        ("days", ["366"], "INT-008"),
        ("days", ["-1"], "INT-008"),
        ("month", ["March"], "INT-009"),
        ("month", ["2025-13"], "INT-009"),
        ("month", ["1/2025", "2/2025"], "INT-005"),
        ("month", ["3/1025"], "INT-009"),
        ("words", ["x" * 201], "INT-010"),
    ],
)
def test_a_mistake_names_the_field(question: str, sent: list[str], code: str) -> None:
    assert fault_of(question, {"value": sent}) == code


def test_half_a_month_is_a_mistake() -> None:
    assert fault_of("month", {"month": ["3"], "year": [""]}) == "INT-009"


FORMS = st.fixed_dictionaries(
    {
        "value": st.lists(
            st.text(max_size=30) | st.sampled_from(["yes", "12"]), max_size=3
        )
    },
    optional={"month": st.lists(st.text(max_size=3), max_size=2)},
)


@given(st.sampled_from(sorted(PLACES)), FORMS)
def test_any_form_gives_a_value_or_a_finding(
    question: str, form: dict[str, list[str]]
) -> None:
    here = PLACES[question]
    if here.position != question:
        return
    try:
        after = method.answer(BOOK, here, question, form)
    except HarkenError:
        return
    assert Interview.from_bytes(after.to_bytes()) == after


def test_the_stored_form_comes_back_as_it_was() -> None:
    done = method.submit(BOOK, make_interview(days=["dont_know"][:0], words="Zażółć"))
    assert Interview.from_bytes(done.to_bytes()) == done
    assert done.to_bytes() == Interview.from_bytes(done.to_bytes()).to_bytes()


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff", b"[]", b'{"format":3}', b'{"format":1,"mode":"post"}']
)
def test_a_damaged_interview_is_refused(data: bytes) -> None:
    with pytest.raises(HarkenError) as error:
        Interview.from_bytes(data)
    assert error.value.findings[0].fault.code == "INT-013"
