"""queXML: the questionnaire as pages to be asked from paper or by an interviewer."""

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

FORMAT = "queXML"


def quexml(book: Questionnaire) -> tuple[bytes, Report]:
    """The pages of a questionnaire, and what they do not keep."""
    report = Report(book.id)
    root = Element("questionnaire", {"id": "1"})
    child(root, "title", book.id)
    for number, section in enumerate(book.sections, start=1):
        part = child(root, "section", id=str(number))
        about = child(part, "sectionInfo")
        child(about, "position", "title")
        child(about, "text", words(book, f"section.{section.id}.title") or section.id)
        child(about, "administration", "self")
        for identity in section.questions:
            question = book.question(identity)
            if not question.computed:
                _question(part, book, question)
    if any(question.computed for question in book.questions):
        what = "Computed values"
        report.add(faults.NO_PLACE, sheet=book.id, what=what, format=FORMAT)
    stays(book, report, FORMAT, routing=True)
    detail = {"what": "Who is asked which question", "kept": "words before it"}
    if any(question.condition for question in book.questions):
        report.add(faults.KEPT_NEARLY, sheet=book.id, format=FORMAT, **detail)
    return xml(root), report


def _question(part: Element, book: Questionnaire, question: Question) -> None:
    asked = child(part, "question")
    if question.condition is not None:
        _directive(asked, f"[{question.condition.text}]", "before", "interviewer")
    child(asked, "text", words(book, f"{question.id}.text") or question.id)
    for key, who in (("hint", "self"), ("note", "interviewer")):
        told = words(book, f"{question.id}.{key}")
        if told:
            _directive(asked, told, "during", who)
    if not question.answerable:
        return
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
    child(free, "format", "numeric" if question.type in NUMERIC else "text")
    child(free, "length", str(question.max_length or 20))
    child(free, "label", question.unit)


def _category(fixed: Element, code: str, told: str) -> None:
    category = child(fixed, "category")
    child(category, "label", told)
    child(category, "value", code)


def _directive(asked: Element, text: str, position: str, who: str) -> None:
    made = child(asked, "directive")
    child(made, "position", position)
    child(made, "text", text)
    child(made, "administration", who)
