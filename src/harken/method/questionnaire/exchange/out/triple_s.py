"""Triple-S 2.0: the definition of the data, one variable for each question.

Codes are numbers there, so the options are counted from 1 in their order; a multiple
choice is a string of noughts and ones.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from harken.method.questionnaire.document import Question, Questionnaire, QuestionType
from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.out.described import (
    CODED,
    NUMERIC,
    child,
    labels,
    name,
    stays,
    words,
    xml,
)

FORMAT = "Triple-S"
_WIDTHS = {
    QuestionType.DATE: 8,
    QuestionType.TIME: 6,
    QuestionType.MONTH: 7,
    QuestionType.YEAR: 4,
    QuestionType.ABOUT: 10,
}
_WHOLE, _PLACES = 15, 6


def triple_s(book: Questionnaire) -> tuple[bytes, Report]:
    """The definition file of a questionnaire, and what it does not keep."""
    report = Report(book.id)
    root = Element("sss", {"version": "2.0", "languages": " ".join(book.languages)})
    survey = child(root, "survey")
    child(survey, "name", book.id)
    child(survey, "version", book.version)
    child(survey, "title", book.id)
    record = child(survey, "record", ident="A")
    start = 1
    number = 0
    for question in book.questions:
        if not question.valued:
            continue
        number += 1
        start = _variable(record, book, question, (number, start))
    stays(book, report, FORMAT, routing=False)
    _codes(book, report)
    return xml(root), report


def _variable(
    record: Element, book: Questionnaire, question: Question, at: tuple[int, int]
) -> int:
    """One variable at its place in the line; the next free place."""
    number, start = at
    kind, width = _shape(question)
    variable = child(record, "variable", ident=str(number), type=kind)
    child(variable, "name", name(question))
    label = child(variable, "label")
    label.text = words(book, f"{question.id}.text") or question.id
    for language in book.languages[1:]:
        told = words(book, f"{question.id}.text", language)
        child(label, "text", told or question.id, **{"xml:lang": language})
    child(variable, "position", start=str(start), finish=str(start + width - 1))
    if question.type is QuestionType.RANKING:
        many = len(question.options)
        child(variable, "spread", subfields=str(many), width=str(width // many))
    if question.type in CODED:
        values = child(variable, "values")
        for place, (_, told) in enumerate(labels(book, question), start=1):
            child(values, "value", told, code=str(place))
    elif kind == "quantity":
        low, high = _range(question)
        child(child(variable, "values"), "range", **{"from": low, "to": high})
    elif kind == "character":
        child(variable, "size", str(width))
    return start + width


def _shape(question: Question) -> tuple[str, int]:
    """The type of a variable and how many characters it takes."""
    many = max(1, len(question.options))
    match question.type:
        case QuestionType.MULTIPLE:
            return "multiple", many
        case QuestionType.RANKING:
            return "multiple", many * len(str(many))
        case kind if kind in CODED:
            return "single", len(str(many))
        case kind if kind in NUMERIC:
            return "quantity", max(len(text) for text in _range(question))
        case QuestionType.DATE:
            return "date", 8
        case QuestionType.TIME:
            return "time", 6
        case kind:
            return "character", _WIDTHS.get(kind, question.max_length or 255)


def _range(question: Question) -> tuple[str, str]:
    """The smallest and largest number, with as many places as an answer can have."""
    places = _PLACES if question.decimals is None else question.decimals
    low = question.minimum if question.minimum is not None else -(10**_WHOLE - 1)
    high = question.maximum if question.maximum is not None else 10**_WHOLE - 1
    return f"{low:.{places}f}", f"{high:.{places}f}"


def _codes(book: Questionnaire, report: Report) -> None:
    """A finding where options are numbered anew, and for the kinds of no answer."""
    coded = [question for question in book.questions if question.type in CODED]
    if any(
        question.codes != tuple(str(n + 1) for n in range(len(question.codes)))
        for question in coded
    ):
        detail = {"what": "The code of an option", "kept": "its place among them"}
        report.add(faults.KEPT_NEARLY, sheet=book.id, format=FORMAT, **detail)
    if any(question.refusals for question in book.questions):
        detail = {"what": "Why there is no answer", "kept": "an empty field"}
        report.add(faults.KEPT_NEARLY, sheet=book.id, format=FORMAT, **detail)
