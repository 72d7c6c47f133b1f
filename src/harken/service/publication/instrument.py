"""The instrument in a release: every question as asked, and bases in words.

Both come from the questionnaire's own printed form, so paper and routing agree.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harken.method.compliance import Indicator, Results
from harken.method.questionnaire import (
    Expression,
    Questionnaire,
    QuestionType,
    printed_form,
)
from harken.method.terms import Mode


def printed_sections(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """The questionnaire section by section, with the telephone's words where they differ."""
    web = printed_form(questionnaire, mode=Mode.WEB)
    spoken = {
        row.id: row.text
        for part in printed_form(questionnaire, mode=Mode.TELEPHONE).parts
        for row in part.rows
    }
    return [
        {
            "title": part.title,
            "when": part.when,
            "rows": [
                {
                    "row": row,
                    "asked": row.type is not QuestionType.INFORMATION,
                    "telephone": spoken[row.id] if spoken[row.id] != row.text else "",
                }
                for row in part.rows
            ],
        }
        for part in web.parts
    ]


def with_words(results: Results, questionnaire: Questionnaire) -> Results:
    """Results whose indicators say in words whom they are about and what counts.

    Conditions are put as the printed form puts them: *question 11 is "Yes"*. Where the
    plan says in words whom an indicator is about, those stand.
    """
    measures = tuple(_in_words(measure, questionnaire) for measure in results.measures)
    return replace(results, measures=measures)


def _in_words(measure: Indicator, questionnaire: Questionnaire) -> Indicator:
    among = measure.among
    if among == measure.base:
        among = f"where {_condition(measure, measure.base, questionnaire)}"
    positive = _condition(measure, measure.positive, questionnaire)
    return replace(measure, among=among, positive=positive)


def _condition(measure: Indicator, text: str, questionnaire: Questionnaire) -> str:
    """A condition in the printed form's words, read as the measured question's own."""
    condition = Expression.parse(text)
    measured = replace(questionnaire.question(measure.question), own=condition)
    section = questionnaire.section_of(measure.question)
    only = replace(
        questionnaire,
        sections=(replace(section, questions=(measured.id,)),),
        questions=tuple(
            measured if one.id == measured.id else one
            for one in questionnaire.questions
        ),
    )
    said = printed_form(only).parts[0].rows[0].when
    before, _, after = questionnaire.text("routing.if").value.partition("{condition}")
    return said.removeprefix(before).removesuffix(after)
