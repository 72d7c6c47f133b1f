"""The question language as tables: what stands in questionnaire.yaml, what comes of it.

Proves: SAF-30 (prefer not to say always there), SAF-31 (sensitive parts announced).
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from harken.method.errors import HarkenError
from harken.method.questionnaire import (
    Purpose,
    Question,
    Questionnaire,
    QuestionType,
    read_questionnaire,
)
from harken.method.terms import Language, Missing, Mode
from tests.make.questionnaire import (
    AGREE,
    RECONTACT,
    REPORTED,
    make_questionnaire,
    question,
    section,
    source_of,
)

ALL = (Missing.DONT_KNOW, Missing.CANT_REMEMBER, Missing.PREFER_NOT_TO_SAY)
TABOO = (Missing.PREFER_NOT_TO_SAY,)


def one(text: str) -> Question:
    return make_questionnaire(AGREE, section(text)).questions[-1]


def codes_in(text: str) -> list[str]:
    with pytest.raises(HarkenError) as caught:
        read_questionnaire(text)
    return [finding.fault.code for finding in caught.value.findings]


UNDERSTOOD = [
    (question(), "type", QuestionType.SINGLE),
    (question(), "codes", ("a", "b", "c")),
    (question(), "refusals", TABOO),
    (question(), "free_text", False),
    (question(), "required", False),
    (question(refusals="[dont_know]"), "refusals", (ALL[0], ALL[2])),
    (question(refusals="[cant_remember, dont_know]"), "refusals", ALL),
    (question(refusals="[prefer_not_to_say]"), "refusals", TABOO),
    (question(type="multiple"), "refusals", TABOO),
    (question(type="number"), "refusals", TABOO),
    (question(type="month"), "refusals", TABOO),
    (question(type="text"), "refusals", TABOO),
    (question(type="text"), "free_text", True),
    (question(type="text"), "max_length", 2000),
    (question(type="text", max_length="300"), "max_length", 300),
    (question(type="text", identifying="yes"), "identifying", True),
    (question(type="information"), "refusals", ()),
    (question(type="information"), "answerable", False),
    (question(type="consent"), "refusals", ()),
    (question(type="consent"), "codes", ("yes", "no")),
    (question(type="consent", purpose="recontact"), "purpose", Purpose.RECONTACT),
    (question(type="number", minimum="0"), "minimum", Decimal(0)),
    (question(type="number", maximum="2.5"), "maximum", Decimal("2.5")),
    (question(type="number", unit="days"), "unit", "days"),
    (question(required="yes"), "required", True),
    (question(indicators="[I01, I02]"), "indicators", ("I01", "I02")),
    (question(entitlements="[C15-POL-04]"), "entitlements", ("C15-POL-04",)),
    (question(if_="\"agree == 'yes'\""), "sensitive", False),
]


@pytest.mark.parametrize(("text", "field", "value"), UNDERSTOOD)
def test_a_question_is_understood_as_written(
    text: str, field: str, value: object
) -> None:
    assert getattr(one(text), field) == value


NOT_UNDERSTOOD = [
    (question("Told"), "QUE-010"),
    (question("1told"), "QUE-010"),
    (question("told you"), "QUE-010"),
    (question("t" * 41), "QUE-010"),
    (question("agree"), "QUE-011"),
    (question("mode"), "QUE-012"),
    (question("dont_know"), "QUE-012"),
    (question("in"), "QUE-012"),
    (
        question(type="singel", options="[{code: a, text: A}, {code: b, text: B}]"),
        "SRC-005",
    ),
    (question(options="[{code: a b, text: A}, {code: b, text: B}]"), "QUE-013"),
    (question(options="[{code: dont_know, text: A}, {code: b, text: B}]"), "QUE-013"),
    (question(options="[{code: text, text: A}, {code: b, text: B}]"), "QUE-013"),
    (question(options="[{code: a, text: A}, {code: a, text: B}]"), "QUE-014"),
    (question(options="[{code: a, text: A}]"), "QUE-015"),
    (question(options="[]"), "QUE-015"),
    (question(options="yes"), "SRC-005"),
    (question(options="[a, {code: b, text: B}]"), "SRC-005"),
    (question(minimum="1"), "QUE-016"),
    (question(max_length="100"), "QUE-016"),
    (question(purpose="recontact"), "QUE-016"),
    (question(type="number", options="[{code: a, text: A}]"), "QUE-016"),
    (
        question(options="[{code: a, text: A, exclusive: no}, {code: b, text: B}]"),
        "QUE-016",
    ),
    (question(type="number", minimum="5", maximum="1"), "QUE-017"),
    (question(type="number", minimum="NaN"), "QUE-017"),
    (question(type="number", maximum="1e99"), "QUE-017"),
    (question(type="number", maximum="many"), "QUE-017"),
    (question(type="text", max_length="0"), "QUE-017"),
    (question(type="text", max_length="99999"), "QUE-017"),
    (question(refusals="[dontknow]"), "QUE-018"),
    (question(refusals="{telephone: [dontknow]}"), "QUE-018"),
    (question(refusals="{post: [dont_know]}"), "SRC-003"),
    (question(refusals="dont_know"), "SRC-005"),
    (question(type="consent", refusals="[dont_know]"), "QUE-019"),
    (question(type="consent", refusals="{web: [dont_know]}"), "QUE-019"),
    (question(type="information", refusals="[dont_know]"), "QUE-019"),
    (
        question(
            type="consent", options="[{code: ja, text: Ja}, {code: nee, text: Nee}]"
        ),
        "QUE-026",
    ),
    (question(type="consent", purpose="spam"), "SRC-005"),
    (question(if_="agree = yes"), "QUE-001"),
    (question(if_="\"agreed == 'yes'\""), "QUE-002"),
    (question(if_="\"agree == 'maybe'\""), "QUE-003"),
    (question(colour="red"), "SRC-003"),
    ("{id: told, type: information}", "SRC-004"),
    ("{type: information, text: Hello}", "SRC-004"),
    ("just words", "SRC-005"),
]


def test_refusals_may_be_offered_by_mode() -> None:
    asked = one(question(refusals="{telephone: [dont_know], web: []}"))
    assert asked.refusals_in(Mode.TELEPHONE) == (ALL[0], ALL[2])
    assert asked.refusals_in(Mode.WEB) == TABOO
    assert asked.refusals == (ALL[0], ALL[2])
    alike = one(question(refusals="[cant_remember]"))
    assert alike.refusals_in(Mode.WEB) == alike.refusals == (ALL[1], ALL[2])


@pytest.mark.parametrize(("text", "code"), NOT_UNDERSTOOD)
def test_a_mistake_in_a_question_has_its_number_and_place(text: str, code: str) -> None:
    with pytest.raises(HarkenError) as caught:
        read_questionnaire(source_of(AGREE, section(text)))
    findings = caught.value.findings
    assert [finding.fault.code for finding in findings] == [code]
    assert findings[0].place is not None
    assert findings[0].place.line is not None
    assert str(findings[0])


SECTIONS = [
    (section(question(), sensitive="yes"), "QUE-020"),
    (section(question(), announcement="Hard questions come."), "QUE-021"),
    (section(question(), announcement_telephone="Hard questions come."), "QUE-021"),
    (section().replace("questions:", "questions: []"), "QUE-022"),
    (section(question(), id="Bad Id"), "QUE-010"),
    (section(question(), id="start"), "QUE-011"),
    (section(question(), if_="\"agree == 'z'\""), "QUE-003"),
    (
        section(question("more_ok"), sensitive="yes", announcement="Hard ones."),
        "QUE-011",
    ),
]


@pytest.mark.parametrize(("text", "code"), SECTIONS)
def test_a_mistake_in_a_section_has_its_number(text: str, code: str) -> None:
    assert codes_in(source_of(AGREE, text)) == [code]


WHOLE = [
    ("", "SRC-001"),
    ("just words", "SRC-005"),
    ("questionnaire: a\nversion: 1\nsections: []\n", "QUE-022"),
    ("questionnaire: a\nversion: 1\nsections: no\n", "SRC-005"),
    ("questionnaire: a\nversion: 1\n", "SRC-004"),
]


@pytest.mark.parametrize(("text", "code"), WHOLE)
def test_a_file_that_is_no_questionnaire_is_refused(text: str, code: str) -> None:
    assert code in codes_in(text)


def test_all_findings_come_at_once() -> None:
    text = source_of(
        AGREE, section(question("Told"), question(refusals="[never]"), "{id: x}")
    )
    assert codes_in(text) == ["QUE-010", "QUE-018", *["SRC-004"] * 3]


def test_too_many_questions_or_options_are_refused() -> None:
    many = [question(f"q{number}", "information") for number in range(3001)]
    assert codes_in(source_of(AGREE, section(*many))) == ["QUE-025"]
    options = ", ".join(f"{{code: c{number}, text: T}}" for number in range(501))
    text = source_of(AGREE, section(question(options=f"[{options}]")))
    assert codes_in(text) == ["QUE-025"]


def sensitive() -> Questionnaire:
    return make_questionnaire(
        AGREE,
        section(
            question("told", if_="\"agree == 'yes' or agree == 'no'\""),
            sensitive="yes",
            announcement="Hard questions come.",
            announcement_telephone="I will now ask hard questions.",
            if_="\"agree == 'yes'\"",
        ),
    )


def test_a_sensitive_section_opens_with_a_page_that_offers_to_skip_it() -> None:
    read = sensitive()
    page = read.question("more_ok")
    assert (page.codes, page.refusals) == (("continue", "skip"), ())
    assert page.announces == "more"
    told = read.question("told")
    assert told.sensitive
    assert told.condition is not None
    assert told.condition.evaluate({"agree": "yes", "more_ok": "continue"})
    for choice in ("skip", Missing.NO_ANSWER):
        assert not told.condition.evaluate({"agree": "yes", "more_ok": choice})
    assert read.section_of("told").questions == ("more_ok", "told")


def test_the_announcement_has_its_words_in_both_modes() -> None:
    read = sensitive()
    assert str(read.text("more_ok.text")) == "Hard questions come."
    spoken = read.text("more_ok.text", mode=Mode.TELEPHONE)
    assert spoken.value == "I will now ask hard questions."
    same = read.text("section.more.announcement", mode=Mode.TELEPHONE)
    assert same == spoken
    assert read.text("more_ok.skip").value == "Skip these questions"


WORDS = """language: pl
texts:
  reported.text: Czy zgłoszono to policji?
  reported.yes: Tak
  refusal.dont_know: Nie wiem
  consent.yes: Zgadzam się
