"""Texts made ready to be shown or spoken: fills put in, in the grammar of a language.

Numbers, dates, money and lists follow the language's own rules (CLDR). A fill whose
answer is missing shows its words instead, or nothing. Nothing here is ever logged.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from harken.method.questionnaire.document import Question, Questionnaire, Text
from harken.method.questionnaire.evaluate import value_of
from harken.method.questionnaire.syntax import Call, Literal, Name, Tree
from harken.method.questionnaire.values import Kind, Result, Values
from harken.method.questionnaire.wording.fills import Fill, on_line, pieces
from harken.method.terms import Language, Missing, Mode

_FEW = ("zero", "one", "two", "few", "many")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said to one person: their language and mode, and the values that count."""

    questionnaire: Questionnaire
    values: Values
    mode: Mode
    language: Language
    paper: bool = False

    def text(self, key: str, question: Question | None = None) -> Text:
        """The words of a key, filled; ``question`` is the one they are shown with."""
        found = self.questionnaire.text(
            key, mode=self.mode, language=self.language, paper=self.paper
        )
        if "{" not in found.value and "}" not in found.value:
            return found
        return Text(self.filled(found, question), found.language)

    def of(self, question: Question, part: str = "text") -> Text:
        """The words of a question's part: text, hint, note, unit, or an option's code."""
        return self.text(f"{question.id}.{part}", question)

    def filled(self, words: Text, question: Question | None = None) -> str:
        """A text with its fills put in."""
        speaker = _Speaker(self, question, locale_of(words.language))
        return speaker.say(words.value)


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Says values in one language, on one line."""

    wording: Wording
    question: Question | None
    locale: Locale

    def say(self, text: str) -> str:
        return "".join(
            self.fill(part) if isinstance(part, Fill) else part for part in pieces(text)
        )

    def fill(self, fill: Fill) -> str:
        line = self.question.line if self.question else ()
        tree = on_line(fill.tree, line, self.wording.questionnaire.ids)
        said = self.tree(tree)
        return (fill.instead or "") if said is None else said

    def tree(self, tree: Tree) -> str | None:
        """What a tree says; None when there is no answer."""
        match tree:
            case Name(name):
                return self.mark(name) or self.shown(name)
            case Call("plural", (number, *forms)):
                return self.plural(self.value(number), forms)
            case Call("list", (Name(name), *more)):
                return self.listed(name, or_="or" in _written(more))
            case Call("money", (amount, *more)):
                return self.money(self.value(amount), amount, _written(more))
            case Call("date", (day,)) | Call("date", (day, Literal())):
                return self.date(self.value(day), *_written(tree.arguments[1:]))
            case Call("selected_label", (Name(name),)):
                return self.shown(name)
            case _:
                return self.plain(self.value(tree))

    def value(self, tree: Tree) -> Result:
        return value_of(tree)(self.wording.values)

    def mark(self, name: str) -> str | None:
        """What {line}, {label} or {row} stands for here."""
        for mark in self.question.marks if self.question else ():
            if mark.name == name:
                if not mark.key:
                    return str(mark.number)
                return self.wording.text(mark.key, self.question).value
        return None

    def shown(self, name: str) -> str | None:
        """The answer to a question in words."""
        value = self.wording.values.get(name, Missing.NOT_ASKED)
        book = self.wording.questionnaire
        question = book.question(name) if name in book.ids else None
        if question is None or isinstance(value, Missing):
            return self.plain(value)
        if isinstance(value, tuple):
            return self.listed(name)
        if isinstance(value, str) and question.name_type.kind is Kind.CODE:
            return self.option(question, value)
        return self.plain(value)

    def option(self, question: Question, code: str) -> str:
        words = self.wording.questionnaire.text(
            f"{question.id}.{code}",
            mode=self.wording.mode,
            language=self.wording.language,
        )
        return words.value or code

    def listed(self, name: str, *, or_: bool = False) -> str | None:
        """Chosen options as a list: a, b and c."""
        value = self.wording.values.get(name)
        book = self.wording.questionnaire
        if not isinstance(value, tuple) or name not in book.ids:
            return None if isinstance(value, Missing | None) else self.shown(name)
        question = book.question(name)
        order = question.codes if question.type.value == "multiple" else value
        words = [self.option(question, code) for code in order if code in value]
        return format_list(words, "or" if or_ else "standard", locale=self.locale)

    def plural(self, value: Result, forms: Sequence[Tree]) -> str | None:
        """The form that goes with a number; forms stand in the order of the language."""
        if not isinstance(value, Decimal) or not forms:
            return None
        rule = self.locale.plural_form
        kinds = [kind for kind in _FEW if kind in rule.tags] + ["other"]
        place = min(kinds.index(rule(value)), len(forms) - 1)
        form = forms[place]
        text = form.value if isinstance(form, Literal) else ""
        return self.say(text) if isinstance(text, str) else None

    def money(self, value: Result, tree: Tree, more: list[str]) -> str | None:
        if not isinstance(value, Decimal):
            return None
        name = tree.id if isinstance(tree, Name) else ""
        book = self.wording.questionnaire
        currency = book.question(name).currency if name in book.ids else ""
        currency = (more or [currency])[0] or "GBP"
        return format_currency(value, currency, locale=self.locale)

    def date(self, value: Result, form: str = "long") -> str | None:
        """A date as far as it is known: 3 March 2026, March 2026, 2026."""
        if not isinstance(value, str):
            return None
        if len(value) == 10:
            form = form if form in {"short", "medium", "long", "full"} else "long"
            return format_date(dt.date.fromisoformat(value), form, locale=self.locale)
        if len(value) == 7:
            first = dt.date.fromisoformat(f"{value}-01")
            return format_date(first, "LLLL y", locale=self.locale)
        return value

    def plain(self, value: Result) -> str | None:
        """A value that is no choice."""
        if isinstance(value, Missing | bool):
            return None
        if isinstance(value, Decimal):
            return format_decimal(value, locale=self.locale)
        if isinstance(value, tuple):
            return format_list(value, locale=self.locale)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", value):
            return self.date(value)
        if re.fullmatch(r"[0-9]{2}:[0-9]{2}", value):
            clock = dt.time.fromisoformat(value)
            return format_time(clock, "short", locale=self.locale)
        return value


def _written(parts: Sequence[Tree]) -> list[str]:
    return [
        part.value
        for part in parts
        if isinstance(part, Literal) and isinstance(part.value, str)
    ]


def locale_of(language: Language) -> Locale:
    """The rules of a language; those of English where none are known. Plain English is
    British here."""
    tag = {"en": "en-GB"}.get(language, language)
    for name in (tag, tag.partition("-")[0], "en-GB"):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def right_to_left(language: Language) -> bool:
    """Whether a language is written from right to left."""
    return locale_of(language).text_direction == "rtl"
