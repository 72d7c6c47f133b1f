"""The demo study's content. Proves SAF-04, SAF-30, SAF-31, SAF-33, SAF-35, DP-02, DP-05
as far as texts can, and that forty indicators have their base."""

from __future__ import annotations

import re

import pytest

from harken.method.contact import Letter
from harken.method.questionnaire import QuestionType
from harken.method.questionnaire.check import check
from harken.method.terms import Language, Missing, Mode
from tests.make.rehearsal import (
    demo_folder,
    demo_questionnaire,
    demo_study,
    demo_texts,
)

ENGLISH, POLISH = Language("en"), Language("pl")
REVEALING = re.compile(
    r"victim|crime|police|offence|abuse|violen|sexual|court|robber|burgl|policj|przest",
    re.IGNORECASE,
)


def asked() -> list[str]:
    """Ids of the pages that ask something and were written by an author."""
    book = demo_questionnaire()
    return [q.id for q in book.questions if q.answerable and not q.announces]


def test_it_asks_between_seventy_and_a_hundred_questions() -> None:
    assert 70 <= len(asked()) <= 100


def test_nothing_is_found_against_it_in_any_language() -> None:
    plan = demo_study().plan
    found = check(
        demo_questionnaire(),
        languages=demo_folder().charter.languages,
        indicators=[indicator.id for indicator in plan.indicators],
        entitlements=[item.id for item in demo_study().edition.entitlements],
    )
    assert [str(finding) for finding in found] == []


def test_everything_but_consent_and_age_can_be_left_out() -> None:
    required = [q.id for q in demo_questionnaire().questions if q.required]
    assert required == ["take_part", "adult"]


def test_prefer_not_to_say_is_offered_wherever_something_is_asked() -> None:
    book = demo_questionnaire()
    for question in book.questions:
        if question.type is QuestionType.CONSENT or not question.answerable:
            continue
        offered = Missing.PREFER_NOT_TO_SAY in question.refusals
        assert offered or question.announces, question.id


def test_questions_of_fact_keep_three_kinds_of_no_answer_apart() -> None:
    kinds = {Missing.DONT_KNOW, Missing.CANT_REMEMBER, Missing.PREFER_NOT_TO_SAY}
    for name in ("told_code", "support_offered", "informed", "outcome_told"):
        assert set(demo_questionnaire().question(name).refusals) == kinds


def test_sensitive_sections_announce_themselves_in_both_modes_and_languages() -> None:
    book = demo_questionnaire()
    sensitive = [section for section in book.sections if section.sensitive]
    assert {section.id for section in sensitive} >= {"crime", "support", "about_you"}
    for section in sensitive:
        for mode in Mode:
            for language in (ENGLISH, POLISH):
                key = f"section.{section.id}.announcement"
                text = book.text(key, mode=mode, language=language)
                assert text.value
                assert text.language == language


def test_there_are_at_most_three_boxes_for_own_words() -> None:
    boxes = [q for q in demo_questionnaire().questions if q.free_text]
    assert 1 <= len(boxes) <= 3


def test_answers_by_telephone_are_yes_no_a_number_or_a_letter() -> None:
    book = demo_questionnaire()
    for question in book.questions:
        if question.announces or not question.options:
            continue
        if set(question.codes) <= {"yes", "no"}:
            continue
        note = book.text(f"{question.id}.note", language=ENGLISH).value
        assert re.search(r"number|letter|yes or no", note), question.id


@pytest.mark.parametrize("language", [ENGLISH, POLISH])
def test_every_wording_is_there_in_the_language_itself(language: Language) -> None:
    book = demo_questionnaire()
    for question in book.questions:
        for mode in Mode:
            text = book.text(f"{question.id}.text", mode=mode, language=language)
            assert text.value, question.id
            assert text.language == language, question.id


def test_sentences_are_short() -> None:
    book = demo_questionnaire()
    for question in book.questions:
        text = book.text(f"{question.id}.text", language=ENGLISH).value
        for sentence in re.split(r"(?<=[.?!])\s", text):
            assert len(sentence.split()) <= 25, question.id


def test_forty_indicators_each_measure_a_question_that_names_them() -> None:
    plan, book = demo_study().plan, demo_questionnaire()
    mains = {indicator.id[:3] for indicator in plan.indicators}
    assert mains == {f"I{number:02}" for number in range(1, 41)}
    assert plan.headlines == ("I01", "I08", "I16")
    for indicator in plan.indicators:
        assert indicator.id in book.question(indicator.question).indicators


@pytest.mark.parametrize("kind", ["invitation", "reminder"])
@pytest.mark.parametrize("language", [ENGLISH, POLISH])
def test_letters_name_no_offence_and_no_force(kind: str, language: Language) -> None:
    path = f"letters/{kind}.{language}.md"
    letter = Letter.read(demo_texts()[path], path)
    assert {"code", "web_address"} <= letter.fields()
    assert REVEALING.search(letter.text()) is None


@pytest.mark.parametrize("arm", ["privacy-notice", "privacy-notice-open"])
def test_privacy_notices_cover_what_the_regulator_lists(arm: str) -> None:
    text = demo_texts()[f"messages/{arm}.en.md"]
    charter = demo_folder().charter
    wanted = [
        charter.controller.name,
        charter.controller.contact,
        charter.controller.dpo,
        charter.processor.contact,
        charter.processor.dpo,
        "Article 6(1)(e)",
        "Article 9(2)(j)",
        "Schedule 1, paragraph 4",
        "United Kingdom",
        "30 September 2026",
        "31 March 2036",
        "a copy",
        "withdraw",
        "object",
        "Information Commissioner",
        "30 days",
        "No law or contract",
        "automated decision",
    ]
    assert [item for item in wanted if item not in text] == []


def test_the_notice_for_letters_says_where_the_data_came_from_and_how_long() -> None:
    text = demo_texts()["messages/privacy-notice.en.md"]
    assert "Where we got your details" in text
    assert "31 March 2028" in text


def test_recontact_is_asked_separately_and_only_of_those_with_a_letter() -> None:
    question = demo_questionnaire().question("recontact")
    assert question.type is QuestionType.CONSENT
    assert question.condition is not None
    assert "arm" in question.condition.names


def test_each_language_has_every_text() -> None:
    english = {p for p in demo_texts() if p.endswith(".en.md")}
    for language in ("pl", "ur"):
        theirs = {path.replace(".en.", f".{language}.") for path in english}
        assert theirs <= set(demo_texts())
    assert len(english) == 10
