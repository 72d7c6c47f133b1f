"""The condition language as tables: what is written, what is answered, what holds.

Proves: contract of method.questionnaire; ARCHITECTURE 5 (typed, missing kinds apart).
Each table is read as: with these answers, this condition is true or false.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from harken.method.errors import HarkenError
from harken.method.questionnaire import Expression, Value
from harken.method.terms import Arm, Missing, Mode
from tests.make.questionnaire import AGREE, make_questionnaire, question, section

Answers = dict[str, Value]

YES: Answers = {"reported": "yes"}
NO: Answers = {"reported": "no"}
REFUSED: Answers = {"reported": Missing.PREFER_NOT_TO_SAY}
UNKNOWN: Answers = {"reported": Missing.DONT_KNOW}
FORGOTTEN: Answers = {"reported": Missing.CANT_REMEMBER}
SKIPPED: Answers = {"reported": Missing.NO_ANSWER}
UNASKED: Answers = {"reported": Missing.NOT_ASKED}
ABSENT: Answers = {}

ONE_CODE = [
    ("reported == 'yes'", YES, True),
    ("reported == 'yes'", NO, False),
    ("reported != 'yes'", YES, False),
    ("reported != 'yes'", NO, True),
    ("reported in ['yes', 'no']", NO, True),
    ("reported in ['no']", YES, False),
    ("reported not in ['no']", YES, True),
    ("reported not in ['no']", NO, False),
    ('reported == "yes"', YES, True),
    ("not reported == 'yes'", NO, True),
    ("not reported == 'yes'", YES, False),
    ("reported == 'yes' or reported == 'no'", NO, True),
    ("reported == 'yes' and reported == 'no'", YES, False),
    ("not (reported == 'yes' and reported == 'no')", YES, True),
]

MISSING = [
    (text, answers, False)
    for text in (
        "reported == 'yes'",
        "reported != 'yes'",
        "reported in ['yes']",
        "reported not in ['yes']",
        "reported == other",
        "reported != other",
        "answered(reported)",
        "has(reported, 'yes')",
    )
    for answers in (REFUSED, UNKNOWN, FORGOTTEN, SKIPPED, UNASKED, ABSENT)
] + [
    ("not reported == 'yes'", SKIPPED, True),
    ("not reported != 'yes'", ABSENT, True),
    ("answered(reported)", YES, True),
    ("refused(reported)", REFUSED, True),
    ("refused(reported)", UNKNOWN, True),
    ("refused(reported)", FORGOTTEN, True),
    ("refused(reported)", SKIPPED, False),
    ("refused(reported)", UNASKED, False),
    ("refused(reported)", ABSENT, False),
    ("refused(reported)", YES, False),
]

NUMBERS: list[tuple[str, Answers, bool]] = [
    ("days < 3", {"days": Decimal(2)}, True),
    ("days < 3", {"days": Decimal(3)}, False),
    ("days <= 3", {"days": Decimal(3)}, True),
    ("days > 3", {"days": Decimal(4)}, True),
    ("days >= 3.5", {"days": Decimal("3.5")}, True),
    ("days == 3", {"days": Decimal("3.0")}, True),
    ("days != 3", {"days": Decimal(3)}, False),
    ("days in [1, 2, 3]", {"days": Decimal(2)}, True),
    ("days not in [1, 2, 3]", {"days": Decimal(2)}, False),
    ("days > -9", {"days": Missing.PREFER_NOT_TO_SAY}, False),
    ("days == -9", {"days": Missing.PREFER_NOT_TO_SAY}, False),
    ("days <= -6", {"days": Missing.NO_ANSWER}, False),
    ("days < weeks", {"days": Decimal(2), "weeks": Decimal(3)}, True),
    ("days < weeks", {"days": Decimal(2)}, False),
    ("days == reported", {"days": Decimal(2), "reported": "2"}, False),
]

MONTHS: list[tuple[str, Answers, bool]] = [
    ("since < '2026-03'", {"since": "2026-02"}, True),
    ("since >= '2026-03'", {"since": "2026-03"}, True),
    ("since == until", {"since": "2026-03", "until": "2026-03"}, True),
    ("since > '2025-12'", {"since": Missing.DONT_KNOW}, False),
]

SEVERAL: list[tuple[str, Answers, bool]] = [
    ("has(needs, 'safety')", {"needs": ("money", "safety")}, True),
    ("has(needs, 'court')", {"needs": ("money", "safety")}, False),
    ("not has(needs, 'court')", {"needs": ("money",)}, True),
    ("needs == 'money'", {"needs": ("money",)}, False),
    ("answered(needs)", {"needs": ("money",)}, True),
]

VARIABLES: list[tuple[str, Answers, bool]] = [
    ("mode == 'telephone'", {"mode": Mode.TELEPHONE}, True),
    ("mode == 'telephone' and arm == 'sample'", {"mode": "telephone"}, False),
    ("arm in ['open']", {"arm": Arm.OPEN}, True),
    ("language != 'en'", {"language": "pl"}, True),
]

BINDING = [
    ("reported == 'yes' or reported == 'no' and reported == 'x'", YES, True),
    ("(reported == 'yes' or reported == 'no') and reported == 'x'", YES, False),
    ("not reported == 'no' and reported == 'yes'", YES, True),
    ("not not reported == 'yes'", YES, True),
    ("((reported=='yes'))", YES, True),
    ("  reported   ==\n 'yes'  ", YES, True),
    ("reported == 'a' or reported == 'b' or reported == 'yes'", YES, True),
    ("reported == 'a' or reported == 'b'", YES, False),
    ("reported=='yes' and answered(reported) and mode=='web'", YES, False),
]


@pytest.mark.parametrize(
    ("text", "answers", "holds"),
    [*ONE_CODE, *MISSING, *NUMBERS, *MONTHS, *SEVERAL, *VARIABLES, *BINDING],
)
def test_a_condition_holds_as_written(text: str, answers: Answers, holds: bool) -> None:
    assert Expression.parse(text).evaluate(answers) is holds


NOT_THE_LANGUAGE = [
    ("", "expected the name of a question or a value"),
    ("   ", "expected the name of a question or a value"),
    ("reported = 'yes'", "is equal is written =="),
    ("reported == yes ==", "a comparison has two sides"),
    ("reported == 'yes", "the quote is never closed"),
    ("reported == 'yes' and", "expected the name of a question or a value"),
    ("(reported == 'yes'", "expected )"),
    ("reported in 'yes'", "expected ["),
    ("reported in []", "expected a 'text'"),
    ("reported in ['a' 'b']", "expected ]"),
    ("reported not 'a'", "expected in"),
    ("answered reported", "more follows"),
    ("1 < days < 3", "a comparison has two sides"),
    ("days < 3 < 4", "a comparison has two sides"),
    ("days < 3 days", "more follows"),
    ("reported.yes == 'a'", "not part of the language"),
    ("reported == 'yes' && days > 3", "not part of the language"),
    ("days > 3; days", "not part of the language"),
    ("and == 'yes'", "expected the name of a question or a value"),
]


@pytest.mark.parametrize(("text", "problem"), NOT_THE_LANGUAGE)
def test_what_is_not_the_language_is_explained(text: str, problem: str) -> None:
    with pytest.raises(HarkenError) as caught:
        Expression.parse(text)
    (finding,) = caught.value.findings
    assert finding.fault.code == "QUE-001"
    assert problem in finding.message


@pytest.mark.parametrize(
    "text",
    ["x == 'a' or " * 400 + "x == 'a'", "(" * 60 + "x == 'a'" + ")" * 60, "not " * 99],
)
def test_a_condition_too_long_to_check_is_refused(text: str) -> None:
    with pytest.raises(HarkenError) as caught:
        Expression.parse(text)
    assert caught.value.findings[0].fault.code == "QUE-005"


TYPED = [
    ("one == 'a'", None, None),
    ("one == 'z'", "QUE-003", None),
    ("one in ['a', 'z']", "QUE-003", None),
    ("has(some, 'a')", None, None),
    ("has(some, 'z')", "QUE-003", None),
    ("has(one, 'a')", "QUE-004", "Compare it with == or in."),
    ("some == 'a'", "QUE-004", "Write has(some, 'code')."),
    ("some in ['a']", "QUE-004", "Write has(some, 'code')."),
    ("one < 'a'", "QUE-004", "Use ==, != or in."),
    ("one == 1", "QUE-004", "Write the value in quotes."),
    ("days > 3", None, None),
    ("days > '3'", "QUE-004", "Write the number unquoted."),
    ("days in [1, '2']", "QUE-004", "Write the number unquoted."),
    ("since >= '2026-01'", None, None),
    ("since >= '2026'", None, None),
    ("since >= '2026-03-15'", "QUE-004", "Write year and month."),
    ("since >= 'March'", "QUE-004", "Write year and month."),
    ("since == 2026", "QUE-004", "Write the value in quotes."),
    ("words == 'a'", "QUE-004", "Use answered(words) only."),
    ("answered(words)", None, None),
    ("refused(days)", None, None),
    ("page == 'a'", "QUE-004", "Name another question."),
    ("answered(page)", "QUE-004", "Name another question."),
    ("days == one", "QUE-004", "Compare like with like."),
    ("one == agree", None, None),
    ("mode == 'paper'", "QUE-003", None),
    ("arm == 'open'", None, None),
    ("'a' == one", None, None),
    ("'z' == one", "QUE-003", None),
    ("one", "QUE-004", "Compare it with something, or write answered(...)."),
    ("has(some)", "QUE-007", "Give it 2."),
    ("has(some, one)", "QUE-004", "Write it out, a text in quotes."),
    ("__import__('os')", "QUE-006", None),
    ("today > '2026-01-31'", None, None),
    ("today > '2026-02-31'", "QUE-004", "Write year, month and day."),
    ("days(today, since) > 1", "QUE-004", None),
    ("months(since, today) > 1", None, None),
    ("days + 1 > 3", None, None),
    ("days + one > 3", "QUE-004", None),
    ("not days", "QUE-004", "Compare it with something."),
    ("(days > 1) == (days > 2)", "QUE-004", None),
    ("if(days > 1, 'a', 'b') == 'a'", None, None),
    ("if(days > 1, 'a', 'b') == 'c'", "QUE-003", None),
    ("if(days > 1, 'a', 2) == 'a'", "QUE-004", None),
    ("if(days > 1, since, '2026-01') > '2025-01'", None, None),
    ("coalesce(days, 0) > 1", None, None),
    ("coalesce(since, today) > '2025-01'", None, None),
    ("matches(words, '[A-Z')", "QUE-008", None),
    ("matches(words, '(?!a).*')", "QUE-008", None),
    ("matches(words, '(a)\\1')", "QUE-008", None),
    ("missing(one, 'dont_knwo')", "QUE-003", None),
    ("missing(one, 'dont_know')", None, None),
    ("oen == 'a'", "QUE-002", None),
    ("one == tow", "QUE-002", None),
]


@pytest.mark.parametrize(("text", "code", "cure"), TYPED)
def test_conditions_are_typed(text: str, code: str | None, cure: str | None) -> None:
    names = make_questionnaire(
        AGREE,
        section(
            question("one"),
            question("some", "multiple"),
            question("days", "number"),
            question("since", "month"),
            question("words", "text"),
            question("page", "information"),
        ),
    ).names()
    if code is None:
        assert Expression.parse(text, names=names).names
        return
    with pytest.raises(HarkenError) as caught:
        Expression.parse(text, names=names)
    assert [finding.fault.code for finding in caught.value.findings] == [code]
    if cure:
        assert caught.value.findings[0].cure == cure


def test_a_misspelt_name_or_code_gets_a_suggestion() -> None:
    names = make_questionnaire().names()
    for text, meant in (
        ("reportd == 'yes'", "reported"),
        ("reported == 'yess'", "yes"),
    ):
        with pytest.raises(HarkenError) as caught:
            Expression.parse(text, names=names)
        assert caught.value.findings[0].suggestion == meant


def test_joined_conditions_hold_when_all_hold() -> None:
    either = Expression.parse("a == '1' or a == '2'")
    both = Expression.parse("b == '1' and b != '2'")
    joined = Expression.both(None, either, both)
    assert joined is not None
    assert joined.text == "(a == '1' or a == '2') and b == '1' and b != '2'"
    assert joined.names == ("a", "b")
    assert joined.evaluate({"a": "2", "b": "1"})
    assert not joined.evaluate({"a": "2"})
    assert Expression.both(None, either) is either
    assert Expression.both(None) is None
