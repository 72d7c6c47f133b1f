"""Faults planted in sound instruments are found at their place.

Proves: issue 3, the checker is judged by planted faults. ``script/bench questionnaire``
plants two hundred.
"""

from __future__ import annotations

import pytest

from harken.method.questionnaire import check
from harken.method.questionnaire.proof import prove
from tests.make.planted import PLANTS, plant
from tests.make.questionnaire import AGREE, make_questionnaire, question, section
from tests.make.sound import Fault, in_polish, read_rich, rich_faults


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLANTS)
def test_a_planted_fault_is_found_at_its_place(kind: str) -> None:
    assert plant(kind, 1).found()


ONE_OF_EACH = tuple({fault.kind: fault for fault in rich_faults()}.values())
"""One fault of each kind in rosters, banks, fills, translations; the bench tries all."""


@pytest.mark.slow
@pytest.mark.parametrize("fault", ONE_OF_EACH, ids=lambda fault: fault.kind)
def test_a_fault_in_the_rich_instrument_is_found_at_its_place(fault: Fault) -> None:
    assert fault.found()


def test_the_rich_instrument_is_sound() -> None:
    read = read_rich(None, in_polish({}))
    assert check(read, languages=read.languages) == ()
    assert prove(read, minutes=120).findings == ()


def test_lines_of_a_roster_count_as_one_page() -> None:
    many = question("n", "number", minimum="0", maximum="9", decimals="0")
    told = question("told", "yes_no")
    again = question("again", "yes_no", if_="\"line > 1 and previous(told) == 'no'\"")
    last = question("last", "yes_no", if_='"n > 9"')
    each = section(told, again, last, id="each", roster="{count: n, maximum: 4}")
    found = prove(make_questionnaire(AGREE, section(many), each)).findings
    assert [(one.fault.code, one.detail["id"]) for one in found] == [
        ("QUE-216", "n"),
        ("QUE-200", "last"),
    ]
    small = question("n", "number", minimum="0", maximum="4", decimals="0")
    each = section(told, again, id="each", roster="{count: n, maximum: 4}")
    assert prove(make_questionnaire(AGREE, section(small), each)).findings == ()


def test_options_computed_values_and_dates_are_decided() -> None:
    hours = question("a", "number", minimum="0", maximum="24", decimals="0")
    options = (
        "[{code: p, text: P, if: a > 3}, {code: q, text: Q, if: a > 30}, "
        "{code: r, text: R}]"
    )
    pages = (
        hours,
        question("c", options=options),
        question("d", "date"),
        question("late", "computed", value='"working_days(d, today)"'),
        question("f", "yes_no", if_='"late > 5"'),
        question("kind", "computed", value="\"if(a > 12, 'long', 'short')\""),
        question("l", "yes_no", if_="\"kind == 'long' and a < 6\""),
        question("t", "time"),
        question("h", "yes_no", if_="\"t < '06:00'\""),
        question("o", "about"),
        question("j", "yes_no", if_='"years(o, today) > 10"'),
        question("m", "ranking", options="[{code: u, text: U}, {code: v, text: V}]"),
        question("w", "yes_no", if_="\"has(m, 'u')\""),
    )
    found = prove(make_questionnaire(AGREE, section(*pages))).findings
    assert [(one.fault.code, one.detail["id"]) for one in found] == [
        ("QUE-202", "c"),
        ("QUE-200", "l"),
    ]


def test_a_ballot_that_nobody_draws_leads_nowhere() -> None:
    pages = [
        question(f"k{number}", "yes_no", if_=f'"ballot == {number}"')
        for number in (1, 2, 3)
    ]
    split = section(*pages, id="b", split="{ways: 2}")
    (finding,) = prove(make_questionnaire(AGREE, split)).findings
    assert (finding.fault.code, finding.detail["id"]) == ("QUE-200", "k3")


def test_words_that_show_what_may_not_be_there_are_found() -> None:
    base = question("x", "yes_no")
    many = question("n", "number", minimum="0", maximum="9", if_="\"x == 'yes'\"")
    bare = question("y", "yes_no", text='"You said {n}. Is that so?"')
    (finding,) = prove(make_questionnaire(AGREE, section(base, many, bare))).findings
    assert (finding.fault.code, finding.detail["id"]) == ("QUE-212", "y")
    assert finding.detail["name"] == "n"
    assert finding.detail["answers"] == {"mode": "web", "agree": "yes", "x": "no"} or (
        "n" in finding.message
    )
    known = question("y", "yes_no", text='"You said {n}. So?"', if_='"answered(n)"')
    other = question("z", "yes_no", text='"You said {n|nothing}. Is that so?"')
    sound = make_questionnaire(AGREE, section(base, many, known, other))
    assert prove(sound).findings == ()


def test_words_that_repeat_a_sensitive_answer_are_found() -> None:
    said = section(
        question("kind", "single"), id="close", sensitive="yes", announcement="Go on?"
    )
    told = section(question("y", "yes_no", text='"You said {kind|it}. Is that so?"'))
    (finding,) = prove(make_questionnaire(AGREE, said, told)).findings
    assert (finding.fault.code, finding.detail["id"]) == ("QUE-213", "y")
