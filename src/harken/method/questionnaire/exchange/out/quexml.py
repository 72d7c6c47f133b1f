"""queXML: the questionnaire as pages to be asked from paper or by an interviewer."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from harken.method.questionnaire.document import (
    Question,
    Questionnaire,
    QuestionType,
    Section,
)
from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.out.described import (
    CODED,
    child,
    labels,
    name,
    stays,
    words,
    xml,
)

FORMAT = "queXML"


def quexml(book: Questionnaire) -> tuple[bytes, Report]:
    """The pages of a questionnaire, and what they do not keep."""
    report = Report(book.id)
    root = Element("questionnaire", {"id": "1"})
    child(root, "title", book.id)
    for who in ("investigator", "dataCollector"):
        held = child(child(root, who), "name")
        child(held, "firstName")
        child(held, "lastName")
    told: list[str] = []
    for section in book.sections:
        told = _section(root, book, section, told)
    if told:
        after = Element("questionnaireInfo")
        _info(after, told, "after")
        root.insert(_SECTIONS_FROM, after)
    if any(question.computed for question in book.questions):
        what = "Computed values"
        report.add(faults.NO_PLACE, sheet=book.id, what=what, format=FORMAT)
    stays(book, report, FORMAT, routing=True)
    detail = {"what": "Who is asked which question", "kept": "words before it"}
    if any(question.condition for question in book.questions):
        report.add(faults.KEPT_NEARLY, sheet=book.id, format=FORMAT, **detail)
    return xml(root), report


_SECTIONS_FROM = 3
"""Sections follow the title and the two names."""


def _section(
    root: Element, book: Questionnaire, section: Section, told: list[str]
) -> list[str]:
    """A section with its questions; words that stand before a question of a later one."""
    title = words(book, f"section.{section.id}.title") or section.id
    asked = [book.question(one) for one in section.questions]
    if not any(one.answerable for one in asked):
        pages = [words(book, f"{one.id}.text") for one in asked if not one.computed]
        return [*told, *filter(None, pages)]
    part = child(root, "section")
    _info(child(part, "sectionInfo"), [title], "title")
    for question in asked:
        if question.answerable:
            _question(part, book, question, told)
            told = []
        elif not question.computed:
            told = [*told, words(book, f"{question.id}.text")]
    return [one for one in told if one]


def _info(info: Element, texts: Sequence[str], position: str) -> None:
    child(info, "position", position)
    for text in texts:
        child(info, "text", text)
    child(info, "administration", "self")


def _question(
    part: Element, book: Questionnaire, question: Question, told: Sequence[str]
) -> None:
    asked = child(part, "question")
    child(asked, "text", words(book, f"{question.id}.text") or question.id)
    for text in told:
        _directive(asked, text, "before", "self")
    if question.condition is not None:
        _directive(asked, f"[{question.condition.text}]", "before", "interviewer")
    for key, who in (("hint", "self"), ("note", "interviewer")):
        said = words(book, f"{question.id}.{key}")
        if said:
            _directive(asked, said, "during", who)
    if question.type is QuestionType.MULTIPLE:
        for code, told in labels(book, question):
            one = child(asked, "response", varName=f"{name(question)}_{code}")
            _category(child(one, "fixed"), "1", told)
        return
    response = child(asked, "response", varName=name(question))
    if question.type in CODED:
        fixed = child(response, "fixed")
        for code, told in labels(book, question):
            _category(fixed, code, told)
        return
    free = child(response, "free")
    child(free, "format", _format(question))
    child(free, "length", str(question.max_length or 20))
    child(free, "label", question.unit)


def _format(question: Question) -> str:
    """The kind of answer, in the format's words; a decimal number is a text there."""
    if question.type is QuestionType.NUMBER and question.decimals == 0:
        return "integer"
    return _FORMATS.get(question.type, "text")


_FORMATS = {
    QuestionType.CURRENCY: "currency",
    QuestionType.DATE: "date",
    QuestionType.TEXT: "longtext",
}


def _category(fixed: Element, code: str, told: str) -> None:
    category = child(fixed, "category")
    child(category, "label", told)
    child(category, "value", code)


def _directive(asked: Element, text: str, position: str, who: str) -> None:
    made = child(asked, "directive")
    child(made, "position", position)
    child(made, "text", text)
    child(made, "administration", who)
