"""What the check tells an author. Proves: SAF-30 (nothing forced), ARCHITECTURE 5."""

from __future__ import annotations

import pytest

from harken.method.questionnaire import check
from harken.method.terms import Language, Mode
from tests.make.questionnaire import (
    AGREE,
    RECONTACT,
    REPORTED,
    make_questionnaire,
    question,
    section,
)

EN, PL = Language("en"), Language("pl")


def found(*questions: str, **more: str) -> list[str]:
    """The codes that a part with these questions raises between sound ones."""
    read = make_questionnaire(AGREE, REPORTED, section(*questions, **more), RECONTACT)
    return [finding.fault.code for finding in check(read)]


def test_a_sound_questionnaire_has_no_findings() -> None:
    assert check(make_questionnaire()) == ()
    assert found(question()) == []


@pytest.mark.parametrize(
    ("one", "other"), [("told_a", "tolda"), ("all0", "allo"), ("t1p", "tlp")]
)
def test_ids_that_look_alike_are_pointed_out(one: str, other: str) -> None:
    assert found(question(one), question(other)) == ["QUE-030"]


def test_a_condition_on_a_later_question_is_found() -> None:
    later = question("first", if_="\"second == 'a'\"")
    assert found(later, question("second")) == ["QUE-031"]
    assert found(question("own", if_='"answered(own)"')) == ["QUE-031"]
    inside = {"if_": "\"told == 'a'\""}
    assert found(question(), **inside) == ["QUE-031"]


REQUIRED = [
    (question(required="yes"), ["QUE-036"]),
    (question(type="information", required="yes"), ["QUE-036"]),
    (question(type="text", required="yes"), ["QUE-036"]),
]


@pytest.mark.parametrize(("text", "codes"), REQUIRED)
def test_an_ordinary_question_may_not_be_required(text: str, codes: list[str]) -> None:
    assert found(text) == codes


def test_consent_and_opening_eligibility_may_be_required() -> None:
    opening = section(question("adult", required="yes"), id="first")
    read = make_questionnaire(AGREE, opening, REPORTED, RECONTACT)
    assert check(read) == ()
    several = section(question("adult", "multiple", required="yes"), id="first")
    read = make_questionnaire(AGREE, several, REPORTED, RECONTACT)
    assert [finding.fault.code for finding in check(read)] == ["QUE-036"]


CONSENTS = [
    ((REPORTED, RECONTACT), ["QUE-037"]),
    ((REPORTED, AGREE, RECONTACT), ["QUE-038"]),
    ((AGREE, section(question("again_2", "consent")), RECONTACT), ["QUE-039"]),
    ((AGREE, REPORTED), ["QUE-040"]),
    (
        (section(question("sure", "consent", if_="\"mode == 'web'\"")), RECONTACT),
        ["QUE-046"],
    ),
    ((section(question("hello", "information"), id="hi"), AGREE, RECONTACT), []),
]


@pytest.mark.parametrize(("parts", "codes"), CONSENTS)
def test_consent_comes_first_once_and_unconditionally(
    parts: tuple[str, ...], codes: list[str]
) -> None:
    read = make_questionnaire(*parts)
    assert [finding.fault.code for finding in check(read)] == codes


def test_links_to_plan_and_code_are_checked_when_given() -> None:
    linked = section(question(indicators="[I01]", entitlements="[C15-POL-04]"))
    read = make_questionnaire(AGREE, linked, RECONTACT)
    assert check(read) == ()
    findings = check(read, indicators={"I02"}, entitlements={"C15-POL-05"})
    assert [finding.fault.code for finding in findings] == ["QUE-041", "QUE-042"]
    assert [finding.suggestion for finding in findings] == ["I02", "C15-POL-05"]
    assert check(read, indicators={"I01"}, entitlements={"C15-POL-04"}) == ()


def test_a_question_may_not_be_named_as_a_design_variable() -> None:
    read = make_questionnaire(AGREE, section(question("area")), RECONTACT)
    findings = check(read, design_variables=["area"])
    assert [finding.fault.code for finding in findings] == ["QUE-043"]


def test_a_sensitive_question_has_a_wording_for_the_telephone() -> None:
    part = section(
        question(telephone="Spoken"),
        question("other"),
        question("page", "information"),
        sensitive="yes",
        announcement="Hard.",
    )
    read = make_questionnaire(AGREE, part, RECONTACT)
    findings = check(read, modes=[Mode.TELEPHONE])
    assert [(f.fault.code, f.detail["id"]) for f in findings] == [("QUE-047", "other")]
    assert check(read, modes=[Mode.WEB]) == ()


