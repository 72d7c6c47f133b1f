"""The solver's text means what the interview's own evaluation means.

Proves: issue 3, one meaning everywhere. For random conditions and random respondents the
answers are told to the solver as facts; then a condition is possible exactly when
``evaluate`` finds it true. What the solver holds only roughly may be possible besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest

from harken.method.questionnaire import Expression, Questionnaire, Value
from harken.method.questionnaire.proof.goals import pages_of
from harken.method.questionnaire.proof.respondent import (
    Chance,
    contexts,
    named_values,
    sit,
)
from harken.method.questionnaire.proof.solver import Claim, Outcome, Solver
from harken.method.questionnaire.proof.terms import negate, real, symbol
from harken.method.questionnaire.route import Context
from harken.method.terms import Missing
from tests.make.questionnaire import AGREE, make_questionnaire, question, section

PAGES = (
    question("x", refusals="[dont_know]"),
    question("z", if_="\"x == 'a'\"", refusals="[dont_know, cant_remember]"),
    question("s", "multiple"),
    question("n", "number", minimum="0", maximum="20"),
    question("k", "number", minimum="-5", maximum="5", if_='"n > 6"'),
    question("m", "month"),
    question("w", "month", if_="\"x != 'b'\""),
    question("t", "text"),
)
LEAVES = (
    "x == 'a'", "x != 'b'", "z == 'c'", "x in ['a', 'c']", "z not in ['a']", "x == z",
    "answered(z)", "refused(x)", "asked(k)", "missing(k)",
    "missing(x, 'dont_know')", "missing(z, 'not_asked')", "missing(n, 'no_answer')",
    "has(s, 'a')", "any_in(s, 'b', 'c')", "all_in(s, 'a', 'b')", "count(s) > 1",
    "n > 10", "n <= 4.5", "n == k", "n + k > 12", "n - k >= 12", "k * 2 == 6",
    "n / k > 3", "abs(k) == 2", "floor(n / 4) == 2", "min(n, k) < 0", "max(n, k) > 15",
    "coalesce(k, 3) == 3", "if(x == 'a', n > 10, n < 5)", "sum(n, k) > 14",
    "if(x == 'a', n, 20) > 15", "count_answered(x, z, k) == 2",
    "m > '2020-06'", "m == w", "m < today", "m > '2024'", "year(m) == 2025",
    "month(m) < 6", "months(m, w) > 3", "years(m, w) >= 1", "months(m, today) < 18",
    "days(today, add_days(today, 3)) == 3", "weekday(today) < 4",
    "day(today) > 14", "mode == 'web'", "arm != 'open'", "language == 'en'", "true",
    "length(text(x)) == 1", "starts_with(text(x), 'a')", "number(x) > 1",
)  # fmt: skip
ROUGH = (
    "working_days(today, add_days(today, 9)) > 5", "mod(n, 3) == 1", "round(n / 3) == 2",
    "contains(t, 'w')", "matches(t, 'w.*')", "length(t) > 3",
    "add_months(today, 1) > '2026-07-01'", "date(2026, n, 3) < today",
)  # fmt: skip


def instrument() -> Questionnaire:
    """Every leaf stands in some condition, so that its codes are told apart."""
    later = [
        question(f"q{number}", if_=f'"{text}"')
        for number, text in enumerate((*LEAVES, *ROUGH))
    ]
    return make_questionnaire(AGREE, section(*PAGES, *later))


READ = instrument()
SOLVER = Solver(READ, pages_of(READ))
NAMES = tuple(line.split(",")[0].removeprefix("{id: ") for line in PAGES)


def condition(random: Random, leaves: tuple[str, ...], depth: int = 2) -> str:
    if not depth or random.random() < 0.3:
        return random.choice(leaves)
    kind = random.choice(("and", "or", "not"))
    first = condition(random, leaves, depth - 1)
    if kind == "not":
        return f"not ({first})"
    return f"({first}) {kind} ({condition(random, leaves, depth - 1)})"


def somebody(random: Random) -> tuple[Context, Mapping[str, Value]]:
    """How a random respondent came, and everything of theirs that counts."""
    way = random.choice(list(contexts(READ)))
    chance = Chance(random, named_values(READ), 0.85)
    sitting = sit(SOLVER.pages.values(), way, chance)  # type: ignore[arg-type] # in order
    return way, sitting.values


def facts(context: Context, values: Mapping[str, Value]) -> list[str]:
    """A respondent as the solver is told of them."""
    told = [f"|{name}={value}|" for name, value in (
        ("mode", context.mode.value), ("arm", context.arm.value),
    )]  # fmt: skip
    assert context.today is not None
    told.append(f"(= |today@day| {context.today.toordinal()})")
    for name in ("agree", *NAMES):
        value = values.get(name)
        asked = f"|{name}?|"
        told.append(asked if value is not None else negate(asked))
        if value is not None:
            told += answered(name, value)
    return told


def answered(name: str, value: Value) -> list[str]:
    if isinstance(value, Missing):
        return [f"|{name}:{value.word}|"]
    told = [f"|{name}!|"]
    if isinstance(value, Decimal):
        return [*told, f"(= |{name}#| {real(value)})"]
    if isinstance(value, tuple):
        codes = SOLVER.cases(READ.question(name))
        signs = [symbol(name, code) for code in codes]
        return told + [
            sign if code in value else negate(sign)
            for sign, code in zip(signs, codes, strict=True)
        ]
    if name in {"m", "w"}:
        month = 12 * int(value[:4]) + int(value[5:]) - 1
        return [*told, f"(= |{name}@month| {month})"]
    code = value if value in SOLVER.cases(READ.question(name)) else "~rest"
    return [*told, symbol(name, code)]


def possible(text: str, context: Context, values: Mapping[str, Value]) -> Outcome:
    encoder = SOLVER.encoder()
    tree = Expression.parse(text).tree
    asserts = [("fact", fact) for fact in facts(context, values)]
    asserts.append(("goal", encoder.truth(tree)))
    claim = Claim(("agree", *NAMES), tuple(asserts))
    return SOLVER.ask(claim, encoder, lambda found: False, why=False)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_an_exact_condition_is_possible_exactly_when_it_is_true(seed: int) -> None:
    random = Random(seed)
    for _ in range(12):
        context, values = somebody(random)
        text = condition(random, LEAVES)
        wanted = Expression.parse(text).evaluate(values)
        assert possible(text, context, values).possible is wanted, (text, values)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_rough_condition_is_never_excluded_when_it_is_true(seed: int) -> None:
    random = Random(seed)
    tried = 0
    while tried < 12:
        context, values = somebody(random)
        text = condition(random, (*ROUGH, *LEAVES[:4]))
        if Expression.parse(text).evaluate(values):
            tried += 1
            assert possible(text, context, values).possible is True, (text, values)


@pytest.mark.parametrize("text", LEAVES)
def test_every_kind_of_test_is_exact_for_somebody(text: str) -> None:
    random = Random(5)
    for _ in range(3):
        context, values = somebody(random)
        wanted = Expression.parse(text).evaluate(values)
        assert possible(text, context, values).possible is wanted, (text, values)
