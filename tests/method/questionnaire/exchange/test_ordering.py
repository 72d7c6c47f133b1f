"""What needs an answer stands behind it; everything else stays where it was written."""

from __future__ import annotations

import pytest

from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.ordering import in_order
from harken.method.questionnaire.exchange.tree import Choice, Form, Item, Part, Roster


def item(name: str, condition: str = "", **more: object) -> Item:
    made = Item(name, "number", {"en": name}, condition=condition)
    for key, value in more.items():
        setattr(made, key, value)
    return made


def computed(name: str, value: str) -> Item:
    return item(name, type="computed", value=value)


def part(name: str, *items: Item, **more: object) -> Part:
    made = Part(name, {"en": name}, list(items))
    for key, value in more.items():
        setattr(made, key, value)
    return made


def arranged(*parts: Part) -> tuple[list[str], list[str]]:
    """Sections with their items, and which were said to have moved behind which."""
    form, report = Form("f", "1", "en", ("en",), list(parts)), Report("form")
    in_order(form, report)
    return (
        [f"{one.id}: {' '.join(it.id for it in one.items)}" for one in form.parts],
        [
            f"{one.detail['name']} > {one.detail.get('after', 'condition')}"
            for one in report.findings
        ],
    )


ROSTER = Roster(count="n", maximum=3)
ROWS: list[tuple[list[Part], list[str], list[str]]] = [
    (
        [part("a", item("x"), item("y", "x > 0")), part("b", item("z", "y > 0"))],
        ["a: x y", "b: z"],
        [],
    ),
    (
        [part("a", item("early", "later > 0"), item("x"), item("later"), item("last"))],
        ["a: x later early last"],
        ["early > later"],
    ),
    (
        [part("a", item("x"), computed("c", "later")), part("b", item("later"), item("z"))],
        ["a: x", "b: later z c"],
        ["c > later"],
    ),
    (
        [part("a", computed("c", "y"), computed("d", "c + 1")),
         part("b", item("y"), item("u"), item("z", "d > 0"), item("w"))],
        ["b: y u c d z w"],
        ["c > y", "d > c"],
    ),
    (
        [part("a", computed("c", "y"), condition="n > 1"), part("m", item("n")),
         part("b", item("y"), item("z", "c > 0"), condition="n > 0")],
        ["m: n", "b: y", "a: c", "b_then1: z"],
        ["c > y"],
    ),
    (
        [part("a", item("x", "n > 0")), part("m", item("n"), item("z"))],
        ["m: n", "a: x", "m_then1: z"],
        ["x > n"],
    ),
    (
        [part("a", computed("c", "y")),
         part("b", item("y"), item("z", "c > 0"), condition="n > 0"), part("d", item("n"))],
        ["d: n", "b: y", "a: c", "b_then1: z"],
        ["y > n", "c > y", "z > c"],
    ),
    (
        [part("a", computed("c", "sum(line_age)")),
         part("n", item("n")), part("r", item("line_age"), roster=ROSTER)],
        ["n: n", "r: line_age", "a: c"],
        ["c > line_age"],
    ),
    (
        [part("r", item("p", "q > 0"), item("q"), roster=ROSTER),
         part("s", item("in_s"), roster=ROSTER, within="r"), part("n", item("n"))],
        ["n: n", "r: q p", "s: in_s"],
        ["p > q", "q > n"],
    ),
    ([part("a", item("x", "y > 0"), item("y", "x > 0"))], ["a: x y"], []),
    (
        [part("a", computed("flag", "fixed")),
         part("b", computed("fixed", "1"), item("x"), condition="flag > 0")],
        ["b: fixed flag", "b_then1: x"],
        ["fixed > condition", "flag > fixed"],
    ),
    (
        [part("a", computed("flag", "x")),
         part("b", item("x"), computed("of", "flag"), condition="flag > 0")],
        ["a: flag", "b: x of"],
        [],
    ),
    (
        [part("a", item("o", options=[Choice("k", {}, "later > 0")]), item("later"))],
        ["a: later o"],
        ["o > later"],
    ),
    ([part("a", item("x", "y == 'z'"), item("y"), item("z"))], ["a: y x z"], ["x > y"]),
    ([part("a", item("x")), part("none", roster=ROSTER)], ["a: x"], []),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "expected", "said"), ROWS)
def test_items_stand_behind_what_they_need(
    parts: list[Part], expected: list[str], said: list[str]
) -> None:
    assert arranged(*parts) == (expected, said)


def test_a_value_that_moves_keeps_the_condition_of_its_section() -> None:
    asked = part("b", item("n"), item("y"))
    values = (computed("c", "y"), item("d", "y > 2", type="computed", value="y"))
    form = Form("f", "1", "en", ("en",), [part("a", *values, condition="n > 0"), asked])
    in_order(form, Report("form"))
    assert [(one.id, one.condition) for one in form.parts[0].items] == [
        ("n", ""),
        ("y", ""),
        ("c", "(n > 0)"),
        ("d", "(n > 0) and (y > 2)"),
    ]
