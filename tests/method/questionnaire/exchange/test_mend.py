"""What the reader refuses of an import is taken out and said; nothing else is touched."""

from __future__ import annotations

import pytest

from harken.method.errors import HarkenError
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.mend import read_back
from harken.method.questionnaire.exchange.tree import (
    Check,
    Choice,
    Form,
    Item,
    Part,
    Roster,
)


def item(name: str, kind: str = "number", **more: object) -> Item:
    made = Item(name, kind, {"en": name})
    for key, value in more.items():
        setattr(made, key, value)
    return made


def form(*parts: Part, languages: tuple[str, ...] = ("en",)) -> Form:
    return Form("f", "1", "en", languages, list(parts))


def part(name: str, *items: Item, **more: object) -> Part:
    made = Part(name, {"en": name}, list(items))
    for key, value in more.items():
        setattr(made, key, value)
    return made


def mended(made: Form) -> tuple[str, list[str]]:
    """The source that is accepted in the end, and what was taken out."""
    report = Report("form")
    files, read = read_back(made, report)
    assert read.questions
    return files["questionnaire.yaml"], [
        str(one.detail.get("column")) for one in report.findings
    ]


def some(name: str) -> list[Choice]:
    return [Choice(one, {"en": one}) for one in (name, "other")]


BAD = "nowhere > 3"
CASES: list[tuple[str, Part, str]] = [
    ("condition", part("p", item("b"), condition=BAD), "id: b"),
    ("condition", part("p", item("b", condition=BAD)), "id: b"),
    ("check", part("p", item("b", checks=[Check(BAD, {"en": "No"})])), "id: b"),
    ("minimum", part("p", item("b", settings={"minimum": "soon"})), "id: b"),
    ("question", part("p", item("b", "computed", value=BAD), item("c")), "id: c"),
    ("repeat", part("p", item("b"), roster=Roster(count="zz", maximum=3)), "fixed: 5"),
    ("repeat", part("p", item("b"), roster=Roster(fixed=99)), "id: b"),
    (
        "condition of an option",
        part(
            "p",
            item("b", "single", options=[*some("x"), Choice("y", {"en": "y"}, BAD)]),
        ),
        'code: "y"',
    ),
]


@pytest.mark.parametrize(("column", "broken", "kept"), CASES)
def test_one_broken_thing_is_taken_out_and_the_rest_stays(
    column: str, broken: Part, kept: str
) -> None:
    source, taken = mended(form(part("a", item("a")), broken))
    assert taken == [column]
    assert kept in source
    assert "nowhere" not in source


def test_what_draws_on_a_thing_taken_out_is_taken_out_after_it() -> None:
    first = item("b", "computed", value=BAD)
    second = item("c", "computed", value="b + 1")
    source, taken = mended(form(part("a", item("a"), first, second)))
    assert taken == ["question", "question"]
    assert "id: a" in source


def test_a_translation_of_what_is_not_said_is_left_out() -> None:
    odd = item("b")
    odd.words = {"en": "Plain", "fr": "{nulle_part|rien}"}
    made = form(part("a", item("a"), odd), languages=("en", "fr"))
    report = Report("form")
    files, read = read_back(made, report)
    assert "nulle_part" not in "".join(files.values())
    assert read.question("b").id == "b"
    assert [one.detail["column"] for one in report.findings] == ["translation"]


def test_a_form_without_a_question_is_refused() -> None:
    with pytest.raises(HarkenError) as found:
        read_back(form(part("a")), Report("form"))
    assert found.value.findings[0].fault.code == "EXC-003"


def test_of_a_form_too_large_for_any_study_a_section_is_left_out_and_said() -> None:
    many = [item(f"q{number}") for number in range(3100)]
    source, taken = mended(form(part("a", *many), part("p", item("b"))))
    assert taken == ["section"]
    assert "id: b" in source
