"""The codebook: every variable of the data file, its words and its codes.

It is made from the questionnaire, so the file and the instrument cannot disagree. It
never holds an answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from harken.method.questionnaire import Question, Questionnaire, QuestionType
from harken.method.questionnaire.wording import plain
from harken.method.terms import REFUSALS, STANDS, Arm, Missing, Mode

FORMAT = 1
PROXY = "proxy"
DESIGN_LABEL = "Known before the interview, from the sample file"
BASE_LABELS = {
    "ref": "Random reference of the response",
    "arm": "How the person came to the study",
    "mode": "How the interview was held",
    "language": "Language of the interview",
    "week": "ISO week in which the interview ended",
    PROXY: "Proxy respondent: somebody else answered for the person",
}
BASE_CODES: dict[str, dict[str, str]] = {
    "arm": {arm.value: arm.value.title() for arm in Arm},
    "mode": {mode.value: mode.value.title() for mode in Mode},
    PROXY: {
        "yes": "A parent or guardian, close relative or spokesperson answered",
        "no": "The person answered",
    },
}
MEANINGS = {
    Missing.PREFER_NOT_TO_SAY: "Prefer not to say",
    Missing.DONT_KNOW: "Don't know",
    Missing.CANT_REMEMBER: "Can't remember",
    Missing.NO_ANSWER: "No answer: the question was shown and left",
    Missing.NOT_ASKED: "Not asked: off this person's route, or broken off before",
}


WARNED = "(a check warned of this answer)"
STANDS_CODES: tuple[tuple[str, str], ...] = (
    ("1", "A check warned, and the person let the answer stand"),
    ("0", "No check warned"),
)


class VariableKind(StrEnum):
    """What a variable's column holds."""

    REFERENCE = "reference"
    DESIGN = "design"
    CODE = "code"
    CHOSEN = "chosen"
    RANK = "rank"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    TIME = "time"
    WEEK = "week"


KINDS = {
    "CODES": VariableKind.CHOSEN,
    "NUMBER": VariableKind.NUMBER,
    "DATE": VariableKind.DATE,
    "ABOUT": VariableKind.DATE,
    "MONTH": VariableKind.MONTH,
    "YEAR": VariableKind.YEAR,
    "TIME": VariableKind.TIME,
}
"""What the columns of each kind of value hold; any other kind is a code."""


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
    multiple choice stands for (1 chosen, 0 not chosen) or of a ranking (its place, 0
    when it was given none). ``asked_if`` is the condition under which the question is
    asked, empty when everybody is asked. ``computed`` is the expression that a computed
    value was worked out with. ``measures`` are the indicators and the entitlements of
    the Code that it feeds, ``concept`` is what it measures and ``source`` where the
    question was taken from.
    """

    name: str
    label: str
    kind: VariableKind
    codes: tuple[CodeLabel, ...] = ()
    question: str = ""
    option: str = ""
    asked_if: str = ""
    unit: str = ""
    computed: str = ""
    measures: tuple[str, ...] = ()
    concept: str = ""
    source: str = ""


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
        codes = tuple(CodeLabel(*one) for one in BASE_CODES.get(name, {}).items())
        yield Variable(name, label, kinds.get(name, VariableKind.CODE), codes)


def column(question: Question) -> str:
    """The name of a question's column: a line of a roster shows as ``_L2``."""
    return question.id.replace("#", "_L").replace(".", "_")


def _of_question(
    questionnaire: Questionnaire, question: Question
) -> Iterator[Variable]:
    if not question.valued or question.free_text or question.identifying:
        return
    missing = _missing(question)
    whole = Variable(
        name=column(question),
        label=_label(questionnaire, question),
        kind=_kind(question),
        question=question.id,
        asked_if=question.condition.text if question.condition else "",
        unit=_unit(question),
        computed=question.value.text if question.value else "",
        measures=(*question.indicators, *question.entitlements),
        concept=question.concept,
        source=question.taken_from,
    )
    marks = _marks(question)
    if watched(question):
        yield replace(
            whole,
            name=f"{whole.name}__stands",
            label=f"{whole.label} {WARNED}",
            kind=VariableKind.CODE,
            question=stands(question.id),
            codes=(*(CodeLabel(*one) for one in STANDS_CODES), *missing),
            unit="",
        )
    if not marks:
        codes = tuple(
            CodeLabel(code, _option(questionnaire, question, code))
            for code in question.codes
        )
        yield replace(whole, codes=(*codes, *missing))
        return
    for code in question.codes:
        yield replace(
            whole,
            name=f"{whole.name}__{code}",
            label=f"{whole.label} {_option(questionnaire, question, code)}",
            codes=(*marks, *missing),
            option=code,
        )


def watched(question: Question) -> bool:
    """Whether a soft check may warn of the answer."""
    return any(check.soft for check in question.checks)


def stands(name: str) -> str:
    """Under which name a response says whether an answer was let stand."""
    return f"{name}{STANDS}"


def _kind(question: Question) -> VariableKind:
    if question.type is QuestionType.RANKING:
        return VariableKind.RANK
    return KINDS.get(question.name_type.kind.name, VariableKind.CODE)


def _marks(question: Question) -> tuple[CodeLabel, ...]:
    """The codes of a column for each option; none for a question with one column."""
    if question.type is QuestionType.RANKING:
        places = range(1, len(question.codes) + 1)
        ranked = tuple(CodeLabel(str(place), f"Place {place}") for place in places)
        return (*ranked, CodeLabel("0", "Given no place"))
    if _kind(question) is VariableKind.CHOSEN:
        return (CodeLabel("1", "Chosen"), CodeLabel("0", "Not chosen"))
    return ()


def _label(questionnaire: Questionnaire, question: Question) -> str:
    words = questionnaire.text(f"{question.id}.text").value
    return plain(words) or f"Computed: {question.value.text if question.value else ''}"


def _option(questionnaire: Questionnaire, question: Question, code: str) -> str:
    return plain(questionnaire.text(f"{question.id}.{code}").value) or code


def _unit(question: Question) -> str:
    """The unit of a number: that of money its currency, of a duration its smallest."""
    return question.unit or question.currency or "".join(question.units[-1:])


def _missing(question: Question) -> tuple[CodeLabel, ...]:
    """The kinds of no answer this question can have."""
    kinds = list(REFUSALS if question.computed else question.refusals)
    if not question.required:
        kinds.append(Missing.NO_ANSWER)
    kinds.append(Missing.NOT_ASKED)
    return tuple(CodeLabel(str(int(kind)), MEANINGS[kind], True) for kind in kinds)
