"""DDI Codebook 2.5: the questionnaire as the description of a data file's variables."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from harken.method.questionnaire.document import Question, Questionnaire
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

FORMAT = "DDI Codebook"
NAMESPACE = "ddi:codebook:2_5"


def ddi(book: Questionnaire) -> tuple[bytes, Report]:
    """The codebook of a questionnaire, and what it does not keep."""
    report = Report(book.id)
    attributes = {
        "xmlns": NAMESPACE,
        "version": "2.5",
        "xml:lang": book.source_language,
    }
    root = Element("codeBook", attributes)
    citation = child(child(root, "stdyDscr"), "citation")
    titles = child(citation, "titlStmt")
    child(titles, "titl", book.id)
    child(titles, "IDNo", f"{book.id} {book.version}")
    data = child(root, "dataDscr")
    for section in book.sections:
        held = [one for one in section.questions if book.question(one).valued]
        if held:
            ids = " ".join(name(book.question(one)) for one in held)
            group = child(data, "varGrp", ID=f"section_{section.id}", var=ids)
            child(group, "labl", words(book, f"section.{section.id}.title"))
    for question in book.questions:
        if question.valued:
            _variable(data, book, question)
    stays(book, report, FORMAT, routing=True)
    return xml(root), report


def _variable(data: Element, book: Questionnaire, question: Question) -> None:
    """One variable, its parts in the order that the format wants."""
    numeric = question.type in NUMERIC
    kind = "contin" if numeric else "discrete"
    variable = child(data, "var", ID=name(question), name=name(question), intrvl=kind)
    text = words(book, f"{question.id}.text")
    child(variable, "labl", text or question.id)
    if not question.computed:
        asked = child(variable, "qstn")
        child(asked, "qstnLit", text)
        note = words(book, f"{question.id}.note")
        if note:
            child(asked, "ivuInstr", note)
    if question.minimum is not None or question.maximum is not None:
        limits = {"min": question.minimum, "max": question.maximum}
        given = {
            key: f"{value:f}" for key, value in limits.items() if value is not None
        }
        child(child(variable, "valrng"), "range", **given)
    if question.condition is not None:
        child(variable, "universe", question.condition.text)
    if question.type in CODED:
        for code, told in labels(book, question):
            category = child(variable, "catgry")
            child(category, "catValu", code)
            child(category, "labl", told)
    for refusal in question.refusals:
        category = child(variable, "catgry", missing="Y")
        child(category, "catValu", str(int(refusal)))
        child(category, "labl", words(book, f"refusal.{refusal.word}"))
    if question.concept:
        child(variable, "concept", question.concept)
    if question.value is not None:
        child(child(variable, "derivation"), "drvcmd", question.value.text)
    child(variable, "varFormat", type="numeric" if numeric else "character")
