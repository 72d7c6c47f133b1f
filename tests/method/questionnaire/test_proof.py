"""The proof finds what is wrong with an instrument's logic, and shows who meets it.

Proves: issue 3, the proof: unreachable, always, never, unasked, consent; each with place.
"""

from __future__ import annotations

import pytest

from harken.method.errors import Finding, HarkenError, Level
from harken.method.questionnaire import Questionnaire, check, read_questionnaire
from harken.method.questionnaire.proof import prove
from harken.method.questionnaire.route import route
from harken.method.terms import Mode
from tests.make.instruments import make_instrument
from tests.make.questionnaire import (
    AGREE,
    REPORTED,
    make_questionnaire,
    question,
    section,
    source_of,
)

CHOICE = question("x")
AMOUNT = question("n", "number", minimum="0", maximum="100")


def instrument(*pages: str, **more: str) -> Questionnaire:
    return make_questionnaire(AGREE, section(*pages, **more))


def found(*pages: str, **more: str) -> list[tuple[str, str]]:
    """Code and id of every finding of a small instrument."""
    proof = prove(instrument(*pages, **more))
    return [(one.fault.code, str(one.detail["id"])) for one in proof.findings]


def only(*pages: str) -> Finding:
    (finding,) = prove(instrument(*pages)).findings
    return finding


@pytest.mark.parametrize(
    ("pages", "code", "name"),
    [
        ([question("y", if_="\"x == 'a' and x == 'b'\"")], "QUE-200", "y"),
        ([question("y", if_='"n > 100"')], "QUE-200", "y"),
        ([question("y", if_='"n > 3 and n < 3"')], "QUE-200", "y"),
        ([question("y", if_='"n + n > 200"')], "QUE-200", "y"),
        ([question("y", if_="\"answered(x) and missing(x)\"")], "QUE-200", "y"),
        ([question("y", if_="\"x == 'a' and mode == 'web' and mode == 'telephone'\"")],
         "QUE-200", "y"),
        ([question("y", if_="\"not (x == 'a' and x == 'b')\"")], "QUE-203", "y"),
        ([question("y", if_='"n >= 0 or missing(n)"')], "QUE-203", "y"),
        ([question("y", if_="\"x == 'a' or n > 200\"")], "QUE-204", "y"),
        ([question("y", if_="\"not (n > 200 and x == 'a') and x == 'b'\"")],
         "QUE-204", "y"),
        ([question("m", "month"), question("y", if_="\"years(m, today) >= 2 and "
          "months(m, today) < 24\"")], "QUE-200", "y"),
        ([question("y", if_='"working_days(today, add_days(today, 7)) > 7"')],
         "QUE-200", "y"),
        ([question("y", if_='"month(today) == 13"')], "QUE-200", "y"),
    ],
)  # fmt: skip
def test_a_contradiction_or_a_matter_of_course_is_found(
    pages: list[str], code: str, name: str
) -> None:
    assert (code, name) in found(CHOICE, AMOUNT, *pages)


@pytest.mark.parametrize(
    "condition",
    [
        "x == 'a'",
        "not (x == 'a')",
        "n == 3.5",
        "n * 2 == 7",
        "n > 99 and x != 'a'",
        "refused(x) or missing(n, 'prefer_not_to_say')",
        "today > '2026-01-01' and x in ['a', 'b']",
        "weekday(today) == 7",
        "add_days(today, 3) > '2027-06-01'",
        "coalesce(n, 5) > 4 and if(x == 'a', n > 2, n > 90)",
        "length(text(x)) == 1 and n / 3 > 5",
        "count_answered(n, x) == 1 and mod(n, 7) == 3",
    ],
)
def test_what_somebody_can_answer_is_not_reported(condition: str) -> None:
    assert found(CHOICE, AMOUNT, question("y", if_=f'"{condition}"')) == []


def test_the_finding_stands_where_the_condition_is_and_names_its_parts() -> None:
    finding = only(CHOICE, question("y", if_="\"x == 'a' and x == 'b'\""))
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == (12, 128)
    assert "'x == 'a''" in finding.message
    assert "'x == 'b''" in finding.message
    assert "exclude each other" in finding.message
    assert "agree = yes" in finding.cure


