"""Calculations of an XLSForm give here what they give there, for one respondent.

Each value is what XPath 1.0 and the ODK XForms specification say for these answers; what
is empty there is missing here.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from harken.method.questionnaire import Value, route
from harken.method.terms import Arm, Language, Missing, Mode
from tests.method.questionnaire.exchange.workbooks import codes, imported

LISTS = [
    {"list_name": "yn", "name": "1", "label": "Yes", "zone": "north", "size": "5"},
    {"list_name": "yn", "name": "0", "label": "No", "zone": "south", "size": "7"},
    {"list_name": "abc", "name": "a", "label": "Apple"},
    {"list_name": "abc", "name": "b", "label": "Pear"},
    {"list_name": "abc", "name": "c", "label": "Plum"},
]
ASKED = [
    {"type": "integer", "name": "age", "label": "Age"},
    {"type": "decimal", "name": "rate", "label": "Rate"},
    {"type": "text", "name": "who", "label": "Who"},
    {"type": "text", "name": "blank", "label": "Blank"},
    {"type": "integer", "name": "none", "label": "None"},
    {"type": "date", "name": "born", "label": "Born"},
    {"type": "time", "name": "clock", "label": "Clock"},
    {"type": "select_one yn", "name": "seen", "label": "Seen"},
    {"type": "select_multiple abc", "name": "many", "label": "Many"},
    {"type": "select_multiple abc", "name": "few", "label": "Few"},
    {"type": "image", "name": "photo", "label": "Photo"},
    {"type": "begin group", "name": "g", "label": "Group"},
    {"type": "integer", "name": "inner", "label": "Inner"},
    {"type": "end group"},
]
ANSWERS: dict[str, Value] = {
    "age": Decimal(34),
    "rate": Decimal("2.5"),
    "who": "Ann of Bo",
    "born": "1990-05-17",
    "clock": "18:00",
    "seen": "1",
    "many": ("a", "c"),
    "few": ("b",),
    "inner": Decimal(8),
}
NOTHING = None


D = Decimal
ITEM = "/".join(("", "root", "item"))
"""Where the rows of a list stand in the format."""

VALUES: list[tuple[str, Value | None]] = [
    ("${age} + 1", D(35)),
    ("${age} - -1", D(35)),
    ("-${age} + 40", D(6)),
    ("${age} div 4", D("8.5")),
    ("${age} mod 5", D(4)),
    ("3 + ${age} * 2", D(71)),
    ("(3 + ${age}) * 2", D(74)),
    ("${none} + 1", NOTHING),
    ("coalesce(${none}, 5) + 1", D(6)),
    ("coalesce(${none}, ${age})", D(34)),
    ("coalesce(${blank}, ${who})", "Ann of Bo"),
    ("if(${age} > 30, 'old', 'young')", "old"),
    ("if(${none} > 30, 'old', 'young')", "young"),
    ("if(${age} > 40, 1, '')", NOTHING),
    ("if(${blank} = '', 1, 2)", D(1)),
    ("if(${seen} != '0', 1, 2)", D(1)),
    ("if(${none} != 3, 1, 2)", D(1)),
    ("if(selected(${many}, 'c') and not(selected(${many}, 'b')), 1, 0)", D(1)),
    ("count-selected(${many})", D(2)),
    ("count-selected(${blank})", D(0)),
    ("count-selected(${who})", D(3)),
    ("count-selected(${seen})", D(1)),
    ("selected-at(${many}, 1)", "c"),
    ("selected-at(${many}, 5)", NOTHING),
    ("selected-at(${who}, 2)", "Bo"),
    ("selected-at(${seen}, 0)", "1"),
    ("string-length(${who})", D(9)),
    ("string-length(${blank})", D(0)),
    ("substr(${who}, 0, 3)", "Ann"),
    ("substr(${who}, 7)", "Bo"),
    ("substring-before(${who}, ' of')", "Ann"),
    ("substring-after(${who}, 'of ')", "Bo"),
    ("substring-after(${who}, 'zzz')", NOTHING),
    ("concat(${who}, '-', ${age})", "Ann of Bo-34"),
    ("concat(${blank}, '!')", "!"),
    ("concat(${many}, '')", "a c "),
    ("join('/', ${age}, ${inner})", "34/8"),
    ("upper-case(${who})", "ANN OF BO"),
    ("lower-case(${who})", "ann of bo"),
    ("normalize-space(${who})", "Ann of Bo"),
    ("string(${age})", "34"),
    ("if(contains(${who}, 'of'), 1, 0)", D(1)),
    ("if(starts-with(${who}, 'Ann'), 1, 0)", D(1)),
    ("if(ends-with(${who}, 'Bo'), 1, 0)", D(1)),
    ("if(regex(${who}, 'Ann.*'), 1, 0)", D(1)),
    ("if(regex(${who}, '[\\w-\\.]+ of Bo'), 1, 0)", D(1)),
    ("int(${rate})", D(2)),
    ("int(-2.5)", D(-2)),
    ("int(${rate} * -1)", D(-2)),
    ("round(${rate})", D(3)),
    ("round(${rate} div 3, 2)", D("0.83")),
    ("floor(${rate})", D(2)),
    ("ceiling(${rate})", D(3)),
    ("abs(${rate} - 5)", D("2.5")),
    ("pow(${rate}, 2)", D("6.25")),
    ("pow(${rate}, 0.5) = sqrt(${rate})", "true"),
    ("round(pow(${rate}, 2.5), 3)", D("9.882")),
    ("round(log10(${rate}) + log(${rate}), 3)", D("1.314")),
    ("round(exp(1) + exp10(2), 3)", D("102.718")),
    ("pow('', 2)", NOTHING),
    ("round(sin(pi() div 6) + cos(pi() div 3) + tan(pi() div 4), 6)", D(2)),
    ("round(asin(1) - pi() div 2, 6) + round(acos(1), 6)", D(0)),
    ("round(atan(1) * 4 - pi(), 6)", D(0)),
    ("round(atan2(1, -1) * 4 - 3 * pi(), 6)", D(0)),
    ("sin('')", NOTHING),
    ("sin('')", NOTHING),
    ("round(pi(), 2)", D("3.14")),
    ("number(${seen}) + 1", D(2)),
    ("number(${who})", NOTHING),
    ("number(${few})", NOTHING),
    ("if(boolean(${age}), 1, 0)", D(1)),
    ("sum(${age})", D(34)),
    ("max(${age}, ${inner})", D(34)),
    ("min(${age}, ${inner})", D(8)),
    ("count-non-empty(${none})", D(0)),
    ("count-non-empty(${age})", D(1)),
    ("today()", "2026-03-02"),
    ("format-date(${born}, '%Y-%m-%d')", "1990-05-17"),
    ("format-date(${born}, '%e.%n.%y')", "17.5.90"),
    ("date(${born}, '%d.%m.%Y')", "1990-05-17"),
    ("date('05-Mar-2024', '%d-%b-%Y')", "2024-03-05"),
    ("date('05-xyz-2024', '%d-%b-%Y')", NOTHING),
    ("date('', '%d/%m/%Y')", NOTHING),
    ("format-date(${born}, '%a %d %b')", "Thu 17 May"),
    ("format-date-time(${born}, '%H')", NOTHING),
    ("date('2020-02-29')", "2020-02-29"),
    ("date(${born} + 3)", "1990-05-20"),
    ("date(31)", "1970-02-01"),
    ("date(substr('2020-02-29x', 0, 10))", "2020-02-29"),
    ("decimal-date-time('1970-01-03')", D(2)),
    ("decimal-time(${clock})", D("0.75")),
    ("int((today() - ${born}) div 365.25)", D(35)),
    ("difference-in-months(${born}, '1991-05-18')", D(12)),
    ("difference-in-days(${born}, '1990-06-01')", D(15)),
    ("add-date(${born}, 1, 2, 3)", "1991-07-20"),
    ("add-date(${born}, 1)", "1991-05-17"),
    ("jr:choice-name(${seen}, '${seen}')", "Yes"),
    ("jr:choice-name(selected-at(${many}, 0), '${many}')", "Apple"),
    (f"instance('yn'){ITEM}[name = ${{seen}}]/zone", "north"),
    (f"instance('yn'){ITEM}[name = '0']/size", D(7)),
    (f"instance('yn'){ITEM}[zone = 'west']/size", NOTHING),
    (f"instance('nowhere'){ITEM}[name = ${{seen}}]/zone", NOTHING),
    ("pulldata('file', 'x', 'y', ${age})", NOTHING),
    ("${photo}", NOTHING),
    ("${g}", NOTHING),
    ("../g/inner + 1", D(9)),
    ("/data/g/inner + 1", D(9)),
    ("position(..)", D(1)),
    ("checklist(1, 2, ${age} > 3, ${age} > 4)", "true"),
    ("checklist(-1, 1, ${age} > 3, ${age} > 4)", "false"),
    ("weighted-checklist(1, -1, ${age} > 3, 1)", "true"),
    ("if(relevant(${age}), 1, 0)", D(1)),
    ("if(empty(${none}), 1, 0)", D(1)),
    ("${age} = 34 and ${seen} = 1", "true"),
    ("if(if(${age} > 40, 1, '') = '', 1, 2)", D(1)),
    ("if(if(${age} > 30, 5, ''), 1, 2)", D(1)),
    ("if(if(${age} > 40, 1, '') > 0, 1, 2)", D(2)),
    ("if(if(${age} > 30, 1, '') = if(${age} > 40, 1, ''), 1, 2)", D(2)),
    ("if(if(${age} > 30, 'a', '') = 'a', 1, 2)", D(1)),
    ("if((${age} > 3) = true(), 1, 2)", D(1)),
    ("if((${age} > 3) = false(), 1, 2)", D(2)),
    ("if((${age} > 3) = 'true', 1, 2)", D(1)),
    ("if((${age} > 3) = 'odd', 1, 2)", D(2)),
    ("if((${age} > 3) = (${rate} > 9), 1, 2)", D(2)),
    ("if(${age} = true(), 1, 2)", D(1)),
    ("if(${born} = '1990-05-17', 1, 2)", D(1)),
    ("if(${born} = 'x', 1, 2)", D(2)),
    ("if(${born} = today(), 1, 2)", D(2)),
    ("if(${born} < '2000-01-01', 1, 2)", D(1)),
    ("if('2000-01-01' > ${born}, 1, 2)", D(1)),
    ("if(${clock} = '18:00', 1, 2)", D(1)),
    ("if(${clock} > '17:00', 1, 2)", D(1)),
    ("if(${age} = '34', 1, 2)", D(1)),
    ("if(${age} = 'x', 1, 2)", D(2)),
    ("if(${age} > 'x', 1, 2)", D(2)),
    ("if(${who} = 3, 1, 2)", D(2)),
    ("if(${who} = ${age}, 1, 2)", D(2)),
    ("if(${who} = ${who}, 1, 2)", D(1)),
    ("if(${blank} = ${none}, 1, 2)", D(1)),
    ("if(${seen} = ${age}, 1, 2)", D(2)),
    ("if(${seen} = ${seen}, 1, 2)", D(1)),
    ("if(${seen} = 'nobody', 1, 2)", D(2)),
    ("if(${many} = 'a c', 1, 2)", D(1)),
    ("if(${many} = 'a', 1, 2)", D(2)),
    ("if(${many} = 'zzz', 1, 2)", D(2)),
    ("if(${many} != '', 1, 2)", D(1)),
    ("if(1 = 1, 1, 2)", D(1)),
    ("if('a' = 'b', 1, 2)", D(2)),
    ("if(true() = false(), 1, 2)", D(2)),
    ("if(3 > 2, 1, 2)", D(1)),
    ("if(2 != 2, 1, 2)", D(2)),
    ("${born} + 1", "1990-05-18"),
    ("1 + ${born}", "1990-05-18"),
    ("${born} - 1", "1990-05-16"),
    ("-(3)", D(-3)),
    ("coalesce('', ${who})", "Ann of Bo"),
    ("coalesce(if(${age} > 40, 5, ''), 7)", D(7)),
    ("concat(if(${age} > 40, 'x', ''), 'y')", "y"),
    ("concat(${age} > 3, '')", "true"),
    ("(${age} > 3) + 1", D(2)),
    ("if(${age} > 3, ${many}, ${few})", ("a", "c")),
    ("if(${made} = '', ${age}, ${made})", D(34)),
    ("if(selected(${who}, 'of'), 1, 2)", D(1)),
    ("if(selected(${blank}, 'of'), 1, 2)", D(2)),
    ("if(selected(${seen}, 1), 1, 2)", D(1)),
    ("if(selected(${many}, selected-at(${few}, 0)), 1, 2)", D(2)),
    ("if(selected(${age}, 34), 1, 2)", D(1)),
    ("if(selected(${age}, 'x'), 1, 2)", D(2)),
]


@pytest.fixture(scope="module")
def found() -> route.Route:
    """One form with all the calculations, and what they give for the answers."""
    rows = [
        {
            "type": "calculate",
            "name": f"made_{number}",
            "calculation": expression.replace("${made}", f"${{made_{number}}}"),
        }
        for number, (expression, _) in enumerate(VALUES)
    ]
    made = imported(*ASKED, *rows, choices=LISTS)
    assert [
        str(one) for one in made.findings if one.fault.code.startswith("EXC-1")
    ] == []
    day = dt.date(2026, 3, 2)
    context = route.Context(Mode.WEB, Arm.SAMPLE, Language("en"), day, 1)
    return route.route(made.questionnaire, ANSWERS, context)


@pytest.mark.parametrize("number", range(len(VALUES)), ids=[one for one, _ in VALUES])
def test_a_calculation_gives_what_it_gives_there(
    number: int, found: route.Route
) -> None:
    value = found.values.get(f"made_{number}")
    gives = NOTHING if isinstance(value, Missing) else value
    assert gives == VALUES[number][1]


LOST = [
    "sinh(${age})",
    "if(${many} = ${few}, 1, 2)",
    "join(${who}, ${age})",
    "ends-with(${who}, ${blank})",
    "regex(${who}, ${blank})",
    "regex(${who}, '(')",
    "translate(${who}, 'ab', 'cd')",
    "format-date(${born}, ${who})",
    "date('soon')",
    "${nobody} + 1",
    "count()",
    "${age} | ${rate}",
    "current()/a[b = 1]/c",
]


@pytest.mark.parametrize("expression", LOST)
def test_what_has_no_words_here_is_lost_with_a_finding(expression: str) -> None:
    made = imported(
        *ASKED,
        {"type": "calculate", "name": "made", "calculation": expression},
        choices=LISTS,
    )
    assert {"EXC-102", "EXC-105"} & set(codes(made))


WRONG = ["1 +", "(1", "concat(1", "${", "${}", "'open", "1 2", "a[1", "/", "@", "#"]


@pytest.mark.parametrize("expression", WRONG)
def test_what_is_no_expression_is_said_so(expression: str) -> None:
    made = imported(
        *ASKED,
        {"type": "calculate", "name": "made", "calculation": expression},
        choices=LISTS,
    )
    assert "EXC-103" in codes(made)


def test_a_value_computed_from_itself_is_carried_over_with_a_finding() -> None:
    made = imported(
        *ASKED,
        {"type": "calculate", "name": "made", "calculation": "coalesce(${made}, 5)"},
        choices=LISTS,
    )
    assert "EXC-203" in codes(made)
