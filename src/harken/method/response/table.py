"""The data file as columns, one a variable of the codebook, deterministic.

Text columns hold codes; a kind of no answer is its number, also in number columns. No
cell is empty, so nothing can be misread.
"""

from __future__ import annotations

from decimal import Decimal

from harken.method.errors import refuse
from harken.method.questionnaire import Value
from harken.method.response.codebook import Variable, VariableKind
from harken.method.response.faults import STRANGE_ANSWER
from harken.method.response.record import Dataset, Response
from harken.method.terms import Missing

Column = list[str] | list[int] | list[float]


def columns(dataset: Dataset) -> dict[str, Column]:
    """One list a variable, all as long as there are responses.

    CHOSEN and RANK are whole numbers, NUMBER floats in the question's unit, all others
    texts (missing kinds as ``"-9"``). Raises HarkenError (RES-002)
    when a response holds an answer the codebook does not explain.
    """
    known = {v.question for v in dataset.codebook.variables if v.question}
    for response in dataset.responses:
        for name in response.answers:
            if name not in known:
                raise refuse(STRANGE_ANSWER, variable=name)
    return {v.name: _column(v, dataset) for v in dataset.codebook.variables}


def _column(variable: Variable, dataset: Dataset) -> Column:
    responses = dataset.responses
    if not variable.question:
        return [_fact(variable, response) for response in responses]
    values = [response.answers.get(variable.question) for response in responses]
    if variable.kind is VariableKind.CHOSEN:
        return [_chosen(value, variable.option) for value in values]
    if variable.kind is VariableKind.RANK:
        return [_rank(value, variable.option) for value in values]
    if variable.kind is VariableKind.NUMBER:
        return [_number(value) for value in values]
    return [_code(value) for value in values]


def _fact(variable: Variable, response: Response) -> str:
    if variable.kind is VariableKind.DESIGN:
        return response.design.get(variable.name, "")
    facts = {"ref": response.ref, "week": response.week, **response.standing}
    return facts[variable.name]


def _kind(value: Value | None) -> Missing | None:
    if value is None:
        return Missing.NOT_ASKED
    return value if isinstance(value, Missing) else None


def _chosen(value: Value | None, option: str) -> int:
    kind = _kind(value)
    if kind is not None:
        return int(kind)
    return int(isinstance(value, tuple) and option in value)


def _rank(value: Value | None, option: str) -> int:
    kind = _kind(value)
    if kind is not None:
        return int(kind)
    ranked = isinstance(value, tuple) and option in value
    return 1 + value.index(option) if ranked and isinstance(value, tuple) else 0


def _number(value: Value | None) -> float:
    kind = _kind(value)
    if kind is not None:
        return float(kind)
    return float(value) if isinstance(value, Decimal) else float(Missing.NO_ANSWER)


def _code(value: Value | None) -> str:
    kind = _kind(value)
    return str(int(kind)) if kind is not None else str(value)