ROWS = "[{id: b, text: the bank}, {id: c, text: the court}, {id: d, text: the desk}]"
PAIR = "[{code: well, text: Well}, {code: badly, text: Badly}]"
MATRICES = [
    ({"text": "How were you treated?"}, None, [("QUE-085", "en")]),
    ({"text": '"How did {row} treat you?"'}, None, []),
    ({"text": "\"How did {plural(1, '{row}', 'all')} treat you?\""}, None, []),
    (
        {"text": '"How did {row} treat you?"', "telephone": "And how?"},
        None,
        [("QUE-085", "en")],
    ),
    ({"text": "How?", "rows": "[{id: b, text: the bank}]"}, None, []),
    (
        {"text": '"How did {row} treat you?"'},
        "Jak tam?",
        [("QUE-085", "pl")],
    ),
    ({"text": '"How did {row} treat you?"'}, "Jak potraktował {row}?", []),
]


@pytest.mark.parametrize(("more", "words", "codes"), MATRICES)
def test_each_row_of_a_matrix_has_a_heading_of_its_own(
    more: dict[str, str], words: str | None, codes: list[tuple[str, str]]
) -> None:
    part = section(question("x", "matrix", **{"rows": ROWS, "options": PAIR} | more))
    texts = {"pl": f'language: pl\ntexts: {{x.text: "{words}"}}\n'} if words else {}
    read = make_questionnaire(AGREE, part, RECONTACT, translations=texts)
    found = check(read)
    assert [(one.fault.code, one.detail["language"]) for one in found] == codes
    assert all(one.detail["id"] == "x" and one.place for one in found)


def test_rows_that_are_spoken_in_words_of_their_own_need_no_fill() -> None:
    rows = ROWS.replace("}", ", telephone: And %s?}")
    for name in "bcd":
        rows = rows.replace("%s", name, 1)
    text = '"How did {row} treat you?"'
    matrix = question("x", "matrix", rows=rows, options=PAIR, text=text, telephone="Hm")
    assert found(matrix) == []


def translated(texts: str, **more: str) -> list[tuple[str, str]]:
    head = "".join(f"{key}: {value}\n" for key, value in more.items())
    words = f"language: pl\n{head}texts: {{{texts}}}\n"
    told = question(type="information", telephone="Spoken", note="Softly")
    read = make_questionnaire(AGREE, section(told), translations={"pl": words})
    return [
        (finding.fault.code, str(finding.detail.get("key", "")))
        for finding in check(read, languages=[EN, PL])
        if finding.fault.code != "QUE-040"
    ]


def test_every_missing_text_of_a_language_is_named() -> None:
    assert sorted(translated("agree.text: Zgoda, told.text: ''")) == [
        ("QUE-033", "consent.no"),
        ("QUE-033", "consent.yes"),
        ("QUE-033", "section.more.title"),
        ("QUE-033", "section.start.title"),
        ("QUE-033", "told.text"),
        ("QUE-034", "told.note"),
        ("QUE-034", "told.telephone"),
    ]


def test_a_translation_of_an_older_version_is_pointed_out() -> None:
    assert ("QUE-035", "") in translated("agree.text: Zgoda", version="0")
    assert ("QUE-035", "") not in translated("agree.text: Zgoda", version="1")


def test_a_language_without_texts_is_found() -> None:
    findings = check(make_questionnaire(), languages=[EN, PL])
    assert [finding.fault.code for finding in findings] == ["QUE-044"]


def test_words_that_are_never_shown_need_no_translation() -> None:
    texts = (
        "agree.text: x, agree.yes: x, agree.no: x, section.start.title: x, "
        "section.more.title: x, told.text: x, told.telephone: x, told.note: x"
    )
    own = "[{code: yes, text: Tak}, {code: no, text: Nie}]"
    first = section(question("agree", "consent", options=own), id="start")
    told = question(type="information", telephone="Spoken", note="Softly")
    words = f"language: pl\ntexts: {{{texts}}}\n"
    read = make_questionnaire(first, section(told), translations={"pl": words})
    codes = [finding.fault.code for finding in check(read, languages=[EN, PL])]
    assert codes == ["QUE-040"]


def test_findings_stand_in_the_order_of_the_file() -> None:
    read = make_questionnaire(
        AGREE, section(question("area", required="yes"), question("later")), RECONTACT
    )
    findings = check(read, design_variables=["later", "area"])
    lines = [finding.place.line for finding in findings if finding.place]
    assert lines == sorted(line for line in lines if line is not None)
