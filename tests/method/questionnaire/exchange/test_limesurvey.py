"""LimeSurvey in: equations and the older conditions, in files of either age."""

from __future__ import annotations

import pytest

from harken.method.errors import HarkenError
from harken.method.questionnaire.exchange import Imported, import_file
from tests.method.questionnaire.exchange.workbooks import codes, condition


def table(name: str, *rows: dict[str, str]) -> str:
    """One table of a survey file."""
    made = "".join(
        "<row>"
        + "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in row.items())
        + "</row>"
        for row in rows
    )
    return f"<{name}><rows>{made}</rows></{name}>"


def question(qid: int, kind: str, title: str, **more: str) -> dict[str, str]:
    """A row of the table of questions."""
    row = {"qid": str(qid), "parent_qid": "0", "sid": "7", "gid": "1", "type": kind}
    return row | {"title": title, "question_order": str(qid)} | more


def sub(qid: int, parent: int, title: str, text: str, **more: str) -> dict[str, str]:
    """A row of the table of subquestions."""
    row = {"qid": str(qid), "parent_qid": str(parent), "title": title, "language": "en"}
    return row | {"question": text, "question_order": str(qid)} | more


def survey(*tables: str) -> Imported:
    """A survey of one group, imported."""
    group = {"gid": "1", "group_name": "Part", "group_order": "1", "language": "en"}
    body = table("groups", group) + "".join(tables)
    text = f"<document><languages><language>en</language></languages>{body}</document>"
    return import_file(text.encode(), "survey.lss")


LIST = question(1, "L", "Q1", question="Which?", language="en", other="Y")
ANSWERS = table(
    "answers",
    {"qid": "1", "code": "A1", "answer": "One", "sortorder": "1", "language": "en"},
    {"qid": "1", "code": "A2", "answer": "Two", "sortorder": "2", "language": "en"},
    {"qid": "8", "code": "H", "answer": "High", "sortorder": "1", "language": "en"},
    {"qid": "8", "code": "L", "answer": "Low", "sortorder": "2", "language": "en"},
)
NUMBER = question(2, "N", "Q2", question="How many?", language="en")
MANY = question(3, "M", "Q3", question="All that fit", language="en")
SUBS = table(
    "subquestions",
    sub(31, 3, "SQ1", "First"),
    sub(32, 3, "SQ2", "Second"),
    sub(81, 8, "R1", "Row one"),
    sub(82, 8, "R2", "Row two"),
)
ARRAY = question(8, "F", "Q8", question="Rate each", language="en")


def asked_if(relevance: str) -> str:
    """The condition that an equation becomes."""
    last = question(9, "S", "Q9", question="Why?", language="en", relevance=relevance)
    made = survey(table("questions", LIST, NUMBER, MANY, ARRAY, last), ANSWERS, SUBS)
    return condition(made, "q9")


@pytest.mark.parametrize(
    ("relevance", "expected"),
    [
        ("1", ""),
        ('Q1.NAOK == "A1"', "q1 == 'A1'"),
        ('Q1 != "A1" and Q2 > 3', "not q1 == 'A1' and q2 > 3"),
        ('Q1 == "-oth-"', "q1 == 'oth'"),
        ("!is_empty(Q2)", "answered(q2)"),
        ('Q3_SQ1 == "Y"', "has(q3, 'SQ1')"),
        ('Q3_SQ1.NAOK == "Y" || Q2 le 1', "has(q3, 'SQ1') or q2 <= 1"),
        ('Q8_R1 == "H"', "q8_r1 == 'H'"),
        ("((Q2 + 1) * 2 >= 8)", "(q2 + 1) * 2 >= 8"),
        ("{if(Q2 > 1, 1, 0) == 1}", "if(q2 > 1, 1, 0) == 1"),
        ("7X1X2 < 5", "q2 < 5"),
        ("count(Q3_SQ1, Q3_SQ2) > 1",
         "coalesce(sum(if(has(q3, 'SQ1'), 1, 0), if(has(q3, 'SQ2'), 1, 0)), 0) > 1"),
    ],
)  # fmt: skip
def test_an_equation_keeps_its_meaning(relevance: str, expected: str) -> None:
    assert asked_if(relevance) == expected


def test_older_conditions_are_read() -> None:
    last = question(9, "S", "Q9", question="Why?", language="en", relevance="1")
    rows = [
        {
            "qid": "9",
            "cfieldname": "7X1X1",
            "method": "==",
            "value": "A1",
            "scenario": "1",
        },
        {
            "qid": "9",
            "cfieldname": "7X1X1",
            "method": "==",
            "value": "A2",
            "scenario": "1",
        },
        {
            "qid": "9",
            "cfieldname": "7X1X2",
            "method": ">",
            "value": "3",
            "scenario": "1",
        },
        {
            "qid": "9",
            "cfieldname": "+7X1X3SQ1",
            "method": "==",
            "value": "Y",
            "scenario": "2",
        },
    ]
    made = survey(
        table("questions", LIST, NUMBER, MANY, last),
        ANSWERS,
        SUBS,
        table("conditions", *rows),
    )
    assert (
        condition(made, "q9")
        == "(q1 == 'A1' or q1 == 'A2') and q2 > 3 or has(q3, 'SQ1')"
    )


def test_every_type_is_asked_or_said() -> None:
    kinds = "STUNLD!OMPRQKABCEFH1;:YG5X*|I?"
    rows = [
        question(
            n,
            kind,
            f"T{n}",
            question="Text {T0} of <b>it</b>",
            language="en",
            mandatory="Y",
        )
        for n, kind in enumerate(kinds)
    ]
    subs = [
        sub(1000 + 10 * n + place, n, f"S{place}", "Part", scale_id=str(place % 2))
        for n in range(len(kinds))
        for place in range(4)
    ]
    answers = [
        {"qid": str(n), "code": f"A{place}", "answer": "Text", "sortorder": str(place),
         "scale_id": str(place % 2), "language": "en"}
        for n in range(len(kinds))
        for place in range(4)
    ]  # fmt: skip
    quota = table("quota", {"name": "enough"})
    limits = table(
        "question_attributes",
        {"qid": "3", "attribute": "min_num_value_n", "value": "2"},
        {"qid": "3", "attribute": "max_num_value_n", "value": "T0"},
        {"qid": "3", "attribute": "num_value_int_only", "value": "1"},
        {"qid": "3", "attribute": "em_validation_q", "value": "T3 > 3"},
    )
    made = survey(table("questions", *rows), table("subquestions", *subs),
                  table("answers", *answers), quota, limits)  # fmt: skip
    read = made.questionnaire
    assert read.question("t3").minimum == 2
    assert {"EXC-301", "EXC-101", "EXC-307", "EXC-311", "EXC-201"} <= set(codes(made))
    assert {"t0", "t8", "t12_s0", "t13_s0", "t7_comment"} <= read.ids
    arrays = [one.id for one in read.questions if one.written == "matrix"]
    assert arrays
    assert all(read.text(f"{one}.text").value.endswith("{row}") for one in arrays)


@pytest.mark.parametrize(
    "text", ["", "<a>", "<document/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"]
)
def test_what_is_no_survey_is_refused_in_words(text: str) -> None:
    with pytest.raises(HarkenError) as caught:
        import_file(text.encode(), "survey.lss")
    assert caught.value.findings[0].fault.code in {"EXC-001", "EXC-003"}
