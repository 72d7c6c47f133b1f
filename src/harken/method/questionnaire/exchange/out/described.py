"""What every archive format asks of a question: a name, words, codes, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from harken.method.questionnaire.document import Question, Questionnaire, QuestionType
from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.wording.markup import plain
from harken.method.terms import Language, Mode

_FILL = re.compile(r"\{[^{}|]*(?:\|([^{}]*))?\}")
CODED = frozenset(
    {
        QuestionType.SINGLE,
        QuestionType.CONSENT,
        QuestionType.LOOKUP,
        QuestionType.MULTIPLE,
        QuestionType.RANKING,
    }
)
NUMERIC = frozenset({QuestionType.NUMBER, QuestionType.CURRENCY, QuestionType.DURATION})


def name(question: Question) -> str:
    """An id that other formats take for a name: lines stand after ``_``."""
    return re.sub(r"[#.]", "_", question.id)


def words(book: Questionnaire, key: str, language: Language | None = None) -> str:
    """Words for a key, fills replaced by what stands for them, markup off."""
    text = book.text(key, language=language).value
    bare = _FILL.sub(lambda found: found[1] or "…", text)
    return plain(bare)


def labels(book: Questionnaire, question: Question) -> Iterator[tuple[str, str]]:
    """Each code of a question with its words."""
    for option in question.options:
        yield option.code, words(book, f"{question.id}.{option.code}") or option.code


def stays(book: Questionnaire, report: Report, name: str, *, routing: bool) -> None:
    """Findings for what no archive format keeps of a questionnaire."""

    def say(what: str) -> None:
        report.add(faults.NO_PLACE, sheet=book.id, what=what, format=name)

    if not routing and any(question.condition for question in book.questions):
        say("Who is asked which question")
    if any(question.checks for question in book.questions):
        say("Checks of answers")
    own = (text for key, text in book.texts.items() if not key.startswith("routing."))
    if any(_FILL.search(text) for text in own):
        say("What is filled into the words")
    if any(
        book.text(f"{one.id}.text", mode=Mode.TELEPHONE).value
        != book.text(f"{one.id}.text").value
        for one in book.questions
    ):
        say("Wording for the telephone")
    if any(question.shuffled for question in book.questions):
        say("Random order")
    if any(option.condition for one in book.questions for option in one.options):
        say("When an option is offered")


def xml(root: Element) -> bytes:
    """The bytes of an XML file."""
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def child(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """An element below another."""
    made = SubElement(parent, tag, attributes)
    if text:
        made.text = text
    return made
