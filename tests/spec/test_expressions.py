"""Expressions as a table: what is written, what is answered, what comes of it.

Proves: decision 0010 (missing values, dates at the coarser precision, working days).
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from harken.method.questionnaire import Expression, Value
from harken.method.questionnaire.parser import parse
from harken.method.questionnaire.reference import holds, meaning
from harken.method.terms import Missing

ANSWERS: dict[str, Value] = {
    "n": Decimal(7),
    "half": Decimal("2.5"),
    "zero": Decimal(0),
    "refusal": Missing.PREFER_NOT_TO_SAY,
    "left": Missing.NO_ANSWER,
    "some": ("a", "b"),
    "one": "a",
    "rating": "4",
    "words": "Written down",
    "day": "2026-03-31",
    "later": "2026-04-07",
    "month": "2026-03",
    "year": "2026",
    "born": "1980-02-29",
    "mode": "web",
    "today": "2026-05-20",
    "seed": Decimal(12345),
}

VALUES: list[tuple[str, object]] = [
    ("n + 1", Decimal(8)),
    ("n - -1", Decimal(8)),
    ("-n + 10", Decimal(3)),
    ("2 + n * 2", Decimal(16)),
    ("(2 + n) * 2", Decimal(18)),
    ("n - 1 - 1", Decimal(5)),
    ("n / half", Decimal("2.8")),
    ("n / zero", Missing.NO_ANSWER),
    ("n + refusal", Missing.PREFER_NOT_TO_SAY),
    ("left + refusal", Missing.NO_ANSWER),
    ("n + unasked", Missing.NOT_ASKED),
    ("n + one", Missing.NO_ANSWER),
    ("n + refusal > 0", False),
    ("not n + refusal > 0", True),
    ("if(n > 5, 'high', 'low')", "high"),
    ("if(refusal > 5, 'high', 'low')", "low"),
    ("coalesce(refusal, n)", Decimal(7)),
    ("coalesce(refusal, left)", Missing.NO_ANSWER),
    ("sum(n, refusal, half)", Decimal("9.5")),
    ("sum(refusal, left)", Missing.PREFER_NOT_TO_SAY),
    ("count_answered(n, refusal, one)", Decimal(2)),
    ("missing(refusal)", True),
    ("missing(refusal, 'prefer_not_to_say')", True),
    ("missing(refusal, 'dont_know')", False),
    ("missing(unasked, 'not_asked')", True),
    ("missing(n)", False),
    ("asked(refusal)", True),
    ("asked(unasked)", False),
    ("answered(n + refusal)", False),
    ("count(some)", Decimal(2)),
    ("count(refusal)", Missing.PREFER_NOT_TO_SAY),
    ("any_in(some, 'b', 'z')", True),
    ("any_in(some, 'y', 'z')", False),
    ("all_in(some, 'a', 'b')", True),
    ("all_in(some, 'a', 'z')", False),
    ("all_in(refusal, 'a')", False),
    ("length(words)", Decimal(12)),
    ("matches(words, 'Writ.*')", True),
    ("matches(words, 'Writ')", False),
    ("matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', '(a+)+')", False),
    ("contains(words, 'down')", True),
    ("starts_with(words, 'down')", False),
    ("concat(one, '-', n, '-', half)", "a-7-2.5"),
    ("text(n)", "7"),
    ("number(rating) >= 4", True),
    ("number(words)", Missing.NO_ANSWER),
    ("min(n, half)", Decimal("2.5")),
    ("max(n, half, 9)", Decimal(9)),
    ("max(n, refusal)", Missing.PREFER_NOT_TO_SAY),
    ("round(half)", Decimal(3)),
    ("round(-half)", Decimal(-3)),
    ("round(n / 3, 2)", Decimal("2.33")),
    ("floor(half)", Decimal(2)),
    ("sqrt(half * 10)", Decimal(5)),
    ("sqrt(-half)", Missing.NO_ANSWER),
    ("round(exp(ln(half)), 6)", Decimal("2.500000")),
    ("exp(9000000000)", Missing.NO_ANSWER),
    ("sin(half) * sin(half) + cos(half) * cos(half) > 0.999999", True),
    ("round(4 * atan(1), 6)", Decimal("3.141593")),
    ("ln(n - 7)", Missing.NO_ANSWER),
    ("floor(-half)", Decimal(-3)),
    ("abs(-half)", Decimal("2.5")),
    ("mod(n, 3)", Decimal(1)),
    ("mod(-n, 3)", Decimal(2)),
    ("mod(n, zero)", Missing.NO_ANSWER),
    ("days(day, later)", Decimal(7)),
    ("days(later, day)", Decimal(-7)),
    ("days(month, later)", Missing.NO_ANSWER),
    ("months(day, later)", Decimal(0)),
    ("months(month, later)", Decimal(1)),
    ("months('2026-01-31', '2026-02-28')", Decimal(0)),
    ("months('2026-02-28', '2026-01-31')", Decimal(0)),
    ("years(born, today)", Decimal(46)),
    ("years(born, year)", Decimal(46)),
    ("years('2000-06-01', '2026-05-31')", Decimal(25)),
    ("working_days(day, later)", Decimal(3)),
    ("working_days(later, day)", Decimal(-3)),
    ("working_days('2026-12-24', '2026-12-29')", Decimal(1)),
    ("working_days('1800-01-01', later)", Missing.NO_ANSWER),
    ("add_days(day, 1)", "2026-04-01"),
    ("add_days(day, 0.5)", Missing.NO_ANSWER),
    ("add_months(day, 1)", "2026-04-30"),
    ("add_months(month, -3)", "2025-12"),
    ("add_months(year, 1)", Missing.NO_ANSWER),
    ("add_working_days('2026-04-02', 1)", "2026-04-07"),
    ("add_working_days('2026-04-07', -1)", "2026-04-02"),
    ("year(day)", Decimal(2026)),
    ("month(day)", Decimal(3)),
    ("month(year)", Missing.NO_ANSWER),
    ("part('abcdef', 2, 3)", "bcd"),
    ("part('abcdef', 5)", "ef"),
    ("part('abc', 4)", Missing.NO_ANSWER),
    ("part('abc', 0)", Missing.NO_ANSWER),
    ("before('one, two', ',')", "one"),
    ("after('one, two', ', ')", "two"),
    ("after('one', ',')", Missing.NO_ANSWER),
    ("before(',one', ',')", Missing.NO_ANSWER),
    ("word('one two  three', 3)", "three"),
    ("word('one two', 3)", Missing.NO_ANSWER),
    ("words('one two  three')", Decimal(3)),
    ("chosen(some, 2)", "b"),
    ("chosen(some, 3)", Missing.NO_ANSWER),
    ("lower('ABc')", "abc"),
    ("upper('ABc')", "ABC"),
    ("day(day)", Decimal(31)),
    ("weekday(day)", Decimal(2)),
    ("date(2026, 2, 28)", "2026-02-28"),
    ("date(2026, 2, 30)", Missing.NO_ANSWER),
    ("day > month", False),
    ("day == month", True),
    ("day >= '2026'", True),
    ("year in ['2026-03', '2025']", True),
    ("year not in ['2026-03', '2025']", False),
    ("day < later", True),
    ("'a' == one", True),
    ("7 == n", True),
    ("n in [7, 8] and true", True),
    ("false or n == 8", False),
    ("if(n > 5, 1, 2) + 1", Decimal(2)),
    ("mode == 'web'", True),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_an_expression_gives_what_the_table_says(text: str, value: object) -> None:
    expression = Expression.parse(text)
    found = expression.value(ANSWERS)
    assert found == value
    assert type(found) is type(value)
    assert expression.evaluate(ANSWERS) is (value is True)
    assert meaning(expression.tree, ANSWERS) == value
    assert holds(expression.tree, ANSWERS) is (value is True)


STRANGE: list[tuple[str, object]] = [
    ("n + words", Missing.NO_ANSWER),
    ("n + some > 1", False),
    ("n == words", False),
    ("n", Decimal(7)),
    ("n in ['a']", False),
    ("nothing(n)", Missing.NO_ANSWER),
    ("has(some)", Missing.NO_ANSWER),
    ("has(one, 'a')", False),
    ("length(n)", Missing.NO_ANSWER),
    ("missing(refusal, n)", False),
    ("refused(n + refusal)", True),
    ("asked(n + unasked)", False),
    ("answered(n + n)", True),
    ("sum(words, one)", Missing.NO_ANSWER),
]
"""What the reader of an instrument refuses; what it gives all the same is fixed."""


@pytest.mark.parametrize(("text", "value"), STRANGE)
def test_what_is_no_expression_still_gives_one_thing(text: str, value: object) -> None:
    tree = parse(text)
    expression = Expression.of(tree)
    assert expression.value(ANSWERS) == value
    assert meaning(tree, ANSWERS) == value
    assert expression.evaluate(ANSWERS) is holds(tree, ANSWERS)


def test_numbers_too_large_to_reckon_with_give_no_answer() -> None:
    values: dict[str, Value] = {"n": Decimal("9e999999"), "m": Decimal("9e999999")}
    for text in ("n * m", "n + m", "sum(n, m)"):
        expression = Expression.of(parse(text))
        assert expression.value(values) is Missing.NO_ANSWER, text
        assert meaning(expression.tree, values) is Missing.NO_ANSWER, text


@pytest.mark.parametrize("text", [text for text, _ in VALUES])
def test_an_expression_written_out_reads_as_itself(text: str) -> None:
    tree = Expression.parse(text).tree
    assert Expression.parse(Expression.of(tree).text).tree == tree


def test_a_ballot_is_fixed_by_the_seed_and_the_name() -> None:
    drawn = Expression.parse("ballot(seed, 'order', 3)").value
    first = drawn(ANSWERS)
    assert first == drawn(ANSWERS)
    found = {drawn({"seed": Decimal(seed)}) for seed in range(60)}
    assert found == {Decimal(1), Decimal(2), Decimal(3)}
