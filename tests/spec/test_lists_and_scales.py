"""What is wrong with lists, options, scales, matrices and units, as a table.

Proves: issue 3, findings with their place for every construct that takes options.
"""

from __future__ import annotations

import pytest

from harken.method.errors import HarkenError
from harken.method.questionnaire import read_questionnaire
from tests.make.questionnaire import AGREE, question, section, source_of

AREAS = "lists: {areas: {file: lists/a.csv}}\n"
INLINE = "lists: {few: {options: [{code: a, text: A}, {code: b, text: B}]}}\n"
LOOKUP = question("x", "lookup", list="areas")
ROWS = "[{id: r, text: R}]"
PAIR = "[{code: a, text: A}, {code: b, text: B}]"
LONG = "[" + ", ".join(f"{{code: c{n}, text: T{n}}}" for n in range(501)) + "]"


def codes(text: str, csv: str | None = None) -> list[str]:
    """The codes of everything that is found in a source, or none."""
    files = {} if csv is None else {"lists/a.csv": csv}
    try:
        read_questionnaire(text, files=files)
    except HarkenError as error:
        return [finding.fault.code for finding in error.findings]
    return []


CSV = [
    ("code,text\na,A\nb,B\n", []),
    ("\ufeffcode,text\na,A\n\n , \nb,B\n", []),
    (None, ["QUE-074"]),
    ("", ["QUE-075"]),
    ("code,label\na,A\n", ["QUE-075"]),
    ("code,text,text\na,A,B\n", ["QUE-075"]),
    ('code,text\n"a,A\n', ["QUE-075"]),
    ("code,text\na,A,B\nb,B\n", ["QUE-075"]),
    ("code,text\na,\nb,B\n", ["QUE-075"]),
    ("code,text\na,A\na,B\n", ["QUE-014"]),
    ("code,text\na b,A\nb,B\n", ["QUE-013"]),
    ("code,text\n2026-01-01,A\nb,B\n", ["QUE-013"]),
    ("code,text\n" + "".join(f"c{n},T\n" for n in range(10_001)), ["QUE-025"]),
]


@pytest.mark.parametrize(("csv", "found"), CSV, ids=range(len(CSV)))
def test_the_file_of_a_list_is_read_strictly(csv: str | None, found: list[str]) -> None:
    text = source_of(AGREE, section(LOOKUP), more=AREAS)
    assert codes(text, csv) == found


WRITTEN = [
    (INLINE, question("x", "lookup", list="few"), []),
    (INLINE, question("x", "lookup"), ["QUE-072"]),
    (INLINE, question("x", "lookup", list="fwe"), ["QUE-073"]),
    (INLINE, question("x", list="few"), ["QUE-076"]),
    ("lists: {Few: {options: []}}\n", question("x"), ["QUE-010"]),
    ("", question("x", options=LONG), ["QUE-025"]),
    (
        "",
        question("x", options=PAIR.replace("A}", "A, exclusive: yes}")),
        ["QUE-016"],
    ),
    ("", question("x", "scale", from_="0", to="3"), []),
    ("", question("x", "scale", from_="3", to="3"), ["QUE-017"]),
    ("", question("x", "scale", from_="0", to="500"), ["QUE-017"]),
    ("", question("x", "scale", from_="0", to="3", labels="{7: Far}"), ["QUE-003"]),
    ("", question("x", "scale", from_="0", to="3", labels="{0: [a]}"), ["QUE-003"]),
    ("", question("x", "matrix", rows=ROWS, options=PAIR), []),
    ("", question("x", "matrix", rows=ROWS, from_="0", to="2"), []),
    ("", question("x", "matrix", rows="[]", options=PAIR), ["QUE-025"]),
    ("", question("x", "duration", units="[hours, minutes]"), []),
    ("", question("x", "duration", units="[years, months]"), []),
    ("", question("x", "duration", units="[hours, months]"), ["QUE-079"]),
    ("", question("x", "duration"), ["QUE-079"]),
    ("", question("x", "number", decimals="9"), ["QUE-017"]),
    ("", question("x", "computed", value='"1 + 1"'), []),
    ("", question("x", "computed"), ["QUE-077"]),
    ("", question("x", checks="[{say: No.}]"), ["QUE-078"]),
    ("", question("x", options_order="odd"), ["SRC-005"]),
    ("", question("x", options_order="random"), []),
    ("", question("x", "snigle", options=PAIR), ["SRC-005"]),
    (
        "",
        question("x", options="[{code: a, text: A, say: yes}, {code: b, text: B}]"),
        [],
    ),
    (
        "",
        question("x", options='[{code: a, text: A, say: "no"}, {code: b, text: B}]'),
        [],
    ),
    (
        "",
        question(
            "x", "ranking", options="[{code: a, text: A, say: yes}, {code: b, text: B}]"
        ),
        ["QUE-016"],
    ),
    ("", question("x", "yes_no", options="[{code: a, text: A}]"), ["QUE-026"]),
]


@pytest.mark.parametrize(("more", "one", "found"), WRITTEN, ids=range(len(WRITTEN)))
def test_options_scales_and_units(more: str, one: str, found: list[str]) -> None:
    text = source_of(AGREE, section(one.replace("from_:", "from:")), more=more)
    wanted = [code for code in codes(text) if code not in {"SRC-003"}]
    assert wanted == found


def test_a_filter_makes_the_options_of_each_row() -> None:
    csv = "code,text,region\na,A,north\nb,B,south\nc,C,north\n"
    where = question("w", options="[{code: north, text: N}, {code: south, text: S}]")
    area = question("x", "lookup", list="areas", filter='"region == w"')
    text = source_of(AGREE, section(where, area), more=AREAS)
    read = read_questionnaire(text, files={"lists/a.csv": csv})
    conditions = [one.condition for one in read.question("x").options]
    assert [one and one.text for one in conditions] == [
        "'north' == w",
        "'south' == w",
        "'north' == w",
    ]
    assert conditions[0] is conditions[2]
