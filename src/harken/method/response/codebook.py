"""The codebook: every variable of the data file, its words and its codes.

It is made from the questionnaire, so the file and the instrument cannot disagree. It
never holds an answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from harken.method.questionnaire import Question, Questionnaire, QuestionType
from harken.method.terms import Arm, Missing, Mode

FORMAT = 1
DESIGN_LABEL = "Known before the interview, from the sample file"
BASE_LABELS = {
    "ref": "Random reference of the response",
    "arm": "How the person came to the study",
    "mode": "How the interview was held",
    "language": "Language of the interview",
    "week": "ISO week in which the interview ended",
}
BASE_VALUES: dict[str, type[StrEnum]] = {"arm": Arm, "mode": Mode}
MEANINGS = {
    Missing.PREFER_NOT_TO_SAY: "Prefer not to say",
    Missing.DONT_KNOW: "Don't know",
    Missing.CANT_REMEMBER: "Can't remember",
    Missing.NO_ANSWER: "No answer: the question was shown and left",
    Missing.NOT_ASKED: "Not asked: off this person's route, or broken off before",
}


class VariableKind(StrEnum):
    """What a variable's column holds."""

    REFERENCE = "reference"
    DESIGN = "design"
    CODE = "code"
    CHOSEN = "chosen"
    NUMBER = "number"
    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class CodeLabel:
    """One code of a variable and what it means; ``missing`` when it is no answer."""

    code: str
    label: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of the data file.

    ``question`` is the question it comes from, ``option`` the choice a column of a
    multiple choice stands for (1 chosen, 0 not chosen). ``asked_if`` is the condition
    under which the question is asked, empty when everybody is asked.
    """

    name: str
    label: str
    kind: VariableKind
    codes: tuple[CodeLabel, ...] = ()
    question: str = ""
    option: str = ""
    asked_if: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """The variables of one data file, in column order."""

    questionnaire: str
    version: str
    digest: str
    variables: tuple[Variable, ...]

    def to_json(self) -> str:
        """The codebook as JSON: sorted keys, one trailing newline, the same each time."""
        body = {"format": FORMAT, **asdict(self)}
        return json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    def of_question(self, question: str) -> tuple[Variable, ...]:
        """The columns that one question fills."""
        return tuple(v for v in self.variables if v.question == question)


def make_codebook(
    questionnaire: Questionnaire, design_variables: Sequence[str]
) -> Codebook:
    """The codebook of a questionnaire's responses, labels in the source language.

    Free text, identifying answers and pages without a question have no variable.
    """
    variables: list[Variable] = [*_base()]
    for name in design_variables:
        variables.append(Variable(name, DESIGN_LABEL, VariableKind.DESIGN))
    for question in questionnaire.questions:
        variables.extend(_of_question(questionnaire, question))
    return Codebook(
        questionnaire.id, questionnaire.version, questionnaire.digest, tuple(variables)
    )


def _base() -> Iterator[Variable]:
    kinds = {"ref": VariableKind.REFERENCE, "week": VariableKind.WEEK}
    for name, label in BASE_LABELS.items():
        words = BASE_VALUES.get(name)
        codes = tuple(CodeLabel(word.value, word.value.title()) for word in words or ())
        yield Variable(name, label, kinds.get(name, VariableKind.CODE), codes)


def _of_question(
    questionnaire: Questionnaire, question: Question
) -> Iterator[Variable]:
    if not question.answerable or question.free_text or question.identifying:
        return
    label = questionnaire.text(f"{question.id}.text").value
    asked_if = question.condition.text if question.condition else ""
    missing = _missing(question)
    if question.type is QuestionType.MULTIPLE:
        marks = (CodeLabel("1", "Chosen"), CodeLabel("0", "Not chosen"), *missing)
        for code in question.codes:
            words = questionnaire.text(f"{question.id}.{code}").value
            yield Variable(
                name=f"{question.id}__{code}",
                label=f"{label} {words}",
                kind=VariableKind.CHOSEN,
                codes=marks,
                question=question.id,
                option=code,
                asked_if=asked_if,
            )
        return
    codes = tuple(
        CodeLabel(code, questionnaire.text(f"{question.id}.{code}").value)
        for code in question.codes
    )
    kinds = {
        QuestionType.NUMBER: VariableKind.NUMBER,
        QuestionType.MONTH: VariableKind.MONTH,
    }
    yield Variable(
        name=question.id,
        label=label,
        kind=kinds.get(question.type, VariableKind.CODE),
        codes=(*codes, *missing),
        question=question.id,
        asked_if=asked_if,
        unit=question.unit,
    )


def _missing(question: Question) -> tuple[CodeLabel, ...]:
    """The kinds of no answer this question can have."""
    kinds = list(question.refusals)
    if not question.required:
        kinds.append(Missing.NO_ANSWER)
    kinds.append(Missing.NOT_ASKED)
    return tuple(CodeLabel(str(int(kind)), MEANINGS[kind], True) for kind in kinds)