def test_a_page_behind_a_page_that_is_never_asked_says_so_too() -> None:
    first = question("y", if_='"n > 100"')
    second = question("z", if_="\"y == 'a'\"")
    assert found(AMOUNT, first, second) == [("QUE-200", "y"), ("QUE-200", "z")]


def test_a_section_that_nobody_comes_to_is_one_finding() -> None:
    made = make_questionnaire(
        AGREE,
        section(CHOICE, id="one"),
        section(
            question("y"), question("z"), id="two", if_="\"x == 'a' and x == 'b'\""
        ),
    )
    (finding,) = prove(made).findings
    assert (finding.fault.code, finding.detail["id"]) == ("QUE-201", "two")


def test_a_section_may_repeat_a_denial_or_offer_alternatives() -> None:
    made = make_questionnaire(
        AGREE,
        section(CHOICE, id="one"),
        section(question("y"), id="two", if_="\"not (x == 'a')\""),
        section(question("z"), id="three", if_="\"x == 'a' or x == 'b'\""),
        section(question("w"), id="four", sensitive="yes", announcement="Go on?"),
    )
    assert prove(made).findings == ()


def test_a_condition_on_consent_alone_is_no_matter_of_course() -> None:
    assert found(question("y", if_="\"agree == 'yes'\"")) == []


def test_a_denial_of_what_was_not_asked_is_found_with_a_respondent() -> None:
    pages = [CHOICE, question("k", if_="\"x == 'a'\"")]
    proof = prove(instrument(*pages, question("y", if_="\"not (k == 'b')\"")))
    (finding,) = proof.findings
    assert finding.fault.code == "QUE-210"
    assert finding.fault.level is Level.WARNING
    answers = finding.detail["answers"]
    assert isinstance(answers, dict)
    assert answers["x"] != "a"
    aware = question("y", if_="\"not (k == 'b') and asked(k)\"")
    assert found(*pages, aware) == []


def test_a_sum_with_a_part_that_was_not_asked_is_found() -> None:
    pages = [CHOICE, AMOUNT, question("k", "number", if_="\"x == 'a'\"")]
    assert found(*pages, question("y", if_='"n + k > 9"')) == [("QUE-211", "y")]
    whole = question("y", if_='"n + coalesce(k, 0) > 9"')
    assert found(*pages, whole) == []


def test_a_path_past_the_consent_is_found() -> None:
    made = make_questionnaire(
        section(CHOICE, id="first"),
        section(
            question("agree", "consent", if_="\"x == 'a'\""), question("y"), id="second"
        ),
    )
    codes = [finding.fault.code for finding in prove(made).findings]
    assert codes == ["QUE-209"]


def test_a_way_of_coming_that_the_study_does_not_offer_leads_nowhere() -> None:
    made = instrument(question("y", if_="\"mode == 'telephone'\""))
    assert prove(made).findings == ()
    (finding,) = prove(made, modes=[Mode.WEB]).findings
    assert finding.fault.code == "QUE-200"


@pytest.mark.parametrize("seed", range(1, 6))
def test_invented_instruments_are_clean_and_wholly_decided(seed: int) -> None:
    made = make_instrument(40, seed=seed)
    read = read_questionnaire(made.text)
    assert check(read) == ()
    proof = prove(read)
    assert proof.findings == ()
    assert proof.shown == proof.goals
    assert proof.unsure == 0


def test_every_respondent_shown_really_takes_the_path() -> None:
    read = read_questionnaire(make_instrument(60, seed=8).text)
    proof = prove(read, minutes=1)
    (long, *_) = [one for one in proof.findings if one.fault.code == "QUE-222"]
    length = next(one for one in proof.lengths if one.mode is Mode.WEB)
    by = length.longest_by
    asked = route(read, by.answers, by.context).questions
    assert [page.id for page in asked] == list(by.answers)
    assert len(asked) == length.pages[2]
    assert long.detail["pages"] in {one.pages[2] for one in proof.lengths}


