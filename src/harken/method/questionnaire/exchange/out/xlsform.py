"""XLSForm out: a workbook that asks the same questions of the same people.

Rosters are written out, a group for each line; conditions stand on each question whole.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import openpyxl

from harken.method.questionnaire.document import Question, Questionnaire, QuestionType
from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.out.described import name
from harken.method.questionnaire.exchange.out.xpath import xpath
from harken.method.questionnaire.exchange.say import CannotSay
from harken.method.questionnaire.syntax import Tree
from harken.method.terms import Language, Mode

FORMAT = "XLSForm"
_FILL = re.compile(r"\{(?:\w+\()?([a-z][a-z0-9_#.]*)\)?(?:\|([^{}]*))?\}")
_TYPES = {
    QuestionType.CURRENCY: "decimal",
    QuestionType.DURATION: "decimal",
    QuestionType.DATE: "date",
    QuestionType.TIME: "time",
    QuestionType.LINE: "text",
    QuestionType.TEXT: "text",
    QuestionType.INFORMATION: "note",
    QuestionType.COMPUTED: "calculate",
    QuestionType.MONTH: "text",
    QuestionType.YEAR: "text",
    QuestionType.ABOUT: "text",
}
_SHAPES = {
    QuestionType.MONTH: "^[0-9]{4}-[0-9]{2}$",
    QuestionType.YEAR: "^[0-9]{4}$",
    QuestionType.ABOUT: "^[0-9]{4}(-[0-9]{2}){0,2}$",
}
_SELECTS = {
    QuestionType.SINGLE: "select_one",
    QuestionType.CONSENT: "select_one",
    QuestionType.LOOKUP: "select_one",
    QuestionType.MULTIPLE: "select_multiple",
    QuestionType.RANKING: "rank",
}
_CHECK = "Please check this answer."


def xlsform(book: Questionnaire) -> tuple[bytes, Report]:
    """The workbook of a questionnaire, and what it does not keep."""
    writer = _Writer(book, Report(book.id))
    return writer.workbook(), writer.report


@dataclass(slots=True)
class _Writer:
    """Rows of the sheets as they are written."""

    book: Questionnaire
    report: Report
    survey: list[dict[str, str]] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    lists: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)

    def workbook(self) -> bytes:
        """All three sheets."""
        for section in self.book.sections:
            title = self.words("label", f"section.{section.id}.title")
            self.survey.append(
                {"type": "begin group", "name": f"g_{section.id}", **title}
            )
            for identity in section.questions:
                self.question(self.book.question(identity))
            self.survey.append({"type": "end group"})
        self.lost()
        book = openpyxl.Workbook()
        book.remove(book.active)
        settings = {
            "form_title": self.book.id,
            "form_id": self.book.id,
            "version": self.book.version,
            "default_language": self.heading(self.book.source_language),
        }
        for tab, rows in (
            ("survey", self.survey), ("choices", self.choices), ("settings", [settings]),
        ):  # fmt: skip
            sheet = book.create_sheet(tab)
            heads = list(dict.fromkeys(head for row in rows for head in row))
            sheet.append(heads)
            for row in rows:
                sheet.append([_cell(row.get(head, "")) for head in heads])
        data = io.BytesIO()
        book.save(data)
        return data.getvalue()

    def heading(self, language: Language) -> str:
        """How a column names a language."""
        return f"{language} ({language})"

    def words(
        self, column: str, key: str, question: Question | None = None
    ) -> dict[str, str]:
        """Words by language, fills as references to what stands on the same line."""
        found = {}
        for language in self.book.languages:
            text = self.book.text(key, language=language).value
            if text:
                fill = partial(self.fill, question, language)
                found[f"{column}::{self.heading(language)}"] = _FILL.sub(fill, text)
        return found

    def fill(
        self, question: Question | None, language: Language, found: re.Match[str]
    ) -> str:
        """A reference, the words of a mark, or what stands instead of an answer."""
        for mark in question.marks if question else ():
            if mark.name == found[1]:
                told = self.book.text(mark.key, language=language).value
                return told if mark.key else str(mark.number)
        line = question.line if question else ()
        for depth in range(len(line), -1, -1):
            numbers = ".".join(map(str, line[:depth]))
            identity = f"{found[1]}#{numbers}" if depth else found[1]
            if identity in self.book.ids:
                return f"${{{_plain(identity)}}}"
        return found[2] or "…"

    def question(self, question: Question) -> None:
        """One row."""
        row = {"type": self.type(question), "name": name(question)}
        if not question.computed:
            row |= self.words("label", f"{question.id}.text", question)
            row |= self.words("hint", f"{question.id}.hint", question)
            row |= self.words("guidance_hint", f"{question.id}.note", question)
        if question.condition is not None:
            row["relevant"] = self.said(question, "condition", question.condition.tree)
        if question.value is not None:
            row["calculation"] = (
                self.said(question, "value", question.value.tree) or "''"
            )
        row |= self.constraint(question)
        if question.type is QuestionType.TEXT:
            row["appearance"] = "multiline"
        if question.required:
            row["required"] = "yes"
        if any(option.condition for option in question.options):
            row["choice_filter"] = self.filter(question)
        if question.shuffled:
            row["parameters"] = "randomize=true"
        self.survey.append({key: value for key, value in row.items() if value})

    def type(self, question: Question) -> str:
        """The type cell, a list of options entered once for all that share it."""
        if question.type is QuestionType.NUMBER:
            return "integer" if question.decimals == 0 else "decimal"
        if question.type not in _SELECTS:
            return _TYPES[question.type]
        conditional = any(option.condition for option in question.options)
        told = [self.words("label", f"{question.id}.{code}") for code in question.codes]
        key = tuple(
            (code, f"{sorted(words.items())}")
            for code, words in zip(question.codes, told, strict=True)
        )
        listed = None if conditional else self.lists.get(key)
        if listed is None:
            listed = f"l_{name(question)}"
            if not conditional:
                self.lists[key] = listed
            for code, words in zip(question.codes, told, strict=True):
                self.choices.append({"list_name": listed, "name": code, **words})
        return f"{_SELECTS[question.type]} {listed}"

    def filter(self, question: Question) -> str:
        """When each option is offered, in one expression over the options' names."""
        parts = []
        for option in question.options:
            test = f"name = '{option.code}'"
            if option.condition is not None:
                said = self.said(question, "option", option.condition.tree)
                test = f"{test} and ({said})" if said else test
            parts.append(f"({test})")
        return " or ".join(parts)

    def constraint(self, question: Question) -> dict[str, str]:
        """Limits and checks as one constraint, with the words of the first check."""
        rules: list[str] = []
        if question.minimum is not None:
            rules.append(f". >= {question.minimum:f}")
        if question.maximum is not None:
            rules.append(f". <= {question.maximum:f}")
        if question.type in _SHAPES:
            rules.append(f"regex(., '{_SHAPES[question.type]}')")
        alone = [option.code for option in question.options if option.exclusive]
        rules += [
            f"not(selected(., '{code}') and count-selected(.) > 1)" for code in alone
        ]
        message: dict[str, str] = {}
        for check in question.checks:
            said = self.said(question, "check", check.condition.tree)
            if said:
                rules.append(f"not({said})")
                message = message or self.words(
                    "constraint_message", check.key, question
                )
            if check.soft:
                detail = {"what": "A soft check", "kept": "a hard one"}
                self.report.add(
                    faults.KEPT_NEARLY, sheet=question.id, format=FORMAT, **detail
                )
        if not rules:
            return {}
        head = f"constraint_message::{self.heading(self.book.source_language)}"
        return {"constraint": " and ".join(rules), **(message or {head: _CHECK})}

    def said(self, question: Question, what: str, tree: Tree) -> str:
        """An expression as XPath, or nothing and a finding."""
        named: Callable[[str], str] = self.named
        try:
            return xpath(tree, named)
        except CannotSay as error:
            text = f"The {what} of '{question.id}' ({error})"
            self.report.add(
                faults.NO_PLACE, sheet=question.id, what=text, format=FORMAT
            )
            return ""

    def named(self, identity: str) -> str:
        """The name of a question there. Raises CannotSay."""
        if identity not in self.book.ids:
            raise CannotSay(f"'{identity}' is known to this house alone")
        return _plain(identity)

    def lost(self) -> None:
        """Findings for what no XLSForm keeps."""
        questions = self.book.questions
        for there, what in (
            (any(one.refusals for one in questions), "Why there is no answer"),
            (any(one.line for one in questions), "A roster"),
            (any(self.spoken(one) for one in questions), "Wording for the telephone"),
            (any(one.announces for one in questions), "The announcement of a section"),
            (any(one.type in _SHAPES for one in questions), "A part of a date"),
        ):
            kept = {
                "A roster": "a row for each line",
                "The announcement of a section": "a choice",
                "A part of a date": "a text",
            }.get(what)
            if there and kept:
                self.report.add(faults.KEPT_NEARLY, what=what, kept=kept, format=FORMAT)
            elif there:
                self.report.add(faults.NO_PLACE, what=what, format=FORMAT)

    def spoken(self, question: Question) -> bool:
        """Whether a question has other words on the telephone."""
        key = f"{question.id}.text"
        return (
            self.book.text(key, mode=Mode.TELEPHONE).value != self.book.text(key).value
        )


def _plain(identity: str) -> str:
    return re.sub(r"[#.]", "_", identity)


def _cell(text: str) -> str:
    """A text that no program takes for a formula."""
    return f" {text}" if text.startswith("=") else text