"""

LOOKED_UP = [
    ("reported.text", Mode.WEB, "en", "Did you report it to the police?", "en"),
    ("reported.text", Mode.TELEPHONE, "en", "And did you tell the police?", "en"),
    ("reported.text", Mode.WEB, "pl", "Czy zgłoszono to policji?", "pl"),
    ("reported.text", Mode.TELEPHONE, "pl", "Czy zgłoszono to policji?", "pl"),
    ("reported.yes", Mode.WEB, "pl", "Tak", "pl"),
    ("reported.no", Mode.WEB, "pl", "No", "en"),
    ("refusal.dont_know", Mode.WEB, "pl", "Nie wiem", "pl"),
    ("refusal.prefer_not_to_say", Mode.WEB, "pl", "Prefer not to say", "en"),
    ("agree.yes", Mode.WEB, "pl", "Zgadzam się", "pl"),
    ("agree.no", Mode.WEB, "pl", "No", "en"),
    ("reported.hint", Mode.WEB, "pl", "", "en"),
    ("section.report.title", Mode.WEB, "cy", "Reporting to the police", "en"),
]


@pytest.mark.parametrize(("key", "mode", "language", "value", "told"), LOOKED_UP)
def test_words_are_found_by_mode_and_language(
    key: str, mode: Mode, language: str, value: str, told: str
) -> None:
    read = make_questionnaire(AGREE, REPORTED, translations={"pl": WORDS})
    text = read.text(key, mode=mode, language=Language(language))
    assert (text.value, text.language) == (value, told)
    assert bool(text) == bool(value)


TRANSLATIONS = [
    ("language: pl\ntexts: {reported.tekst: x}\n", "QUE-023"),
    ("language: cy\ntexts: {}\n", "QUE-024"),
    ("language: pl\ntexts: {reported.text: [x]}\n", "SRC-005"),
    ("language: pl\ntexts: no\n", "SRC-005"),
    ("language: pl\ntexts: {reported.txt: ''}\n", "QUE-023"),
    ("language: pl\n", "SRC-004"),
    ("language: [\n", "SRC-001"),
    ("language: pl\ntexts: {}\nmore: 1\n", "SRC-003"),
]


@pytest.mark.parametrize(("text", "code"), TRANSLATIONS)
def test_a_mistake_in_a_translation_has_its_number(text: str, code: str) -> None:
    with pytest.raises(HarkenError) as caught:
        make_questionnaire(AGREE, REPORTED, translations={"pl": text})
    assert caught.value.findings[0].fault.code == code
    assert "translations/pl.yaml" in str(caught.value)


def test_a_translation_may_add_telephone_wording_the_source_lacks() -> None:
    words = "language: pl\ntexts: {agree.telephone: Mówione}\n"
    read = make_questionnaire(AGREE, translations={"pl": words})
    text = read.text("agree.text", mode=Mode.TELEPHONE, language=Language("pl"))
    assert text.value == "Mówione"


def test_built_in_words_can_be_replaced_once_for_all() -> None:
    more = "words: {refusal.dont_know: I do not know}\n"
    read = read_questionnaire(source_of(AGREE, REPORTED, more=more))
    assert read.text("refusal.dont_know").value == "I do not know"
    for wrong, code in (
        ("words: {refusal.never: x}\n", "QUE-023"),
        ("words: {refusal.dont_know: []}\n", "SRC-005"),
    ):
        assert codes_in(source_of(AGREE, more=wrong)) == [code]


def test_exclusive_options_and_conditions_keep_what_was_written() -> None:
    options = "[{code: a, text: A}, {code: none, text: None, exclusive: yes}]"
    read = make_questionnaire(
        AGREE, section(question(type="multiple", options=options)), RECONTACT
    )
    assert [option.exclusive for option in read.question("told").options] == [
        False,
        True,
    ]


def test_the_digest_follows_every_word() -> None:
    digests = {
        make_questionnaire(AGREE).digest,
        make_questionnaire(AGREE, REPORTED).digest,
        make_questionnaire(AGREE, REPORTED, translations={"pl": WORDS}).digest,
        make_questionnaire(
            AGREE, REPORTED, translations={"cy": "language: cy\ntexts: {}"}
        ).digest,
    }
    assert len(digests) == 4
    assert make_questionnaire(AGREE).digest == make_questionnaire(AGREE).digest


def test_an_unknown_question_gets_a_suggestion() -> None:
    with pytest.raises(HarkenError) as caught:
        make_questionnaire().question("reportd")
    assert caught.value.findings[0].suggestion == "reported"