NEVER = [
    "reported == 'yes' and reported == 'no'",
    "reported in ['yes'] and reported in ['no']",
    "reported == 'yes' and reported != 'yes'",
    "reported not in ['yes', 'no']",
    "reported == 'yes' and not reported == 'yes'",
    "reported == 'yes' and not reported in ['yes', 'no']",
    "refused(reported) and reported == 'yes'",
    "refused(reported) and answered(reported)",
    "refused(reported) and not refused(reported)",
    "answered(reported) and not answered(reported)",
    "reported == 'yes' and not (reported == 'yes' or reported == 'no')",
    "reported == 'yes' and (reported == 'no' or refused(reported))",
    "reported == 'yes' and not (answered(reported) and mode in ['web', 'telephone'])",
    "mode == 'web' and mode == 'telephone'",
    "arm == 'open' and not (not arm == 'sample')",
    "days > 3 and days < 2",
    "days > 3 and days <= 3",
    "days == 3 and days == 4",
    "days in [1, 2] and days >= 3",
    "days > 100",
    "days < 0",
    "since < '2026-01' and since > '2026-02'",
    "has(some, 'a') and not has(some, 'a')",
    "only_yes == 'a' and reported == 'no'",
    "only_yes == chained and reported == 'no'",
    "chained == 'a' and reported == 'no'",
    "days < days",
    "reported == mode",
]

SOMETIMES = [
    "reported == 'yes' or reported == 'no'",
    "reported == 'yes' and (reported == 'no' or reported == 'yes')",
    "reported == 'yes' and not reported == 'no'",
    "not (reported == 'yes' and reported == 'no')",
    "not refused(reported)",
    "not answered(reported)",
    "not has(some, 'a') and has(some, 'b')",
    "not days > 3",
    "not reported != 'yes'",
    "refused(reported)",
    "days >= 3 and days <= 3",
    "days > 3 and days > 2 and days < 9 and days < 10",
    "days != 3 and days not in [4]",
    "since >= '2026-01' and since < '2026-02'",
    "since == '2026-01' and since <= '2026-01'",
    "mode == 'web'",
    "only_yes == 'a' and reported == 'yes'",
    "not only_yes == 'a' and reported == 'no'",
]

BEFORE = (
    question("days", "number", minimum="0", maximum="99"),
    question("since", "month"),
    question("some", "multiple"),
    question("only_yes", if_="\"reported == 'yes'\""),
    question("chained", if_='"answered(only_yes)"'),
)


def codes(text: str, **more: str) -> list[str]:
    """What is found of a page with this condition, after some others."""
    page = question(if_=f'"{text}"')
    read = make_questionnaire(AGREE, REPORTED, section(*BEFORE, page, **more))
    return [finding.fault.code for finding in prove(read).findings]


@pytest.mark.parametrize("text", NEVER)
def test_a_page_that_can_never_be_asked_is_found(text: str) -> None:
    assert "QUE-200" in codes(text)


@pytest.mark.parametrize("text", SOMETIMES)
def test_a_page_that_can_be_asked_is_left_alone(text: str) -> None:
    assert "QUE-200" not in codes(text)


def test_a_sections_condition_counts_for_its_pages() -> None:
    inside = {"if_": "\"reported == 'no'\""}
    assert "QUE-200" in codes("reported == 'yes'", **inside)


def test_a_later_answer_counts_as_not_asked() -> None:
    later = question("first", if_="\"second == 'a'\"")
    assert found(later, question("second")) == [("QUE-200", "first")]
    assert found(question("own", if_='"not answered(own)"')) == [("QUE-203", "own")]


def test_an_instrument_is_held_to_what_it_promises_of_itself() -> None:
    hard = (
        '"Considering the aforementioned procedural responsibilities, were appropriate '
        'accommodations proactively communicated by participating agencies?"'
    )
    page = question("x", "yes_no", text=hard)
    free = read_questionnaire(source_of(AGREE, section(page)))
    assert [one.fault.code for one in prove(free).findings] == ["QUE-221"]
    bound = source_of(AGREE, section(page), more="minutes: 0.2\nreading_age: 60\n")
    (finding,) = prove(read_questionnaire(bound)).findings[:1]
    assert (finding.fault.code, finding.place and finding.place.line) == ("QUE-222", 3)
    assert prove(read_questionnaire(bound), minutes=90).findings == ()
    with pytest.raises(HarkenError) as error:
        read_questionnaire(source_of(AGREE, section(page), more="minutes: -3\n"))
    assert error.value.findings[0].fault.code == "SRC-005"
